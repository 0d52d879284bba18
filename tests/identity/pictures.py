"""Pictures and pages made here, byte by byte, to be taken or to be refused."""

from __future__ import annotations

import struct
import zlib


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(width: int = 40, height: int = 25, *, more: bytes = b"", pixels: bytes | None = None, woven: int = 0) -> bytes:
    rows = b"".join(b"\x00" + bytes(width * 3) for _ in range(height)) if pixels is None else pixels
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, woven))
    return b"\x89PNG\r\n\x1a\n" + header + more + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def segment(kind: int, body: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, kind, len(body) + 2) + body


def jpeg(width: int = 40, height: int = 25, *, more: bytes = b"", pixels: bytes = b"\x12\xff\x00\xff\xd0\x34") -> bytes:
    frame = struct.pack(">BHHB", 8, height, width, 1) + b"\x01\x11\x00"
    tables = segment(0xDB, b"\x00" + bytes(range(1, 65))) + segment(0xC4, bytes(17))
    scan = segment(0xDA, b"\x01\x01\x00\x00\x3f\x00") + pixels
    return (
        b"\xff\xd8"
        + segment(0xE0, b"JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00")
        + more
        + (tables[:69] + segment(0xC0, frame) + tables[69:] + scan + b"\xff\xd9")
    )


def pdf(*objects: bytes) -> bytes:
    body = b"%PDF-1.4\n1 0 obj << /Type /Catalog /Pages 2 0 R >> endobj\n"
    return body + b"".join(objects) + b"trailer << /Root 1 0 R >>\n%%EOF\n"


def archive() -> bytes:
    """An empty ZIP."""
    return b"PK\x05\x06" + bytes(18)
