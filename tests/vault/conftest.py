"""One embedded server for each test process, and a fresh installation (two databases, its own roots) for each test."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path

import pytest

from wordkept.evidence.statement import Body
from wordkept.record.facts import Record
from wordkept.record.holds import NEVER
from wordkept.vault import changes, values
from wordkept.vault.access import GATE, ROLES
from wordkept.vault.account import data_folder, passing_folder, server_account
from wordkept.vault.binaries import find_binaries
from wordkept.vault.flight import Session
from wordkept.vault.formats import Store
from wordkept.vault.installation import Installation
from wordkept.vault.keyring import Keyring, Named
from wordkept.vault.server import OWNER, Place, Server
from wordkept.vault.values import Held

DAY = date(2020, 6, 1)
NOW = datetime(2020, 6, 1, tzinfo=UTC)
BODY = Body(clauses=("5.1.A",))


@pytest.fixture(scope="session")
def room() -> Iterator[Path]:
    """A folder that the server's account can enter (pytest's own are closed to others)."""
    folder = passing_folder()
    yield folder
    shutil.rmtree(folder)


def place(folder: Path) -> Place:
    folder.mkdir(mode=0o711, exist_ok=True)
    folder.chmod(0o711)
    account = server_account()
    return Place(
        folder=folder, data=data_folder(account, folder), account=account, binaries=find_binaries(account), roles=ROLES
    )


def served(folder: Path) -> Iterator[Server]:
    """A server in a folder of its own, for as long as a fixture lasts."""
    running = Server(place(folder))
    running.start()
    yield running
    running.stop()
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def server(room: Path) -> Iterator[Server]:
    yield from served(room / "server")


@pytest.fixture
def installation(room: Path, server: Server) -> Iterator[Installation]:
    name = uuid.uuid4().hex[:12]
    names = {Store.LIVE: f"l_{name}", Store.SEPARATE: f"s_{name}"}
    with Installation.open(room / name, server=server, names=names) as opened:
        yield opened
    with opened.access.maintain(Store.LIVE) as owner:
        for database in names.values():
            owner.execute(f'DROP DATABASE "{database}" WITH (FORCE)'.encode())
    shutil.rmtree(room / name)


def new_id() -> str:
    return uuid.uuid4().hex


def record(item: str = "email", **changed: object) -> Record:
    """A record whose use is over and which is kept for ever, unless told otherwise."""
    facts: dict[str, object] = {
        "id": new_id(), "item": item, "purpose": "identification", "on": date(2020, 1, 1), "after": 0,
        "edition": date(2016, 8, 31), "method": "web", "use_until": date(2020, 5, 1), "keep_until": None,
        "not_before": NEVER,
    }  # fmt: skip
    return Record(**{**facts, **changed})  # type: ignore[arg-type]


def named(subject: str, one: Record) -> Named:
    return Named(subject, one.id, one.item, one.version)


def checkpoint(installation: Installation) -> None:
    """What stands in memory goes to the files."""
    with installation.connect(Store.LIVE, OWNER, autocommit=True) as owner:
        owner.execute("CHECKPOINT")


class Desk:
    """A writer of its own: connection, keys, and what it wrote."""

    def __init__(self, installation: Installation) -> None:
        with ExitStack() as stack:
            self.connection = stack.enter_context(installation.connect(Store.LIVE, GATE))
            self.keys: Keyring = stack.enter_context(installation.keyring(Store.LIVE, GATE))
            self.close = stack.pop_all().close
        self.written: dict[str, tuple[str, Record, bytes]] = {}

    @cached_property
    def cursor(self) -> Session:
        return Session(self.connection)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A transaction ended as the gate ends one: the driver's own would forget what flights have prepared."""
        try:
            yield self.cursor
            self.cursor.commit()
        except BaseException:
            self.cursor.rollback()
            raise

    def keep(self, *records: Record, subject: str | None = None, value: bytes = b"kim@example.org") -> str:
        """Store records of one person, with index entries for e-mail addresses, as one transaction; retried as told."""
        person = subject or new_id()
        for attempt in range(2):
            self.keys.refresh()
            sealed = self.keys.seal_many([(named(person, one), value) for one in records])
            held = [Held(person, one, key) for one, key in zip(records, sealed, strict=True)]
            entries = [
                entry
                for one in records
                if one.item == "email"
                for entry in changes.entries_of(self.keys.indexes, person, one, value.decode(), "email")
            ]
            try:
                changes.create_people(self.cursor, [person])
                changes.insert(self.cursor, held, entries)
                self.cursor.commit()
            except changes.FOREIGN_KEY as error:
                self.cursor.rollback()
                if attempt or not changes.vanished(error):
                    raise
                self.keys.refresh(now=True)
                self.keys.shed()
                continue
            break
        self.written.update({one.id: (person, one, value) for one in records})
        return person

    def destroy(self, subject: str, one: Record) -> None:
        """Destroy one record, as the live store does it."""
        with self.transaction():
            values.lock_and_read(self.cursor, subject)
            assert len(changes.destroy(self.cursor, subject, [one.id])) == 1


@pytest.fixture
def desk(installation: Installation) -> Iterator[Desk]:
    opened = Desk(installation)
    yield opened
    opened.close()


@pytest.fixture
def desks(installation: Installation) -> Iterator[Callable[[], Desk]]:
    """More writers on demand."""
    with ExitStack() as stack:

        def another() -> Desk:
            opened = Desk(installation)
            stack.callback(opened.close)
            return opened

        yield another
