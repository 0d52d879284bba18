"""Words: the page of all rules and declarations and the keys each takes, drawn from the table of rules.

``python -m wordkept.trace.words > docs/words.md`` writes it anew; a test fails while it is out of date. What is *not*
here: how a document is read (``docs/policy-language.md``).
"""

from __future__ import annotations

import re
import sys
import types
from collections.abc import Iterator
from datetime import date
from enum import Enum
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import msgspec

from wordkept.policy.declarations import DECLARATIONS, NOTES
from wordkept.policy.declared import EventKind
from wordkept.record import SpanKind
from wordkept.rules import RULES

_PLAIN = {str: "text", int: "number", bool: "yes or no", date: "day"}
_MORE = re.compile(r"^\s+(?P<key>\w+): (?P<said>.+)$")


def words_page() -> str:
    """The page, in Markdown."""
    return "\n".join((*_head(), *_declarations(), *_rules(), ""))


def _head() -> Iterator[str]:
    yield "<!-- Drawn by `python -m wordkept.trace.words` from the table of rules; do not edit. -->"
    yield "# Every word of the language"
    yield ""
    yield "What may stand after the three backticks, and the keys below it. **Bold** keys must be given. `unless`"
    yield "(clauses whose permit lifts a forbid) and `as` (what the clause counts as) may stand in every rule's body."
    yield "How a document is read says [the language](policy-language.md)."


def _declarations() -> Iterator[str]:
    yield "\n## Declarations and notes\n"
    for name, shape in {**{name: shape for name, (shape, _) in DECLARATIONS.items()}, **NOTES}.items():
        yield from _entry(name, _first(shape.__doc__), shape)


def _rules() -> Iterator[str]:
    yield "\n## Rules\n"
    for rule in RULES.values():
        if rule.name not in DECLARATIONS:
            acts = f" Asked about: {', '.join(sorted(rule.acts))}." if rule.acts else ""
            yield from _entry(rule.name, f"{rule.sentence}{acts}", rule.params)


def _entry(name: str, said: str, shape: type[Any]) -> Iterator[str]:
    yield f"### `{name}`\n"
    yield f"{said}\n"
    told = _told(shape)
    for field in msgspec.structs.fields(shape):
        key = f"**`{field.encode_name}`**" if field.required else f"`{field.encode_name}`"
        more = f": {told[field.name]}" if field.name in told else ""
        yield f"- {key} ({_kind(field.type)}){more}"
    yield ""


def _first(doc: str | None) -> str:
    first = " ".join((doc or "").strip().split("\n\n")[0].split())
    said = _code(first.partition(": ")[2] or first)
    return said[:1].upper() + said[1:]


def _told(shape: type[Any]) -> dict[str, str]:
    """What the struct's docstring says of its attributes."""
    docs = (shape.__doc__ or "", SpanKind.__doc__ or "" if shape is EventKind else "")
    found = (_MORE.match(line) for doc in docs for line in doc.splitlines())
    return {one["key"]: _code(one["said"].rstrip(".")) for one in found if one}


def _code(said: str) -> str:
    return said.replace("``", "`")


def _kind(shape: Any) -> str:
    origin = get_origin(shape)
    if origin is Annotated:
        return _kind(get_args(shape)[0])
    if origin is Literal:
        return ", ".join(f"`{word}`" for word in get_args(shape))
    if origin in {Union, types.UnionType}:
        return _kind(next(one for one in get_args(shape) if one is not type(None)))
    if origin is tuple:
        return f"list of {_kind(get_args(shape)[0])}"
    if isinstance(shape, type) and issubclass(shape, Enum):
        return ", ".join(f"`{word.value}`" for word in shape)
    if isinstance(shape, type) and issubclass(shape, msgspec.Struct):
        return "mapping of " + ", ".join(f"`{field.encode_name}`" for field in msgspec.structs.fields(shape))
    return _PLAIN.get(shape, "text")


if __name__ == "__main__":
    sys.stdout.write(words_page())
