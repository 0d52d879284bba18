"""Statements: the SQL of the vault, read from named files beside their modules.

A file holds statements between lines ``-- name: such_and_such``; each comes out under its name. What is *not* here: any
SQL.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType

_NAME = re.compile(r"^-- name: ([a-z][a-z0-9_]*)$", re.MULTILINE)


@lru_cache(maxsize=64)
def statements(file: str, package: str = "wordkept.vault") -> Mapping[str, bytes]:
    """The statements of one file, by name, in its order.

    Args:
        file: ``values.sql``, or a path below the package.
        package: the package that holds it.

    Raises:
        ValueError: two statements of one name, or none at all.
    """
    found = dict(parse(files(package).joinpath(file).read_text(encoding="utf-8")))
    if not found:
        raise ValueError(f"{file} names no statement")
    return MappingProxyType(found)


def parse(text: str) -> Iterator[tuple[str, bytes]]:
    """Names and statements of a file's text.

    Raises:
        ValueError: two statements of one name.
    """
    parts = _NAME.split(text)
    seen = set()
    for name, body in zip(parts[1::2], parts[2::2], strict=True):
        if name in seen:
            raise ValueError(f"two statements are named {name}")
        seen.add(name)
        yield name, body.strip().encode()
