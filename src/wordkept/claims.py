"""Claims: whether what people ask of right is taken down, by when it is answered, what each turn of it makes. Pure.

The same for stories and for the register of an installation. A turn that no clause permits is denied: a channel that is
not named, a ground that is not listed. What is *not* here: the acts that are asked for (``decision``), and where claims
are stored (``gate.register``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, Final

import msgspec

from wordkept.decision import Decision
from wordkept.person import Person
from wordkept.policy.model import Edition
from wordkept.record import GROUNDED, Asking, Claim, Event, Ground, ImpossibleEventError, Right, Turn, plus
from wordkept.rules.claims import Listed, Suspension, Taken
from wordkept.terms import Act, Effect, Reason, State

UNDONE_NEVER: Final = frozenset({Right.DELETION, Right.DEPARTURE})
"""What cannot be taken back once it is done: its person may have time to think."""


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """A request as it comes in; ``items`` it is about, none for all; ``consents`` that are taken back."""

    asking: Asking
    items: tuple[str, ...] = ()
    consents: tuple[str, ...] = ()


class Heard(msgspec.Struct, frozen=True):
    """What became of a turn: the answer, the claim as it stands, and the events that it brought."""

    decision: Decision
    claim: Claim | None = None
    events: tuple[Event, ...] = ()


def opened(person: Person, wanted: Wanted, day: date, claim_id: str, new_id: Callable[[], str]) -> Heard:
    """Take a request down, if a clause takes it by this channel.

    Args:
        person: whose; moved by what the request brings.
        wanted: what is asked.
        day: when.
        claim_id: 32 hex digits that nobody had before.
        new_id: makes ids of orders to partners.
    """
    edition = person.policy.on(day)
    if edition is None:
        return Heard(Decision(Effect.DENY, Reason.NO_POLICY))
    taken = permitted(edition, wanted.asking, day)
    if not taken:
        return _denied(edition, Reason.NOT_PERMITTED)
    clocks = _clocks(edition, wanted.asking.right, day)
    own, statute = min((one for one, _ in clocks), default=None), min((two for _, two in clocks if two), default=None)
    claim = Claim(
        id=claim_id,
        right=wanted.asking.right,
        channel=wanted.asking.channel,
        on=day,
        clauses=tuple(taken),
        own=own,
        statute=statute,
        act_on=_act_on(edition, wanted.asking.right, taken.values(), day),
        items=wanted.items,
        consents=wanted.consents,
        turned_on=day,
    )
    span = edition.spans[next(iter(taken.values())).request]
    matter = f"{span.name}:{claim_id}"
    try:
        events = [person.happen(day, span.opens, matter)]
    except ImpossibleEventError:
        return _denied(edition, Reason.IMPOSSIBLE)
    if claim.right is Right.SUSPENSION or claim.act_on > day:
        events += _rest(person, edition, matter, day, new_id)
    return Heard(Decision(Effect.ALLOW, Reason.PERMITTED, tuple(taken), edition), claim, tuple(events))


def turned(
    person: Person, claim: Claim, turn: Turn, ground: Ground | None, day: date, new_id: Callable[[], str]
) -> Heard:
    """Make one turn of a claim: postpone, do, refuse, do something else, or let its person take it back.

    A turn that it took last is not taken again.

    Args:
        person: whose; moved by what the turn brings.
        claim: as it stands.
        turn: what becomes of it.
        ground: why, of a turn that needs one.
        day: when.
        new_id: makes ids of orders to partners.
    """
    edition = person.policy.on(day)
    if edition is None:
        return Heard(Decision(Effect.DENY, Reason.NO_POLICY))
    if (claim.turn, claim.ground) == (turn, ground):
        return Heard(Decision(Effect.ALLOW, Reason.PERMITTED, claim.clauses, edition), claim)
    if not _possible(claim, person, turn, ground, day):
        return _denied(edition, Reason.IMPOSSIBLE)
    if turn is Turn.DONE and day < claim.act_on:
        return _denied(edition, Reason.HELD, claim.clauses)
    permits: dict[str, Any] = dict.fromkeys(claim.clauses)
    if turn in GROUNDED:
        permits = permitted(edition, Asking(right=claim.right, channel=claim.channel, turn=turn, ground=ground), day)
        if not permits:
            return _denied(edition, Reason.REASON_REQUIRED if ground is None else Reason.NOT_PERMITTED)
    after = msgspec.structs.replace(claim, turn=turn, turned_on=day, ground=ground)
    if turn is Turn.POSTPONED:
        events = _put_off(person, edition, claim, permits, day)
    else:
        events = _ended(person, edition, after, day, new_id)
    return Heard(Decision(Effect.ALLOW, Reason.PERMITTED, tuple(permits), edition), after, tuple(events))


def matter_of(person: Person, claim: Claim) -> str:
    """Under which matter a claim's events and documents stand."""
    spans = [name for name, known in person.history.spans.items() if any(_is(one.matter, name, claim) for one in known)]
    return f"{spans[0] if spans else 'request'}:{claim.id}"


def rests(person: Person, day: date) -> bool:
    """Whether a person's data is neither used nor handed on, because they want it."""
    edition = person.policy.on(day)
    resting = _resting(edition) if edition else None
    return resting is not None and person.history.is_open(resting)


def _is(matter: str | None, span: str, claim: Claim) -> bool:
    return matter == f"{span}:{claim.id}"


def _denied(edition: Edition, reason: Reason, clauses: tuple[str, ...] = ()) -> Heard:
    return Heard(Decision(Effect.DENY, reason, clauses, edition))


def permitted(edition: Edition, asking: Asking, day: date) -> dict[str, Any]:
    """The clauses that permit a turn, with the parameters of the rule that does."""
    return {
        one.clause: one.params
        for one in edition.hearing
        if one.rule.hears and one.rule.hears(one.params, edition, asking, day)
    }


def _clocks(edition: Edition, right: Right, day: date) -> list[tuple[date, date | None]]:
    found = [one.rule.times(one.params, edition, right, day) for one in edition.hearing if one.rule.times]
    return [(one.own, one.statute) for one in found if one]


def _act_on(edition: Edition, right: Right, taken: Iterable[Taken], day: date) -> date:
    """The first day to do what cannot be undone: at once, unless a clause gives time and the data rests meanwhile."""
    waits = [one.undo for one in taken if one.undo]
    if right not in UNDONE_NEVER or not waits or _resting(edition) is None:
        return day
    return min(plus(day, one) for one in waits)


def _possible(claim: Claim, person: Person, turn: Turn, ground: Ground | None, day: date) -> bool:
    if turn is Turn.OPENED or (ground is not None and turn not in GROUNDED):
        return False
    if not claim.is_open:  # who asked to let their data rest may want it used again
        edition = person.edition(day)
        return turn is Turn.TAKEN_BACK and matter_of(person, claim) in person.open_matters(_resting(edition) or "")
    return turn is not Turn.POSTPONED or not claim.late(day)


def _put_off(person: Person, edition: Edition, claim: Claim, permits: Mapping[str, Any], day: date) -> list[Event]:
    names = [one.postponed for one in permits.values() if isinstance(one, Listed) and one.postponed]
    return [person.happen(day, edition.spans[names[0]].opens, matter_of(person, claim))] if names else []


def _ended(person: Person, edition: Edition, claim: Claim, day: date, new_id: Callable[[], str]) -> list[Event]:
    """The events of a turn that ends a claim: the end of the request, and rest begun or ended with it."""
    matter, resting, events = matter_of(person, claim), _resting(edition), list[Event]()
    span = edition.spans.get(matter.partition(":")[0])
    if span is not None and span.closes and matter in person.open_matters(span.name):
        events.append(person.happen(day, span.closes, matter))
    if claim.ground is Ground.SUSPENDED:
        return events + _rest(person, edition, matter, day, new_id)
    stays = claim.turn is Turn.DONE and claim.right is Right.SUSPENSION
    if resting and not stays and matter in person.open_matters(resting):
        events.append(person.happen(day, edition.spans[resting].closes or "", matter))
        if not person.history.is_open(resting):
            person.order(Act.LIFT, _used(person), day, new_id)
    return events


def _rest(person: Person, edition: Edition, matter: str, day: date, new_id: Callable[[], str]) -> list[Event]:
    """A person's data rests from now on, here and with those who hold copies."""
    resting = _resting(edition)
    if resting is None or matter in person.open_matters(resting):
        return []
    if not person.history.is_open(resting):
        person.order(Act.FREEZE, _used(person), day, new_id)
    return [person.happen(day, edition.spans[resting].opens, matter)]


def _used(person: Person) -> list[str]:
    """Records that nothing else makes rest."""
    return [one.id for one in person.records if one.state is not State.DESTROYED and not one.frozen]


def _resting(edition: Edition) -> str | None:
    """The span in which a person's data rests, if a clause keeps it."""
    for one in edition.guards.get((Act.USE, None), ()):
        if isinstance(one.params, Suspension):
            return one.params.during
    return None
