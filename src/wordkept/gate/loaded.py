"""Loaded: one person as they were taken out of the stores, beside what is made of them.

What is *not* here: taking and writing back (``desk``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import msgspec

from wordkept.partners import Givens
from wordkept.person import Person
from wordkept.policy.model import Policy
from wordkept.record import Event, History, Record
from wordkept.vault import values


class Loaded:
    """One person on the desk.

    Attributes:
        subject: their pseudonym.
        person: their past and records, as they are moved.
        held: stored records of the live store with their sealed values, by record id.
        apart: records of the separate store, without values, as they are known there.
        away: some records are, or may be, in the separate store.
        there: the person has a row.
        shared: partners hold, or held, something of theirs; ``person`` has it where it was asked for.
        copies: what partners held when they were loaded.
    """

    __slots__ = (
        "apart", "away", "before", "copies", "events", "fresh", "held", "person", "shared", "subject", "there",
    )  # fmt: skip

    def __init__(
        self,
        policy: Policy,
        stored: values.Person | None,
        subject: str,
        apart: Sequence[Record],
        wished: Mapping[str, date],
    ) -> None:
        self.subject = subject
        self.there = stored is not None
        self.away = bool(stored and stored.away)
        self.shared = bool(stored and stored.shared)
        self.held = {one.record.id: one for one in stored.held} if stored else {}
        # What is still on its way is in both stores; the row here is the truth until it is gone.
        self.apart = tuple(one for one in apart if one.id not in self.held)
        known = [*(one.record for one in self.held.values()), *self.apart]
        self.before = {one.id: one for one in known}
        if wished:
            known = [_wished(one, wished.get(one.id)) for one in known]
        self.person = Person(policy, stored.history if stored else History(), known)
        self.copies: Givens = {}
        self.events: list[Event] = []
        self.fresh: dict[str, bytes] = {}

    def catch_up(self, day: date) -> None:
        """Bring what the separate store was not told yet up to date with the past."""
        self.person.project(day)


def _wished(record: Record, day: date | None) -> Record:
    """A record as its person's wish of a day leaves it, none if there is no wish; an earlier one counts."""
    return msgspec.structs.replace(record, released_on=record.released_on or day)
