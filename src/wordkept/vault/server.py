"""Server: a small supervisor of an embedded PostgreSQL that belongs to one installation.

It listens on a Unix socket only, in a folder of mode 0700, with peer authentication and data checksums, under an
account that is not root. Processes of one installation share it: each holds a shared lock while it uses the server,
and the last one to let go stops it. After ``kill -9`` of the server or of a user the next start recovers it. What is
*not* here: databases, roles and tables (``installation``).
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import msgspec
import psycopg
from psycopg.rows import TupleRow

from wordkept.terms import UnavailableError
from wordkept.vault.account import Account, run_as
from wordkept.vault.binaries import Binaries
from wordkept.vault.remains import clear_stale_lock

OWNER: Final = "wordkept_owner"
_PORT: Final = 5432
_LONGEST_SOCKET: Final = 106  # bytes of a path that fit sockaddr_un with its closing zero
_SETTINGS: Final = """\
listen_addresses = ''
port = 5432
unix_socket_directories = '{socket}'
unix_socket_permissions = 0700
max_connections = 100
shared_buffers = '256MB'
max_wal_size = '2GB'
checkpoint_timeout = '15min'
fsync = on
full_page_writes = on
synchronous_commit = on
jit = off
timezone = 'UTC'
lc_messages = 'C'
log_timezone = 'UTC'
log_statement = 'none'
log_min_messages = 'log'               # an error's own sentence may quote a value: whoever asked has it
log_error_verbosity = 'terse'          # no DETAIL: it would quote keys and values
log_min_error_statement = 'panic'      # no statement either
log_parameter_max_length_on_error = 0
"""


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where a server lives: its data, its locks (both given), who runs it and by which programs."""

    folder: Path
    data: Path
    account: Account
    binaries: Binaries
    roles: tuple[str, ...]

    @property
    def outside(self) -> bool:
        """Whether the data lies in a folder of its own elsewhere, because the account cannot enter ``folder``."""
        return self.data.parent != self.folder

    @property
    def socket(self) -> Path:
        """The socket's folder; below the system's temporary folder where the installation's path is too long."""
        inside = self.data.parent / "run"
        if len(os.fsencode(inside / f".s.PGSQL.{_PORT}")) <= _LONGEST_SOCKET:
            return inside
        name = hashlib.sha256(os.fsencode(self.data)).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"wordkept-{name}"


class Server:
    """One installation's PostgreSQL; ``start`` before use, ``stop`` after it."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self._using: int | None = None

    def start(self, *, seconds: float = 60) -> None:
        """Make sure that the server answers, and hold on to it.

        Raises:
            UnavailableError: it cannot be made to answer within ``seconds``.
        """
        with self._alone():
            if self._using is None:
                self._using = os.open(self.place.folder / "server.users", os.O_RDWR | os.O_CREAT, 0o600)
                fcntl.flock(self._using, fcntl.LOCK_SH)
            if not (self.place.data / "PG_VERSION").exists():
                self._create()
            self._socket_folder()
            if not self.answers():
                self._launch(seconds)

    def stop(self) -> bool:
        """Let go of the server; it is stopped if nobody else holds it.

        Returns:
            Whether it was stopped.

        Raises:
            UnavailableError: it does not stop.
        """
        with self._alone():
            users = self._using
            if users is None:
                users = os.open(self.place.folder / "server.users", os.O_RDWR | os.O_CREAT, 0o600)
            self._using = None
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            finally:
                os.close(users)
            if self.pid() is None:
                return False
            self._control("stop", "-m", "fast", "-w", "-t", "60")
            return True

    def pid(self) -> int | None:
        """Process id of the running server, none if it does not run."""
        told = run_as(self.place.account, [*self._pg_ctl(), "status"])
        if told.returncode:
            return None
        return int((self.place.data / "postmaster.pid").read_text().splitlines()[0])

    def answers(self) -> bool:
        """Whether it accepts a connection now."""
        if not (self.place.socket / f".s.PGSQL.{_PORT}").exists():
            return False
        try:
            self.connect("postgres", OWNER).close()
        except UnavailableError:
            return False
        return True

    def connect(
        self, database: str, role: str, *, autocommit: bool = False, options: str = ""
    ) -> psycopg.Connection[TupleRow]:
        """A new connection over the socket; ``options`` are settings for its session.

        Raises:
            UnavailableError: it is refused.
        """
        try:
            return psycopg.connect(
                host=str(self.place.socket), port=_PORT, dbname=database, user=role, autocommit=autocommit,
                connect_timeout=10,
                options=options,
            )  # fmt: skip
        except psycopg.OperationalError as error:
            raise UnavailableError(f"the embedded server does not let {role} into {database}") from error

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One process at a time starts or stops."""
        lock = os.open(self.place.folder / "server.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)

    def _owned(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, exist_ok=True)
        if self.place.account.switch:
            os.chown(folder, self.place.account.uid, self.place.account.gid)

    def _create(self) -> None:
        """Make the cluster beside its place, then rename: a kill in between leaves nothing that looks finished."""
        fresh = self.place.data.with_name(self.place.data.name + ".new")
        shutil.rmtree(fresh, ignore_errors=True)
        self._owned(fresh)
        made = run_as(
            self.place.account,
            [
                self.place.binaries.program("initdb"), "-D", str(fresh), "-U", OWNER, "--auth=peer", "--encoding=UTF8",
                "--locale=C", "--data-checksums",
            ],
        )  # fmt: skip
        if made.returncode:
            raise UnavailableError(f"initdb failed: {(made.stderr.strip().splitlines() or ['no reason given'])[-1]}")
        settings = _SETTINGS.format(socket=str(self.place.socket).replace("'", "''"))
        with (fresh / "postgresql.conf").open("a") as file:
            file.write(settings)
        (fresh / "pg_hba.conf").write_text("local all all peer map=wordkept\n")
        names = {self.place.account.name, "root"} if self.place.account.switch else {self.place.account.name}
        roles = (OWNER, *self.place.roles)
        lines = [f'wordkept "{name}" "{role}"\n' for name in sorted(names) for role in roles]
        (fresh / "pg_ident.conf").write_text("".join(lines))
        fresh.rename(self.place.data)

    def _socket_folder(self) -> None:
        folder = self.place.socket
        self._owned(folder)
        found = folder.lstat()
        if found.st_uid != self.place.account.uid or found.st_mode & 0o077 or folder.is_symlink():
            raise UnavailableError("the socket's folder belongs to someone else or is open to others")

    def _launch(self, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while True:
            clear_stale_lock(self.place.data)
            started = run_as(
                self.place.account, [*self._pg_ctl(), "start", "-w", "-t", str(int(seconds)), "-l", self._log()]
            )
            if self.answers():
                return
            if time.monotonic() > deadline:
                reason = (started.stderr.strip().splitlines() or ["no reason given"])[-1]
                raise UnavailableError(f"the embedded server does not start: {reason}")
            time.sleep(0.2)

    def _log(self) -> str:
        return str(self.place.data / "server.log")

    def _pg_ctl(self) -> list[str]:
        return [self.place.binaries.program("pg_ctl"), "-D", str(self.place.data), "-s"]

    def _control(self, *command: str) -> None:
        done = run_as(self.place.account, [*self._pg_ctl(), *command])
        if done.returncode:
            raise UnavailableError(f"pg_ctl {command[0]} failed: {done.stderr.strip()}")
