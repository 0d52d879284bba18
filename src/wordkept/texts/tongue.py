"""A tongue: an edition in one language, with what the page itself says in that language.

A translation is an edition like the original, so whoever draws a page needs to know no language. What is *not* here:
how a translation is read, and that it lacks nothing (``policy``).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final

from wordkept.language import catalogue, say
from wordkept.policy.model import Edition
from wordkept.terms import MalformedPolicyError

_PART: Final = re.compile(r"([0-9]+)([YMWD])")


@cache
def wording() -> dict[str, dict[str, Any]]:
    """What the page itself says, by language."""
    return tomllib.loads(files("wordkept.texts").joinpath("wording.toml").read_text("utf-8"))


def languages() -> tuple[str, ...]:
    """The languages that the page itself is written in."""
    return tuple(wording())


def tongues(edition: Edition, asked: Iterable[str] = ()) -> tuple[Tongue, ...]:
    """An edition in the languages asked for; the original first and all others if none are.

    Raises:
        MalformedPolicyError: the edition is not translated into one of them, or the page itself is not.
    """
    known = {edition.language: edition, **edition.translations}
    found = []
    for language in tuple(asked) or known:
        if language not in known:
            said = say("this edition has no {language!r} wording", language=language)
            hint = say("write its translation beside it, as policy.{language}.md", language=language)
            raise MalformedPolicyError(said, file=edition.file, hint=hint)
        if language not in wording():
            said = say("no page can be drawn in {language!r}", language=language)
            hint = say("the page itself is written in {languages}", languages=languages())
            raise MalformedPolicyError(said, file=known[language].file, hint=hint)
        found.append(Tongue(known[language]))
    return tuple(found)


class Tongue:
    """One edition and the page's words in its language."""

    def __init__(self, edition: Edition) -> None:
        self.edition, self.language = edition, edition.language
        self.words: dict[str, Any] = wording()[edition.language]

    def say(self, *keys: str, **values: object) -> str:
        """What the page itself says, ``say("labels", "items")``."""
        found: Any = self.words
        for key in keys:
            found = found[key]
        return str(found).format(**values)

    def titles(self, declared: Mapping[str, Any], names: Iterable[str]) -> str:
        """Titles of declarations, in a row."""
        return self.joined(declared[name].title for name in names)

    def joined(self, parts: Iterable[str]) -> str:
        """Texts in a row."""
        return self.say("comma").join(parts)

    def period(self, duration: str) -> str:
        """An ISO 8601 duration in words, ``P6M``: 6 months."""
        parts = [
            self.say("units", f"{unit}1") if int(n) == 1 else self.say("units", unit, n=int(n))
            for n, unit in _PART.findall(duration)
        ]
        return " ".join(parts) or duration

    def sentence(self, own: str) -> str:
        """A rule's sentence in this language; one from elsewhere that the catalogue lacks keeps its own."""
        return catalogue(self.language)(own)
