"""The sealer: orders statements into the log, commits, and only then signs (protocol B).

1. One sealer: a session lock, a lock on the folder, and the head's row locked in every transaction.
2. What is pending gets the next positions, the head moves, the commit is durable.
3. Only then the tiles are written outside the database, and last the checkpoint, signed.
4. Before all that, the outside checkpoint is compared with the head. Head ahead and the same beginning: a crash came
   between commit and signing; sign. Head behind, or another root: this database was restored, or someone forked it;
   that log is never continued, a new one is opened whose first entry names the last known checkpoint.

What is *not* here: who calls it every second or two, witnesses, and the check of what was sealed (``verify``).
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import msgspec
from psycopg import Connection
from psycopg.pq import TransactionStatus
from psycopg.rows import tuple_row

from wordkept.evidence import checkpoint as checkpoints
from wordkept.evidence.checkpoint import Checkpoint
from wordkept.evidence.journal import ONE_RANGE, Journal
from wordkept.evidence.note import Signer
from wordkept.evidence.predicate import Predicate
from wordkept.evidence.queries import queries, reached
from wordkept.evidence.statement import Body, leaf, state
from wordkept.evidence.tiles import WIDTH, Tiles, logs
from wordkept.evidence.tree import EMPTY_ROOT, Frontier, read_frontier
from wordkept.terms import BrokenError, UnavailableError

PORTION: Final = 100_000
"""Most entries of one transaction of the sealer."""
_SQL: Final = queries("log.sql")


class Sealed(msgspec.Struct, frozen=True):
    """What a run of the sealer did.

    Attributes:
        log: number of the log, one more for each restore.
        size: entries of it that are now signed.
        added: entries sealed by this run.
        opened: a new log was opened, because the database is not the one that was last signed.
    """

    log: int
    size: int
    added: int
    opened: bool


class Head(msgspec.Struct, frozen=True):
    """The head of a log as the database has it; ``opened_after`` is a checkpoint's text."""

    log: int
    size: int
    root: bytes
    frontier: bytes
    opened_after: str | None


def seal(connection: Connection[Any], signer: Signer, folder: Path, now: datetime, *, portion: int = PORTION) -> Sealed:
    """Seal everything that is pending, and sign.

    Args:
        connection: to the database, outside of a transaction, of a role that may seal; one sealer waits for another.
        signer: the key of the database's first log; later logs use it under their own names.
        folder: where tiles and checkpoints of this database are kept, not on the database's disk if possible.
        now: the operation's one reference time.
        portion: most entries of one transaction; at least ten thousand.

    Raises:
        UnavailableError: commits are not durable, the folder cannot be written, the database is down, or the
            connection is in a transaction.
        BrokenError: the outside checkpoint is not one that this key signed.
    """
    if connection.info.transaction_status != TransactionStatus.IDLE:
        raise UnavailableError("sealing: the connection is in a transaction")
    with reached("sealing"), _alone(connection, folder):
        head, opened = _reconciled(connection, signer, folder)
        tiles, added = Tiles(folder, head.log), 0
        if head.opened_after and head.size == 0:
            head, leaves = _first_entry(connection, head, now)
            added += _sign(connection, tiles, signer, head, 0, leaves)
        while True:
            before = head.size
            head, leaves = _portion(connection, head.log, max(portion, ONE_RANGE))
            if not leaves:
                return Sealed(head.log, head.size, added, opened)
            added += _sign(connection, tiles, signer, head, before, leaves)


@contextmanager
def _alone(connection: Connection[Any], folder: Path) -> Iterator[None]:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise UnavailableError("sealing: the folder outside the database cannot be written") from error
    try:
        with connection.transaction():
            durable = connection.cursor(row_factory=tuple_row).execute(_SQL["durable"]).fetchone()
            if durable is None or not durable[0]:
                raise UnavailableError("sealing: commits are not durable; synchronous_commit, fsync, full_page_writes")
            connection.execute(_SQL["lock"])
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            if not connection.closed and not connection.broken:
                with connection.transaction():
                    connection.execute(_SQL["unlock"])
    finally:
        os.close(handle)


def _head(connection: Connection[Any]) -> Head | None:
    """The current log's head, its row locked until the transaction ends."""
    row = connection.cursor(row_factory=tuple_row).execute(_SQL["head"]).fetchone()
    return None if row is None else Head(*row)


def _portion(connection: Connection[Any], log: int, most: int) -> tuple[Head, list[bytes]]:
    """One transaction of sealing: the head after it, and the leaves it added."""
    with connection.transaction():
        head = _head(connection)
        if head is None or head.log != log:
            raise BrokenError("sealing: the log's head was replaced while it was being sealed")
        connection.execute(_SQL["nested"])
        with connection.cursor(binary=True, row_factory=tuple_row) as cursor:
            cursor.execute(_SQL["take"], {"log": log, "size": head.size, "most": most})
            rows = cursor.fetchall()
        if not rows:
            return head, []
        rows.sort()
        leaves = [leaf(header, digest) for _, header, digest in rows]
        return _advance(connection, head, leaves), leaves


def _advance(connection: Connection[Any], head: Head, leaves: list[bytes]) -> Head:
    frontier = read_frontier(head.size, head.frontier)
    frontier.extend(leaves)
    new = Head(head.log, frontier.size, frontier.root(), frontier.encoded(), head.opened_after)
    connection.execute(_SQL["advance"], msgspec.structs.asdict(new))
    return new


def _sign(
    connection: Connection[Any], tiles: Tiles, signer: Signer, head: Head, before: int, leaves: list[bytes]
) -> int:
    """Write tiles, then the signed checkpoint; the entries are committed already."""
    name = checkpoints.numbered(signer.name, head.log)
    try:
        tiles.extend(before, leaves)
    except BrokenError:  # someone lost tiles; they follow from the log
        _made_again(connection, tiles, head.log, head.size, Frontier())
    tiles.publish(checkpoints.sign(Checkpoint(name, head.size, head.root), signer.named(name)))
    return len(leaves)


def _first_entry(connection: Connection[Any], head: Head, now: datetime) -> tuple[Head, list[bytes]]:
    """The first entry of a log that was opened after a restore: it names the last known checkpoint."""
    before = checkpoints.plain(head.opened_after or "")
    said = Body(log=before.origin, size=before.size, root=before.root.hex())
    statement, journal = state(Predicate.OPENED_LOG, now, said), Journal()
    with connection.transaction():
        locked = _head(connection)
        if locked != head:
            raise BrokenError("sealing: the log's head was replaced while it was being sealed")
        journal.append(connection.cursor(), [statement])
        values = {"log": head.log, "connection": journal.connection}
        connection.execute(_SQL["enter"], values)
        connection.execute(_SQL["settle_pending"], values)
        return _advance(connection, head, [statement.leaf()]), [statement.leaf()]


def _reconciled(connection: Connection[Any], signer: Signer, folder: Path) -> tuple[Head, bool]:
    """The head to continue, after the outside checkpoint was compared with it, and whether its log is new."""
    with connection.transaction():
        head = _head(connection)
    known = logs(folder)
    last = known[-1] if known else 0
    outside = _outside(signer, folder, last)
    if head is None and outside is None:
        return _open(connection, signer, folder, 1, None), False
    if head is not None and head.log > last and head.size == 0:
        # Nothing was ever sealed in it: its opening is what was interrupted.
        _sign(connection, Tiles(folder, head.log), signer, head, 0, [])
        return head, head.opened_after is not None
    if head is not None and outside is not None and head.log == last and _continues(connection, folder, head, outside):
        if head.size > outside.size:
            _sign(connection, Tiles(folder, head.log), signer, head, head.size, [])
        return head, False
    if outside is None and head is not None:
        # The folder is gone: all that is known of the old log is what the database says of itself.
        outside = Checkpoint(checkpoints.numbered(signer.name, head.log), head.size, head.root)
    number = max(last, head.log if head else 0) + 1
    return _open(connection, signer, folder, number, outside), True


def _outside(signer: Signer, folder: Path, log: int) -> Checkpoint | None:
    note = Tiles(folder, log).checkpoint() if log else None
    if note is None:
        return None
    return checkpoints.read(note, signer.verifier().named(checkpoints.numbered(signer.name, log)))


def _open(connection: Connection[Any], signer: Signer, folder: Path, log: int, after: Checkpoint | None) -> Head:
    """A new, empty log; its empty checkpoint is outside before anything is sealed in it."""
    text = after.text() if after else None
    with connection.transaction():
        connection.execute(_SQL["open_log"], {"log": log, "root": EMPTY_ROOT, "opened_after": text})
    head = Head(log, 0, EMPTY_ROOT, b"", text)
    _sign(connection, Tiles(folder, log), signer, head, 0, [])
    return head


def _continues(connection: Connection[Any], folder: Path, head: Head, outside: Checkpoint) -> bool:
    """Whether the head continues what was last signed; the tiles then reach up to the head."""
    if head.size <= outside.size:
        return (head.size, head.root) == (outside.size, outside.root)
    tiles = Tiles(folder, head.log)
    try:
        frontier = tiles.frontier(outside.size)
    except BrokenError:
        frontier = Frontier()
    try:
        if _made_again(connection, tiles, head.log, outside.size, frontier).root() != outside.root:
            return False
        return _made_again(connection, tiles, head.log, head.size, frontier).root() == head.root
    except BrokenError:  # what is missing here, `verify` reports; statements to come must be sealed all the same
        return False


def _made_again(connection: Connection[Any], tiles: Tiles, log: int, upto: int, frontier: Frontier) -> Frontier:
    """Write tiles from the log's entries, from the end of ``frontier`` up to a size; returns it, moved there."""
    while frontier.size < upto:
        last = min(upto, (frontier.size // WIDTH + WIDTH) * WIDTH)
        with connection.transaction(), connection.cursor(binary=True, row_factory=tuple_row) as cursor:
            cursor.execute(_SQL["entries"], {"log": log, "first": frontier.size, "last": last})
            leaves = [leaf(header, digest) for header, digest in cursor]
        if len(leaves) != last - frontier.size:
            raise BrokenError("sealing: entries of the log are missing")
        tiles.extend(frontier.size, leaves)
        frontier.extend(leaves)
    return frontier
