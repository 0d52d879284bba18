"""Values: what stands now of the items of a correction, as far as its holder may be given it.

They are read through the gate when they are told, as any provision or entrustment is decided: where the policy says no
by then, the holder hears what is wrong and gets no new value. What is *not* here: telling (``delivery``; the page for
partners without software is a door's).
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final

from wordkept.gate import Asked, Gate, Open, Outbox
from wordkept.record import Actor, Given, Request
from wordkept.terms import Act, Effect, Role

_ACTOR: Final = "orders"
"""As whom the evidence names who reads them."""


def values(gate: Gate, outbox: Outbox, one: Open, now: datetime) -> dict[str, tuple[str, ...]]:
    """The values of a correction by item; an item that is not here is wrong and has no value for its holder.

    Raises:
        UnavailableError: a store is down.
    """
    asks = [_ask(gate, one, copy, now) for copy in _copies(outbox, one)]
    found: dict[str, tuple[str, ...]] = {}
    for asked, outcome in zip(asks, gate.perform_many(asks, now), strict=True):
        if outcome.decision.effect is Effect.ALLOW:
            (item,) = asked.ask.items
            found[item] = (*found.get(item, ()), *_texts(outcome.values.get(item, ())))
    return found


def _copies(outbox: Outbox, one: Open) -> Iterable[Given]:
    order = one.order
    mine = [copy for copy in outbox.held(one.subject) if copy.record in order.records and copy.held]
    theirs = [copy for copy in mine if (copy.to, copy.entrusted) == (order.to, order.entrusted)]
    return {(copy.item, copy.matter): copy for copy in theirs}.values()


def _ask(gate: Gate, one: Open, copy: Given, now: datetime) -> Asked:
    ask = Request(
        act=Act.ENTRUST if copy.entrusted else Act.PROVIDE,
        items=(copy.item,),
        by=Actor(Role.SYSTEM, name=_ACTOR),
        on=gate.day(now),
        purpose=copy.purpose,
        to=copy.to,
        matter=copy.matter,
        reason=copy.reason,
    )
    return Asked(one.subject, ask)


def _texts(found: Iterable[bytes]) -> Iterator[str]:
    """Values as JSON can carry them: text as it is, anything else in Base64."""
    for value in found:
        try:
            yield value.decode()
        except UnicodeDecodeError:
            yield base64.b64encode(value).decode()
