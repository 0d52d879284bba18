"""Peers: who else is in a group, for data that members of a group see of one another.

What is *not* here: what makes somebody a member of a group (their events).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from wordkept.vault.access import Cursor
from wordkept.vault.statements import statements

_SQL: Final = statements("peers.sql")


def has_peer(cursor: Cursor, span: str, matter: str | None, subject: str) -> bool:
    """Whether somebody else is in the same group."""
    asked = {"span": span, "matter": matter or "", "subject": subject}
    return cursor.execute(_SQL["others"], asked).fetchone() is not None


def moved(cursor: Cursor, span: str, subject: str, before: Iterable[str | None], after: Iterable[str | None]) -> None:
    """Write down which groups (by matter) a person joined and left."""
    was, now = set(before), set(after)
    for name, matters in (("join", now - was), ("leave", was - now)):
        if matters:
            asked = {"span": span, "subject": subject, "matters": [matter or "" for matter in matters]}
            cursor.execute(_SQL[name], asked)
