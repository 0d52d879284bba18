"""Changes: storing, correcting, projecting and destroying in the live store.

Each function takes a cursor inside the caller's transaction, after the person was locked, and writes no evidence but
for ``sweep``, where the database writes it with the deletion. What is *not* here: decisions, and the separate store.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Final, NamedTuple

import psycopg

from wordkept.evidence.batch import Template
from wordkept.evidence.journal import Journal
from wordkept.record.events import Event
from wordkept.record.facts import Record
from wordkept.record.history import History
from wordkept.record.holds import Term
from wordkept.vault import binary, rows
from wordkept.vault.access import Cursor
from wordkept.vault.arrays import Identifiers
from wordkept.vault.blind import BlindIndex
from wordkept.vault.flight import Command, Session
from wordkept.vault.rows import Entry
from wordkept.vault.sealed import SealedValue
from wordkept.vault.statements import statements
from wordkept.vault.swept import swept
from wordkept.vault.values import Held, encode_history, pair_columns

__all__ = [
    "FOREIGN_KEY", "Entry", "Gone", "Projection", "append_events", "correct", "create_people", "destroy",
    "entries_of", "freeze", "insert", "insert_all", "insert_key", "lock_many", "project", "project_many", "remember",
    "save_standing", "sweep", "told", "vanished",
]  # fmt: skip

_SQL: Final = statements("changes.sql")
_NOBODY: Final = encode_history(History())
_FEW: Final = 8
"""Up to so many records go by INSERT, which can be pipelined; more by COPY."""


class Gone(NamedTuple):
    """A record that was destroyed, and the shard generation its key stood under: final once that is gone."""

    record: str
    item: str
    version: int
    digest: bytes
    shard: int
    generation: int


class Projection(NamedTuple):
    """What a person's events make of one record."""

    record: str
    term: Term
    released_on: date | None = None


FOREIGN_KEY: Final = psycopg.errors.ForeignKeyViolation
"""What the database raises when a shard generation vanished, among other things."""


def vanished(error: psycopg.Error) -> bool:
    """Whether a change failed only because a shard generation was replaced under it: ``shed`` and retry, once."""
    return isinstance(error, psycopg.errors.ForeignKeyViolation) and error.diag.table_name == "value_key"


def create_people(cursor: Cursor, subjects: Sequence[str]) -> None:
    """Make people without any event; those who are there already stay as they are."""
    if len(subjects) == 1:
        cursor.execute(_SQL["insert_subject"], {"subject": subjects[0], "standing": _NOBODY})
    else:
        cursor.execute(_SQL["insert_subjects"], {"subjects": Identifiers(subjects), "standing": _NOBODY})


def lock_many(cursor: Cursor, subjects: Iterable[str]) -> dict[str, bool]:
    """Lock people for the rest of the transaction; returns those who are there, and if a partner was given theirs."""
    return {
        row[0]: row[1] for row in cursor.execute(_SQL["lock_many"], {"subjects": Identifiers(subjects)}, binary=True)
    }


def save_standing(cursor: Cursor, standings: Mapping[str, History], *, stale: bool = False) -> None:
    """Store people's folded histories; ``stale`` marks those who have records in the separate store."""
    if len(standings) == 1:
        for subject, history in standings.items():
            asked = {"subject": subject, "seq": history.number, "standing": encode_history(history), "stale": stale}
            cursor.execute(_SQL["save_standing"], asked, prepare=True)
        return
    cursor.execute(
        _SQL["save_standings"],
        {
            "subjects": Identifiers(standings), "seqs": [history.number for history in standings.values()],
            "standings": [encode_history(history) for history in standings.values()], "stale": stale,
        },
    )  # fmt: skip


def told(cursor: Cursor, seqs: Mapping[str, int]) -> None:
    """The separate store knows everything of people up to an event; nothing happens where there is a later one."""
    cursor.execute(_SQL["told"], {"subjects": list(seqs), "seqs": list(seqs.values())})


def append_events(cursor: Cursor, happened: Sequence[tuple[str, Event]], at: datetime) -> None:
    """Append events of people, written at one instant."""
    if len(happened) > _FEW:
        binary.copy(cursor, _SQL["copy_events"], (rows.event_row(subject, event, at) for subject, event in happened))
        return
    for subject, event in happened:
        cursor.execute(
            _SQL["insert_event"],
            {
                "subject": subject, "number": event.number, "on_day": event.on, "at": at, "kind": event.kind,
                "matter": event.matter, "to_what": event.to, "choice": event.choice, "edition": event.edition,
                "narrow": event.narrow, **rows.shown_values(event),
            },
            prepare=True,
        )  # fmt: skip


def remember(cursor: Cursor, subject: str, request: str, outcome: bytes) -> None:
    """Keep the answer to a request.

    Raises:
        psycopg.errors.UniqueViolation: it was answered in the meantime.
    """
    cursor.execute(_SQL["remember"], {"subject": subject, "request": request, "outcome": outcome})


def insert(cursor: Cursor, stored: Sequence[Held], entries: Sequence[Entry] = (), *, seq: int = 0) -> None:
    """Store new records with their keys and index entries.

    Args:
        cursor: in the caller's transaction.
        stored: the records with their sealed values.
        entries: of the blind index, one for each of the keyring's indexes.
        seq: number of the last event that their holds were computed from.
    """
    if len(stored) > _FEW:
        insert_all(cursor, [(one, seq) for one in stored])
    else:
        for one in stored:
            cursor.execute(_SQL["insert_record"], rows.record_values(one, seq), prepare=True)
    if len(entries) > _FEW:
        binary.copy(cursor, _SQL["copy_blind"], (rows.entry_row(entry) for entry in entries))
    elif entries:
        generations, items, blocks, subjects, records = (list(column) for column in zip(*entries, strict=True))
        asked = {
            "generations": generations,
            "items": items,
            "entries": blocks,
            "subjects": subjects,
            "records": records,
        }
        cursor.execute(_SQL["insert_blind"], asked)


def insert_all(cursor: Cursor, stored: Sequence[tuple[Held, int]]) -> None:
    """Store many new records with their keys, each with the number of the last event its holds were computed from."""
    binary.copy(cursor, _SQL["copy_records"], (rows.record_row(one, seq) for one, seq in stored))
    binary.copy(cursor, _SQL["copy_keys"], (rows.key_row(one) for one, _ in stored))


def insert_key(cursor: Cursor, one: Held) -> None:
    """Store the key of a record that is there already, its old key gone."""
    cursor.execute(_SQL["insert_key"], rows.record_values(one, 0))


def entries_of(indexes: Iterable[BlindIndex], subject: str, record: Record, value: str, kind: str) -> list[Entry]:
    """The index entries of one value, one in each generation that is being written."""
    return [
        Entry(index.epoch, record.item, index.entry(record.item, value, kind), subject, record.id) for index in indexes
    ]


def correct(cursor: Cursor, subject: str, record: Record, value: SealedValue, entries: Sequence[Entry] = ()) -> bool:
    """Replace the value of a live record; ``record.version`` is the new one, one above what is stored.

    Returns:
        Whether the record was there in the version before.
    """
    asked = {
        "subject": subject, "record": record.id, "version": record.version, "digest": value.digest,
        "sealed": value.sealed, "shard": value.shard, "generation": value.generation, "wrapped": value.wrapped,
    }  # fmt: skip
    if cursor.execute(_SQL["correct"], asked).fetchone() is None:
        return False
    insert(cursor, (), entries)
    return True


def freeze(cursor: Cursor, subject: str, records: Sequence[str], *, frozen: bool) -> list[tuple[str, str, int]]:
    """Freeze live records, or lift it; returns those (record, item, version) that changed."""
    asked = {"subject": subject, "records": list(records), "frozen": frozen}
    return cursor.execute(_SQL["freeze"], asked).fetchall()


def project(cursor: Cursor, subject: str, projected: Sequence[Projection], seq: int) -> None:
    """Store what a person's events up to ``seq`` make of their records; raises each ``rev``."""
    if projected:
        cursor.execute(_SQL["project"], {"subject": subject, "seq": seq, **_columns(projected)})


def project_many(cursor: Cursor, projected: Sequence[tuple[str, int, Projection]]) -> None:
    """As ``project``, of many people: (subject, seq, projection)."""
    if projected:
        asked = _columns([row for _, _, row in projected])
        cursor.execute(
            _SQL["project_many"],
            {"subjects": [row[0] for row in projected], "seqs": [row[1] for row in projected], **asked},
        )


def destroy(session: Session, subject: str, records: Sequence[str], day: date | None = None) -> list[Gone]:
    """Destroy live records of one person, with key and index entries.

    Args:
        session: in the caller's transaction, the person locked.
        subject: the person.
        records: which.
        day: what must be kept on it stays; none where a new value replaces the old.

    Returns:
        Those that went.
    """
    (rows,) = session.ask(Command(_SQL["destroy"], {"subject": subject, "records": records, "day": day}))
    return [Gone(*row) for row in rows]


def sweep(
    cursor: Cursor,
    due: Sequence[tuple[str, str]],
    day: date,
    journal: Journal,
    template: Template,
    searched: Sequence[str],
) -> set[str]:
    """Destroy a batch of due live records of many people, with one statement of evidence for each.

    Args:
        cursor: in the caller's transaction.
        due: (subject, record).
        day: today; a record that is not over by now, or must be kept today, stays.
        journal: numbers the statements.
        template: of the statements; four pieces.
        searched: items that have index entries.

    Returns:
        The records that went; whoever asked for more reports the rest.
    """
    row = cursor.execute(
        _SQL["sweep"],
        {
            **pair_columns(due), "day": day,
            "searched": list(searched), **swept(journal, template, len(due)),
        },
        binary=True,
    ).fetchone()  # fmt: skip
    if row is None:
        return set()
    journal.took(row[1])
    return set(row[0])


def _columns(rows: Sequence[Projection]) -> dict[str, list[object]]:
    return {
        "records": [row.record for row in rows],
        "use_until": [row.term.use_until for row in rows],
        "keep_until": [row.term.keep_until for row in rows],
        "not_before": [row.term.not_before for row in rows],
        "released_on": [row.released_on for row in rows],
    }
