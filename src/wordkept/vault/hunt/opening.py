"""Opening: what the roots at hand still open of the keys that were found, downwards: epoch, shard, value.

What is *not* here: where the keys came from (``layout``), and any judgement (``search``, ``attack``).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from wordkept.terms import BrokenError, UnavailableError
from wordkept.vault.blind import BlindIndex
from wordkept.vault.formats import Binding, place
from wordkept.vault.hunt.layout import Keys, Tail
from wordkept.vault.keys import unseal, unwrap
from wordkept.vault.roots import RootHolder


class Owner(NamedTuple):
    """Whose a value is: 32 hex digits each for person and record, and the item."""

    subject: str
    record: str
    item: str


class Ring:
    """What one store's roots open.

    Args:
        binding: what the store's keys are bound to.
        roots: those that are there now.
        found: wrapped keys, wherever they were found.
    """

    def __init__(self, binding: Binding, roots: RootHolder, found: Keys) -> None:
        self._binding, self._found = binding, found
        self.epochs: dict[int, AESGCM] = {}
        there = set(roots.epochs())
        for epoch, wrapped in found.epochs:
            if epoch in there and epoch not in self.epochs:
                try:
                    self.epochs[epoch] = AESGCM(roots.unwrap(epoch, wrapped, binding.epoch_key(epoch)))
                except (BrokenError, UnavailableError):
                    continue
        self._shards: dict[tuple[int, int], AESGCM] = {}
        for shard, generation, epoch, wrapped in found.shards:
            self._shard(shard, generation, epoch, wrapped)
        self._hopeless: set[tuple[int, int]] = set()
        self.keys: dict[Owner, set[tuple[int, bytes]]] = {}

    def __len__(self) -> int:
        """How many shard keys opened."""
        return len(self._shards)

    def indexes(self) -> list[BlindIndex]:
        """The blind indexes that can still be asked."""
        opened: dict[int, BlindIndex] = {}
        for epoch, index, search in self._found.indexes:
            if (cipher := self.epochs.get(epoch)) is None or epoch in opened:
                continue
            try:
                opened[epoch] = BlindIndex(
                    epoch,
                    unwrap(cipher, index, self._binding.index_key(epoch)),
                    unwrap(cipher, search, self._binding.search_key(epoch)),
                )
            except BrokenError:
                continue
        return list(opened.values())

    def open_keys(self, owner: Owner) -> None:
        """Unwrap every key of a record that was found whole."""
        for key in self._found.values.get(bytes.fromhex(owner.record), ()):
            if key.subject.hex() != owner.subject:
                continue
            self._try(owner, key.version, key.shard, key.generation, key.wrapped)

    def open_tails(self, owners: Iterable[Owner], tails: Iterable[Tail]) -> None:
        """Unwrap keys of which only the generation is known, as keys of some records."""
        asked = [(owner, *at) for owner in owners for at in self._places(owner)]
        for tail in tails:
            for owner, version, shard in asked:
                self._try(owner, version, shard, tail.number, tail.wrapped)

    def unseal(self, owner: Owner, sealed: bytes) -> bytes | None:
        """Open a sealed value by any key of its record, none if no key does."""
        for version, key in self.keys.get(owner, ()):
            about = self._binding.subject(*owner, version)
            try:
                return unseal(key, sealed, self._binding.value(about))
            except BrokenError:
                continue
        return None

    def _places(self, owner: Owner) -> set[tuple[int, int]]:
        return {(key.version, key.shard) for key in self._found.values.get(bytes.fromhex(owner.record), ())}

    def _try(self, owner: Owner, version: int, shard: int, generation: int, wrapped: bytes) -> None:
        cipher = self._cipher(shard, generation)
        if cipher is None:
            return
        bound = self._binding.value_key(self._binding.subject(*owner, version), place(shard, generation))
        try:
            key = unwrap(cipher, wrapped, bound)
        except BrokenError:
            return
        self.keys.setdefault(owner, set()).add((version, key))

    def _cipher(self, shard: int, generation: int) -> AESGCM | None:
        """The cipher of a shard's generation, found whole or, if need be, among the tails."""
        asked = (shard, generation)
        if min(asked) < 0:  # noise that looks like a key
            return None
        if asked not in self._shards and asked not in self._hopeless:
            for epoch, wrapped in self._found.shard_tails:
                if self._shard(shard, generation, epoch, wrapped):
                    break
            else:
                self._hopeless.add(asked)
        return self._shards.get(asked)

    def _shard(self, shard: int, generation: int, epoch: int, wrapped: bytes) -> bool:
        if epoch not in self.epochs or (shard, generation) in self._shards:
            return False
        bound = self._binding.shard_key(shard, generation, epoch)
        try:
            self._shards[shard, generation] = AESGCM(unwrap(self.epochs[epoch], wrapped, bound))
        except BrokenError:
            return False
        return True
