"""Stores: what one gate holds open: connections, keys and numbered statements, each made when first needed.

What is *not* here: anything that is asked over them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Final, TypeVar

import psycopg

from wordkept.evidence import Statement
from wordkept.evidence.journal import FEW, Journal
from wordkept.gate.apart import count, known
from wordkept.record import Record
from wordkept.terms import UnavailableError
from wordkept.vault import changes
from wordkept.vault.access import GATE, Connection, durable
from wordkept.vault.flight import Command, Session
from wordkept.vault.formats import Store
from wordkept.vault.installation import Installation
from wordkept.vault.keyring import GenerationGoneError, Keyring
from wordkept.vault.separation import Separation

Result = TypeVar("Result")
_TRIES: Final = 6


class Stores:
    """The open ends of one gate; belongs to one thread.

    Attributes:
        journal: numbers the statements of the connection to the live store.
        filed: digests of texts of consents that are known to be on file.
        begun: it stands there under which edition the first records were computed.
    """

    def __init__(self, installation: Installation) -> None:
        self.installation = installation
        self.journal, self.begun = Journal(), False
        self.filed: frozenset[str] = frozenset()
        self._live: Connection | None = None
        self._session: Session
        self._told: list[Command] = []
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
        """The gate's connection to the live store; the first statement begins a transaction."""
        if self._live is None or self._live.closed:
            self._live = self.installation.connect(Store.LIVE, GATE)
            durable(self._live)
            self._live.rollback()
            self._session = Session(self._live)
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
            self._separation = made = Separation(self.installation)
            for connection in (made.live, made.separate, made.keeper):
                durable(connection)
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
    def transaction(self) -> Iterator[Session]:
        """A transaction in the live store whose statements are numbered; there is one at a time."""
        connection, done = self.live, False
        self._told = []
        try:
            yield self._session
            self._session.commit(*self._told)
            done = True
        finally:
            if done:
                self.journal.committed()
            else:
                self.journal.rolled_back()
                if not connection.closed:
                    self._session.rollback()

    def tell(self, statements: Sequence[Statement], beside: Sequence[Command] = ()) -> None:
        """Append statements to the transaction, and write what goes with them: few go with its end, many at once."""
        if len(beside) > FEW:
            for at in range(0, len(beside), FEW):
                self._session.ask(*beside[at : at + FEW])
        else:
            self._told += beside
        if len(statements) > FEW:
            self.journal.append(self._session, statements)
        else:
            self._told += [Command(*one) for one in self.journal.commands(statements)]

    @contextmanager
    def guarded(self) -> Iterator[None]:
        """Let go of everything when a store or its keys cannot be had; the next act begins with new connections.

        Raises:
            UnavailableError: a store went away; it is unknown whether what was asked took effect.
        """
        try:
            yield
        except psycopg.OperationalError as error:
            self.close()
            raise UnavailableError("the store went away; whether the act took effect is unknown: ask again") from error
        except UnavailableError:
            self.close()
            raise

    def retried(self, work: Callable[[], Result]) -> Result:
        """Do something in a transaction of its own; again, where it certainly did not happen and may now.

        That is so when a shard generation was replaced under it, and when two transactions waited for each other.

        Raises:
            UnavailableError: it does not get through.
        """
        for _ in range(_TRIES):
            try:
                return work()
            except GenerationGoneError:
                self.renew()
            except psycopg.errors.ForeignKeyViolation as error:
                if not changes.vanished(error):
                    raise
                self.renew()
                self.keys.shed()
            except (psycopg.errors.DeadlockDetected, psycopg.errors.SerializationFailure):
                continue
        raise UnavailableError("others keep coming in between; ask again")
