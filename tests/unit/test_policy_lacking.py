"""What an edition lacks: each condition from both sides, on a small policy and a small act.

What is *not* here: the shipped law and the reference policy (``tests/conformance/test_reference_law.py``).
"""

from __future__ import annotations

from pathlib import Path

import pytest

from wordkept.law import Law, Operator, folder, load
from wordkept.law import holds as condition_holds
from wordkept.policy import compile_text
from wordkept.policy.lacking import Lack, giving_way, lacking
from wordkept.rules import RULES
from wordkept.terms import MalformedPolicyError

CLEAN = (Path(__file__).parents[1] / "vectors" / "policy" / "clean.md").read_text("utf-8")
ON_FILE = load(folder())
ACT = """
statute: kr/some-act
title: Some Act
from: 2000-01-01
last_checked_on: 2026-11-24
parameters:
  soon: [{{value: P3D, reference: art. 1, last_checked_on: 2026-11-24, source: memory}}]
  kept: [{{value: P2Y, reference: art. 1, last_checked_on: 2026-11-24, source: retrieved}}]
  kept.counts-from: [{{value: year.closed, reference: art. 1, last_checked_on: 2026-11-24, source: memory}}]
  desk: [{{value: "1301", reference: art. 1, last_checked_on: 2026-11-24, source: memory}}]
requires:
  something:
    - says: something is said
      reference: art. 2
      last_checked_on: 2026-11-24
      source: retrieved
      {}
      needs: {{a need: {}}}
"""
RECORDS = "\n[5.1] We keep this.\n\n```retention.by-law\nitems: [email]\npurposes: [reminder]\nfrom: {}\n{}\n```\n"
BY_ACT = "for: kr/some-act.kept"
YEAR = "\n[5.2] A year ends.\n\n```event\nname: year\nopens: year.begun\ncloses: year.closed\n```\n"
CONSENT = "\n[4.1] Your refusal is obeyed.\n\n```consent.refusal-is-obeyed\n```\n"
SOLD = (
    "\n[4.2] We tell you of offers.\n\n"
    "```purpose\nname: offers\ntitle: offers\nitems: [email]\npersonal: dpv:Marketing{}\n```\n"
)
CARD = (
    "\n[4.3] We look at your card.\n\n```item\nname: card\ntitle: Card\npersonal: pd:OfficialID\n```\n"
    "\n```purpose\nname: proof\ntitle: proof\nitems: [card]{}\n```\n"
)
PLACE = "\n[4.4] Turn to the prosecutors.\n\n```place\nname: prosecutors\ntitle: Prosecutors\ntelephone: {}\n```\n"


def asked(tmp_path: Path, need: str, more: str = "", when: str = "", operator: str = "") -> tuple[Lack, ...]:
    (tmp_path / "kr").mkdir()
    (tmp_path / "kr" / "some-act.yaml").write_text(ACT.format(when, need), "utf-8")
    act = load(tmp_path).statutes["kr/some-act"]
    law = Law({**ON_FILE.statutes, act.statute: act})
    text = CLEAN.replace("law: [kr/e-commerce-act]", f"law: [kr/e-commerce-act, kr/some-act]\n{operator}") + more
    return lacking(compile_text(text.encode(), "policy.md", RULES, law), law.laid("kr/some-act@2020-02-01"), law)


@pytest.mark.parametrize(
    ("need", "more"),
    [
        ("{declares: [officer, item]}", ""),
        ("{binds: [rights.people-may-view, destruction.without-delay]}", ""),
        ("{speaks: ['nothing ELSE']}", ""),
        ("{speaks: ['reach you']}", ""),
        ("{beside: [purpose], speaks: ['how to reach']}", ""),
        ("{beside: [officer], speaks: [unheard-of]}", ""),
        ("{beside: [officer], declares: [recipient]}", ""),
        ("{keeps: kept}", YEAR + RECORDS.format("year.ended", BY_ACT)),
        ("{within: soon, of: [rights.people-may-view]}", ""),
        ("{reachable: desk}", PLACE.format("'13-01'")),
        ("{consented: [Marketing]}", CONSENT + SOLD.format("\nconsent: yes")),
        ("{grounded: [OfficialID]}", CARD.format("\nconsent: yes")),
        ("{grounded: [OfficialID]}", CARD.format("\nby-law: yes")),
        (
            "{grounded: [OfficialID]}",
            CARD.format("") + "\n[4.9] By law.\n\n```collection.only-by-statute\nitems: [card]\n```\n",
        ),
        ("{as-law-counts: true}", YEAR + RECORDS.format("year.ended", BY_ACT)),
        ("{as-law-counts: true}", YEAR + RECORDS.format("year.ended", BY_ACT + "\nlasts: P3Y")),
        ("{as-law-counts: true}", ""),
    ],
)
def test_what_is_there_is_not_lacking(need: str, more: str, tmp_path: Path) -> None:
    assert asked(tmp_path, need, more) == ()


@pytest.mark.parametrize(
    ("need", "more", "clause", "said", "source"),
    [
        ("{declares: [officer]}", "", None, "a need", "retrieved"),
        ("{binds: [rights.people-may-view]}", "", None, "a need", "retrieved"),
        ("{speaks: [abroad, '\\boverseas\\b']}", "", None, "a need", "retrieved"),
        ("{beside: [purpose], speaks: ['no longer needed']}", "", "2.2", "a need", "retrieved"),
        ("{beside: [destruction.without-delay], binds: [destruction.unrecoverable]}", "", "3.2", "a need", "retrieved"),
        ("{keeps: kept}", "", None, "a need", "retrieved"),
        (
            "{within: soon, of: [destruction.without-delay]}",
            "",
            "3.2",
            "a need: “without delay” is P5D here, and at most P3D by law",
            "memory",
        ),
        ("{reachable: desk}", PLACE.format("'02-3480-3571'"), None, "a need (1301)", "memory"),
        ("{consented: [Marketing]}", SOLD.format(""), "4.2", "a need for offers", "retrieved"),
        ("{grounded: [OfficialID]}", CARD.format(""), "4.3", "a need for card, collected for proof", "retrieved"),
        (
            "{as-law-counts: true}",
            RECORDS.format("loan.ended", BY_ACT),
            "5.1",
            "a need: it starts at loan.ended, the law's at year.closed, which may be later (kr/some-act art. 1)",
            "memory",
        ),
        (
            "{as-law-counts: true}",
            RECORDS.format("collected", BY_ACT),
            "5.1",
            "a need: it starts at collected, the law's at year.closed, which may be later (kr/some-act art. 1)",
            "memory",
        ),
        (
            "{as-law-counts: true}",
            YEAR + RECORDS.format("year.ended", BY_ACT + "\nlasts: P1Y"),
            "5.1",
            "a need: P1Y is shorter than P2Y (kr/some-act art. 1)",
            "retrieved",
        ),
    ],
)
def test_what_is_missing_is_told_with_its_clause(
    need: str, more: str, clause: str | None, said: str, source: str, tmp_path: Path
) -> None:
    (found,) = asked(tmp_path, need, more)
    assert (found.clause, found.lacks, found.source) == (clause, (said,), source)
    assert (found.statute, found.requirement, found.reference) == ("kr/some-act", "something", "art. 2")


def test_a_vague_word_of_the_sentence_counts_as_its_time(tmp_path: Path) -> None:
    seen = "\n[4.5] You may see it without delay.\n\n```rights.people-may-view\n```\n"
    (found,) = asked(tmp_path, "{within: soon, of: [rights.people-may-view]}", seen)
    assert found.clause == "4.5"


def test_a_parameter_that_the_law_no_longer_has_is_told(tmp_path: Path) -> None:
    (tmp_path / "kr").mkdir()
    (tmp_path / "kr" / "some-act.yaml").write_text(ACT.format("", "{as-law-counts: true}"), "utf-8")
    kept = "kept: [{value: P2Y,"
    text = (tmp_path / "kr" / "some-act.yaml").read_text("utf-8")
    (tmp_path / "kr" / "some-act.yaml").write_text(text.replace(kept, f"{kept} to: 2021-12-31,"), "utf-8")
    law = load(tmp_path)
    policy = CLEAN.replace("kr/e-commerce-act", "kr/some-act") + RECORDS.format("collected", BY_ACT)
    edition = compile_text(policy.encode(), "policy.md", RULES, law)
    (found,) = lacking(edition, law.laid("kr/some-act@2022-01-01"), law)
    assert found.lacks == ("a need: kr/some-act.kept has no value on 2022-01-01",)


def test_what_one_clause_lacks_is_told_in_one_line(tmp_path: Path) -> None:
    (found,) = asked(tmp_path, "{declares: [officer]}, another: {declares: [recipient]}")
    assert found.lacks == ("a need", "another")


@pytest.mark.parametrize(
    ("operator", "expected"),
    [
        ("", "telecom or subjects >= 1,000 and online"),
        ("operator: {telecom: yes}", ""),
        ("operator: {subjects: 1000, online: yes}", ""),
        ("operator: {telecom: no, subjects: 5000}", "online"),
        ("operator: {telecom: no}", "subjects >= 1,000 and online"),
        ("operator: {telecom: no, subjects: 999}", None),
        ("operator: {telecom: no, online: no}", None),
    ],
)
def test_it_hangs_on_the_facts_of_the_operator(operator: str, expected: str | None, tmp_path: Path) -> None:
    when = "applies_if: [{telecom: true}, {subjects: 1000, online: true}]"
    found = asked(tmp_path, "{declares: [officer]}", when=when, operator=operator)
    assert [one.condition for one in found] == ([] if expected is None else [expected])


def test_a_condition_may_want_that_something_is_not_so() -> None:
    abroad = (Operator(country="de", telecom=False),)
    assert condition_holds(abroad, Operator(country="de")).hangs_on == "not telecom"
    assert condition_holds(abroad, Operator(telecom=False)).hangs_on == "country de"
    assert condition_holds(abroad, Operator(country="kr")).holds is False
    assert condition_holds(abroad, Operator(country="de", telecom=False)).holds is True


@pytest.mark.parametrize(
    ("day", "operator", "expected"),
    [
        ("2016-08-31", "operator: {online: yes}", None),
        ("2016-08-31", "operator: {online: no}", ""),
        ("2016-08-31", "", "not (online)"),
        ("2020-08-05", "operator: {online: yes}", ""),
    ],
)
def test_a_statute_gives_way_as_long_as_another_goes_before_it(day: str, operator: str, expected: str | None) -> None:
    text = CLEAN.replace("law: [kr/e-commerce-act]", f"law: [kr/e-commerce-act]\n{operator}")
    edition, laid = compile_text(text.encode(), "policy.md", RULES, ON_FILE), ON_FILE.laid(f"kr/pipa@{day}")
    found = {one.requirement: one for one in lacking(edition, laid, ON_FILE)}
    assert bool(giving_way(edition, laid)) is (expected is None)
    assert (found["section.officer"].condition if found else None) == expected
    if expected:
        assert found["section.officer"].source == "memory", "that the other act goes first is from memory"


def test_a_requirement_is_asked_on_its_own_days_only(tmp_path: Path) -> None:
    assert asked(tmp_path, "{declares: [officer]}", when="from: 2020-02-02") == ()


@pytest.mark.parametrize(
    ("operator", "said", "hint"),
    [
        ("operator: {telecoms: yes}", "unknown key", "did you mean telecom?"),
        ("operator: {telecom: perhaps}", "yes or no", "write yes or no"),
        ("operator: {subjects: many}", "a whole number", ""),
        ("operator: {subjects: -1}", "0", ""),
    ],
)
def test_a_fact_that_is_not_in_the_vocabulary_is_an_error_of_the_policy(operator: str, said: str, hint: str) -> None:
    text = CLEAN.replace("law: [kr/e-commerce-act]", f"law: [kr/e-commerce-act]\n{operator}")
    with pytest.raises(MalformedPolicyError, match=said) as caught:
        compile_text(text.encode(), "policy.md", RULES, ON_FILE)
    assert (caught.value.line, caught.value.hint) == (7, hint)
