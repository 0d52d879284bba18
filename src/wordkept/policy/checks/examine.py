"""All findings of an edition, with what its offices accepted.

What is *not* here: whether wording and rules were affirmed (``affirmed``, which ``review`` adds).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final

import msgspec

from wordkept.language import say
from wordkept.policy.checks import clauses, dates, endings, items, partners, rights, stores, tools, wording
from wordkept.policy.checks.codes import found
from wordkept.policy.declared import Accept
from wordkept.policy.finding import Finding
from wordkept.policy.model import Edition

CHECKS: Final[tuple[Callable[[Edition], Iterable[Finding]], ...]] = (
    dates.announced_first,
    dates.one_trigger,
    dates.stated,
    dates.numbered,
    dates.ends,
    dates.lawful,
    dates.meant,
    endings.done_at_the_end,
    endings.can_end,
    partners.provided,
    items.collected,
    items.needed,
    items.forbidden,
    items.aimed,
    items.used,
    items.filled,
    partners.one_role,
    items.statutory,
    partners.reachable,
    wording.complete,
    wording.closed,
    wording.once,
    clauses.agreeing,
    clauses.owed,
    clauses.one_chapter,
    clauses.one_form,
    dates.one_start,
    items.purposeful,
    items.replayed,
    partners.singled_out,
    partners.bounded,
    tools.declared,
    stores.declared,
    rights.no_harder,
    rights.one_by_one,
    rights.told_on,
    rights.by_birth,
    wording.lawyered,
    wording.measured,
    wording.promising,
)


def examine(edition: Edition, more: Iterable[Finding] = ()) -> tuple[Finding, ...]:
    """Everything found in an edition, by line and code.

    Args:
        edition: compiled.
        more: findings from elsewhere that an office may have accepted too.
    """
    raw = [*more, *(one for check in CHECKS for one in check(edition))]
    every = [*_accepted(edition, raw), *_not_acceptable(edition, raw)]
    return tuple(sorted(every, key=lambda one: (one.line, one.code, one.message)))


def _accepts(edition: Edition) -> Iterator[tuple[str, Accept]]:
    for clause in edition.clauses.values():
        for note in clause.notes:
            if isinstance(note, Accept):
                yield clause.number, note


def _accepted(edition: Edition, raw: Iterable[Finding]) -> Iterator[Finding]:
    agreed = {(number, note.finding) for number, note in _accepts(edition)}
    for one in raw:
        can = one.severity != "error" and (one.clause, one.code) in agreed
        yield msgspec.structs.replace(one, accepted=True) if can else one


def _not_acceptable(edition: Edition, raw: Iterable[Finding]) -> Iterator[Finding]:
    there = {(one.clause, one.code): one.severity for one in raw}
    for number, note in _accepts(edition):
        severity = there.get((number, note.finding))
        if severity == "error":
            yield found(
                "WK602", edition, number, say("{code} is an error; it must be mended, not accepted", code=note.finding)
            )
        elif severity is None:
            yield found("WK603", edition, number, say("{code} is accepted here, but not found", code=note.finding))
