"""Binary: fields and rows of PostgreSQL's binary COPY, for many rows at once.

Every field is its length (4 bytes, big-endian; -1 for null) and its bytes. What is *not* here: which columns there are
(``values``).
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Final

from wordkept.vault.access import Cursor

START: Final = b"PGCOPY\n\xff\r\n\0" + bytes(8)
END: Final = b"\xff\xff"
NULL: Final = b"\xff\xff\xff\xff"
_INT4 = struct.Struct("!ii")
_INT8 = struct.Struct("!iq")
_LENGTH_16 = (16).to_bytes(4)
_DAY_ZERO = date(2000, 1, 1).toordinal()
_INSTANT_ZERO = datetime(2000, 1, 1, tzinfo=UTC)
_TRUE, _FALSE = b"\0\0\0\x01\x01", b"\0\0\0\x01\x00"


def identifier(digits: str) -> bytes:
    """A uuid from 32 hex digits."""
    return _LENGTH_16 + bytes.fromhex(digits)


@lru_cache(maxsize=4096)
def text(value: str | None) -> bytes:
    """A text; kept, because few differ."""
    if value is None:
        return NULL
    raw = value.encode()
    return len(raw).to_bytes(4) + raw


def blob(value: bytes) -> bytes:
    """A bytea."""
    return len(value).to_bytes(4) + value


@lru_cache(maxsize=8192)
def day(value: date | None) -> bytes:
    """A date."""
    return NULL if value is None else _INT4.pack(4, value.toordinal() - _DAY_ZERO)


def instant(value: datetime) -> bytes:
    """A timestamptz."""
    gap = value - _INSTANT_ZERO
    return _INT8.pack(8, (gap.days * 86400 + gap.seconds) * 1_000_000 + gap.microseconds)


@lru_cache(maxsize=4096)
def integer(value: int) -> bytes:
    """An integer of 4 bytes."""
    return _INT4.pack(4, value)


def bigint(value: int) -> bytes:
    """An integer of 8 bytes."""
    return _INT8.pack(8, value)


def boolean(*, value: bool) -> bytes:
    """A boolean."""
    return _TRUE if value else _FALSE


def row(*fields: bytes) -> bytes:
    """A row of fields."""
    return len(fields).to_bytes(2) + b"".join(fields)


def copy(cursor: Cursor, statement: bytes, rows: Iterable[bytes]) -> None:
    """Send rows to a ``COPY … FROM STDIN (FORMAT binary)``."""
    with cursor.copy(statement) as stream:
        stream.write(START + b"".join(rows) + END)
