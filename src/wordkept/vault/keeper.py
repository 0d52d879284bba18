"""Keeper: what is due in the separate store, and what it must be told of later events.

What is *not* here: destroying what is due (``separation``), and opening for a named reason (the gate, through the one
function in the database that the keeper's role may call for each).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from wordkept.vault.changes import Projection
from wordkept.vault.separation import Separation
from wordkept.vault.statements import statements
from wordkept.vault.values import FIRST, Due

_SQL: Final = statements("separation.sql")


def due(separation: Separation, day: date, *, after: Due | None = None, most: int = 1000) -> list[Due]:
    """Separated records that nothing keeps on ``day``, oldest first, a page."""
    asked = {
        "day": day, "most": most, "after_day": (after.keep_until if after else None) or date.min,
        "after_subject": after.subject if after else FIRST, "after_record": after.record if after else FIRST,
    }  # fmt: skip
    with separation.keeper.transaction():
        return [Due(*row) for row in separation.keeper.execute(_SQL["due_separate"], asked)]


def tell(separation: Separation, subject: str, rows: Sequence[Projection], seq: int) -> list[str]:
    """Tell the separate store what events up to ``seq`` make of a person's records there.

    Returns:
        The records that it applied to; one that knew of later events already is left alone.
    """
    asked = {
        "subject": subject, "seq": seq, "records": [row.record for row in rows],
        "keep_until": [row.term.keep_until for row in rows], "not_before": [row.term.not_before for row in rows],
        "released": [row.released for row in rows],
    }  # fmt: skip
    with separation.separate.transaction():
        return [row[0] for row in separation.separate.execute(_SQL["tell"], asked)]
