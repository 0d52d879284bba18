"""Layout: how rows of keys and records lie in pages, in write-ahead log records and in what both leave behind.

Nothing here trusts a page's directory: rows are recognised by their own bytes, so that dead, pruned and logged ones
are found as well. In a page and in a log record alike a row's columns stand together, six bytes of its header end two
bytes before them, and a short ``bytea`` has one byte of length. An update may be logged without the columns that did
not change: such a *tail* says no more than what changed. What this proposes is proved by opening it (``opening``) or
by the digest that stands beside it. What is *not* here: rows compressed by PostgreSQL; ours are noise and do not get
smaller.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import Final, NamedTuple

_WRAPPED: Final = 61
_KEY: Final = re.compile(rb"\x7d\x01(?=[\s\S]{60})")  # one byte of length (62 with itself), then the format
_EPOCHS, _INDEXES, _SHARDS, _VALUES, _RECORD_COLUMNS = 2, 3, 5, 6, 22  # columns of each table
_BARE, _WITH_NULLS = 24, 32  # bytes of a row's header, without and with marks for nulls
_value_key = struct.Struct("<16s16si4xqq").unpack_from
_shard_key = struct.Struct("<qqq").unpack_from
_number = struct.Struct("<q").unpack_from
_MOST: Final = 1 << 40  # numbers beyond it are noise

_ROW: Final = re.compile(rb"\x16[\s\S]{3}[\x18\x20]")  # 22 columns, any marks, header's length
_REACH: Final = 1200  # bytes from a record's id to its digest, at most
_SEALED: Final = re.compile(
    rb"\x43(?=([\s\S]{32})(?:([\x25-\xff])\x01|\x01\x12([\s\S]{16})|\x00{0,3}([\s\S]{2}\x00\x00)\x01))"
)  # digest; then the sealed bytes behind one byte of length, as a pointer to chunks, or behind four bytes of length
_pointer = struct.Struct("<iIII").unpack_from
_CHUNK: Final = 1996
_SIZE: Final = 0x3FFFFFFF


class ValueKey(NamedTuple):
    """A wrapped value key, with what it is bound to; ``record`` and ``subject`` are 16 bytes each."""

    record: bytes
    subject: bytes
    version: int
    shard: int
    generation: int
    wrapped: bytes


class Tail(NamedTuple):
    """A wrapped key of which only the number before it is known: a generation or an epoch."""

    number: int
    wrapped: bytes


class Apart(NamedTuple):
    """Where a large sealed value lies in chunks."""

    name: int
    size: int


class Sealed(NamedTuple):
    """A sealed value: its digest, and the bytes themselves or where they lie apart."""

    at: int
    digest: bytes
    held: bytes | Apart


class Keys:
    """Wrapped keys as they were found, each once."""

    def __init__(self) -> None:
        self.epochs: set[tuple[int, bytes]] = set()
        self.indexes: set[tuple[int, bytes, bytes]] = set()
        self.shards: set[tuple[int, int, int, bytes]] = set()
        self.shard_tails: set[Tail] = set()
        self.values: dict[bytes, set[ValueKey]] = {}


def keys(data: bytes, low: int, high: int, found: Keys, wanted: Iterable[bytes] | None) -> None:
    """Collect every wrapped key that begins in a window; value keys of wanted records only, none for all."""
    wanted = None if wanted is None else frozenset(wanted)
    for match in _KEY.finditer(data, low):
        at = match.start()
        if at >= high:
            return
        wrapped = data[at + 1 : at + 1 + _WRAPPED]
        kind = _columns(data, at - 56)
        if at >= 56 and (kind == _VALUES or wanted is None or data[at - 40 : at - 24] in wanted):  # noqa: PLR2004
            subject, record, version, shard, generation = _value_key(data, at - 56)
            if (wanted is None or record in wanted) and version > 0 and 0 < shard < _MOST and 0 < generation < _MOST:
                found.values.setdefault(record, set()).add(
                    ValueKey(record, subject, version, shard, generation, wrapped)
                )
        if kind != _VALUES:
            _other_key(data, at, wrapped, found)


def _other_key(data: bytes, at: int, wrapped: bytes, found: Keys) -> None:
    """A key of a shard, an epoch or an index; where the header is gone, whatever it may be."""
    if at < 24:  # noqa: PLR2004 - three numbers do not fit before it
        return
    shard, generation, number = _shard_key(data, at - 24)
    if not 0 < number < _MOST:
        return
    near, far = _columns(data, at - 8), _columns(data, at - 24)
    if far == _SHARDS or near == 0:
        if 0 < shard < _MOST and 0 < generation < _MOST:
            found.shards.add((shard, generation, number, wrapped))
        if far == _SHARDS:
            return
    if near in (_EPOCHS, 0):
        found.epochs.add((number, wrapped))
    if near == _SHARDS:
        found.shard_tails.add(Tail(number, wrapped))
    search = at + 1 + _WRAPPED
    if near in (_INDEXES, 0) and data[search : search + 2] == b"\x7d\x01":
        found.indexes.add((number, wrapped, data[search + 1 : search + 1 + _WRAPPED]))


def value_tails(data: bytes, low: int, high: int) -> Iterator[Tail]:
    """Wrapped value keys of which only the generation is known."""
    for match in _KEY.finditer(data, low):
        at = match.start()
        if at >= high:
            return
        if _columns(data, at - 8) == _VALUES:
            (number,) = _number(data, at - 8)
            if 0 < number < _MOST:
                yield Tail(number, data[at + 1 : at + 1 + _WRAPPED])


def short(text: str) -> bytes:
    """A short text as it lies in a row."""
    raw = text.encode()
    return bytes([(len(raw) + 1) << 1 | 1]) + raw


def named(data: bytes, low: int, high: int, record: bytes, item: str) -> Iterator[Sealed]:
    """Sealed values of one record: wherever its id stands before its item."""
    needle = record + short(item)
    at = data.find(needle, low, high + len(needle) - 1)
    while at >= 0:
        if found := _sealed_after(data, at + len(needle)):
            yield found
        at = data.find(needle, at + 1, high + len(needle) - 1)


def rows(data: bytes, low: int, high: int) -> Iterator[tuple[bytes, bytes, str, Sealed]]:
    """Every record's row that still has its header: subject, record, item, sealed value."""
    for match in _ROW.finditer(data, low):
        at = match.start()
        if at >= high:
            return
        start = at + 6 + data[at + 4] - _BARE
        size = data[start + 32] if start + 32 < len(data) else 0
        item = data[start + 33 : start + 32 + (size >> 1)]
        if size & 1 and item.isascii() and item[:1].isalpha() and (found := _sealed_after(data, start + 32)):
            yield data[start : start + 16], data[start + 16 : start + 32], item.decode(), found


def orphans(data: bytes, low: int, high: int) -> Iterator[Sealed]:
    """Sealed values that prove themselves by their digest, whosever they are."""
    for match in _SEALED.finditer(data, low):
        if match.start() >= high:
            return
        found = _sealed(data, match)
        if found and isinstance(found.held, bytes):
            yield found


def chunks(data: bytes, low: int, high: int, apart: Apart) -> Iterator[tuple[int, bytes]]:
    """Chunks of a large sealed value: number and bytes. A number of a table is short: what fits is not yet it."""
    name, count = apart.name.to_bytes(4, "little"), -(-apart.size // _CHUNK)
    at = data.find(name, low, high + 3)
    while at >= 0:
        number, header = struct.unpack_from("<II", data, at + 4) if at + 12 <= len(data) else (count, 0)
        size = _CHUNK if number < count - 1 else apart.size - _CHUNK * (count - 1)
        if number < count and header == (size + 4) << 2:
            yield number, data[at + 12 : at + 12 + size]
        at = data.find(name, at + 1, high + 3)


def _columns(data: bytes, start: int) -> int:
    """How many columns the header before ``start`` says, 0 where there is none."""
    if start < 6 or data[start - 2] != _BARE:  # noqa: PLR2004
        return 0
    return (data[start - 5] << 8 | data[start - 6]) & 0x7FF


def _sealed_after(data: bytes, at: int) -> Sealed | None:
    for match in _SEALED.finditer(data, at, min(len(data), at + _REACH + 8192)):
        if match.start() - at > _REACH:
            return None
        if found := _sealed(data, match):
            return found
    return None


def _sealed(data: bytes, match: re.Match[bytes]) -> Sealed | None:
    at, digest = match.start(), match[1]
    if match[3]:
        raw, size, name, _ = _pointer(match[3])
        size &= _SIZE
        return Sealed(at, digest, Apart(name, size)) if raw - 4 == size else None
    if match[2]:
        held = data[at + 34 : at + 33 + (match[2][0] >> 1)]
    else:
        begin = match.end(4)
        held = data[begin : begin - 4 + (int.from_bytes(match[4], "little") >> 2)]
    return Sealed(at, digest, held) if sha256(held).digest() == digest else None
