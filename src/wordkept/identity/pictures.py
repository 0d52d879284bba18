"""Pictures: a PNG or JPEG from a stranger, walked part by part; only what makes the picture is kept.

Comments, places, previews and colour profiles are left out; what follows the end is refused, and so is a picture that
would be too large to look at. What is *not* here: whether it shows what it should (a person looks).
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from typing import Any, Final

from wordkept.terms import ValueRejectedError

PNG: Final = b"\x89PNG\r\n\x1a\n"
JPEG: Final = b"\xff\xd8\xff"
PIXELS: Final = 50_000_000
"""Most pixels of a picture: five times what a card or a page needs."""
_KEPT: Final = frozenset({b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"})
_SAMPLES: Final = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
"""Samples of one pixel, by the colour type of a PNG."""
_FRAMES: Final = frozenset({0xC0, 0xC1, 0xC2})
_TABLES: Final = frozenset({0xC4, 0xDB, 0xDD})
_IGNORED: Final = frozenset({*range(0xE0, 0xF0), 0xFE})
_ADOBE: Final = 0xEE
_SCAN, _END = 0xDA, 0xD9


def png(data: bytes) -> bytes:
    """A PNG without all that is not picture.

    Raises:
        ValueRejectedError: it is damaged, too large, more than it says, or no PNG all through.
    """
    kept: list[tuple[bytes, bytes]] = []
    at = len(PNG)
    while not kept or kept[-1][0] != b"IEND":
        length, kind = _read(">I4s", data, at)
        body, (check,) = data[at + 8 : at + 8 + length], _read(">I", data, at + 8 + length)
        if zlib.crc32(kind + body) != check or (not kept) != (kind == b"IHDR"):
            raise _rejected("a PNG that is damaged")
        if kind in _KEPT:
            kept.append((kind, body))
        elif not kind[0] & 0x20:
            raise _rejected("a PNG with a part that nobody knows")
        at += 12 + length
    if at != len(data):
        raise _rejected("something follows the end of the picture")
    _inflates(kept)
    return PNG + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in kept
    )


def _inflates(kept: list[tuple[bytes, bytes]]) -> None:
    """Whether the packed pixels are as many as the picture has, counted without keeping any."""
    width, height, depth, colour, *_, woven = _read(">IIBBBBB", kept[0][1], 0)
    _size(width, height)
    if colour not in _SAMPLES or depth not in {1, 2, 4, 8, 16} or woven:
        raise _rejected("a PNG of an unusual form")
    wanted = ((width * _SAMPLES[colour] * depth + 7) // 8 + 1) * height
    unpacker, found, packed = zlib.decompressobj(), 0, b"".join(body for kind, body in kept if kind == b"IDAT")
    try:
        while found <= wanted and not unpacker.eof:
            some = unpacker.decompress(packed, 1 << 20)
            found, packed = found + len(some), unpacker.unconsumed_tail
            if not some and not packed:
                break
    except zlib.error:
        raise _rejected("a PNG that is damaged") from None
    if found != wanted or not unpacker.eof or unpacker.unused_data:
        raise _rejected("a PNG that unpacks to another size than it says")


def jpeg(data: bytes) -> bytes:
    """A JPEG without all that is not picture.

    Raises:
        ValueRejectedError: as ``png``.
    """
    kept = [data[:2]]
    framed = False
    for kind, part in _segments(data):
        if kind in _FRAMES:
            height, width = _read(">HH", part, 5)
            _size(width, height)
            framed = True
        elif kind == _SCAN and not framed:
            raise _rejected("a JPEG that is damaged")
        if kind not in _IGNORED or (kind == _ADOBE and part[4:9] == b"Adobe" and len(part) == 16):  # noqa: PLR2004
            kept.append(part)
    return b"".join(kept)


def _segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The parts of a JPEG after its beginning; a scan comes with its pixels."""
    at = 2
    while True:
        mark, kind = _read(">BB", data, at)
        if mark == 0xFF and kind == _END:  # noqa: PLR2004
            if at + 2 != len(data):
                raise _rejected("something follows the end of the picture")
            yield kind, data[at : at + 2]
            return
        if mark != 0xFF or kind not in _FRAMES | _TABLES | _IGNORED | {_SCAN}:  # noqa: PLR2004
            raise _rejected("a JPEG that is damaged, or of an unusual form")
        (length,) = _read(">H", data, at + 2)
        end = at + 2 + max(length, 2)
        if kind == _SCAN:
            end = _scanned(data, end)
        if end > len(data):
            raise _rejected("a JPEG that is damaged")
        yield kind, data[at:end]
        at = end


def _scanned(data: bytes, at: int) -> int:
    """Where the pixels of a scan end: at the next mark that is neither a stuffed byte nor a restart."""
    while (at := data.find(b"\xff", at)) >= 0:
        following = data[at + 1 : at + 2]
        if following and following != b"\x00" and not b"\xd0" <= following <= b"\xd7":
            return at
        at += 2
    raise _rejected("a JPEG that is damaged")


def _size(width: int, height: int) -> None:
    if not 0 < width * height <= PIXELS:
        raise _rejected(f"a picture has 1 to {PIXELS} pixels")


def _read(form: str, data: bytes, at: int) -> tuple[Any, ...]:
    try:
        return struct.unpack_from(form, data, at)
    except struct.error:
        raise _rejected("a picture that is cut short") from None


def _rejected(why: str) -> ValueRejectedError:
    return ValueRejectedError(f"document: {why}")
