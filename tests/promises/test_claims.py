"""What people may ask at the desk, by when they are answered, and on which grounds not as they asked."""

from __future__ import annotations

from datetime import date

import pytest
from tests.promises.conftest import World, allowed, denied

from wordkept.claims import Wanted
from wordkept.decision import Decision
from wordkept.record import Asking, Claim, Ground, Right, Turn
from wordkept.terms import Act, Channel, Reason, Role


def asks(world: World, right: Right, channel: Channel = Channel.WEB, *items: str) -> Decision:
    return world.kernel.claim(world.who, Wanted(asking=Asking(right=right, channel=channel), items=items), world.day)


def last(world: World) -> Claim:
    return world.kernel.claims(world.who)[-1]


def turns(world: World, turn: Turn, ground: Ground | None = None) -> Decision:
    return world.kernel.turn(world.who, last(world), turn, ground, world.day)


@pytest.mark.proves("rights.taken-as-it-comes")
def test_a_request_is_taken_down_where_a_clause_takes_it_and_opens_with_an_event(world: World) -> None:
    allowed(asks(world.member(), Right.ACCESS, Channel.OFFICE), "10.2.a")
    assert last(world).is_open
    assert world.kernel.history(world.who).open_matters("request") == {f"request:{last(world).id}"}
    denied(asks(world, Right.DEPARTURE, Channel.TELEPHONE))
    assert len(world.kernel.claims(world.who)) == 1, "nothing is written down of what nobody takes"


@pytest.mark.proves("rights.answered-in-time")
def test_a_request_has_the_policys_day_and_the_laws_and_the_first_counts(world: World) -> None:
    allowed(asks(world.member().on("2018-03-05"), Right.CORRECTION, Channel.OFFICE, "email"))
    assert (last(world).own, last(world).statute) == (date(2018, 3, 6), date(2018, 3, 15))
    assert not last(world).late(date(2018, 3, 6))
    assert last(world).late(date(2018, 3, 7))


@pytest.mark.proves("rights.refused-only-on-a-ground")
def test_a_request_is_refused_or_put_off_on_a_listed_ground_and_no_other(world: World) -> None:
    allowed(asks(world.member().on("2018-03-05"), Right.ACCESS, Channel.OFFICE))
    denied(turns(world, Turn.REFUSED))
    denied(turns(world, Turn.REFUSED, Ground.CONTRACT_IMPOSSIBLE))
    allowed(turns(world, Turn.POSTPONED, Ground.STATUTE), "10.5.a")
    assert not last(world.on("2018-04-05")).late(world.day), "put off is not late"
    allowed(turns(world, Turn.REFUSED, Ground.HARM_TO_OTHERS), "10.5.a")
    assert not world.kernel.history(world.who).is_open("request")


@pytest.mark.proves("rights.refused-only-on-a-ground")
def test_what_is_late_already_is_not_put_off(world: World) -> None:
    allowed(asks(world.member().on("2018-03-05"), Right.ACCESS, Channel.OFFICE))
    world.on("2018-03-16")
    assert turns(world, Turn.POSTPONED, Ground.STATUTE).reason is Reason.IMPOSSIBLE
    allowed(turns(world, Turn.REFUSED, Ground.STATUTE), "10.5.a")


@pytest.mark.proves("rights.something-else-is-done")
def test_something_else_is_done_only_where_a_clause_names_it(world: World) -> None:
    allowed(asks(world.member(), Right.CORRECTION, Channel.OFFICE, "email"))
    denied(turns(world, Turn.OTHERWISE, Ground.STATUTE))
    allowed(turns(world, Turn.OTHERWISE, Ground.NOTED), "10.6.c")
    allowed(asks(world, Right.ACCESS, Channel.OFFICE))
    denied(turns(world, Turn.OTHERWISE, Ground.NOTED))


@pytest.mark.proves("rights.suspended-is-not-used")
def test_what_rests_is_used_by_nobody_and_given_to_nobody(world: World) -> None:
    world.member().choose("provision:kmc", "entrustment").has("identification", "email", "birthdate")
    allowed(world.use("bill-sending", "email"))
    allowed(asks(world, Right.SUSPENSION))
    for by in (Role.STAFF, Role.SYSTEM):
        denied(world.use("bill-sending", "email", by=by), "10.6.c")
        denied(world.provide("kmc", "birthdate", by=by), "10.6.c")
        denied(world.entrust("ktis", "email", by=by), "10.6.c")
    denied(world.collect("service-record", "access_log", method="generated"), "10.6.c")
    allowed(world.ask(Act.VIEW, "email"))
    allowed(turns(world, Turn.DONE))
    denied(world.use("bill-sending", "email"), "10.6.c")
    allowed(turns(world, Turn.TAKEN_BACK))
    allowed(world.use("bill-sending", "email"))


@pytest.mark.proves("rights.suspended-is-not-used")
def test_two_reasons_to_rest_end_each_by_itself(world: World) -> None:
    world.member().has("identification", "email")
    allowed(asks(world, Right.SUSPENSION))
    first = last(world)
    allowed(asks(world, Right.SUSPENSION))
    allowed(turns(world, Turn.TAKEN_BACK))
    denied(world.use("bill-sending", "email"), "10.6.c")
    allowed(world.kernel.turn(world.who, first, Turn.TAKEN_BACK, None, world.day))
    allowed(world.use("bill-sending", "email"))
