"""Formats: what every sealed byte is bound to. These cannot change once data exists; a new one takes a new number.

Associated data is binary and of fixed width, so that no two different meanings ever have the same bytes: the format
number, what kind of thing is sealed, the installation, the store, and then whatever names the thing. All integers are
unsigned and big-endian. ``docs/vault.md`` has the table, ``tests/vectors/keys`` the bytes. What is *not* here:
encryption (``keys``) and where keys are kept (``keyring``).
"""

from __future__ import annotations

from enum import IntEnum
from functools import lru_cache
from typing import Final

FORMAT: Final = 1
"""First byte of every sealed value, wrapped key and associated data."""


class Store(IntEnum):
    """Which of the two databases, as one byte."""

    LIVE = 1
    SEPARATE = 2


class Sealed(IntEnum):
    """What kind of thing is sealed, as one byte."""

    VALUE = 1
    VALUE_KEY = 2
    SHARD_KEY = 3
    EPOCH_KEY = 4
    INDEX_KEY = 5
    SEARCH_KEY = 6


@lru_cache(maxsize=4096)
def item_field(item: str) -> bytes:
    """An item's name with its length in bytes before it (2 bytes)."""
    name = item.encode()
    return len(name).to_bytes(2) + name


def version_field(version: int) -> bytes:
    """A record's version, 4 bytes."""
    return version.to_bytes(4)


class Binding:
    """Associated data for one store of one installation.

    Args:
        installation: 16 bytes.
        store: which store.
    """

    __slots__ = ("_keys", "_value", "_value_key", "installation", "store")

    def __init__(self, installation: bytes, store: Store) -> None:
        if len(installation) != 16:  # noqa: PLR2004 - a UUID's bytes
            raise ValueError("an installation's id has 16 bytes")
        self.installation, self.store = installation, store
        tail = installation + bytes([store])
        self._value = bytes([FORMAT, Sealed.VALUE]) + tail
        self._value_key = bytes([FORMAT, Sealed.VALUE_KEY]) + tail
        self._keys = {kind: bytes([FORMAT, kind]) + tail for kind in Sealed}

    def subject(self, subject: str, record: str, item: str, version: int) -> bytes:
        """What a value and its key have in common: person, record, item, version.

        Args:
            subject: 32 hex digits.
            record: 32 hex digits.
            item: the item's name.
            version: of the record.
        """
        return bytes.fromhex(subject + record) + item_field(item) + version.to_bytes(4)

    def value(self, about: bytes) -> bytes:
        """Of a value; ``about`` is what ``subject`` made."""
        return self._value + about

    def value_key(self, about: bytes, place: bytes) -> bytes:
        """Of a wrapped value key; ``place`` is what ``place`` made."""
        return self._value_key + about + place

    def shard_key(self, shard: int, generation: int, epoch: int) -> bytes:
        """Of a wrapped shard key."""
        return self._keys[Sealed.SHARD_KEY] + place(shard, generation) + epoch.to_bytes(8)

    def epoch_key(self, epoch: int) -> bytes:
        """Of a wrapped epoch key."""
        return self._keys[Sealed.EPOCH_KEY] + epoch.to_bytes(8)

    def index_key(self, epoch: int) -> bytes:
        """Of the wrapped key of an epoch's blind index."""
        return self._keys[Sealed.INDEX_KEY] + epoch.to_bytes(8)

    def search_key(self, epoch: int) -> bytes:
        """Of the wrapped key that normalised values are hashed under."""
        return self._keys[Sealed.SEARCH_KEY] + epoch.to_bytes(8)


def place(shard: int, generation: int) -> bytes:
    """Where a value key is wrapped: shard and generation, 8 bytes each."""
    return shard.to_bytes(8) + generation.to_bytes(8)
