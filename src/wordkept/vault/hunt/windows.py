"""Windows: every file of some folders as a stream of overlapping pieces, in constant memory.

Write-ahead logs come first and as one stream without their page headers, so that nothing is missed where a page or a
segment ends. They come first because what leaves them has reached the tables before: whichever way a checkpoint falls
while we read, a row is seen in one or the other. Files are read, never mapped: a server may cut them meanwhile. What is
*not* here: what is looked for.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Final, NamedTuple

PIECE: Final = 8 * 1024 * 1024
"""Bytes read at once."""
BEHIND: Final = 4096
"""Bytes that can be looked back from any anchor."""
AHEAD: Final = 16 * 1024
"""Bytes that can be looked ahead from any anchor."""
_PAGE: Final = 8192
_FIRST, _OTHER = 40, 24  # bytes of page header, on a segment's first page and on the others
_SEGMENT: Final = re.compile(r"^[0-9A-F]{24}$")


class Window(NamedTuple):
    """A piece of a stream; anchors from ``low`` to before ``high`` are this window's own.

    Attributes:
        data: the bytes.
        low: first anchor.
        high: after the last anchor.
        start: of ``data`` in the stream.
        stream: what it is a piece of.
    """

    data: bytes
    low: int
    high: int
    start: int
    stream: Stream

    def where(self, at: int) -> tuple[str, int]:
        """File and offset of a place in ``data``."""
        return self.stream.where(self.start + at)


class Stream:
    """One file, or several that continue each other.

    Args:
        paths: in their order.
        log: whether they are segments of a write-ahead log.

    Attributes:
        read: bytes of the last reading.
        unread: files that it could not open.
    """

    def __init__(self, paths: list[Path], *, log: bool = False) -> None:
        self.paths, self.log, self._ends = paths, log, [0]
        self.read, self.unread = 0, 0

    def where(self, position: int) -> tuple[str, int]:
        """File and offset of a position in the stream."""
        number = max(index for index, end in enumerate(self._ends) if end <= position)
        path, rest = str(self.paths[min(number, len(self.paths) - 1)]), position - self._ends[number]
        if not self.log or rest < _PAGE - _FIRST:
            return path, rest + (_FIRST if self.log else 0)
        page, inside = divmod(rest - (_PAGE - _FIRST), _PAGE - _OTHER)
        return path, (page + 1) * _PAGE + _OTHER + inside

    def windows(self) -> Iterator[Window]:
        """The stream, window by window; it can be read again."""
        self._ends, self.read, self.unread = [0], 0, 0
        carry, start, low = b"", 0, 0
        for piece in self._pieces():
            data = carry + piece
            high = len(data) - AHEAD
            if high <= low:
                carry = data
                continue
            yield Window(data, low, high, start, self)
            cut = max(0, high - BEHIND)
            carry, start, low = data[cut:], start + cut, high - cut
        if len(carry) > low:
            yield Window(carry, low, len(carry), start, self)

    def _pieces(self) -> Iterator[bytes]:
        position = 0
        for path in self.paths:
            try:
                with path.open("rb") as file:
                    while piece := file.read(PIECE):
                        self.read += len(piece)
                        bare = _without_headers(piece, first=file.tell() == len(piece)) if self.log else piece
                        position += len(bare)
                        yield bare
            except FileNotFoundError:  # recycled or dropped since it was listed
                pass
            except OSError:
                self.unread += 1
            self._ends.append(position)


def _without_headers(piece: bytes, *, first: bool) -> bytes:
    view = memoryview(piece)
    starts = range(0, len(piece), _PAGE)
    return b"".join(view[at + (_FIRST if first and not at else _OTHER) : at + _PAGE] for at in starts)


def streams(folders: Iterable[Path]) -> list[Stream]:
    """Every regular file below some folders once, write-ahead logs first; links are followed."""
    logs: list[Path] = []
    others: list[Path] = []
    for path in _files(folders):
        (logs if path.parent.name == "pg_wal" and _SEGMENT.match(path.name) else others).append(path)
    logs.sort(key=lambda path: (path.parent, path.name))
    joined = [Stream(list(group), log=True) for _, group in groupby(logs, key=lambda path: path.parent)]
    return joined + [Stream([path]) for path in others]


def _files(folders: Iterable[Path]) -> Iterator[Path]:
    seen: set[tuple[int, int]] = set()

    def new(path: Path, wanted: int) -> bool:
        try:
            found = path.stat()
        except OSError:
            return False
        fresh = stat.S_IFMT(found.st_mode) == wanted and (found.st_dev, found.st_ino) not in seen
        seen.add((found.st_dev, found.st_ino))
        return fresh

    for folder in folders:
        if folder.is_file() and new(folder, stat.S_IFREG):
            yield folder
        for top, inner, names in os.walk(folder, followlinks=True):
            inner[:] = sorted(name for name in inner if new(Path(top, name), stat.S_IFDIR))
            for name in sorted(names):
                if new(Path(top, name), stat.S_IFREG):
                    yield Path(top, name)
