"""The sandbox: made-up orders for a partner's software, and what it must say to each.

Its key is everybody's, so that nothing need be set up; no installation signs with it. What is *not* here: real people.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

import msgspec

from wordkept.orders.message import FORMAT, SIGNATURE, Message, public_key, read_reply, signature_of, signed
from wordkept.orders.sending import Address, Replied, Send
from wordkept.terms import Answer, OrderKind, UnavailableError

_SEED: Final = sha256(b"wordkept orders sandbox").digest()
KEY: Final = public_key(_SEED)
"""The sandbox's public key."""
_ITEMS: Final = ("email",)
_SILENT: Final = Replied(0, b"")


class Checked(msgspec.Struct, frozen=True):
    """One thing that was tried, whether it went as it should, and what was seen."""

    what: str
    holds: bool
    seen: str


def tried(address: Address, name: str, now: datetime, send: Send) -> Iterator[Checked]:
    """Send every kind of order, and what is none.

    Args:
        address: of the partner's software.
        name: what the partner calls itself.
        now: with its zone.
        send: the way there.
    """
    for kind in OrderKind:
        yield _answers(f"an order to {kind}", _order(name, kind, now), address, send)
    again = _order(name, OrderKind.FREEZE, now)
    first = _answers("an order", again, address, send)
    second = _answers("the same order again", again, address, send)
    yield msgspec.structs.replace(second, holds=first.holds and second.holds and first.seen == second.seen)
    good = _order(name, OrderKind.ERASE, now)
    body, signature = signed(good, _SEED)
    yield _refuses("a forged order", body, signed(good, os.urandom(32))[1], address, send)
    yield _refuses("an order that was changed on its way", body.replace(b"erase", b"lift"), signature, address, send)
    yield _refuses("an order without a signature", body, "", address, send)
    yield _refuses("no order at all", b"{", signature_of(b"{", _SEED), address, send)
    for what, message in (
        ("an order of an hour ago", _order(name, OrderKind.ERASE, now - timedelta(hours=1))),
        ("an order to somebody else", _order(f"not-{name}", OrderKind.ERASE, now)),
    ):
        yield _refuses(what, *signed(message, _SEED), address, send)


def _order(name: str, kind: OrderKind, now: datetime) -> Message:
    return Message(
        format=FORMAT,
        order=os.urandom(16).hex(),
        to=name,
        role="recipient",
        subject=os.urandom(16).hex(),
        kind=kind,
        items=_ITEMS,
        sent=now,
        values={"email": ("new@example.com",)} if kind is OrderKind.CORRECT else {},
    )


def _answers(what: str, message: Message, address: Address, send: Send) -> Checked:
    replied = _sent(address, *signed(message, _SEED), send)
    reply = read_reply(replied.body, message.order) if replied.status in {200, 202} else None
    said = "no answer" if reply is None else str(reply.answer or "later")
    return Checked(what, reply is not None and reply.answer is not Answer.CANNOT, f"{_seen(replied)}, {said}")


def _refuses(what: str, body: bytes, signature: str, address: Address, send: Send) -> Checked:
    replied = _sent(address, body, signature, send)
    return Checked(what, 400 <= replied.status < 500, _seen(replied))  # noqa: PLR2004 - HTTP's "you are wrong"


def _sent(address: Address, body: bytes, signature: str, send: Send) -> Replied:
    try:
        return send(address, body, {"Content-Type": "application/json", SIGNATURE: signature})
    except UnavailableError:
        return _SILENT


def _seen(replied: Replied) -> str:
    return f"status {replied.status}" if replied.status else "nobody answers"
