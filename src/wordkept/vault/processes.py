"""Processes: telling that a process of this machine is gone for good, so that nobody waits for its lease.

A process is known by boot, process namespace, user, number and start; only one of the same boot, namespace and user can
be called gone, because only those we would see if it were there. What is *not* here: leases (``keyring``, ``epoch``).
"""

from __future__ import annotations

import os
from pathlib import Path

_PROC = Path("/proc")


def identity() -> str:
    """This process, in words that another can check; empty on a system without ``/proc``."""
    start = _start(os.getpid())
    return f"{_surroundings()} {os.getpid()} {start}" if start else ""


def is_gone(who: str) -> bool:
    """Whether the process that calls itself ``who`` has certainly ended; false where that cannot be known."""
    surroundings, _, rest = who.rpartition(" ")[0].rpartition(" ")
    start = who.rpartition(" ")[2]
    if not rest.isdigit() or surroundings != _surroundings():
        return False
    return _start(int(rest)) != start


def _surroundings() -> str:
    try:
        boot = (_PROC / "sys/kernel/random/boot_id").read_text().strip()
        namespace = (_PROC / "self/ns/pid").readlink()
    except OSError:
        return ""
    return f"{boot} {namespace} {os.geteuid()}"


def _start(pid: int) -> str | None:
    """Ticks after boot at which a process started; none if there is no such process, or it is a zombie."""
    try:
        told = (_PROC / str(pid) / "stat").read_text()
    except OSError:
        return None
    fields = told.rpartition(")")[2].split()
    return None if fields[0] in "ZX" else fields[19]
