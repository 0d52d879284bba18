"""Key files: 32 bytes in the installation's folder, of mode 0600, made on first use. What they seal is not here."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path
from typing import Final

from wordkept.terms import UnavailableError

_BYTES: Final = 32


def key_in(file: Path) -> bytes:
    """The key in a file, made if there is none.

    Raises:
        UnavailableError: it is damaged.
    """
    if not file.exists():
        _make(file)
    key = file.read_bytes()
    if len(key) != _BYTES:
        raise UnavailableError(f"{file.name} is damaged")
    return key


def _make(file: Path) -> None:
    """Whole or not at all, and by one process only: whoever comes second takes the first one's."""
    handle, name = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)  # of mode 0600
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(os.urandom(_BYTES))
            out.flush()
            os.fsync(out.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(part, file)
    finally:
        part.unlink()
