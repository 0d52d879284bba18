"""Account: which operating-system account runs the embedded server, and which folders it can reach.

PostgreSQL refuses to run as root. Where we are root, an account that already exists takes it over (``postgres``, else
``nobody``); no account is added and no parent folder's permissions are opened. What that account cannot reach (a clone
under a home of mode 0700) is put where it can: below ``/var/lib/wordkept``. What is *not* here: the server itself.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path

import msgspec

from wordkept.terms import UnavailableError

OUTSIDE = Path("/var/lib/wordkept")
"""Where root keeps what the server's account must reach but cannot reach in the installation's own folder."""

_CANDIDATES = ("postgres", "nobody")


class Account(msgspec.Struct, frozen=True):
    """An operating-system account; ``switch`` says whether processes must be started under it."""

    name: str
    uid: int
    gid: int
    switch: bool


def server_account() -> Account:
    """The account that runs the server: our own, or an unprivileged one where we are root.

    Raises:
        UnavailableError: we are root and no unprivileged account exists, or our own user id has no name.
    """
    own = os.geteuid()
    if own != 0:
        try:
            return Account(pwd.getpwuid(own).pw_name, own, os.getegid(), switch=False)
        except KeyError as error:
            raise UnavailableError(f"user id {own} has no name, which PostgreSQL needs; give a DSN instead") from error
    for name in _CANDIDATES:
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(found.pw_name, found.pw_uid, found.pw_gid, switch=True)
    raise UnavailableError("PostgreSQL does not run as root, and neither postgres nor nobody is there; give a DSN")


def run_as(account: Account, command: list[str], *, seconds: float = 120) -> subprocess.CompletedProcess[str]:
    """Run a command under the account, from ``/``, without our environment's locale, output captured.

    Args:
        account: who runs it.
        command: program and arguments.
        seconds: time allowed.

    Raises:
        UnavailableError: it cannot be started, or does not end in time.
    """
    switch: dict[str, object] = {}
    if account.switch:
        switch = {"user": account.uid, "group": account.gid, "extra_groups": []}
    try:
        return subprocess.run(  # type: ignore[call-overload, no-any-return]
            command, cwd="/", env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}, stdin=subprocess.DEVNULL,
            capture_output=True, text=True, errors="replace", timeout=seconds, check=False, **switch,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        raise UnavailableError(f"{Path(command[0]).name} did not run: {error}") from error


def reaches(account: Account, folder: Path) -> bool:
    """Whether the account can enter a folder: tried, because mode bits are not all that decides."""
    if not account.switch:
        return os.access(folder, os.X_OK)
    return run_as(account, ["/bin/sh", "-c", 'cd -- "$1" 2>/dev/null', "sh", str(folder)]).returncode == 0


def data_folder(account: Account, folder: Path) -> Path:
    """Where the server's data of an installation goes: ``pg`` inside it, or outside where the account cannot enter.

    Args:
        account: who will own it.
        folder: the installation's own folder, existing.
    """
    if reaches(account, folder):
        return folder / "pg"
    outside = own_folder(account, hashlib.sha256(os.fsencode(folder.resolve())).hexdigest()[:16])
    return outside / "pg"


def own_folder(account: Account, name: str) -> Path:
    """A folder below ``OUTSIDE`` that only the account (and root) may enter; made if it is missing."""
    OUTSIDE.mkdir(mode=0o711, parents=True, exist_ok=True)
    folder = OUTSIDE / name
    folder.mkdir(mode=0o700, exist_ok=True)
    os.chown(folder, account.uid, account.gid)
    return folder


def passing_folder() -> Path:
    """A new temporary folder that the server's account can enter, for installations that live for one test."""
    folder = Path(tempfile.mkdtemp(prefix="wordkept-"))
    folder.chmod(0o711 if os.geteuid() == 0 else 0o700)
    return folder


def reachable_copy(account: Account, tree: Path, name: str) -> Path:
    """``tree`` where the account can enter it, else a copy below ``OUTSIDE``, owned by root and made only once.

    Args:
        account: who must run what is in it.
        tree: a folder of programs.
        name: names the version, so that another version is another copy.
    """
    if reaches(account, tree / "bin"):
        return tree
    OUTSIDE.mkdir(mode=0o711, parents=True, exist_ok=True)
    copy = OUTSIDE / name
    if not copy.exists():
        unfinished = OUTSIDE / f".{name}.{os.getpid()}"
        shutil.copytree(tree, unfinished, symlinks=True)
        try:
            unfinished.rename(copy)
        except OSError:  # another process was first
            shutil.rmtree(unfinished)
    return copy
