"""The journal of one database session: it numbers the session's statements and appends them in the acting transaction.

Numbers count from 1 without gaps, and a number belongs to a statement only when its transaction committed: after a
rollback it is given out again. So a gap means that something was taken away. A session whose commit has an unknown
outcome is over, and its journal with it. What is *not* here: transactions (the caller's), order (``log``), and the
statements' words.
"""

from __future__ import annotations

import secrets
import struct
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any, Final

from psycopg import Connection, Cursor

from wordkept.evidence.queries import queries
from wordkept.evidence.statement import Header, Statement

ONE_RANGE: Final = 10_000
"""Most statements that one row of ``pending`` stands for, so that the sealer's portions stay even."""
FEW: Final = 200
"""Up to here one command with arrays is quicker than COPY, and fits a pipeline."""
_CHUNK: Final = 500
_COPY_START: Final = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_COPY_END: Final = b"\xff\xff"
_EPOCH: Final = datetime(2000, 1, 1, tzinfo=UTC)
_KEYS: Final = struct.Struct("!hiqiqiq")
_LENGTH: Final = struct.Struct("!i")
_SQL: Final = queries("journal.sql")


class Journal:
    """Numbers and appends the statements of one database session.

    Attributes:
        connection: drawn for the session, 63 bits.
        next: number of the next statement.
    """

    __slots__ = ("_committed", "connection", "next")

    def __init__(self) -> None:
        self.connection = secrets.randbelow(2**63)
        self.next = 1
        self._committed = 1

    def append(self, cursor: Cursor[Any], statements: Sequence[Statement]) -> range:
        """Append statements within the cursor's transaction.

        Up to two hundred take one command for each run of one header, and may stand in a pipeline; more go by COPY.

        Returns:
            Their numbers.
        """
        first = self.next
        if len(statements) <= FEW:
            for query, values in self.commands(statements):
                cursor.execute(query, values, prepare=True)
        else:
            self._copy(cursor, statements)
            self.next += len(statements)
        return range(first, self.next)

    def commands(self, statements: Sequence[Statement]) -> list[tuple[bytes, dict[str, object]]]:
        """What appends up to ``FEW`` statements, for whoever sends it within the transaction; takes their numbers."""
        first = self.next
        self.next += len(statements)
        if len(statements) == 1:
            return [(_SQL["append_one"], self._row(first, statements[0]))]
        return [(_SQL["append_some"], values) for values in self._columns(first, statements)]

    def took(self, count: int) -> None:
        """Note that the database itself appended ``count`` statements from ``next`` on (``evidence_swept``)."""
        self.next += count

    def committed(self) -> None:
        """The transaction committed: its numbers are taken."""
        self._committed = self.next

    def rolled_back(self) -> None:
        """The transaction rolled back: its numbers are given out again."""
        self.next = self._committed

    @contextmanager
    def transaction(self, connection: Connection[Any]) -> Iterator[None]:
        """A transaction of its own on the connection, and its outcome noted."""
        done = False
        try:
            with connection.transaction():
                yield
            done = True
        finally:
            if done:
                self.committed()
            else:
                self.rolled_back()

    def _row(self, number: int, one: Statement) -> dict[str, object]:
        return {
            "connection": self.connection,
            "number": number,
            "hour": one.header.hour,
            "subject": one.subject,
            "salt": one.salt,
            "digest": one.digest,
            "header": one.header.raw,
            "body": one.body,
            "class": one.header.retained.value,
        }

    def _columns(self, first: int, statements: Sequence[Statement]) -> Iterator[dict[str, object]]:
        for (header, nobody), group in groupby(statements, key=lambda one: (one.header, one.subject is None)):
            alike = list(group)
            yield {
                "connection": self.connection,
                "first": first,
                "last": first + len(alike) - 1,
                "hour": header.hour,
                "class": header.retained.value,
                "header": header.raw,
                "subjects": None if nobody else [one.subject for one in alike],
                "salts": b"".join([one.salt for one in alike]),
                "digests": b"".join([one.digest for one in alike]),
                "bodies": [one.body for one in alike],
            }
            first += len(alike)

    def _copy(self, cursor: Cursor[Any], statements: Sequence[Statement]) -> None:
        with cursor.copy(_SQL["copy_many"]) as copy:
            copy.write(_COPY_START)
            for at in range(0, len(statements), _CHUNK):
                copy.write(self._packed(self.next + at, statements[at : at + _CHUNK]))
            copy.write(_COPY_END)
        ranges, first = [], self.next
        for (retained, hour), group in groupby(statements, key=lambda one: (one.header.retained, one.header.hour)):
            end = first + sum(1 for _ in group)
            for start in range(first, end, ONE_RANGE):
                last = min(start + ONE_RANGE, end) - 1
                row = {"first": start, "last": last, "hour": hour, "class": retained.value}
                ranges.append({"connection": self.connection, **row})
            first = end
        cursor.executemany(_SQL["pend"], ranges)

    def _packed(self, first: int, statements: Sequence[Statement]) -> bytes:
        """Rows as COPY reads them in its binary form, in the order of ``copy_many``."""
        parts: list[bytes] = []
        keys, connection = _KEYS.pack, self.connection
        tops: dict[Header, tuple[int, bytes, bytes]] = {}
        length = _LENGTH.pack
        for number, one in enumerate(statements, first):
            top = tops.get(one.header)
            if top is None:
                top = tops[one.header] = _packed_header(one.header)
            hour, header, retained = top
            who = b"\xff\xff\xff\xff" if one.subject is None else b"\0\0\0\x10" + bytes.fromhex(one.subject)
            parts += (
                keys(9, 8, connection, 8, number, 8, hour),
                who,
                b"\0\0\0\x10",
                one.salt,
                b"\0\0\0\x20",
                one.digest,
            )
            parts += (header, length(len(one.body)), one.body, retained)
        return b"".join(parts)


def _packed_header(header: Header) -> tuple[int, bytes, bytes]:
    hour = (header.hour - _EPOCH) // timedelta(microseconds=1)
    retained = header.retained.value.encode()
    return hour, _LENGTH.pack(len(header.raw)) + header.raw, _LENGTH.pack(len(retained)) + retained
