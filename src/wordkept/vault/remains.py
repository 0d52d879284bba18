"""Remains: what a killed server leaves behind, and when it is safe to say that it is gone.

A server that was killed is a zombie until its parent collects it, and its process id may be given to a stranger; in
both cases PostgreSQL takes its own old lock file for a living server's. The lock is cleared only when no process at
all still stands in the data folder: a surviving backend could still write. What is *not* here: starting (``server``).
"""

from __future__ import annotations

import os
from pathlib import Path

PROCESSES = Path("/proc")


def clear_stale_lock(data: Path) -> bool:
    """Remove ``postmaster.pid`` if it names a process that is not a server of this data folder.

    A process that is gone altogether is left to PostgreSQL, which sees that by itself; so is everything on systems
    without ``/proc``.

    Returns:
        Whether it was removed.
    """
    lock = data / "postmaster.pid"
    try:
        pid = int(lock.read_text().splitlines()[0])
    except (OSError, ValueError, IndexError):
        return False
    if not (PROCESSES / str(pid)).exists() or standing_in(data):
        return False
    lock.unlink(missing_ok=True)
    return True


def standing_in(data: Path) -> list[int]:
    """Process ids, zombies not counted, whose working folder is the data folder: postmaster and backends."""
    if not PROCESSES.is_dir():
        return []
    found = []
    wanted = os.path.realpath(data)
    for entry in PROCESSES.iterdir():
        if not entry.name.isdigit():
            continue
        try:
            if str((entry / "cwd").readlink()) == wanted:  # unreadable for a zombie
                found.append(int(entry.name))
        except OSError:
            continue
    return found
