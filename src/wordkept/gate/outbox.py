"""Outbox: what partners hold and were ordered, who has an order to send, and what they answered.

Beside ``gate.Gate``, on connections of its own; one outbox belongs to one thread. A value is not here: an order that
needs one reads it through the gate when it is sent. What is *not* here: sending (``orders``).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from wordkept import partners
from wordkept.gate import admitting, telling
from wordkept.gate.attached import Attached
from wordkept.record import Actor, Given
from wordkept.terms import Answer, UnavailableError
from wordkept.vault import given
from wordkept.vault.given import Open
from wordkept.vault.points import reached


class Outbox(Attached):
    """The orders of one installation; a context manager."""

    def held(self, subject: str) -> list[Given]:
        """The ledger of one person: what partners hold, or held."""
        admitting.identifier(subject, "subject")
        with self._stores.guarded(), self._stores.transaction() as session:
            return given.given_of(session, [subject]).get(subject, [])

    def open(self, subject: str | None = None) -> list[Open]:
        """Every order that is not settled, of one person or of all, oldest first."""
        admitting.identifier(subject, "subject")
        with self._stores.guarded(), self._stores.transaction() as session:
            return given.open_orders(session, subject)

    def waiting(self, parties: Sequence[str], now: datetime, *, most: int) -> list[Open]:
        """Orders to some partners that may be sent now, of one person in the order in which they were ordered."""
        with self._stores.guarded(), self._stores.transaction() as session:
            return given.waiting(session, parties, now, most=most)

    def claim(self, one: Open, now: datetime, until: datetime) -> int | None:
        """Take an order until an instant; returns which try this is, none if somebody else has it."""
        with self._stores.guarded(), self._stores.transaction() as session:
            tries = given.claim(session, one, now, until)
        reached("order.claimed")
        return tries

    def later(self, one: Open, at: datetime, now: datetime, *, told: bool) -> None:
        """Ask again, not before an instant; ``told``: the partner has the order and has not answered."""
        with self._stores.guarded(), self._stores.transaction() as session:
            given.later(session, one, at)
            if told and given.told(session, one, now):
                self._stores.tell([telling.told(now, self.policy, one.subject, one.order, self.day(now))])

    def answered(self, one: Open, answer: Answer, now: datetime, by: Actor, law: str | None = None) -> bool:
        """Write a partner's answer down.

        Args:
            one: the order.
            answer: what it said.
            now: when.
            by: the partner, or who took it down.
            law: of one that cannot, the statute by which it keeps what it has; believed where a clause lets it.

        Returns:
            Whether it is news.

        Raises:
            UnavailableError: the store is down.
        """
        day = self.day(now)
        edition = self.policy.on(day)
        excuse = None
        if answer is Answer.CANNOT and law is not None and edition is not None:
            excuse = partners.excused(edition, one.order.kind, law, day)
        with self._stores.guarded(), self._stores.transaction() as session:
            news = given.answered(session, one, answer, day, now, excused=excuse is not None)
            if news:
                order = msgspec.structs.replace(one.order, clauses=(excuse,)) if excuse else one.order
                said = telling.answered(now, self.policy, one.subject, order, answer, day, by)
                self._stores.tell([said])
            reached("order.answered")
        return news

    def find(self, order: str) -> Open:
        """An open order by its id.

        Raises:
            UnavailableError: there is no such open order.
        """
        found = next((one for one in self.open() if one.order.id == order), None)
        if found is None:
            raise UnavailableError("no open order has that id")
        return found
