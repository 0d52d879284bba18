"""From text to types: a YAML body becomes a frozen struct, or one error that says where and what was meant.

Text becomes what the field asks for: numbers, days (``2016-08-31``), yes and no, tuples. What is *not* here: whether
the names in it exist (``names``).
"""

from __future__ import annotations

import difflib
import re
import types
from collections.abc import Iterable
from enum import EnumType
from functools import cache
from typing import Any, Final, TypeVar, Union, get_args, get_origin

import msgspec

from wordkept.language import say
from wordkept.terms import MalformedPolicyError
from wordkept.written.yaml import Path, Positions

Shape = TypeVar("Shape")

YES_NO: Final = {"yes": True, "true": True, "no": False, "false": False}
_WHERE: Final = re.compile(r"^(?P<said>.*?)(?: - at `(?P<key>key in )?\$(?P<path>.*)`)?$", re.DOTALL)
_STEP: Final = re.compile(r"\.([^.\[]+)|\[(\d+)\]|\[\.\.\.\]")
_UNKNOWN: Final = re.compile(r"unknown field `(.*)`", re.DOTALL)
_MISSING: Final = re.compile(r"missing required field `(.*)`", re.DOTALL)
_OTHER: Final = re.compile(r"Expected `(\w+)(?: \| null)?`(?:, got `(\w+)`| (.+))")
_ENUM: Final = re.compile(r"Invalid enum value (.*)", re.DOTALL)
_MEANT: Final = {
    "array": say("a list"),
    "object": say("a mapping"),
    "str": say("text"),
    "int": say("a whole number"),
    "float": say("a number"),
    "bool": say("yes or no"),
    "date": say("a day such as 2016-08-31"),
}
"""By the names that msgspec gives to types."""
_SHAPES: Final = {
    "^[a-z]{2}": say("two small letters, such as kr"),
    "^[a-z]{2,3}": say("the tag of a language, such as ko"),
    "^WK": say("the code of a finding, such as WK204"),
}
"""By the start of a pattern: how what fits it looks; every other pattern is that of a name."""

fields = cache(msgspec.structs.fields)
"""The fields of a struct type, looked up once: types are few, and a document has hundreds of bodies."""


def typed(
    data: Any,
    shape: type[Shape],
    positions: Positions,
    file: str,
    *,
    path: Path = (),
) -> Shape:
    """Convert what ``yaml.load`` read to a struct.

    Args:
        data: nested dicts, lists and strings.
        shape: the msgspec struct (or other type) to become.
        positions: where everything stands.
        file: its name, for errors.
        path: where ``data`` itself stands within what was loaded.

    Raises:
        MalformedPolicyError: at the key or value that does not fit, with the nearest known word as hint.
    """
    answered = _answers(data, shape)
    try:
        return msgspec.convert(answered, shape, strict=False)
    except msgspec.ValidationError as error:
        raise _malformed(str(error), answered, shape, positions, file, path) from error


def nearest(word: str, known: Iterable[str]) -> str:
    """A hint, ``did you mean …?``, or an empty one when nothing is near."""
    found = difflib.get_close_matches(word[:64], list(known), n=1, cutoff=0.6)
    return say("did you mean {word}?", word=found[0]) if found else ""


def _answers(data: Any, shape: Any) -> Any:
    """``yes`` and ``no`` where the type is a boolean; everything else untouched."""
    kinds = options(shape)
    if isinstance(data, str):
        return YES_NO.get(data.lower(), data) if bool in kinds else data
    if isinstance(data, list):
        inner = next((get_args(one)[0] for one in kinds if get_origin(one) in (tuple, list)), str)
        return [_answers(value, inner) for value in data] if inner is not str else data
    shapes: dict[str, Any] = {}
    for one in kinds:
        if isinstance(one, type) and issubclass(one, msgspec.Struct):
            shapes |= {field.encode_name: field.type for field in fields(one)}
        elif get_origin(one) is dict:
            shapes |= dict.fromkeys(data, get_args(one)[1])
    return {key: _answers(value, shapes[key]) if key in shapes else value for key, value in data.items()}


def options(shape: Any) -> list[Any]:
    """What a type may be: the parts of a union, or itself."""
    return list(get_args(shape)) if get_origin(shape) in (Union, types.UnionType) else [shape]


def _malformed(
    said: str,
    data: Any,
    shape: Any,
    positions: Positions,
    file: str,
    path: Path,
) -> MalformedPolicyError:
    found = _WHERE.match(said)
    message = found["said"] if found else said
    inner = _steps(found["path"], data, shape) if found and found["path"] else ()
    at = (*path, *inner)
    line, column = positions.value(*at)
    hint = ""
    if unknown := _UNKNOWN.search(message):
        line, column = positions.key(*at, unknown[1])
        hint = nearest(unknown[1], _keys(shape, inner))
    elif missing := _MISSING.search(message):
        hint = say("add {key}:", key=missing[1])
    elif "enum" in message:
        words = _literals(shape, inner)
        hint = nearest(str(_within(data, inner)), words) or say("one of {words}", words=", ".join(words))
    else:
        hint = _how(message, data, inner)
    what = _meant(message)
    whole = say("{key}: {what}", key=".".join(str(step) for step in inner), what=what) if inner else what
    return MalformedPolicyError(whole, file=file, line=line, column=column, hint=hint)


def _how(message: str, data: Any, path: Path) -> str:
    """How what is meant is written."""
    if "matching regex" in message:
        shaped = (hint for pattern, hint in _SHAPES.items() if pattern in message)
        return next(shaped, say("small letters, digits, - and _, starting with a letter"))
    other = _OTHER.fullmatch(message)
    if other and (other[1], other[2]) == ("array", "str"):
        return say("write it in brackets: [{word}]", word=str(_within(data, path))[:64])
    return say("write yes or no") if other and other[1] == "bool" else ""


def _meant(message: str) -> str:
    """What msgspec says, in words of our own; what it may say else stays as it is."""
    if unknown := _UNKNOWN.search(message):
        return say("unknown key `{key}`", key=unknown[1])
    if missing := _MISSING.search(message):
        return say("missing key `{key}`", key=missing[1])
    if word := _ENUM.fullmatch(message):
        return say("not one of the known words: {word}", word=word[1])
    if "matching regex" in message:
        return say("not a name that can stand here")
    if message == "Invalid RFC3339 encoded date":
        return say("expected {wanted}", wanted=_MEANT["date"])
    if other := _OTHER.fullmatch(message):
        wanted, given = (_MEANT.get(one, one) for one in (other[1], other[2] or ""))
        if given:
            return say("expected {wanted}, got {given}", wanted=wanted, given=given)
        return say("expected {wanted} {bound}", wanted=wanted, bound=other[3])
    return message


def _steps(text: str, data: Any, shape: Any) -> Path:
    """The path that msgspec names; where it says only that an entry of a mapping is meant, the first that is wrong."""
    steps: list[str | int] = []
    for found in _STEP.finditer(text):
        if found[1] is not None:
            steps.append(found[1])
        elif found[2] is not None:
            steps.append(int(found[2]))
        else:
            whole = _within(data, tuple(steps))
            entries = whole.items() if isinstance(whole, dict) else enumerate(whole)
            entry = _field(shape, (*steps, "" if isinstance(whole, dict) else 0))
            steps += [key for key, one in entries if not _fits(one, entry)][:1]
    return tuple(steps)


def _fits(data: Any, shape: Any) -> bool:
    try:
        msgspec.convert(data, shape, strict=False)
    except msgspec.ValidationError:
        return False
    return True


def _within(data: Any, path: Path) -> Any:
    for step in path:
        data = data[step]
    return data


def _field(shape: Any, path: Path) -> Any:
    """The type at a path, as far as structs, lists and options can be followed."""
    for step in path:
        for one in options(shape):
            if isinstance(one, type) and issubclass(one, msgspec.Struct):
                shape = {field.encode_name: field.type for field in fields(one)}.get(str(step))
            elif get_origin(one) is dict:
                shape = get_args(one)[1]
            elif isinstance(step, int) and get_args(one):
                shape = get_args(one)[0]
    return shape


def _keys(shape: Any, path: Path) -> list[str]:
    return [
        field.encode_name
        for one in options(_field(shape, path))
        if isinstance(one, type) and issubclass(one, msgspec.Struct)
        for field in fields(one)
    ]


def _literals(shape: Any, path: Path) -> list[str]:
    """The words that fit at a path: those of an enumeration, or of a literal type."""
    kinds = options(_field(shape, path))
    return [str(word) for one in kinds for word in (one if isinstance(one, EnumType) else get_args(one))]
