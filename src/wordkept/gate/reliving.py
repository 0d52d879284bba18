"""Reliving: what somebody lived through before they came here, played on its true days. Pure.

Each collection is decided as it would have been on its day, by the edition of that day, or the first where it is older
than all: what was not allowed then does not come in now. Of a consent nobody can show here what text it was to: it is
*unproved*, an event without an edition. What is *not* here: writing it down (``importing``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta

import msgspec

from wordkept.decision import Decision, decide
from wordkept.gate import admitting
from wordkept.gate.asking import Asked, Happening
from wordkept.gate.deciding import on_day
from wordkept.person import Person
from wordkept.policy.model import Deed
from wordkept.record import CONSENT, NEVER, Event, ImpossibleEventError, Record
from wordkept.terms import Effect, State


class Past(msgspec.Struct, frozen=True):
    """One thing of a past: the day on which it was, and what it was."""

    on: date
    what: Asked | Happening


class Relived(msgspec.Struct, frozen=True):
    """What became of it.

    Attributes:
        past: what was played.
        event: that it wrote down, or brought.
        decision: about a collection.
        made: ids of the records that a collection made.
        impossible: why it cannot have happened.
    """

    past: Past
    event: Event | None = None
    decision: Decision | None = None
    made: tuple[str, ...] = ()
    impossible: str = ""


class Late(msgspec.Struct, frozen=True):
    """What should have been done to a record before today, and the day from which it was due."""

    record: Record
    deed: Deed
    since: date


def relive(person: Person, past: Iterable[Past], today: date, new_id: Callable[[], str]) -> Iterator[Relived]:
    """Play a past, oldest first whatever its order; what is later than today cannot have happened."""
    for one in sorted(past, key=lambda one: one.on):
        if one.on > today:
            yield Relived(one, impossible="its day is yet to come")
        elif isinstance(one.what, Happening):
            yield _happened(person, one, one.what)
        else:
            yield _collected(person, one, one.what, new_id)
    person.project(today)


def late(person: Person, today: date) -> Iterator[Late]:
    """What is overdue of a person whose days are up to date."""
    for record in person.records:
        state = record.state_on(today)
        if record.state is not State.LIVE or state is State.LIVE:
            continue
        gone = state is State.DESTROYED
        last = (record.keep_until if gone else record.use_until) or NEVER
        since = record.on if last == NEVER else last + timedelta(days=1)
        if since < today:
            yield Late(record, Deed.DESTROY if gone else Deed.SEPARATE, since)


def _happened(person: Person, one: Past, what: Happening) -> Relived:
    try:
        admitting.possible(person.policy, one.on, what)
        if what.kind == CONSENT and what.to and what.choice:
            return Relived(one, person.choose(one.on, what.to, what.choice, proved=False))
        return Relived(one, person.happen(one.on, what.kind, what.matter))
    except ImpossibleEventError as error:
        return Relived(one, impossible=str(error))


def _collected(person: Person, one: Past, what: Asked, new_id: Callable[[], str]) -> Relived:
    judged = on_day(what.ask, max(one.on, person.policy.editions[0].effective))
    decision = decide(person.policy, judged, person.facts(judged, frozenset(), frozenset()))
    if decision.effect is Effect.DENY:
        return Relived(one, decision=decision)
    before = {record.id for record in person.records}
    try:
        brought = person.do(on_day(what.ask, one.on), decision, new_id)
    except ImpossibleEventError as error:
        return Relived(one, impossible=str(error))
    made = tuple(record.id for record in person.records if record.id not in before)
    return Relived(one, brought[0] if brought else None, decision, made)
