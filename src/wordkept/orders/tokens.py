"""Tokens: what opens the page of open orders to one partner that has no software.

A token is 32 random bytes, of which only the SHA-256 digest is kept; it is one partner's, ends on a day, and with the
partner's last open order. A new one takes the place of the one before. What is *not* here: the page, which is a door's.
"""

from __future__ import annotations

import fcntl
import hmac
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Final

import msgspec

from wordkept.terms import UnavailableError
from wordkept.written import files

FILE: Final = "order-pages.json"
"""In the installation's folder; mode 0600."""
_LARGEST: Final = 1 << 20
_BYTES: Final = 32


class Opened(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whom a token opens the page to, and the last day on which it does."""

    partner: str
    until: date
    digest: Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}\Z")]


class Tokens:
    """The tokens of one installation, as its file lists them now.

    Args:
        folder: the installation's.
    """

    def __init__(self, folder: Path) -> None:
        self._folder, self._file = folder, folder / FILE

    def make(self, partner: str, until: date) -> str:
        """A new token, which is kept nowhere; the partner's last one opens nothing any more.

        Raises:
            UnavailableError: the file is damaged, or others may read it.
        """
        token = secrets.token_urlsafe(_BYTES)
        with self._changed() as known:
            known[:] = [one for one in known if one.partner != partner]
            known.append(Opened(partner, until, _digest(token)))
        return token

    def of(self, token: str, day: date) -> Opened | None:
        """Whom a token opens the page to on a day; takes as long for a wrong one as for a right one.

        Raises:
            UnavailableError: as ``make``.
        """
        digest, found = _digest(token), None
        for one in self._all():
            if hmac.compare_digest(one.digest, digest) and day <= one.until:
                found = one
        return found

    def end(self, partner: str) -> None:
        """The partner's token opens nothing any more.

        Raises:
            UnavailableError: as ``make``.
        """
        with self._changed() as known:
            known[:] = [one for one in known if one.partner != partner]

    def _all(self) -> list[Opened]:
        try:
            handle = os.open(self._file, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        except FileNotFoundError:
            return []
        except OSError as error:
            raise UnavailableError(f"{FILE} cannot be read") from error
        with os.fdopen(handle, "rb") as file:
            about = os.fstat(handle)
            if about.st_mode & 0o077 or about.st_uid != os.geteuid():
                raise UnavailableError(f"{FILE} is not its owner's alone", hint=f"chmod 600 {self._file}")
            try:
                return msgspec.json.decode(file.read(_LARGEST), type=list[Opened])
            except (msgspec.MsgspecError, UnicodeDecodeError) as error:
                raise UnavailableError(f"{FILE} is damaged") from error

    @contextmanager
    def _changed(self) -> Iterator[list[Opened]]:
        """The list, to be changed by one process at a time; written whole or not at all."""
        folder = os.open(self._folder, os.O_RDONLY | os.O_CLOEXEC)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)
            known = self._all()
            yield known
            with files.whole(self._file) as file:
                file.write(msgspec.json.format(msgspec.json.encode(known), indent=2) + b"\n")
            os.fsync(folder)
        finally:
            os.close(folder)


def _digest(token: str) -> str:
    return sha256(token.encode("utf-8", "surrogateescape")).hexdigest()
