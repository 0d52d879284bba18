"""What a stranger hands in as a document: a plain picture or page is taken, everything else gets one clear error."""

from __future__ import annotations

import resource
import zlib
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.identity.pictures import archive, chunk, jpeg, pdf, png, segment

from wordkept.identity.files import LARGEST, plain, read, taken
from wordkept.identity.pictures import PIXELS
from wordkept.terms import ValueRejectedError

GOOD = {"png": png(), "jpeg": jpeg(), "pdf": pdf(), "grey": jpeg(more=segment(0xFE, b"hello"))}
SCRIPT = b"<script>alert(1)</script>"
BAD = {
    "nothing": b"",
    "text": b"hello",
    "a script": b"#!/bin/sh\nrm -rf /\n",
    "HTML": b"<!doctype html><html>" + SCRIPT,
    "SVG": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "XML": b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY y SYSTEM 'file:///etc/passwd'>]><x>&y;</x>",
    "a GIF": b"GIF89a" + bytes(20),
    "a ZIP": archive(),
    "an EXE": b"MZ" + bytes(100),
    "a PNG by name only": b"\x89PNG\r\n\x1a\n",
    "a PNG cut short": png()[:-20],
    "a PNG that is altered": png()[:60] + b"\x00" + png()[61:],
    "a PNG and a ZIP": png() + archive(),
    "a PNG and a script": png() + SCRIPT,
    "a PNG with a part that nobody knows": png(more=chunk(b"ABCD", b"x")),
    "a PNG of other pixels than it says": png(pixels=b"\x00" * 10),
    "a PNG with two heads": png(more=chunk(b"IHDR", bytes(13))),
    "a PNG that is woven": png(woven=1),
    "a PNG that says it is huge": png(2**31 - 1, 2**31 - 1, pixels=b"\x00"),
    "a bomb": png(100, 100, pixels=bytes(200_000_000)),
    "a PNG without pixels": png(0, 0, pixels=b""),
    "a JPEG cut short": jpeg()[:-2],
    "a JPEG by name only": b"\xff\xd8\xff",
    "a JPEG and a ZIP": jpeg() + archive(),
    "a JPEG and a script": jpeg() + SCRIPT,
    "a JPEG that says it is huge": jpeg(65535, 65535),
    "a JPEG whose part goes beyond its end": jpeg(more=b"\xff\xe1\xff\xff"),
    "a JPEG without a frame": jpeg().replace(b"\xff\xc0", b"\xff\xe3"),
    "a JPEG with a ZIP in its pixels": jpeg(pixels=archive()),
    "a PDF cut short": pdf()[:-8],
    "a PDF and a ZIP": pdf() + archive(),
    "a PDF inside another file": b"GIF89a" + pdf(),
    "a PDF with a ZIP in it": pdf(archive()),
    "a PDF and a page": b"%PDF-1.4\n<html>" + pdf()[9:],
    "a PDF with a script": pdf(b"3 0 obj << /S /JavaScript /JS (app.alert(1)) >> endobj\n"),
    "a PDF with a script in disguise": pdf(b"3 0 obj << /S /J#61vaScript /JS (app.alert(1)) >> endobj\n"),
    "a PDF that starts a program": pdf(b"3 0 obj << /S /Launch /F (cmd.exe) >> endobj\n"),
    "a PDF with a file": pdf(b"3 0 obj << /Type /EmbeddedFile >> endobj\n"),
    "a PDF with hidden objects": pdf(b"3 0 obj << /Type /ObjStm /N 1 >> stream\nx\nendstream endobj\n"),
    "a PDF that is locked": pdf(b"3 0 obj << /Encrypt 4 0 R >> endobj\n"),
}


@pytest.mark.parametrize("name", GOOD)
def test_a_plain_document_is_taken(name: str) -> None:
    found = plain(GOOD[name])
    assert plain(found) == found


@pytest.mark.parametrize("name", BAD)
def test_everything_else_gets_one_clear_error(name: str) -> None:
    with pytest.raises(ValueRejectedError, match=r"^document: [ -~]+$"):
        plain(BAD[name])


def test_what_is_not_picture_is_left_out() -> None:
    place = b"GPS 37.5665, 126.9780"
    assert plain(png(more=chunk(b"tEXt", place) + chunk(b"eXIf", place) + chunk(b"iCCP", place))) == png()
    assert place not in plain(jpeg(more=segment(0xE1, b"Exif\x00\x00" + place) + segment(0xFE, place + SCRIPT)))


def test_an_unmasked_document_is_not_looked_at() -> None:
    with pytest.raises(ValueRejectedError, match="masked before"):
        taken(iter([png()]), LARGEST, masked=False)


def test_a_gigabyte_is_cut_at_the_limit_with_memory_flat() -> None:
    asked = 0

    def gigabyte() -> Iterator[bytes]:
        nonlocal asked
        for _ in range(16 * 1024):
            asked += 1
            yield bytes(64 * 1024)

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(ValueRejectedError, match="at most"):
        taken(gigabyte(), LARGEST, masked=True)
    assert asked == LARGEST // (64 * 1024) + 1
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 4 * LARGEST // 1024


def test_a_bomb_is_counted_and_not_kept() -> None:
    bomb = BAD["a bomb"]
    assert len(bomb) < 300_000
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(ValueRejectedError, match="another size"):
        plain(bomb)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 16 * 1024


def test_the_largest_picture_is_taken_and_one_row_more_is_not() -> None:
    assert plain(jpeg(10_000, PIXELS // 10_000))
    with pytest.raises(ValueRejectedError, match="pixels"):
        plain(jpeg(10_000, PIXELS // 10_000 + 1))


def test_a_file_of_exactly_the_limit_is_read() -> None:
    assert len(read([bytes(10), bytes(6)], 16)) == 16
    with pytest.raises(ValueRejectedError):
        read([bytes(10), bytes(7)], 16)


@given(st.sampled_from(sorted(GOOD)), st.lists(st.tuples(st.integers(0, 400), st.integers(0, 255)), max_size=5))
def test_noise_is_taken_or_refused_and_never_breaks_anything(name: str, noise: list[tuple[int, int]]) -> None:
    data = bytearray(GOOD[name])
    for at, byte in noise:
        data[at % len(data)] = byte
    try:
        found = plain(bytes(data))
    except ValueRejectedError:
        return
    assert plain(found) == found


@given(st.binary(max_size=300))
def test_noise_after_a_magic_number_is_refused(noise: bytes) -> None:
    for magic in (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"%PDF-1.4\n"):
        with pytest.raises(ValueRejectedError):
            plain(magic + noise)


def test_pixels_are_what_was_sent() -> None:
    rows = b"".join(b"\x00" + bytes([at] * 9) for at in range(3))
    found = plain(png(3, 3, pixels=rows))
    at = found.index(b"IDAT")
    assert zlib.decompress(found[at + 4 : found.index(b"IEND") - 8]) == rows
