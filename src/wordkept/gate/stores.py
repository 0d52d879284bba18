"""Stores: what one gate holds open: connections, keys and numbered statements, each made when first needed.

What is *not* here: anything that is asked over them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Final, TypeVar

import psycopg

from wordkept.evidence.journal import Journal
from wordkept.gate.apart import count, known
from wordkept.record import Record
from wordkept.terms import UnavailableError
from wordkept.vault import changes
from wordkept.vault.access import GATE, Connection, Cursor
from wordkept.vault.formats import Store
from wordkept.vault.installation import Installation
from wordkept.vault.keyring import GenerationGoneError, Keyring
from wordkept.vault.separation import Separation

Result = TypeVar("Result")
_TRIES: Final = 2


class Stores:
    """The open ends of one gate; belongs to one thread."""

    def __init__(self, installation: Installation) -> None:
        self.installation = installation
        self.journal = Journal()
        self._live: Connection | None = None
        self._keys: Keyring | None = None
        self._separation: Separation | None = None

    def close(self) -> None:
        """Close connections and forget keys."""
        if self._separation is not None:
            self._separation.close()
        if self._keys is not None:
            self._keys.close()
        if self._live is not None:
            self._live.close()
        self._live = self._keys = self._separation = None

    @property
    def live(self) -> Connection:
        """The gate's connection to the live store, autocommit."""
        if self._live is None or self._live.closed:
            self._live = self.installation.connect(Store.LIVE, GATE, autocommit=True)
            self.journal = Journal()
        return self._live

    @property
    def keys(self) -> Keyring:
        """The live store's keys, with a lease."""
        if self._keys is None:
            self._keys = self.installation.keyring(Store.LIVE, GATE)
        self._keys.refresh()
        return self._keys

    @property
    def separation(self) -> Separation:
        """The mover between both stores, with leases."""
        if self._separation is None:
            self._separation = Separation(self.installation)
        self._separation.refresh()
        return self._separation

    def known_apart(self, subjects: list[str]) -> Mapping[str, Sequence[Record]]:
        """What is said about people's separated records."""
        return known(self.separation, subjects)

    def count_apart(self) -> int:
        """How many records are in the separate store."""
        return count(self.separation)

    def renew(self) -> None:
        """Renew every lease that is held and load new keys, so that an epoch can turn."""
        if self._keys is not None:
            self._keys.refresh(now=True)
        if self._separation is not None:
            self._separation.refresh(now=True)

    @contextmanager
    def transaction(self) -> Iterator[Cursor]:
        """A transaction in the live store whose statements are numbered."""
        connection = self.live
        with self.journal.transaction(connection), connection.cursor() as cursor:
            yield cursor

    def retried(self, work: Callable[[], Result]) -> Result:
        """Do something; once more if a shard generation was replaced under it.

        Raises:
            UnavailableError: the store is down, or it is unknown whether a commit took effect: ask again under the
                same request id.
        """
        for left in reversed(range(_TRIES)):
            try:
                return work()
            except GenerationGoneError:
                if not left:
                    raise
                self.keys.refresh(now=True)
            except psycopg.errors.ForeignKeyViolation as error:
                if not left or not changes.vanished(error):
                    raise
                self.keys.refresh(now=True)
                self.keys.shed()
            except psycopg.OperationalError as error:
                self.close()
                raise UnavailableError(
                    "the store went away; whether the act took effect is unknown: ask again"
                ) from error
        raise AssertionError("unreachable")
