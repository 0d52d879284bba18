"""Opening an installation: who it is, its two stores, what each role may do there, and what is refused at start."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import msgspec
import psycopg
import pytest

from wordkept.terms import UnavailableError
from wordkept.vault import founding, migrations, privileges
from wordkept.vault.access import AUDITOR, GATE, KEEPER, MOVER, ROLES
from wordkept.vault.formats import Store
from wordkept.vault.installation import Config, Installation
from wordkept.vault.server import OWNER, Server


@pytest.fixture
def owner(installation: Installation) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    with installation.connect(Store.LIVE, OWNER, autocommit=True) as connection:
        yield connection


def again(installation: Installation, server: Server) -> None:
    Installation.open(installation.folder, server=server)


def test_it_remembers_who_it_is(installation: Installation, server: Server) -> None:
    opened = Installation.open(installation.folder, server=server)
    assert opened.id == installation.id
    opened.remember(opened.folder.parent / "policies" / "one")
    config = msgspec.json.decode((installation.folder / "installation.json").read_bytes(), type=Config)
    assert config.policy == "policies/one"
    assert (installation.folder / "installation.json").stat().st_mode & 0o777 == 0o600


def test_a_damaged_configuration_is_told(room: Path, server: Server) -> None:
    folder = room / "damaged"
    folder.mkdir()
    (folder / "installation.json").write_text("{")
    with pytest.raises(UnavailableError, match=r"installation\.json is damaged"):
        Installation.open(folder, server=server)
    shutil.rmtree(folder)


def test_its_roots_are_closed_to_others(installation: Installation) -> None:
    for store in Store:
        assert (installation.folder / store.name.lower()).stat().st_mode & 0o777 == 0o700
        assert installation.roots(store).epochs() == (founding.FIRST,)


@pytest.mark.parametrize("store", list(Store))
def test_the_grants_in_force_are_the_declared_ones(installation: Installation, store: Store) -> None:
    with installation.connect(store, OWNER) as connection:
        assert privileges.in_force(connection) == privileges.declared(store)


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("GRANT DELETE ON statement TO wordkept_gate", "DELETE on statement to wordkept_gate"),
        ("GRANT SELECT ON record TO PUBLIC", "SELECT on record to PUBLIC"),
        ("GRANT SELECT (sealed) ON record TO wordkept_epoch", r"SELECT on record\.sealed to wordkept_epoch"),
        ("GRANT SELECT ON lease TO wordkept_gate WITH GRANT OPTION", "WITH GRANT OPTION"),
        ("REVOKE SELECT ON record FROM wordkept_gate", "lacks a declared grant: SELECT on record to wordkept_gate"),
        ("GRANT CREATE ON SCHEMA public TO wordkept_gate", "CREATE on schema"),
        ("CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'", r"EXECUTE on f\(\) to PUBLIC"),
    ],
)
def test_one_grant_too_many_or_too_few_and_nothing_opens(
    installation: Installation, server: Server, owner: psycopg.Connection[tuple[object, ...]], statement: str, told: str
) -> None:
    owner.execute(statement.encode())
    with pytest.raises(UnavailableError, match=told):
        again(installation, server)


def test_a_role_that_could_step_around_its_grants_is_refused(
    installation: Installation, server: Server, owner: psycopg.Connection[tuple[object, ...]]
) -> None:
    owner.execute("GRANT wordkept_keeper TO wordkept_gate")
    try:
        with pytest.raises(UnavailableError, match="wordkept_gate"):
            again(installation, server)
    finally:
        owner.execute("REVOKE wordkept_keeper FROM wordkept_gate")


FORBIDDEN = [
    (Store.LIVE, GATE, "UPDATE statement SET body = ''"),
    (Store.LIVE, GATE, "DELETE FROM statement"),
    (Store.LIVE, GATE, "DELETE FROM log_entry"),
    (Store.LIVE, GATE, "UPDATE event SET kind = ''"),
    (Store.LIVE, GATE, "DELETE FROM event"),
    (Store.LIVE, MOVER, "UPDATE record SET sealed = ''"),
    (Store.LIVE, MOVER, "INSERT INTO record SELECT * FROM record"),
    (Store.LIVE, AUDITOR, "SELECT sealed FROM record"),
    (Store.LIVE, AUDITOR, "SELECT wrapped FROM value_key"),
    (Store.LIVE, "wordkept_epoch", "SELECT sealed FROM record"),
    (Store.SEPARATE, MOVER, "SELECT sealed FROM record"),
    (Store.SEPARATE, MOVER, "DELETE FROM record"),
    (Store.SEPARATE, MOVER, "DELETE FROM arrival"),
    (Store.SEPARATE, MOVER, "SELECT open_own_view(NULL)"),
    (Store.SEPARATE, KEEPER, "SELECT * FROM record"),
    (Store.SEPARATE, KEEPER, "UPDATE arrival SET closed = false"),
]


@pytest.mark.parametrize(("store", "role", "statement"), FORBIDDEN)
def test_a_role_does_only_its_own_work(installation: Installation, store: Store, role: str, statement: str) -> None:
    with installation.connect(store, role) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(statement.encode())


@pytest.mark.parametrize(("store", "role"), [(Store.SEPARATE, GATE), (Store.LIVE, KEEPER)])
def test_a_role_does_not_enter_the_other_store(installation: Installation, store: Store, role: str) -> None:
    with pytest.raises(UnavailableError, match=role):
        installation.connect(store, role)


def test_a_migration_that_was_changed_later_is_refused(
    installation: Installation, server: Server, owner: psycopg.Connection[tuple[object, ...]]
) -> None:
    owner.execute("UPDATE migration SET digest = '' WHERE name = '0001_keys'")
    with pytest.raises(UnavailableError, match="0001_keys"):
        again(installation, server)


def test_migrations_are_applied_once(installation: Installation) -> None:
    for store in Store:
        with installation.connect(store, OWNER, autocommit=True) as connection:
            assert migrations.migrate(connection, store) == []


def test_a_kill_between_the_first_root_and_its_row_is_healed(installation: Installation) -> None:
    binding, roots = installation.binding(Store.LIVE), installation.roots(Store.LIVE)
    with installation.connect(Store.LIVE, OWNER, autocommit=True) as connection:
        connection.execute("DELETE FROM index_key")
        connection.execute("DELETE FROM epoch_key")
        connection.execute("DELETE FROM epoch")
        assert founding.found_keys(connection, roots, binding) is True
        assert founding.found_keys(connection, roots, binding) is False
    installation.keyring(Store.LIVE, GATE).close()


def test_a_server_that_could_lose_commits_is_refused(installation: Installation, server: Server) -> None:
    name = installation.config.live
    with installation.access.maintain(Store.LIVE) as connection:
        connection.execute(f'ALTER DATABASE "{name}" SET synchronous_commit = off'.encode())
    with pytest.raises(UnavailableError, match="synchronous_commit"):
        again(installation, server)


def test_a_dsn_serves_as_well(installation: Installation, server: Server, room: Path) -> None:
    dsn = f"host={server.place.socket} port=5432 user={OWNER}"
    folder = room / "by-dsn"
    names = {Store.LIVE: "dsn_live", Store.SEPARATE: "dsn_separate"}
    with Installation.open(folder, dsn_live=dsn, names=names) as opened:
        assert opened.server is None
        for store, role in ((Store.LIVE, GATE), (Store.SEPARATE, KEEPER)):
            with opened.connect(store, role) as connection:
                assert connection.execute("SELECT current_user").fetchone() == (role,)
        assert opened.id != installation.id
    with installation.access.maintain(Store.LIVE) as connection:
        for name in names.values():
            connection.execute(f"DROP DATABASE {name}".encode())
    assert "host=" not in (folder / "installation.json").read_text()
    shutil.rmtree(folder)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root hands the server to another account")
def test_a_discarded_installation_leaves_nothing_anywhere(room: Path) -> None:
    home = room / "closed"
    home.mkdir(mode=0o700)
    opened = Installation.open(home / "wk")
    assert opened.server is not None
    data = opened.server.place.data
    assert not data.is_relative_to(home)
    opened.discard()
    assert not data.parent.exists()
    assert list(home.iterdir()) == []
    home.rmdir()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be in somebody else's folder")
def test_root_does_not_enter_the_installation_of_another(room: Path) -> None:
    home = room / "theirs"
    home.mkdir()
    os.chown(home, 65534, 65534)
    with pytest.raises(UnavailableError, match="belongs to another user"):
        Installation.open(home)
    assert list(home.iterdir()) == []
    home.rmdir()


def test_every_role_is_declared_somewhere() -> None:
    found = {one.role for store in Store for one in privileges.declared(store)}
    assert found == set(ROLES)
