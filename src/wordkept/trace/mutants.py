"""Mutants: a policy's document with one thing deleted: a declaration or rule, an entry of a list, a period or bound.

They are made from the fences as parsed, so each is a document that somebody could have written. Left alone are keys
without which a fence is malformed anyway, notes (they say something about a clause and do nothing), and what only
describes: titles, DPV terms, tasks, addresses, and which values fit an item. What is *not* here: what becomes of a
mutant (``mutate``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import msgspec

from wordkept.language import Said, say
from wordkept.policy.declarations import DECLARATIONS, NOTES
from wordkept.policy.declared import Officer, Place
from wordkept.policy.model import Rule
from wordkept.policy.source import Document, Fence, RawClause
from wordkept.written.yaml import Path

_REACHED: Final = {field.encode_name for shape in (Officer, Place) for field in msgspec.structs.fields(shape)}
_DESCRIBES: Final = _REACHED | {"title", "personal", "type", "search", "tasks", "aim", "assumed", "as"}
_FITS: Final = ("item", "at-most")
"""The longest value of an item: stories look at no values, the store does."""
_FRONT: Final = ("words", "law")


class Mutant(msgspec.Struct, frozen=True):
    """Something to delete: where it stands, and what it is. ``fence`` is none in the front matter."""

    clause: str
    line: int
    what: str
    fence: int | None
    path: Path


def mutants_of(document: Document, rules: Mapping[str, Rule]) -> Iterator[Mutant]:
    """Every mutant of a document, in its order."""
    for key in _FRONT:
        held = (document.front or {}).get(key) or ()
        for step in held if isinstance(held, dict) else range(len(held)):
            path = (key, step)
            name = step if isinstance(held, dict) else held[step]
            what = say("{entry} in {key} of the front matter", entry=str(name), key=key)
            yield Mutant("", document.positions.value(*path)[0], what, None, path)
    for clause in document.clauses:
        for at, fence in enumerate(clause.fences):
            if fence.info not in NOTES:
                shape = DECLARATIONS[fence.info][0] if fence.info in DECLARATIONS else rules[fence.info].params
                yield from _of_fence(clause, at, fence, shape)


def _of_fence(clause: RawClause, at: int, fence: Fence, shape: type[Any]) -> Iterator[Mutant]:
    listed = isinstance(fence.data, list)
    for place, body in enumerate(fence.data) if listed else [(-1, fence.data)]:
        path: Path = (place,) if listed else ()
        name = body.get("name") if isinstance(body, dict) else None
        kind = Said(fence.info) if fence.info in DECLARATIONS else fence.info
        of = say("{kind} {name}", kind=kind, name=name) if name else kind
        line = fence.positions.value(*path)[0] or fence.line
        yield Mutant(clause.number, line, of, at, path)
        for what, steps in _inside(body or {}, shape, fence.info, path):
            yield Mutant(
                clause.number, fence.positions.key(*steps)[0], say("{what} of {of}", what=what, of=of), at, steps
            )


def _inside(body: Mapping[str, Any], shape: type[Any], info: str, path: Path) -> Iterator[tuple[str, Path]]:
    """What can be deleted in a body: entries of its lists, and keys that can be left out."""
    known = {field.encode_name: field for field in msgspec.structs.fields(shape)}
    for key, value in body.items():
        if key in _DESCRIBES or (info, key) == _FITS:
            continue
        if isinstance(value, list):
            for at, entry in enumerate(value):
                named = entry if isinstance(entry, str) else str(at)
                yield say("{entry} in {key}", entry=named, key=key), (*path, key, at)
            continue
        if key not in known or not known[key].required:
            yield f"{key}: {value}" if isinstance(value, str) else key, (*path, key)
        if isinstance(value, dict):
            yield from _inside(value, _nested(known[key].type), info, (*path, key))


def _nested(shape: Any) -> type[Any]:
    """The struct in the type of a field, ``SignUp`` in ``SignUp | None``."""
    kinds = (shape, *getattr(shape, "__args__", ()))
    return next(one for one in kinds if isinstance(one, type) and issubclass(one, msgspec.Struct))


def without(document: Document, mutant: Mutant) -> Document:
    """The document without what a mutant deletes; a fence of which nothing is left goes too."""
    if mutant.fence is None:
        return msgspec.structs.replace(document, front=_cut(document.front, mutant.path))
    clauses = [
        _less(one, mutant.fence, mutant.path) if one.number == mutant.clause else one for one in document.clauses
    ]
    return msgspec.structs.replace(document, clauses=tuple(clauses))


def _less(clause: RawClause, at: int, path: Path) -> RawClause:
    fence = clause.fences[at]
    left = _cut(fence.data, path) if path else None
    whole = not path or left == []
    kept = [] if whole else [msgspec.structs.replace(fence, data=left)]
    return msgspec.structs.replace(clause, fences=[*clause.fences[:at], *kept, *clause.fences[at + 1 :]])


def _cut(data: Any, path: Path) -> Any:
    """A copy of nested lists and mappings without what stands at a path."""
    step, *rest = path
    pairs = enumerate(data) if isinstance(data, list) else data.items()
    left = {key: _cut(value, tuple(rest)) if key == step else value for key, value in pairs if rest or key != step}
    return list(left.values()) if isinstance(data, list) else left
