"""What partners hold follows what is done here: every holder is ordered, answers, and nobody else is told."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import date, timedelta

import pytest
from tests.gate.conftest import Someone, assert_whole, at, told
from tests.orders.conftest import DAY, Town

from wordkept.evidence.statement import Body
from wordkept.orders.message import Reply
from wordkept.terms import Act, Answer, Effect, OrderKind, Reason, Role

NEW = "minji.new@example.kr"


def sharer(town: Town) -> Someone:
    """Somebody whose e-mail address two recipients and one processor hold."""
    someone = town.member("provision:kmc", "provision:kibnet", "entrustment")
    someone.collects("identification", "email", "mobile_phone")
    someone.does(Act.PROVIDE, "email", to="kmc")
    someone.does(Act.PROVIDE, "email", to="kibnet")
    someone.does(Act.ENTRUST, "email", to="ktis")
    return someone


def said(town: Town, someone: Someone, predicate: str) -> list[Body]:
    return [body for one, body in told(town.gate, subject=someone.subject) if one == predicate]


def test_a_correction_reaches_every_holder_whatever_happens_on_the_way_and_nobody_else(town: Town) -> None:
    someone = sharer(town)
    bystander = town.member("provision:kmc")
    bystander.collects("identification", "email")
    kmc, kibnet, ktis, lg = (town.house(name) for name in ("kmc", "kibnet", "ktis", "lg-cns"))
    ktis.trouble = [RuntimeError("busy"), RuntimeError("busy")]
    assert someone.does(Act.FREEZE, "email").ordered == ("kibnet", "kmc", "ktis")
    assert someone.refused(Act.USE, "email", purpose="notification").reason is Reason.FROZEN
    assert someone.refused(Act.PROVIDE, "email", to="kmc").reason is Reason.FROZEN
    someone.does(Act.CORRECT, "email", values={"email": NEW}, by=Role.STAFF)
    with ExitStack() as doors:
        for house in (kmc, ktis, lg):
            town.addresses[house.name] = doors.enter_context(house.open())
        with kibnet.open() as address:
            town.addresses["kibnet"] = address  # and from here on it is down, for an hour
        opened_again = town.clock.now + timedelta(hours=1)
        while town.outbox.open():
            town.courier.deliver(town.clock.now)
            town.clock.wait(timedelta(minutes=1))
            if town.clock.now == opened_again:
                doors.enter_context(kibnet.open())
            assert town.clock.now < opened_again + timedelta(hours=2)
    for house in (kmc, kibnet, ktis):
        assert [one.kind for one in house.did] == [OrderKind.FREEZE, OrderKind.CORRECT], house.name
        assert [one.values for one in house.did] == [{}, {"email": (NEW,)}]
        assert len({one.order for one in house.heard}) == 2
        assert {one.subject for one in house.did} != {someone.subject}
    assert len({house.did[0].subject for house in (kmc, kibnet, ktis)}) == 3, "one pseudonym for each partner"
    assert [len(house.heard) for house in (kmc, kibnet, ktis, lg)] == [2, 2, 4, 0]
    ordered, answered = said(town, someone, "ordered"), said(town, someone, "acknowledged")
    assert sorted((one.to, one.event) for one in ordered) == sorted(
        (name, f"order.{kind}") for name in ("kmc", "kibnet", "ktis") for kind in ("freeze", "correct")
    )
    assert {one.request for one in answered} == {one.request for one in ordered}
    assert {one.event for one in answered} == {"answer.done"}
    assert {clause for one in ordered for clause in one.clauses} == {"10.6.e"}
    assert said(town, bystander, "ordered") == []
    assert all(held.version == 2 for held in town.outbox.held(someone.subject))
    assert_whole(town.gate)


def test_a_deletion_is_partial_until_every_holder_has_answered(town: Town) -> None:
    someone = sharer(town)
    outcome = someone.does(Act.DESTROY, "email")
    assert (outcome.decision.effect, set(outcome.ordered)) == (Effect.ALLOW, {"kmc", "kibnet", "ktis"})
    kmc = town.house("kmc")
    with kmc.open() as address:
        town.addresses["kmc"] = address
        town.courier.deliver(town.clock.now)
    assert {one.order.to for one in town.outbox.open(someone.subject)} == {"kibnet", "ktis"}
    assert {one.to for one in town.outbox.held(someone.subject) if one.ended_on == DAY} == {"kmc"}
    assert kmc.did[0].values == {}


def test_what_a_partner_cannot_do_stays_open_and_is_asked_again(town: Town) -> None:
    someone = sharer(town)
    someone.does(Act.DESTROY, "email")
    kmc = town.house("kmc")
    with kmc.open() as address:
        town.addresses["kmc"] = address
        kmc.answer = Answer.CANNOT
        town.courier.deliver(town.clock.now)
        town.clock.wait(timedelta(days=6))
        assert town.courier.deliver(town.clock.now).cannot == 0
        (one,) = [one for one in town.outbox.open(someone.subject) if one.order.to == "kmc"]
        assert one.answer is Answer.CANNOT
        assert one.late(town.gate.day(town.clock.now))
        kmc.answer = Answer.NOTHING_HELD
        town.clock.wait(timedelta(days=1))
        assert town.courier.deliver(town.clock.now).settled == 1
    assert [one.event for one in said(town, someone, "acknowledged")] == ["answer.cannot", "answer.nothing-held"]


def test_a_partner_that_answers_later_is_asked_again_under_the_same_id(town: Town) -> None:
    someone = sharer(town)
    someone.does(Act.FREEZE, "email")
    kmc = town.house("kmc")
    kmc.answer = None
    with kmc.open() as address:
        town.addresses["kmc"] = address
        assert town.courier.deliver(town.clock.now).told == 1
        kmc.answer = Answer.DONE
        town.clock.wait(timedelta(minutes=1))
        assert town.courier.deliver(town.clock.now).settled == 1
    assert len({one.order for one in kmc.heard}) == 1
    assert [one.event for one in said(town, someone, "performed")] == ["order.told"]


def test_who_may_not_be_given_the_new_value_hears_only_that_the_old_one_is_wrong(town: Town) -> None:
    someone = sharer(town)
    someone.does(Act.CORRECT, "email", values={"email": NEW}, by=Role.STAFF)
    someone.does(Act.FREEZE, "email")
    kmc = town.house("kmc")
    with kmc.open() as address:
        town.addresses["kmc"] = address
        town.courier.deliver(town.clock.now)
    assert [(one.kind, one.values) for one in kmc.did] == [(OrderKind.CORRECT, {}), (OrderKind.FREEZE, {})]


def test_a_value_that_takes_anothers_place_corrects_it_with_its_holders(town: Town) -> None:
    someone = sharer(town)
    outcome = someone.collects("identification", "email", values={"email": NEW})
    assert set(outcome.ordered) == {"kmc", "kibnet", "ktis"}
    kmc = town.house("kmc")
    with kmc.open() as address:
        town.addresses["kmc"] = address
        town.courier.deliver(town.clock.now)
    assert [(one.kind, one.values) for one in kmc.did] == [(OrderKind.CORRECT, {"email": (NEW,)})]


def test_a_days_run_orders_what_it_destroys_of_those_who_hold_it(town: Town) -> None:
    someone = town.member("entrustment")
    someone.collects("identification", "gender")
    someone.does(Act.ENTRUST, "gender", to="ktis")
    someone.day = DAY.replace(year=2020)
    someone.happens("service.terminated")
    someone.day = DAY.replace(year=2021)
    town.gate.settle(someone.now)
    town.gate.sweep(list(town.gate.due(someone.now)), someone.now)
    (one,) = town.outbox.open(someone.subject)
    assert (one.order.to, one.order.kind, one.order.items) == ("ktis", OrderKind.ERASE, ("gender",))
    (ok,) = (check for check in town.gate.examine(someone.now) if check.name == "partners")
    (late,) = (check for check in town.gate.examine(at(date(2021, 4, 4))) if check.name == "partners")
    assert (ok.state, late.state, "ktis" in late.seen) == ("ok", "broken", True)


@pytest.mark.parametrize("act", [Act.USE, Act.VIEW])
def test_what_stays_here_leaves_no_mark_in_the_ledger(town: Town, act: Act) -> None:
    someone = town.member()
    someone.collects("identification", "email")
    someone.does(act, "email", **({"purpose": "notification"} if act is Act.USE else {}))
    assert town.outbox.held(someone.subject) == []


def test_a_refused_provision_leaves_nothing_in_the_ledger_and_makes_nobody(town: Town) -> None:
    someone = Someone(town.gate, DAY, member=False)
    someone.refused(Act.PROVIDE, "email", to="kmc")
    assert town.outbox.held(someone.subject) == []
    assert someone.subject not in dict.fromkeys(one for one in [someone.subject] if town.gate.events(one))


def test_a_law_that_a_partner_names_takes_the_last_day_away_and_is_evidence(town: Town) -> None:
    someone = sharer(town)
    someone.does(Act.DESTROY, "email")
    kmc = town.house("kmc")
    kmc.reply = lambda order: Reply(order.order, Answer.CANNOT, "kr/e-commerce-act")
    with kmc.open() as address:
        town.addresses["kmc"] = address
        town.courier.deliver(town.clock.now)
    (one,) = [one for one in town.outbox.open(someone.subject) if one.order.to == "kmc"]
    assert (one.answer, one.order.answer_by, one.late(date(2029, 1, 1))) == (Answer.CANNOT, None, False)
    (body,) = said(town, someone, "acknowledged")
    assert (body.event, body.clauses, body.to) == ("answer.cannot", ("7.2.d",), "kmc")
