"""The desk: people taken out of the live store for one transaction, moved, and written back as what changed.

Moving is done by ``person.Person``, as everywhere; the desk compares before and after and writes the difference:
people, events, records with sealed values and index entries, freezes, projections, destructions. What is *not* here:
decisions and evidence (``acts``), and the separate store (``apart``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime

import msgspec

from wordkept.gate import handing
from wordkept.gate.loaded import Loaded
from wordkept.policy.declared import Item
from wordkept.policy.model import Policy
from wordkept.record import Record, Term
from wordkept.terms import State, UnavailableError
from wordkept.vault import changes, owed, values
from wordkept.vault.blind import BlindIndex
from wordkept.vault.flight import Session
from wordkept.vault.keyring import Keyring, Named, SealedValue
from wordkept.vault.values import Held


class Flushed(msgspec.Struct, frozen=True):
    """What was written.

    Attributes:
        sealed: digests of the sealed bytes of new versions, by record id.
        released: subjects with a live record that must be separated at once.
        told: subjects of whom the separate store must be told.
        wished: subjects whose wish for deletion is to be done there.
    """

    sealed: Mapping[str, bytes] = {}
    released: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    wished: tuple[str, ...] = ()

    def and_then(self, other: Flushed) -> Flushed:
        """This, and what was written after it in the same transaction."""
        return Flushed(
            {**self.sealed, **other.sealed},
            tuple(dict.fromkeys(self.released + other.released)),
            tuple(dict.fromkeys(self.told + other.told)),
            tuple(dict.fromkeys(self.wished + other.wished)),
        )


class Desk:
    """People of one transaction.

    Args:
        policy: all editions.
        keys: the live store's.
        now: the operation's reference time.
        day: its day.
    """

    def __init__(self, policy: Policy, keys: Keyring, now: datetime, day: date) -> None:
        self.policy, self.keys, self.now, self.day = policy, keys, now, day
        self.loaded: dict[str, Loaded] = {}

    def take(
        self,
        session: Session,
        subjects: Sequence[str],
        items: Sequence[str] | None,
        known_apart: Callable[[list[str]], Mapping[str, Sequence[Record]]],
        *,
        lock: bool,
        makes: bool = True,
        copies: bool = True,
    ) -> None:
        """Load people with their records of some items, none for all.

        Args:
            session: in the caller's transaction.
            subjects: who.
            items: of which records.
            known_apart: says what is in the separate store.
            lock: for acts that change something.
            makes: with ``lock``, whether those who are not there are made.
            copies: whether to load what partners hold, of those of whom they hold anything.
        """
        found = self._read(session, subjects, items, lock=lock, makes=makes)
        away = [subject for subject, one in found.items() if one.away]
        apart = known_apart(away) if away else {}
        wished = owed.wishes(session, away) if away else {}
        for subject in subjects:
            stored, gone = found.get(subject), wished.get(subject, {})
            loaded = Loaded(self.policy, stored, subject, apart.get(subject, ()), gone)
            if gone or (stored and stored.away and stored.stale):
                loaded.catch_up(self.day)
            self.loaded[subject] = loaded
        if copies:
            handing.take(session, [one for one in self.loaded.values() if one.shared])

    def flush(self, session: Session) -> Flushed:
        """Write back what changed.

        Raises:
            UnavailableError: a record was changed by somebody who did not lock its person.
        """
        pieces = self._seal()
        for one in self.loaded.values():
            self._destroyed(session, one)
        self._past(session)
        self._insert(session, pieces)
        for one in self.loaded.values():
            self._changed(session, one, pieces)
        handing.write(session, self.loaded.values(), self.now)
        return Flushed(
            sealed={record: value.digest for record, value in pieces.items()},
            released=tuple(one.subject for one in self.loaded.values() if _released_live(one)),
            told=tuple(one.subject for one in self.loaded.values() if one.away and _differs_apart(one)),
            wished=tuple(one.subject for one in self.loaded.values() if _wish(session, one, self.day)),
        )

    def give_value(self, one: Loaded, record: Record, value: str | bytes) -> None:
        """Give a new version of a record its value, as it was admitted."""
        if not isinstance(value, bytes):
            raise UnavailableError(f"{record.item}: no edition of the policy at hand declares it")
        one.fresh[record.id] = value

    def keep_value(self, one: Loaded, record: Record) -> None:
        """Give a new version of a record the value that it has now."""
        held = one.held[record.id]
        one.fresh[record.id] = self.keys.open(held.named, held.value)

    def _item(self, record: Record) -> Item:
        """The item of a record, which the edition in force need not declare any more; a clock may have gone back."""
        found = self.policy.item(record.item, self.day) or self.policy.item(record.item, date.max)
        if found is None:
            raise UnavailableError(f"{record.item}: no edition of the policy at hand declares it")
        return found

    def _read(
        self, session: Session, subjects: Sequence[str], items: Sequence[str] | None, *, lock: bool, makes: bool
    ) -> dict[str, values.Person]:
        if len(subjects) > 1:
            if lock:
                self._lock(session, subjects, makes=makes)
            return values.read_many(session, subjects, items)
        (subject,) = subjects
        read = values.lock_and_read if lock else values.read
        one = read(session, subject, items)
        if one is None and lock and makes:
            changes.create_people(session, subjects)
            one = read(session, subject, items)
        return {subject: one} if one else {}

    def _lock(self, session: Session, subjects: Sequence[str], *, makes: bool) -> None:
        there = changes.lock_many(session, subjects)
        new = [subject for subject in subjects if subject not in there]
        if new and makes:
            changes.create_people(session, new)
            changes.lock_many(session, new)

    def _seal(self) -> dict[str, SealedValue]:
        """Seal every value that a new version of a record has."""
        wanted: list[tuple[Named, bytes]] = []
        for one in self.loaded.values():
            if not one.fresh:
                continue
            now = {record.id: record for record in one.person.records}
            for record_id, value in one.fresh.items():
                record = now[record_id]
                if record.state is State.LIVE:
                    wanted.append((Named(one.subject, record_id, record.item, record.version), value))
        if not wanted:
            return {}
        sealed = self.keys.seal_many(wanted)
        return {named.record: value for (named, _), value in zip(wanted, sealed, strict=True)}

    def _destroyed(self, session: Session, one: Loaded) -> None:
        gone = [
            record.id
            for record in one.person.records
            if record.state is State.DESTROYED
            and (before := one.before.get(record.id)) is not None
            and before.state is State.LIVE
        ]
        if gone and len(changes.destroy(session, one.subject, gone)) != len(gone):
            raise UnavailableError("a record was changed by somebody who did not lock its person")

    def _past(self, session: Session) -> None:
        happened = [(one.subject, event) for one in self.loaded.values() for event in one.events]
        if not happened:
            return
        changes.append_events(session, happened, self.now)
        standings = {one.subject: one.person.history for one in self.loaded.values() if one.events}
        changes.save_standing(session, standings, stale=True)

    def _insert(self, session: Session, pieces: Mapping[str, SealedValue]) -> None:
        new: list[Held] = []
        entries: list[changes.Entry] = []
        indexes = None
        for one in self.loaded.values():
            for record in one.person.records:
                if record.id in one.before or record.state is not State.LIVE:
                    continue
                new.append(Held(one.subject, record, pieces[record.id]))
                if self._item(record).search:
                    indexes = indexes or self.keys.indexes
                    entries += self._entries(indexes, one, record)
        if new:
            changes.insert(session, new, entries)

    def _entries(self, indexes: Sequence[BlindIndex], one: Loaded, record: Record) -> list[changes.Entry]:
        kind = self._item(record).type
        return changes.entries_of(indexes, one.subject, record, one.fresh[record.id].decode(), kind)

    def _changed(self, session: Session, one: Loaded, pieces: Mapping[str, SealedValue]) -> None:
        projected: list[changes.Projection] = []
        freezes: dict[bool, list[str]] = {}
        for record in one.person.records:
            before = one.before.get(record.id)
            if before is None or before == record or record.id not in one.held or record.state is State.DESTROYED:
                continue
            if record.version != before.version:
                self._corrected(session, one, record, pieces[record.id])
            elif record.frozen != before.frozen:
                freezes.setdefault(record.frozen, []).append(record.id)
            if _days(record) != _days(before) or record.released_on != before.released_on:
                projected.append(changes.Projection(record.id, Term(*_days(record)), record.released_on))
        for frozen, records in freezes.items():
            changes.freeze(session, one.subject, records, frozen=frozen)
        changes.project(session, one.subject, projected, one.person.history.number)

    def _corrected(self, session: Session, one: Loaded, record: Record, value: SealedValue) -> None:
        entries = self._entries(self.keys.indexes, one, record) if self._item(record).search else []
        if not changes.correct(session, one.subject, record, value, entries):
            raise UnavailableError("a record was changed by somebody who did not lock its person")


def _days(record: Record) -> tuple[date | None, date | None, date | None]:
    return record.use_until, record.keep_until, record.not_before


def _released_live(one: Loaded) -> bool:
    return any(record.released_on and record.state is State.LIVE for record in one.person.records)


def _differs_apart(one: Loaded) -> bool:
    now: dict[str, Record] = {record.id: record for record in one.person.records}
    return any(now.get(record.id) != record for record in one.apart)


def _wish(session: Session, one: Loaded, day: date) -> bool:
    """Write down what was decided to go of what is not live: it is done after this transaction."""
    gone = [
        record.id
        for record in one.person.records
        if (before := one.before.get(record.id)) is not None
        and before.state is not State.LIVE
        and (record.state is State.DESTROYED or (record.released_on and not before.released_on))
    ]
    if gone:
        owed.wish(session, one.subject, gone, day)
    return bool(gone)


def subjects_of(asked: Iterable[str]) -> list[str]:
    """Each subject once, in a fixed order, so that batches lock alike."""
    return sorted(set(asked))
