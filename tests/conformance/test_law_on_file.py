"""Every statute that is shipped: dates, references, and names that exist. What is *not* here: what any policy lacks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from wordkept.law import Law, Requirement, Statute, Value, load
from wordkept.policy.declarations import DECLARATIONS
from wordkept.rules import RULES

ROOT = Path(__file__).resolve().parents[2]
LAW: Law = load(ROOT / "law")
STATUTES = [pytest.param(one, id=one.statute) for one in LAW.statutes.values()]
WORD = r"[a-z0-9][a-z0-9.-]*"
FORMS = re.compile(
    rf"P\d+[YMWD]|PT\d+H|\d+ business days|\d+%|\d[\d-]*|\d\d:\d\d/\d\d:\d\d|{WORD}"  # periods, counts, numbers, names
)


def values(statute: Statute) -> Iterator[tuple[str, Value]]:
    for name, versions in statute.parameters.items():
        yield from ((name, one) for one in versions)


def requirements(statute: Statute) -> Iterator[tuple[str, Requirement]]:
    for name, versions in statute.requires.items():
        yield from ((name, one) for one in versions)


def test_the_statutes_of_four_legislators_are_on_file() -> None:
    assert {name.partition("/")[0] for name in LAW.statutes} == {"de", "eu", "kr", "us"}
    assert {"kr/pipa", "kr/network-act", "kr/safety-measures", "eu/gdpr", "us/ccpa"} <= set(LAW.statutes)


@pytest.mark.parametrize("statute", STATUTES)
def test_everything_has_a_reference_a_source_and_a_day_of_checking(statute: Statute) -> None:
    said = [*values(statute), *requirements(statute)]
    assert said
    for name, one in said:
        assert one.reference.strip(), name
        assert one.source in ("retrieved", "memory"), name
        assert one.last_checked_on == statute.last_checked_on, name


@pytest.mark.parametrize("statute", STATUTES)
def test_every_date_lies_within_the_statute_and_in_order(statute: Statute) -> None:
    for name, one in [*values(statute), *requirements(statute)]:
        first, last = one.from_ or statute.from_, one.to or statute.to or date.max
        assert statute.from_ <= first <= last <= (statute.to or date.max), name


@pytest.mark.parametrize("statute", STATUTES)
def test_every_value_is_a_period_a_number_or_names(statute: Statute) -> None:
    for name, one in values(statute):
        said = one.value if isinstance(one.value, tuple) else (one.value,)
        assert said, name
        assert all(FORMS.fullmatch(text) for text in said), name
        assert len(set(said)) == len(said), name


@pytest.mark.parametrize("statute", STATUTES)
def test_every_rule_and_kind_that_a_need_names_exists(statute: Statute) -> None:
    for name, one in requirements(statute):
        assert one.needs, name
        for need in one.needs.values():
            assert set(need.binds or ()) | set(need.of) <= set(RULES), name
            assert set(need.declares or ()) <= set(DECLARATIONS), name
            assert set(need.beside) <= {*RULES, *DECLARATIONS}, name
            assert need.as_law_counts is not False, name
            assert bool(need.of) == bool(need.within), name


@pytest.mark.parametrize("statute", STATUTES)
def test_every_parameter_that_a_need_names_has_a_value_as_long_as_the_need_stands(statute: Statute) -> None:
    for name, one in requirements(statute):
        for need in one.needs.values():
            for used in filter(None, (need.keeps, need.within, need.reachable)):
                for day in (one.from_ or statute.from_, one.to or date(2026, 11, 24)):
                    assert LAW.value(f"{statute.statute}.{used}", day), name


@pytest.mark.parametrize("statute", STATUTES)
def test_every_pattern_can_be_read(statute: Statute) -> None:
    for _, one in requirements(statute):
        for need in one.needs.values():
            assert all(re.compile(pattern) for pattern in need.speaks or ())


def test_what_gives_way_gives_way_to_something_on_file() -> None:
    ways = [one.gives_way for one in LAW.statutes.values() if one.gives_way]
    assert ways
    assert all(way.before in LAW.statutes and way.applies_if for way in ways)


def test_law_that_changed_is_on_file_with_both_its_days() -> None:
    before, after = date(2026, 9, 10), date(2026, 9, 11)
    assert "possibility" not in LAW.parameter("kr/pipa.breach.covers", before).value
    assert "possibility" in LAW.parameter("kr/pipa.breach.covers", after).value
    assert LAW.value("kr/network-act.breach.notice", date(2016, 8, 31)) == "PT24H"
    assert LAW.value("kr/pipa.breach.notice", after) == "PT72H"


@pytest.mark.parametrize("statute", ["eu/gdpr", "kr/network-act"])
def test_what_was_written_from_memory_says_so(statute: str) -> None:
    found = LAW.statutes[statute]
    read = [name for name, one in [*values(found), *requirements(found)] if one.source == "retrieved"]
    assert read == (["dormancy"] if statute == "kr/network-act" else [])
