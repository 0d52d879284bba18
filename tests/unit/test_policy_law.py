"""Law as dated data: what is in force on a day, and what is not on file."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from wordkept.language import catalogue
from wordkept.law import Law, Operator, folder, load
from wordkept.terms import MalformedPolicyError

DAY = date(2016, 8, 31)
STATUTE = """
statute: kr/some-act
title: Some Act
from: 2000-01-01
to: 2020-12-31
last_checked_on: 2026-11-24
parameters:
  records:
    - {value: P1Y, to: 2009-12-31, reference: art. 1, last_checked_on: 2026-11-24, source: memory}
    - {value: P2Y, from: 2010-01-01, reference: art. 1, last_checked_on: 2026-11-24, source: retrieved}
"""
REQUIRED = """
requires:
  something:
    - says: something is said
      applies_if: [{{telecom: true}}]
      reference: art. 2
      last_checked_on: 2026-11-24
      source: memory
      needs: {{a need: {}}}
"""
COUNTED = """
  recods.counts-from: [{value: collected, reference: art. 1, last_checked_on: 2026-11-24, source: memory}]
"""
TWICE = """
    - {says: another thing, from: 2015-01-01, reference: art. 2, last_checked_on: 2026-11-24, source: memory, needs: {}}
"""


@pytest.fixture(scope="module")
def law() -> Law:
    return load(folder())


def written(path: Path, text: str, name: str = "some-act") -> Path:
    (path / "kr").mkdir(exist_ok=True)
    (path / "kr" / f"{name}.yaml").write_text(text, "utf-8")
    return path


@pytest.mark.parametrize(
    ("ref", "value"),
    [
        ("kr/national-tax-act.books", "P5Y"),
        ("kr/e-commerce-act.advertisement", "P6M"),
        ("kr/e-commerce-act.contract", "P5Y"),
        ("kr/e-commerce-act.payment", "P5Y"),
        ("kr/e-commerce-act.complaint", "P3Y"),
        ("kr/credit-information-act.handling", "P3Y"),
        ("kr/communications-secrets-act.access-records", "P3M"),
        ("kr/pipa.destroy-without-delay", "P5D"),
    ],
)
def test_the_periods_of_the_reference_policy_are_on_file(ref: str, value: str, law: Law) -> None:
    assert law.value(ref, DAY) == value


def test_what_is_from_memory_says_so(tmp_path: Path) -> None:
    law = load(written(tmp_path, STATUTE))
    assert law.from_memory("kr/some-act.records", date(2009, 12, 31))
    assert not law.from_memory("kr/some-act.records", date(2010, 1, 1))


def test_a_list_is_no_period(tmp_path: Path) -> None:
    law = load(written(tmp_path, STATUTE.replace("value: P2Y", "value: [one, two]")))
    assert law.parameter("kr/some-act.records", DAY).value == ("one", "two")
    with pytest.raises(LookupError, match="is a list"):
        law.value("kr/some-act.records", DAY)


def test_a_value_is_the_one_of_its_day(tmp_path: Path) -> None:
    law = load(written(tmp_path, STATUTE))
    assert law.value("kr/some-act.records", date(2009, 12, 31)) == "P1Y"
    assert law.value("kr/some-act.records", date(2010, 1, 1)) == "P2Y"
    assert law.names() == ("kr/some-act.records",)


@pytest.mark.parametrize(
    ("citation", "day", "expected"),
    [
        ("kr/some-act", date(2000, 1, 1), True),
        ("kr/some-act.24", date(2020, 12, 31), True),
        ("kr/some-act art. 24-2", DAY, True),
        ("kr/some-act", date(1999, 12, 31), False),
        ("kr/some-act", date(2021, 1, 1), False),
        ("kr/some-action", DAY, False),
        ("some-act", DAY, False),
        ("", DAY, False),
    ],
)
def test_a_cited_statute_counts_by_its_leading_id(citation: str, day: date, tmp_path: Path, *, expected: bool) -> None:
    assert load(written(tmp_path, STATUTE)).in_force(citation, day) is expected


@pytest.mark.parametrize("ref", ["kr/some-act", "kr/some-act.", "kr/some-act.nothing", "kr/other.records", "", "."])
def test_what_is_not_on_file_is_an_error_of_look_up(ref: str, tmp_path: Path) -> None:
    with pytest.raises(LookupError):
        load(written(tmp_path, STATUTE)).value(ref, DAY)


def test_a_day_without_a_value_is_an_error_of_look_up(tmp_path: Path) -> None:
    law = load(written(tmp_path, STATUTE.replace("from: 2010-01-01", "from: 2011-01-01")))
    with pytest.raises(LookupError, match="has no value on 2010-06-01"):
        law.value("kr/some-act.records", date(2010, 6, 1))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (STATUTE.replace("kr/some-act", "kr/other-act"), "its place kr/some-act"),
        (STATUTE.replace("reference: art. 1, ", ""), "reference"),
        (STATUTE.replace("2000-01-01", "2000-13-01"), "expected a day"),
        (STATUTE + "  - [", "not YAML"),
        (STATUTE.replace("memory", "hearsay"), "known words"),
        (STATUTE.replace("to: 2009-12-31", "to: 2010-01-01"), "records says two things on 2010-01-01"),
        (STATUTE.replace("to: 2009-12-31, ", ""), "records says two things on 2010-01-01"),
        (STATUTE.replace("from: 2010-01-01, ", ""), "records says two things up to 2009-12-31|on every day"),
        (STATUTE.replace("from: 2010-01-01", "from: 2010-01-01, to: 2009-06-30"), "before it begins on 2010-01-01"),
        (STATUTE + REQUIRED.format("{declares: [item], binds: [purpose]}"), "'a need' must be exactly one condition"),
        (STATUTE + REQUIRED.format("{beside: [item]}"), "'a need' must be exactly one condition"),
        (STATUTE + REQUIRED.format("{within: deadline, of: [purpose]}"), "kr/some-act has no parameter 'deadline'"),
        (STATUTE + REQUIRED.format("{wants: [item]}"), "unknown key `wants`"),
        (STATUTE + REQUIRED.format("{declares: [item]}").replace("{telecom:", "{telecoms:"), "unknown key `telecoms`"),
        (STATUTE + REQUIRED.format("{declares: [item]}") + TWICE, "something says two things on 2015-01-01"),
    ],
)
def test_a_malformed_statute_is_one_error_with_its_file(text: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(MalformedPolicyError, match=said) as caught:
        load(written(tmp_path, text))
    assert caught.value.file.endswith("some-act.yaml")


def needing(need: str) -> str:
    return STATUTE + REQUIRED.format(need)


KNOWN = {"rules": ("retention.by-law",), "kinds": ("officer",)}


@pytest.mark.parametrize(
    ("text", "said", "line", "column", "hint"),
    [
        (STATUTE.replace("title", "titel"), "unknown key `titel`", 3, 1, "did you mean title?"),
        (STATUTE.replace("value: P2Y", "valeu: P2Y"), "records.1: unknown key `valeu`", 10, 8, "did you mean value?"),
        (STATUTE.replace("retrieved", "retreived"), "known words", 10, 94, "did you mean retrieved?"),
        (STATUTE.replace("2010-01-01", "1975-02-30"), "a day such as 2016-08-31", 10, 26, ""),
        (STATUTE.replace("to: 2020", "gives_way: kr/pipa\nto: 2020"), "expected a mapping, got text", 5, 12, ""),
        (STATUTE.replace("P2Y", "5 years"), "neither a period nor", 10, 15, "write P5Y"),
        (STATUTE.replace("P2Y", "5Y"), "neither a period nor", 10, 15, "write P5Y"),
        (needing("{keps: records}"), "unknown key `keps`", 19, 24, "did you mean keeps?"),
        (needing("{keeps: recodrs}"), "no parameter 'recodrs'", 19, 23, "did you mean records?"),
        (needing("{speaks: [ok, '(']}"), "'(' is no regular expression", 19, 37, ""),
        (needing("{binds: [retention.by-lw]}"), "no rule", 19, 32, "did you mean retention.by-law?"),
        (needing("{declares: [offcer]}"), "no kind of declaration", 19, 35, "did you mean officer?"),
        (needing("{beside: [offcer], speaks: [x]}"), "no kind", 19, 33, "did you mean officer?"),
        (needing("{keeps: records}").replace("P2Y", "two-years"), "a period is expected", 10, 15, ""),
        (STATUTE + COUNTED, "no period 'recods'", 12, 23, "did you mean records?"),
    ],
)
def test_a_slip_in_a_statute_is_told_with_its_place_and_what_was_meant(
    text: str, said: str, line: int, column: int, hint: str, tmp_path: Path
) -> None:
    with pytest.raises(MalformedPolicyError, match=re.escape(said)) as caught:
        load(written(tmp_path, text), KNOWN)
    assert (caught.value.line, caught.value.column) == (line, column)
    assert hint in caught.value.hint
    assert catalogue("ko")(caught.value.message) != caught.value.message, "it is said in Korean too"


def test_a_condition_says_yes_and_no_as_a_policy_does(tmp_path: Path) -> None:
    law = load(written(tmp_path, needing("{declares: [officer]}").replace("telecom: true", "telecom: no")))
    assert law.statutes["kr/some-act"].requires["something"][0].applies_if == (Operator(telecom=False),)


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        (STATUTE.replace("to: 2009-12-31", "to: 2010-01-01"), 10, 7),
        (STATUTE.replace("from: 2010-01-01, ", ""), 10, 7),
        (STATUTE + REQUIRED.format("{beside: [item]}"), 19, 23),
        (STATUTE + REQUIRED.format("{declares: [item]}") + TWICE, 21, 7),
        (STATUTE.replace("title: Some Act", "title: Some Act\ntitle: Other Act"), 4, 1),
    ],
)
def test_what_a_statute_says_wrongly_is_told_with_its_place(text: str, line: int, column: int, tmp_path: Path) -> None:
    with pytest.raises(MalformedPolicyError) as caught:
        load(written(tmp_path, text))
    assert (caught.value.line, caught.value.column) == (line, column)
