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


def tell(separation: Separation, rows: Sequence[tuple[str, int, Projection]]) -> list[str]:
    """Tell the separate store what people's events make of their records there.

    Args:
        separation: the open stores.
        rows: (subject, number of the last event it follows from, projection).

    Returns:
        The records that it applied to; one that knew of later events already is left alone.
    """
    asked = {
        "subjects": [subject for subject, _, _ in rows], "seqs": [seq for _, seq, _ in rows],
        "records": [row.record for _, _, row in rows], "keep_until": [row.term.keep_until for _, _, row in rows],
        "not_before": [row.term.not_before for _, _, row in rows],
        "released_on": [row.released_on for _, _, row in rows],
    }  # fmt: skip
    with separation.separate.transaction():
        return [row[0] for row in separation.separate.execute(_SQL["tell"], asked)]
