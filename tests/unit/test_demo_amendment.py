"""The demonstration's amendment: one clause of a copy turns red, and is affirmed; the original stays as it is."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from wordkept import law
from wordkept.cli.demo.amendment import CLAUSE, amend
from wordkept.policy import load
from wordkept.policy.model import Policy
from wordkept.rules import RULES

SOURCE = Path(__file__).resolve().parents[2] / "policies" / "bizmeka-ez" / "2016-08-31"


def read(path: Path) -> Policy:
    return load(path, RULES, law.load(law.folder()))


def test_changing_five_years_to_four_turns_exactly_that_clause_red(tmp_path: Path) -> None:
    before = {file: file.read_bytes() for file in SOURCE.iterdir() if file.is_file()}
    (original,) = read(SOURCE).editions
    amended = amend(original, tmp_path / "four", read, date(2026, 1, 1))
    assert {(one.code, one.clause) for one in amended.red} == {("WK302", CLAUSE)}
    assert amended.affirmed == (CLAUSE,)
    assert amended.left == ()
    assert amended.stays == ("WK106",), "an office may affirm it, but it is still shorter than the law"
    (edition,) = amended.policy.editions
    assert "four years" in edition.clauses[CLAUSE].text
    assert edition.clauses[CLAUSE].bindings[0].params.lasts == "P4Y"
    assert "4년" in edition.translations["ko"].clauses[CLAUSE].text
    changed = {number for number, one in edition.clauses.items() if one.text != original.clauses[number].text}
    assert changed == {CLAUSE}
    assert {file: file.read_bytes() for file in before} == before


def test_a_second_amendment_starts_from_the_original_again(tmp_path: Path) -> None:
    (original,) = read(SOURCE).editions
    for _ in range(2):
        assert amend(original, tmp_path / "four", read, date(2026, 1, 1)).red


def test_a_policy_that_does_not_say_five_years_is_not_amended_quietly(tmp_path: Path) -> None:
    (original,) = read(SOURCE).editions
    amended = amend(original, tmp_path / "four", read, date(2026, 1, 1)).policy.editions[0]
    with pytest.raises(ValueError, match="does not say five years"):
        amend(amended, tmp_path / "again", read, date(2026, 1, 1))
