"""Roots: the key outside the database that everything else hangs on, one for each epoch and store.

A root wraps exactly one thing, the epoch key. It exists durably before any row names it, and is destroyed only when
no row names it any more. A holder has an honest grade: whether destroying a root there can be final. What is *not*
here: when roots are made and destroyed (``epoch``).
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Protocol

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from wordkept.terms import UnavailableError
from wordkept.vault.disks import file_reasons
from wordkept.vault.keys import KEY, new_key, unwrap, wrap

_NAME = re.compile(r"^root-(\d{20})$")


class Grade(msgspec.Struct, frozen=True):
    """Whether a destroyed root is gone for good; every reason against it, in words."""

    final: bool
    reasons: tuple[str, ...] = ()


class RootHolder(Protocol):
    """A place that holds roots: a file, a token, a remote transit engine."""

    def create(self, epoch: int) -> None:
        """Make the root of an epoch and make it durable; one that is there already is kept."""

    def wrap(self, epoch: int, key: bytes, bound: bytes) -> bytes:
        """Wrap an epoch key under the root of an epoch."""

    def unwrap(self, epoch: int, wrapped: bytes, bound: bytes) -> bytes:
        """Unwrap an epoch key."""

    def destroy(self, epoch: int) -> None:
        """Destroy the root of an epoch; one that is absent counts as destroyed."""

    def epochs(self) -> tuple[int, ...]:
        """The epochs whose roots are here, oldest first."""

    def grade(self) -> Grade:
        """Whether destroying here can be final."""


class FileRoot:
    """Roots as files of 32 random bytes, mode 0600, in a folder of mode 0700.

    Args:
        folder: where the files are; made if it is missing.
        data: where the database's files are, to tell whether both lie on one disk; none if that is elsewhere.
    """

    def __init__(self, folder: Path, data: Path | None = None) -> None:
        self.folder = folder
        self._data = data
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def create(self, epoch: int) -> None:
        """See ``RootHolder``; written, synced, renamed, the folder synced, and read back.

        Raises:
            UnavailableError: what is read back is not what was written.
        """
        path = self._path(epoch)
        if not path.exists():
            fresh = self._fresh(epoch)
            _shred(fresh)
            root = new_key()
            handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            try:
                os.write(handle, root)
                os.fsync(handle)
            finally:
                os.close(handle)
            fresh.rename(path)
            _sync(self.folder)
            if path.read_bytes() != root:
                raise UnavailableError(f"the root of epoch {epoch} reads back differently")
        self._load(epoch)
        _sync(self.folder)

    def wrap(self, epoch: int, key: bytes, bound: bytes) -> bytes:
        """See ``RootHolder``."""
        return wrap(AESGCM(self._load(epoch)), key, bound)

    def unwrap(self, epoch: int, wrapped: bytes, bound: bytes) -> bytes:
        """See ``RootHolder``."""
        return unwrap(AESGCM(self._load(epoch)), wrapped, bound)

    def destroy(self, epoch: int) -> None:
        """See ``RootHolder``; overwritten, synced, removed, the folder synced."""
        _shred(self._path(epoch))
        _shred(self._fresh(epoch))
        _sync(self.folder)

    def epochs(self) -> tuple[int, ...]:
        """See ``RootHolder``."""
        found = (_NAME.match(entry.name) for entry in self.folder.iterdir())
        return tuple(sorted(int(match[1]) for match in found if match))

    def grade(self) -> Grade:
        """See ``RootHolder``; a file is rarely final, and the reasons are told."""
        reasons = file_reasons(self.folder, self._data)
        return Grade(not reasons, reasons)

    def _path(self, epoch: int) -> Path:
        return self.folder / f"root-{epoch:020d}"

    def _fresh(self, epoch: int) -> Path:
        return self.folder / f".root-{epoch:020d}.new"

    def _load(self, epoch: int) -> bytes:
        try:
            root = self._path(epoch).read_bytes()
        except OSError as error:
            raise UnavailableError(f"the root of epoch {epoch} is not here") from error
        if len(root) != KEY:
            raise UnavailableError(f"the root of epoch {epoch} is damaged")
        return root


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _shred(path: Path) -> None:
    try:
        handle = os.open(path, os.O_WRONLY | os.O_NOFOLLOW)
    except FileNotFoundError:
        return
    try:
        os.write(handle, os.urandom(max(KEY, os.fstat(handle).st_size)))
        os.fsync(handle)
    finally:
        os.close(handle)
    path.unlink()
