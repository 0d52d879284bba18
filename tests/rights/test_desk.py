"""The desk over a real vault: what is taken down, what each turn does and states, and what hostile hands get."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from tests.gate.conftest import START, assert_whole, new_id, sweep, told
from tests.rights.conftest import STAFF, Asker

from wordkept.claims import Wanted
from wordkept.gate import Gate, Refused, Register
from wordkept.record import Asking, Ground, Right, Turn
from wordkept.rights.answering import Desk
from wordkept.terms import Act, Channel, Choice, Level, Reason, State, UnavailableError, ValueRejectedError


def said(asker: Asker) -> list[str]:
    return [body.event or predicate for predicate, body in told(asker.gate, subject=asker.subject)]


def test_what_is_taken_down_is_in_the_register_an_event_and_the_evidence(someone: Asker) -> None:
    claim = someone.asked(Right.ACCESS, channel=Channel.OFFICE)
    assert someone.desk.register.of(someone.subject) == [claim]
    assert (someone.subject, claim) in someone.desk.register.open()
    assert claim.answer_by == START + timedelta(days=10)
    assert someone.gate.history(someone.subject).open_matters("request") == {f"request:{claim.id}"}
    assert {"claim.access.received", "request.opened"} <= set(said(someone))


def test_what_no_clause_takes_is_refused_and_nothing_but_that_is_written(someone: Asker) -> None:
    with pytest.raises(Refused) as refused:
        someone.asked(Right.DEPARTURE, channel=Channel.TELEPHONE)
    assert refused.value.decision.reason is Reason.NOT_PERMITTED
    assert refused.value.receipt
    assert someone.desk.register.of(someone.subject) == []
    assert said(someone).count("refused") == 1


def test_a_request_that_is_sent_twice_is_taken_down_once(someone: Asker) -> None:
    name = new_id()
    first = someone.asked(Right.ACCESS, request_id=name)
    before = len(told(someone.gate, subject=someone.subject))
    assert someone.asked(Right.ACCESS, request_id=name) == first
    assert len(told(someone.gate, subject=someone.subject)) == before
    with pytest.raises(ValueRejectedError):
        someone.asked(Right.COPY, request_id=name)


def test_two_who_answer_at_once_answer_once(someone: Asker) -> None:
    claim = someone.asked(Right.ACCESS)
    went: list[object] = []

    def answer(turn: Turn, ground: Ground | None) -> None:
        with Register(someone.gate.installation, someone.gate.policy) as register:
            try:
                went.append(register.turn(someone.subject, claim.id, turn, someone.now, STAFF, ground))
            except Refused as refused:
                went.append(refused)

    both = [threading.Thread(target=answer, args=args) for args in ((Turn.REFUSED, Ground.STATUTE), (Turn.DONE, None))]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert sum(isinstance(one, Refused) for one in went) == 1
    assert said(someone).count("request.decided") == 1


def test_what_is_said_to_be_wrong_rests_until_it_is_corrected(someone: Asker) -> None:
    taken = someone.takes(Right.CORRECTION, "email")
    assert taken.rests == ("email",)
    assert someone.refused(Act.USE, "email", purpose="bill-sending").reason is Reason.FROZEN
    done = someone.desk.do(
        someone.subject, taken.answered.claim.id, someone.now, someone.member(), {"email": "new@example.kr"}
    )
    assert done.answered.claim.turn is Turn.DONE
    assert someone.does(Act.USE, "email", purpose="bill-sending").text("email") == "new@example.kr"


@pytest.mark.parametrize("turn", [Turn.REFUSED, Turn.OTHERWISE])
def test_what_is_not_corrected_is_used_again_once_its_person_was_told_why(someone: Asker, turn: Turn) -> None:
    claim = someone.asked(Right.CORRECTION, "email")
    ground = Ground.FOUND_RIGHT if turn is Turn.REFUSED else Ground.NOTED
    with pytest.raises(Refused):
        someone.desk.turn(someone.subject, claim.id, turn, someone.now, STAFF)
    assert someone.refused(Act.USE, "email", purpose="bill-sending").reason is Reason.FROZEN
    someone.desk.turn(someone.subject, claim.id, turn, someone.now, STAFF, ground)
    assert someone.does(Act.USE, "email", purpose="bill-sending").text("email")
    assert f"claim.correction.{turn}:{ground}" in said(someone)


def test_a_stranger_lets_nothing_rest_but_is_taken_down(someone: Asker) -> None:
    nobody = someone.member(Level.SESSION)

    asking = Asking(right=Right.CORRECTION, channel=Channel.TELEPHONE)
    with pytest.raises(Refused) as refused:
        someone.desk.take(someone.subject, Wanted(asking=asking, items=("email",)), someone.now, nobody)
    assert refused.value.decision.reason is Reason.UNIDENTIFIED
    assert len(someone.desk.register.of(someone.subject)) == 1
    assert someone.does(Act.USE, "email", purpose="bill-sending").text("email")


def test_a_deletion_takes_what_may_go_and_names_what_stays(someone: Asker) -> None:
    claim = someone.asked(Right.DELETION)
    someone.happens("service.terminated")
    done = someone.desk.do(someone.subject, claim.id, someone.now, someone.member())
    assert done.kept == {"applicant_name": ("5.2.B",)}
    assert someone.states() == {"applicant_name": [State.SEPARATED]}
    again = someone.desk.do(someone.subject, claim.id, someone.now, someone.member())
    assert again.answered.claim == done.answered.claim


def test_a_departure_ends_the_service_and_a_withdrawal_its_consents(someone: Asker) -> None:
    someone.consents("marketing")
    withdrawn = someone.asked(Right.WITHDRAWAL, consents=("marketing",))
    someone.desk.do(someone.subject, withdrawn.id, someone.now, someone.member())
    assert someone.gate.history(someone.subject).choice("marketing") is Choice.WITHDRAWN
    left = someone.asked(Right.DEPARTURE)
    someone.desk.do(someone.subject, left.id, someone.now, someone.member())
    assert not someone.gate.history(someone.subject).is_open("service")


def test_what_rests_is_used_on_no_path(someone: Asker) -> None:
    claim = someone.asked(Right.SUSPENSION)
    asks = [someone.asks(Act.USE, "email", purpose="bill-sending") for _ in range(3)]
    assert {one.decision.reason for one in someone.gate.read_many(asks, someone.now)} == {Reason.SUSPENDED}
    assert someone.refused(Act.PROVIDE, "email", to="kmc").effect == "deny"
    assert someone.sees("email"), "their person sees what is held"
    someone.desk.do(someone.subject, claim.id, someone.now, someone.member())
    assert someone.refused(Act.USE, "email", purpose="bill-sending").reason is Reason.SUSPENDED
    someone.desk.turn(someone.subject, claim.id, Turn.TAKEN_BACK, someone.now, someone.member())
    assert someone.does(Act.USE, "email", purpose="bill-sending").text("email")


def test_forged_ids_and_strange_names_are_one_clear_error_and_leave_nothing(someone: Asker) -> None:
    register, before = someone.desk.register, len(told(someone.gate, subject=someone.subject))
    with pytest.raises(UnavailableError):
        register.turn(someone.subject, new_id(), Turn.DONE, someone.now, STAFF)
    for forged in ("'; DROP TABLE claim; --", "0" * 31, "G" * 32, "\x00"):
        with pytest.raises(ValueRejectedError):
            register.turn(someone.subject, forged, Turn.DONE, someone.now, STAFF)
        with pytest.raises(ValueRejectedError):
            someone.asked(Right.ACCESS, request_id=forged)
    for items in (("no_such_item",), ("<script>",), tuple(f"i{n}" for n in range(2000))):
        with pytest.raises(ValueRejectedError):
            someone.asked(Right.CORRECTION, *items)
    with pytest.raises(ValueRejectedError):
        someone.asked(Right.CORRECTION)
    with pytest.raises(ValueRejectedError):
        someone.asked(Right.WITHDRAWAL)
    assert len(told(someone.gate, subject=someone.subject)) == before
    assert register.of(someone.subject) == []


def test_nobody_turns_anothers_request(someone: Asker, gate: Gate) -> None:
    claim, other = someone.asked(Right.ACCESS), Asker(gate)
    with pytest.raises(UnavailableError):
        someone.desk.turn(other.subject, claim.id, Turn.DONE, someone.now, STAFF)
    assert someone.desk.register.find(someone.subject, claim.id) == claim


def test_requests_of_people_who_are_not_there_are_refused(gate: Gate, register: Register) -> None:
    stranger = Asker(gate, member=False).at(Desk(gate, register))
    with pytest.raises(UnavailableError):
        stranger.asked(Right.ACCESS)


def test_evidence_and_records_fit_each_other_after_all_of_it(fresh: Gate) -> None:
    with Register(fresh.installation, fresh.policy) as register:
        someone = Asker(fresh).at(Desk(fresh, register))
        someone.collects("identification", "applicant_name", "email")
        someone.asked(Right.SUSPENSION)
        claim = someone.asked(Right.CORRECTION, "email")
        someone.desk.turn(someone.subject, claim.id, Turn.REFUSED, someone.now, STAFF, Ground.NOT_SHOWN)
        gone = someone.asked(Right.DELETION)
        someone.desk.do(someone.subject, gone.id, someone.now, someone.member())
        sweep(fresh, START + timedelta(days=1))
        assert_whole(fresh, START + timedelta(days=2))


def test_a_correction_is_not_done_without_what_is_right(someone: Asker) -> None:
    claim = someone.asked(Right.CORRECTION, "email", "applicant_name")
    for values in ({}, {"email": "right@example.kr"}):
        with pytest.raises(ValueRejectedError, match="applicant_name"):
            someone.desk.do(someone.subject, claim.id, someone.now, someone.member(), values)
    assert all(one.frozen and one.version == 1 for one in someone.gate.records(someone.subject))
