"""Files as people hand them in: read whole, up to a limit, and only if they are files.

What is *not* here: what stands in them.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path


def read(file: Path, most: int) -> bytes:
    """The first ``most`` + 1 bytes of a regular file, or of one that a link leads to.

    Raises:
        OSError: there is none, or it cannot be read; a pipe or a device is never waited for.
    """
    descriptor = os.open(file, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as stream:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(0, "not a regular file")
        return stream.read(most + 1)
