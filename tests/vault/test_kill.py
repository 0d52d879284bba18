"""kill -9 of a worker or of the server at seeded calls: nothing acknowledged is lost, no half state, no one returns."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.vault import kill_worker
from tests.vault.conftest import BODY, NOW

from wordkept.vault import values
from wordkept.vault.access import AUDITOR
from wordkept.vault.formats import Store
from wordkept.vault.installation import Installation
from wordkept.vault.separation import Separation
from wordkept.vault.server import OWNER

EVERYTHING = """
    SELECT r.subject_id, r.record_id, item, purpose, matter, method, source, statute, version, rev, state, frozen,
           released_on, edition, collected_on, after, use_until, keep_until, not_before, digest, sealed, shard,
           generation, wrapped
    FROM record r JOIN value_key k USING (subject_id, record_id, version)
"""
SEEDS = range(20)
TORTURE = range(1000, 1200)


class Ledger:
    """What a worker said, and so what may be true of each record."""

    def __init__(self) -> None:
        self.may_be: dict[str, set[str | None]] = {}
        self.away: set[str] = set()

    def hear(self, line: str) -> None:
        word, *rest = line.split()
        if word == "collecting":
            self.may_be[rest[0]] = {None, rest[1]}
        elif word == "correcting":
            self.may_be[rest[0]] = self.may_be[rest[0]] | {rest[1]}
        elif word == "kept":
            self.may_be[rest[0]] = {rest[1]}
        elif word == "destroying":
            self.may_be[rest[0]] = self.may_be[rest[0]] | {None}
        elif word == "destroyed":
            self.may_be[rest[0]] = {None}
        elif word == "separated":
            self.away.add(rest[0])


def command(folder: Path, seed: int, whom: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.vault.kill_worker", str(folder), str(seed), whom],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(Path(__file__).parents[2] / "src"), *sys.path])},
    )  # fmt: skip


@pytest.fixture(scope="module")
def ground(room: Path) -> Iterator[Path]:
    folder = room / "killed"
    with Installation.open(folder):
        yield folder
    shutil.rmtree(folder)


def everything(installation: Installation) -> dict[str, list[tuple[Store, str]]]:
    """Every value in both stores, opened, by its record."""
    found: dict[str, list[tuple[Store, str]]] = {}
    for store in Store:
        role = "wordkept_gate" if store is Store.LIVE else "wordkept_keeper"
        with installation.connect(store, OWNER) as owner, installation.keyring(store, role) as keys:
            held = list(values.held_of(owner.execute(EVERYTHING.encode()).fetchall()))
            for one, value in zip(held, keys.open_many([(one.named, one.value) for one in held]), strict=True):
                found.setdefault(one.record.id, []).append((store, value.decode()))
            assert values.unpaired(owner.cursor()) == []
    return found


def audit(folder: Path, *ledgers: Ledger) -> None:
    with Installation.open(folder) as installation:
        before = everything(installation)
        with Separation(installation) as mover:
            mover.recover(NOW, BODY)
        for store in Store:
            kill_worker.turn(installation, store)
        after = everything(installation)
        with installation.connect(Store.LIVE, AUDITOR) as auditor:
            assert values.counts(auditor.cursor()).get("leaving", 0) == 0
        for ledger in ledgers:
            for name, may_be in ledger.may_be.items():
                for found in (before, after):
                    copies: set[str | None] = {value for _, value in found.get(name, [])}
                    copies = copies or {None}
                    assert len(copies) == 1, "two different values of one record"
                    assert copies <= may_be, (name, copies, may_be)
                assert len(after.get(name, [])) <= 1, "in both stores"
            for name in ledger.away:
                assert all(store is Store.SEPARATE for store, _ in after.get(name, [])), "it came back"
                assert Store.SEPARATE in {store for store, _ in before.get(name, [])} or None in ledger.may_be[name]
        with installation.connect(Store.LIVE, OWNER, autocommit=True) as owner:
            query = "SELECT count(*) FROM blind b FULL JOIN (SELECT * FROM record WHERE item = 'email') r"
            both = " USING (subject_id, record_id) WHERE b.record_id IS NULL OR r.record_id IS NULL"
            assert owner.execute((query + both).encode()).fetchone() == (0,)


def run(folder: Path, seed: int, whom: str) -> None:
    ledger = Ledger()
    with command(folder, seed, whom) as worker:
        assert worker.stdout is not None
        assert worker.stderr is not None
        for line in worker.stdout:
            ledger.hear(line)
        told = worker.stderr.read()
        assert worker.wait() == -9, told
    assert ledger.may_be
    audit(folder, ledger)


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_acknowledged_is_lost_by_a_kill(ground: Path, seed: int) -> None:
    run(ground, seed, "server" if seed % 4 == 3 else "self")


@pytest.mark.torture
@pytest.mark.parametrize("seed", TORTURE)
def test_nothing_acknowledged_is_lost_by_two_hundred_kills(ground: Path, seed: int) -> None:
    run(ground, seed, "server" if seed % 4 == 3 else "self")


def test_a_writer_beside_the_killed_ones_loses_nothing(ground: Path) -> None:
    beside = Ledger()
    with command(ground, 99, "none") as writer:
        assert writer.stdout is not None
        lines: list[str] = []
        listening = threading.Thread(target=lambda: lines.extend(writer.stdout or ()))
        listening.start()
        for seed in (101, 102, 104):
            run(ground, seed, "self")
        assert writer.poll() is None, writer.stderr and writer.stderr.read()
        writer.kill()
        writer.wait()
        listening.join()
    for line in lines:
        if line.endswith("\n"):
            beside.hear(line)
    assert len(beside.may_be) > 20
    audit(ground, beside)
