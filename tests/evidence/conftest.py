"""A throwaway PostgreSQL for the tests of evidence, and a fresh database with its schema for each test."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from wordkept.evidence.journal import Journal
from wordkept.evidence.log import Sealed, seal
from wordkept.evidence.note import Signer, new_signer
from wordkept.evidence.predicate import Predicate
from wordkept.evidence.queries import schema
from wordkept.evidence.report import Report
from wordkept.evidence.statement import Body, state
from wordkept.evidence.verify import verify
from wordkept.vault.account import run_as, server_account
from wordkept.vault.binaries import find_binaries

Database = Callable[..., str]

RECORDS = """
CREATE TABLE record (
    subject_id uuid NOT NULL, record_id uuid NOT NULL, version integer NOT NULL, state text NOT NULL,
    PRIMARY KEY (subject_id, record_id)
)
"""


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """Connection string of a server that ends with the tests, without a database name."""
    account = server_account()
    binaries = find_binaries(account)
    top = Path(tempfile.mkdtemp(prefix="wk-evidence-"))
    top.chmod(0o711)
    folder = top / "pg"
    folder.mkdir(mode=0o700)
    if account.switch:
        os.chown(folder, account.uid, account.gid)
    data = folder / "data"
    made = run_as(
        account,
        [binaries.program("initdb"), "-D", str(data), "-U", "tester", "-A", "trust", "-E", "UTF8", "--no-locale", "-N"],
    )
    assert made.returncode == 0, made.stderr
    options = f"-k {folder} -c listen_addresses='' -c shared_buffers=256MB -c max_wal_size=2GB -c jit=off"
    control = [binaries.program("pg_ctl"), "-D", str(data), "-w"]
    started = run_as(account, [*control, "-l", str(folder / "log"), "-o", options, "start"])
    assert started.returncode == 0, started.stderr
    try:
        yield f"host={folder} user=tester"
    finally:
        run_as(account, [*control, "-m", "immediate", "stop"])
        shutil.rmtree(top, ignore_errors=True)


@pytest.fixture(scope="session")
def databases(server: str) -> Iterator[Database]:
    """``databases()`` makes a fresh database; ``databases(of)`` copies one, as a restored backup would be."""
    numbers = count(1)
    with psycopg.connect(f"{server} dbname=postgres", autocommit=True) as admin:
        admin.execute("CREATE DATABASE template_evidence")
        with psycopg.connect(f"{server} dbname=template_evidence") as fresh:
            for command in schema().values():
                fresh.execute(command)
            fresh.execute(RECORDS)

        def make(of: str = "template_evidence") -> str:
            name = f"evidence_{next(numbers)}"
            origin = of.rpartition("dbname=")[2]
            admin.execute(SQL("CREATE DATABASE {} TEMPLATE {}").format(Identifier(name), Identifier(origin)))
            return f"{server} dbname={name}"

        yield make


@pytest.fixture
def dsn(databases: Database) -> str:
    return databases()


@pytest.fixture
def connection(dsn: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(dsn, autocommit=True) as one:
        yield one


NOW = datetime(2026, 11, 24, 7, 12, tzinfo=UTC)
ORIGIN = "wordkept/seoul/live"


class Installation:
    """A database, its key and its folder outside; what the gate and the sealer do with them, in one line each."""

    def __init__(self, dsn: str, folder: Path, signer: Signer | None = None) -> None:
        self.dsn, self.folder = dsn, folder
        self.signer = signer or new_signer(ORIGIN)
        self.journal = Journal()
        self.connection = psycopg.connect(dsn, autocommit=True)

    def say(self, *predicates: Predicate, subject: UUID | None = None) -> range:
        """Append one statement for each predicate, in a transaction of their own."""
        body = Body(subject=subject.hex if subject else None, counts={"of": len(predicates)})
        with self.journal.transaction(self.connection):
            return self.journal.append(self.connection.cursor(), [state(one, NOW, body) for one in predicates])

    def fill(self, *sizes: int) -> None:
        """Seal so many entries at a time."""
        for size in sizes:
            self.say(*[Predicate.USED] * size)
            self.seal()

    def seal(self) -> Sealed:
        """Seal what is pending."""
        return seal(self.connection, self.signer, self.folder, NOW)

    def verify(self, since: bytes | None = None) -> Report:
        """Check everything."""
        return verify(self.connection, self.folder, self.signer.verifier(), since)

    def checkpoint(self, log: int = 1) -> bytes:
        """The newest checkpoint outside."""
        return (self.folder / str(log) / "checkpoint").read_bytes()

    def restored(self, dsn: str) -> Installation:
        """The same installation with another database under it."""
        self.close()
        return Installation(dsn, self.folder, self.signer)

    def close(self) -> None:
        """Let go of the database."""
        self.connection.close()


@pytest.fixture
def installation(dsn: str, tmp_path: Path) -> Iterator[Installation]:
    made = Installation(dsn, tmp_path / "outside")
    yield made
    made.close()
