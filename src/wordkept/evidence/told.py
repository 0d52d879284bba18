"""What was told: statements read back, of one person or of one class.

They are read as they stand in the database; whether they are what was sealed is ``verify``'s question. What is *not*
here: what follows from them (``explain`` and the state of promises are made above).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final

import msgspec
from psycopg import Connection
from psycopg.rows import tuple_row

from wordkept.evidence.predicate import Retained
from wordkept.evidence.queries import queries, reached
from wordkept.evidence.statement import Body, Header, read_body, read_header

_SQL: Final = queries("told.sql")
_EVER: Final = datetime(1, 1, 1, tzinfo=UTC)


class Told(msgspec.Struct, frozen=True):
    """A statement read back; ``log`` and ``position`` are none until it is sealed."""

    header: Header
    body: Body
    log: int | None
    position: int | None


def told_of(connection: Connection[Any], subject: str) -> list[Told]:
    """All that is said about a person: sealed ones in the log's order, then those that wait.

    Raises:
        BrokenError: a statement cannot be read.
        UnavailableError: the database is down.
    """
    with reached("evidence"), connection.cursor(binary=True, row_factory=tuple_row) as cursor:
        rows = cursor.execute(_SQL["of_subject"], {"subject": subject}).fetchall()
    return [Told(read_header(header), read_body(body), log, position) for header, body, log, position in rows]


def told_as(connection: Connection[Any], retained: Retained, since: datetime = _EVER) -> Iterator[Told]:
    """What is said in one class from an hour on, in the same order; ``system`` holds probes, plans and epochs.

    Args:
        connection: of a role that may read evidence.
        retained: the class.
        since: the first hour.

    Raises:
        BrokenError: a statement cannot be read.
        UnavailableError: the database is down.
    """
    values = {"class": retained.value, "since": since}
    with reached("evidence"), connection.cursor(binary=True, row_factory=tuple_row) as cursor:
        for header, body, log, position in cursor.stream(_SQL["of_class"], values):
            yield Told(read_header(header), read_body(body), log, position)


def open_months(connection: Connection[Any], now: datetime) -> None:
    """Open the partitions of this month and the next; the owner's work, repeated as often as one likes.

    Raises:
        UnavailableError: the database is down.
    """
    with reached("evidence"):
        connection.execute(_SQL["open_months"], {"now": now})
