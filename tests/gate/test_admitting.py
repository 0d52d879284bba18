"""What a caller may not bring, and what looking leaves behind."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from tests.gate.conftest import START, Someone, at, new_id, told

from wordkept.gate import Asked, Gate, Happening
from wordkept.record import Actor, ImpossibleEventError, Request
from wordkept.terms import Act, Choice, Level, Role, ValueRejectedError
from wordkept.texts import shown_on

NOW = at(START)


@pytest.fixture(scope="module")
def someone(gate: Gate) -> Someone:
    person = Someone(gate)
    person.collects("identification", "email", "applicant_name")
    return person


@pytest.mark.parametrize(
    ("whose", "kind", "matter", "to", "choice"),
    [
        ("person", "consent", None, "marketting", Choice.WITHDRAWN),
        ("person", "consent", None, "table", Choice.ENDED),
        ("person", "agreement.signed", "kmc", None, None),
        ("operator", "consent", None, "table", Choice.GIVEN),
        ("operator", "service.subscribed", None, None, None),
        ("operator", "agreement.signed", "nobody", None, None),
        ("operator", "agreement.signed", None, None, None),
    ],
)
def test_what_no_caller_can_bring_is_impossible(
    gate: Gate, someone: Someone, whose: str, kind: str, matter: str | None, to: str | None, choice: Choice | None
) -> None:
    before = gate.history(someone.subject), gate.history("0" * 32)
    subject = someone.subject if whose == "person" else None
    (done,) = gate.happen([Happening(subject, kind, matter, to, choice)], NOW)
    assert isinstance(done, ImpossibleEventError)
    assert (gate.history(someone.subject), gate.history("0" * 32)) == before


def test_nobody_has_the_pseudonym_of_the_operator(gate: Gate) -> None:
    with pytest.raises(ValueRejectedError, match="subject"):
        gate.happen([Happening("0" * 32, "service.subscribed")], NOW)


def test_who_brought_an_event_is_stated(gate: Gate) -> None:
    person = Someone(gate)
    by = Actor(Role.STAFF, name="desk-7")
    shown = shown_on(gate.policy, gate.day(NOW), "marketing")
    gate.happen([Happening(person.subject, "consent", None, "marketing", Choice.GIVEN, by=by, shown=shown)], NOW)
    said = told(gate, subject=person.subject)[-1][1]
    assert (said.role, said.actor) == (Role.STAFF, "desk-7")


def test_a_request_id_is_not_used_for_something_else(gate: Gate) -> None:
    person, request, other = Someone(gate), new_id(), new_id()
    person.collects("identification", "email", "applicant_name")
    person.does(Act.FREEZE, "email", request_id=request)
    assert person.does(Act.FREEZE, "email", request_id=request).repeated
    with pytest.raises(ValueRejectedError, match="used before for something else"):
        person.does(Act.CORRECT, "applicant_name", values={"applicant_name": "Lee Jiho"}, request_id=request)
    assert person.sees("applicant_name") == {"applicant_name": (b"Kim Minji",)}
    number = person.happens("charge.raised", "m-1", other)
    assert person.happens("charge.raised", "m-1", other) == number
    with pytest.raises(ValueRejectedError, match="used before for something else"):
        person.happens("charge.raised", "m-2", other)


def test_a_value_of_what_is_not_asked_is_rejected(someone: Someone) -> None:
    with pytest.raises(ValueRejectedError, match="values"):
        someone.does(Act.CORRECT, "email", values={"emial": "new@example.kr"})
    with pytest.raises(ValueRejectedError, match="values"):
        someone.gate.perform(someone.gives("identification", "email", values={"gender": "w"}), NOW)


@pytest.mark.parametrize(
    "look",
    [
        lambda gate, bad: gate.records(bad),
        lambda gate, bad: gate.history(bad),
        lambda gate, bad: gate.events(bad),
        lambda gate, bad: gate.explain(bad, NOW),
        lambda gate, bad: gate.hunted_records(bad, "email"),
        lambda gate, bad: gate.hunt("minji@example.kr", bad, now=NOW),
    ],
)
@pytest.mark.parametrize("bad", ["\ud800", "Kim Minji's 010", "0" * 31, "0" * 32 + "\n"])
def test_what_is_no_pseudonym_is_rejected_before_any_store_sees_it(
    gate: Gate, look: Callable[[Gate, str], object], bad: str
) -> None:
    with pytest.raises(ValueRejectedError, match="32 hex digits"):
        look(gate, bad)


def test_half_a_surrogate_is_not_looked_for(gate: Gate) -> None:
    with pytest.raises(ValueRejectedError, match="surrogate"):
        gate.find("email", "\ud800", NOW)


def test_looking_leaves_evidence_of_who_and_not_of_what(fresh: Gate) -> None:
    person = Someone(fresh)
    person.collects("identification", "email")
    assert fresh.find("email", "minji@example.kr", NOW, "desk-1") == [person.subject]
    fresh.explain(person.subject, NOW, "desk-2")
    fresh.hunt("minji@example.kr", person.subject, person.records, now=NOW, by="desk-3")
    found, explained, hunted = (body for predicate, body in told(fresh) if predicate == "probe")
    assert (found.rule, found.actor, found.items, found.counts) == ("find", "desk-1", ("email",), {"found": 1})
    assert (explained.rule, explained.actor, explained.subject) == ("explain", "desk-2", person.subject)
    assert (hunted.rule, hunted.actor, hunted.subject) == ("hunt", "desk-3", person.subject)
    with pytest.raises(ValueRejectedError, match="actor"):
        fresh.find("email", "minji@example.kr", NOW, "Kim Minji")


def _looks(by: Actor, act: Act = Act.VIEW, *items: str, **more: Any) -> Request:
    return Request(act=act, items=items or ("email",), by=by, on=START, **more)


@pytest.mark.parametrize(
    "ask",
    [
        _looks(Actor("staff", pledge=False)),  # type: ignore[arg-type]
        _looks(Actor("member", level=Level.NONE)),  # type: ignore[arg-type]
        _looks(Actor(Role.STAFF, pledge="no")),  # type: ignore[arg-type]
        _looks(Actor(Role.MEMBER, name=7)),  # type: ignore[arg-type]
        _looks(Actor(Role.MEMBER), "destroy"),  # type: ignore[arg-type]
        _looks(Actor(Role.MEMBER), Act.VIEW, 7),  # type: ignore[arg-type]
        _looks(Actor(Role.MEMBER), Act.USE, purpose=5),
        _looks("member"),  # type: ignore[arg-type]
        _looks(Actor(Role.MEMBER), Act.VIEW, "email", "email"),
        _looks(Actor(Role.MEMBER), Act.VIEW, *[f"item_{number}" for number in range(1001)]),
        msgspec.structs.replace(_looks(Actor(Role.MEMBER)), items=["email"]),
    ],
    ids=str,
)
def test_a_word_that_only_reads_like_a_role_or_an_act_is_none(gate: Gate, someone: Someone, ask: Request) -> None:
    """Rules ask whether a role *is* staff: a text that equals it would pass by them."""
    with pytest.raises(ValueRejectedError):
        gate.perform(Asked(someone.subject, ask), someone.now)
    with pytest.raises(ValueRejectedError):
        gate.perform_many([Asked(someone.subject, _looks(Actor(Role.MEMBER))), Asked(someone.subject, ask)], NOW)


def test_a_choice_or_an_actor_that_only_reads_like_one_is_none(gate: Gate, someone: Someone) -> None:
    before = gate.history(someone.subject)
    for wrong in (
        Happening(someone.subject, "consent", None, "marketing", "given"),  # type: ignore[arg-type]
        Happening(someone.subject, "consent", None, "marketing", Choice.GIVEN, by=Actor("staff")),  # type: ignore[arg-type]
        Happening(7, "consent"),  # type: ignore[arg-type]
    ):
        with pytest.raises(ValueRejectedError):
            gate.happen([wrong], NOW)
    assert gate.history(someone.subject) == before


@pytest.mark.parametrize("act", [Act.COLLECT, Act.CORRECT])
def test_a_value_that_does_not_fit_tells_nothing_of_what_would_have_been_allowed(gate: Gate, act: Act) -> None:
    """It is looked at before anybody is asked about: the answer is the same for who has the item and who has not."""
    one, other = Someone(gate), Someone(gate, member=False)
    one.collects("identification", "email")
    said = set()
    for person in (one, other):
        probe = person.asks(act, "email", purpose="identification", method="website", values={"email": "no address"})
        before = len(told(gate, subject=person.subject))
        with pytest.raises(ValueRejectedError) as caught:
            gate.perform_many([person.asks(Act.VIEW, "email"), probe], NOW)
        said.add(str(caught.value))
        assert len(told(gate, subject=person.subject)) == before
    assert said == {"email: not of type email"}


def test_a_collection_without_its_value_is_an_error_whoever_asks(gate: Gate) -> None:
    for person in (Someone(gate), Someone(gate, member=False)):
        probe = person.asks(Act.COLLECT, "email", purpose="identification", method="website")
        with pytest.raises(ValueRejectedError, match="email: a collection comes with a value"):
            gate.perform(probe, NOW)
