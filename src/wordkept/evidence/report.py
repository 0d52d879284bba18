"""What a check of the evidence says, for people and as JSON. What is *not* here: the check itself (``verify``)."""

from __future__ import annotations

from typing import Final, Literal

import msgspec

from wordkept.terms import BrokenError

MOST_FINDINGS: Final = 100
"""So many are kept; a log that was replaced as a whole needs no million of them."""

Kind = Literal[
    "altered", "deleted", "missing", "beyond", "root", "truncated", "fork", "behind", "checkpoint", "gap", "unlisted"
]  # fmt: skip


class Finding(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing that does not hold.

    Attributes:
        kind: ``altered`` (an entry's bytes), ``deleted`` (an entry's statement), ``missing`` (an entry), ``beyond`` (an
            entry after the head), ``root`` (head and entries), ``truncated``, ``fork`` and ``behind`` (the log against
            a checkpoint), ``checkpoint`` (one that cannot be read), ``gap`` (numbers of a session), ``unlisted``
            (a statement that no one will seal).
        said: one sentence.
        log: number of the log.
        position: of the entry.
        predicate: of the entry, if its header can be read.
    """

    kind: Kind
    said: str
    log: int | None = None
    position: int | None = None
    predicate: str | None = None

    def __str__(self) -> str:
        """``log 1, entry 17 (destroyed): …``."""
        where = f"log {self.log}" if self.log is not None else "evidence"
        if self.position is not None:
            where += f", entry {self.position}" + (f" ({self.predicate})" if self.predicate else "")
        return f"{where}: {self.said}"


class LogReport(msgspec.Struct, frozen=True):
    """One log: size and root (hex) as recomputed, and the sizes at which it agreed with a checkpoint kept elsewhere."""

    log: int
    size: int
    root: str
    agreed_at: tuple[int, ...] = ()


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """The outcome of a check.

    Attributes:
        logs: oldest first; all but the last were left behind, by a restore or by what looks like one.
        entries: recomputed, over all logs.
        dropped: of these, lawfully without salt and body.
        unsealed: statements that are not sealed yet.
        lag: seconds since the oldest of these was written.
        anchored: the current log was compared with a checkpoint kept outside the database.
        findings: what does not hold.
        more_findings: how many were left out.
        notes: what a reader must know although it breaks nothing.
    """

    logs: tuple[LogReport, ...]
    entries: int
    dropped: int
    unsealed: int
    lag: float
    anchored: bool
    findings: tuple[Finding, ...]
    more_findings: int = 0
    notes: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether nothing was found; an unanchored log can hold and still be truncated, ``notes`` say so."""
        return not self.findings

    def json(self) -> bytes:
        """The report as JSON."""
        return msgspec.json.encode(self)

    def require(self) -> None:
        """Raise if something does not hold.

        Raises:
            BrokenError: names the first finding and how many more there are.
        """
        if self.findings:
            more = len(self.findings) - 1 + self.more_findings
            raise BrokenError(f"{self.findings[0]}" + (f" (and {more} more)" if more else ""))


class Findings:
    """Collects findings, the first hundred in full."""

    def __init__(self) -> None:
        self.kept: list[Finding] = []
        self.more = 0

    def add(self, finding: Finding) -> None:
        """Keep it, or count it."""
        if len(self.kept) < MOST_FINDINGS:
            self.kept.append(finding)
        else:
            self.more += 1
