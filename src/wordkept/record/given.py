"""Given: what a partner holds of a person, and what it was ordered to do with it.

Both name items and records, never a value. A partner is a recipient or a processor; one that is both is two holders.
What is *not* here: what follows from them (``partners``), and how they are stored.
"""

from __future__ import annotations

from datetime import date

import msgspec

from wordkept.terms import OrderKind


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """One record that one partner was given, as it was given last.

    Attributes:
        to: the partner.
        entrusted: as a processor, not as a recipient.
        record: id of the record.
        item: its item.
        version: of the value that went.
        matter: of the record.
        purpose: of an entrustment, what for.
        reason: of a provision, ``settlement`` or ``dispute``.
        since: first day on which it went.
        on: last day on which it went.
        after: number of the person's last event before it went last.
        clauses: the clauses that permitted it.
        alias: the person's pseudonym towards this partner, 32 hex digits.
        use_until: last day on which the partner may use it, none is open.
        keep_until: last day on which it may keep it, none is open.
        last: the order that ended its use, or its keeping.
        ended_on: the day on which it was known to be gone there.
        over: of a processor's, its work for the operator is over; not stored, it follows from the operator's events.
    """

    to: str
    entrusted: bool
    record: str
    item: str
    version: int
    since: date
    on: date
    after: int
    clauses: tuple[str, ...]
    matter: str | None = None
    purpose: str | None = None
    reason: str | None = None
    alias: str = ""
    use_until: date | None = None
    keep_until: date | None = None
    last: OrderKind | None = None
    ended_on: date | None = None
    over: bool = False

    @property
    def held(self) -> bool:
        """Whether the partner has it and may go on having it."""
        return self.ended_on is None and self.last in {None, OrderKind.STOP_USE}


class Ordered(msgspec.Struct, frozen=True):
    """What one rule has a partner ordered to do, and the last day to tell it."""

    kind: OrderKind
    tell_by: date


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that one partner must do with some records of one person.

    Attributes:
        id: 32 hex digits, the same however often it is sent.
        to: the partner.
        entrusted: as a processor.
        alias: the person's pseudonym towards this partner.
        kind: what is to be done.
        items: of the records, each once.
        records: ids.
        clauses: why.
        on: the day it was ordered.
        tell_by: last day to tell it.
        answer_by: last day for the answer, none if no clause says one.
    """

    id: str
    to: str
    entrusted: bool
    alias: str
    kind: OrderKind
    items: tuple[str, ...]
    records: tuple[str, ...]
    clauses: tuple[str, ...]
    on: date
    tell_by: date
    answer_by: date | None = None
