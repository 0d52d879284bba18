"""The ground: the folder a demonstration stands in, made anew each time, and held by one demonstration at a time.

Only a folder that a demonstration made is ever cleared; what an installation keeps elsewhere (the embedded server's
data, where root hands it to another account) goes with it. What is *not* here: the installation itself.
"""

from __future__ import annotations

import fcntl
import os
import shlex
import shutil
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import msgspec

from wordkept.terms import UnavailableError

STORE: Final = "store"
"""Name of the installation inside the folder."""

_MARK: Final = "demonstration.lock"
_PATIENCE: Final = 300


class _Config(msgspec.Struct, frozen=True):
    """The part of an installation's description that is read here."""

    data: str | None = None


@contextmanager
def cleared(folder: Path) -> Iterator[Path]:
    """An empty folder, ours until the end, and left there then.

    Raises:
        UnavailableError: it is somebody else's, or another demonstration is running in it.
    """
    folder = folder.absolute()
    mark = folder / _MARK
    if folder.is_symlink() or (
        folder.exists() and not (folder.is_dir() and (mark.exists() or not any(folder.iterdir())))
    ):
        raise UnavailableError(f"{folder} is there and no demonstration made it; name another folder with --folder")
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(mark, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UnavailableError(
                f"another demonstration is running in {folder}; name another folder with --folder"
            ) from None
        _clear(folder)
        (folder / ".gitignore").write_text("*\n")
        yield folder
    finally:
        os.close(handle)


def _clear(folder: Path) -> None:
    try:
        described = (folder / STORE / "installation.json").read_bytes()
        data = msgspec.json.decode(described, type=_Config).data
    except (OSError, msgspec.MsgspecError):
        data = None
    if data is not None and (Path(data) / "PG_VERSION").is_file():
        _stop(Path(data))
        shutil.rmtree(data)
    for entry in folder.iterdir():
        if entry.name == _MARK:
            continue
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()


def _stop(data: Path) -> None:
    """Stop the server that a killed demonstration left behind, if it is one of this data folder."""
    try:
        pid = int((data / "postmaster.pid").read_text().splitlines()[0])
        if os.path.realpath(f"/proc/{pid}/cwd") != os.path.realpath(data):
            return
        os.kill(pid, signal.SIGINT)
    except (OSError, ValueError, IndexError):
        return
    for _ in range(_PATIENCE):
        if not Path(f"/proc/{pid}").exists() or not (data / "postmaster.pid").exists():
            return
        time.sleep(0.1)
    raise UnavailableError(f"the server of an earlier demonstration (process {pid}) does not stop")


def near(path: Path) -> str:
    """A path as one would type it here, quoted where a shell needs it."""
    here = Path.cwd()
    return shlex.quote(str(path.relative_to(here) if path.is_relative_to(here) else path))
