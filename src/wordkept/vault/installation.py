"""Installation: one folder with everything that belongs to one deployment, and the two stores it leads to.

``installation.json`` says who it is; ``live/`` and ``separate/`` hold the roots, ``log/`` what evidence is kept
outside the databases, ``pg/`` the embedded server's data unless that has to lie elsewhere. No DSN is ever written
down. What is *not* here: what is done with the stores.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Self

import msgspec
import psycopg
from psycopg import sql

from wordkept.terms import UnavailableError
from wordkept.vault import privileges
from wordkept.vault.access import ROLES, Access, Connection, durable
from wordkept.vault.account import data_folder, server_account
from wordkept.vault.binaries import find_binaries
from wordkept.vault.formats import Binding, Store
from wordkept.vault.founding import found_keys
from wordkept.vault.keyring import Keyring
from wordkept.vault.migrations import migrate
from wordkept.vault.roots import FileRoot, RootHolder
from wordkept.vault.server import OWNER, Place, Server
from wordkept.vault.statements import statements
from wordkept.written import files

NAMES: Mapping[Store, str] = {Store.LIVE: "wordkept_live", Store.SEPARATE: "wordkept_separate"}


class Config(msgspec.Struct, frozen=True, kw_only=True):
    """What an installation remembers.

    Attributes:
        installation: 32 hex digits; part of the associated data of every sealed byte.
        data: folder of the embedded server's data, none with DSNs.
        policy: path of the policy it obeys, relative to the folder's parent or absolute.
        live: name of the live database.
        separate: name of the separate database.
    """

    installation: str
    data: str | None = None
    policy: str | None = None
    live: str = NAMES[Store.LIVE]
    separate: str = NAMES[Store.SEPARATE]


class Installation:
    """An open installation; a context manager that lets go of the server at its end."""

    def __init__(self, folder: Path, config: Config, server: Server | None, access: Access) -> None:
        self.folder, self.config, self.server, self.access = folder, config, server, access
        self.id = bytes.fromhex(config.installation)
        data = Path(config.data) if config.data else None
        self._roots = {store: FileRoot(folder / store.name.lower(), data) for store in Store}

    @classmethod
    def open(
        cls,
        folder: Path,
        *,
        dsn_live: str | None = None,
        dsn_separate: str | None = None,
        names: Mapping[Store, str] = NAMES,
        server: Server | None = None,
    ) -> Self:
        """Open an installation, making whatever is missing: folder, server, databases, roles, tables, first keys.

        Args:
            folder: made with mode 0700 (0711 where root hands the server to another account).
            dsn_live: a PostgreSQL for the live store; none takes the embedded server.
            dsn_separate: one for the separate store; none takes the live store's.
            names: of the databases, when the installation is made.
            server: another installation's server to share instead of an own one; closing does not stop it.

        Raises:
            UnavailableError: something cannot be had, is not durable, or grants what is not declared.
        """
        folder = folder.absolute()
        _own(folder)
        _make(folder, open_to_enter=os.geteuid() == 0)
        dsn = {store: text for store, text in zip(Store, (dsn_live, dsn_separate or dsn_live), strict=True) if text}
        with _alone(folder):
            return cls._open(folder, dsn, names, server)

    @classmethod
    def _open(
        cls,
        folder: Path,
        dsn: Mapping[Store, str],
        names: Mapping[Store, str],
        server: Server | None,
    ) -> Self:
        shared = server is not None
        if Store.LIVE not in dsn or Store.SEPARATE not in dsn:
            server = server or _server(folder)
            server.start()
        own = None if shared else server
        with contextlib.ExitStack() as undo:
            if own is not None:
                undo.callback(own.stop)
            config = _config(folder, server, names)
            access = Access(server, dsn, {Store.LIVE: config.live, Store.SEPARATE: config.separate})
            made = cls(folder, config, own, access)
            for store in Store:
                made._set_up(store)
            undo.pop_all()
        return made

    def remember(self, policy: Path) -> None:
        """Remember where the policy is that is obeyed here: by its place, whatever folder it was named from."""
        beside, whole = self.folder.resolve().parent, Path(os.path.abspath(policy))  # noqa: PTH100  (links are kept)
        text = str(whole.relative_to(beside) if whole.is_relative_to(beside) else whole)
        with _alone(self.folder):
            if self.config.policy != text:
                self.config = msgspec.structs.replace(self.config, policy=text)
                _write(self.folder, self.config)

    def close(self) -> bool:
        """Let go of the server; returns whether it was stopped."""
        return self.server.stop() if self.server else False

    def discard(self) -> None:
        """Remove the installation with its server's data, wherever that is; for those that live for one test.

        Raises:
            UnavailableError: others still use its server.
        """
        if self.server is not None and not self.server.stop():
            raise UnavailableError("the server of this installation is still in use")
        if self.server is not None:
            shutil.rmtree(self.server.place.data.parent if self.server.place.outside else self.server.place.data)
        shutil.rmtree(self.folder)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def connect(self, store: Store, role: str, *, autocommit: bool = False) -> Connection:
        """A new connection; see ``Access.connect``."""
        return self.access.connect(store, role, autocommit=autocommit)

    def roots(self, store: Store) -> RootHolder:
        """Where a store's roots are."""
        return self._roots[store]

    def binding(self, store: Store) -> Binding:
        """What a store's sealed bytes are bound to."""
        return Binding(self.id, store)

    def log_folder(self, store: Store) -> Path:
        """Where a store's checkpoints and tiles go."""
        return self.folder / "log" / store.name.lower()

    def keyring(self, store: Store, role: str) -> Keyring:
        """A keyring of a store, on a connection of its own under a role."""
        with contextlib.ExitStack() as undo:
            connection = undo.enter_context(self.connect(store, role, autocommit=True))
            made = Keyring(connection, self.roots(store), self.binding(store))
            undo.pop_all()
        return made

    def _set_up(self, store: Store) -> None:
        _make(self.log_folder(store).parent)
        _make(self.log_folder(store))
        with self.access.maintain(store) as connection:
            _make_roles(connection)
            _make_database(connection, self.access.name(store))
        with self.connect(store, OWNER, autocommit=True) as connection:
            durable(connection)
            if migrate(connection, store):
                privileges.grant(connection, store)
            privileges.check(connection, store)
            found_keys(connection, self.roots(store), self.binding(store))


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One process at a time sets an installation up."""
    lock = os.open(folder / "installation.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def _own(folder: Path) -> None:
    """Refuse somebody else's installation: even root would leave files in it that its owner cannot use."""
    if folder.exists() and folder.stat().st_uid != os.geteuid():
        raise UnavailableError(f"{folder} belongs to another user of this machine; run this as that user")


def _make(folder: Path, *, open_to_enter: bool = False) -> None:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.chmod(0o711 if open_to_enter else 0o700)


def _server(folder: Path) -> Server:
    account = server_account()
    config = _read(folder)
    data = Path(config.data) if config and config.data else data_folder(account, folder)
    return Server(Place(folder=folder, data=data, account=account, binaries=find_binaries(account), roles=ROLES))


def _read(folder: Path) -> Config | None:
    try:
        return msgspec.json.decode((folder / "installation.json").read_bytes(), type=Config)
    except FileNotFoundError:
        return None
    except msgspec.DecodeError as error:
        raise UnavailableError("installation.json is damaged") from error


def _config(folder: Path, server: Server | None, names: Mapping[Store, str]) -> Config:
    known = _read(folder)
    if known is None:
        known = Config(
            installation=uuid.uuid4().hex, data=str(server.place.data) if server else None,
            live=names[Store.LIVE], separate=names[Store.SEPARATE],
        )  # fmt: skip
        _write(folder, known)
    return known


def _write(folder: Path, known: Config) -> None:
    with files.whole(folder / "installation.json") as file:
        file.write(msgspec.json.format(msgspec.json.encode(known), indent=2) + b"\n")


def _make_roles(connection: Connection) -> None:
    own = statements("installation.sql")
    there = {name for (name,) in connection.execute(own["roles"], {"roles": list(ROLES)})}
    for role in ROLES:
        if role not in there:
            with contextlib.suppress(psycopg.errors.DuplicateObject, psycopg.errors.UniqueViolation):
                connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role)))
        row = connection.execute(own["may_set_role"], {"role": role}).fetchone()
        if row and not row[0]:
            connection.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(sql.Identifier(role)))


def _make_database(connection: Connection, name: str) -> None:
    if connection.execute(statements("installation.sql")["database"], {"name": name}).fetchone() is None:
        with contextlib.suppress(psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):
            connection.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(sql.Identifier(name))
            )
