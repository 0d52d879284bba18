"""Statements of a kind: everything that a batch says alike is written and checked once, the rest is filled in.

A template is the canonical bytes of a body, cut where record, sealed digest, version and subject stand. What is filled
in is typed (UUIDs, an integer, 32 bytes), so it needs no pattern. The pieces also serve the database, where a sweep
writes the statements of what it deleted in the same command (``evidence_swept`` in ``schema.sql``). What is *not* here:
numbering and storing (``journal``).
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256
from typing import Final
from uuid import UUID

import msgspec

from wordkept.evidence.predicate import Predicate
from wordkept.evidence.statement import LARGEST, SALT_BYTES, Body, Header, Named, Statement, encode, header

_RECORD: Final = "5ea1ed5ea1ed5ea1ed5ea1ed5ea1ed00"
_SUBJECT: Final = "5ea1ed5ea1ed5ea1ed5ea1ed5ea1ed01"
_DIGEST: Final = "5ea1ed5ea1ed5ea1" * 4


class Template(msgspec.Struct, frozen=True):
    """A body with holes.

    Attributes:
        header: of every statement made from it.
        pieces: the bytes around the holes. Four: record, version, subject. Five: record, sealed, version, subject.
    """

    header: Header
    pieces: tuple[bytes, ...]

    def fill(self, rows: Iterable[tuple[UUID, UUID, int]]) -> list[Statement]:
        """One statement for each (subject, record, version), in order."""
        one, two, three, four = (piece.decode() for piece in self.pieces)
        rows = list(rows)
        salts, at, top, made = os.urandom(SALT_BYTES * len(rows)), 0, self.header, []
        for subject, record, version in rows:
            salt = salts[at : (at := at + SALT_BYTES)]
            body = f"{one}{record.hex}{two}{version:d}{three}{subject.hex}{four}".encode()
            made.append(Statement(top, salt, body, sha256(salt + body).digest(), subject))
        return made

    def fill_sealed(self, rows: Iterable[tuple[UUID, UUID, bytes, int]]) -> list[Statement]:
        """One statement for each (subject, record, SHA-256 of the sealed bytes, version), in order."""
        one, two, three, four, five = (piece.decode() for piece in self.pieces)
        rows = list(rows)
        salts, at, top, made = os.urandom(SALT_BYTES * len(rows)), 0, self.header, []
        for subject, record, sealed, version in rows:
            salt = salts[at : (at := at + SALT_BYTES)]
            body = f"{one}{record.hex}{two}{sealed.hex()}{three}{version:d}{four}{subject.hex}{five}".encode()
            made.append(Statement(top, salt, body, sha256(salt + body).digest(), subject))
        return made


def template(predicate: Predicate, now: datetime, body: Body, *, sealed: bool = False) -> Template:
    """A template for statements that each name one subject and one record.

    Args:
        predicate: what happened to each.
        now: the operation's one reference time, with its zone.
        body: what is said of all alike, without subject and records.
        sealed: each also says the digest of its record's sealed bytes (``fill_sealed``).

    Raises:
        ValueError: the body names a subject or a record, or does not fit its patterns.
    """
    if body.subject is not None or body.records:
        raise ValueError("a template's body names no subject and no record")
    record = Named(_RECORD, _DIGEST if sealed else None, LARGEST)
    rest = encode(msgspec.structs.replace(body, subject=_SUBJECT, records=(record,)))
    pieces = []
    # The key goes with the hole, so that a count of the same size is not mistaken for the version.
    for hole in (
        f'"id":"{_RECORD}',
        *([f'"sealed":"{_DIGEST}'] if sealed else []),
        f'"version":{LARGEST}',
        f'"subject":"{_SUBJECT}',
    ):
        before, _, rest = rest.partition(hole.encode())
        name = hole.partition(":")[0] + (":" if hole.startswith('"version') else ':"')
        pieces.append(before + name.encode())
    return Template(header(predicate, now), (*pieces, rest))
