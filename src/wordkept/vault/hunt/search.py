"""Search: one value, in every file of an installation, in plain and sealed.

In plain it is looked for in all its spellings. Sealed, by the records that hold or held it: each place where sealed
bytes of theirs stand, live or dead, and whether anything the installation still has opens them: every wrapped key in
any raw file, under every root at hand. The value itself goes into no answer. What is *not* here: memory, swap, other
disks and backups that were not named.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Final

import msgspec

from wordkept.vault.formats import Store
from wordkept.vault.hunt.opening import Owner, Ring
from wordkept.vault.hunt.remains import Place, Remains
from wordkept.vault.hunt.spellings import SHORTEST, Spelling, spelled, spellings, spellings_of_bytes
from wordkept.vault.hunt.windows import Window, streams
from wordkept.vault.installation import Installation
from wordkept.vault.sealed import Named

MOST: Final = 200
"""Places that are told one by one; all are counted."""


class Verdict(StrEnum):
    """What is left of a value, the worst first."""

    PLAIN = "plain"
    OPENABLE = "sealed, openable"
    DEAD = "sealed and dead"
    ABSENT = "not found"


class Spot(msgspec.Struct, frozen=True, omit_defaults=True):
    """One place.

    Attributes:
        verdict: what stands there.
        file: its path.
        offset: bytes from the file's beginning; of a sealed value, where its digest begins.
        spelling: how it is written, in plain.
        record: whose sealed value it is.
    """

    verdict: Verdict
    file: str
    offset: int
    spelling: str | None = None
    record: str | None = None


class Hunted(msgspec.Struct, frozen=True, kw_only=True):
    """What a hunt found.

    Attributes:
        verdict: the worst of all.
        counts: places by verdict.
        records: the worst by record.
        spots: at most ``MOST`` places, the worst first.
        files: how many were read.
        bytes: of them.
        unread: files that could not be read; what they hold is not known.
        openable: keys that still open, of all that were found: epoch keys and shard keys, of both stores.
    """

    verdict: Verdict
    counts: dict[str, int]
    records: dict[str, Verdict]
    spots: tuple[Spot, ...]
    files: int
    bytes: int
    unread: int
    openable: dict[str, int]


def hunt(
    installation: Installation, value: str, *, records: Sequence[Named] = (), extra: Sequence[Path] = ()
) -> Hunted:
    """Look for a value everywhere on the disk that is the installation's.

    Args:
        installation: open; with a DSN its database's files are elsewhere and are not read unless named in ``extra``.
        value: what to look for.
        records: those that hold or held it; their version does not matter.
        extra: more files or folders: plans, exports, logs, old copies.

    Raises:
        ValueRejectedError: the value is too short to tell anything.
    """
    forms = spellings(value)
    owners = list(dict.fromkeys(Owner(one.subject, one.record, one.item) for one in records))
    read = streams(folders(installation, extra))
    remains = Remains(owners)
    spots: list[Spot] = []
    counts: Counter[str] = Counter()
    for stream in read:
        for window in stream.windows():
            for spot in _plain(window, forms):
                counts[spot.verdict] += 1
                if len(spots) < MOST:
                    spots.append(spot)
            if owners:
                remains.look(window)
    size, unread = sum(stream.read for stream in read), sum(stream.unread for stream in read)
    rings = rings_of(installation, remains)
    remains.look_deeper(read, rings)
    sealed = [one for place in remains.places.values() if (one := _sealed(place, remains, rings, forms))]
    counts.update(spot.verdict for spot in sealed)
    spots = sorted([*spots, *sealed], key=lambda spot: list(Verdict).index(spot.verdict))
    return Hunted(
        verdict=spots[0].verdict if spots else Verdict.ABSENT,
        counts=dict(counts),
        records={owner.record: _worst(owner, sealed) for owner in owners},
        spots=tuple(spots[:MOST]),
        files=sum(len(stream.paths) for stream in read),
        bytes=size,
        unread=unread,
        openable={
            "epoch keys": sum(len(ring.epochs) for ring in rings),
            "shard keys": sum(len(ring) for ring in rings),
        },
    )


def hunt_bytes(installation: Installation, secret: bytes, *, extra: Sequence[Path] = ()) -> tuple[Spot, ...]:
    """Look for a secret's bytes everywhere, a root's for instance: raw, hex, base64."""
    forms = spellings_of_bytes(secret)
    found: list[Spot] = []
    for stream in streams(folders(installation, extra)):
        for window in stream.windows():
            found += _plain(window, forms)
    return tuple(found)


def folders(installation: Installation, extra: Sequence[Path] = ()) -> list[Path]:
    """Where an installation's files are: its folder, the server's data, and more."""
    data = [Path(installation.config.data)] if installation.config.data else []
    return [*data, installation.folder, *extra]


def rings_of(installation: Installation, remains: Remains) -> list[Ring]:
    """What the roots of both stores open of the keys that were found."""
    return [Ring(installation.binding(store), installation.roots(store), remains.keys) for store in Store]


def _plain(window: Window, forms: tuple[Spelling, ...]) -> Iterator[Spot]:
    """Places of a window, each once, though it fit several spellings."""
    data = window.data
    last = -SHORTEST
    found = spelled(data.lower(), data, window.low, window.high, forms)
    for how, at in sorted(found, key=lambda hit: hit[1]):
        if at - last >= SHORTEST:
            yield Spot(Verdict.PLAIN, *window.where(at), spelling=how)
            last = at


def _sealed(place: Place, remains: Remains, rings: Sequence[Ring], forms: tuple[Spelling, ...]) -> Spot | None:
    """A place's verdict; none where it opens and holds another value."""
    held = remains.held(place.digest)
    verdict = Verdict.DEAD
    for ring in rings:
        if held is not None and (opened := ring.unseal(place.owner, held)) is not None:
            if not any(spelled(opened.lower(), opened, 0, len(opened), forms)):
                return None
            verdict = Verdict.OPENABLE
    return Spot(verdict, place.file, place.offset, record=place.owner.record)


def _worst(owner: Owner, spots: Sequence[Spot]) -> Verdict:
    found = {spot.verdict for spot in spots if spot.record == owner.record}
    return next((verdict for verdict in Verdict if verdict in found), Verdict.ABSENT)
