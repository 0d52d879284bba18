"""Sealed: a sealed value as it is stored, what it is bound to, and the opening of epoch keys.

What is *not* here: who may have keys (``keyring``), and sealing itself (``keys``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from wordkept.terms import UnavailableError
from wordkept.vault.blind import BlindIndex
from wordkept.vault.formats import Binding
from wordkept.vault.keys import unwrap
from wordkept.vault.roots import RootHolder


class GenerationGoneError(UnavailableError):
    """A shard generation was replaced while a row that names it was being read: read again, once."""


class SealedValue(msgspec.Struct, frozen=True):
    """A sealed value with its wrapped key.

    Attributes:
        sealed: the value's ciphertext.
        digest: SHA-256 of ``sealed``.
        shard: where its key is wrapped.
        generation: of that shard.
        wrapped: the key.
    """

    sealed: bytes
    digest: bytes
    shard: int
    generation: int
    wrapped: bytes


class Named(msgspec.Struct, frozen=True):
    """What a value is bound to: person and record (32 hex digits each), item, version."""

    subject: str
    record: str
    item: str
    version: int


def unwrap_epochs(
    roots: RootHolder, binding: Binding, rows: Iterable[tuple[int, bytes, bytes | None, bytes | None]]
) -> tuple[dict[int, AESGCM], tuple[BlindIndex, ...]]:
    """Epoch keys and blind indexes from their rows (epoch, wrapped, wrapped index key, wrapped search key).

    Raises:
        UnavailableError: a root is not here.
        BrokenError: a key does not open.
    """
    epochs: dict[int, AESGCM] = {}
    indexes = []
    for epoch, wrapped, index, search in rows:
        cipher = AESGCM(roots.unwrap(epoch, wrapped, binding.epoch_key(epoch)))
        epochs[epoch] = cipher
        if index is not None and search is not None:
            opened = unwrap(cipher, index, binding.index_key(epoch)), unwrap(cipher, search, binding.search_key(epoch))
            indexes.append(BlindIndex(epoch, *opened))
    return epochs, tuple(indexes)


def by_epoch(indexes: Iterable[BlindIndex]) -> Mapping[int, BlindIndex]:
    """Blind indexes by the epoch they belong to."""
    return {index.epoch: index for index in indexes}
