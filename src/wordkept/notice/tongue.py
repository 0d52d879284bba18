"""A language: what the page itself says in it, and what a policy's translation says.

An edition's own document is one language, its translations are others; all have the same clauses. A text that a
translation lacks is an error that names it, never a silent mixture. What is *not* here: how a translation is read.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final

import msgspec

from wordkept.policy.declared import Declaration
from wordkept.policy.model import Edition
from wordkept.terms import MalformedPolicyError

ORIGINAL: Final = "en"
"""The language of ``policy.md``, of rules, and of what an edition notes about itself."""

_PART: Final = re.compile(r"([0-9]+)([YMWD])")


class Translation(msgspec.Struct, frozen=True, kw_only=True):
    """One language of an edition besides its own.

    Attributes:
        file: where it was read from.
        clauses: wording by clause number.
        chapters: headings by chapter number.
        names: texts of declarations by kind, name and key: ``("item", "email", "title")``.
    """

    file: str
    clauses: Mapping[str, str] = {}
    chapters: Mapping[str, str] = {}
    names: Mapping[tuple[str, str, str], str | tuple[str, ...]] = {}


@cache
def wording() -> dict[str, dict[str, Any]]:
    """What the page itself says, by language."""
    return tomllib.loads(files("wordkept.notice").joinpath("wording.toml").read_text("utf-8"))


def languages() -> tuple[str, ...]:
    """The languages that the page itself is written in."""
    return tuple(wording())


class Tongue:
    """One edition's texts in one language."""

    def __init__(self, edition: Edition, language: str, translation: Translation | None = None) -> None:
        self.edition, self.language = edition, language
        self.words: dict[str, Any] = wording()[language]
        self._translation = translation

    def say(self, *keys: str, **values: object) -> str:
        """What the page itself says, ``say("labels", "items")``."""
        found: Any = self.words
        for key in keys:
            found = found[key]
        return str(found).format(**values)

    def clause(self, number: str) -> str:
        """The wording of a clause, white space apart.

        Raises:
            MalformedPolicyError: the translation lacks it; so do the next two.
        """
        own = self.edition.clauses[number].text
        return _plain(own if self._translation is None else self._found(self._translation.clauses, number, "clause"))

    def chapter(self, number: str) -> str:
        """The heading of a chapter."""
        own = self.edition.chapters[number]
        return _plain(own if self._translation is None else self._found(self._translation.chapters, number, "chapter"))

    def texts(self, kind: str, declared: Declaration, key: str = "title") -> tuple[str, ...]:
        """A text of a declaration that people read, or a list of them: title, purpose, tasks, office, address."""
        own: str | tuple[str, ...] = getattr(declared, key)
        if own and self._translation is not None:
            own = self._found(self._translation.names, (kind, declared.name, key), f"{key} of {kind}")
        return (_plain(own),) if isinstance(own, str) else tuple(_plain(one) for one in own)

    def text(self, kind: str, declared: Declaration, key: str = "title") -> str:
        """The same as one text."""
        return self.joined(self.texts(kind, declared, key))

    def titles(self, kind: str, declared: Mapping[str, Any], names: Iterable[str]) -> str:
        """Titles of declarations, in a row; a name that is declared nowhere stands for itself."""
        return self.joined(self.text(kind, declared[name]) if name in declared else name for name in names)

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
        """A sentence of a rule; the language may leave it to the original (a test holds ours to having all)."""
        return str(self.words.get("rules", {}).get(own, own))

    def _found(self, texts: Mapping[Any, Any], key: Any, what: str) -> Any:
        if key not in texts and self._translation is not None:
            named = key[1] if isinstance(key, tuple) else key
            hint = "every clause, heading and name of the policy needs its translation"
            said = f"the {what} {named} is not translated"
            raise MalformedPolicyError(said, file=self._translation.file, hint=hint)
        return texts[key]


def _plain(text: str) -> str:
    return " ".join(text.split())
