"""The kernel world: people apart from each other, the operator beside them, and states as they are stored."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

import msgspec

from wordkept import law
from wordkept.person import agreed, without_agreement
from wordkept.policy.editions import load
from wordkept.policy.model import Policy
from wordkept.record import Actor, History, Request
from wordkept.rules import RULES
from wordkept.terms import Act, Choice, Effect, Role, State
from wordkept.trace.kernel import Kernel

ROOT = Path(__file__).resolve().parents[2]
DAY, NEXT = date(2017, 1, 2), date(2017, 1, 3)
MATTERS = ("m:1", "m:2")


@cache
def policy() -> Policy:
    return load(ROOT / "policies" / "bizmeka-ez", RULES, law.load(ROOT / "law"))


def world(*people: str) -> Kernel:
    kernel = Kernel(policy())
    for who in people:
        kernel.consent(who, DAY, "table", Choice.GIVEN)
        kernel.event(who, DAY, "service.subscribed")
    return kernel


def ask(kernel: Kernel, who: str, act: Act, item: str, by: Role = Role.SYSTEM, day: date = DAY, **more: str) -> Effect:
    method = "website" if act is Act.COLLECT else None
    request = Request(act=act, items=(item,), by=Actor(by), on=day, method=method, **more)
    return kernel.ask(who, request, {}).effect


def test_nobody_has_what_another_gave() -> None:
    kernel = world("a", "b")
    assert ask(kernel, "a", Act.COLLECT, "email", purpose="identification") is Effect.ALLOW
    assert (kernel.state("a", "email", None), kernel.state("b", "email", None)) == (State.LIVE, State.ABSENT)
    assert ask(kernel, "b", Act.USE, "email", purpose="bill-sending") is Effect.DENY


def test_the_end_of_one_persons_service_ends_nobody_elses() -> None:
    kernel = world("a", "b")
    for who in ("a", "b"):
        ask(kernel, who, Act.COLLECT, "email", purpose="identification")
    kernel.event("a", DAY, "service.terminated")
    kernel.run(NEXT)
    assert (kernel.state("a", "email", None), kernel.state("b", "email", None)) == (State.SEPARATED, State.LIVE)


def test_a_state_is_that_of_the_most_alive_record_in_the_matter() -> None:
    kernel = world("a")
    for matter in MATTERS:
        ask(kernel, "a", Act.COLLECT, "payment_record", purpose="statutory-record", matter=matter)
    kernel.event("a", DAY, "service.terminated")
    kernel.run(NEXT)
    assert kernel.state("a", "payment_record", "m:1") is State.SEPARATED
    assert kernel.state("a", "payment_record", "m:3") is State.ABSENT
    kernel.event("a", NEXT, "service.subscribed")
    kernel.consent("a", NEXT, "table", Choice.GIVEN)
    ask(kernel, "a", Act.COLLECT, "payment_record", day=NEXT, purpose="service-record", matter="m:2")
    assert kernel.state("a", "payment_record", None) is State.LIVE
    assert kernel.state("a", "payment_record", "m:1") is State.SEPARATED


def test_collecting_again_replaces_and_a_record_of_use_adds() -> None:
    kernel = world("a")
    for _ in MATTERS:
        ask(kernel, "a", Act.COLLECT, "email", purpose="identification")
        ask(kernel, "a", Act.COLLECT, "cookie", purpose="service-record")
    states = [(one.item, one.state) for one in kernel.people["a"].records]
    assert states.count(("email", State.LIVE)) == states.count(("email", State.DESTROYED)) == 1
    assert states.count(("cookie", State.LIVE)) == 2


def test_frozen_lists_live_items_only() -> None:
    kernel = world("a")
    ask(kernel, "a", Act.COLLECT, "email", purpose="identification")
    assert ask(kernel, "a", Act.FREEZE, "email", Role.MEMBER) is Effect.ALLOW
    assert kernel.frozen("a") == {"email"}
    kernel.event("a", DAY, "service.terminated")
    kernel.run(NEXT)
    assert kernel.frozen("a") == frozenset()


def test_a_first_document_opens_its_request_and_the_next_does_not() -> None:
    kernel = world("a")
    for item in ("poa_doc", "id_card_copy"):
        ask(kernel, "a", Act.COLLECT, item, purpose="representative-verification", matter="request:1")
    spans = kernel.history("a").spans["request"]
    assert [(span.matter, span.closed) for span in spans] == [("request:1", None)]


def test_an_agreement_is_the_operators_and_holds_for_everyone() -> None:
    kernel = world("a")
    kernel.consent("a", DAY, "entrustment", Choice.GIVEN)
    ask(kernel, "a", Act.COLLECT, "email", purpose="identification")
    assert ask(kernel, "a", Act.ENTRUST, "email", to="ktis") is Effect.DENY
    for kind in agreed(policy().editions[0]):
        kernel.event(None, DAY, kind.opens, "ktis")
    assert ask(kernel, "a", Act.ENTRUST, "email", to="ktis") is Effect.ALLOW
    kernel.event(None, DAY, "agreement.ended", "ktis")
    assert ask(kernel, "a", Act.ENTRUST, "email", to="ktis") is Effect.DENY


def test_a_policy_that_knows_no_agreements_asks_for_none() -> None:
    edition = policy().editions[0]
    spans = {name: one for name, one in edition.spans.items() if not one.operator}
    assert without_agreement(edition, History()) == {*edition.recipients, *edition.processors}
    assert without_agreement(msgspec.structs.replace(edition, spans=spans), History()) == frozenset()
