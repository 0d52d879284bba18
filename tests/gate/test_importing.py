"""People who lived elsewhere come in with their past, on its true days, and are as if they had always been here."""

from __future__ import annotations

from datetime import date

import pytest
from tests.gate.conftest import POLICY, START, Someone, assert_whole, at, new_id, predicates, sweep, told

from wordkept.gate import Asked, Gate, Happening, Past, Relived
from wordkept.record import Actor, Request
from wordkept.terms import Act, Choice, Effect, Reason, Role, State, ValueRejectedError

LEFT, TODAY = date(2018, 5, 2), date(2019, 3, 4)
BY = Actor(Role.MEMBER, name="import")


def event(subject: str, on: date, kind: str) -> Past:
    return Past(on, Happening(subject, kind, by=BY))


def consent(subject: str, on: date, to: str, choice: Choice = Choice.GIVEN) -> Past:
    return Past(on, Happening(subject, "consent", None, to, choice, by=BY))


def given(subject: str, on: date, purpose: str = "identification", **values: str) -> Past:
    ask = Request(act=Act.COLLECT, items=tuple(values), by=BY, on=on, purpose=purpose, method="website")
    return Past(on, Asked(subject, ask, values))


def member(subject: str, on: date = date(2017, 1, 9)) -> list[Past]:
    return [
        consent(subject, on, "table"),
        event(subject, on, "service.subscribed"),
        given(subject, on, email="minji@example.kr", applicant_name="Kim Minji"),
    ]


def bring(gate: Gate, *pasts: list[Past], day: date = TODAY) -> list[Relived]:
    subjects = [one[0].what.subject or "" for one in pasts]
    return gate.bring(list(zip(subjects, pasts, strict=True)), at(day))


def test_a_member_comes_in_on_the_true_days_and_is_one_like_others(fresh: Gate) -> None:
    minji = Someone(fresh, member=False)
    bring(fresh, member(minji.subject))
    assert [(one.on, one.kind) for one in fresh.events(minji.subject)] == [
        (date(2017, 1, 9), "consent"), (date(2017, 1, 9), "service.subscribed"),
    ]  # fmt: skip
    assert {(one.item, one.on, one.state) for one in minji.records} == {
        ("email", date(2017, 1, 9), State.LIVE), ("applicant_name", date(2017, 1, 9), State.LIVE),
    }  # fmt: skip
    used = minji.does(Act.USE, "email", purpose="bill-sending")
    assert used.text("email") == "minji@example.kr"
    assert fresh.find("email", "minji@example.kr", at(START)) == [minji.subject]
    minji.happens("service.terminated")
    assert_whole(fresh)


def test_a_consent_comes_in_unproved(fresh: Gate) -> None:
    minji = new_id()
    bring(fresh, member(minji))
    assert [one.edition for one in fresh.events(minji) if one.kind == "consent"] == [None]
    minji = Someone(fresh).subject
    assert [one.edition for one in fresh.events(minji) if one.kind == "consent"] == [POLICY.editions[0].effective]


def test_what_was_overdue_elsewhere_is_done_by_the_first_run_here(fresh: Gate) -> None:
    lena = Someone(fresh, member=False)
    bring(fresh, [*member(lena.subject), event(lena.subject, LEFT, "service.terminated")])
    assert lena.states() == {"email": [State.LIVE], "applicant_name": [State.LIVE]}
    assert lena.refused(Act.USE, "email", purpose="bill-sending").reason is not Reason.PERMITTED
    sweep(fresh, TODAY)
    assert lena.states() == {"applicant_name": [State.SEPARATED]}
    assert_whole(fresh)


def test_what_the_policy_did_not_allow_then_stays_out_and_is_stated(fresh: Gate) -> None:
    minji, day = new_id(), date(2017, 1, 9)
    past = [event(minji, day, "service.subscribed"), given(minji, day, email="minji@example.kr")]
    *_, refused = bring(fresh, past)
    assert refused.decision
    assert (refused.decision.effect, refused.decision.reason) == (Effect.DENY, Reason.NO_CONSENT)
    assert not fresh.records(minji)
    assert predicates(fresh, subject=minji) == ["event", "refused"]
    assert {body.rule for _, body in told(fresh, subject=minji)} == {"import.past"}
    assert_whole(fresh)


def test_what_cannot_have_happened_is_left_out(fresh: Gate) -> None:
    minji = new_id()
    past = [
        event(minji, LEFT, "service.terminated"),
        event(minji, date(2017, 1, 9), "agreement.signed"),
        event(minji, date(2039, 1, 1), "service.subscribed"),
        consent(minji, LEFT, "no-such"),
    ]
    assert [bool(one.impossible) for one in bring(fresh, past)] == [True] * 4
    assert fresh.events(minji) == ()


def test_a_past_older_than_the_policy_is_judged_by_its_first_edition(fresh: Gate) -> None:
    minji = Someone(fresh, member=False)
    bring(fresh, member(minji.subject, date(2014, 7, 1)))
    assert {one.on for one in minji.records} == {date(2014, 7, 1)}
    assert {one.edition for one in minji.records} == {POLICY.editions[0].effective}


def test_a_value_that_was_replaced_elsewhere_does_not_come_in(fresh: Gate) -> None:
    minji = Someone(fresh, member=False)
    bring(fresh, [*member(minji.subject), given(minji.subject, LEFT, email="kim@example.kr")])
    assert minji.sees("email") == {"email": (b"kim@example.kr",)}
    assert fresh.counts()["live"] == 2
    assert_whole(fresh)


def test_who_is_here_already_is_left_alone(fresh: Gate) -> None:
    minji, lena = new_id(), new_id()
    assert len(bring(fresh, member(minji))) == 3
    assert len(bring(fresh, member(minji), member(lena))) == 3
    assert fresh.counts()["live"] == 4
    assert_whole(fresh)


def test_a_value_that_does_not_fit_brings_nobody_of_its_batch_in(fresh: Gate) -> None:
    minji, lena = new_id(), new_id()
    with pytest.raises(ValueRejectedError, match="email"):
        bring(fresh, member(minji), [*member(lena), given(lena, LEFT, email="no address")])
    assert not fresh.events(minji)
    assert not fresh.records(lena)
