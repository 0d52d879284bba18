"""Statements of a kind: everything that is said alike is written and checked once, the rest is filled in.

Both shapes are the canonical bytes of a body, cut where subject and records stand. What is filled in is typed or comes
from the store (identifiers of 32 hex digits, integers, 32 bytes), so it needs no pattern. The pieces of a template also
serve the database, where a sweep writes the statements of what it deleted in the same command (``evidence_swept`` in
``schema.sql``). What is *not* here: numbering and storing (``journal``).
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256
from typing import Final

import msgspec

from wordkept.evidence.predicate import Predicate
from wordkept.evidence.statement import LARGEST, SALT_BYTES, Body, Header, Named, Statement, encode, header

_RECORD: Final = "5ea1ed5ea1ed5ea1ed5ea1ed5ea1ed00"
_SUBJECT: Final = "5ea1ed5ea1ed5ea1ed5ea1ed5ea1ed01"


class Template(msgspec.Struct, frozen=True):
    """A body with holes for one subject, one record and its version.

    Attributes:
        header: of every statement made from it.
        pieces: the bytes before the record, the version and the subject, and after it.
    """

    header: Header
    pieces: tuple[bytes, ...]

    def fill(self, rows: Iterable[tuple[str, str, int]]) -> list[Statement]:
        """One statement for each (subject, record, version), in order."""
        one, two, three, four = (piece.decode() for piece in self.pieces)
        rows = list(rows)
        salts, at, top, made = os.urandom(SALT_BYTES * len(rows)), 0, self.header, []
        for subject, record, version in rows:
            salt = salts[at : (at := at + SALT_BYTES)]
            body = f"{one}{record}{two}{version:d}{three}{subject}{four}".encode()
            made.append(Statement(top, salt, body, sha256(salt + body).digest(), subject))
        return made


class Form(msgspec.Struct, frozen=True):
    """A body with holes for one subject and all the records that it is about.

    Attributes:
        header: of every statement made from it.
        pieces: the text before the records, between them and the subject, and after it.
    """

    header: Header
    pieces: tuple[str, str, str]

    def fill(self, subject: str, records: Iterable[tuple[str, int, bytes | None]]) -> Statement:
        """One statement about records of a person.

        Args:
            subject: the person, 32 hex digits.
            records: (32 hex digits, version, SHA-256 of the sealed bytes if that is said), at least one.
        """
        before, between, after = self.pieces
        named = "},{".join(
            [
                f'"id":"{record}","sealed":"{sealed.hex()}","version":{version:d}'
                if sealed
                else f'"id":"{record}","version":{version:d}'
                for record, version, sealed in records
            ]
        )
        body, salt = f"{before}{named}{between}{subject}{after}".encode(), os.urandom(SALT_BYTES)
        return Statement(self.header, salt, body, sha256(salt + body).digest(), subject)


def template(predicate: Predicate, now: datetime, body: Body) -> Template:
    """A template for statements that each name one subject and one record.

    Args:
        predicate: what happened to each.
        now: the operation's one reference time, with its zone.
        body: what is said of all alike, without subject and records.

    Raises:
        ValueError: the body names a subject or a record, or does not fit its patterns.
    """
    raw = _with_holes(body)
    # The key goes with the hole, so that a count of the same size is not mistaken for the version.
    holes = (f'"id":"{_RECORD}', f'"version":{LARGEST}', f'"subject":"{_SUBJECT}')
    pieces = []
    for hole in holes:
        before, _, raw = raw.partition(hole.encode())
        name = hole.partition(":")[0] + (":" if hole.startswith('"version') else ':"')
        pieces.append(before + name.encode())
    return Template(header(predicate, now), (*pieces, raw))


def form(predicate: Predicate, now: datetime, body: Body) -> Form:
    """A form for statements that name one subject and some records.

    Args:
        predicate: what happened to them.
        now: the operation's one reference time, with its zone.
        body: what is said of all alike, without subject and records.

    Raises:
        ValueError: as ``template``.
    """
    before, _, rest = _with_holes(body).decode().partition(f'"id":"{_RECORD}","version":{LARGEST}')
    between, _, after = rest.partition(f'"subject":"{_SUBJECT}')
    return Form(header(predicate, now), (before, f'{between}"subject":"', after))


def _with_holes(body: Body) -> bytes:
    if body.subject is not None or body.records:
        raise ValueError("the body of a kind of statements names no subject and no record")
    return encode(msgspec.structs.replace(body, subject=_SUBJECT, records=(Named(_RECORD, version=LARGEST),)))
