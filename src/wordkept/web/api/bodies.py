"""Bodies: what a program sends, read with a bound on its size and its time, and decoded into a message.

What is said of a message that does not fit names the place in it, never what stood there. What is *not* here: what the
messages are (``messages``).
"""

from __future__ import annotations

import asyncio
from typing import Final, TypeVar

import msgspec
from starlette.requests import Request

from wordkept.web.api.answers import Problem
from wordkept.web.api.problems import problem

Kind = TypeVar("Kind")
LARGEST: Final = 16 * 1024 * 1024
"""Bytes of a body: the largest file that a policy here allows, in base64, and some more."""
SLOWEST: Final = 20.0
"""Seconds in which a body must be here."""
_SAFE: Final = ("Expected ", "Object missing ", "JSON is malformed", "Input data was truncated")
"""Beginnings of msgspec's sentences that hold nothing of what was sent."""


class TurnedAwayError(Exception):
    """A request goes no further; it has its problem."""

    def __init__(self, found: Problem) -> None:
        super().__init__(found.title)
        self.problem = found


async def body(request: Request) -> bytes:
    """The body of a request.

    Raises:
        TurnedAwayError: it is no plain JSON, or too large, or too slow.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise TurnedAwayError(problem("not-json", "content-type: application/json"))
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise TurnedAwayError(problem("not-json", "content-encoding: none"))
    announced = request.headers.get("content-length", "0")
    if not announced.isdecimal() or int(announced[:20]) > LARGEST:
        raise TurnedAwayError(problem("too-large", f"at most {LARGEST} bytes"))
    try:
        async with asyncio.timeout(SLOWEST):
            return await _read(request)
    except TimeoutError:
        raise TurnedAwayError(problem("too-slow", f"within {SLOWEST:.0f} seconds")) from None


async def _read(request: Request) -> bytes:
    read = bytearray()
    async for chunk in request.stream():
        read += chunk
        if len(read) > LARGEST:
            raise TurnedAwayError(problem("too-large", f"at most {LARGEST} bytes"))
    return bytes(read)


def decoded(raw: bytes, decoder: msgspec.json.Decoder[Kind]) -> Kind:
    """The message in a body.

    Raises:
        TurnedAwayError: it does not have its form.
    """
    try:
        return decoder.decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise TurnedAwayError(problem("malformed", _said(str(error)))) from None


def _said(message: str) -> str:
    if message.startswith(_SAFE):
        return message
    _, at, place = message.partition(" - at ")
    return f"a name or a word that is not on the list, or no JSON in UTF-8{at}{place}"
