"""Given: the ledger of what partners hold of people, and the outbox of orders to them, in the live store.

Each function takes a cursor inside the caller's transaction and decides nothing. What is *not* here: who is given what
and ordered what (``partners``), and sending (``orders``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any, Final

import msgspec

from wordkept.record import Given, Order
from wordkept.terms import Answer, OrderKind
from wordkept.vault.access import Cursor
from wordkept.vault.arrays import Identifiers
from wordkept.vault.flight import Command, Session
from wordkept.vault.statements import statements
from wordkept.vault.values import FIRST

_SQL: Final = statements("given.sql")


class Open(msgspec.Struct, frozen=True):
    """An order that is not settled.

    Attributes:
        order: what was ordered.
        subject: the person, by the pseudonym that only this installation knows.
        tries: how often it was sent, or begun to be.
        next_try: not before.
        told_at: when the partner was first known to have it.
        answer: the last one, which did not settle it.
    """

    order: Order
    subject: str
    tries: int
    next_try: datetime
    told_at: datetime | None
    answer: Answer | None

    def late(self, day: date) -> bool:
        """Whether it should have been told, or answered, before a day."""
        untold = self.told_at is None and self.order.tell_by < day
        return untold or (self.order.answer_by is not None and self.order.answer_by < day)


def given_of(session: Session, subjects: Sequence[str]) -> dict[str, list[Given]]:
    """What partners hold, or held, of people."""
    (rows,) = session.ask(Command(_SQL["given_of"], {"subjects": Identifiers(subjects)}))
    found: dict[str, list[Given]] = {}
    for row in rows:
        found.setdefault(row[0], []).append(_given(row))
    return found


def commands(subject: str, kept: Iterable[Given], ordered: Iterable[Order], now: datetime) -> Iterator[Command]:
    """The statements that write down what partners now hold of one person, and what they were ordered."""
    new = False
    for one in kept:
        new = True
        yield Command(_SQL["keep"], {"subject": subject, **msgspec.structs.asdict(one)})
    if new:
        yield Command(_SQL["share"], {"subject": subject})
    for order in ordered:
        values = {**msgspec.structs.asdict(order), "records": Identifiers(order.records)}
        yield Command(_SQL["order"], {"subject": subject, "next_try": now, **values})


def over(cursor: Cursor, day: date, *, after: str = FIRST, most: int = 1000) -> list[str]:
    """A page of the people of whom a partner holds something whose time is over by a day."""
    return [row[0] for row in cursor.execute(_SQL["over"], {"day": day, "after": after, "most": most})]


def held_by(cursor: Cursor, parties: Collection[str], *, after: str = FIRST, most: int = 1000) -> list[str]:
    """A page of the people of whom some processors hold something."""
    asked = {"parties": list(parties), "after": after, "most": most}
    return [row[0] for row in cursor.execute(_SQL["held_by"], asked)]


def open_orders(cursor: Cursor, subject: str | None = None) -> list[Open]:
    """Every order that is not settled, of one person or of all, oldest first."""
    return [_open(row) for row in cursor.execute(_SQL["open_orders"], {"subject": subject})]


def waiting(cursor: Cursor, parties: Sequence[str], now: datetime, *, most: int) -> list[Open]:
    """Orders to some partners that may be sent now."""
    asked = {"parties": list(parties), "now": now, "most": most}
    return [_open(row) for row in cursor.execute(_SQL["waiting"], asked)]


def claim(cursor: Cursor, one: Open, now: datetime, until: datetime) -> int | None:
    """Take an order until an instant; returns which try this is, none if somebody else has it."""
    row = cursor.execute(_SQL["claim"], {**_key(one), "now": now, "until": until}).fetchone()
    return int(row[0]) if row else None


def told(cursor: Cursor, one: Open, now: datetime) -> bool:
    """The partner has the order; returns whether that is news."""
    return cursor.execute(_SQL["told"], {**_key(one), "now": now}).fetchone() is not None


def later(cursor: Cursor, one: Open, at: datetime) -> None:
    """Try an order again, not before an instant."""
    cursor.execute(_SQL["later"], {**_key(one), "at": at})


def answered(cursor: Cursor, one: Open, answer: Answer, day: date, now: datetime, *, excused: bool) -> bool:
    """Write an answer down, and what is known to be gone by it; returns whether it is news.

    Args:
        cursor: in the caller's transaction.
        one: the order.
        answer: of the partner.
        day: the day of it.
        now: the instant.
        excused: the order has no last day any more.
    """
    settled = answer is not Answer.CANNOT
    asked = {**_key(one), "answer": answer.value, "settled": settled, "now": now, "excused": excused}
    if cursor.execute(_SQL["answered"], asked).fetchone() is None:
        return False
    order = one.order
    if settled and order.kind in {OrderKind.ERASE, OrderKind.RETURN}:
        gone = {"to": order.to, "entrusted": order.entrusted, "records": list(order.records), "day": day}
        cursor.execute(_SQL["ended"], {"subject": one.subject, **gone})
    return True


def _key(one: Open) -> dict[str, object]:
    return {"subject": one.subject, "id": one.order.id}


def _given(row: Sequence[Any]) -> Given:
    return Given(
        to=row[1], entrusted=row[2], record=row[3], item=row[4], version=row[5], since=row[6], on=row[7], after=row[8],
        clauses=tuple(row[9]), matter=row[10], purpose=row[11], reason=row[12], alias=row[13], use_until=row[14],
        keep_until=row[15], last=OrderKind(row[16]) if row[16] else None, ended_on=row[17],
    )  # fmt: skip


def _open(row: Sequence[Any]) -> Open:
    order = Order(
        id=row[0], to=row[1], entrusted=row[2], alias=row[3], kind=OrderKind(row[4]), items=tuple(row[5]),
        records=tuple(row[6]), clauses=tuple(row[7]), on=row[8], tell_by=row[9], answer_by=row[10],
    )  # fmt: skip
    return Open(order, row[11], row[12], row[13], row[14], Answer(row[15]) if row[15] else None)
