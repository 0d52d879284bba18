"""Papers: documents that a register names by their digest, kept as files beside the installation, outside all evidence.

What is *not* here: documents about people, which are records with keys of their own, and what a paper says.
"""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import Final

from wordkept.terms import ValueRejectedError
from wordkept.written import files

FOLDER: Final = "papers"
MOST: Final = 32 * 1024 * 1024
"""Bytes of one paper."""


def seen(file: Path) -> bytes:
    """The bytes of a paper, before anything is stored.

    Raises:
        ValueRejectedError: it cannot be read, is empty or too large.
    """
    try:
        data = files.read(file, MOST)
    except OSError as error:
        raise ValueRejectedError(f"the paper cannot be read: {error.strerror}", hint="name a file") from error
    if not data:
        raise ValueRejectedError("the paper is empty", hint="name the signed document")
    if len(data) > MOST:
        raise ValueRejectedError(f"a paper is at most {MOST // 1024 // 1024} MiB", hint="scan it smaller, or split it")
    return data


def filed(folder: Path, data: bytes) -> str:
    """File a paper in an installation's folder under its own digest, hex SHA-256; the same one twice is one."""
    digest = sha256(data).hexdigest()
    place = folder / FOLDER
    place.mkdir(mode=0o700, exist_ok=True)
    with files.whole(place / digest) as stream:
        stream.write(data)
    return digest
