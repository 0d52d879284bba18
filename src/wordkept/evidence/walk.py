"""One pass over a log: every leaf recomputed from what is stored, every entry that does not fit reported at its place.

The server only hands out bytes; all hashing is done here. What is *not* here: which checkpoints the roots are compared
with, and whether statements are missing outside the log (``verify``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from psycopg import Connection
from psycopg.rows import tuple_row

from wordkept.evidence.queries import queries
from wordkept.evidence.report import Finding, Findings
from wordkept.evidence.statement import Header, digest_of, read_header
from wordkept.evidence.tiles import WIDTH, Tiles
from wordkept.evidence.tree import HASH_BYTES, Frontier
from wordkept.terms import BrokenError

Row = tuple[int, bytes, bytes, bytes | None, bytes | None, bytes | None, bytes | None]
"""position, header, digest of the entry; header, salt, body, subject of its statement."""

_SQL: Final = queries("verify.sql")
_CHUNK: Final = WIDTH * WIDTH
_FETCHED: Final = 4096
"""Rows that the server hands out at a time: a few megabytes."""
_UNKNOWN: Final = bytes(HASH_BYTES)
"""Stands where an entry is missing, so that those after it keep their places."""


class Walk:
    """A pass over one log.

    Attributes:
        log: its number.
        frontier: of the entries read so far.
        roots: at the sizes asked for.
        dropped: entries whose salt and body were lawfully dropped.
        present: entries whose statement is there.
    """

    def __init__(self, log: int, dropped_before: Mapping[str, datetime], findings: Findings) -> None:
        self.log = log
        self.frontier = Frontier()
        self.roots: dict[int, bytes] = {}
        self.dropped = 0
        self.present = 0
        self._dropped_before = dropped_before
        self._findings = findings
        self._headers: dict[bytes, Header | None] = {}

    def run(self, connection: Connection[Any], size: int, wanted: Iterable[int]) -> None:
        """Read the whole log.

        Args:
            connection: in a transaction at one snapshot.
            size: entries that the head says there are.
            wanted: sizes at which the root is kept.
        """
        stops = sorted(one for one in wanted if 0 <= one <= size)
        for chunk in self.chunks(connection, size):
            at = 0
            while at < len(chunk):
                while stops and stops[0] <= self.frontier.size:
                    self.roots[stops.pop(0)] = self.frontier.root()
                upto = min(len(chunk), at + stops[0] - self.frontier.size) if stops else len(chunk)
                self.frontier.extend(chunk[at:upto])
                at = upto
        for stop in stops:
            if stop == self.frontier.size:
                self.roots[stop] = self.frontier.root()

    def chunks(self, connection: Connection[Any], size: int) -> Iterator[list[bytes]]:
        """The leaves in order, some ten thousand at a time, as many as the head says; reports what does not fit."""
        leaves: list[bytes] = []
        expected, hashed = 0, sha256
        for row in _rows(connection, self.log):
            position, header, digest, stated, salt, body, subject = row
            if (
                position != expected
                or stated != header
                or hashed(salt + body).digest() != digest  # type: ignore[operator]
                or header not in self._headers
                or position >= size
                or not _names(body, subject)
            ):
                leaves += self._unlike(row, expected, size)
            else:
                leaves.append(hashed(b"\x00" + header + digest).digest())
                self.present += 1
            expected = position + 1
            if len(leaves) >= _CHUNK:
                yield leaves
                leaves = []
        for missing in range(expected, size):
            self._add("missing", "the entry is not there", missing)
            leaves.append(_UNKNOWN)
        yield leaves

    def _unlike(self, row: Row, expected: int, size: int) -> list[bytes]:
        """A row that is not simply the next good one: the leaves up to and with it, and what is wrong reported."""
        position, raw, digest, stated, salt, body, subject = row
        self.present += stated is not None
        if position >= size:
            self._add("beyond", "the entry stands after the log's head", position, raw)
            return []
        for missing in range(expected, position):
            self._add("missing", "the entry is not there", missing)
        header = self._header(raw)
        if header is None:
            self._add("altered", "the entry's header is not one of this format", position, raw)
        if stated is None or salt is None or body is None:
            self._absent(header, position, raw)
        elif stated != raw:
            self._add("altered", "the statement's header is not the one that was sealed", position, raw)
        elif digest_of(salt, body) != digest:
            self._add("altered", "the statement's salt and body are not those that were sealed", position, raw)
        elif not _names(body, subject):
            self._add("altered", "the statement is filed under another subject than it names", position, raw)
        return [_UNKNOWN] * (position - expected) + [sha256(b"\x00" + raw + digest).digest()]

    def _absent(self, header: Header | None, position: int, raw: bytes) -> None:
        before = self._dropped_before.get(header.retained) if header else None
        if header and before and header.hour < before:
            self.dropped += 1
        else:
            self._add("deleted", "the statement is gone, and not by the legal end of its time", position, raw)

    def _header(self, raw: bytes) -> Header | None:
        if raw not in self._headers:
            try:
                self._headers[raw] = read_header(raw)
            except BrokenError:
                return None
        return self._headers[raw]

    def _add(self, kind: Any, said: str, position: int, raw: bytes = b"") -> None:
        header = self._header(raw) if raw else None
        self._findings.add(Finding(kind, said, self.log, position, header.predicate if header else None))


def locate(connection: Connection[Any], log: int, size: int, tiles: Tiles, findings: Findings) -> int:
    """Find, by the tiles outside, which entries are not those that were sealed; returns how many.

    The pass reports nothing itself but these; ``Walk.run`` has said what does not fit within the database.
    """
    quiet, found, number = Walk(log, {}, Findings()), 0, 0
    for chunk in quiet.chunks(connection, size):
        for at in range(0, len(chunk), WIDTH):
            row = chunk[at : at + WIDTH]
            try:
                sealed = tiles.leaves(number, len(row))
            except BrokenError:
                sealed = row
            for inside, (now, then) in enumerate(zip(row, sealed, strict=True)):
                if now != then:
                    found += 1
                    said = "the entry is not the one that was sealed: it differs from the tile outside"
                    findings.add(Finding("altered", said, log, number * WIDTH + inside))
            number += 1
    return found


def _names(body: bytes | None, subject: bytes | None) -> bool:
    """Whether a body names the subject that its statement is filed under."""
    said = body or b""
    return b'"subject":"%b"' % subject.hex().encode() in said if subject else b'"subject":"' not in said


def _rows(connection: Connection[Any], log: int) -> Iterator[Row]:
    with connection.cursor() as once:
        once.execute(_SQL["nested"])
    with connection.cursor("walk", row_factory=tuple_row) as cursor:
        cursor.execute(_SQL["entries"], {"log": log}, binary=True)
        while rows := cursor.fetchmany(_FETCHED):
            yield from rows
