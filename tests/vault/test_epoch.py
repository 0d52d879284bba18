"""Protocol A over a real database: after a turn no old copy opens what was destroyed, and nothing else is lost."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import date

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from tests.vault.conftest import DAY, NOW, Desk, record

from wordkept.evidence.journal import Journal
from wordkept.terms import BrokenError, UnavailableError
from wordkept.vault import changes, epoch, points, values
from wordkept.vault.access import EPOCH
from wordkept.vault.epoch import Turn, Turned
from wordkept.vault.formats import Store, place
from wordkept.vault.installation import Installation
from wordkept.vault.keyring import Keyring
from wordkept.vault.keys import unseal, unwrap
from wordkept.vault.sealed import Named, SealedValue, unwrap_epochs
from wordkept.vault.server import OWNER


def turn(installation: Installation, *keyrings: Keyring, store: Store = Store.LIVE, patience: int = 2000) -> Turned:
    def wait() -> None:
        for keys in keyrings:
            keys.refresh(now=True)
        time.sleep(0.005)

    with installation.connect(store, EPOCH, autocommit=True) as connection:
        return Turn(
            connection, installation.roots(store), installation.binding(store), Journal(), NOW, wait=wait,
            patience=patience,
        ).run()  # fmt: skip


def stored(desk: Desk) -> dict[str, bytes]:
    """Every value in the live store, opened by its record."""
    rows = desk.connection.execute("SELECT subject_id FROM subject").fetchall()
    people = values.read_many(desk.cursor, [row[0] for row in rows])
    desk.connection.commit()
    held = [one for person in people.values() for one in person.held]
    opened = desk.keys.open_many([(one.named, one.value) for one in held])
    return {one.record.id: value for one, value in zip(held, opened, strict=True)}


class Copy:
    """A thief's copy of the database, with whatever roots the installation has when it is read."""

    def __init__(self, installation: Installation) -> None:
        self.installation = installation
        with installation.connect(Store.LIVE, OWNER) as owner:
            query = "SELECT epoch, k.wrapped, i.wrapped, i.search FROM epoch_key k LEFT JOIN index_key i USING (epoch)"
            self.epochs = owner.execute(query).fetchall()
            self.shards = owner.execute("SELECT shard, generation, epoch, wrapped FROM shard_generation").fetchall()
            self.blind = owner.execute("SELECT item, entry FROM blind").fetchall()
            self.rows = owner.execute(
                "SELECT r.subject_id, r.record_id, r.item, r.version, r.sealed, k.shard, k.generation, k.wrapped"
                " FROM record r JOIN value_key k USING (subject_id, record_id, version)"
            ).fetchall()

    def opened(self) -> dict[str, bytes]:
        """Whatever opens with every root that is still somewhere."""
        roots, binding = self.installation.roots(Store.LIVE), self.installation.binding(Store.LIVE)
        found: dict[str, bytes] = {}
        keys: dict[int, AESGCM] = {}
        for row in self.epochs:
            try:
                keys.update(unwrap_epochs(roots, binding, [row])[0])
            except UnavailableError:
                continue
        for shard, generation, number, wrapped in self.shards:
            if number not in keys:
                continue
            cipher = AESGCM(unwrap(keys[number], wrapped, binding.shard_key(shard, generation, number)))
            for *named, sealed, of, at, key in self.rows:
                if (of, at) == (shard, generation):
                    about = binding.subject(*named)
                    plain = unwrap(cipher, key, binding.value_key(about, place(shard, generation)))
                    found[named[1]] = unseal(plain, sealed, binding.value(about))
        return found


def test_what_was_destroyed_is_dead_in_every_copy(installation: Installation, desk: Desk) -> None:
    gone, stays = record(), record("gender")
    subject = desk.keep(gone, stays)
    copy = Copy(installation)
    assert set(copy.opened()) == {gone.id, stays.id}
    with desk.transaction():
        values.lock_and_read(desk.cursor, subject)
        [mark] = changes.destroy(desk.cursor, subject, [gone.id])
    with installation.connect(Store.LIVE, EPOCH) as asked:
        assert not epoch.is_final(asked, mark.shard, mark.generation)
    assert set(copy.opened()) == {gone.id, stays.id}, "destroyed, but not yet final"
    turned = turn(installation, desk.keys)
    assert turned.epoch == 2
    assert (mark.shard, mark.generation) in turned.final
    assert copy.opened() == {}
    assert Copy(installation).opened() == {stays.id: b"kim@example.org"}
    with installation.connect(Store.LIVE, EPOCH) as asked:
        assert epoch.is_final(asked, mark.shard, mark.generation)
    assert installation.roots(Store.LIVE).epochs() == (2,)


def test_an_old_copy_opens_what_lives_with_todays_keys(installation: Installation, desk: Desk) -> None:
    gone, corrected, stays = record(), record("gender"), record("mobile_phone")
    subject = desk.keep(gone, corrected, stays)
    copy = Copy(installation)
    with desk.transaction():
        changes.destroy(desk.cursor, subject, [gone.id])
        new = record("gender", id=corrected.id, version=2)
        value = desk.keys.seal(Named(subject, new.id, new.item, 2), b"other")
        assert changes.correct(desk.cursor, subject, new, value)
    turn(installation, desk.keys)
    today = Copy(installation)
    sealed = {row[1]: row[4] for row in copy.rows}
    laid_over = Copy(installation)
    laid_over.rows = [(*row[:4], sealed[row[1]], *row[5:]) for row in today.rows if row[1] == stays.id]
    assert laid_over.opened() == {stays.id: b"kim@example.org"}
    laid_over.rows = [(*row[:4], sealed[row[1]], *row[5:]) for row in today.rows if row[1] == corrected.id]
    with pytest.raises(BrokenError):
        laid_over.opened()


def test_an_old_index_tells_nothing_after_its_epoch(installation: Installation, desk: Desk) -> None:
    one = record()
    subject = desk.keep(one, value=b"Kim@Example.org ")
    copy = Copy(installation)
    turn(installation, desk.keys)
    [index] = desk.keys.indexes
    assert values.find(desk.cursor, index, "email", "kim@example.org", "email") == [(subject, one.id)]
    assert {entry for _, entry in copy.blind}.isdisjoint({entry for _, entry in Copy(installation).blind})
    guesses = {index.entry("email", f"{name}@example.org", "email") for name in ("kim", "lee", "park")}
    assert guesses.isdisjoint({bytes(entry) for _, entry in copy.blind})


def test_an_entry_deleted_while_it_is_copied_leaves_no_ghost(
    installation: Installation, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = record()
    subject = desk.keep(one)

    def destroy_without_commit(here: str) -> None:
        if here == "epoch.shards-page":
            changes.destroy(desk.cursor, subject, [one.id])

    def wait() -> None:
        desk.connection.commit()
        desk.keys.refresh(now=True)

    monkeypatch.setattr(points, "hook", destroy_without_commit)
    with installation.connect(Store.LIVE, EPOCH, autocommit=True) as connection:
        turning = Turn(
            connection, installation.roots(Store.LIVE), installation.binding(Store.LIVE), Journal(), NOW, wait=wait
        )
        assert turning.run().moved.entries == 1, "it was copied"
    with installation.connect(Store.LIVE, OWNER) as owner:
        assert owner.execute("SELECT count(*) FROM blind").fetchone() == (0,)


def test_an_untouched_shard_keeps_its_key_and_its_rows(installation: Installation, desk: Desk) -> None:
    desk.keep(record())
    before = Copy(installation).rows
    turned = turn(installation, desk.keys)
    assert (turned.moved.kept, turned.moved.replaced, turned.moved.keys) == (1, 0, 0)
    assert Copy(installation).rows == before
    assert stored(desk) == {key: value for key, (_, _, value) in desk.written.items()}


def test_a_store_turns_again_and_again(installation: Installation, desk: Desk) -> None:
    for number in range(2, 6):
        subject = desk.keep(record(), record("gender"))
        one = record("gender")
        desk.keep(one, subject=subject)
        with desk.transaction():
            changes.destroy(desk.cursor, subject, [one.id])
        del desk.written[one.id]
        assert turn(installation, desk.keys).epoch == number
        assert stored(desk) == {key: value for key, (_, _, value) in desk.written.items()}


class _Stopped(BaseException):
    """Stands for a kill."""


POINTS = (
    "epoch.root-created", "epoch.wrap", "epoch.shards-page", "epoch.keys-moved", "epoch.index-page", "epoch.moved",
    "epoch.proved", "epoch.destroy", "epoch.root-destroyed", "epoch.rest",
)  # fmt: skip


@pytest.mark.parametrize("point", POINTS)
def test_a_turn_stopped_anywhere_is_taken_up(
    installation: Installation, desk: Desk, monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    gone = record()
    subject = desk.keep(gone, record("gender"))
    desk.keep(record())
    copy = Copy(installation)
    with desk.transaction():
        changes.destroy(desk.cursor, subject, [gone.id])
    del desk.written[gone.id]

    def stop(here: str) -> None:
        if here == point:
            raise _Stopped

    monkeypatch.setattr(points, "hook", stop)
    with pytest.raises(_Stopped):
        turn(installation, desk.keys)
    monkeypatch.undo()
    desk.keys.refresh(now=True)
    desk.keep(record("gender"))
    assert stored(desk) == {key: value for key, (_, _, value) in desk.written.items()}
    assert turn(installation, desk.keys).epoch == (3 if point == "epoch.rest" else 2)
    assert stored(desk) == {key: value for key, (_, _, value) in desk.written.items()}
    assert copy.opened() == {}
    [index] = desk.keys.indexes
    assert len(values.find(desk.cursor, index, "email", "kim@example.org", "email")) == 1


def test_nothing_acknowledged_is_lost_while_writers_run(installation: Installation, desks: Callable[[], Desk]) -> None:
    writers = [desks(), desks()]
    stop = threading.Event()
    failed: list[BaseException] = []
    gone: set[str] = set()

    def work(desk: Desk) -> None:
        try:
            while not stop.is_set():
                one, two, three = record(), record("gender"), record("mobile_phone")
                subject = desk.keep(one, two, three)
                with desk.transaction():
                    values.lock_and_read(desk.cursor, subject)
                    changes.destroy(desk.cursor, subject, [two.id])
                gone.add(two.id)
                time.sleep(0.002)
            while not finished.is_set():  # a process that is idle must not hold the turn up for its whole lease
                desk.keys.refresh()
                time.sleep(0.01)
        except BaseException as error:  # noqa: BLE001 - the thread's failure is the test's
            failed.append(error)

    finished = threading.Event()
    threads = [threading.Thread(target=work, args=(desk,)) for desk in writers]
    for desk in writers:
        desk.keys._poll = 0.02
    for thread in threads:
        thread.start()
    try:
        for _ in range(3):
            turn(installation)
    finally:
        stop.set()
        finished.set()
        for thread in threads:
            thread.join()
    assert not failed
    reader = desks()
    found = stored(reader)
    for desk in writers:
        kept = {key: value for key, (_, _, value) in desk.written.items() if key not in gone}
        assert len(kept) > 10
        assert {key: found[key] for key in kept} == kept
    assert not gone & found.keys()
    with installation.connect(Store.LIVE, OWNER) as owner:
        assert values.unpaired(owner.cursor()) == []
        row = owner.execute(
            "SELECT count(*) FROM blind b FULL JOIN record r USING (subject_id, record_id)"
            " WHERE r.record_id IS NULL OR (b.record_id IS NULL AND r.item = 'email')"
        ).fetchone()
        assert row == (0,)


def test_a_turn_waits_for_a_process_that_has_not_loaded_it(installation: Installation, desk: Desk) -> None:
    desk.keep(record())
    with pytest.raises(UnavailableError, match="does not load"):
        turn(installation, patience=3)
    assert installation.roots(Store.LIVE).epochs() == (1, 2)
    assert turn(installation, desk.keys).epoch == 2


def test_a_process_past_its_lease_refuses(installation: Installation) -> None:
    seconds = [0.0]
    with installation.connect(Store.LIVE, "wordkept_gate", autocommit=True) as connection:
        keys = Keyring(
            connection, installation.roots(Store.LIVE), installation.binding(Store.LIVE), tick=lambda: seconds[0]
        )
        named = Named("0" * 32, "1" * 32, "email", 1)
        value = keys.seal(named, b"x")
        seconds[0] = 61
        with pytest.raises(UnavailableError, match="lease"):
            keys.seal(named, b"x")
        with pytest.raises(UnavailableError, match="lease"):
            keys.open(named, value)
        keys.refresh()
        assert keys.open(named, value) == b"x"


def test_two_do_not_turn_one_epoch(installation: Installation) -> None:
    with installation.connect(Store.LIVE, EPOCH, autocommit=True) as first:
        first.execute("SELECT pg_advisory_lock(%s)", (epoch._LOCK,))
        with pytest.raises(UnavailableError, match="another process"):
            turn(installation)


def test_a_turn_is_refused_where_commits_can_be_lost(installation: Installation) -> None:
    with installation.connect(Store.LIVE, EPOCH, autocommit=True) as connection:
        connection.execute("SET synchronous_commit = off")
        turning = Turn(
            connection, installation.roots(Store.LIVE), installation.binding(Store.LIVE), Journal(), NOW,
            wait=lambda: None,
        )  # fmt: skip
        with pytest.raises(UnavailableError, match="synchronous_commit"):
            turning.run()
    assert installation.roots(Store.LIVE).epochs() == (1,)


def test_nobody_can_open_a_shard_under_an_epoch_that_ended(installation: Installation, desk: Desk) -> None:
    desk.keys.seal(Named("0" * 32, "1" * 32, "email", 1), b"x")
    stale = desk.keys._epochs
    turn(installation, desk.keys)
    desk.keys._epochs = stale  # as a process would that missed the turn
    with installation.connect(Store.LIVE, OWNER, autocommit=True) as owner:
        owner.execute("UPDATE shard SET used = 4096")
    desk.keys._block = None
    one = record()
    desk.keep(one)
    assert stored(desk) == {one.id: b"kim@example.org"}
    with installation.connect(Store.LIVE, OWNER) as owner:
        assert owner.execute("SELECT DISTINCT epoch FROM shard_generation").fetchall() == [(2,)]


def test_the_separate_store_turns_on_its_own(installation: Installation) -> None:
    assert turn(installation, store=Store.SEPARATE).epoch == 2
    assert installation.roots(Store.SEPARATE).epochs() == (2,)
    assert installation.roots(Store.LIVE).epochs() == (1,)


def test_a_vanished_generation_is_read_again_and_is_no_corruption(installation: Installation, desk: Desk) -> None:
    gone, stays = record(), record("gender")
    subject = desk.keep(gone, stays)
    with desk.transaction():
        changes.destroy(desk.cursor, subject, [gone.id])

    def read() -> list[values.Held]:
        person = values.read(desk.cursor, subject)
        desk.connection.commit()
        assert person is not None
        return list(person.held)

    answers = [read()]

    def once() -> list[values.Held]:
        return answers.pop() if answers else read()

    turn(installation, desk.keys)
    desk.keys._shards.clear()
    assert values.read_and_open(desk.keys, once)[1] == [b"kim@example.org"]
    assert not answers


def test_a_wrapped_key_is_bound_to_where_it_stands(desk: Desk) -> None:
    named = Named("0" * 32, "1" * 32, "email", 1)
    value = desk.keys.seal(named, b"x")
    other = Named("0" * 32, "2" * 32, "email", 1)
    with pytest.raises(BrokenError):
        desk.keys.open(other, value)
    moved = SealedValue(value.sealed, value.digest, value.shard, value.generation, value.wrapped[:-1] + b"\0")
    with pytest.raises(BrokenError):
        desk.keys.open(named, moved)


def test_days_are_what_they_were(desk: Desk) -> None:
    one = record(keep_until=None, use_until=date(2099, 12, 31), not_before=DAY)
    person = values.read(desk.cursor, desk.keep(one))
    assert person is not None
    assert person.held[0].record == one
