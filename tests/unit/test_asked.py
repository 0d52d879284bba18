"""Questions without a store: what is left out is the most open case, and what is told closes what it says."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from wordkept import law
from wordkept.decision import Decision
from wordkept.policy.editions import load
from wordkept.policy.model import Policy
from wordkept.rules import RULES
from wordkept.terms import Effect, MalformedPolicyError, Reason
from wordkept.trace.asked import answer
from wordkept.trace.questions import as_json

ROOT = Path(__file__).resolve().parents[2]
USE = {"do": "use", "items": ["email"], "by": "staff", "purpose": "bill-sending"}
ENTRUST = {"do": "entrust", "items": ["email"], "by": "system", "to": "ktis"}
PROVIDE = {"do": "provide", "items": ["applicant_name"], "by": "system", "to": "kmc"}


@cache
def policy() -> Policy:
    return load(ROOT / "policies" / "bizmeka-ez", RULES, law.load(ROOT / "law"))


def asked(question: dict[str, Any], /, **facts: Any) -> Decision:
    return answer(policy(), json.dumps({**question, "facts": facts} if facts else question))


PAIRS = [(name, item) for name, one in policy().editions[0].purposes.items() for item in one.items]


@pytest.mark.parametrize(("purpose", "item"), PAIRS)
def test_every_declared_pair_is_open_when_nothing_closes_it(purpose: str, item: str) -> None:
    matter = {"matter": "request:1"} if "verification" in purpose else {}
    assert asked({"do": "use", "items": [item], "by": "system", "purpose": purpose, **matter}).effect is Effect.ALLOW


@pytest.mark.parametrize(
    ("question", "facts", "reason"),
    [
        (USE, {"table": "refused"}, Reason.NO_CONSENT),
        (USE, {"table": "none"}, Reason.NO_CONSENT),
        (USE, {"records": {"email": "separated"}}, Reason.SEPARATED),
        (USE, {"records": {"email": "absent"}}, Reason.ABSENT),
        (USE, {"records": {"email": "destroyed"}}, Reason.ABSENT),
        (USE, {"records": {"email": {"purpose": "etax-invoice"}}}, Reason.UNDECLARED),
        (USE, {"records": {"email": {"use_until": "2016-08-30"}}}, Reason.SEPARATED),
        (USE, {"records": {"email": {"use_until": "2016-08-30", "keep_until": "2016-08-30"}}}, Reason.ABSENT),
        (USE, {"frozen": ["email"]}, Reason.FROZEN),
        (USE, {"member": "left"}, Reason.SEPARATED),
        (USE, {"staff": {"grant": "expired"}}, Reason.STAFF_UNFIT),
        (USE | {"purpose": "marketing"}, {"consents": []}, Reason.NO_CONSENT),
        (USE | {"purpose": "marketing"}, {"consents": {"marketing": "withdrawn"}}, Reason.NO_CONSENT),
        (USE | {"purpose": "etax-invoice"}, {"add_ons": []}, Reason.SERVICE_OFF),
        (ENTRUST, {"consents": ["marketing"]}, Reason.NO_CONSENT),
        (ENTRUST, {"agreements": {"ktis": False}}, Reason.NO_AGREEMENT),
        (PROVIDE, {"consents": {"provision:kmc": False}}, Reason.NO_CONSENT),
        ({**USE, "do": "view", "by": "member", "purpose": None}, {"identified": False}, Reason.UNIDENTIFIED),
        ({**USE, "do": "view", "by": "representative"}, {"documents": ["poa_doc"]}, Reason.NOT_AUTHORISED),
    ],
)
def test_a_fact_closes_what_it_says(question: dict[str, Any], facts: dict[str, Any], reason: Reason) -> None:
    assert asked(question).effect is Effect.ALLOW
    decision = asked(question, **facts)
    assert (decision.effect, decision.reason) == (Effect.DENY, reason)


def test_a_settlement_must_be_owed_and_claimed() -> None:
    question = {"do": "provide", "items": ["card_no"], "by": "system", "to": "daou-tech", "reason": "settlement"}
    assert asked(question, consents=[], owed=True).effect is Effect.ALLOW
    assert asked(question, consents=[]).effect is Effect.DENY


def test_a_dispute_opens_what_it_holds() -> None:
    question = USE | {"reason": "dispute"}
    assert asked(question, records={"email": "separated"}, disputes=[None]).effect is Effect.ALLOW
    assert asked(question, records={"email": "separated"}).effect is Effect.DENY


def test_collecting_asks_nothing_of_records_that_are_not_there() -> None:
    question = {"do": "collect", "items": ["card_no"], "by": "member", "purpose": "charging"}
    assert asked(question).effect is Effect.ALLOW
    assert asked(question, member="none").reason is Reason.NOT_A_MEMBER
    assert asked(question, member="left").reason is Reason.LEFT
    assert asked(question | {"method": "pigeon"}).reason is Reason.UNDECLARED_METHOD


def test_before_the_first_edition_there_is_no_policy() -> None:
    assert asked(USE | {"on": "2016-08-30"}).reason is Reason.NO_POLICY


def test_the_answer_prints_three_things() -> None:
    assert as_json(asked(USE)) == {"effect": "allow", "reason": "permitted", "because": ["2.3.B.05"]}


@pytest.mark.parametrize(
    "line",
    [
        "", "[]", "nonsense", "{}", '{"do": "use"}', json.dumps(USE | {"do": "sell"}), json.dumps(USE | {"items": []}),
        json.dumps(USE | {"colour": "red"}), json.dumps(USE | {"facts": {"mood": "good"}}),
        json.dumps(USE | {"on": "yesterday"}), json.dumps(USE | {"facts": {"consents": ["astrology"]}}),
        json.dumps(USE | {"facts": {"add_ons": ["astrology"]}}), "\ud800".encode("utf-8", "surrogatepass"),
    ],
)  # fmt: skip
def test_what_is_no_question_is_said_to_be_none(line: str | bytes) -> None:
    with pytest.raises(MalformedPolicyError):
        answer(policy(), line)


@cache
def shop() -> Policy:
    return load(ROOT / "policies" / "papierboot", RULES, law.load(ROOT / "law"))


@pytest.mark.parametrize(
    ("question", "opens", "closes"),
    [
        ({"do": "provide", "to": "collection-agency", "reason": "settlement"}, {"owed": True}, {"owed": False}),
        ({"do": "use", "purpose": "order", "reason": "dispute"}, {"disputes": [None]}, {"disputes": []}),
        ({"do": "provide", "to": "carrier", "matter": "order:1"}, {}, {"requests": "decided"}),
        ({"do": "collect", "purpose": "running-the-account"}, {}, {"member": "none"}),
    ],
)
def test_facts_are_about_what_the_rules_of_a_policy_name(
    question: dict[str, Any], opens: dict[str, Any], closes: dict[str, Any]
) -> None:
    apart = {"records": {"customer_name": "separated"}} if "reason" in question and "purpose" in question else {}
    for facts, effect in ((opens, Effect.ALLOW), (closes, Effect.DENY)):
        given = {**apart, **facts, "consents": []}
        line = json.dumps({**question, "by": "system", "items": ["customer_name"], "facts": given})
        assert answer(shop(), line).effect is effect
