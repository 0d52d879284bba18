"""Remains: what the files hold of some records, or of all: wrapped keys, sealed values, and what is in their chunks.

Three readings, each of every window: first whatever names its record; then, with the keys that opened, keys and chunks
that do not; last, sealed values that stand without their record's id and are known by digest or open. What is *not*
here: keys' opening (``opening``) and what to make of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256
from itertools import islice, product
from typing import Final, NamedTuple

from wordkept.vault.hunt import layout
from wordkept.vault.hunt.layout import Apart, Keys, Sealed
from wordkept.vault.hunt.opening import Owner, Ring
from wordkept.vault.hunt.windows import Stream, Window

_MOST_TRIES: Final = 64


class Place(NamedTuple):
    """Where a sealed value stands, by its digest."""

    owner: Owner
    digest: bytes
    file: str
    offset: int


class Remains:
    """What was found.

    Args:
        owners: the records to look for; none for every record there is.
    """

    def __init__(self, owners: Sequence[Owner] | None) -> None:
        self._wanted = owners
        self._ids = None if owners is None else frozenset(bytes.fromhex(owner.record) for owner in owners)
        self.keys = Keys()
        self.places: dict[tuple[str, int], Place] = {}
        self._held: dict[bytes, bytes | Apart] = {}
        self._owner: dict[bytes, Owner] = {}
        self._parts: dict[Apart, dict[int, set[bytes]]] = {}

    @property
    def owners(self) -> Sequence[Owner]:
        """The records looked for, or all that were found."""
        return list(dict.fromkeys(self._owner.values())) if self._wanted is None else self._wanted

    def look(self, window: Window) -> None:
        """First reading."""
        data, low, high = window.data, window.low, window.high
        layout.keys(data, low, high, self.keys, self._ids)
        if self._wanted is None:
            for subject, record, item, sealed in layout.rows(data, low, high):
                self._note(Owner(subject.hex(), record.hex(), item), sealed, window)
            return
        for owner in self._wanted:
            for sealed in layout.named(data, low, high, bytes.fromhex(owner.record), owner.item):
                self._note(owner, sealed, window)

    def look_deeper(self, streams: Iterable[Stream], rings: Sequence[Ring]) -> None:
        """Second and third reading, as far as there is anything to learn from them."""
        for ring in rings:
            for owner in self.owners:
                ring.open_keys(owner)
        listed = list(streams)
        if self._parts or _shut(self.owners, rings):
            for stream in listed:
                for window in stream.windows():
                    self._complete(window, rings)
        if self._owner or any(ring.keys for ring in rings):
            for stream in listed:
                for window in stream.windows():
                    self._adopt(window, rings)

    def held(self, digest: bytes) -> bytes | None:
        """The sealed bytes of a digest; none where chunks of them are missing."""
        held = self._held[digest]
        if isinstance(held, bytes):
            return held
        parts = self._parts[held]
        if sorted(parts) != list(range(len(parts))):
            return None
        for chosen in islice(product(*(parts[number] for number in sorted(parts))), _MOST_TRIES):
            whole = b"".join(chosen)
            if sha256(whole).digest() == digest:
                return whole
        return None

    def _note(self, owner: Owner, sealed: Sealed, window: Window) -> None:
        self._owner.setdefault(sealed.digest, owner)
        if isinstance(self._held.setdefault(sealed.digest, sealed.held), Apart) and isinstance(sealed.held, Apart):
            self._parts.setdefault(sealed.held, {})
        file, offset = window.where(sealed.at)
        self.places[file, offset] = Place(owner, sealed.digest, file, offset)

    def _complete(self, window: Window, rings: Sequence[Ring]) -> None:
        data, low, high = window.data, window.low, window.high
        for apart, parts in self._parts.items():
            for number, chunk in layout.chunks(data, low, high, apart):
                parts.setdefault(number, set()).add(chunk)
        if shut := _shut(self.owners, rings):
            tails = list(layout.value_tails(data, low, high))
            for ring in rings:
                ring.open_tails(shut, tails)

    def _adopt(self, window: Window, rings: Sequence[Ring]) -> None:
        for sealed in layout.orphans(window.data, window.low, window.high):
            owner = self._owner.get(sealed.digest)
            if owner is None and window.stream.log and self._wanted is not None:
                owner = _opener(sealed, rings)
            if owner is not None:
                self._note(owner, sealed, window)


def _shut(owners: Iterable[Owner], rings: Sequence[Ring]) -> list[Owner]:
    """Records of which no key opened."""
    return [owner for owner in owners if not any(owner in ring.keys for ring in rings)]


def _opener(sealed: Sealed, rings: Sequence[Ring]) -> Owner | None:
    """Whose key opens a sealed value that nothing names: an update's, logged without what did not change."""
    for ring in rings:
        for owner in ring.keys:
            if isinstance(sealed.held, bytes) and ring.unseal(owner, sealed.held) is not None:
                return owner
    return None
