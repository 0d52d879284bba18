"""The page about evidence says what the code does."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

from wordkept.evidence.predicate import Predicate, Retained, retained
from wordkept.evidence.report import Kind
from wordkept.evidence.statement import Body, encode, read_header

PAGE = (Path(__file__).parents[2] / "docs" / "evidence.md").read_text("utf-8")
ROWS = [line.split(" | ") for line in PAGE.splitlines() if line.startswith("| `")]


def test_the_page_lists_every_predicate_under_its_class() -> None:
    told = {row[0].strip("| `"): set(row[1].split(", ")) for row in ROWS if row[0].strip("| `") in set(Retained)}
    assert told == {one.value: {p.value for p in Predicate if retained(p) is one} for one in Retained}


def test_the_page_explains_every_finding() -> None:
    told = {word.strip("`") for row in ROWS for word in row[0].strip("| ").split(", ")} - set(Retained)
    assert told == set(get_args(Kind))


def test_the_header_on_the_page_is_a_header() -> None:
    line = next(line for line in PAGE.splitlines() if line.startswith("header "))
    assert read_header(line.split(None, 1)[1].encode()).predicate is Predicate.REFUSED
    assert encode(Body()) == b"{}"
