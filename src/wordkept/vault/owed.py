"""Owed: what the live store remembers to finish, so that a crash in between loses nothing.

Wishes are deletions that were decided about records which are not live: they are done, or told, in the separate store
after the act that wrote them down. Beside them stands the edition under which all records' days were computed, and
every edition that was in force here. What is *not* here: doing either (the gate).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from wordkept.vault.access import Cursor
from wordkept.vault.statements import statements
from wordkept.vault.values import FIRST

_SQL: Final = statements("owed.sql")


def wish(cursor: Cursor, subject: str, records: Sequence[str], day: date) -> None:
    """Write down that records of a person, none of them live, are to go as far as they may, as was asked on a day."""
    cursor.execute(_SQL["wish"], {"subject": subject, "records": list(records), "day": day})


def wishes(cursor: Cursor, subjects: Sequence[str]) -> dict[str, dict[str, date]]:
    """The records that people wish gone and that the separate store does not know of, each with its day, by person."""
    found: dict[str, dict[str, date]] = {}
    for subject, record, day in cursor.execute(_SQL["wishes"], {"subjects": list(subjects)}):
        found.setdefault(subject, {})[record] = day
    return found


def wishers(cursor: Cursor, *, after: str = FIRST, most: int = 1000) -> list[str]:
    """A page of the people with a wish, in the order of their identifiers."""
    return [row[0] for row in cursor.execute(_SQL["wishers"], {"after": after, "most": most})]


def granted(cursor: Cursor, subject: str, records: Sequence[str]) -> None:
    """Wishes were done, or told: the separate store knows of them."""
    cursor.execute(_SQL["granted"], {"subject": subject, "records": list(records)})


def stale_of(cursor: Cursor, subjects: Sequence[str]) -> list[str]:
    """Those of some people of whom the separate store must still be told."""
    return [row[0] for row in cursor.execute(_SQL["stale_of"], {"subjects": list(subjects)})]


def projected(cursor: Cursor) -> str | None:
    """The digest of the edition under which all records' days were computed; none if that never happened."""
    row = cursor.execute(_SQL["projected"]).fetchone()
    return str(row[0]) if row else None


def begin_projected(cursor: Cursor, edition: str) -> None:
    """The first records are about to be computed under an edition; nothing happens where there are others."""
    cursor.execute(_SQL["begin_projected"], {"edition": edition})


def set_projected(cursor: Cursor, edition: str) -> None:
    """All records' days were computed under an edition."""
    cursor.execute(_SQL["set_projected"], {"edition": edition})


def obeyed(cursor: Cursor) -> dict[date, str]:
    """Every edition that was in force here: its digest, by its first day."""
    return {day: str(edition) for day, edition in cursor.execute(_SQL["obeyed"])}


def obey(cursor: Cursor, editions: Mapping[date, str], *, anew: bool = False) -> None:
    """Editions, digests by first day, are in force; what is known of a day stays, unless all is said ``anew``."""
    if anew:
        cursor.execute(_SQL["disown"])
    cursor.execute(_SQL["obey"], {"days": list(editions), "editions": list(editions.values())})
