"""Playing stories: what a story need not say, what it is held to, and how a difference is told."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import pytest

from wordkept import law
from wordkept.policy.editions import load
from wordkept.policy.model import Policy
from wordkept.rules import RULES
from wordkept.terms import MalformedPolicyError
from wordkept.trace.kernel import on_kernel
from wordkept.trace.play import Outcome
from wordkept.trace.stories import find, read

ROOT = Path(__file__).resolve().parents[2]
STORIES = find([ROOT / "policies" / "bizmeka-ez"])
MEMBER = "  - {on: 2017-01-02, event: service.subscribed}\n"
COLLECTS = "  - on: 2017-01-02\n    collect: {purpose: identification, method: website, items: {email: a@example.kr}}\n"


@cache
def policy() -> Policy:
    return load(ROOT / "policies" / "bizmeka-ez", RULES, law.load(ROOT / "law"))


def told(folder: Path, *steps: str) -> Outcome:
    file = folder / "one.story.yaml"
    file.write_text("story: One\npolicy: policies/bizmeka-ez\nsteps:\n" + "".join(steps), "utf-8")
    return on_kernel(read(file), policy())


@pytest.mark.parametrize("file", STORIES, ids=lambda file: file.name.removesuffix(".story.yaml"))
def test_every_story_of_the_reference_policy_comes_out_as_told(file: Path) -> None:
    outcome = on_kernel(read(file), policy())
    assert outcome.passed, [f"{one.file}:{one.line}:{one.column}: {one.message}" for one in outcome.differences]
    assert outcome.clauses <= {*policy().editions[0].clauses, "3.A", "3.B"}


def test_what_decided_is_remembered(tmp_path: Path) -> None:
    outcome = told(tmp_path, MEMBER, COLLECTS)
    assert outcome.passed
    assert "2.3.A" in outcome.clauses


@pytest.mark.parametrize(
    ("expect", "said"),
    [
        ("effect: allow", "expected allow, got deny (no-consent)"),
        ("effect: deny, because: [5.1.A]", "expected because of 5.1.A, got deny"),
        ("state: {email: separated}", "expected email separated, got live"),
        ("frozen: [email]", "expected frozen email, got none"),
        ("final: [email]", "expected email final, and it is not"),
    ],
)
def test_a_difference_names_its_line_and_does_not_end_the_story(tmp_path: Path, expect: str, said: str) -> None:
    acts = "  - on: 2017-01-03\n    act: {do: use, purpose: marketing, items: [email], by: staff}\n"
    acts += f"    expect: {{{expect}}}\n"
    outcome = told(tmp_path, MEMBER, COLLECTS, acts, acts.replace("2017-01-03", "2017-01-04"))
    assert [one.line for one in outcome.differences] == [9, 12]
    assert all(said in one.message for one in outcome.differences)


def test_a_collection_that_is_denied_unexpectedly_is_a_difference(tmp_path: Path) -> None:
    (one,) = told(tmp_path, COLLECTS.replace("identification", "charging").replace("email:", "card_no:")).differences
    assert "the collection was denied" in one.message
    denied = (
        COLLECTS.replace("identification", "charging").replace("email:", "card_no:") + "    expect: {effect: deny}\n"
    )
    assert told(tmp_path, denied).passed


@pytest.mark.parametrize(
    ("step", "said"),
    [
        ("event: service.sold", "event 'service.sold' is not in the policy"),
        ("event: service.terminated", "no such service is open"),
        ("consent: {to: astrology, choice: given}", "consent to 'astrology' is not in the policy"),
        ("collect: {purpose: astrology, method: form, items: {email: a}}", "purpose 'astrology' is not in the policy"),
        ("act: {do: view, items: [horoscope], by: member}", "item 'horoscope' is not in the policy"),
        ("expect: {effect: allow}", "nothing was asked in this step"),
        ("expect: {state: {horoscope: live}}", "item 'horoscope' is not in the policy"),
        ("event: agreement.ended, matter: astrologer", "recipient or processor 'astrologer' is not in the policy"),
    ],
)
def test_what_cannot_be_ends_the_story_at_its_place(tmp_path: Path, step: str, said: str) -> None:
    (one,) = told(tmp_path, f"  - {{on: 2017-01-02, {step}}}\n", MEMBER).differences
    assert (one.line, one.column > 1) == (4, True)
    assert said in one.message


def test_agreements_and_the_table_need_not_be_told(tmp_path: Path) -> None:
    consent = "  - {on: 2017-01-02, consent: {to: entrustment, choice: given}}\n"
    entrusts = (
        "  - {on: 2017-01-02, act: {do: entrust, to: ktis, items: [email], by: system}, expect: {effect: allow}}\n"
    )
    assert told(tmp_path, MEMBER, COLLECTS, consent, entrusts).passed
    ended = "  - {on: 2017-01-02, event: agreement.ended, matter: ktis}\n"
    assert not told(tmp_path, MEMBER, COLLECTS, consent, ended, entrusts).passed
    refused = "  - {on: 2017-01-02, consent: {to: table, choice: refused}}\n"
    assert not told(tmp_path, MEMBER, refused, COLLECTS).passed


def test_the_run_of_a_day_comes_before_anything_else_on_it(tmp_path: Path) -> None:
    ends = "  - {on: 2017-01-02, event: service.terminated, expect: {state: {email: live}}}\n"
    next_day = "  - {on: 2017-01-03, expect: {state: {email: separated}}}\n"
    assert told(tmp_path, MEMBER, COLLECTS, ends, next_day).passed


def test_what_is_destroyed_is_final_after_the_next_run_and_not_before(tmp_path: Path) -> None:
    erased = "  - {on: 2017-01-03, act: {do: destroy, items: [email], by: member}, expect: {effect: allow%s}}\n"
    after = "  - {on: 2017-01-04, expect: {final: [email]}}\n"
    assert told(tmp_path, MEMBER, COLLECTS, erased % "", after).passed
    assert not told(tmp_path, MEMBER, COLLECTS, erased % ", final: [email]", after).passed


AMENDED = "amended: {on: 2018-01-02, purposes: {marketing: [email, birthdate]}}\n"


def test_an_amended_edition_lists_other_items_from_its_day(tmp_path: Path) -> None:
    file = tmp_path / "one.story.yaml"
    use = "act: {do: use, purpose: marketing, items: [birthdate], by: staff}"
    steps = [
        MEMBER,
        COLLECTS.replace("email: a@example.kr", "birthdate: 1980-01-01"),
        f"  - {{on: 2018-01-01, {use}, expect: {{effect: deny, because: [2.1.b]}}}}\n",
        "  - {on: 2018-01-02, consent: {to: marketing, choice: given}}\n",
        f"  - {{on: 2018-01-02, {use}, expect: {{effect: allow}}}}\n",
    ]
    file.write_text(f"story: One\npolicy: policies/bizmeka-ez\n{AMENDED}steps:\n{''.join(steps)}", "utf-8")
    outcome = on_kernel(read(file), policy())
    assert outcome.passed, outcome.differences


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("2018-01-02", "2016-08-31", "an amendment comes after the edition of 2016-08-31"),
        ("marketing", "astrology", "no 'astrology' is among the purposes of the policy"),
        ("birthdate", "horoscope", "item 'horoscope' is not in the policy"),
    ],
)
def test_an_amendment_of_what_is_not_there_is_an_error_with_its_place(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    file = tmp_path / "one.story.yaml"
    amended = AMENDED.replace(old, new)
    file.write_text(f"story: One\npolicy: policies/bizmeka-ez\n{amended}steps:\n{MEMBER}", "utf-8")
    with pytest.raises(MalformedPolicyError, match=said) as raised:
        on_kernel(read(file), policy())
    assert raised.value.line == 3


def test_what_cannot_have_happened_can_be_expected(tmp_path: Path) -> None:
    ended = "  - {on: 2017-01-02, event: service.terminated, expect: {impossible: yes}}\n"
    assert told(tmp_path, ended, MEMBER).passed
    (one,) = told(tmp_path, MEMBER, ended).differences
    assert (one.line, one.about) == (5, "impossible")
    assert one.message == "expected service.terminated to be impossible, and it happened"
    (other,) = told(tmp_path, "  - {on: 2017-01-02, expect: {impossible: yes}}\n").differences
    assert "in a step without one" in other.message


def otherwise(name: str, **changes: Any) -> Policy:
    """The reference policy, in which some span is declared otherwise."""
    (edition,) = policy().editions
    kind = msgspec.structs.replace(edition.spans[name], **changes)
    other = msgspec.structs.replace(edition, spans={**edition.spans, name: kind})
    return msgspec.structs.replace(policy(), editions=(other,))


def test_who_is_recipient_and_processor_at_once_signs_once(tmp_path: Path) -> None:
    assert {*policy().editions[0].recipients} & {*policy().editions[0].processors}
    file = tmp_path / "one.story.yaml"
    file.write_text(f"story: One\npolicy: policies/bizmeka-ez\nsteps:\n{MEMBER}", "utf-8")
    assert on_kernel(read(file), otherwise("agreement", again=False)).passed


def test_premises_that_cannot_happen_are_one_error_of_the_story(tmp_path: Path) -> None:
    file = tmp_path / "one.story.yaml"
    file.write_text(f"story: One\npolicy: policies/bizmeka-ez\nsteps:\n{MEMBER}", "utf-8")
    (one,) = on_kernel(read(file), otherwise("agreement-law", within="service")).differences
    assert one.message == "agreement.law-ticked: service is not open"


DOCUMENT = (
    "  - on: 2017-01-03\n    matter: request:r-1\n"
    "    collect: {purpose: id-verification, method: scan, items: {id_card_copy: made-up}}\n"
)


def test_a_second_document_belongs_to_the_request_that_the_first_one_opened(tmp_path: Path) -> None:
    file = tmp_path / "one.story.yaml"
    file.write_text(f"story: One\npolicy: policies/bizmeka-ez\nsteps:\n{MEMBER}{DOCUMENT}{DOCUMENT}", "utf-8")
    assert on_kernel(read(file), otherwise("request", again=False)).passed


def test_a_document_whose_request_cannot_open_is_denied(tmp_path: Path) -> None:
    file = tmp_path / "one.story.yaml"
    file.write_text(f"story: One\npolicy: policies/bizmeka-ez\nsteps:\n{MEMBER}{DOCUMENT}", "utf-8")
    (one,) = on_kernel(read(file), otherwise("request", outside="service")).differences
    assert (one.line, one.message) == (7, "the collection was denied (deny (impossible) because of no clause)")
