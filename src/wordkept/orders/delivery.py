"""Delivery: sending what waits, once each, and writing down what came of it.

An order is taken for a while before it is sent, so that a kill in between only delays it; it is sent again under the
same id until it is settled. ``now`` is passed in: how long to wait follows from how often it was tried. The values of a
correction are read when it is sent (``values``). What is *not* here: HTTP (``sending``), clocks, schedules.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final, Literal

import msgspec

from wordkept.gate import Gate, Open, Outbox
from wordkept.orders.message import FORMAT, SIGNATURE, Message, read_reply, signed
from wordkept.orders.sending import Address, Send
from wordkept.orders.values import values
from wordkept.record import Actor, Order
from wordkept.terms import Answer, OrderKind, Role, UnavailableError

LEASE: Final = timedelta(minutes=2)
"""How long an order is taken for; longer than sending can last."""
FIRST_WAIT: Final = timedelta(minutes=1)
LONGEST_WAIT: Final = timedelta(hours=6)
CANNOT_WAIT: Final = timedelta(days=7)
"""After how long a partner that cannot is asked again."""
_PAGE: Final = 100
_OK: Final = 200
_ACCEPTED: Final = 202


class Delivered(msgspec.Struct, frozen=True):
    """What came of one round: orders settled, told and not answered, refused for now, and not delivered."""

    settled: int = 0
    told: int = 0
    cannot: int = 0
    failed: int = 0


class _DownError(Exception):
    """A partner does not answer at all."""


class Courier:
    """Sends the orders of one installation.

    Args:
        gate: reads the values of corrections.
        outbox: of the same installation.
        addresses: by partner; orders to others wait.
        key: signs, 32 bytes.
        send: the way there.
    """

    def __init__(self, gate: Gate, outbox: Outbox, addresses: Mapping[str, Address], key: bytes, send: Send) -> None:
        self.gate, self.outbox, self.addresses, self._key, self._send = gate, outbox, addresses, key, send

    def deliver(self, now: datetime) -> Delivered:
        """Send everything that may be sent now; what fails is tried again later, by another call.

        Raises:
            UnavailableError: a store is down; what was not written down is sent again, under the same ids.
        """
        counts, up = Counter[str](), set(self.addresses)
        while page := self.outbox.waiting(sorted(up), now, most=_PAGE):
            for one in page:
                tries = self.outbox.claim(one, now, now + LEASE) if one.order.to in up else None
                if tries is None:
                    continue
                try:
                    counts[self._deliver(one, tries, now)] += 1
                except _DownError:
                    up.discard(one.order.to)  # whatever else waits for it is not tried in this round
                    counts["failed"] += 1
        return Delivered(**counts)

    def _deliver(self, one: Open, tries: int, now: datetime) -> str:
        body, signature = signed(self._message(one, now), self._key)
        headers = {"Content-Type": "application/json", SIGNATURE: signature}
        try:
            replied = self._send(self.addresses[one.order.to], body, headers)
        except UnavailableError as error:
            self._again(one, now, wait(tries), told=False)
            raise _DownError from error
        reply = read_reply(replied.body, one.order.id) if replied.status in {_OK, _ACCEPTED} else None
        if reply is None:
            return self._again(one, now, wait(tries), told=False)
        if reply.answer is None:
            return self._again(one, now, wait(tries), told=True)
        by = Actor(Role.PROCESSOR if one.order.entrusted else Role.RECIPIENT, name=one.order.to)
        self.outbox.answered(one, reply.answer, now, by, reply.law)
        if reply.answer is Answer.CANNOT:
            self.outbox.later(one, now + CANNOT_WAIT, now, told=True)
            return "cannot"
        return "settled"

    def _again(self, one: Open, now: datetime, after: timedelta, *, told: bool) -> str:
        self.outbox.later(one, now + after, now, told=told)
        return "told" if told else "failed"

    def _message(self, one: Open, now: datetime) -> Message:
        order = one.order
        return Message(
            format=FORMAT,
            order=order.id,
            to=order.to,
            role=self._role(order, now),
            subject=order.alias,
            kind=order.kind,
            items=order.items,
            sent=now,
            values=values(self.gate, self.outbox, one, now) if order.kind is OrderKind.CORRECT else {},
            answer_by=str(order.answer_by) if order.answer_by else None,
        )

    def _role(self, order: Order, now: datetime) -> Literal["recipient", "processor", "store"]:
        edition = self.gate.policy.on(self.gate.day(now))
        if not order.entrusted:
            return "recipient"
        return "store" if edition is not None and order.to in edition.stores else "processor"


def wait(tries: int) -> timedelta:
    """How long to wait after so many tries: a minute, doubled each time, six hours at most."""
    return min(FIRST_WAIT * (1 << min(tries - 1, 20)), LONGEST_WAIT)
