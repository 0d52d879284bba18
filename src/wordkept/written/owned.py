"""Owned: a list in a file of its owner alone, of mode 0600, that several processes read and change.

What is *not* here: what stands in it.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Generic, TypeVar

import msgspec

from wordkept.language import say
from wordkept.terms import UnavailableError
from wordkept.written import files

_LARGEST: Final = 1 << 20
One = TypeVar("One", bound=msgspec.Struct)


class Owned(Generic[One]):
    """The list as its file has it now; what did not change is not read again.

    Args:
        file: its name begins with a letter; its folder is there.
        kind: what it is a list of.
    """

    def __init__(self, file: Path, kind: type[One]) -> None:
        self._file = file
        self._decoder = msgspec.json.Decoder(tuple[kind, ...])  # type: ignore[valid-type]
        self._stamp: tuple[int, ...] | None = None
        self._known: tuple[One, ...] = ()

    def all(self) -> tuple[One, ...]:
        """Everything in it; nothing where there is no file.

        Raises:
            UnavailableError: others may read the file, or it is damaged.
        """
        try:
            handle = os.open(self._file, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        except FileNotFoundError:
            return ()
        except OSError as error:
            raise UnavailableError(say("{file} cannot be read", file=self._file.name)) from error
        with os.fdopen(handle, "rb") as file:
            about = os.fstat(handle)
            if about.st_mode & 0o077 or about.st_uid != os.geteuid():
                said = say("{file} is not its owner's alone", file=self._file.name)
                raise UnavailableError(said, hint=say("chmod 600 {file}", file=str(self._file)))
            stamp = (about.st_mtime_ns, about.st_ino, about.st_size)
            if stamp != self._stamp:
                self._known, self._stamp = self._decoded(file.read(_LARGEST)), stamp
        return self._known

    @contextmanager
    def changed(self) -> Iterator[list[One]]:
        """The list, to be changed by one process at a time; written whole or not at all.

        Raises:
            UnavailableError: as ``all``.
        """
        folder = os.open(self._file.parent, os.O_RDONLY | os.O_CLOEXEC)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)
            known = list(self.all())
            yield known
            with files.whole(self._file) as file:
                file.write(msgspec.json.format(msgspec.json.encode(known), indent=2) + b"\n")
            os.fsync(folder)
        finally:
            os.close(folder)

    def _decoded(self, raw: bytes) -> tuple[One, ...]:
        try:
            return self._decoder.decode(raw)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise UnavailableError(say("{file} is damaged", file=self._file.name)) from error
