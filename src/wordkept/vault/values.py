"""Values: reading people, their records and what is sealed in them, in the live store.

Each function takes a cursor inside the caller's transaction and decides nothing: whether a value may be opened is the
gate's to know. What is *not* here: changes (``changes``), opening (``keyring``), the separate store (``separation``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Final, NamedTuple

import msgspec

from wordkept.record.events import Event, Shown
from wordkept.record.facts import Record
from wordkept.record.history import History
from wordkept.terms import Channel, State
from wordkept.vault.access import Cursor
from wordkept.vault.arrays import Identifiers
from wordkept.vault.blind import BlindIndex
from wordkept.vault.flight import Command, Session
from wordkept.vault.keyring import Keyring
from wordkept.vault.sealed import GenerationGoneError, Named, SealedValue
from wordkept.vault.statements import statements

_SQL: Final = statements("values.sql")
_STATES: Final = {state.value: state for state in State}
_HISTORY: Final = msgspec.msgpack.Decoder(History)
_ALIKE: Final = 4096
"""So many pasts are kept decoded: in a batch, many people have the very same one."""
_ENCODER: Final = msgspec.msgpack.Encoder()
FIRST: Final = "0" * 32
"""Before every identifier."""


class Held(msgspec.Struct, frozen=True):
    """A stored record: what is said about it, and its sealed value with its key, still sealed."""

    subject: str
    record: Record
    value: SealedValue

    @property
    def named(self) -> Named:
        """What its value is bound to."""
        return Named(self.subject, self.record.id, self.record.item, self.record.version)


class Person(msgspec.Struct, frozen=True):
    """A person as stored.

    Attributes:
        subject: 32 hex digits.
        seq: number of the last event.
        history: the fold of all events.
        away: some of their records are, or may be, in the separate store.
        stale: that store must still be told of a change.
        shared: a partner was given something of theirs.
        held: the records that were asked for.
    """

    subject: str
    seq: int
    history: History
    away: bool
    stale: bool
    shared: bool
    held: tuple[Held, ...] = ()


class Due(NamedTuple):
    """A record that something is owed for; ``Due`` is also a place in the order in which they come."""

    subject: str
    record: str
    item: str
    purpose: str
    version: int
    rev: int
    use_until: date | None
    keep_until: date | None
    not_before: date | None


def encode_history(history: History) -> bytes:
    """A history as it is stored."""
    return _ENCODER.encode(history)


@lru_cache(maxsize=_ALIKE)
def decode_history(standing: bytes) -> History:
    """A stored history; of people with the same past, the same object."""
    return _HISTORY.decode(standing)


def standing(session: Session, subject: str) -> Person | None:
    """A person without any record."""
    (rows,) = session.ask(standing_of(subject))
    return stood(rows)


def standing_of(subject: str) -> Command:
    """The statement that asks for a person without any record; ``stood`` reads its rows."""
    return Command(_SQL["standing"], {"subject": subject})


def stood(rows: Sequence[Sequence[Any]]) -> Person | None:
    """The person in the rows of ``standing_of``."""
    return _person(rows[0]) if rows else None


def read(session: Session, subject: str, items: Sequence[str] | None = None) -> Person | None:
    """A person with their records of some items, none for all; one query, one snapshot."""
    (rows,) = session.ask(_reading(subject, items))
    return _person(rows[0], rows) if rows else None


def lock_and_read(session: Session, subject: str, items: Sequence[str] | None = None) -> Person | None:
    """Lock a person for the rest of the transaction, and ``read`` as it stands when the lock is had; in one trip."""
    _, rows = session.ask(Command(_SQL["lock"], {"subject": subject}), _reading(subject, items))
    return _person(rows[0], rows) if rows else None


def read_many(session: Session, subjects: Sequence[str], items: Sequence[str] | None = None) -> dict[str, Person]:
    """People with their records of some items, none for all, by subject; who is not there is left out."""
    name, asked = ("read_many_all", {}) if items is None else ("read_many", {"items": items})
    (rows,) = session.ask(Command(_SQL[name], {"subjects": subjects, **asked}))
    people: dict[str, list[Any]] = {}
    for row in rows:
        people.setdefault(row[0], []).append(row)
    return {subject: _person(some[0], some) for subject, some in people.items()}


def events(cursor: Cursor, subject: str) -> tuple[Event, ...]:
    """All events of a person, in their order."""
    return tuple(_event(*row) for row in cursor.execute(_SQL["events"], {"subject": subject}))


def _event(*row: Any) -> Event:
    plain, (digest, language, channel, signature) = row[:-4], row[-4:]
    shown = Shown(bytes(digest).hex(), language, Channel(channel)) if digest is not None else None
    return msgspec.structs.replace(Event(*plain), shown=shown, signature=signature and bytes(signature))


def event_instants(cursor: Cursor, subject: str) -> dict[int, datetime]:
    """When each event of a person was written, by its number."""
    return dict(cursor.execute(_SQL["events_at"], {"subject": subject}).fetchall())


def find(cursor: Cursor, index: BlindIndex, item: str, value: str, kind: str) -> list[tuple[str, str]]:
    """Who has a value: subjects and records, by the blind index.

    Args:
        cursor: on the live store.
        index: the first of the keyring's indexes.
        item: the item's name.
        value: what to look for, not yet normalised.
        kind: the item's type.
    """
    asked = {"generation": index.epoch, "item": item, "entry": index.entry(item, value, kind)}
    return cursor.execute(_SQL["found"], asked).fetchall()


def people(cursor: Cursor, *, after: str = FIRST, most: int = 1000) -> list[str]:
    """A page of all people, in the order of their identifiers."""
    return [row[0] for row in cursor.execute(_SQL["people"], {"after": after, "most": most})]


def stale_people(cursor: Cursor, *, after: str = FIRST, most: int = 1000) -> list[str]:
    """A page of the people of whom the separate store must still be told."""
    return [row[0] for row in cursor.execute(_SQL["stale_people"], {"after": after, "most": most})]


def recall(cursor: Cursor, subject: str, request: str) -> bytes | None:
    """What was answered to a request of this id before, none if it is new."""
    row = cursor.execute(_SQL["recall"], {"subject": subject, "request": request}).fetchone()
    return bytes(row[0]) if row else None


def due_separation(cursor: Cursor, day: date, *, after: Due | None = None, most: int = 1000) -> list[Due]:
    """Live records whose use was over before ``day`` and which something still keeps, oldest first, a page."""
    return _due(cursor, "due_separation", day, after and after.use_until, after, most)


def due_destruction(cursor: Cursor, day: date, *, after: Due | None = None, most: int = 1000) -> list[Due]:
    """Records that nothing keeps on ``day``, oldest first, a page."""
    return _due(cursor, "due_destruction", day, after and after.keep_until, after, most)


def leaving(cursor: Cursor, *, after: tuple[str, str] = (FIRST, FIRST), most: int = 1000) -> list[tuple[str, str]]:
    """A page of the records (subject, record) that are on their way to the separate store."""
    asked = {"after_subject": after[0], "after_record": after[1], "most": most}
    return cursor.execute(_SQL["leaving"], asked).fetchall()


def counts(cursor: Cursor) -> dict[str, int]:
    """How many records stand in which state; works in both stores."""
    return dict(cursor.execute(_SQL["counts"]).fetchall())


def unpaired(cursor: Cursor, *, most: int = 100) -> list[tuple[str, str, bool]]:
    """Records without a key (false) and keys without a record (true); there should be none, in both stores."""
    return cursor.execute(_SQL["unpaired"], {"most": most}).fetchall()


def read_and_open(keys: Keyring, read: Callable[[], list[Held]]) -> tuple[list[Held], list[bytes]]:
    """Read records and open them; once more where a shard generation was replaced in between.

    Args:
        keys: of the store that is read.
        read: reads in a transaction of its own.

    Raises:
        BrokenError: one does not open.
        UnavailableError: the lease on the keys has ended.
    """
    held = read()
    try:
        return held, keys.open_many([(one.named, one.value) for one in held])
    except GenerationGoneError:
        held = read()
        return held, keys.open_many([(one.named, one.value) for one in held])


def pair_columns(pairs: Iterable[tuple[str, str]]) -> dict[str, Identifiers]:
    """Pairs of subject and record as the two arrays that statements over many records take."""
    pairs = list(pairs)
    return {
        "subjects": Identifiers([subject for subject, _ in pairs]),
        "records": Identifiers([record for _, record in pairs]),
    }


def _reading(subject: str, items: Sequence[str] | None) -> Command:
    if items is None:
        return Command(_SQL["read_all"], {"subject": subject})
    return Command(_SQL["read"], {"subject": subject, "items": items})


def record_of(row: Sequence[Any]) -> Record:
    """A record from the columns ``record_id`` to ``not_before``, in the order of ``read``."""
    return Record(
        id=row[0], item=row[1], purpose=row[2], matter=row[3], method=row[4], source=row[5], statute=row[6],
        version=row[7], rev=row[8], state=_STATES[row[9]], frozen=row[10], released_on=row[11], edition=row[12],
        on=row[13], after=row[14], use_until=row[15], keep_until=row[16], not_before=row[17],
    )  # fmt: skip


def held_of(rows: Iterable[Sequence[Any]]) -> Iterator[Held]:
    """Stored records from rows of ``subject_id`` followed by the columns ``record_id`` to ``wrapped``."""
    for row in rows:
        yield Held(row[0], record_of(row[1:19]), SealedValue(row[20], row[19], row[21], row[22], row[23]))


def _person(row: Sequence[Any], rows: Sequence[Sequence[Any]] = ()) -> Person:
    held = tuple(
        Held(one[0], record_of(one[6:24]), SealedValue(one[25], one[24], one[26], one[27], one[28]))
        for one in rows
        if one[6] is not None
    )
    return Person(row[0], row[1], decode_history(row[2]), row[3], row[4], row[5], held)


def _due(cursor: Cursor, name: str, day: date, after_day: date | None, after: Due | None, most: int) -> list[Due]:
    asked = {
        "day": day, "most": most, "after_day": after_day or date.min,
        "after_subject": after.subject if after else FIRST, "after_record": after.record if after else FIRST,
    }  # fmt: skip
    return [Due(*row) for row in cursor.execute(_SQL[name], asked).fetchall()]
