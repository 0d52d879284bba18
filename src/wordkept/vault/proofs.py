"""Proofs: what people were asked to show of themselves, and what they proved, as keyed digests that end in minutes.

What is *not* here: the key of the digests, comparing them, and how many tries there are (the gate).
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from wordkept.terms import Level
from wordkept.vault.access import Cursor
from wordkept.vault.statements import statements

_SQL: Final = statements("proofs.sql")


def asked_since(cursor: Cursor, subject: str, since: datetime) -> int:
    """How often a person was asked for something since an instant."""
    row = cursor.execute(_SQL["asked_since"], {"subject": subject, "since": since}).fetchone()
    return int(row[0]) if row else 0


def ask(
    cursor: Cursor, subject: str, challenge: str, level: Level, digest: bytes, *, now: datetime, ends: datetime
) -> None:
    """Somebody is asked to show something until an instant."""
    what = {"subject": subject, "challenge": challenge, "level": level, "digest": digest, "now": now, "ends": ends}
    cursor.execute(_SQL["ask"], what)


def tried(cursor: Cursor, subject: str, challenge: str, level: Level, *, now: datetime, most: int) -> bytes | None:
    """Count a try; returns the digest to compare with, none where nothing may be tried."""
    what = {"subject": subject, "challenge": challenge, "level": level, "now": now, "most": most}
    row = cursor.execute(_SQL["try"], what).fetchone()
    return bytes(row[0]) if row else None


def answered(cursor: Cursor, subject: str, challenge: str) -> bool:
    """The right answer came; returns whether it is the first."""
    return cursor.execute(_SQL["answered"], {"subject": subject, "challenge": challenge}).fetchone() is not None


def prove(cursor: Cursor, subject: str, proof: str, level: Level, digest: bytes, ends: datetime) -> None:
    """Somebody proved who they are, until an instant."""
    what = {"subject": subject, "proof": proof, "level": level, "digest": digest, "ends": ends}
    cursor.execute(_SQL["prove"], what)


def proved(cursor: Cursor, subject: str, proof: str, now: datetime) -> tuple[Level, bytes] | None:
    """What a proof that has not ended is of, and the digest to compare with."""
    row = cursor.execute(_SQL["proved"], {"subject": subject, "proof": proof, "now": now}).fetchone()
    return (Level(row[0]), bytes(row[1])) if row else None


def end(cursor: Cursor, subject: str) -> None:
    """Whatever somebody proved counts no more."""
    cursor.execute(_SQL["end_proofs"], {"subject": subject})


def forget(cursor: Cursor, now: datetime, before: datetime) -> None:
    """Drop proofs that have ended, and what was asked before an instant."""
    cursor.execute(_SQL["forget_challenges"], {"before": before})
    cursor.execute(_SQL["forget_proofs"], {"now": now})
