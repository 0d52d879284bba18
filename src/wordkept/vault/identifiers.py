"""Identifiers: 32 hex digits in Python, ``uuid`` in the database; many of them as one packed parameter.

What is *not* here: making them, and the connections that read and write them this way (``access``).
"""

from __future__ import annotations

from typing import Final

from psycopg.abc import AdaptContext, Buffer
from psycopg.adapt import Dumper, Loader
from psycopg.pq import Format

_UUID: Final = 2950
_UUID_ARRAY: Final = 2951
_EACH: Final = (16).to_bytes(4).hex()


class Identifiers(tuple[str, ...]):
    """Identifiers that go to the database as one ``uuid[]``, packed at once."""

    __slots__ = ()


def adapt(context: AdaptContext) -> None:
    """Read and write identifiers this way from now on."""
    if context.adapters is not None:
        context.adapters.register_loader("uuid", _HexLoader)
        context.adapters.register_loader("uuid", _HexTextLoader)
        context.adapters.register_dumper(Identifiers, _ArrayDumper)


class _HexLoader(Loader):
    format = Format.BINARY

    def load(self, data: Buffer) -> str:
        return bytes(data).hex()


class _HexTextLoader(Loader):
    format = Format.TEXT

    def load(self, data: Buffer) -> str:
        return bytes(data).replace(b"-", b"").decode()


class _ArrayDumper(Dumper):
    """PostgreSQL's binary array: one dimension, no nulls, each element with its length before it."""

    format = Format.BINARY
    oid = _UUID_ARRAY

    def dump(self, obj: Identifiers) -> Buffer:
        if not obj:
            return bytes(8) + _UUID.to_bytes(4)
        head = (1).to_bytes(4) + bytes(4) + _UUID.to_bytes(4) + len(obj).to_bytes(4) + (1).to_bytes(4)
        return head + bytes.fromhex(_EACH.join(("", *obj)))
