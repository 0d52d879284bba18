"""An edition in another language: ``policy.ko.md`` beside ``policy.md``, wording only, clause by clause.

A translation is the edition itself with every word that people read replaced: whoever shows one needs to know no
language. It has all clauses in the same order under the same numbers, a name for all that is declared, and no rule: the
original alone is obeyed. What is *not* here: whether the two say the same, which an office affirms (``affirmed``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import msgspec

from wordkept.language import Said, say
from wordkept.policy.declarations import DECLARATIONS
from wordkept.policy.declared import Language, Owed, Statement
from wordkept.policy.model import Binding, Clause, Edition
from wordkept.policy.source import Document, read
from wordkept.terms import MalformedPolicyError
from wordkept.written.typed import nearest, typed
from wordkept.written.yaml import Path

_KEYS: Final = {"statement": "because", "owed": "what"}
"""By kind: the one key whose text people read, where it is not the title."""
_MORE: Final = {
    "recipient": msgspec.defstruct("recipient", [("title", str), ("purpose", str)], forbid_unknown_fields=True),
    "processor": msgspec.defstruct(
        "processor", [("title", str), ("tasks", tuple[str, ...])], forbid_unknown_fields=True
    ),
    "officer": msgspec.defstruct("officer", [("title", str), ("office", str)], forbid_unknown_fields=True),
}
"""By kind: the keys whose text people read, where there are more than one."""
_WORDS: Final = {kind: _MORE.get(kind, str) for kind in (*DECLARATIONS, *_KEYS) if kind != "event"}
"""By kind: what a translation gives for each name."""
_NOTES: Final[dict[type[Any], str]] = {Statement: "statement", Owed: "owed"}
_KINDS: Final[dict[type[Any], str]] = {**{shape: kind for kind, (shape, _) in DECLARATIONS.items()}, **_NOTES}

Named = tuple[str, str]
"""A kind and a name; notes have none, so the number of their clause stands for it."""


class Front(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The front matter of a translation."""

    language: Language
    title: str
    service: str | None = None
    words: dict[str, str] = {}
    names: dict[str, dict[str, Any]] = {}


def translate(edition: Edition, language: str, data: bytes, file: str) -> Edition:
    """The same edition in another language.

    Args:
        edition: the original, compiled.
        language: the tag that the file's name says.
        data: the translation, UTF-8, at most 4 MiB.
        file: its name, for errors.

    Raises:
        MalformedPolicyError: the first clause or name that is missing, unknown or out of its order, or anything that
            is more than wording.
    """
    document = read(data, file, prose=True)
    front = typed(document.front or {}, Front, document.positions, file)
    if front.language != language or language == edition.language:
        said = say(
            "the file's name says {name!r}, the document {language!r}", name=language[:35], language=front.language
        )
        same = say("{language} is the language of the original", language=front.language)
        if front.language != language:
            raise _wrong(document, ("language",), said, say("write language: {language}", language=language[:35]))
        raise _wrong(document, ("language",), same, say("remove the file, or name it by its own language"))
    _same_clauses(document, edition)
    translation = _Translation(document, front, edition)
    return translation.edition()


class _Translation:
    """One translation; holds what was read, and finds the word for everything that the original names."""

    def __init__(self, document: Document, front: Front, original: Edition) -> None:
        self.document, self.front, self.original = document, front, original
        self._known(("words",), front.words, original.words, say("vague word"))
        self._known(("names",), front.names, _WORDS, say("kind of names called"))
        self.named = dict(self._named())

    def edition(self) -> Edition:
        texts = {raw.number: raw for raw in self.document.clauses}
        clauses = {
            number: msgspec.structs.replace(
                self._clause(clause), text=texts[number].text, line=texts[number].line, chapter=texts[number].chapter
            )
            for number, clause in self.original.clauses.items()
        }
        places = {
            place: {name: self.named[kind, name] for name in getattr(self.original, place)}
            for kind, (_, place) in DECLARATIONS.items()
            if kind in _WORDS
        }
        return msgspec.structs.replace(
            self.original,
            language=self.front.language,
            title=self.front.title,
            service=self.front.service or self.original.service,
            words={self.front.words[word]: period for word, period in self.original.words.items()},
            chapters=self.document.chapters,
            file=self.document.file,
            clauses=clauses,
            **places,
        )

    def _named(self) -> Iterator[tuple[Named, Any]]:
        """Everything that has a name for people, by kind and name, with the translated words in it."""
        originals: dict[str, dict[str, list[Any]]] = {kind: {} for kind in _WORDS}
        for clause in self.original.clauses.values():
            for one in (*clause.declarations, *clause.notes):
                kind = _KINDS.get(type(one), "")
                if kind in originals:
                    originals[kind].setdefault(getattr(one, "name", clause.number), []).append(one)
        for kind, known in originals.items():
            given = self.front.names.get(kind, {})
            self._known(("names", kind), given, known, Said(kind))
            for name, (original, *more) in known.items():
                if more:
                    said = say(
                        "clause {clause} has more than one {kind}, and only one can be translated",
                        clause=name,
                        kind=Said(kind),
                    )
                    hint = say("write them as one in the original")
                    raise _wrong(self.document, ("names", kind, name), said, hint)
                yield (kind, name), self._one(kind, given[name], original, ("names", kind, name))

    def _one(self, kind: str, given: Any, original: Any, path: Path) -> Any:
        found: Any = typed(given, _WORDS[kind], self.document.positions, self.document.file, path=path)
        if isinstance(found, str):
            places = {_KEYS.get(kind, "title"): path}
            words = dict.fromkeys(places, found)
        else:
            words = msgspec.structs.asdict(found)
            places = {key: (*path, key) for key in words}
        for key, at in places.items():
            self._as_full(words[key], getattr(original, key), at)
        return msgspec.structs.replace(original, **words)

    def _as_full(self, said: str | tuple[str, ...], theirs: str | tuple[str, ...], path: Path) -> None:
        """As many texts as in the original, and none left blank."""
        if isinstance(said, tuple) and len(said) != len(theirs):
            differ = say("{count} texts stand here, the original has {theirs}", count=len(said), theirs=len(theirs))
            raise _wrong(self.document, path, differ)
        if theirs and not all(one.strip() for one in ([said] if isinstance(said, str) else said)):
            raise _wrong(self.document, path, say("no words stand here"), say("the original has some"))

    def _known(self, path: Path, given: Mapping[str, Any], known: Iterable[str], what: Said) -> None:
        """What is named must be there, and under ``names`` and ``words`` all that is there must be named."""
        names = dict.fromkeys(known)
        for name in given:
            if name not in names:
                line, column = self.document.positions.key(*path, name)
                said = say("the original has no {what} {name!r}", what=what, name=name[:64])
                raise MalformedPolicyError(
                    said, file=self.document.file, line=line, column=column, hint=nearest(name, names)
                )
        missing = [name for name in names if name not in given] if path != ("names",) else []
        if missing:
            said = say("{what} {name} has no words in this language", what=what, name=missing[0])
            hint = say("add {name}: under {place}:", name=missing[0], place=": ".join(map(str, path)))
            raise _wrong(self.document, path, said, hint)

    def _clause(self, clause: Clause) -> Clause:
        return msgspec.structs.replace(
            clause,
            declarations=tuple(self._spoken(one, clause) for one in clause.declarations),
            notes=tuple(self._spoken(one, clause) for one in clause.notes),
            bindings=tuple(self._bound(one, clause) for one in clause.bindings),
        )

    def _bound(self, binding: Binding, clause: Clause) -> Binding:
        """A declaration that is a rule by itself is its own parameters."""
        spoken = self._spoken(binding.params, clause)
        return binding if spoken is binding.params else msgspec.structs.replace(binding, params=spoken)

    def _spoken(self, one: Any, clause: Clause) -> Any:
        return self.named.get((_KINDS.get(type(one), ""), getattr(one, "name", clause.number)), one)


def _same_clauses(document: Document, edition: Edition) -> None:
    """The same numbers, in the same order, under the same chapters."""
    given = {raw.number for raw in document.clauses}
    for raw in document.clauses:
        if raw.number not in edition.clauses:
            hint = nearest(raw.number, edition.clauses)
            raise _at(document, raw.line, say("the original has no clause {clause}", clause=raw.number), hint)
    numbers = list(edition.clauses)
    for raw, number in zip(document.clauses, numbers, strict=False):
        if raw.number != number and number in given:
            said = say("clause {clause} stands where the original has {other}", clause=raw.number, other=number)
            raise _at(document, raw.line, said, say("keep the order of the original"))
        if raw.number != number:
            said = say("clause {clause} is missing before {other}", clause=number, other=raw.number)
            raise _at(document, raw.line, said, say("translate it"))
        if raw.chapter != edition.clauses[number].chapter:
            said = say("clause {clause} stands in chapter {chapter}", clause=number, chapter=raw.chapter or say("none"))
            chapter = edition.clauses[number].chapter or say("none")
            raise _at(document, raw.line, said, say("in the original: {chapter}", chapter=chapter))
    for number in numbers[len(document.clauses) :]:
        last = document.clauses[-1].line if document.clauses else 1
        raise _at(document, last, say("clause {clause} is missing at the end", clause=number), say("translate it"))
    for number in edition.chapters:
        if edition.chapters[number] and not document.chapters.get(number):
            said = say("chapter {chapter} has no name", chapter=number)
            raise _at(document, 1, said, say("add a heading: # {chapter} …", chapter=number))


def _at(document: Document, line: int, said: str, hint: str) -> MalformedPolicyError:
    return MalformedPolicyError(said, file=document.file, line=line, column=1, hint=hint)


def _wrong(document: Document, path: Path, said: str, hint: str = "") -> MalformedPolicyError:
    line, column = document.positions.value(*path)
    return MalformedPolicyError(said, file=document.file, line=line, column=column, hint=hint)
