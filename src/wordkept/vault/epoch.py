"""Epoch: replacing a root, so that what was destroyed under it stays destroyed in every copy.

The steps are those of the protocol, in its order, each repeatable; how far a turn has come stands in one row, and a
killed turn is taken up where it stood. Two laws: a root exists durably before any row names it, and is destroyed only
when no row names it. Writers go on working throughout. What is *not* here: who calls for a turn and when (the gate),
replicas and archives (``ready``), backups.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

import msgspec
import psycopg
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from wordkept.evidence.journal import Journal
from wordkept.evidence.predicate import Predicate
from wordkept.evidence.statement import Body, state
from wordkept.terms import BrokenError, Role, UnavailableError
from wordkept.vault import turn_index
from wordkept.vault.access import Connection, durable
from wordkept.vault.blind import BlindIndex
from wordkept.vault.formats import Binding, Store
from wordkept.vault.keys import new_key, wrap
from wordkept.vault.points import reached
from wordkept.vault.processes import is_gone
from wordkept.vault.rewrap import Moved, Rewrap
from wordkept.vault.roots import RootHolder
from wordkept.vault.sealed import by_epoch, unwrap_epochs
from wordkept.vault.statements import statements

_SQL: Final = statements("epoch.sql")
_LOCK: Final = 0x776B65
_ROUNDS: Final = 100


class Turned(msgspec.Struct, frozen=True):
    """A finished turn.

    Attributes:
        epoch: the one that began.
        moved: what was moved into it.
        final: shard generations whose destructions became final, as (shard, generation).
    """

    epoch: int
    moved: Moved
    final: tuple[tuple[int, int], ...] = ()


class Turn:
    """One turn of one store's epoch.

    Args:
        connection: autocommit, under the epoch's role, used by nobody else meanwhile.
        roots: the store's roots.
        binding: what its keys are bound to.
        journal: numbers the connection's statements.
        now: the turn's one reference time, for evidence.
        wait: called between looks at what others do; it should refresh the caller's own keyrings and sleep a little.
        patience: how many such waits before the turn gives up (it can be taken up again).
        ready: called before the old root is destroyed; raises ``UnavailableError`` while a replica or archive lags.
    """

    def __init__(
        self,
        connection: Connection,
        roots: RootHolder,
        binding: Binding,
        journal: Journal,
        now: datetime,
        *,
        wait: Callable[[], None],
        patience: int = 6000,
        ready: Callable[[], None] = lambda: None,
    ) -> None:
        self._connection, self._roots, self._binding = connection, roots, binding
        self._journal, self._now, self._wait, self._patience, self._ready = journal, now, wait, patience, ready
        self._epochs: dict[int, AESGCM] = {}
        self._indexes: Mapping[int, BlindIndex] = {}

    def run(self) -> Turned:
        """Turn the epoch, or finish a turn that was interrupted.

        Raises:
            UnavailableError: another process is turning it; something is not durable; a root cannot be had; others do
                not load or end in time. The turn waits where it is.
            BrokenError: a key does not open.
        """
        if not self._row("try_lock", lock=_LOCK)[0]:
            raise UnavailableError("another process is turning this epoch")
        try:
            durable(self._connection)
            return self._run()
        except psycopg.OperationalError as error:
            raise UnavailableError("the store went away while its epoch was turning; turn it again") from error
        finally:
            if not self._connection.closed:
                self._connection.execute(_SQL["unlock"], {"lock": _LOCK})

    def _run(self) -> Turned:
        old, phase, _ = self._row("epoch")
        new = old + 1
        moved = Moved()
        if phase == "rest":
            self._begin(old, new)
        if phase != "destroy":
            self._load()
            moved = self._rewrap(old, new)
        self._destroy(old, new)
        return Turned(new, moved, self._close(old, new))

    def _begin(self, old: int, new: int) -> None:
        """Step 1: the new root is durable before the first row names it."""
        self._roots.create(new)
        reached("epoch.root-created")
        self._load()
        key, index = new_key(), new_key()
        cipher = AESGCM(key)
        search = self._indexes[old].search_key()
        with self._journal.transaction(self._connection):
            keyring = statements("keyring.sql")
            wrapped = self._roots.wrap(new, key, self._binding.epoch_key(new))
            self._connection.execute(keyring["insert_epoch_key"], {"epoch": new, "wrapped": wrapped})
            self._connection.execute(
                keyring["insert_index_key"],
                {
                    "epoch": new, "wrapped": wrap(cipher, index, self._binding.index_key(new)),
                    "search": wrap(cipher, search, self._binding.search_key(new)),
                },
            )  # fmt: skip
            self._connection.execute(_SQL["to_wrap"], {"old": old})
            self._note(Predicate.ROOT_CREATED, new)
            self._note(Predicate.EPOCH_STARTED, new)
        reached("epoch.wrap")

    def _load(self) -> None:
        rows = self._connection.execute(_SQL["wrapped_epochs"]).fetchall()
        self._epochs, indexes = unwrap_epochs(self._roots, self._binding, rows)
        self._indexes = by_epoch(indexes)

    def _rewrap(self, old: int, new: int) -> Moved:
        """Steps 1 (its end) to 5: move everything, prove it, and give up the right to name the old root."""
        self._loaded_by_all()
        self._settle()
        rewrap = Rewrap(self._connection, self._binding, self._epochs, new)
        total = Moved()
        for _ in range(_ROUNDS):
            total = self._round(rewrap, old, new, total)
            if not rewrap.left():
                self._prove(rewrap, new)
                self._ready()
                if self._give_up(old, new, total):
                    return total
        raise UnavailableError("writers do not let go of the old epoch")

    def _round(self, rewrap: Rewrap, old: int, new: int, total: Moved) -> Moved:
        kept, replaced = rewrap.shards()
        if replaced:
            self._row("nudge")  # writers look for their generation again
        keys = rewrap.keys()
        entries = 0
        if self._binding.store is Store.LIVE:  # only there people are searched for
            entries = turn_index.build(self._connection, self._indexes[old], self._indexes[new])
            self._settle()
            turn_index.drop_ghosts(self._connection, self._indexes[old], self._indexes[new])
        reached("epoch.moved")
        return Moved(total.kept + kept, total.replaced + replaced, total.keys + keys, entries)

    def _prove(self, rewrap: Rewrap, new: int) -> None:
        """Step 4: what stands opens with the new root alone."""
        rows = self._connection.execute(_SQL["wrapped_epochs"]).fetchall()
        fresh, _ = unwrap_epochs(self._roots, self._binding, [row for row in rows if row[0] == new])
        try:
            rewrap.prove(fresh[new])
        except BrokenError:
            if not rewrap.left():  # otherwise a writer came in with the old epoch, and the next round moves it
                raise
        reached("epoch.proved")

    def _give_up(self, old: int, new: int, total: Moved) -> bool:
        """Step 5: from this commit no row can name the old root; false if one still does."""
        try:
            with self._journal.transaction(self._connection):
                self._connection.execute(_SQL["drop_index_keys"], {"new": new})
                self._connection.execute(_SQL["drop_epoch_keys"], {"new": new})
                self._connection.execute(_SQL["to_destroy"], {"old": old})
                self._note(Predicate.PERFORMED, new, **msgspec.structs.asdict(total))
        except psycopg.errors.ForeignKeyViolation:
            return False
        reached("epoch.destroy")
        return True

    def _destroy(self, old: int, new: int) -> None:
        """Step 6: nobody has the old keys in memory, then the root goes, then the entries that hung on it."""
        self._loaded_by_all()
        self._roots.destroy(old)
        reached("epoch.root-destroyed")
        if self._binding.store is Store.LIVE:
            self._connection.execute(_SQL["drop_entries"], {"new": new})

    def _close(self, old: int, new: int) -> tuple[tuple[int, int], ...]:
        """Step 7, one transaction: root, phase, evidence, and the marks that became final."""
        with self._journal.transaction(self._connection):
            final = self._connection.execute(_SQL["finish_marks"], {"new": new}).fetchall()
            self._connection.execute(_SQL["drop_old_leases"])
            self._connection.execute(_SQL["to_rest"], {"old": old, "new": new})
            self._note(Predicate.ROOT_DESTROYED, old)
            if final:
                self._note(Predicate.FINAL, new, generations=len(final))
            self._note(Predicate.EPOCH_ENDED, new)
        reached("epoch.rest")
        return tuple(sorted(final))

    def _loaded_by_all(self) -> None:
        """Wait until every process that still has a lease has loaded what stands."""
        self._until(self._all_loaded, "a process does not load the new epoch")

    def _all_loaded(self) -> bool:
        waiting = self._connection.execute(_SQL["unloaded"]).fetchall()
        for process, holder in waiting:
            if is_gone(holder):  # its keys went with its memory
                self._connection.execute(_SQL["drop_lease"], {"process": process})
        return not waiting

    def _settle(self) -> None:
        """Wait until every transaction that runs now has ended."""
        before = {row[0] for row in self._connection.execute(_SQL["running"])}

        def ended() -> bool:
            nonlocal before
            before &= {row[0] for row in self._connection.execute(_SQL["running"])}
            return not before

        if before:
            self._until(ended, "a transaction does not end")

    def _until(self, done: Callable[[], bool], otherwise: str) -> None:
        for _ in range(self._patience):
            if done():
                return
            self._wait()
        raise UnavailableError(f"{otherwise}; the epoch waits")

    def _note(self, predicate: Predicate, epoch: int, **counts: int) -> None:
        body = Body(role=Role.SYSTEM, epoch=epoch, counts=counts)
        self._journal.append(self._connection.cursor(), [state(predicate, self._now, body)])

    def _row(self, name: str, **values: object) -> tuple[int, str, int]:
        row = self._connection.execute(_SQL[name], values).fetchone()
        if row is None:
            raise UnavailableError("the store has no keys yet")
        return row


def is_final(connection: Connection, shard: int, generation: int) -> bool:
    """Whether what was destroyed under a shard generation is final: no copy opens it, wherever it is."""
    row = connection.execute(_SQL["is_final"], {"shard": shard, "generation": generation}).fetchone()
    return row is not None and row[0] is not None


def epoch_state(connection: Connection) -> tuple[int, str]:
    """The root in force and the phase of a turn: ``rest`` when none is under way."""
    root, phase, _ = connection.execute(_SQL["epoch"]).fetchone() or (0, "none", 0)
    return root, phase
