"""The reference policy against the law of its own day and against that of today: two lists, line by line.

Each line is found from the law on file and the policy's clauses and declarations; here it is only compared.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from wordkept import law
from wordkept.policy import load
from wordkept.policy.lacking import Lack, giving_way, lacking
from wordkept.rules import RULES

ROOT = Path(__file__).resolve().parents[2]
LAW = law.load(ROOT / "law")
(EDITION,) = load(ROOT / "policies" / "bizmeka-ez", RULES, LAW).editions
MANY = "sensitive-subjects >= 50,000 or subjects >= 1,000,000"

Line = tuple[str, str | None, str, str]
OF_2016: list[Line] = [
    ("kr/electronic-finance-act.transactions", None, "e-finance", "retrieved"),
    ("kr/network-act.registration-number", "10.3", "", "memory"),
    ("kr/network-act.registration-number", "10.4.a", "", "memory"),
    ("kr/network-act.entrustment.supervised", "8.0.b", "", "memory"),
    ("kr/network-act.transfer", None, "", "memory"),
    ("kr/network-act.breach", None, "", "memory"),
    ("kr/network-act.measures", None, "", "memory"),
    ("kr/network-act.kept-as-law-counts", "5.2.B", "", "memory"),
    ("kr/network-act.dormancy", None, "", "memory"),
    ("kr/network-act.usage-notice", None, "subjects >= 1,000,000", "memory"),
    ("kr/network-act.children", None, "children", "memory"),
    ("kr/network-act.advertising.quiet-hours", None, "", "memory"),
    ("kr/network-act.advertising.label", None, "", "memory"),
    ("kr/network-act.advertising.confirmed", None, "", "memory"),
]
OF_TODAY: list[Line] = [
    ("kr/pipa.section.sensitive", None, "sensitive", "memory"),
    ("kr/pipa.section.pseudonymised", None, "pseudonymised", "memory"),
    ("kr/pipa.section.remedies", None, "", "memory"),
    ("kr/pipa.section.overseas", None, "overseas", "memory"),
    ("kr/pipa.section.behavioural", None, "", "memory"),
    ("kr/pipa.section.additional-use", None, "additional-use", "memory"),
    ("kr/pipa.section.automated", None, "automated", "memory"),
    ("kr/pipa.section.children", None, "children", "retrieved"),
    ("kr/pipa.change-display", None, "", "memory"),
    ("kr/pipa.consent.collect", "4.1.a", "", "retrieved"),
    ("kr/pipa.consent.provide", "4.2.b", "", "retrieved"),
    ("kr/pipa.unique-ids", "10.3", "", "retrieved"),
    ("kr/pipa.unique-ids", "10.4.a", "", "retrieved"),
    ("kr/pipa.processor.contract", "8.0.b", "", "retrieved"),
    ("kr/pipa.objection", "10.1.a", "", "retrieved"),
    ("kr/pipa.source", None, "", "retrieved"),
    ("kr/pipa.usage-notice", None, MANY, "memory"),
    ("kr/pipa.kept-as-law-counts", "5.2.B", "", "memory"),
    ("kr/pipa.transfer", None, "", "retrieved"),
    ("kr/pipa.breach", None, "", "retrieved"),
]


def lacks(asked: str) -> tuple[Lack, ...]:
    return lacking(EDITION, LAW.laid(asked), LAW)


def line(one: Lack) -> Line:
    return f"{one.statute}.{one.requirement}", one.clause, one.condition, one.source


@pytest.mark.parametrize(("asked", "expected"), [("kr@2016-08-31", OF_2016), ("kr/pipa@2026-09-11", OF_TODAY)])
def test_it_lacks_exactly_this(asked: str, expected: list[Line]) -> None:
    assert [line(one) for one in lacks(asked)] == expected


def test_its_own_law_went_before_the_general_one() -> None:
    laid = LAW.laid("kr@2016-08-31")
    assert [one.statute for one in giving_way(EDITION, laid)] == ["kr/pipa", "kr/safety-measures"]
    assert lacks("kr/pipa@2016-08-31") == ()


@pytest.mark.parametrize("asked", ["kr@2016-08-31", "kr/pipa@2026-09-11"])
def test_tax_records_are_counted_from_before_the_law_does(asked: str) -> None:
    (found,) = [one for one in lacks(asked) if one.clause == "5.2.B"]
    (said,) = found.lacks
    assert "starts at service.ended, the law's at tax.filing-due" in said
    assert "kr/national-tax-act art. 85-3 (2)" in said


def test_its_contract_with_processors_has_three_holes() -> None:
    (found,) = [one for one in lacks("kr/pipa@2026-09-11") if one.requirement == "processor.contract"]
    assert found.lacks == (
        "the purpose and scope of the work",
        "a limit on handing the work on",
        "supervision and inspection",
    )


def test_the_desks_that_it_names_have_other_numbers_today() -> None:
    (found,) = [one for one in lacks("kr/pipa@2026-09-11") if one.requirement == "section.remedies"]
    assert [one.partition(" (")[0] for one in found.lacks] == [
        "the mediation committee",
        "the prosecutors",
        "the police",
    ]
