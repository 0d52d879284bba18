"""Arrays: many identifiers or byte strings as one packed parameter; identifiers are 32 hex digits here, ``uuid`` there.

The driver's own way writes an array element by element as text. What is *not* here: making identifiers, and the
connections that read and write them this way (``access``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from psycopg.abc import AdaptContext, Buffer
from psycopg.adapt import Dumper, Loader
from psycopg.pq import Format

_UUID: Final = 2950
_UUID_ARRAY: Final = 2951
_BYTEA: Final = 17
_BYTEA_ARRAY: Final = 1001
_TEXT: Final = 25
_TEXT_ARRAY: Final = 1009
_EACH: Final = (16).to_bytes(4).hex()


class Identifiers(tuple[str, ...]):
    """Identifiers that go to the database as one ``uuid[]``."""

    __slots__ = ()


class Blobs(tuple[bytes, ...]):
    """Byte strings that go to the database as one ``bytea[]``."""

    __slots__ = ()


def adapt(context: AdaptContext) -> None:
    """Read and write identifiers and arrays this way from now on."""
    if context.adapters is not None:
        context.adapters.register_loader("uuid", _HexLoader)
        context.adapters.register_loader("uuid", _HexTextLoader)
        context.adapters.register_dumper(Identifiers, _IdentifiersDumper)
        context.adapters.register_dumper(Blobs, _BlobsDumper)
        # By the server's type alone, for statements that know it (``flight``).
        for dumper in (_HexDumper, _BytesDumper, _TextsDumper):
            context.adapters.register_dumper(None, dumper)


class _HexLoader(Loader):
    format = Format.BINARY

    def load(self, data: Buffer) -> str:
        return bytes(data).hex()


class _HexTextLoader(Loader):
    format = Format.TEXT

    def load(self, data: Buffer) -> str:
        return bytes(data).replace(b"-", b"").decode()


class _HexDumper(Dumper):
    format = Format.BINARY
    oid = _UUID

    def dump(self, obj: str) -> Buffer:
        return bytes.fromhex(obj)


class _BytesDumper(Dumper):
    format = Format.BINARY
    oid = _BYTEA

    def dump(self, obj: bytes) -> Buffer:
        return obj


class _TextsDumper(Dumper):
    format = Format.BINARY
    oid = _TEXT_ARRAY

    def dump(self, obj: Iterable[str]) -> Buffer:
        return _array(_TEXT, [one.encode() for one in obj])


class _IdentifiersDumper(Dumper):
    format = Format.BINARY
    oid = _UUID_ARRAY

    def dump(self, obj: Identifiers) -> Buffer:
        return _packed(_UUID, len(obj), bytes.fromhex(_EACH.join(("", *obj))))


class _BlobsDumper(Dumper):
    format = Format.BINARY
    oid = _BYTEA_ARRAY

    def dump(self, obj: Blobs) -> Buffer:
        return _array(_BYTEA, obj)


def _array(element: int, values: Sequence[bytes]) -> bytes:
    return _packed(element, len(values), b"".join([part for one in values for part in (len(one).to_bytes(4), one)]))


def _packed(element: int, length: int, elements: bytes) -> bytes:
    """PostgreSQL's binary array: one dimension, no nulls, each element with its length before it."""
    if not length:
        return bytes(8) + element.to_bytes(4)
    head = (1).to_bytes(4) + bytes(4) + element.to_bytes(4) + length.to_bytes(4) + (1).to_bytes(4)
    return head + elements
