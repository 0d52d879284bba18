"""The check of the evidence: nothing is believed that can be recomputed.

Every leaf is made again from header, salt and body; every root from the leaves; every log is compared with its head,
with the checkpoint kept outside the database, and with any checkpoint kept elsewhere. Sessions' numbers show what was
taken away before it was sealed. A statement that was altered or deleted is reported at its entry. What a checkpoint
signed and the database has no more is a finding for as long as it is missing; a later log that says it was opened after
a restore explains the loss, and excuses nothing: whoever owns the database can bring that about. What is *not* here:
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
    """A checkpoint, where it came from, and whether that is outside the database."""

    log: int
    checkpoint: Checkpoint
    source: str
    outside: bool = True


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
    try:
        return _Anchor(log, checkpoints.read(note, verifier.named(name)), "the checkpoint given")
    except BrokenError as error:
        hint = "look at another copy of it; if every copy says so, call your auditor"
        raise BrokenError(f"the checkpoint given cannot be relied on ({error})", hint=hint) from error


def _explained(later: list[_Head]) -> str:
    """How a loss came about by what the next log says of itself: words for whoever reads the finding."""
    after = next((head for head in later if head.opened_after), None)
    return f"; log {after.log} says that it was opened after a restore" if after else ""


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
        current = heads[-1].log if heads else 0
        anchored = any(anchor.log == current for anchor in self.anchors)
        self._named(heads)
        walks, reports = [], []
        for at, head in enumerate(heads):
            walk = Walk(head.log, dropped_before, self.findings)
            walks.append(walk)
            reports.append(self._log(walk, head, heads[at + 1 :]))
        self._absent(heads)
        self._filed(cursor)
        unsealed, lag = self._unsealed(cursor, sum(walk.present for walk in walks))
        if not anchored:
            self.notes.append(_UNANCHORED)
        return Report(
            logs=tuple(reports), entries=sum(one.size for one in reports), dropped=sum(walk.dropped for walk in walks),
            unsealed=unsealed, lag=lag, anchored=anchored, findings=tuple(self.findings.kept),
            more_findings=self.findings.more, notes=tuple(self.notes),
        )  # fmt: skip

    def _named(self, heads: list[_Head]) -> None:
        """A log opened after another names its checkpoint: where no other is known, that one is the measure."""
        for head in heads:
            try:
                named = checkpoints.plain(head.opened_after) if head.opened_after else None
            except BrokenError as error:
                self._add("checkpoint", f"the checkpoint that it was opened after cannot be read ({error})", head.log)
                continue
            log = checkpoints.log_of(named.origin) if named else None
            if named and log and all(anchor.log != log for anchor in self.anchors):
                self.anchors.append(_Anchor(log, named, f"the checkpoint that log {head.log} names", outside=False))

    def _log(self, walk: Walk, head: _Head, later: list[_Head]) -> LogReport:
        anchors = [one for one in self.anchors if one.log == head.log]
        walk.run(self.connection, head.size, {head.size, *(one.checkpoint.size for one in anchors)})
        broken = walk.frontier.root() != head.root
        if broken:
            self._add("root", "the entries do not lead to the root that the head has", head.log)
        agreed = []
        for anchor in anchors:
            size, root = anchor.checkpoint.size, anchor.checkpoint.root
            if size > head.size:
                self._beyond(anchor, walk, head, later)
            elif walk.roots.get(size) == root:
                agreed += [size] if anchor.outside else []
            else:
                broken = True
                self._add("fork", f"the first {size} entries do not lead to the root of {anchor.source}", head.log)
        if broken and self.folder:
            locate(self.connection, head.log, head.size, Tiles(self.folder, head.log), self.findings)
        return LogReport(head.log, head.size, walk.frontier.root().hex(), tuple(agreed))

    def _beyond(self, anchor: _Anchor, walk: Walk, head: _Head, later: list[_Head]) -> None:
        """A checkpoint of more entries than there are; what is left may differ from what was signed as well."""
        size = anchor.checkpoint.size
        said = f"{anchor.source} has {size} entries, the log only {head.size}: {head.size} to {size - 1} are gone"
        self._add("truncated", said + _explained(later), head.log)
        if self.folder is None:
            return
        try:
            same = Tiles(self.folder, head.log).frontier(head.size).root() == walk.frontier.root()
        except BrokenError:
            self.notes.append(f"log {head.log}: its tiles are gone, so its beginning was not compared")
            return
        if not same:
            self._add("fork", "the entries that are left are not those that the tiles outside have", head.log)

    def _absent(self, heads: list[_Head]) -> None:
        """Checkpoints of logs that are not here at all."""
        present = {head.log for head in heads}
        for anchor in self.anchors:
            if anchor.log not in present:
                said = f"{anchor.source} has {anchor.checkpoint.size} entries of a log that is not in this database"
                later = [head for head in heads if head.log > anchor.log]
                self._add("behind", said + _explained(later), anchor.log)

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
