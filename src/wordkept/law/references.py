"""References to articles, said in a reader's language: ``enforcement decree art. 41 (2) 2`` is 시행령 제41조제2항제2호.

What is *not* here: citations of statutes (``statutes``); an article of another form stays as it is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import reduce
from typing import Final

from wordkept.language import Said, say

_ARTICLE: Final = re.compile(
    r"(?P<of>enforcement decree |enforcement rule )?art\. (?P<number>\d+)(?:-(?P<branch>\d+))?"
    r"(?: \((?P<paragraph>\d+)\))?(?: (?P<item>\d+))?"
)
_PARAGRAPH: Final = re.compile(r"\((\d+)\)")
_CODED: Final = re.compile(r"art\.|section |\d|\(")


def referred(reference: str) -> Said:
    """A reference as a sentence; in English it is what the file says."""
    return reduce(lambda one, other: say("{one}, {other}", one=one, other=other), map(_part, reference.split(", ")))


def words_of(reference: str) -> Iterator[str]:
    """The parts of a reference that are words and no article."""
    yield from (one for one in reference.split(", ") if not (_ARTICLE.fullmatch(one) or _CODED.match(one)))


def _part(text: str) -> Said:
    if found := _ARTICLE.fullmatch(text):
        return _article(found)
    paragraph = _PARAGRAPH.fullmatch(text)
    return say("({paragraph})", paragraph=paragraph[1]) if paragraph else Said(text)


def _article(found: re.Match[str]) -> Said:
    number, branch = found["number"], found["branch"]
    said = (
        say("art. {number}-{branch}", number=number, branch=branch) if branch else say("art. {number}", number=number)
    )
    if found["paragraph"]:
        said = say("{article} ({paragraph})", article=said, paragraph=found["paragraph"])
    if found["item"]:
        said = say("{article} {item}", article=said, item=found["item"])
    if found["of"] == "enforcement decree ":
        return say("enforcement decree {article}", article=said)
    return say("enforcement rule {article}", article=said) if found["of"] else said
