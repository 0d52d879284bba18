"""Rewrap: moving every shard key, and every value key of a touched shard, from one epoch to the next.

An untouched shard's key is wrapped anew and stays what it is. Of a touched shard the next generation has a new key:
what was destroyed under the old one is not carried over, everything else is. What is *not* here: phases, roots and
waiting (``epoch``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec
import psycopg
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from wordkept.terms import BrokenError, UnavailableError
from wordkept.vault.access import Connection
from wordkept.vault.arrays import Blobs, Identifiers
from wordkept.vault.formats import Binding, place
from wordkept.vault.keys import new_key, unwrap, wrap
from wordkept.vault.points import reached
from wordkept.vault.statements import statements

_SQL: Final = statements("epoch.sql")
_PAGE: Final = 1000
_PATIENCE: Final = 1000
"""How often a generation is emptied before we say that writers do not let go of it."""


class Rewrap:
    """Moves keys of one store to an epoch.

    Args:
        connection: autocommit, under the epoch's role.
        binding: what the keys are bound to.
        epochs: ciphers of the epochs whose keys are still in the database.
        new: the epoch to move to.
    """

    def __init__(self, connection: Connection, binding: Binding, epochs: Mapping[int, AESGCM], new: int) -> None:
        self._connection, self._binding, self._epochs, self._new = connection, binding, epochs, new

    def shards(self) -> tuple[int, int]:
        """Move every current shard key.

        Returns:
            How many were wrapped anew, and how many replaced by a next generation.
        """
        kept = replaced = 0
        after = -1
        while page := self._execute("shards", new=self._new, after=after, most=_PAGE):
            after = page[-1][0]
            untouched = [row[:4] for row in page if not row[4]]
            touched = [row[:4] for row in page if row[4]]
            with self._connection.transaction():
                kept += self._keep(untouched)
                replaced += self._replace(touched)
            reached("epoch.shards-page")
        return kept, replaced

    def keys(self) -> int:
        """Empty every generation that is not current, and drop it.

        Returns:
            How many value keys were moved.

        Raises:
            UnavailableError: writers keep coming into a generation.
        """
        moved = 0
        for shard, old, old_epoch, old_wrapped, new, new_epoch, new_wrapped in self._execute("retired"):
            source = self._open(shard, old, old_epoch, old_wrapped)
            target = self._open(shard, new, new_epoch, new_wrapped)
            for _ in range(_PATIENCE):
                moved += self._move(shard, (old, source), (new, target))
                reached("epoch.keys-moved")
                if self._drop(shard, old):
                    break
            else:
                raise UnavailableError(f"generation {old} of shard {shard} does not become empty")
        return moved

    def left(self) -> int:
        """How many shard generations still name an older epoch, or are not current."""
        return int(self._execute("left_behind", new=self._new)[0][0])

    def prove(self, fresh: AESGCM, sample: int = 256) -> int:
        """Unwrap every shard key, and a sample of value keys, with nothing but the new epoch's key.

        Args:
            fresh: the cipher of the new epoch's key, unwrapped for this by the new root.
            sample: value keys to try for each thousand shards.

        Returns:
            How many shard keys opened.

        Raises:
            BrokenError: one does not open.
        """
        opened = 0
        after = -1
        while page := self._execute("every_shard", after=after, most=_PAGE):
            after = page[-1][0]
            ciphers = {}
            for shard, generation, epoch, wrapped in page:
                if epoch != self._new:
                    raise BrokenError(f"shard {shard} names epoch {epoch}, which is about to end")
                bound = self._binding.shard_key(shard, generation, epoch)
                ciphers[shard, generation] = AESGCM(unwrap(fresh, wrapped, bound))
            opened += len(ciphers)
            for *named, shard, generation, wrapped in self._execute(
                "sample_keys", shards=[shard for shard, _ in ciphers], most=sample
            ):
                if (shard, generation) in ciphers:  # a shard that opened meanwhile is on a later page
                    about = self._binding.subject(*named)
                    unwrap(
                        ciphers[shard, generation], wrapped, self._binding.value_key(about, place(shard, generation))
                    )
        return opened

    def _execute(self, name: str, **values: Any) -> list[tuple[Any, ...]]:
        return self._connection.execute(_SQL[name], values, binary=True).fetchall()

    def _open(self, shard: int, generation: int, epoch: int, wrapped: bytes) -> AESGCM:
        return AESGCM(unwrap(self._epochs[epoch], wrapped, self._binding.shard_key(shard, generation, epoch)))

    def _wrap(self, shard: int, generation: int, key: bytes) -> bytes:
        return wrap(self._epochs[self._new], key, self._binding.shard_key(shard, generation, self._new))

    def _keep(self, rows: Sequence[tuple[Any, ...]]) -> int:
        if not rows:
            return 0
        wrapped = []
        for shard, generation, epoch, old in rows:
            key = unwrap(self._epochs[epoch], old, self._binding.shard_key(shard, generation, epoch))
            wrapped.append(self._wrap(shard, generation, key))
        shards, generations, _, old_wrapped = (list(column) for column in zip(*rows, strict=True))
        values = {"shards": shards, "generations": generations, "old": old_wrapped, "wrapped": wrapped}
        return self._connection.execute(_SQL["rewrap_shards"], {"new": self._new, **values}).rowcount

    def _replace(self, rows: Sequence[tuple[Any, ...]]) -> int:
        if not rows:
            return 0
        shards = [row[0] for row in rows]
        self._connection.execute(_SQL["retire_shards"], {"shards": shards, "generations": [row[1] for row in rows]})
        following = [row[1] + 1 for row in rows]
        wrapped = [
            self._wrap(shard, generation, new_key()) for shard, generation in zip(shards, following, strict=True)
        ]
        values = {"new": self._new, "shards": shards, "generations": following, "wrapped": wrapped}
        return self._connection.execute(_SQL["insert_shards"], values).rowcount

    def _move(self, shard: int, old: tuple[int, AESGCM], new: tuple[int, AESGCM]) -> int:
        rows = self._execute("keys", shard=shard, generation=old[0])
        if not rows:
            return 0
        binding, source, target = self._binding, place(shard, old[0]), place(shard, new[0])
        wrapped = []
        for *named, was in rows:
            about = binding.subject(*named)
            key = unwrap(old[1], was, binding.value_key(about, source))
            wrapped.append(wrap(new[1], key, binding.value_key(about, target)))
        subjects, records, _, versions, was_wrapped = (list(column) for column in zip(*rows, strict=True))
        try:
            return self._connection.execute(
                _SQL["rewrap_keys"],
                {
                    "shard": shard, "generation": old[0], "new": new[0],
                    "subjects": Identifiers(subjects), "records": Identifiers(records), "versions": versions,
                    "old": Blobs(was_wrapped), "wrapped": Blobs(wrapped),
                },
            ).rowcount  # fmt: skip
        except psycopg.errors.DeadlockDetected:  # somebody deletes the same keys in another order; the next round sees
            return 0

    def _drop(self, shard: int, generation: int) -> bool:
        """Whether the generation is gone; a writer that came in between still names it, so empty it again."""
        try:
            self._connection.execute(_SQL["drop_generation"], {"shard": shard, "generation": generation})
        except (psycopg.errors.ForeignKeyViolation, psycopg.errors.DeadlockDetected):
            return False
        return True


class Moved(msgspec.Struct, frozen=True):
    """What a turn moved: shard keys wrapped anew, shards given a next generation, value keys, index entries."""

    kept: int = 0
    replaced: int = 0
    keys: int = 0
    entries: int = 0
