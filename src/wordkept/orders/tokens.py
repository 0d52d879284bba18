"""Tokens: what opens the page of open orders to one partner that has no software.

A token is 32 random bytes, of which only the SHA-256 digest is kept; it is one partner's, ends on a day, and with the
partner's last open order. A new one takes the place of the one before. What is *not* here: the page, which is a door's.
"""

from __future__ import annotations

import hmac
import secrets
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Final

import msgspec

from wordkept.written.owned import Owned

FILE: Final = "order-pages.json"
"""In the installation's folder; mode 0600."""
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
        self._list = Owned(folder / FILE, Opened)

    def make(self, partner: str, until: date) -> str:
        """A new token, which is kept nowhere; the partner's last one opens nothing any more.

        Raises:
            UnavailableError: the file is damaged, or others may read it.
        """
        token = secrets.token_urlsafe(_BYTES)
        with self._list.changed() as known:
            known[:] = [one for one in known if one.partner != partner]
            known.append(Opened(partner, until, _digest(token)))
        return token

    def of(self, token: str, day: date) -> Opened | None:
        """Whom a token opens the page to on a day; takes as long for a wrong one as for a right one.

        Raises:
            UnavailableError: as ``make``.
        """
        digest, found = _digest(token), None
        for one in self._list.all():
            if hmac.compare_digest(one.digest, digest) and day <= one.until:
                found = one
        return found

    def end(self, partner: str) -> None:
        """The partner's token opens nothing any more.

        Raises:
            UnavailableError: as ``make``.
        """
        with self._list.changed() as known:
            known[:] = [one for one in known if one.partner != partner]


def _digest(token: str) -> str:
    return sha256(token.encode("utf-8", "surrogateescape")).hexdigest()
