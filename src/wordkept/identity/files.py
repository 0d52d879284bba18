"""Files: a copy of a document as it comes in, read with a bound and taken only if it is a plain PNG, JPEG or PDF.

The type is what the bytes are, whatever anybody calls them. What is *not* here: storing (``documents``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from wordkept.identity import pictures
from wordkept.terms import ValueRejectedError

LARGEST: Final = 10 * 1024 * 1024
"""Bytes of one document; a policy may say less."""
_PDF: Final = re.compile(rb"%PDF-1\.[0-7][\r\n]")
_PDF_END: Final = re.compile(rb"%%EOF[\r\n]{0,2}\Z")
_ESCAPED: Final = re.compile(rb"#([0-9A-Fa-f]{2})")
_ACTIVE: Final = (
    b"/JavaScript", b"/OpenAction", b"/AcroForm", b"/Launch", b"/EmbeddedFile", b"/RichMedia", b"/Rendition",
    b"/SubmitForm", b"/ImportData", b"/GoToR", b"/GoToE", b"/Encrypt", b"/ObjStm", b"/Movie", b"/Sound", b"/Trans",
)  # fmt: skip
"""Names of a PDF that does something, hides something or brings something along."""
_FOREIGN: Final = (b"<script", b"<html", b"<svg", b"<!doctype", b"<?php", b"<?xml")
"""How a page or a program begins; a reader that guesses looks no further than ``_HEAD`` bytes."""
_HEAD: Final = 4096
_ZIP_END, _ZIP_TAIL = b"PK\x05\x06", 22 + 0xFFFF
"""The end of an archive, and how near the end of a file it stands."""


def taken(chunks: Iterable[bytes], at_most: int, *, masked: bool) -> bytes:
    """A document that may be kept.

    Raises:
        ValueRejectedError: nobody says that it is masked, or as ``read`` and ``plain``.
    """
    if not masked:
        raise ValueRejectedError("document: its numbers are masked before it is handed in")
    return plain(read(chunks, min(at_most, LARGEST)))


def read(chunks: Iterable[bytes], at_most: int = LARGEST) -> bytes:
    """What comes in, up to a bound; nothing is read beyond it.

    Raises:
        ValueRejectedError: there is more.
    """
    found = bytearray()
    for chunk in chunks:
        if len(found) + len(chunk) > at_most:
            raise ValueRejectedError(f"document: at most {at_most} bytes")
        found += chunk
    return bytes(found)


def plain(data: bytes) -> bytes:
    """The document without what nobody needs to see.

    Raises:
        ValueRejectedError: it is of another type, damaged, or not that alone.
    """
    if data.startswith(pictures.PNG):
        found = pictures.png(data)
    elif data.startswith(pictures.JPEG):
        found = pictures.jpeg(data)
    elif _PDF.match(data):
        found = _pdf(data)
    else:
        raise ValueRejectedError("document: a PNG, a JPEG or a PDF, from its first byte on")
    head = found[:_HEAD].lower()
    if any(mark in head for mark in _FOREIGN) or _ZIP_END in found[-_ZIP_TAIL:]:
        raise ValueRejectedError("document: it is something else as well")
    return found


def _pdf(data: bytes) -> bytes:
    if not _PDF_END.search(data[-16:]):
        raise ValueRejectedError("document: something follows the end of the PDF, or it is cut short")
    unescaped = _ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), data)
    if any(name in unescaped or name in data for name in _ACTIVE):
        raise ValueRejectedError("document: a PDF that does, hides or brings along something; send a picture of it")
    return data
