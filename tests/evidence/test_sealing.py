"""Sealing: one order, nothing signed that is not durable, and no log continued that is not the same."""

from __future__ import annotations

import random
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from tests.evidence.conftest import NOW, ORIGIN, Database, Installation

from wordkept.evidence import checkpoint
from wordkept.evidence.census import census
from wordkept.evidence.journal import Journal
from wordkept.evidence.log import seal
from wordkept.evidence.note import new_signer
from wordkept.evidence.predicate import Predicate
from wordkept.evidence.statement import Body, read_body, state
from wordkept.evidence.tiles import Tiles, tile_path
from wordkept.evidence.tree import EMPTY_ROOT, check_consistency, consistency_proof
from wordkept.terms import BrokenError, UnavailableError


class PowerCutError(Exception):
    """The machine stops here."""


@pytest.fixture
def cut(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """The machine stops after the commit, before anything is signed."""
    with monkeypatch.context() as patch:
        patch.setattr(Tiles, "publish", _stop)
        yield patch


def test_an_empty_log_is_signed_before_anything_is_sealed(installation: Installation) -> None:
    sealed = installation.seal()
    assert (sealed.log, sealed.size, sealed.added, sealed.opened) == (1, 0, 0, False)
    signed = checkpoint.read(installation.checkpoint(), installation.signer.verifier())
    assert signed == checkpoint.Checkpoint(ORIGIN, 0, EMPTY_ROOT)


def test_every_checkpoint_is_a_beginning_of_every_later_one(installation: Installation) -> None:
    seen = []
    for size in (1, 3, 250, 300, 1, 700):
        installation.fill(size)
        seen.append(checkpoint.read(installation.checkpoint(), installation.signer.verifier()))
    tiles = Tiles(installation.folder, 1)
    for old in seen:
        for new in seen:
            if old.size <= new.size:
                check_consistency(
                    old.size, new.size, consistency_proof(tiles.node, old.size, new.size), old.root, new.root
                )
    report = installation.verify()
    assert report.holds
    assert (report.entries, report.unsealed, report.anchored) == (1255, 0, True)


def test_tiles_lie_where_the_specification_says() -> None:
    assert tile_path(0, 0) == "tile/0/000"
    assert tile_path(0, 273, 112) == "tile/0/273.p/112"
    assert tile_path(2, 1234067) == "tile/2/x001/x234/067"


def test_only_the_widest_partial_tile_stays(installation: Installation) -> None:
    installation.fill(10, 20, 300, 7)
    top = installation.folder / "1"
    files = {path.relative_to(top).as_posix() for path in top.rglob("*") if path.is_file()}
    assert files == {"tile/0/000", "tile/0/001.p/81", "tile/1/000.p/1", "checkpoint"}


def test_a_late_commit_is_sealed(installation: Installation) -> None:
    with psycopg.connect(installation.dsn) as slow:
        early = Journal()
        early.append(slow.cursor(), [state(Predicate.COLLECTED, NOW, Body())])
        installation.fill(5)
        slow.commit()
        assert installation.seal().added == 1
    assert installation.verify().holds


def test_any_order_of_appending_is_a_log(databases: Database, tmp_path: Path) -> None:
    for name, order in (("a", (1, 400, 2)), ("b", (2, 1, 400))):
        one = Installation(databases(), tmp_path / name)
        journals = [Journal() for _ in order]
        for journal, size in zip(journals, order, strict=True):
            with journal.transaction(one.connection):
                journal.append(one.connection.cursor(), [state(Predicate.USED, NOW, Body())] * size)
        assert one.seal().added == 403
        assert one.verify().holds
        one.close()


def test_portions_make_the_same_log_as_one(installation: Installation) -> None:
    installation.say(*[Predicate.USED] * 25_000)
    sealed = seal(installation.connection, installation.signer, installation.folder, NOW, portion=10_000)
    assert sealed.added == 25_000
    assert installation.verify().holds


def test_two_sealers_and_many_writers_never_fork(installation: Installation) -> None:
    installation.seal()
    stop, seen = threading.Event(), []

    def write() -> None:
        with psycopg.connect(installation.dsn, autocommit=True) as own:
            journal = Journal()
            for at in range(60):
                with journal.transaction(own):
                    journal.append(own.cursor(), [state(Predicate.USED, NOW, Body())] * (at % 7 + 1))

    def run() -> None:
        with psycopg.connect(installation.dsn, autocommit=True) as own:
            while not stop.is_set():
                seal(own, installation.signer, installation.folder, NOW)
                seen.append(installation.checkpoint())

    sealers = [threading.Thread(target=run) for _ in range(2)]
    writers = [threading.Thread(target=write) for _ in range(3)]
    for thread in sealers + writers:
        thread.start()
    for thread in writers:
        thread.join()
    stop.set()
    for thread in sealers:
        thread.join()
    last = installation.seal()
    assert (last.log, last.size, last.opened) == (1, 3 * sum(at % 7 + 1 for at in range(60)), False)
    for note in dict.fromkeys(seen):
        assert installation.verify(note).holds


def test_a_crash_between_commit_and_signing_heals(installation: Installation) -> None:
    installation.fill(300)
    before = installation.checkpoint()
    installation.say(*[Predicate.USED] * 300)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Tiles, "extend", _stop)
        with pytest.raises(PowerCutError):
            installation.seal()
    assert installation.checkpoint() == before
    assert installation.verify().holds
    sealed = installation.seal()
    assert (sealed.log, sealed.size, sealed.opened) == (1, 600, False)
    assert checkpoint.read(installation.checkpoint(), installation.signer.verifier()).size == 600
    assert installation.verify(before).holds


def test_a_crash_before_the_first_signature_heals(installation: Installation, cut: pytest.MonkeyPatch) -> None:
    installation.say(Predicate.USED)
    with pytest.raises(PowerCutError):
        installation.seal()
    cut.undo()
    sealed = installation.seal()
    assert (sealed.log, sealed.size, sealed.opened) == (1, 1, False)
    assert installation.verify().holds


def test_lost_tiles_are_made_again_when_the_log_grows(installation: Installation) -> None:
    installation.fill(300)
    for path in (installation.folder / "1" / "tile").rglob("*"):
        if path.is_file():
            path.unlink()
    installation.say(Predicate.USED)
    sealed = installation.seal()
    assert (sealed.log, sealed.size, sealed.opened) == (1, 301, False)
    assert Tiles(installation.folder, 1).frontier(301).root().hex() == installation.verify().logs[0].root


def test_a_restored_database_opens_a_new_log_that_names_the_last_checkpoint(
    installation: Installation, databases: Database
) -> None:
    installation.fill(40)
    installation.close()
    backup, oldest = databases(installation.dsn), databases(installation.dsn)
    later = Installation(installation.dsn, installation.folder, installation.signer)
    later.fill(300)
    lost = later.checkpoint()
    back = later.restored(backup)
    assert {finding.kind for finding in back.verify().findings} == {"truncated"}
    back.say(Predicate.USED)
    sealed = back.seal()
    assert (sealed.log, sealed.size, sealed.added, sealed.opened) == (2, 2, 2, True)
    first = back.connection.execute(
        "SELECT s.body FROM log_entry e JOIN statement s USING (connection, number) WHERE log = 2 AND position = 0"
    ).fetchone()
    assert first is not None
    known = checkpoint.read(lost, installation.signer.verifier())
    assert read_body(first[0]) == Body(log=ORIGIN, size=340, root=known.root.hex())
    assert checkpoint.read(back.checkpoint(2), installation.signer.verifier().named(f"{ORIGIN}/2")).size == 2
    for report, times in ((back.verify(), 1), (back.verify(lost), 2)):
        assert [finding.kind for finding in report.findings] == ["truncated"] * times
        assert "40 to 339 are gone; log 2 says that it was opened after a restore" in report.findings[0].said
    assert not back.seal().opened
    again = back.restored(oldest)
    assert again.seal().log == 3
    found = [(finding.kind, finding.log) for finding in again.verify().findings]
    assert found == [("truncated", 1), ("behind", 2)]
    again.close()


def test_a_copy_that_went_its_own_way_opens_a_new_log(installation: Installation, databases: Database) -> None:
    installation.fill(10)
    installation.close()
    fork = Installation(databases(installation.dsn), installation.folder, installation.signer)
    kept = Installation(installation.dsn, installation.folder, installation.signer)
    kept.fill(5)
    fork.say(*[Predicate.REFUSED] * 5)
    sealed = fork.seal()
    assert (sealed.log, sealed.opened) == (2, True)
    kept.close()
    fork.close()


def test_a_lost_folder_opens_a_new_log(installation: Installation) -> None:
    installation.fill(3)
    elsewhere = Installation(installation.dsn, installation.folder.with_name("empty"), installation.signer)
    sealed = elsewhere.seal()
    assert (sealed.log, sealed.opened) == (2, True)
    report = elsewhere.verify()
    assert report.holds
    assert [one.agreed_at for one in report.logs] == [(), (1,)]
    elsewhere.close()


def test_an_opening_that_a_crash_cut_off_is_told_by_the_run_that_ends_it(installation: Installation) -> None:
    installation.fill(3)
    elsewhere = Installation(installation.dsn, installation.folder.with_name("empty"), installation.signer)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Tiles, "publish", _stop)
        with pytest.raises(PowerCutError):
            elsewhere.seal()
    sealed = elsewhere.seal()
    assert (sealed.log, sealed.added, sealed.opened) == (2, 1, True)
    assert not elsewhere.seal().opened
    elsewhere.close()


def test_a_foreign_checkpoint_is_not_continued(installation: Installation) -> None:
    installation.fill(3)
    installation.signer = new_signer(ORIGIN)
    with pytest.raises(BrokenError, match="no signature"):
        installation.seal()


def test_nothing_is_sealed_where_commits_are_not_durable(installation: Installation) -> None:
    installation.say(Predicate.USED)
    installation.connection.execute("SET synchronous_commit = off")
    with pytest.raises(UnavailableError, match="durable"):
        installation.seal()
    assert not (installation.folder / "1").exists()


def test_sealing_within_a_transaction_is_refused(installation: Installation) -> None:
    with installation.connection.transaction(), pytest.raises(UnavailableError, match="transaction"):
        installation.seal()


def test_a_folder_that_cannot_be_written_is_the_operators(installation: Installation) -> None:
    installation.folder.write_text("a file")
    with pytest.raises(UnavailableError, match="folder"):
        installation.seal()


def test_the_grants_that_the_schema_lists_are_enough_to_seal_and_to_verify(installation: Installation) -> None:
    installation.seal()
    run = installation.connection.execute
    run("CREATE ROLE sealer")
    run("CREATE ROLE reader")
    run("GRANT SELECT, INSERT ON statement, log_entry TO sealer")
    run("GRANT SELECT, DELETE ON pending TO sealer")
    run("GRANT SELECT, INSERT, UPDATE ON log_head TO sealer")
    run("GRANT INSERT ON pending TO sealer")
    run("GRANT SELECT ON statement, pending, log_entry, log_head, statement_dropped, record TO reader")
    for folder in ("outside", "another"):
        run("RESET ROLE")
        installation.folder = installation.folder.with_name(folder)
        installation.say(*[Predicate.USED] * 20)
        run("SET ROLE sealer")
        assert installation.seal().added >= 20
        for command in ("DELETE FROM log_entry", "UPDATE log_entry SET position = 1", "DELETE FROM statement"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                run(command)
        run("SET ROLE reader")
        assert installation.verify().holds
        assert census(installation.connection).records == 0
    run("RESET ROLE")
    run("DROP OWNED BY sealer, reader")
    run("DROP ROLE sealer, reader")


def test_a_database_that_is_gone_is_the_operators(installation: Installation) -> None:
    installation.fill(1)
    with psycopg.connect(installation.dsn, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [installation.connection.info.backend_pid])
    with pytest.raises(UnavailableError, match="sealing"):
        installation.seal()


SEALER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
import psycopg
from wordkept.evidence.log import seal
from wordkept.evidence.note import load_signer
dsn, key, folder = sys.argv[1:]
with psycopg.connect(dsn, autocommit=True) as connection:
    while True:
        seal(connection, load_signer(Path(key)), Path(folder), datetime(2026, 11, 24, tzinfo=UTC))
"""


def test_a_sealer_that_is_killed_at_any_point_loses_nothing(installation: Installation, tmp_path: Path) -> None:
    key, chance, said = tmp_path / "log.key", random.Random(7), 0
    installation.signer.save(key)
    installation.seal()
    for _ in range(6):
        before = installation.checkpoint()
        command = [sys.executable, "-c", SEALER, installation.dsn, str(key), str(installation.folder)]
        with subprocess.Popen(command) as sealer:
            more = chance.randrange(10, 80)
            while more:
                installation.say(*[Predicate.USED] * 3)
                said += 3
                more -= installation.checkpoint() != before
            sealer.kill()
        assert installation.verify().holds
    sealed = installation.seal()
    assert (sealed.log, sealed.size, sealed.opened) == (1, said, False)
    assert installation.verify().holds


def _stop(*_: object) -> None:
    raise PowerCutError
