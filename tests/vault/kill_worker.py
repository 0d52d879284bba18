"""A process that works on an installation until it kills itself, or the server, at a seeded call.

Each act is announced before it starts and acknowledged when it returned; whoever reads that knows what must still be
true afterwards. Run as ``python -m tests.vault.kill_worker FOLDER SEED (self|server|none)``.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import psycopg
from tests.vault.conftest import DAY, Desk, record

from wordkept.evidence.journal import Journal
from wordkept.evidence.statement import Body
from wordkept.record.facts import Record
from wordkept.record.holds import Term
from wordkept.vault import changes, points, values
from wordkept.vault.access import EPOCH
from wordkept.vault.epoch import Turn
from wordkept.vault.flight import Session
from wordkept.vault.formats import Store
from wordkept.vault.installation import Installation
from wordkept.vault.sealed import Named
from wordkept.vault.separation import Separation

NOW = datetime(2020, 6, 1, tzinfo=UTC)
BODY = Body(clauses=("5.1.A",))


class Death:
    """Counts calls to the database and points reached, and kills at the seeded one."""

    def __init__(self, installation: Installation, whom: str, at: int) -> None:
        self.left, self.whom = at, whom
        server = installation.server
        self.server = server.pid() if server else None

    def come(self, _: str = "") -> None:
        self.left -= 1
        if self.left == 0:
            if self.whom == "server" and self.server:
                os.kill(self.server, signal.SIGKILL)
            os.kill(os.getpid(), signal.SIGKILL)

    def install(self) -> None:
        points.hook = self.come
        calls = [(psycopg.Cursor, "execute"), (psycopg.Cursor, "copy"), (psycopg.Transaction, "__exit__")]
        for kind, name in [*calls, (Session, "_fly")]:
            self._wrap(kind, name)

    def _wrap(self, kind: Any, name: str) -> None:
        original = getattr(kind, name)

        def wrapped(*args: Any, **kwargs: Any) -> Any:
            self.come()
            result = original(*args, **kwargs)
            self.come()
            return result

        setattr(kind, name, wrapped)


class Worker:
    """Does one random act after another."""

    def __init__(self, installation: Installation, seed: int) -> None:
        self.installation, self.random = installation, random.Random(seed)
        self.desk = Desk(installation)
        self.desk.keys._poll = 0.05
        self.live: dict[str, tuple[str, Record]] = {}
        self.away: dict[str, str] = {}

    def say(self, word: str, *rest: object) -> None:
        sys.stdout.write(" ".join(map(str, (word, *rest))) + "\n")
        sys.stdout.flush()

    def act(self, *, alone: bool) -> None:
        acts = [self.collect, self.collect, self.correct, self.destroy, self.hold]
        if alone:
            acts += [self.separate, self.separate, self.destroy_away, self.turn]
        self.desk.keys.refresh()
        self.random.choice(acts)()

    def collect(self) -> None:
        value = f"{self.random.getrandbits(40):x}@example.org"
        records = [record(), record("gender"), record("mobile_phone")]
        for one in records:
            self.say("collecting", one.id, value)
        subject = self.desk.keep(*records, value=value.encode())
        for one in records:
            self.say("kept", one.id, value, subject)
            self.live[one.id] = (subject, one)

    def _some(self) -> tuple[str, Record] | None:
        return self.random.choice(list(self.live.values())) if self.live else None

    def correct(self) -> None:
        if not (found := self._some()):
            return
        subject, one = found
        new = record(one.item, id=one.id, version=one.version + 1)
        value = f"{self.random.getrandbits(40):x}@example.org"
        self.say("correcting", one.id, value)
        for attempt in range(2):
            sealed = self.desk.keys.seal(Named(subject, new.id, new.item, new.version), value.encode())
            entries = []
            if new.item == "email":
                entries = changes.entries_of(self.desk.keys.indexes, subject, new, value, "email")
            try:
                with self.desk.transaction():
                    values.lock_and_read(self.desk.cursor, subject)
                    assert changes.correct(self.desk.cursor, subject, new, sealed, entries)
                break
            except changes.FOREIGN_KEY as error:
                if attempt or not changes.vanished(error):
                    raise
                self.desk.keys.refresh(now=True)
                self.desk.keys.shed()
        self.live[one.id] = (subject, new)
        self.say("kept", one.id, value, subject)

    def destroy(self) -> None:
        if not (found := self._some()):
            return
        subject, one = found
        self.say("destroying", one.id)
        with self.desk.transaction():
            values.lock_and_read(self.desk.cursor, subject)
            assert changes.destroy(self.desk.cursor, subject, [one.id])
        del self.live[one.id]
        self.say("destroyed", one.id)

    def hold(self) -> None:
        """A change of holds; it raises the revision of a record that may be leaving."""
        if not (found := self._some()):
            return
        subject, one = found
        with self.desk.transaction():
            values.lock_and_read(self.desk.cursor, subject)
            term = Term(one.use_until, date(2030, 1, 1), one.not_before)
            changes.project(self.desk.cursor, subject, [changes.Projection(one.id, term)], 1)

    def separate(self) -> None:
        chosen = self.random.sample(sorted(self.live), min(4, len(self.live)))
        pairs = [(self.live[record][0], record) for record in chosen]
        with Separation(self.installation) as mover:
            for name in mover.separate_batch(pairs, DAY, NOW, BODY).separated:
                self.away[name] = self.live.pop(name)[0]
                self.say("separated", name)

    def destroy_away(self) -> None:
        if not self.away:
            return
        name = self.random.choice(sorted(self.away))
        self.say("destroying", name)
        with Separation(self.installation) as mover:
            assert mover.destroy([(self.away[name], name)], DAY, NOW, BODY, asked=True) == {name}
        del self.away[name]
        self.say("destroyed", name)

    def turn(self) -> None:
        turn(self.installation, self.random.choice(list(Store)), self.desk)


def turn(installation: Installation, store: Store, *desks: Desk) -> int:
    """Turn a store's epoch, or finish a turn; returns the epoch."""

    def wait() -> None:
        for desk in desks:
            desk.keys.refresh(now=True)
        time.sleep(0.01)

    with installation.connect(store, EPOCH, autocommit=True) as connection:
        roots, binding = installation.roots(store), installation.binding(store)
        return Turn(connection, roots, binding, Journal(), NOW, wait=wait).run().epoch


def main() -> None:
    folder, seed, whom = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    with Installation.open(folder) as installation:
        worker = Worker(installation, seed)
        for _ in range(3):
            worker.collect()
        if whom != "none":
            Death(installation, whom, random.Random(seed).randrange(1, 700)).install()
        while whom != "none" or worker.live is not None:
            worker.act(alone=whom != "none")
            if whom == "none":
                worker.say("at", len(worker.live))
                time.sleep(0.01)


if __name__ == "__main__":
    main()
