"""Keyring: the keys that one process may have in memory, and for how long.

A process holds a lease on the epoch it has loaded. It renews it while it works; past its end it must refuse, because
the epoch may have turned without it. Places in shards are reserved in blocks on a connection of the keyring's own, so
that writers do not wait for each other's transactions. A keyring belongs to one thread. What is *not* here: how an
epoch turns (``epoch``), and where sealed values are kept (``values``).
"""

from __future__ import annotations

import hashlib
import time
import uuid
from collections.abc import Callable, Iterable, Sequence
from typing import Final, Self

import msgspec
import psycopg
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from wordkept.terms import UnavailableError
from wordkept.vault.access import Connection
from wordkept.vault.blind import BlindIndex
from wordkept.vault.formats import Binding, place
from wordkept.vault.keys import new_key, new_keys, seal, unseal, unwrap, wrap
from wordkept.vault.processes import identity
from wordkept.vault.roots import RootHolder
from wordkept.vault.sealed import GenerationGoneError, Named, SealedValue, unwrap_epochs
from wordkept.vault.statements import statements

__all__ = ["LONGEST_LEASE", "GenerationGoneError", "Keyring", "Named", "SealedValue", "boot_seconds"]

LONGEST_LEASE: Final = 3600.0
"""Seconds; no lease is longer."""
_SQL: Final = statements("keyring.sql")
_FIRST_BLOCK, _LARGEST_BLOCK = 64, 1024


class _Block(msgspec.Struct):
    shard: int
    generation: int
    left: int
    cipher: AESGCM
    place: bytes


def boot_seconds() -> float:
    """Seconds since the machine started, sleep included, where the system counts that."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


class Keyring:
    """The keys of one store in one process.

    Args:
        connection: the keyring's own, autocommit; closed with it.
        roots: the store's roots.
        binding: what its sealed bytes are bound to.
        seconds: length of a lease.
        poll: seconds between looks at the epoch while working.
        tick: a clock of seconds that only moves forward.

    Raises:
        UnavailableError: no epoch, or its root is not here.
    """

    def __init__(
        self,
        connection: Connection,
        roots: RootHolder,
        binding: Binding,
        *,
        seconds: float = 60.0,
        poll: float = 0.25,
        tick: Callable[[], float] = boot_seconds,
    ) -> None:
        self._connection, self._roots, self._binding = connection, roots, binding
        self._seconds, self._poll, self._tick = min(seconds, LONGEST_LEASE), poll, tick
        self._process, self._holder = uuid.uuid4().hex, identity()
        self._epochs: dict[int, AESGCM] = {}
        self._indexes: tuple[BlindIndex, ...] = ()
        self._shards: dict[tuple[int, int], AESGCM] = {}
        self._block: _Block | None = None
        self._next_block = _FIRST_BLOCK
        self._seq, self._until, self._look_at = -1, float("-inf"), float("-inf")
        self.refresh()

    def close(self) -> None:
        """Give the lease back and forget every key."""
        self._forget()
        self._until = float("-inf")
        try:
            self._connection.execute(_SQL["drop_lease"], {"process": self._process})
        except psycopg.Error:
            pass  # the lease ends by itself
        finally:
            self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def refresh(self, *, now: bool = False) -> bool:
        """Renew the lease and load what changed, at most once every ``poll`` seconds unless ``now``.

        Call it before each act; it costs nothing in between.

        Returns:
            Whether the keys were loaded anew.

        Raises:
            UnavailableError: the database or the root does not answer.
        """
        if not now and self._tick() < self._look_at:
            return False
        try:
            return self._renew()
        except psycopg.OperationalError as error:
            raise UnavailableError("the keys' lease cannot be renewed") from error

    @property
    def indexes(self) -> tuple[BlindIndex, ...]:
        """The blind indexes to write to, oldest first; search in the first, it is the one that is complete."""
        self._leased()
        return self._indexes

    def seal(self, named: Named, value: bytes) -> SealedValue:
        """Seal one value under a key of its own.

        Raises:
            UnavailableError: the lease has ended.
        """
        return self.seal_many([(named, value)])[0]

    def seal_many(self, values: Sequence[tuple[Named, bytes]]) -> list[SealedValue]:
        """Seal values, each under a key of its own.

        Raises:
            UnavailableError: the lease has ended.
        """
        self._leased()
        sha256 = hashlib.sha256
        binding = self._binding
        made: list[SealedValue] = []
        keys = new_keys(len(values))
        for (named, value), key in zip(values, keys, strict=True):
            block = self._block
            if block is None or not block.left:
                block = self._reserve(len(values) - len(made))
            block.left -= 1
            about = binding.subject(named.subject, named.record, named.item, named.version)
            sealed = seal(key, value, binding.value(about))
            wrapped = wrap(block.cipher, key, binding.value_key(about, block.place))
            made.append(SealedValue(sealed, sha256(sealed).digest(), block.shard, block.generation, wrapped))
        return made

    def open(self, named: Named, value: SealedValue) -> bytes:
        """Open one value.

        Raises:
            BrokenError: it does not open.
            GenerationGoneError: its shard generation was replaced; read the row again.
            UnavailableError: the lease has ended.
        """
        return self.open_many([(named, value)])[0]

    def open_many(self, values: Sequence[tuple[Named, SealedValue]]) -> list[bytes]:
        """Open values; raises as ``open``."""
        self._leased()
        shards = self._shards
        wanted = {(value.shard, value.generation) for _, value in values}
        if missing := wanted - shards.keys():
            self._fetch(missing)
        binding = self._binding
        opened = []
        for named, value in values:
            about = binding.subject(named.subject, named.record, named.item, named.version)
            bound = binding.value_key(about, place(value.shard, value.generation))
            key = unwrap(shards[value.shard, value.generation], value.wrapped, bound)
            opened.append(unseal(key, value.sealed, binding.value(about)))
        return opened

    def shed(self) -> None:
        """Forget which shard generation to write under: it may have been replaced. Reserved places are kept."""
        if self._block is not None:
            self._block = self._current(self._block.shard, self._block.left)

    def _leased(self) -> None:
        if self._tick() > self._until:
            raise UnavailableError("the lease on the keys has ended; refresh before use")

    def _forget(self) -> None:
        self._epochs, self._indexes, self._block = {}, (), None
        self._shards.clear()

    def _renew(self) -> bool:
        """Lease first, then look again: whoever turns the epoch either sees the lease or is seen by it."""
        loaded = False
        while True:
            start = self._tick()
            seq = self._epoch_seq()
            if seq != self._seq:
                try:
                    self._load(seq)
                except UnavailableError:
                    if self._epoch_seq() == seq:
                        raise
                    continue  # the epoch turned between its rows and its root
                loaded = True
            lease = {"process": self._process, "loaded": seq, "holder": self._holder, "seconds": self._seconds}
            self._connection.execute(_SQL["take_lease"], lease)
            if self._epoch_seq() == seq:
                break
        self._until = start + self._seconds
        self._look_at = start + min(self._poll, self._seconds / 2)
        return loaded

    def _epoch_seq(self) -> int:
        row = self._connection.execute(_SQL["epoch"]).fetchone()
        if row is None:
            raise UnavailableError("the store has no keys yet")
        return int(row[2])

    def _load(self, seq: int) -> None:
        block = self._block
        self._forget()
        self._epochs, self._indexes = unwrap_epochs(
            self._roots, self._binding, self._connection.execute(_SQL["epoch_keys"]).fetchall()
        )
        self._seq = seq
        if block is not None and block.left:
            self._block = self._current(block.shard, block.left)

    def _reserve(self, most: int) -> _Block:
        """A block of places; blocks grow while they are used up, so that a short-lived process wastes few."""
        places = max(min(most, _LARGEST_BLOCK), self._next_block)
        self._next_block = min(self._next_block * 2, _LARGEST_BLOCK)
        row = self._connection.execute(_SQL["reserve"], {"places": places}).fetchone()
        block = self._current(row[0], row[1]) if row is not None else self._new_shard(places)
        self._block = block
        return block

    def _new_shard(self, places: int) -> _Block:
        while True:
            epoch = max(self._epochs)
            try:
                with self._connection.transaction():
                    row = self._connection.execute(_SQL["new_shard"], {"places": places}).fetchone()
                    if row is None:  # another process took that number
                        continue
                    wrapped = wrap(self._epochs[epoch], new_key(), self._binding.shard_key(row[0], 1, epoch))
                    values = {"shard": row[0], "generation": 1, "epoch": epoch, "wrapped": wrapped}
                    self._connection.execute(_SQL["new_generation"], values)
            except psycopg.errors.ForeignKeyViolation:  # the epoch turned: its key may no longer be named
                self._renew()
                continue
            return self._current(row[0], places)

    def _current(self, shard: int, left: int) -> _Block:
        row = self._connection.execute(_SQL["current_generation"], {"shard": shard}).fetchone()
        if row is None:
            raise UnavailableError(f"shard {shard} has no current generation")
        generation, epoch, wrapped = row
        return _Block(shard, generation, left, self._keep(shard, generation, epoch, wrapped), place(shard, generation))

    def _fetch(self, missing: Iterable[tuple[int, int]]) -> None:
        pairs = sorted(missing)
        asked = {"shards": [shard for shard, _ in pairs], "generations": [generation for _, generation in pairs]}
        for shard, generation, epoch, wrapped in self._connection.execute(_SQL["generations"], asked).fetchall():
            self._keep(shard, generation, epoch, wrapped)
        if any(pair not in self._shards for pair in pairs):
            raise GenerationGoneError("a shard generation was replaced; read again")

    def _keep(self, shard: int, generation: int, epoch: int, wrapped: bytes) -> AESGCM:
        if epoch not in self._epochs:
            self._renew()
        if epoch not in self._epochs:
            raise GenerationGoneError("a shard key names an epoch that has ended; read again")
        bound = self._binding.shard_key(shard, generation, epoch)
        cipher = AESGCM(unwrap(self._epochs[epoch], wrapped, bound))
        self._shards[shard, generation] = cipher
        return cipher
