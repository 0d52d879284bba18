"""Language: what the software says to people is said in theirs; the English in the code is the source.

A sentence is a template and what stands in it, kept apart until somebody reads it: so no layer below the doors knows
a language, and JSON stays English. Catalogues are gettext's ``.po`` files, read as text. What is *not* here: a policy's
own words (``policy.translated``), and which sentences there are to translate (``trace.catalogue``).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final, Self

import msgspec

SOURCE: Final = "en"
"""The language of the code; it needs no catalogue."""
_ENTRY: Final = re.compile(r'^msgid (?P<id>(?:"[^\n]*"\n)+)msgstr (?P<text>(?:"[^\n]*"(?:\n|$))+)', re.MULTILINE)
_QUOTED: Final = re.compile(r'"(?:[^"\\]|\\.)*"')


class Said(str):
    """A sentence: as text it is English, and it remembers its template and what stands in the places of that."""

    __slots__ = ("template", "told")
    template: str
    told: Mapping[str, Told]

    def __new__(cls, template: str, told: Mapping[str, Told] = MappingProxyType({})) -> Self:
        """A sentence; more of it is read when somebody says it in another language."""
        self = super().__new__(cls, Catalogue(SOURCE)(template, **told))
        self.template, self.told = template, dict(told)
        return self

    def __reduce__(self) -> tuple[type[Said], tuple[str, Mapping[str, Told]]]:
        """From one process to another it goes as it was made."""
        return Said, (self.template, self.told)


Told = str | int | date | tuple[str, ...]
"""What may stand in a place: a name or number as it is, a sentence of its own (``Said``), or a list of either."""


class Catalogue(msgspec.Struct, frozen=True):
    """What the software says in one language; what a catalogue lacks is said in English.

    Attributes:
        language: its tag.
        texts: translated templates by English ones.
    """

    language: str
    texts: Mapping[str, str] = {}

    def __call__(self, said: str, /, **told: Told) -> str:
        """A sentence in this language, with what stands in it."""
        if isinstance(said, Said):
            return self(said.template, **said.told)
        told_here = {name: self._one(value) for name, value in told.items()}
        return self.texts.get(said, said).format(**told_here)

    def _one(self, value: Told) -> str | int | date:
        if isinstance(value, tuple):
            return self._listed([str(self._one(one)) for one in value])
        return self(value) if isinstance(value, Said) else value

    def _listed(self, names: list[str]) -> str:
        """``a, b and c``."""
        *most, last = names or [""]
        speak = self
        return speak("{first} and {last}", first=", ".join(most), last=last) if most else last


def say(template: str, /, **told: Told) -> Said:
    """A sentence; ``trace.catalogue`` finds its template here, so it must stand in the call itself."""
    return Said(template, told)


@cache
def languages() -> tuple[str, ...]:
    """The languages that the software speaks, the code's first."""
    folders = (one.name for one in files("wordkept").joinpath("locale").iterdir() if one.is_dir())
    return (SOURCE, *sorted(folders))


@cache
def catalogue(language: str) -> Catalogue:
    """The catalogue of a language.

    Raises:
        LookupError: the software does not speak it.
    """
    if language not in languages():
        raise LookupError(f"no catalogue for {language[:35]!r}")
    return Catalogue(language, {} if language == SOURCE else read_po(po(language)))


def po(language: str) -> str:
    """The text of a language's catalogue."""
    return files("wordkept").joinpath("locale", language, "LC_MESSAGES", "wordkept.po").read_text("utf-8")


def read_po(text: str) -> dict[str, str]:
    """Translations by their English templates; what is empty, fuzzy or obsolete, and the header, is left out."""
    found: dict[str, str] = {}
    for block in text.split("\n\n"):
        entry = _ENTRY.search(block)
        if entry and not re.search("^#,.*fuzzy", block, re.MULTILINE):
            found[_unquoted(entry["id"])] = _unquoted(entry["text"])
    return {template: said for template, said in found.items() if template and said}


def _unquoted(lines: str) -> str:
    return "".join(json.loads(part) for part in _QUOTED.findall(lines))
