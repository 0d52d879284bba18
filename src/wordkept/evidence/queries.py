"""Queries: the SQL of evidence, read from named files beside its modules, and what the loss of the database becomes.

What is *not* here: any SQL.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final

import psycopg

from wordkept.terms import UnavailableError

_NAME: Final = re.compile(r"^-- name: ([a-z][a-z0-9_]*)$", re.MULTILINE)


@cache
def queries(file: str) -> Mapping[str, bytes]:
    """The statements of one file beside this module, by name, in the file's order."""
    parts = _NAME.split(files("wordkept.evidence").joinpath(file).read_text(encoding="utf-8"))
    return MappingProxyType({name: text.strip().encode() for name, text in zip(parts[1::2], parts[2::2], strict=True)})


def schema() -> Mapping[str, bytes]:
    """What makes the tables of evidence in an empty database, one command after another.

    The file's comments list the grants that daily work needs.
    """
    return queries("schema.sql")


@contextmanager
def reached(work: str) -> Iterator[None]:
    """Turn the loss of the database into the operator's error.

    Args:
        work: what was going on, for the message.

    Raises:
        UnavailableError: the database went away, or did not answer in time.
    """
    try:
        yield
    except psycopg.OperationalError as error:
        # The server's own sentence may quote what it was given; its code says enough.
        raise UnavailableError(f"{work}: the database cannot be reached ({error.sqlstate or 'no answer'})") from None
