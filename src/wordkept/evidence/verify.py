"""The check of the evidence: nothing is believed that can be recomputed.

Every leaf is made again from header, salt and body; every root from the leaves; every log is compared with its head,
with the checkpoint kept outside the database, and with any checkpoint kept elsewhere. Sessions' numbers show what was
taken away before it was sealed. A statement that was altered or deleted is reported at its entry. What is *not* here:
records (``census``), and repair: evidence is never mended.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import msgspec
from psycopg import Connection
from psycopg.rows import tuple_row

from wordkept.evidence import checkpoint as checkpoints
from wordkept.evidence.checkpoint import Checkpoint
from wordkept.evidence.note import Verifier
from wordkept.evidence.queries import queries, reached
from wordkept.evidence.report import Finding, Findings, LogReport, Report
from wordkept.evidence.statement import read_header
from wordkept.evidence.tiles import Tiles, logs
from wordkept.evidence.walk import Walk, locate
from wordkept.terms import BrokenError

_SQL: Final = queries("verify.sql")
_UNANCHORED: Final = (
    "no checkpoint of this log is known outside the database: that its end was cut off cannot be excluded"
)


class _Head(msgspec.Struct, frozen=True):
    """A row of ``log_head`` as far as a check reads it."""

    log: int
    size: int
    root: bytes
    opened_after: str | None


class _Anchor(msgspec.Struct, frozen=True):
    """A checkpoint and where it came from."""

    log: int
    checkpoint: Checkpoint
    source: str


def verify(connection: Connection[Any], folder: Path | None, verifier: Verifier, since: bytes | None = None) -> Report:
    """Check all evidence of one database at one snapshot.

    Args:
        connection: of a role that may read evidence, outside of a transaction.
        folder: where the sealer keeps tiles and checkpoints; none if there is no access to it.
        verifier: the public key of the database's first log.
        since: a signed checkpoint of any log of this database that was kept elsewhere.

    Returns:
        What was found; nothing is raised for what does not hold (``Report.require`` does).

    Raises:
        BrokenError: ``since`` is not a checkpoint that this key signed.
        UnavailableError: the database is down.
    """
    findings = Findings()
    anchors = _outside(folder, verifier, findings)
    if since is not None:
        anchors.append(_since(since, verifier))
    with reached("verify"), connection.transaction(), connection.cursor(row_factory=tuple_row) as cursor:
        cursor.execute(_SQL["snapshot"])
        return _Check(connection, folder, anchors, findings).run(cursor)


def _outside(folder: Path | None, verifier: Verifier, findings: Findings) -> list[_Anchor]:
    """The newest checkpoint of every log in the folder."""
    found = []
    for log in logs(folder) if folder else []:
        try:
            note = Tiles(folder or Path(), log).checkpoint() or b""
            name = checkpoints.numbered(verifier.name, log)
            found.append(_Anchor(log, checkpoints.read(note, verifier.named(name)), "the checkpoint outside"))
        except BrokenError as error:
            findings.add(Finding("checkpoint", f"the checkpoint outside cannot be relied on ({error})", log))
    return found


def _since(note: bytes, verifier: Verifier) -> _Anchor:
    name = note.split(b"\n", 1)[0].decode("utf-8", "replace")
    log = checkpoints.log_of(name)
    if log is None or checkpoints.numbered(verifier.name, log) != name:
        raise BrokenError("checkpoint: of another database's log")
    return _Anchor(log, checkpoints.read(note, verifier.named(name)), "the checkpoint given")


def _declared(after: _Head | None, anchor: _Anchor) -> bool:
    """Whether the next log here says that it was opened after this checkpoint, or after a later log that did."""
    if after is None or not after.opened_after:
        return False
    try:
        named = checkpoints.plain(after.opened_after)
    except BrokenError:
        return False
    log = checkpoints.log_of(named.origin) or 0
    return log > anchor.log or (log == anchor.log and named.size >= anchor.checkpoint.size)


class _Check:
    """One check, at one snapshot."""

    def __init__(
        self, connection: Connection[Any], folder: Path | None, anchors: list[_Anchor], findings: Findings
    ) -> None:
        self.connection, self.folder, self.anchors, self.findings = connection, folder, anchors, findings
        self.notes: list[str] = []

    def run(self, cursor: Any) -> Report:
        dropped_before = dict(cursor.execute(_SQL["dropped"]).fetchall())
        heads = [_Head(*row) for row in cursor.execute(_SQL["heads"]).fetchall()]
        self.notes += [
            f"{kept}: statements before {before:%Y-%m-%dT%HZ} are declared dropped at the end of their time"
            for kept, before in sorted(dropped_before.items())
        ]
        walks, reports = [], []
        for at, head in enumerate(heads):
            walk = Walk(head.log, dropped_before, self.findings)
            walks.append(walk)
            reports.append(self._log(walk, head, heads[at + 1] if at + 1 < len(heads) else None))
        current = heads[-1].log if heads else 0
        self._absent(heads)
        self._filed(cursor)
        unsealed, lag = self._unsealed(cursor, sum(walk.present for walk in walks))
        anchored = any(anchor.log == current for anchor in self.anchors)
        if not anchored:
            self.notes.append(_UNANCHORED)
        return Report(
            logs=tuple(reports), entries=sum(one.size for one in reports), dropped=sum(walk.dropped for walk in walks),
            unsealed=unsealed, lag=lag, anchored=anchored, findings=tuple(self.findings.kept),
            more_findings=self.findings.more, notes=tuple(self.notes),
        )  # fmt: skip

    def _log(self, walk: Walk, head: _Head, after: _Head | None) -> LogReport:
        anchors = [one for one in self.anchors if one.log == head.log]
        walk.run(self.connection, head.size, {head.size, *(one.checkpoint.size for one in anchors)})
        broken = walk.frontier.root() != head.root
        if broken:
            self._add("root", "the entries do not lead to the root that the head has", head.log)
        agreed = []
        for anchor in anchors:
            size, root = anchor.checkpoint.size, anchor.checkpoint.root
            if size > head.size:
                self._beyond(anchor, walk, head, after)
            elif walk.roots.get(size) == root:
                agreed.append(size)
            else:
                broken = True
                self._add("fork", f"the first {size} entries do not lead to the root of {anchor.source}", head.log)
        if broken and self.folder:
            locate(self.connection, head.log, head.size, Tiles(self.folder, head.log), self.findings)
        return LogReport(head.log, head.size, walk.frontier.root().hex(), tuple(agreed))

    def _beyond(self, anchor: _Anchor, walk: Walk, head: _Head, after: _Head | None) -> None:
        """A checkpoint of more entries than there are: lawful only where a restore was declared and nothing differs."""
        size = anchor.checkpoint.size
        if not _declared(after, anchor):
            said = f"{anchor.source} has {size} entries, the log only {head.size}: its end was cut off"
            self._add("truncated", said, head.log)
            return
        self.notes.append(
            f"log {head.log} ended at a restore: entries {head.size} to {size - 1} are not in this database"
        )
        try:
            same = (
                self.folder is None or Tiles(self.folder, head.log).frontier(head.size).root() == walk.frontier.root()
            )
        except BrokenError:
            self.notes.append(f"log {head.log}: its tiles are gone, so its beginning was not compared")
            same = True
        if not same:
            self._add("fork", "the restored entries are not those that the tiles outside have", head.log)

    def _absent(self, heads: list[_Head]) -> None:
        """Checkpoints of logs that are not here at all."""
        for anchor in self.anchors:
            later = [head for head in heads if head.log > anchor.log]
            if any(head.log == anchor.log for head in heads):
                continue
            if later and _declared(later[0], anchor):
                self.notes.append(f"log {anchor.log} ended at a restore: none of its entries are in this database")
            else:
                said = f"{anchor.source} is of log {anchor.log}, which is not here: the database was restored"
                self.findings.add(Finding("behind", said, anchor.log))

    def _filed(self, cursor: Any) -> None:
        """Whether entries are filed under the class and hour that their headers say."""
        for log, raw, kept, hour, position in cursor.execute(_SQL["filed"]).fetchall():
            try:
                header = read_header(raw)
            except BrokenError:
                continue  # the walk has said so, at each entry
            if (header.retained, header.hour) != (kept, hour):
                said = "the entry is filed under another class or hour than its header says"
                self.findings.add(Finding("altered", said, log, position, header.predicate))

    def _unsealed(self, cursor: Any, present: int) -> tuple[int, float]:
        """How many statements wait and how long; reports numbers and statements that are nowhere."""
        pending = cursor.execute(_SQL["pending"]).fetchall()
        unsealed = sum(last - first + 1 for _, first, last, _ in pending)
        (odd,) = cursor.execute(_SQL["tallied"]).fetchone()
        for connection, first, last in cursor.execute(_SQL["gaps"]).fetchall() if odd else ():
            said = f"session {connection}: statements {first} to {last} were taken away before they were sealed"
            self._add("gap", said)
        (statements,) = cursor.execute(_SQL["statements"]).fetchone()
        if statements != present + unsealed:
            for connection, number in cursor.execute(_SQL["unlisted"]).fetchall():
                self._add("unlisted", f"session {connection}, statement {number}: neither sealed nor waiting to be")
            for connection, number in cursor.execute(_SQL["unmet"]).fetchall():
                self._add("gap", f"session {connection}, statement {number}: taken away before it was sealed")
        return unsealed, max((lag for *_, lag in pending), default=0.0)

    def _add(self, kind: Any, said: str, log: int | None = None) -> None:
        self.findings.add(Finding(kind, said, log))
