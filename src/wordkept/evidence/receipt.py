"""Receipts: a statement, and the proof that a log holds it, checked without any server (C2SP tlog-proof).

A receipt is two files: the statement as it was hashed, and a ``.tlog-proof`` with the entry's index, its audit path and
a signed checkpoint. Who has both and the log's verifier key needs neither us nor our database. What is *not* here:
whether the log was ever forked; for that, checkpoints of different holders are compared (``verify``'s ``since``).
"""

from __future__ import annotations

import base64
import re
from pathlib import Path
from typing import Annotated, Any, Final

import msgspec
from psycopg import Connection
from psycopg.rows import tuple_row

from wordkept.evidence import checkpoint as checkpoints
from wordkept.evidence.checkpoint import Checkpoint
from wordkept.evidence.note import Verifier, plain_base64
from wordkept.evidence.queries import queries, reached
from wordkept.evidence.statement import Body, Header, digest_of, leaf, read_body, read_header
from wordkept.evidence.tiles import Tiles
from wordkept.evidence.tree import HASH_BYTES, check_inclusion, inclusion_proof
from wordkept.terms import BrokenError, UnavailableError

_FIRST_LINE: Final = "c2sp.org/tlog-proof@v1"
_LONGEST_PATH: Final = 63
_INDEX: Final = re.compile(r"0|[1-9][0-9]{0,18}")
_SQL: Final = queries("receipt.sql")


class _Written(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The statement's file: header and body as text, the salt in hex."""

    body: str
    header: str
    salt: Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{32}\Z")]


class Receipt(msgspec.Struct, frozen=True):
    """The contents of the two files."""

    statement: bytes
    proof: bytes


class Proven(msgspec.Struct, frozen=True):
    """What a receipt proves: this was said, in this hour, and stands at this index of the log of this checkpoint."""

    header: Header
    body: Body
    index: int
    checkpoint: Checkpoint


def receipt(connection: Connection[Any], folder: Path, verifier: Verifier, session: int, number: int) -> Receipt:
    """The receipt of a sealed statement, against the newest checkpoint of its log.

    Args:
        connection: of a role that may read evidence.
        folder: where the sealer keeps tiles and checkpoints.
        verifier: the public key of the database's first log.
        session: the journal's ``connection``.
        number: of the statement in it.

    Raises:
        UnavailableError: it is not sealed and signed yet, its body was dropped, or the database is down.
        BrokenError: tiles or checkpoint are missing or damaged.
    """
    with reached("receipt"), connection.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute(_SQL["entry"], {"connection": session, "number": number}).fetchone()
    if row is None:
        raise UnavailableError("receipt: the statement is not sealed yet, or its time is over")
    log, index, header, salt, body = row
    tiles = Tiles(folder, log)
    note = tiles.checkpoint()
    if note is None:
        raise BrokenError(f"receipt: log {log} has no checkpoint outside the database")
    sealed = checkpoints.read(note, verifier.named(checkpoints.numbered(verifier.name, log)))
    if index >= sealed.size:
        raise UnavailableError("receipt: the statement is sealed, and its checkpoint is not signed yet")
    path = inclusion_proof(tiles.node, index, sealed.size)
    check_inclusion(leaf(header, digest_of(salt, body)), index, sealed.size, path, sealed.root)
    written = _Written(body.decode(), header.decode(), salt.hex())
    return Receipt(msgspec.json.encode(written), write_proof(index, path, note))


def check_receipt(statement: bytes, proof: bytes, verifier: Verifier) -> Proven:
    """Check a receipt; needs no server.

    Args:
        statement: contents of the statement's file.
        proof: contents of the ``.tlog-proof`` file.
        verifier: the public key of the database's first log; a later log of it is recognised by its name.

    Raises:
        BrokenError: the files are malformed, or do not prove what the statement says.
    """
    try:
        written = msgspec.json.decode(statement, type=_Written)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise BrokenError("receipt: the statement's file is malformed") from error
    index, path, note = read_proof(proof)
    name = note.split(b"\n", 1)[0].decode("utf-8", "replace")
    log = checkpoints.log_of(name)
    if log is None or checkpoints.numbered(verifier.name, log) != name:
        raise BrokenError("receipt: of another log")
    sealed = checkpoints.read(note, verifier.named(name))
    header, body = written.header.encode(), written.body.encode()
    found = leaf(header, digest_of(bytes.fromhex(written.salt), body))
    check_inclusion(found, index, sealed.size, path, sealed.root)
    return Proven(read_header(header), read_body(body), index, sealed)


def write_proof(index: int, path: list[bytes], note: bytes) -> bytes:
    """The contents of a ``.tlog-proof`` file."""
    lines = [_FIRST_LINE, f"index {index}", *(base64.b64encode(node).decode() for node in path), "", ""]
    return "\n".join(lines).encode() + note


def read_proof(proof: bytes) -> tuple[int, list[bytes], bytes]:
    """Index, audit path and signed checkpoint of a ``.tlog-proof`` file; extra data is allowed and ignored.

    Raises:
        BrokenError: it is malformed.
    """
    head, gap, note = proof.partition(b"\n\n")
    try:
        lines = head.decode("ascii").split("\n")
    except UnicodeDecodeError as error:
        raise BrokenError("proof: not a .tlog-proof file") from error
    if lines.pop(0) != _FIRST_LINE or not gap or not note:
        raise BrokenError("proof: not a .tlog-proof file")
    if lines and lines[0].startswith("extra "):
        plain_base64(lines.pop(0).removeprefix("extra "))
    word, _, digits = lines.pop(0).partition(" ") if lines else ("", "", "")
    if word != "index" or not _INDEX.fullmatch(digits):
        raise BrokenError("proof: the index is malformed")
    path = [plain_base64(line) for line in lines]
    if len(path) > _LONGEST_PATH or any(len(node) != HASH_BYTES for node in path):
        raise BrokenError("proof: the audit path is malformed")
    return int(digits), path, note
