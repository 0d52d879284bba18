"""Markdown: the same page for repositories, in the dialect with tables.

Whatever an author wrote is escaped, so that neither Markdown nor HTML in it means anything; the anchors are ours.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from wordkept.notice.content import Chapter, Page, Said, Table
from wordkept.texts.periods import Cell

_SPECIAL: Final = re.compile(r"([\\`*_{}\[\]<>&|~$]|:(?=//))")
_START: Final = re.compile(r"^([0-9]+)(?=[.)](?: |$))|^(?=[-+=#])")


def plain(text: str) -> str:
    """A text, on one line, that means only itself in Markdown: no link, no tag, no list, no cell of a table."""
    return _START.sub(r"\1\\", _SPECIAL.sub(r"\\\1", " ".join(text.split())))


def page_markdown(page: Page) -> str:
    """The page."""
    return "\n".join([*_head(page), *(line for one in page.chapters for line in _chapter(one, page)), *_foot(page)])


def _head(page: Page) -> Iterator[str]:
    words = page.words
    yield f"# {plain(page.title)}\n"
    yield f"{words['announced']} {page.announced}. {words['effective']} {page.effective}.\n"
    yield f"**{words['glance']}**\n"
    for one in page.labels:
        yield f"- [{one.title}](#{one.anchor}): {one.count}" if one.count else f"- {one.title}: {words['none']}"
    yield f"\n**{words['contents']}**\n"
    for chapter in page.chapters:
        yield f"- [{f'{chapter.number} {plain(chapter.title)}'.strip()}](#{chapter.anchor})"


def _chapter(chapter: Chapter, page: Page) -> Iterator[str]:
    yield f'\n<a id="{chapter.anchor}"></a>\n\n## {f"{chapter.number} {plain(chapter.title)}".strip()}\n'
    for table in chapter.tables:
        yield f'<a id="{table.kind}"></a>\n\n### {table.title}\n'
        yield from table_markdown(table, page.words["comma"])
        yield ""
    for said in chapter.clauses:
        yield from _clause(said, page)


def table_markdown(table: Table, comma: str) -> Iterator[str]:
    """A table, line by line."""
    yield _row(plain(head) for head in table.heads)
    yield _row("---" for _ in table.heads)
    for row in table.rows:
        yield _row(_cell(cell, comma) for cell in row)


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(cell: Cell, comma: str) -> str:
    links = _links(((number, number) for number in cell.clauses), comma)
    return f"{plain(cell.text)} ({links})" if cell.text and links else plain(cell.text) or links


def _links(targets: Iterable[tuple[str, str]], comma: str) -> str:
    return comma.join(f"[{name}](#{anchor})" for anchor, name in targets)


def _clause(said: Said, page: Page) -> Iterator[str]:
    kept, words = said.kept, page.words
    yield f'<a id="{said.number}"></a>**{said.number}** {plain(said.text)}\n'
    yield f"- {', '.join(kept.state)}"
    for name, sentence, unless in kept.rules:
        lifted = f" {words['unless']}: {_links(((one, one) for one in unless), words['comma'])}." if unless else ""
        yield f"- `{name}`: {plain(sentence)}{lifted}"
    for word, note in kept.notes:
        yield f"- {word}: {plain(note)}"
    if kept.stands_for:
        yield f"- {words['stands-for']}: {_links(kept.stands_for, words['comma'])}"
    yield ""


def _foot(page: Page) -> Iterator[str]:
    yield f"---\n\n{page.words['digest']}: `SHA-256 {page.digest}`\n"
