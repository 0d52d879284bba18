"""Findings about endings: holds that end without anything being done, and holds that cannot end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from wordkept.language import say
from wordkept.policy.checks.codes import found
from wordkept.policy.finding import Finding
from wordkept.policy.model import Deed, Edition
from wordkept.record.facts import Record
from wordkept.terms import Act, State

_DAY: Final = date(2020, 1, 2)
_OVER: Final = _DAY - timedelta(days=1)
_NEEDS: Final = (
    (State.LIVE, _OVER, Deed.DESTROY, say("destroys what no clause holds any longer")),
    (State.LIVE, None, Deed.SEPARATE, say("takes what is only kept out of use")),
    (State.SEPARATED, _OVER, Deed.DESTROY, say("destroys what was kept apart when its time is over")),
)
_KEEPING: Final = frozenset({"retention.after-service", "retention.during-dispute", "retention.by-law"})
"""Rules that keep what is not used any more."""
_APART: Final = "destruction.separated-is-not-used"


def done_at_the_end(edition: Edition) -> Iterator[Finding]:
    """WK109: holds end, and no rule says what is done then, or bars use of what is only kept."""
    if not edition.holders:
        return
    keeps = any(one.rule.name in _KEEPING for one in edition.holders)
    needs = _NEEDS if keeps else _NEEDS[:1]
    missing = [what for state, keep, deed, what in needs if deed not in _deeds(edition, state, keep)]
    if keeps and not any(one.rule.name == _APART for one in edition.guards.get((Act.USE, None), ())):
        missing.append(say("bars use of what is only kept"))
    if missing:
        yield found("WK109", edition, None, say("no rule {missing}", missing=tuple(missing)))


def _deeds(edition: Edition, state: State, keep: date | None) -> set[Deed | None]:
    """What the policy owes a record whose use is over, and whose keeping may be."""
    record = Record(
        id="", item="", purpose="", on=_OVER, after=0, edition=_OVER, state=state, use_until=_OVER, keep_until=keep
    )
    return {one.rule.owes(one.params, record, _DAY) for one in edition.owers if one.rule.owes}


def can_end(edition: Edition) -> Iterator[Finding]:
    """WK110: a hold to the end of a span that no event ever ends."""
    for binding in edition.holders:
        named = [getattr(binding.params, name, None) for name in ("service", "dispute", "used_while")]
        named += [str(getattr(binding.params, "from_", "")).removesuffix(".ended")]
        for name in dict.fromkeys(named):
            kind = edition.spans.get(name or "")
            if kind is not None and kind.closes is None:
                yield found("WK110", edition, binding.clause, say("no event ends {span}", span=kind.name), binding.line)
