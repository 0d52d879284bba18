"""A PostgreSQL that somebody else set up serves as well as the embedded one, whatever its version from 15 on."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from wordkept.vault.access import ROLES
from wordkept.vault.formats import Store
from wordkept.vault.installation import Installation


def roles(connection: psycopg.Connection[tuple[str]]) -> set[str]:
    return {name for (name,) in connection.execute("SELECT rolname FROM pg_roles WHERE rolname LIKE 'wordkept%'")}


@pytest.fixture
def own(pytestconfig: pytest.Config, tmp_path: Path) -> Iterator[tuple[str, dict[Store, str], Path]]:
    """A DSN, names for two databases that are dropped afterwards, and a folder; roles that were made go as well."""
    dsn = pytestconfig.getoption("--dsn")
    if dsn is None:
        pytest.skip("no PostgreSQL of one's own was named: pytest --dsn 'host=… dbname=postgres'")
    names = {store: f"wordkept_smoke_{store.name.lower()}_{secrets.token_hex(4)}" for store in Store}
    with psycopg.connect(dsn, autocommit=True) as connection:
        before = roles(connection)
        yield dsn, names, tmp_path / "installation"
        for name in names.values():
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        for role in roles(connection) - before:
            connection.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(role)))


def test_an_installation_is_founded_and_found_again_on_a_server_of_ones_own(
    own: tuple[str, dict[Store, str], Path],
) -> None:
    dsn, names, folder = own
    with Installation.open(folder, dsn_live=dsn, names=names) as first:
        identity = first.id
    with Installation.open(folder, dsn_live=dsn, names=names) as again:
        assert again.id == identity
        for store in Store:
            with again.connect(store, ROLES[0]) as connection:
                assert connection.info.server_version >= 150000
                assert connection.info.dbname == names[store]
