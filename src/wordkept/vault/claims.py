"""Claims: what people ask of right, in the live store.

Each function takes a cursor inside the caller's transaction and decides nothing. What is *not* here: what becomes of a
claim (``wordkept.claims``).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import msgspec

from wordkept.record import Claim, Ground, Right, Turn
from wordkept.terms import Channel
from wordkept.vault.access import Cursor
from wordkept.vault.statements import statements

_SQL: Final = statements("claims.sql")


def claims_of(cursor: Cursor, subject: str) -> list[Claim]:
    """What one person ever asked, oldest first."""
    return [_claim(row) for row in cursor.execute(_SQL["claims_of"], {"subject": subject})]


def open_claims(cursor: Cursor) -> list[tuple[str, Claim]]:
    """What nobody answered yet, of all people, oldest first."""
    return [(row[13], _claim(row)) for row in cursor.execute(_SQL["open_claims"])]


def save(cursor: Cursor, subject: str, claim: Claim) -> None:
    """Write a claim down as it stands."""
    values = {**msgspec.structs.asdict(claim), "subject": subject}
    values |= {name: list(values[name]) for name in ("clauses", "items", "consents")}
    cursor.execute(_SQL["save"], values)


def _claim(row: Sequence[Any]) -> Claim:
    return Claim(
        id=row[0], right=Right(row[1]), channel=Channel(row[2]), on=row[3], clauses=tuple(row[4]), own=row[5],
        statute=row[6], act_on=row[7], items=tuple(row[8]), consents=tuple(row[9]), turn=Turn(row[10]),
        turned_on=row[11], ground=Ground(row[12]) if row[12] else None,
    )  # fmt: skip
