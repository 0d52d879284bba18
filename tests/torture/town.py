"""A town under torture: one installation, rounds of concurrent processes of which something is killed, and a model.

The model knows only what was acknowledged. After each round and its recovery the installation is compared with it, and
with itself. What is *not* here: what the processes do (``actor``).
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import Any, Final

from tests.gate.conftest import assert_whole
from tests.torture.actor import kill_server
from tests.torture.clock import ROOT, at, day_of, policy, short_leases

from wordkept.gate import Asked, Gate, Happening
from wordkept.record import Actor, Request
from wordkept.terms import Act, Choice, Effect, Role, State
from wordkept.texts import shown_on
from wordkept.vault.access import AUDITOR
from wordkept.vault.formats import Store
from wordkept.vault.installation import Installation
from wordkept.vault.server import OWNER
from wordkept.worker import run

LEAVERS: Final = 24
"""Of each round: as many are to be separated, have a record to be destroyed, and a tax record to be kept."""
FIVE_YEARS: Final = 10
"""Rounds after which the tax records of those who left are over too."""
WINDOW: Final = 1.0
"""Seconds for which everybody works at once, at least."""
PATIENCE: Final = 120.0
KINDS: Final = {
    "write": ("write", (("act.", 25), ("act.committed", 9))),
    "forget": ("forget", (("wish.", 8), ("separation.closed", 4), ("person.told", 4), ("act.committed", 6))),
    "sweep": ("apply", (("sweep.", 5),)),
    "separation": ("apply", (("separation.", 14),)),
    "epoch": ("epoch", (("epoch.", 14),)),
}
"""Of each kind of victim: its role, and where it may be killed, at most at which time it gets there."""


class Town:
    """One installation and what must be true of it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.policy = folder, policy()
        self.round = self.killed = 0
        self.shown: dict[tuple[str, str], set[str | None]] = {}
        """What a person may be shown of an item: what was acknowledged, and what was under way when a process died."""
        self.leavers: dict[str, int] = {}
        self.disputed: dict[str, bool | None] = {}
        self.running: list[Running] = []
        self.there: set[str] = set()
        self.gone: set[str] = set()
        short_leases()
        self.installation = Installation.open(folder)

    def end(self) -> None:
        """Let nobody go on, whatever came out."""
        for one in self.running:
            if one.process.poll() is None:
                one.process.kill()
            one.process.wait()
        self.installation.close()

    def torture(self, seed: int) -> None:
        """One round: prepare, let everybody work, kill, recover, compare."""
        draw = random.Random(f"torture {seed}")
        kind = list(KINDS)[seed % len(KINDS)]
        role, places = KINDS[kind]
        point, most = draw.choice(places)
        whom = draw.choice(["self", "server"])
        by_time = draw.random() < 0.3
        kill = "none" if by_time else f"{whom}:{point}:{draw.randint(1, most)}"
        plan = f"seed {seed}: {kind}, {whom} killed " + (f"after a while, {by_time}" if by_time else f"at {kill}")
        try:
            left = self.prepare(ran=kind == "forget")
            journals = self.work(seed, role, kill, left, (whom, draw.uniform(0.0, 0.9)) if by_time else None)
            self.read(journals)
            self.recover(epoch=kind == "epoch")
            self.compare()
        except BaseException as error:
            error.add_note(f"{plan}; round {self.round} of {self.folder}")
            raise
        self.round += 1

    @property
    def day(self) -> date:
        return day_of(self.round)

    # Before.

    def prepare(self, *, ran: bool) -> list[str]:
        """People who left yesterday: the run of today owes each of them three deeds, and did them if it ``ran``."""
        now = at(date.fromordinal(self.day.toordinal() - 1))
        with Gate(self.installation, self.policy) as gate:
            people = [gate.new_subject(now) for _ in range(LEAVERS)]
            events: list[Happening] = []
            for one in people:
                for to in ("table", "marketing"):
                    shown = shown_on(self.policy, gate.day(now), to)
                    events.append(Happening(one, "consent", None, to, Choice.GIVEN, shown=shown))
                events.append(Happening(one, "service.subscribed"))
            gate.happen(events, now)
            asks = []
            for n, one in enumerate(people):
                for purpose, item, value, by in (
                    ("identification", "email", f"left{n}.{self.round}@example.kr", Role.MEMBER),
                    ("marketing", "mobile_phone", f"010-{n:04}-{self.round:04}", Role.MEMBER),
                    ("tax-record", "rrn", f"{n:06}-{self.round:07}", Role.SYSTEM),
                ):
                    ask = Request(act=Act.COLLECT, items=(item,), by=Actor(by, name="town"), on=self.day,
                                  purpose=purpose, method="website")  # fmt: skip
                    asks.append(Asked(one, ask, {item: value}))
                    self.shown[one, item] = {None if item == "mobile_phone" else value}
            assert all(one.decision.effect is Effect.ALLOW for one in gate.perform_many(asks, now))
            gate.happen([Happening(one, "service.terminated") for one in people], now)
            if ran:
                run.make(gate, self.folder / "plan.jsonl", at(self.day, 0))
                run.apply(gate, self.folder / "plan.jsonl", at(self.day, 0))
        self.leavers.update(dict.fromkeys(people, self.round))
        return people

    # Meanwhile.

    def work(self, seed: int, role: str, kill: str, left: list[str], by_time: tuple[str, float] | None) -> list[Path]:
        """Everybody at once; returns their journals, the victim's last."""
        (self.folder / "stop").unlink(missing_ok=True)
        halves = (left[:4], left[4:8])
        crowd = [self.start(seed, f"w{n}", "write", "none", some) for n, some in enumerate(halves)]
        for one in crowd:
            one.ready()
        victim = self.start(seed, "victim", role, kill, left[8:16] if role == "forget" else [])
        victim.ready()
        begun, before = time.monotonic(), self.killed
        while time.monotonic() < begun + WINDOW:
            if by_time and time.monotonic() > begun + by_time[1]:
                if by_time[0] == "self":
                    victim.process.kill()
                else:
                    kill_server(self.folder)
                by_time = None
            self.keep_alive()
            time.sleep(0.05)
        if self.killed == before and victim.process.poll() in {None, 0} and role != "epoch":
            kill_server(self.folder)  # the place was never reached, or not yet: nobody goes unharmed
            self.keep_alive()
        if role in {"write", "forget"}:
            (self.folder / "stop").touch()
        self.wait(victim)
        (self.folder / "stop").touch()
        for one in crowd:
            self.wait(one)
            assert one.process.returncode == 0, one.complaint()
        assert victim.process.returncode in {0, -signal.SIGKILL}, victim.complaint()
        self.killed += victim.process.returncode != 0
        return [one.journal for one in (*crowd, victim)]

    def start(self, seed: int, name: str, role: str, kill: str, left: list[str]) -> Running:
        self.running.append(Running(self.folder, self.round, seed, name, role, kill, left))
        return self.running[-1]

    def keep_alive(self) -> None:
        """Start the server again if somebody killed it."""
        server = self.installation.server
        assert server is not None
        if not server.answers():
            self.killed += 1
            server.start()

    def wait(self, one: Running) -> None:
        until = time.monotonic() + PATIENCE
        while one.process.poll() is None:
            assert time.monotonic() < until, f"{one.name} does not end"
            self.keep_alive()
            time.sleep(0.05)

    # What was acknowledged.

    def read(self, journals: list[Path]) -> None:
        """Take over what was acknowledged.

        Of what was under way when its process died, the store says itself whether it was decided: then all of it must
        be, else nothing. Of a batch or an event either may be.
        """
        for file in journals:
            under_way: dict[str, Any] | None = None
            for line in file.read_text(encoding="utf-8").splitlines():
                said = json.loads(line)
                assert "wrong" not in said, f"{file.name}: {said}"
                if "means" in said:
                    under_way = said
                elif under_way is not None:
                    self.take(under_way, sure=True)
                    under_way = None
            if under_way is not None and "request" not in under_way:
                self.take(under_way, sure=False)
            elif under_way is not None and self.decided(under_way["request"]):
                self.take(under_way, sure=True)

    def decided(self, request: str) -> bool:
        self.keep_alive()
        with self.installation.connect(Store.LIVE, OWNER) as owner:
            return owner.execute("SELECT FROM request WHERE request_id = %s", (request,)).fetchone() is not None

    def take(self, said: dict[str, Any], *, sure: bool) -> None:
        if said["do"] == "batch":
            for subject, value in said["values"].items():
                self.set(subject, said["item"], value, sure=sure)
        elif said["do"] == "set":
            self.set(said["subject"], said["item"], said["value"], sure=sure)
        elif said["do"] == "delete":
            self.set(said["subject"], said["item"], None, sure=sure)
        elif said["do"] == "dispute":
            self.disputed[said["subject"]] = True if sure else None

    def set(self, subject: str, item: str, value: str | None, *, sure: bool) -> None:
        before = set[str | None]() if sure else self.shown.get((subject, item), {None})
        self.shown[subject, item] = {*before, value}

    # Afterwards.

    def recover(self, *, epoch: bool) -> None:
        """What the next start and the next run do; a late worker has made no use lawful before them."""
        self.keep_alive()
        now = at(self.day, 1)
        with Gate(self.installation, self.policy) as gate:
            late = [one for one, left in self.leavers.items() if left == self.round]
            uses = [
                Asked(one, Request(act=Act.USE, items=(item,), by=Actor(Role.SYSTEM, name="town"), on=self.day,
                                   purpose=purpose))
                for one in late[:6] for purpose, item in (("bill-sending", "email"), ("marketing", "mobile_phone"))
            ]  # fmt: skip
            assert all(one.decision.effect is Effect.DENY for one in gate.read_many(uses, now))
            gate.settle(now)
            if epoch:
                gate.turn_epoch(now)
            file = self.folder / "plan.jsonl"
            run.make(gate, file, now)
            run.apply(gate, file, now)
            assert run.make(gate, file, now).foot.records == 0
            for one in [one for one, is_open in self.disputed.items() if is_open is None]:
                self.disputed[one] = gate.history(one).is_open("dispute")
        for one, left in self.leavers.items():
            if left < self.round and not self.disputed.get(one):
                self.shown[one, "email"] = {None}
            if left <= self.round - FIVE_YEARS and not self.disputed.get(one):
                self.shown[one, "rrn"] = {None}

    def compare(self) -> None:
        now = at(self.day, 2)
        with Gate(self.installation, self.policy) as gate:
            assert_whole(gate, self.day)
            assert gate.counts()["leaving"] == 0
            self.nothing_is_left_over()
            self.everything_acknowledged_is_there(gate, now)
            self.what_was_to_be_separated_is()
        there = self.records()
        assert not there.keys() & self.gone, "somebody came back"
        self.gone |= self.there - there.keys()
        self.there = set(there)
        for store in Store:
            assert len(self.installation.roots(store).epochs()) == 1

    def everything_acknowledged_is_there(self, gate: Gate, now: Any) -> None:
        wanted = list(self.shown)
        asks = [
            Asked(subject, Request(act=Act.VIEW, items=(item,), by=Actor(Role.MEMBER, name="town"), on=self.day))
            for subject, item in wanted
        ]
        for key, outcome in zip(wanted, gate.read_many(asks, now), strict=True):
            found = [value.decode() for value in outcome.values.get(key[1], ())]
            assert len(found) <= 1, f"{key} is there twice"
            value = found[0] if found else None
            assert value in self.shown[key], f"{key}: {value} is shown, acknowledged was {self.shown[key]}"
            self.shown[key] = {value}
        for key in random.Random(self.round).sample(wanted, min(20, len(wanted))):
            ((value,), live) = (self.shown[key], key[0] not in self.leavers)
            if value and live and key[1] in {"email", "mobile_phone"}:
                assert key[0] in gate.find(key[1], value, now)

    def what_was_to_be_separated_is(self) -> None:
        with self.installation.connect(Store.SEPARATE, AUDITOR) as auditor:
            apart = auditor.execute("SELECT subject_id, item FROM record").fetchall()
        left = {one for one in self.leavers if self.shown[one, "email"] != {None}}
        assert {one for one, item in apart if item == "email"} == left
        kept = {one for one in self.leavers if self.shown[one, "rrn"] != {None}}
        assert {one for one, item in apart if item == "rrn"} == kept, "destroyed before its time"

    def nothing_is_left_over(self) -> None:
        with self.installation.connect(Store.LIVE, OWNER) as owner:
            assert owner.execute("SELECT count(*) FROM wish").fetchone() == (0,)
            assert owner.execute("SELECT count(*) FROM subject WHERE stale").fetchone() == (0,)

    def records(self) -> dict[str, State]:
        found: dict[str, State] = {}
        for store in Store:
            with self.installation.connect(store, AUDITOR) as auditor:
                found |= {one: State(state) for one, state in auditor.execute("SELECT record_id, state FROM record")}
        return found


class Running:
    """One process of a round."""

    def __init__(self, folder: Path, round_: int, seed: int, name: str, role: str, kill: str, left: list[str]) -> None:
        self.name = name
        self.journal = folder / f"journal-{round_}-{name}"
        command = [sys.executable, str(Path(__file__).with_name("actor.py")), str(folder), str(round_), str(seed)]
        path = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
        self.errors = self.journal.with_name(f"{self.journal.name}.errors")
        with self.errors.open("w") as errors:
            self.process = subprocess.Popen(
                [*command, name, role, kill, str(self.journal)],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True,
                env={**os.environ, "PYTHONPATH": path},
            )  # fmt: skip
        assert self.process.stdin is not None
        with self.process.stdin as source:
            source.write("\n".join(left))

    def ready(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as told:
            assert told.readline() == "ready\n", self.complaint()

    def complaint(self) -> str:
        return f"{self.name}: {self.errors.read_text()}"


@contextmanager
def town() -> Iterator[Town]:
    """A town in a folder of its own, which its server's account can enter."""
    folder = Path(tempfile.mkdtemp(prefix="wk-"))
    folder.chmod(0o711)
    made = Town(folder)
    try:
        yield made
    finally:
        made.end()
        with suppress(OSError):
            shutil.rmtree(folder)
