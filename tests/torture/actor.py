"""One process of a torture run: a writer that acknowledges what was done, or a worker, killed at a seeded place.

Usage: ``python actor.py FOLDER ROUND SEED NAME ROLE KILL JOURNAL``, where ROLE is ``write``, ``forget``, ``apply`` or
``epoch``, KILL is ``none``, ``self:POINT:N`` or ``server:POINT:N`` (the Nth time that a point whose name begins so is
reached) and JOURNAL the file to write to. It reads the people who left, one pseudonym a line, from standard input, says
``ready``, and works; writers until a file ``stop`` is in the folder.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from tests.torture.clock import at, day_of, policy, short_leases

from wordkept.gate import Asked, Gate, Happening, sweeping
from wordkept.record import Actor, ImpossibleEventError, Request
from wordkept.terms import Act, Choice, Effect, Role, UnavailableError
from wordkept.texts import shown_on
from wordkept.vault import points
from wordkept.vault.installation import Installation
from wordkept.worker import run

ITEMS = ("email", "mobile_phone", "gender")
PATIENCE = 90.0


def kill_server(folder: Path) -> None:
    """SIGKILL to every process of the installation's server, the postmaster first."""
    with contextlib.suppress(FileNotFoundError, ValueError, IndexError):
        (data,) = [Path(json.loads((folder / "installation.json").read_bytes())["data"])]
        postmaster = int((data / "postmaster.pid").read_text().split()[0])
        children = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
        for pid in (postmaster, *map(int, children)):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def arm(kill: str, folder: Path) -> None:
    """Set the hook that kills."""
    if kill == "none":
        return
    whom, point, number = kill.split(":")
    left = int(number)

    def hook(here: str) -> None:
        nonlocal left
        if here.startswith(point):
            left -= 1
            if left == 0 and whom == "self":
                os.kill(os.getpid(), signal.SIGKILL)
            elif left == 0:
                kill_server(folder)

    points.hook = hook


class Journal:
    """What a process meant to do and what was acknowledged; on disk before the next request."""

    def __init__(self, file: Path) -> None:
        self._out = file.open("a", encoding="utf-8")
        self.number = 0

    def means(self, **what: Any) -> int:
        self.number += 1
        self._put({"means": self.number, **what})
        return self.number

    def done(self, number: int) -> None:
        self._put({"done": number})
        os.fsync(self._out.fileno())

    def wrong(self, what: str) -> None:
        self._put({"wrong": what})

    def _put(self, what: dict[str, Any]) -> None:
        self._out.write(json.dumps(what) + "\n")
        self._out.flush()


class Writer:
    """Does one random thing after another about people of its own; asks again under the same id until it is done."""

    def __init__(self, gate: Gate, round_: int, seed: str, journal: Journal, leavers: list[str], stop: Path) -> None:
        self.gate, self.journal, self.stop = gate, journal, stop
        self.draw = random.Random(seed)
        self.seed, self.now, self.day = seed, at(day_of(round_)), day_of(round_)
        self.people: dict[str, dict[str, str]] = {}
        self.leavers = leavers
        self.made = 0

    def step(self) -> None:
        turn = self.draw.random()
        if not self.people or turn < 0.12:
            self.arrive()
        elif turn < 0.45:
            self.collect()
        elif turn < 0.6:
            self.correct()
        elif turn < 0.72:
            self.delete()
        elif turn < 0.8:
            self.batch()
        elif turn < 0.86 and self.leavers:
            self.forget()
        elif turn < 0.92 and self.leavers:
            self.dispute()
        else:
            self.look()

    def forget(self) -> None:
        """Somebody who left wants the rest gone, wherever it is by now."""
        subject = self.leavers.pop()
        request = self.request_id()
        number = self.journal.means(do="delete", subject=subject, item="email", request=request)
        if self.ask(subject, Act.DESTROY, "email", request=request) is Effect.ALLOW:
            self.journal.done(number)
        else:
            self.journal.wrong("somebody who left was not forgotten")

    def dispute(self) -> None:
        """Somebody who left opens a dispute: from now on nothing of theirs may go."""
        subject = self.leavers.pop()
        number = self.journal.means(do="dispute", subject=subject)
        self.happen(subject, "dispute.opened")
        self.journal.done(number)
        if self.ask(subject, Act.DESTROY, "email") is Effect.ALLOW:
            self.journal.wrong("what a dispute holds was destroyed")

    def arrive(self) -> None:
        subject = self.gate.new_subject(self.now)
        number = self.journal.means(do="arrive", subject=subject)
        self.happen(subject, "consent", "table", Choice.GIVEN)
        self.happen(subject, "service.subscribed")
        self.journal.done(number)
        self.people[subject] = {}

    def collect(self) -> None:
        subject, item = self.someone(), self.draw.choice(ITEMS)
        value = self.value(item)
        request = self.request_id()
        number = self.journal.means(do="set", subject=subject, item=item, value=value, request=request)
        if self.ask(subject, Act.COLLECT, item, value, request=request) is Effect.DENY:
            self.journal.wrong("a collection was denied")
        self.journal.done(number)
        self.people[subject][item] = value

    def correct(self) -> None:
        held = [(subject, item) for subject, its in self.people.items() for item in its]
        if held:
            subject, item = self.draw.choice(held)
            value = self.value(item)
            request = self.request_id()
            number = self.journal.means(do="set", subject=subject, item=item, value=value, request=request)
            if self.ask(subject, Act.CORRECT, item, value, request=request) is Effect.DENY:
                self.journal.wrong("a correction was denied")
            self.journal.done(number)
            self.people[subject][item] = value

    def delete(self) -> None:
        held = [(subject, item) for subject, its in self.people.items() for item in its]
        if held:
            subject, item = self.draw.choice(held)
            request = self.request_id()
            number = self.journal.means(do="delete", subject=subject, item=item, request=request)
            if self.ask(subject, Act.DESTROY, item, request=request) is Effect.DENY:
                self.journal.wrong("a deletion was denied")
            self.journal.done(number)
            del self.people[subject][item]

    def batch(self) -> None:
        """A whole batch is acknowledged at once, and it is all there or nothing of it is."""
        subjects = [self.someone() for _ in range(5)]
        wanted = {subject: self.value("email") for subject in subjects}
        number = self.journal.means(do="batch", item="email", values=wanted)
        asks = [self.asked(subject, Act.COLLECT, "email", value) for subject, value in wanted.items()]
        self.again(lambda: self.gate.perform_many(asks, self.now))
        self.journal.done(number)
        for subject, value in wanted.items():
            self.people[subject]["email"] = value

    def look(self) -> None:
        subject = self.someone()
        for item, value in self.people[subject].items():
            asked = self.asked(subject, Act.VIEW, item)
            (outcome,) = self.again(partial(self.gate.read_many, [asked], self.now))
            if outcome.values.get(item) != (value.encode(),):
                self.journal.wrong(f"{item} was acknowledged and is not what is shown")

    def someone(self) -> str:
        return self.draw.choice(list(self.people))

    def value(self, item: str) -> str:
        """A value like no other; of telephone numbers there are not so many."""
        self.made += 1
        if item == "mobile_phone":
            return f"010-{self.made:04}-{sum(self.seed.encode()) % 10_000:04}"
        return f"v{self.made}.{self.seed}@example.kr"

    def asked(self, subject: str, act: Act, item: str, value: str | None = None, request: str | None = None) -> Asked:
        collects = act is Act.COLLECT
        ask = Request(
            act=act, items=(item,), by=Actor(Role.MEMBER, name="writer"), on=self.day,
            purpose="identification" if collects else None, method="website" if collects else None,
        )  # fmt: skip
        given = {} if value is None else {item: value}
        return Asked(subject, ask, given, None if act is Act.VIEW else request or self.request_id())

    def request_id(self) -> str:
        return UUID(int=self.draw.getrandbits(128)).hex

    def ask(self, subject: str, act: Act, item: str, value: str | None = None, request: str | None = None) -> Effect:
        asked = self.asked(subject, act, item, value, request)
        (outcome,) = self.again(lambda: self.gate.perform_many([asked], self.now))
        effect: Effect = outcome.decision.effect
        return effect

    def happen(self, subject: str, kind: str, to: str | None = None, choice: Choice | None = None) -> None:
        shown = shown_on(self.gate.policy, self.gate.day(self.now), to) if to else None
        told = Happening(subject, kind, None, to, choice, self.request_id(), shown=shown)
        (done,) = self.again(lambda: self.gate.happen([told], self.now))
        if isinstance(done, ImpossibleEventError):
            self.journal.wrong(f"{kind} was impossible")

    def again(self, work: Callable[[], Any]) -> Any:
        """Ask until there is an answer; the store may be away for a while."""
        until = time.monotonic() + PATIENCE
        while True:
            try:
                return work()
            except UnavailableError:
                if time.monotonic() > until:
                    raise
                if self.stop.exists():
                    raise SystemExit from None
                time.sleep(0.05)


def work(gate: Gate, role: str, round_: int, folder: Path) -> None:
    """What a worker does, again and again where the store went away in between."""
    now = at(day_of(round_), 0)
    while True:
        try:
            if role == "epoch":
                gate.turn_epoch(now)
            else:
                run.make(gate, folder / "plan.jsonl", now)
                run.apply(gate, folder / "plan.jsonl", now)
            gate.seal(now)
        except UnavailableError:
            if (folder / "stop").exists():
                return
            time.sleep(0.05)
        else:
            return


def main() -> None:
    """Be one process of the run."""
    folder, round_, seed, name, role, kill, file = Path(sys.argv[1]), int(sys.argv[2]), *sys.argv[3:8]
    short_leases()
    sweeping.BATCH = 10  # type: ignore[misc]
    leavers = sys.stdin.read().split()
    stop, journal = folder / "stop", Journal(Path(file))
    with Installation.open(folder) as found, Gate(found, policy()) as gate:
        writer = Writer(gate, round_, f"{seed}.{name}", journal, leavers, stop)
        gate.counts()
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        arm(kill, folder)
        if role in {"apply", "epoch"}:
            work(gate, role, round_, folder)
        while role in {"write", "forget"} and not stop.exists():
            if role == "forget" and leavers:
                writer.forget()
            else:
                writer.step()


if __name__ == "__main__":
    main()
