"""YAML as text with positions: mappings, lists and text, and nothing else.

Every scalar is read as text (``no``, ``2016-08-31`` and ``0123`` stay what was written); what it means is for
``typed``. Anchors, aliases, tags, merge keys, directives, several documents, duplicate keys and deep nesting are
refused. What is *not* here: types, and which keys are known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

import msgspec
import yaml

from wordkept.language import say
from wordkept.terms import MalformedPolicyError

DEPTH: Final = 20
"""Deepest nesting of lists and mappings."""

UNFIT: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]"
)
"""Characters that cannot be seen and change how a text, or the terminal that shows it, reads."""

Path = tuple[str | int, ...]
Position = tuple[int, int]

_LOADER: Final = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader
_START: Final = (yaml.MappingStartEvent, yaml.SequenceStartEvent)


class Positions(msgspec.Struct, frozen=True):
    """Where everything stands: line and column, both 1-based, by key path (``("items", 2)``)."""

    values: dict[Path, Position]
    keys: dict[Path, Position]

    def value(self, *path: str | int) -> Position:
        """Where the value at a path starts; of an unknown path, its nearest known parent."""
        while path and path not in self.values:
            path = path[:-1]
        return self.values.get(path, (0, 0))

    def key(self, *path: str | int) -> Position:
        """Where the key (or list entry) at a path starts; of an unknown path, where ``value`` says."""
        return self.keys.get(path) or self.value(*path)


def load(text: str | bytes, file: str, line_offset: int = 0, column_offset: int = 0) -> tuple[Any, Positions]:
    """Read one YAML document as text with positions.

    Args:
        text: the document, as text or as UTF-8 bytes.
        file: its name, for errors.
        line_offset: lines before it in that file.
        column_offset: columns before it on each line.

    Returns:
        Nested dicts, lists and strings (an empty document is an empty string), and where each of them stands.

    Raises:
        MalformedPolicyError: not such a document; with file, line and column.
    """
    return _Reader(file, line_offset, column_offset).read(text)


class _Reader:
    """One reading; holds what ``load`` was given and the positions found so far."""

    def __init__(self, file: str, line_offset: int, column_offset: int) -> None:
        self.file, self.line_offset, self.column_offset = file, line_offset, column_offset
        self.positions = Positions({}, {})

    def read(self, text: str | bytes) -> tuple[Any, Positions]:
        try:
            data = self._document(yaml.parse(_bytes(text), Loader=_LOADER))
        except yaml.MarkedYAMLError as error:
            hint = say("indent with spaces, close brackets and quotes, and put text with signs in it in quotes")
            raise self._error(_said(error), error.problem_mark or error.context_mark, hint) from error
        except (yaml.YAMLError, UnicodeError) as error:
            raise self._unreadable(text) from error
        return data, self.positions

    def _document(self, events: Iterator[Any]) -> Any:
        data: Any = ""
        documents = 0
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise self._error(say("a second YAML document is not read"), event.start_mark)
                if event.version or event.tags:
                    raise self._error(say("YAML directives are not used here"), event.start_mark)
                data = self._node(next(events), events, ())
        return data

    def _node(self, event: Any, events: Iterator[Any], path: Path) -> Any:
        self._plain_enough(event)
        self.positions.values[path] = self._at(event.start_mark)
        if isinstance(event, yaml.ScalarEvent):
            return event.value
        if len(path) >= DEPTH:
            raise self._error(say("nested deeper than {count} levels", count=DEPTH), event.start_mark)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._list(events, path)
        return self._mapping(events, path)

    def _list(self, events: Iterator[Any], path: Path) -> list[Any]:
        found: list[Any] = []
        for event in events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            found.append(self._node(event, events, (*path, len(found))))
        return found

    def _mapping(self, events: Iterator[Any], path: Path) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for event in events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            key = self._key(event)
            at = (*path, key)
            if key in found:
                line = self.positions.keys[at][0]
                said = say("{key!r} is given twice (first in line {line})", key=key, line=line)
                raise self._error(said, event.start_mark, say("take one of the two out"))
            self.positions.keys[at] = self._at(event.start_mark)
            found[key] = self._node(next(events), events, at)
        return found

    def _key(self, event: Any) -> str:
        self._plain_enough(event)
        if isinstance(event, _START):
            raise self._error(say("a key is text, not a list or a mapping"), event.start_mark)
        if event.value == "<<":
            raise self._error(say("merge keys are not used here"), event.start_mark, say("write the keys out"))
        return str(event.value)

    def _plain_enough(self, event: Any) -> None:
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            said = say("anchors and aliases are not used here")
            raise self._error(said, event.start_mark, say("write it out, or quote it"))
        if event.tag is not None:
            quote = say("put text that starts with ! in quotes")
            raise self._error(say("tags are not used here"), event.start_mark, quote)
        if isinstance(event, yaml.ScalarEvent) and UNFIT.search(
            event.value
        ):  # by an escape: as itself it is refused before
            said = say("an escape makes a character that cannot be seen")
            raise self._error(said, event.start_mark, say("take it out"))
        if isinstance(event, yaml.ScalarEvent) and event.style == '"' and "\n" in event.value:
            said = say("a quoted text is one line")
            raise self._error(said, event.start_mark, say("take the line break out, or write a block after |"))

    def _at(self, mark: Any) -> Position:
        return mark.line + 1 + self.line_offset, mark.column + 1 + self.column_offset

    def _error(self, message: str, mark: Any, hint: str = "") -> MalformedPolicyError:
        line, column = self._at(mark) if mark else (self.line_offset + 1, 1)
        return MalformedPolicyError(message, file=self.file, line=line, column=column, hint=hint)

    def _unreadable(self, text: str | bytes) -> MalformedPolicyError:
        """PyYAML names no line for a character it cannot read, so it is looked for again."""
        whole = text if isinstance(text, str) else text.decode("utf-8", errors="surrogateescape")
        for number, line in enumerate(whole.split("\n")):
            for column, char in enumerate(line):
                if not (char.isprintable() or char in "\t\r\u200b\u200c\u200d\u3000\xa0"):
                    return MalformedPolicyError(
                        say("character {sign} cannot stand in YAML", sign=f"U+{ord(char):04X}"),
                        file=self.file,
                        line=number + 1 + self.line_offset,
                        column=column + 1 + self.column_offset,
                        hint=say("remove it"),
                    )
        return self._error(say("not readable as YAML"), None)


def _bytes(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode("utf-8")


def _said(error: yaml.MarkedYAMLError) -> str:
    parts = [part for part in (error.context, error.problem) if part]
    return say("not YAML: {why}", why=", ".join(str(part) for part in parts))
