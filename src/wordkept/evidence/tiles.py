"""Tiles: the log's tree and newest checkpoint as files outside the database (C2SP tlog-tiles).

``<folder>/<log>/tile/<level>/<number>[.p/<width>]`` holds up to 256 hashes, ``<folder>/<log>/checkpoint`` the newest
checkpoint. A tile's bytes follow from the log alone, so writing one again is harmless; the checkpoint is written last,
when every tile that it needs is durable. What is *not* here: entries (they may have to be forgotten) and signing.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from wordkept.evidence.tree import HASH_BYTES, Frontier, frontier_at, level_up
from wordkept.terms import BrokenError, UnavailableError

WIDTH: Final = 256
_HEIGHT: Final = 8
_GROUP: Final = 1000


def tile_path(level: int, number: int, width: int = WIDTH) -> str:
    """Path of a tile below its log's folder: numbers in groups of three digits, all but the last marked ``x``."""
    number, last = divmod(number, _GROUP)
    groups = [f"{last:03d}"]
    while number:
        number, last = divmod(number, _GROUP)
        groups.insert(0, f"x{last:03d}")
    return f"tile/{level}/{'/'.join(groups)}" + (f".p/{width}" if width < WIDTH else "")


def logs(folder: Path) -> list[int]:
    """Numbers of the logs that have a checkpoint here, ascending."""
    try:
        names = [path.name for path in folder.iterdir()]
    except FileNotFoundError:
        return []
    return sorted(int(name) for name in names if name.isdigit() and (folder / name / "checkpoint").exists())


class Tiles:
    """The files of one log.

    Attributes:
        folder: of this log.
    """

    __slots__ = ("_rows", "_stale", "folder")

    def __init__(self, folder: Path, log: int) -> None:
        self.folder = folder / str(log)
        self._rows: dict[tuple[int, int], bytes] = {}
        self._stale: list[Path] = []

    def checkpoint(self) -> bytes | None:
        """The newest checkpoint's bytes, none if there is none.

        Raises:
            UnavailableError: it is there but cannot be read.
        """
        try:
            return (self.folder / "checkpoint").read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise UnavailableError("checkpoint: its file cannot be read") from error

    def extend(self, size: int, leaves: Sequence[bytes]) -> None:
        """Write what ``leaves`` add to the tiles of a log of ``size`` entries, and make it durable.

        Raises:
            BrokenError: tiles of the first ``size`` entries are missing.
            UnavailableError: the folder cannot be written.
        """
        touched: set[Path] = set()
        level, row = 0, list(leaves)
        try:
            while row:
                number, before = divmod(size, WIDTH)
                if before:
                    whole = self._row(level, number, before)
                    row = [whole[at : at + HASH_BYTES] for at in range(0, len(whole), HASH_BYTES)] + row
                    self._stale.append(self.folder / tile_path(level, number, before))
                above = []
                for at in range(0, len(row), WIDTH):
                    tile = row[at : at + WIDTH]
                    touched |= self._write(tile_path(level, number + at // WIDTH, len(tile)), b"".join(tile))
                    if len(tile) == WIDTH:
                        above.append(_root_of(tile))
                size, row, level = size // WIDTH, above, level + 1
            for folder in sorted(touched, reverse=True):
                _sync_folder(folder)
        except OSError as error:
            raise UnavailableError("tiles: the folder outside the database cannot be written") from error
        self._rows.clear()

    def publish(self, note: bytes) -> None:
        """Replace the checkpoint, durably; then let go of partial tiles that a wider one replaced.

        Raises:
            UnavailableError: the folder cannot be written.
        """
        try:
            for folder in sorted(self._write("checkpoint", note), reverse=True):
                _sync_folder(folder)
        except OSError as error:
            raise UnavailableError("checkpoint: the folder outside the database cannot be written") from error
        for path in self._stale:
            with contextlib.suppress(OSError):  # a partial tile too many does no harm
                path.unlink()
                path.parent.rmdir()
        self._stale.clear()

    def node(self, level: int, index: int) -> bytes:
        """Root of a complete subtree (``tree.Nodes``), read from the tiles.

        Raises:
            BrokenError: the tile is missing or damaged.
        """
        height, inside = divmod(level, _HEIGHT)
        number, first = divmod(index << inside, WIDTH)
        count = 1 << inside
        whole = self._row(height, number, first + count)
        row = [whole[at : at + HASH_BYTES] for at in range(first * HASH_BYTES, len(whole), HASH_BYTES)]
        while len(row) > 1:
            row = level_up(row)
        return row[0]

    def frontier(self, size: int) -> Frontier:
        """The frontier of the first ``size`` entries, as the tiles have it.

        Raises:
            BrokenError: a tile is missing or damaged.
        """
        return frontier_at(self.node, size)

    def leaves(self, number: int, width: int) -> list[bytes]:
        """The first ``width`` leaves of a tile of level 0.

        Raises:
            BrokenError: the tile is missing or damaged.
        """
        whole = self._row(0, number, width)
        return [whole[at : at + HASH_BYTES] for at in range(0, len(whole), HASH_BYTES)]

    def _row(self, level: int, number: int, width: int) -> bytes:
        """The first ``width`` hashes of a tile, from the whole tile or any partial one that is wide enough."""
        kept = self._rows.get((level, number), b"")
        if len(kept) < width * HASH_BYTES:
            kept = self._read(level, number, width)
            self._rows[level, number] = kept
        return kept[: width * HASH_BYTES]

    def _read(self, level: int, number: int, width: int) -> bytes:
        path = self.folder / tile_path(level, number)
        partial = path.with_name(f"{path.name}.p")
        widths = {int(one.name) for one in partial.iterdir() if one.name.isdigit()} if partial.is_dir() else set()
        for wide in (WIDTH, *sorted(widths, reverse=True)):
            if wide < width:
                break
            with contextlib.suppress(FileNotFoundError):
                found = (path if wide == WIDTH else partial / str(wide)).read_bytes()
                if len(found) == wide * HASH_BYTES:
                    return found
        raise BrokenError(f"tiles: {tile_path(level, number)} is missing or damaged")

    def _write(self, name: str, content: bytes) -> set[Path]:
        """Write a file under another name, make it durable, rename it; returns the folders that must follow."""
        path = self.folder / name
        made = {path.parent}
        if not path.parent.is_dir():
            made |= {one for one in path.parents if self.folder.parent in one.parents or one == self.folder.parent}
            path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.new")
        with draft.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
        return made


def _root_of(row: Sequence[bytes]) -> bytes:
    while len(row) > 1:
        row = level_up(row)
    return row[0]


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
