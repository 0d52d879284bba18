"""A throwaway PostgreSQL for the tests of evidence, and a fresh database with its schema for each test."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from wordkept.evidence.queries import schema
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
