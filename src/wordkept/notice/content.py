"""What a page says, before it is HTML, Markdown or PDF: plain text and numbers of clauses, no markup.

Whatever draws it escapes every text by the rules of its own format, so nothing that an author wrote passes through as
markup. What is *not* here: how it is found in an edition (``page``, ``tables``), and how it is drawn.
"""

from __future__ import annotations

from datetime import date

import msgspec

from wordkept.texts.periods import Cell


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """All declarations of one kind; the first cell of a row names it.

    ``kind`` is its anchor, ``chapter`` the number of the chapter in which it stands.
    """

    kind: str
    title: str
    chapter: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """How a clause is kept.

    Attributes:
        kind: promise, data, permit, statement or stands-for.
        state: the same in the page's language; more than one where something is still owed.
        rules: name, sentence and the clauses that lift it, of each rule under the clause.
        notes: a word of the page and a text of the policy: what is owed, or why nothing is promised.
        stands_for: anchors and names of what an umbrella stands for.
    """

    kind: str
    state: tuple[str, ...]
    rules: tuple[tuple[str, str, tuple[str, ...]], ...] = ()
    notes: tuple[tuple[str, str], ...] = ()
    stands_for: tuple[tuple[str, str], ...] = ()


class Said(msgspec.Struct, frozen=True):
    """A clause as people read it."""

    number: str
    text: str
    kept: Kept


class Chapter(msgspec.Struct, frozen=True, kw_only=True):
    """A chapter: its tables, then its clauses. ``anchor`` is unique on the page."""

    number: str
    anchor: str
    title: str
    tables: tuple[Table, ...]
    clauses: tuple[Said, ...]


class Label(msgspec.Struct, frozen=True):
    """A label of the strip: how many of something there are, and the anchor in the chapter that tells."""

    title: str
    count: int
    anchor: str


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """One edition in one language; ``words`` are those of the page itself in that language."""

    language: str
    service: str
    title: str
    announced: date
    effective: date
    digest: str
    words: dict[str, str]
    labels: tuple[Label, ...]
    chapters: tuple[Chapter, ...]
