"""Fence bodies and front matter, written: the keys in the order of their type, lists in brackets, ``yes`` and ``no``.

What was read is compared with what the new text reads as; where they differ, or where a body holds what has no second
spelling (a comment, a value of several lines), its author's own text stays. What is *not* here: the document around it
(``layout``).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Any, Final, get_args

import msgspec

from wordkept.terms import MalformedPolicyError
from wordkept.written import yaml
from wordkept.written.typed import YES_NO, fields, options
from wordkept.written.yaml import UNFIT

WIDTH: Final = 120
"""Widest line of a body, in characters."""

_COMMENT: Final = re.compile(r"(?:^|\s)#", re.MULTILINE)


def body(text: str, data: Any, shape: type[Any]) -> str:
    """A fence's body in its canonical layout.

    Args:
        text: as it was written.
        data: as it was read, by ``yaml.load``.
        shape: the type it becomes.
    """
    if not data:
        return "" if not text.strip() else text
    ordered = _ordered(data, shape)
    lines = _entries(ordered) if isinstance(ordered, list) else _block(ordered, "")
    return _or_as_it_was(text, data, shape, "".join(f"{line}\n" for line in lines))


def front(text: str, data: Any, shape: type[Any]) -> str:
    """Front matter likewise, each statute and each word on a line of its own."""
    lines: list[str] = []
    for key, value in _ordered(data, shape).items() if isinstance(data, dict) else ():
        if isinstance(value, str) or not value:
            lines += _block({key: value}, "")
        else:
            under = _block(value, "  ") if isinstance(value, dict) else [f"  - {_flow(one)}" for one in value]
            lines += [f"{key}:", *under]
    return _or_as_it_was(text, data, shape, "".join(f"{line}\n" for line in lines))


def _or_as_it_was(text: str, data: Any, shape: type[Any], written: str) -> str:
    """The new text, if nothing is lost by it."""
    told_in_lines = _COMMENT.search(text) or "\\n" in written
    if told_in_lines or UNFIT.search(written) or not unicodedata.is_normalized("NFC", written):
        return text
    try:
        again, _ = yaml.load(written, "")
    except MalformedPolicyError:
        return text
    return written if _ordered(again, shape) == _ordered(data, shape) else text


def _ordered(data: Any, shape: Any) -> Any:
    """The same with keys in the order of their type, and each answer as ``yes`` or ``no``."""
    kinds = options(shape)
    if isinstance(data, str):
        answer = YES_NO.get(data.lower()) if bool in kinds else None
        return data if answer is None else "yes" if answer else "no"
    if isinstance(data, list):
        inner = next((get_args(one)[0] for one in kinds if get_args(one)), shape)
        return [_ordered(one, inner) for one in data]
    shapes: dict[str, Any] = {}
    for one in kinds:
        if isinstance(one, type) and issubclass(one, msgspec.Struct):
            shapes |= {field.encode_name: field.type for field in fields(one)}
    known = {key: _ordered(data[key], kind) for key, kind in shapes.items() if key in data}
    return known | {key: value for key, value in data.items() if key not in known}


def _entries(data: list[Any]) -> Iterator[str]:
    for one in data:
        if isinstance(one, dict):
            yield from _wrapped("- {", _pairs(one), "}", "")
        else:
            yield f"- {_flow(one)}"


def _block(data: dict[str, Any], indent: str) -> Iterator[str]:
    for key, value in data.items():
        head = f"{_scalar(key)}:"
        if isinstance(value, str):
            yield from _folded(head, _scalar(value, flow=False), indent)
        elif isinstance(value, list):
            yield from _wrapped(f"{head} [", [_flow(one) for one in value], "]", indent)
        elif all(isinstance(one, str) for one in value.values()):
            yield from _wrapped(f"{head} {{", _pairs(value), "}", indent)
        else:
            yield f"{indent}{head}"
            yield from _block(value, f"{indent}  ")


def _wrapped(head: str, parts: list[str], tail: str, indent: str) -> Iterator[str]:
    """A list or mapping in brackets, its further lines under its first part."""
    line, under = f"{indent}{head}", " " * len(f"{indent}{head}")
    for number, part in enumerate(parts):
        said = part + (tail if number == len(parts) - 1 else ",")
        if number and len(line) + 1 + len(said) > WIDTH:
            yield line
            line = under + said
        else:
            line += f" {said}" if number else said
    yield line if parts else line + tail


def _folded(head: str, text: str, indent: str) -> Iterator[str]:
    """A key and its text, broken at single spaces where it is too long; YAML reads each break as a space."""
    line = f"{indent}{head}"
    for word in re.split(r"(?<=\S) (?=[^\s#])", text):
        if len(line) + 1 + len(word) > WIDTH and line != f"{indent}{head}":
            yield line
            line = f"{indent}  {word}"
        else:
            line += f" {word}"
    yield line


def _pairs(data: dict[str, Any]) -> list[str]:
    return [f"{_scalar(key)}: {_flow(value)}" for key, value in data.items()]


def _flow(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(_flow(one) for one in value)}]"
    if isinstance(value, dict):
        return f"{{{', '.join(_pairs(value))}}}"
    return _scalar(value)


def _scalar(text: str, *, flow: bool = True) -> str:
    """Text without quotes where it reads the same without them."""
    sample = f"{{k: {text}}}" if flow else f"k: {text}"
    try:
        if text and not UNFIT.search(text) and yaml.load(sample, "")[0] == {"k": text}:
            return text
    except MalformedPolicyError:
        pass
    quoted = msgspec.json.encode(text).decode()
    return UNFIT.sub(lambda found: f"\\u{ord(found[0]):04x}", quoted)
