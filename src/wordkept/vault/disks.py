"""Disks: why a file that is destroyed may still be somewhere.

Read from ``/proc/mounts`` and ``/sys``; where neither tells, that itself is a reason. Nothing here can prove that
destroying a file is final; it can only fail to find a reason against it. What is *not* here: roots.
"""

from __future__ import annotations

import os
from pathlib import Path

_COPIES = frozenset({"apfs", "bcachefs", "btrfs", "f2fs", "nilfs2", "overlay", "xfs", "zfs"})
_REMOTE = frozenset({"9p", "cifs", "fuse", "nfs", "nfs4", "smb3", "virtiofs"})
_VIRTUAL = ("vd", "xvd", "nbd", "loop", "rbd", "zram")


def file_reasons(folder: Path, data: Path | None = None) -> tuple[str, ...]:
    """Every reason why destroying a file in ``folder`` may not be final.

    Args:
        folder: where the file is.
        data: a folder that an old copy may be taken of; none if it is on another machine.
    """
    reasons = []
    if data is not None and data.exists() and data.stat().st_dev == folder.stat().st_dev:
        reasons.append("the root lies on the same disk as the data, so one copy of the disk has both")
    kind = file_system(folder)
    if kind is None:
        reasons.append("the file system is unknown")
    elif kind in _COPIES:
        reasons.append(f"{kind} writes to a new place instead of over the old one")
    elif kind.split(".")[0] in _REMOTE:
        reasons.append(f"{kind} keeps the file on another machine")
    elif kind in ("tmpfs", "ramfs"):
        reasons.append(f"{kind} loses the root when the machine stops, and may have swapped it out")
    reasons.extend(_device_reasons(folder))
    return tuple(reasons)


def file_system(folder: Path) -> str | None:
    """Type of the file system a folder is on, none where ``/proc/mounts`` does not tell."""
    try:
        mounts = Path("/proc/mounts").read_text(errors="replace").splitlines()
    except OSError:
        return None
    path = os.path.realpath(folder)
    best, kind = -1, None
    for line in mounts:
        _, point, name, *_ = line.split(" ")
        point = point.replace("\\040", " ")
        inside = path == point or path.startswith(point.rstrip("/") + "/")
        if inside and len(point) >= best:
            best, kind = len(point), name
    return kind


def _device_reasons(folder: Path) -> list[str]:
    number = folder.stat().st_dev
    device = Path(f"/sys/dev/block/{os.major(number)}:{os.minor(number)}").resolve()
    if not device.exists():
        return ["the disk behind the file system is unknown"]
    reasons = []
    for candidate in (device, device.parent):
        rotational = candidate / "queue" / "rotational"
        if rotational.exists():
            if rotational.read_text().strip() == "0":
                reasons.append("the disk is solid-state: it keeps old blocks where no program can reach them")
            if candidate.name.startswith(_VIRTUAL):
                reasons.append("the disk is virtual: whoever runs the machine decides what is copied")
            break
    else:
        reasons.append("the disk does not tell what it is")
    return reasons
