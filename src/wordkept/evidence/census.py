"""The census: every record has exactly one open statement, and every open statement has its record.

A statement that collected, replaced, corrected or received a record opens a version of it; one that separated or
destroyed it ends it. The census reads this from the very bytes that were hashed, so it cannot disagree with the
log; whether those bytes are the sealed ones is ``verify``'s question. What is *not* here: values, and records' other
columns.
"""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

import msgspec
from psycopg import Connection, DataError
from psycopg.rows import tuple_row

from wordkept.evidence.predicate import CLOSES, OPENS
from wordkept.evidence.queries import queries, reached
from wordkept.terms import BrokenError

_SQL: Final = queries("census.sql")


class Mismatch(msgspec.Struct, frozen=True):
    """A record and its statements that do not fit.

    Attributes:
        subject: pseudonym.
        record: id of the record.
        kind: ``unstated``, ``missing``, ``another-version``, ``closed-but-there``, ``closed-but-never-opened``,
            ``opened-twice`` or ``closed-twice``.
    """

    subject: UUID
    record: UUID
    kind: str


class Census(msgspec.Struct, frozen=True):
    """How many records are there, and those that do not fit their statements."""

    records: int
    mismatches: tuple[Mismatch, ...]

    def require(self) -> None:
        """Raise if something does not fit.

        Raises:
            BrokenError: names the first record and how many more there are.
        """
        if self.mismatches:
            first, more = self.mismatches[0], len(self.mismatches) - 1
            raise BrokenError(f"census: record {first.record} is {first.kind}" + (f", and {more} more" if more else ""))


def census(connection: Connection[Any]) -> Census:
    """Compare the records of this database with its statements, both ways, at one snapshot.

    Args:
        connection: to a database with tables ``record`` and ``statement``, of a role that may read both.

    Raises:
        BrokenError: a body is not JSON at all, so nothing can be counted.
        UnavailableError: the database is down.
    """
    values = {"opens": [one.value for one in OPENS], "closes": [one.value for one in CLOSES]}
    with reached("census"), connection.transaction(), connection.cursor(row_factory=tuple_row) as cursor:
        cursor.execute(_SQL["snapshot"])
        counted = cursor.execute(_SQL["counted"]).fetchone()
        try:
            rows = cursor.execute(_SQL["census"], values).fetchall()
        except DataError:
            raise BrokenError("census: a statement's body cannot be read") from None
    return Census(counted[0] if counted else 0, tuple(Mismatch(*row) for row in rows))
