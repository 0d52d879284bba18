"""What the law wants of a change: which consents again, and how many days of notice.

It is the law of the day on which the later edition takes effect: the statutes that its front matter names and those of
its operator's country, less those that another goes before. Every answer comes from a parameter on file. What is *not*
here: legal advice, and what the policy itself says of a consent (``people``).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final, Literal

import msgspec

from wordkept.law import Laid, Statute, Value, holds
from wordkept.policy.difference.directions import longer
from wordkept.policy.difference.people import consent_to, to_provision
from wordkept.policy.difference.periods import kept
from wordkept.policy.lacking import giving_way
from wordkept.policy.model import Edition

NOTICE: Final = "policy-change.notice"
"""Name of the parameter that says how long before its day a changed policy must be announced."""
COLLECT: Final = "consent.collect.again"
PROVIDE: Final = "consent.provide.again"
"""Names of the parameters that list what, when it changes, wants a consent again."""

CHANGES: Final = ("recipient", "purpose", "items", "period")
"""What of a consent can be seen to change."""


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """Something that a parameter of a statute wants.

    Attributes:
        ref: the parameter.
        reference: the article.
        source: ``memory`` if it must be checked before it is relied on.
        condition: what is unknown of the operator, on which it hangs whether it applies; empty if it does.
    """

    ref: str
    reference: str
    source: Literal["retrieved", "memory"]
    condition: str


class Again(Asked, frozen=True, kw_only=True):
    """A consent that must be asked for again; ``changed`` says what of it: items, period, purpose or recipient."""

    consent: str
    changed: tuple[str, ...]


class Days(Asked, frozen=True, kw_only=True):
    """How long before its day an edition must be announced, a period, and whether it was."""

    period: str
    given: bool


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What the law of a day wants; ``statutes`` are those that were asked."""

    day: date
    statutes: tuple[str, ...]
    again: tuple[Again, ...]
    notice: tuple[Days, ...]


def wanted(before: Edition, after: Edition) -> Wanted:
    """What the law in force when the later edition takes effect wants of the change."""
    statutes = _in_force(after)
    return Wanted(
        day=after.effective,
        statutes=tuple(one.statute for one in statutes),
        again=tuple(_again(before, after, statutes)),
        notice=tuple(_notice(after, statutes)),
    )


def _in_force(edition: Edition) -> tuple[Statute, ...]:
    every = edition.statutes.statutes.values() if edition.statutes else ()
    country, day = edition.operator.country, edition.effective
    own = (one for one in every if one.statute in edition.law or one.statute.partition("/")[0] == country)
    laid = Laid("", tuple(one for one in own if one.in_force(day)), day)
    less = giving_way(edition, laid)
    return tuple(one for one in laid.statutes if one not in less)


def _asking(edition: Edition, statutes: tuple[Statute, ...], name: str) -> Iterator[tuple[Value, dict[str, str]]]:
    """The values of a parameter in these statutes that may apply to the operator, and what is said of each."""
    for statute in statutes:
        for value in statute.parameters.get(name, ()):
            answer = holds(value.applies_if, edition.operator)
            if value.holds_on(edition.effective) and answer.holds is not False:
                said = {"reference": value.reference, "source": value.source, "condition": answer.hangs_on}
                yield value, {"ref": f"{statute.statute}.{name}", **said}


def _again(before: Edition, after: Edition, statutes: tuple[Statute, ...]) -> Iterator[Again]:
    for name, consents in ((COLLECT, _collecting(before, after)), (PROVIDE, _providing(before, after))):
        for value, said in _asking(after, statutes, name):
            for consent, what in consents.items():
                changed = tuple(one for one in value.value if one in what)
                if changed and consent in before.consents:
                    yield Again(consent=consent, changed=changed, **said)  # type: ignore[arg-type]


def _collecting(before: Edition, after: Edition) -> dict[str, set[str]]:
    """By consent: what of the purposes that rest on it is another or more."""
    longer_for = {purpose for one in kept(before, after) if one.way == "widens" for purpose in one.purposes}
    found: dict[str, set[str]] = {}
    for name, one in after.purposes.items():
        if (consent := consent_to(after, one)) is not None:
            old = before.purposes.get(name)
            what = found.setdefault(consent, set())
            what |= {"purpose"} if old is None or old.title != one.title else set()
            what |= {"items"} if set(one.items) - set(old.items if old else ()) else set()
            what |= {"period"} if name in longer_for else set()
    return found


def _providing(before: Edition, after: Edition) -> dict[str, set[str]]:
    """By consent: what of the recipient that it is about is another or more."""
    found: dict[str, set[str]] = {}
    for name, one in after.recipients.items():
        old = before.recipients.get(name)
        if old is not None and (consent := to_provision(after, name)) is not None:
            what = found.setdefault(consent, set())
            what |= {"recipient"} if old.title != one.title else set()
            what |= {"purpose"} if old.purpose != one.purpose else set()
            what |= {"items"} if set(one.items) - set(old.items) else set()
    return found


def _notice(edition: Edition, statutes: tuple[Statute, ...]) -> Iterator[Days]:
    given = f"P{max(0, (edition.effective - edition.announced).days)}D"
    for value, said in _asking(edition, statutes, NOTICE):
        period = str(value.value)
        late = longer(period, given, edition.announced)
        yield Days(period=period, given=not late, **said)  # type: ignore[arg-type]
