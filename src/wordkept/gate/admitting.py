"""Admitting: whether what a caller hands in has the form that it must have, before anything is asked of a store.

What a refusal says names the part, never what was in it. What is *not* here: values (their item's type says what fits)
and whether the act is allowed.
"""

from __future__ import annotations

import re
from typing import Final

from wordkept.gate.asking import Asked, Happening
from wordkept.terms import ValueRejectedError

_IDENTIFIER: Final = re.compile(r"[0-9a-f]{32}")
_LONGEST: Final = 200


def asked(one: Asked) -> None:
    """Whether a request may come in.

    Raises:
        ValueRejectedError: an identifier is none, or a name is no short line of printable characters.
    """
    identifier(one.subject, "subject")
    identifier(one.request_id, "request id")
    ask = one.ask
    if not ask.items:
        raise ValueRejectedError("items: at least one")
    for what in ("purpose", "to", "matter", "method", "source", "statute", "reason", "legal_request"):
        _plain(getattr(ask, what), what)
    for name in ask.items:
        _plain(name, "item")


def happening(one: Happening) -> None:
    """Whether an event may come in.

    Raises:
        ValueRejectedError: as ``asked``.
    """
    identifier(one.subject, "subject")
    identifier(one.request_id, "request id")
    _plain(one.kind, "event")
    _plain(one.matter, "matter")
    _plain(one.to, "consent")


def identifier(given: str | None, what: str) -> None:
    """Whether something is 32 hex digits, if it is there at all.

    Raises:
        ValueRejectedError: it is not.
    """
    if given is not None and not _IDENTIFIER.fullmatch(given):
        raise ValueRejectedError(f"{what}: 32 hex digits")


def _plain(given: str | None, what: str) -> None:
    if given is not None and (not 0 < len(given) <= _LONGEST or not given.isprintable()):
        raise ValueRejectedError(f"{what}: 1 to {_LONGEST} printable characters")
