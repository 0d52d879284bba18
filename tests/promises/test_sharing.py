"""What partners hold: how long they may, what they are ordered, and that they answer."""

from __future__ import annotations

from datetime import date

import pytest
from tests.promises.conftest import World, allowed

from wordkept.record import Order
from wordkept.terms import Act, Answer, Choice, OrderKind, Role


def kmc_holds(world: World) -> World:
    world.member().choose("provision:kmc").has("identification", "birthdate", "gender")
    allowed(world.provide("kmc", "birthdate"))
    return world


def open_orders(world: World) -> list[tuple[str, OrderKind, tuple[str, ...]]]:
    return [(one.to, one.kind, one.items) for one in world.kernel.orders(world.who)]


def only(world: World) -> Order:
    (order,) = world.kernel.orders(world.who)
    return order


@pytest.mark.proves("rights.holders-are-told")
@pytest.mark.parametrize(
    ("act", "kind"), [(Act.CORRECT, OrderKind.CORRECT), (Act.FREEZE, OrderKind.FREEZE), (Act.DESTROY, OrderKind.ERASE)]
)
def test_whoever_holds_a_copy_hears_of_what_is_done_here_and_nobody_else(
    world: World, act: Act, kind: OrderKind
) -> None:
    kmc_holds(world).choose("provision:kibnet")
    allowed(world.ask(act, "birthdate"))
    assert open_orders(world) == [("kmc", kind, ("birthdate",))]
    allowed(world.ask(act, "gender"))
    assert len(open_orders(world)) == 1


@pytest.mark.proves("rights.holders-are-told")
def test_members_of_a_group_hold_no_copy_and_are_ordered_nothing(world: World) -> None:
    world.happens("service.subscribed", "group.joined", who="another")
    world.member().happens("group.joined").choose("provision:group-members").has("identification", "email")
    allowed(world.provide("group-members", "email"))
    allowed(world.choose("entrustment").entrust("ktis", "email"))
    allowed(world.ask(Act.CORRECT, "email"))
    assert open_orders(world) == [("ktis", OrderKind.CORRECT, ("email",))]


@pytest.mark.proves("rights.holders-answer")
def test_an_answer_is_due_on_a_day(world: World) -> None:
    kmc_holds(world).on("2018-03-01")
    allowed(world.ask(Act.CORRECT, "birthdate"))
    assert (only(world).tell_by, only(world).answer_by) == (date(2018, 3, 2), date(2018, 3, 6))
    world.kernel.answer(world.who, only(world), Answer.CANNOT, world.day)
    assert open_orders(world), "who cannot has not done it"
    world.kernel.answer(world.who, only(world), Answer.DONE, world.day)
    assert not open_orders(world)


@pytest.mark.proves("provision.used-during-service")
@pytest.mark.proves("provision.order-when-time-is-over")
def test_a_recipient_stops_when_the_service_has_ended(world: World) -> None:
    kmc_holds(world).on("2018-03-01").happens("service.terminated")
    assert not open_orders(world)
    assert not open_orders(world.on("2018-03-01"))
    assert open_orders(world.on("2018-03-02")) == [("kmc", OrderKind.STOP_USE, ("birthdate",))]
    assert len(open_orders(world.on("2018-03-03"))) == 1, "once"


@pytest.mark.proves("provision.kept-after-service")
def test_a_recipient_erases_six_months_after_the_service(world: World) -> None:
    kmc_holds(world).on("2018-03-01").happens("service.terminated").on("2018-03-02")
    assert [kind for _, kind, _ in open_orders(world.on("2018-09-01"))] == [OrderKind.STOP_USE]
    assert [kind for _, kind, _ in open_orders(world.on("2018-09-02"))] == [OrderKind.STOP_USE, OrderKind.ERASE]


@pytest.mark.proves("provision.kept-while-owed")
def test_a_recipient_keeps_what_it_settles_a_bill_with(world: World) -> None:
    kmc_holds(world).happens("charge.raised", matter="inv-1").on("2018-03-01").happens("service.terminated")
    assert not open_orders(world.on("2018-09-02"))
    world.happens("account.settled", matter="inv-1")
    assert open_orders(world.on("2018-09-03")) == [("kmc", OrderKind.ERASE, ("birthdate",))]


@pytest.mark.proves("provision.used-during-service")
def test_a_consent_that_is_taken_back_ends_use_and_keeping(world: World) -> None:
    kmc_holds(world).on("2018-03-01").choose("provision:kmc", choice=Choice.WITHDRAWN)
    assert open_orders(world.on("2018-03-02")) == [("kmc", OrderKind.ERASE, ("birthdate",))]
    copy = next(iter(world.kernel.people[world.who].givens.values()))
    assert not copy.held
    world.kernel.answer(world.who, only(world), Answer.NOTHING_HELD, world.day)
    copy = next(iter(world.kernel.people[world.who].givens.values()))
    assert copy.ended_on == date(2018, 3, 2)


@pytest.mark.proves("provision.order-when-time-is-over")
def test_what_an_authority_was_given_is_its_own(world: World) -> None:
    kmc_holds(world)
    world.happens("authority.granted", matter="doc-7:gender")
    allowed(world.provide("authority", "gender", legal_request="doc-7", by=Role.STAFF))
    assert open_orders(world.on("2018-03-01").happens("service.terminated").on("2019-01-01")) == [
        ("kmc", OrderKind.ERASE, ("birthdate",))
    ]


@pytest.mark.proves("provision.law-keeps-longer")
@pytest.mark.parametrize(
    ("law", "last"), [("kr/e-commerce-act", None), ("kr/no-such-act", date(2018, 9, 7)), (None, date(2018, 9, 7))]
)
def test_who_must_keep_by_a_law_in_force_is_not_late(world: World, law: str | None, last: date | None) -> None:
    kmc_holds(world).on("2018-03-01").happens("service.terminated").on("2018-03-02")
    world.kernel.answer(world.who, only(world), Answer.DONE, world.day)
    world.on("2018-09-02")
    world.kernel.answer(world.who, only(world), Answer.CANNOT, world.day, law)
    assert (only(world).kind, only(world).answer_by) == (OrderKind.ERASE, last)


@pytest.mark.proves("provision.law-keeps-longer")
def test_no_law_excuses_leaving_what_is_wrong_as_it_is(world: World) -> None:
    kmc_holds(world).on("2018-03-01")
    allowed(world.ask(Act.CORRECT, "birthdate"))
    world.kernel.answer(world.who, only(world), Answer.CANNOT, world.day, "kr/e-commerce-act")
    assert only(world).answer_by == date(2018, 3, 6)
