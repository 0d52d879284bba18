"""Remembering: what is kept of a request under its id, so that asking again is answered and done once.

With the answer goes a digest of what was asked: the same id for something else is a caller's mistake, and is said to be
one. Values have no part in the digest: nothing of them may outlive their record. What is *not* here: where it is kept
(``vault.changes``).
"""

from __future__ import annotations

from hashlib import sha256

import msgspec

from wordkept.decision import Decision
from wordkept.gate.asking import Asked, Happening
from wordkept.terms import Effect, Reason, ValueRejectedError

_ELSE = "request id: used before for something else"


def outcome_bytes(asked: Asked, decision: Decision) -> bytes:
    """What is remembered of an answered request."""
    return msgspec.json.encode((decision.effect, decision.reason, decision.because, _asked(asked)))


def outcome_of(asked: Asked, raw: bytes) -> Decision:
    """The decision that was remembered.

    Raises:
        ValueRejectedError: the request of that id was another one, or no act.
    """
    try:
        effect, reason, because, digest = msgspec.json.decode(raw, type=tuple[Effect, Reason, tuple[str, ...], str])
    except msgspec.ValidationError:
        raise ValueRejectedError(_ELSE) from None
    if digest != _asked(asked):
        raise ValueRejectedError(_ELSE)
    return Decision(effect, reason, because)


def number_bytes(what: Happening, number: int) -> bytes:
    """What is remembered of an event that was written down under a request id."""
    return msgspec.json.encode((number, _happening(what)))


def number_of(what: Happening, raw: bytes) -> int:
    """The number that was remembered.

    Raises:
        ValueRejectedError: the request of that id was another event, or none.
    """
    try:
        number, digest = msgspec.json.decode(raw, type=tuple[int, str])
    except msgspec.ValidationError:
        raise ValueRejectedError(_ELSE) from None
    if digest != _happening(what):
        raise ValueRejectedError(_ELSE)
    return number


def _asked(asked: Asked) -> str:
    """Not the day and not who asks: a retry may come after midnight, and from another worker."""
    ask = asked.ask
    more = (ask.method, ask.source, ask.statute, ask.reason, ask.legal_request)
    return _digest((ask.act, ask.items, ask.purpose, ask.to, ask.matter, *more))


def _happening(what: Happening) -> str:
    shown = (what.shown.digest, what.shown.language, what.shown.channel) if what.shown else ()
    return _digest((what.kind, what.matter, what.to, what.choice, *shown))


def _digest(parts: tuple[object, ...]) -> str:
    return sha256(msgspec.json.encode(parts)).hexdigest()
