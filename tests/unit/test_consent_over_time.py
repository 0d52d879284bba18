"""Consents over services and editions, told on the kernel: each has its own text and ends with its own service."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from wordkept import law
from wordkept.policy import compile_text, load
from wordkept.policy.model import Policy
from wordkept.record import Actor, ImpossibleEventError, Request
from wordkept.rules import RULES
from wordkept.terms import Act, Choice, Effect, Role
from wordkept.trace.kernel import Kernel

ROOT = Path(__file__).resolve().parents[2]
LAW = law.load(ROOT / "law")
REFERENCE = ROOT / "policies" / "bizmeka-ez"
TEXT = (REFERENCE / "2016-08-31" / "policy.md").read_text("utf-8")
START = date(2019, 1, 2)
LATER = date(2019, 6, 1)


def two_editions(old: str, new: str) -> Policy:
    """The reference policy, and an edition of 1 June 2019 in which something else stands."""
    assert TEXT.count(old) == 1
    text = TEXT.replace(old, new).replace("effective: 2016-08-31", f"effective: {LATER}")
    later = compile_text(text.encode(), "later", RULES, LAW)
    return Policy(path="", editions=(*load(REFERENCE, RULES, LAW).editions, later))


def member(policy: Policy) -> Kernel:
    kernel = Kernel(policy)
    for party in (*policy.editions[0].recipients, *policy.editions[0].processors):
        kernel.event(None, START, "agreement.signed", party)
    kernel.consent("kim", START, "table", Choice.GIVEN)
    kernel.event("kim", START, "service.subscribed")
    for item, value in (("email", "kim@example.kr"), ("birthdate", "1980-01-01")):
        asked(kernel, START, Act.COLLECT, item, purpose="identification", method="website", value=value)
    return kernel


def asked(kernel: Kernel, on: date, act: Act, item: str, value: str = "", **more: str) -> Effect:
    role = Role.MEMBER if act is Act.COLLECT else Role.STAFF
    ask = Request(act=act, items=(item,), by=Actor(role), on=on, **more)
    return kernel.ask("kim", ask, {item: value}).effect


def test_a_recipient_of_more_needs_a_new_consent() -> None:
    old = "items: [applicant_name, mobile_phone, birthdate, gender, domestic_foreign]"
    kernel = member(two_editions(old, old.replace("gender,", "gender, email,")))
    kernel.consent("kim", START, "provision:kmc", Choice.GIVEN)
    assert asked(kernel, LATER, Act.PROVIDE, "birthdate", to="kmc") is Effect.ALLOW
    assert asked(kernel, LATER, Act.PROVIDE, "email", to="kmc") is Effect.DENY
    kernel.consent("kim", LATER, "provision:kmc", Choice.GIVEN)
    assert asked(kernel, LATER, Act.PROVIDE, "email", to="kmc") is Effect.ALLOW


def test_who_comes_back_agrees_again() -> None:
    kernel = member(load(REFERENCE, RULES, LAW))
    kernel.event("kim", LATER, "service.terminated")
    kernel.event("kim", LATER, "service.subscribed")
    collect = {"purpose": "identification", "method": "website", "value": "kim@example.kr"}
    assert asked(kernel, LATER, Act.COLLECT, "email", **collect) is Effect.DENY
    kernel.consent("kim", LATER, "table", Choice.GIVEN)
    assert asked(kernel, LATER, Act.COLLECT, "email", **collect) is Effect.ALLOW


def test_a_request_under_law_opens_for_use_only_what_nothing_else_opens() -> None:
    kernel = member(load(REFERENCE, RULES, LAW))
    assert asked(kernel, START, Act.USE, "email", legal_request="2019-1") is Effect.DENY
    assert asked(kernel, START, Act.FREEZE, "email") is Effect.ALLOW
    assert asked(kernel, START, Act.USE, "email", legal_request="2019-1") is Effect.ALLOW
    kernel.event("kim", START, "authority.granted", "2019-1:birthdate")
    assert asked(kernel, START, Act.PROVIDE, "birthdate", legal_request="2019-1", to="authority") is Effect.ALLOW


def test_days_never_go_back() -> None:
    kernel = member(load(REFERENCE, RULES, LAW))
    kernel.event("kim", LATER, "service.terminated")
    with pytest.raises(ImpossibleEventError, match="before that of the event before it"):
        kernel.event("kim", START, "service.subscribed")
