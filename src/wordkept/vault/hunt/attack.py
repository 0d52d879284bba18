"""Attack: what an old copy of the data folder gives away, together with everything the installation still has.

The copy's sealed values are tried with every wrapped key in the copy and in today's files, under today's roots; the
copy's blind index is asked for every value of a range. It is how the promise of an epoch is put to the test. Today's
server must have written everything to its tables before (a checkpoint): of keys that stand only in the log as what
changed of a row, each would have to be tried on each record. What is *not* here: keys in memory, and roots taken from
elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import msgspec

from wordkept.vault.blind import BLOCK
from wordkept.vault.formats import Store
from wordkept.vault.hunt import layout
from wordkept.vault.hunt.remains import Remains
from wordkept.vault.hunt.search import folders, rings_of
from wordkept.vault.hunt.windows import streams
from wordkept.vault.installation import Installation

_BLOCK: Final = bytes([(BLOCK + 1) << 1 | 1])  # the length that stands before an entry


class Tried(msgspec.Struct, frozen=True):
    """A sealed value in the copy.

    Attributes:
        subject: pseudonym, 32 hex digits.
        record: 32 hex digits.
        item: the item's name.
        digest: SHA-256 of the sealed bytes.
        opened: the store whose keys opened it, none if none did.
    """

    subject: str
    record: str
    item: str
    digest: bytes
    opened: Store | None


def attack(copy: Path, installation: Installation) -> tuple[Tried, ...]:
    """Try to open every sealed value in an old copy.

    Args:
        copy: of the data folder, taken at any time.
        installation: as it is now.
    """
    old, today = Remains(None), streams(folders(installation))
    read = streams([copy])
    for stream in read:
        for window in stream.windows():
            old.look(window)
    for stream in today:
        for window in stream.windows():
            layout.keys(window.data, window.low, window.high, old.keys, None)
    rings = rings_of(installation, old)
    old.look_deeper(read, rings)
    values = {(place.owner, place.digest) for place in old.places.values()}
    tried = []
    for owner, digest in sorted(values):
        held = old.held(digest)
        opened = (
            store
            for store, ring in zip(Store, rings, strict=True)
            if held is not None and ring.unseal(owner, held) is not None
        )
        tried.append(Tried(*owner, digest, next(opened, None)))
    return tuple(tried)


def index_tells(copy: Path, installation: Installation, item: str, values: Sequence[str], kind: str) -> tuple[str, ...]:
    """Ask an old copy's blind index which of some values were there.

    Args:
        copy: of the data folder.
        installation: as it is now.
        item: the item they would be of.
        values: all of a range, for instance.
        kind: the item's type.

    Returns:
        Those that were there, as far as any index key that still opens can tell.
    """
    keys = Remains(())
    old = streams([copy])
    for stream in [*old, *streams(folders(installation))]:
        for window in stream.windows():
            keys.look(window)
    entries = {
        index.epoch.to_bytes(8, "little") + layout.short(item) + _BLOCK + index.entry(item, value, kind): value
        for ring in rings_of(installation, keys)
        for index in ring.indexes()
        for value in values
    }
    there: set[str] = set()
    for stream in old:
        for window in stream.windows():
            there.update(entries[one] for one in _entries(window.data, item) if one in entries)
    return tuple(sorted(there))


def _entries(data: bytes, item: str) -> Iterator[bytes]:
    """Every entry of an item in a window: generation, item and block, as they lie."""
    mark = layout.short(item) + _BLOCK
    at = data.find(mark, 8)
    while at >= 0:
        yield data[at - 8 : at + len(mark) + BLOCK]
        at = data.find(mark, at + 1)
