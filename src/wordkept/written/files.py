"""Files: read up to a limit and only if they are files, written whole or not at all.

What is *not* here: what stands in them, and whose error it is when that fails.
"""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


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


@contextmanager
def whole(file: Path, mode: int = 0o600) -> Iterator[IO[bytes]]:
    """A stream whose bytes stand in the file's place once all are on the disk; until then, what was there does.

    They are written beside it, under a name that nobody can guess and so through nobody's link.

    Args:
        file: where to.
        mode: its permissions.

    Raises:
        OSError: it cannot be written; what was there is still there.
    """
    descriptor, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    try:
        with os.fdopen(descriptor, "wb") as stream:
            yield stream
            stream.flush()
            os.fchmod(descriptor, mode)
            os.fsync(descriptor)
        Path(name).replace(file)
    finally:
        Path(name).unlink(missing_ok=True)
