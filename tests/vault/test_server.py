"""The supervisor of the embedded server: it survives kills, is shared, and is closed to everyone else."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from tests.vault.conftest import place

from wordkept.terms import UnavailableError
from wordkept.vault import account, remains
from wordkept.vault.access import durable
from wordkept.vault.server import OWNER, Server


@pytest.fixture
def own(room: Path) -> Iterator[Server]:
    """A server that a test may kill."""
    folder = room / "own"
    running = Server(place(folder))
    running.start()
    yield running
    running.stop()
    shutil.rmtree(folder)


def test_it_listens_on_its_socket_alone(own: Server) -> None:
    with own.connect("postgres", OWNER) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
        assert connection.execute("SHOW data_checksums").fetchone() == ("on",)
        durable(connection)
    found = own.place.socket.stat()
    assert found.st_mode & 0o777 == 0o700
    assert found.st_uid == own.place.account.uid
    assert own.place.data.stat().st_mode & 0o777 == 0o700


def test_it_does_not_run_as_root(own: Server) -> None:
    pid = own.pid()
    assert pid is not None
    assert Path(f"/proc/{pid}").stat().st_uid != 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_another_user_of_the_machine_is_not_let_in(own: Server) -> None:
    told = account.run_as(
        account.Account("daemon", 1, 1, switch=True),
        [own.place.binaries.program("psql"), "-h", str(own.place.socket), "-U", OWNER, "-c", "SELECT 1", "postgres"],
    )
    assert told.returncode != 0
    assert "Permission denied" in told.stderr


def test_a_killed_server_starts_again_with_what_was_committed(own: Server) -> None:
    with own.connect("postgres", OWNER) as connection:
        connection.execute("CREATE TABLE kept (x int)")
    pid = own.pid()
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    own.start()
    with own.connect("postgres", OWNER) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (0,)
        connection.execute("DROP TABLE kept")


_SHARE = """
import sys, time
from pathlib import Path
from tests.vault.conftest import place
from wordkept.vault.server import Server
server = Server(place(Path(sys.argv[1])))
server.start()
print(server.pid(), flush=True)
sys.stdin.read()
server.stop()
"""


def test_processes_share_it_and_the_last_one_stops_it(own: Server) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _SHARE, str(own.place.folder)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    ) as other:  # fmt: skip
        assert other.stdout is not None
        assert other.stdin is not None
        assert int(other.stdout.readline()) == own.pid()
        assert own.stop() is False
        assert own.pid() is not None
        other.stdin.close()
        assert other.wait(30) == 0
    assert own.pid() is None


def test_a_process_that_was_killed_holds_nothing(own: Server) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _SHARE, str(own.place.folder)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    ) as other:  # fmt: skip
        assert other.stdout is not None
        other.stdout.readline()
        other.kill()
        other.wait()
    assert own.stop() is True


def test_a_lock_of_a_stranger_is_cleared(own: Server) -> None:
    own.stop()
    with subprocess.Popen(["/bin/sleep", "60"]) as stranger:
        lock = own.place.data / "postmaster.pid"
        lock.write_text(f"{stranger.pid}\n{own.place.data}\n0\n5432\n")
        own.start()
        assert own.answers()
        stranger.kill()


def test_a_lock_is_left_while_anything_stands_in_the_data(own: Server) -> None:
    pid = own.pid()
    assert pid in remains.standing_in(own.place.data)
    assert remains.clear_stale_lock(own.place.data) is False
    assert (own.place.data / "postmaster.pid").exists()


def test_a_socket_path_that_is_too_long_goes_elsewhere(room: Path) -> None:
    folder = room / ("x" * 110)
    where = place(folder).socket
    assert len(os.fsencode(where / ".s.PGSQL.5432")) < 107
    assert where.parent != folder
    shutil.rmtree(folder)


def test_a_socket_folder_of_somebody_else_is_refused(room: Path) -> None:
    folder = room / "other"
    spot = place(folder)
    target = room / "target"
    target.mkdir()
    spot.socket.symlink_to(target)
    with pytest.raises(UnavailableError, match="socket"):
        Server(spot).start()
    shutil.rmtree(folder)


@pytest.mark.parametrize(("setting", "value"), [("synchronous_commit", "off"), ("synchronous_commit", "local")])
def test_a_connection_that_could_lose_commits_is_refused(server: Server, setting: str, value: str) -> None:
    with server.connect("postgres", OWNER) as connection:
        connection.execute(f"SET {setting} = {value}".encode())
        with pytest.raises(UnavailableError, match=setting):
            durable(connection)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root hands the server to another account")
def test_a_folder_under_a_closed_home_gets_its_data_elsewhere(room: Path) -> None:
    home = room / "home"
    home.mkdir(mode=0o700)
    inside = home / "wk"
    inside.mkdir()
    data = account.data_folder(account.server_account(), inside)
    assert not data.is_relative_to(home)
    assert home.stat().st_mode & 0o777 == 0o700
    shutil.rmtree(data.parent)


def test_no_statement_and_no_value_is_ever_logged(own: Server) -> None:
    with own.connect("postgres", OWNER, autocommit=True) as connection:
        connection.execute("CREATE TABLE one (x text PRIMARY KEY)")
        connection.execute("INSERT INTO one VALUES (%s)", ("010-1234-5678",))
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute("INSERT INTO one VALUES (%s)", ("010-1234-5678",))
        with pytest.raises(psycopg.errors.InvalidTextRepresentation):
            connection.execute("SELECT %s::text::int", ("010-1234-5678",))
        connection.execute("DROP TABLE one")
    time.sleep(0.1)
    log = (own.place.data / "server.log").read_text()
    assert "ready to accept connections" in log
    assert "INSERT" not in log
    assert "010-1234-5678" not in log
