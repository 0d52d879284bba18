"""Separation: moving records to the separate store, one way, so that no crash loses one or brings one back.

The steps are those of the protocol, over batches: mark leaving here (no more use), arrive once there, open and
compare, delete here only at the revision that arrived. Everything that is ``leaving`` can be run through them again.
What is *not* here: what is due (the caller says), and pruning arrivals, which needs a fencing number.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from datetime import date, datetime
from typing import Any, Final, Self

import msgspec

from wordkept.evidence.batch import Template, template
from wordkept.evidence.journal import Journal
from wordkept.evidence.predicate import Predicate
from wordkept.evidence.statement import Body
from wordkept.record.changes import alike
from wordkept.terms import BrokenError, State, UnavailableError
from wordkept.vault import changes, rows
from wordkept.vault.access import KEEPER, MOVER, Connection, Cursor
from wordkept.vault.formats import Store
from wordkept.vault.installation import Installation
from wordkept.vault.points import reached
from wordkept.vault.statements import statements
from wordkept.vault.swept import swept
from wordkept.vault.values import Held, held_of, leaving, pair_columns, read_and_open

_SQL: Final = statements("separation.sql")
_ROUNDS: Final = 20
_PAGE: Final = 1000


class Separated(msgspec.Struct, frozen=True):
    """What became of records: those in the separate store now, those found destroyed there and so deleted here."""

    separated: frozenset[str] = frozenset()
    destroyed: frozenset[str] = frozenset()


class Separation:
    """The mover between both stores, and the keeper who checks it; a context manager.

    Args:
        installation: open.

    Raises:
        UnavailableError: a store or its keys cannot be had.
    """

    def __init__(self, installation: Installation) -> None:
        with ExitStack() as stack:
            self.live, self.live_journal = _connected(stack, installation, Store.LIVE, MOVER)
            self.separate, self.separate_journal = _connected(stack, installation, Store.SEPARATE, MOVER)
            self.keeper, self.keeper_journal = _connected(stack, installation, Store.SEPARATE, KEEPER)
            self.live_keys = stack.enter_context(installation.keyring(Store.LIVE, MOVER))
            self.separate_keys = stack.enter_context(installation.keyring(Store.SEPARATE, MOVER))
            self.keeper_keys = stack.enter_context(installation.keyring(Store.SEPARATE, KEEPER))
            self._closing = stack.pop_all()

    def close(self) -> None:
        """Close every connection and forget every key."""
        self._closing.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def refresh(self, *, now: bool = False) -> None:
        """Renew the leases on the keys; call it between batches."""
        for keys in (self.live_keys, self.separate_keys, self.keeper_keys):
            keys.refresh(now=now)

    def separate_batch(self, due: Sequence[tuple[str, str]], day: date, now: datetime, body: Body) -> Separated:
        """Separate a batch of (subject, record), those of them that are due on ``day``: all steps.

        Args:
            due: at most some thousands.
            day: today, in the policy's time zone.
            now: for evidence.
            body: what each statement says besides person and record.
        """
        return self.finish(self.mark(due, day, now, body), now, body)

    def mark(self, due: Sequence[tuple[str, str]], day: date, now: datetime, body: Body) -> list[tuple[str, str]]:
        """Step 1: lock the people, mark what is still due, leave evidence; returns what was marked."""
        if not due:
            return []
        marking = template(Predicate.LEAVING, now, body)
        with self.live_journal.transaction(self.live), self.live.cursor() as cursor:
            cursor.execute(_SQL["mark_away"], {"subjects": sorted({subject for subject, _ in due})})
            asked = {**pair_columns(due), "day": day, **swept(self.live_journal, marking, len(due))}
            [(subjects, records, count)] = cursor.execute(_SQL["mark_leaving"], asked).fetchall()
            self.live_journal.took(count)
        reached("separation.marked")
        return list(zip(subjects, records, strict=True))

    def recover(self, now: datetime, body: Body) -> Separated:
        """Finish everything that is ``leaving``, whoever left it so."""
        separated: set[str] = set()
        destroyed: set[str] = set()
        while pairs := self._leaving():
            done = self.finish(pairs, now, body)
            separated |= done.separated
            destroyed |= done.destroyed
        return Separated(frozenset(separated), frozenset(destroyed))

    def finish(self, pairs: Sequence[tuple[str, str]], now: datetime, body: Body) -> Separated:
        """Steps 2 to 5 for records that are leaving.

        Raises:
            UnavailableError: they keep changing while they leave; they stay ``leaving`` and can be finished later.
            BrokenError: what arrived is not what was sent, or does not open.
        """
        separated, destroyed = set[str](), set[str]()
        left = list(pairs)
        for _ in range(_ROUNDS):
            self.refresh()
            held, values, told = self._read(left)
            if not held:
                return Separated(frozenset(separated), frozenset(destroyed))
            closed = self._arrive(held, values, told, now, body)
            there = [(one, value) for one, value in zip(held, values, strict=True) if one.record.id not in closed]
            sure = self._compare(there)
            separated |= self._leave([one for one in held if one.record.id in sure], Predicate.SEPARATED, now, body)
            destroyed |= self._leave([one for one in held if one.record.id in closed], Predicate.DESTROYED, now, body)
            settled = separated | destroyed
            left = [(one.subject, one.record.id) for one in held if one.record.id not in settled]
            if not left:
                return Separated(frozenset(separated), frozenset(destroyed))
        raise UnavailableError("records keep changing while they leave")

    def destroy(
        self, pairs: Sequence[tuple[str, str]], day: date, now: datetime, body: Body, *, asked: bool = False
    ) -> frozenset[str]:
        """Destroy records that are not live: close the register and delete there, then delete what is leaving here.

        Whoever the separate store was not told of yet is left alone: a later event may hold what it would destroy.

        Args:
            pairs: (subject, record), in the separate store or on the way to it.
            day: today; what must be kept on it stays.
            now: for evidence.
            body: what each statement says.
            asked: the person asked, so nothing needs to be over but what must be kept.

        Returns:
            The records that went.
        """
        destroying = template(Predicate.DESTROYED, now, body)
        with self.live_journal.transaction(self.live), self.live.cursor() as cursor:
            locked = cursor.execute(_SQL["lock_people"], {"subjects": sorted({subject for subject, _ in pairs})})
            untold = {subject for subject, stale in locked.fetchall() if stale}
            here = cursor.execute(_SQL["leaving_of"], {**pair_columns(pairs), "day": day, "asked": asked}).fetchall()
            stay = {record for _, record, _, may_go in here if not may_go}
            going = [pair for pair in pairs if pair[1] not in stay and pair[0] not in untold]
            if not going:
                return frozenset()
            with self.keeper_journal.transaction(self.keeper), self.keeper.cursor() as there:
                asking = {**pair_columns(going), "day": day, "asked": asked}
                proof = swept(self.keeper_journal, destroying, len(going))
                [(gone, count)] = there.execute(_SQL["destroy_separate"], {**asking, **proof}).fetchall()
                self.keeper_journal.took(count)
            reached("separation.closed")
            leavers = [
                (subject, record, rev) for subject, record, rev, may_go in here if may_go and subject not in untold
            ]
            gone_here = self._delete(cursor, leavers, destroying)
        reached("separation.destroyed")
        return frozenset(gone) | frozenset(gone_here)

    def _leaving(self) -> list[tuple[str, str]]:
        with self.live.transaction(), self.live.cursor() as cursor:
            return leaving(cursor, most=_PAGE)

    def _read(self, pairs: Sequence[tuple[str, str]]) -> tuple[list[Held], list[bytes], list[int]]:
        """Step 2: what stands in L, opened, and up to which event its holds were computed."""
        rows: list[Any] = []

        def read() -> list[Held]:
            nonlocal rows
            with self.live.transaction():
                rows = self.live.execute(_SQL["read_leaving"], pair_columns(pairs), binary=True).fetchall()
            return list(held_of(rows))

        held, values = read_and_open(self.live_keys, read)
        return held, values, [row[24] for row in rows]

    def _arrive(
        self, held: Sequence[Held], values: Sequence[bytes], told: Sequence[int], now: datetime, body: Body
    ) -> set[str]:
        """Step 3; returns the records whose arrival is closed."""
        arriving = template(Predicate.ARRIVED, now, body)
        pairs = [(one.subject, one.record.id) for one in held]
        revs = [one.record.rev for one in held]
        for attempt in range(2):
            sealed = self.separate_keys.seal_many([(one.named, value) for one, value in zip(held, values, strict=True)])
            try:
                with self.separate_journal.transaction(self.separate), self.separate.cursor() as cursor:
                    came = {row[0] for row in cursor.execute(_SQL["arrive"], {**pair_columns(pairs), "revs": revs})}
                    arrived = [
                        (Held(one.subject, msgspec.structs.replace(one.record, state=State.SEPARATED), value), seq)
                        for one, value, seq in zip(held, sealed, told, strict=True)
                        if one.record.id in came
                    ]
                    if arrived:
                        self._write(cursor, arrived, arriving)
                    late = [pair for pair in pairs if pair[1] not in came]
                    register = cursor.execute(_SQL["register"], pair_columns(late)).fetchall() if late else []
            except changes.FOREIGN_KEY as error:
                if attempt or not changes.vanished(error):
                    raise
                self.separate_keys.refresh(now=True)
                self.separate_keys.shed()
                continue
            reached("separation.arrived")
            return {record for record, _, closed in register if closed}
        raise AssertionError("unreachable")

    def _write(self, cursor: Cursor, arrived: Sequence[tuple[Held, int]], arriving: Template) -> None:
        """Record and key of what took effect; a record that came before is the same version, which was stated then."""
        pairs = pair_columns([(one.subject, one.record.id) for one, _ in arrived])
        again: set[str] = set()
        if any(one.record.rev > 1 for one, _ in arrived):
            again = {row[0] for row in cursor.execute(_SQL["replace_keys"], pairs)}
        new = [(one, told) for one, told in arrived if one.record.id not in again]
        if new:
            changes.insert_all(cursor, new)
            said = pair_columns([(one.subject, one.record.id) for one, _ in new])
            versions = [one.record.version for one, _ in new]
            proof = swept(self.separate_journal, arriving, len(new))
            [(count,)] = cursor.execute(_SQL["state_arrived"], {**said, "versions": versions, **proof}).fetchall()
            self.separate_journal.took(count)
        for one, told in arrived:
            if one.record.id in again:
                cursor.execute(_SQL["change_arrived"], rows.record_values(one, told))
                changes.insert_key(cursor, one)

    def _compare(self, sent: Sequence[tuple[Held, bytes]]) -> set[str]:
        """Step 4: the keeper opens what is there and compares; returns the records that are as sent.

        One that is there in another revision is left for the next round.
        """
        if not sent:
            return set()
        asked = {
            **pair_columns([(one.subject, one.record.id) for one, _ in sent]),
            "revs": [one.record.rev for one, _ in sent],
        }

        def read() -> list[Held]:
            with self.keeper.transaction():
                return list(held_of(self.keeper.execute(_SQL["integrity"], asked, binary=True).fetchall()))

        found, values = read_and_open(self.keeper_keys, read)
        reached("separation.compared")
        wanted = {one.record.id: (one.record, value) for one, value in sent}
        sure = set()
        unlike = []
        for one, value in zip(found, values, strict=True):
            record, sent_value = wanted[one.record.id]
            if value != sent_value:
                raise BrokenError("a separated value is not the one that was sent")
            if alike(one.record, record):
                sure.add(record.id)
            else:
                unlike.append((one.subject, record.id))
        if unlike:  # what is here is the truth: as a newer revision it replaces what is there
            with self.live.transaction():
                self.live.execute(_SQL["raise_rev"], pair_columns(unlike))
        return sure

    def _leave(self, held: Sequence[Held], why: Predicate, now: datetime, body: Body) -> set[str]:
        """Step 5; returns the records that are gone here."""
        if not held:
            return set()
        with self.live_journal.transaction(self.live), self.live.cursor() as cursor:
            left = [(one.subject, one.record.id, one.record.rev) for one in held]
            gone = self._delete(cursor, left, template(why, now, body))
        reached("separation.left")
        return gone

    def _delete(self, cursor: Cursor, rows: Sequence[tuple[str, str, int]], why: Template) -> set[str]:
        if not rows:
            return set()
        asked = {**pair_columns([row[:2] for row in rows]), "revs": [row[2] for row in rows]}
        proof = swept(self.live_journal, why, len(rows))
        [(gone, count)] = cursor.execute(_SQL["leave"], {**asked, **proof}).fetchall()
        self.live_journal.took(count)
        return set(gone)


def _connected(stack: ExitStack, installation: Installation, store: Store, role: str) -> tuple[Connection, Journal]:
    return stack.enter_context(installation.connect(store, role, autocommit=True)), Journal()
