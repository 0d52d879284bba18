"""Each place where the source of the reference policy is unclear is found by the machine, or the page says why not."""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path

import pytest

from wordkept.law import folder, load
from wordkept.policy import compile_text
from wordkept.policy import load as load_policy
from wordkept.policy.checks import CODES, examine
from wordkept.policy.lacking import lacking
from wordkept.policy.model import Edition
from wordkept.rules import RULES

ROOT = Path(__file__).resolve().parents[2]
POLICY = ROOT / "policies" / "bizmeka-ez" / "2016-08-31"
with (ROOT / "docs" / "findings" / "ambiguities.csv").open(encoding="utf-8", newline="") as file:
    ROWS = {row["row"]: row for row in csv.DictReader(file)}
FOUND = {row: [one.strip() for one in ROWS[row]["found"].split(";")] for row in ROWS if ROWS[row]["found"]}
CODE = re.compile(r"^(WK\d{3})@(\S+)$")
LINE = re.compile(r"^([a-z]+/[a-z-]+)\.(\S+)@(\S+) on (\d{4}-\d{2}-\d{2})$")


@cache
def edition() -> Edition:
    return load_policy(POLICY, RULES, load(folder())).editions[0]


@cache
def codes() -> frozenset[tuple[str, str | None]]:
    return frozenset((one.code, one.clause) for one in examine(edition()))


@cache
def lines(day: str) -> frozenset[tuple[str, str, str]]:
    law = load(folder())
    lacks = lacking(edition(), law.laid(f"kr@{day}"), law)
    return frozenset((one.statute, one.requirement, one.clause or "nowhere") for one in lacks)


def test_every_row_is_there_once_and_is_found_or_explained() -> None:
    assert list(ROWS) == [f"A{number:02}" for number in range(1, 37)]
    for row in ROWS.values():
        assert row["what"]
        assert bool(row["found"]) != bool(row["why a machine cannot"]), row["row"]


def test_the_machine_finds_at_least_twenty_two_of_them() -> None:
    said = re.search(r"It finds\s+(\d+);", (ROOT / "docs" / "findings" / "index.md").read_text("utf-8"))
    assert said
    assert int(said[1]) == len(FOUND) >= 22


@pytest.mark.parametrize(("row", "claim"), [(row, claim) for row, claims in FOUND.items() for claim in claims])
def test_what_a_row_claims_is_found_there(row: str, claim: str) -> None:
    if code := CODE.match(claim):
        assert code[1] in CODES
        assert (code[1], code[2]) in codes(), row
    else:
        line = LINE.match(claim)
        assert line, claim
        assert (line[1], line[2], line[3]) in lines(line[4]), row


def test_the_page_says_of_each_other_row_why_a_machine_cannot() -> None:
    page = (ROOT / "docs" / "findings" / "index.md").read_text("utf-8")
    others = [row for row in ROWS.values() if not row["found"]]
    told = [f"| {row['row']} | {row['what']} | {row['why a machine cannot']} |" for row in others]
    assert [line for line in page.splitlines() if re.match(r"\| A\d\d \|", line)] == told


def test_vague_words_are_open_again_without_their_numbers() -> None:
    text = (POLICY / "policy.md").read_text("utf-8")
    without = re.sub(r"^words:\n(?:  .*\n)+", "", text, count=1, flags=re.MULTILINE)
    found = examine(compile_text(without.encode(), "policy.md", RULES, load(folder())))
    vague = {one.clause for one in found if one.code == "WK104"}
    assert {"1.4.b", "6.0", "10.5.a", "10.6.a", "12.T2.b", "12.A1.c", "12.A3.c", "13.0.b"} <= vague
