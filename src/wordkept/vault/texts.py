"""Texts: what people were shown when they chose, kept word for word under its digest.

Nothing in it is about a person. What is *not* here: drawing a text (``wordkept.texts``), and who chose what.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final, NamedTuple

from wordkept.vault.access import Cursor
from wordkept.vault.statements import statements

_SQL: Final = statements("texts.sql")


class Filed(NamedTuple):
    """One text: its digest in hex, the edition it is from, what the choice is about, its language, its words."""

    digest: str
    edition: date
    to: str
    language: str
    body: str


def file(cursor: Cursor, texts: Sequence[Filed]) -> None:
    """Keep texts; those that are there stay as they are."""
    digests, editions, choices, languages, bodies = (list(column) for column in zip(*texts, strict=True))
    asked = {"editions": editions, "choices": choices, "languages": languages, "bodies": bodies}
    cursor.execute(_SQL["file"], {"digests": [bytes.fromhex(str(one)) for one in digests], **asked})


def read(cursor: Cursor, digest: str) -> Filed | None:
    """A text by its digest, none if it is not on file."""
    row = cursor.execute(_SQL["read"], {"digest": bytes.fromhex(digest)}).fetchone()
    return Filed(*row) if row else None
