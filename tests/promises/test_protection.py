"""Chapter "protection": who may act, and what no person opens."""

from __future__ import annotations

import pytest
from tests.promises.conftest import World, allowed, denied

from wordkept.terms import Act, Level, Role

OUTSIDERS = (Role.RECIPIENT, Role.PROCESSOR, Role.AUTHORITY)


@pytest.mark.proves("protection.only-those-named-act")
@pytest.mark.parametrize("act", [Act.USE, Act.VIEW, Act.CORRECT, Act.FREEZE, Act.DESTROY])
def test_outsiders_do_nothing_here_themselves(world: World, act: Act) -> None:
    world.member().has("identification", "email")
    for role in OUTSIDERS:
        denied(world.ask(act, "email", by=role, purpose="bill-sending" if act is Act.USE else None), "12.A2.b")
    if act is Act.USE:
        denied(world.use("bill-sending", "email", by=Role.MEMBER), "12.A2.b")
        allowed(world.use("bill-sending", "email", by=Role.STAFF))
    else:
        allowed(world.ask(act, "email"))


@pytest.mark.proves("protection.staff-hold-a-grant")
def test_staff_without_a_grant_do_nothing(world: World) -> None:
    world.member().has("identification", "email")
    denied(world.use("bill-sending", "email", by=Role.STAFF, staff={"grant": False}), "12.A2.b")
    allowed(world.use("bill-sending", "email", by=Role.STAFF))


@pytest.mark.proves("protection.staff-are-trained")
def test_staff_without_training_do_nothing(world: World) -> None:
    world.member().has("identification", "email")
    denied(world.use("bill-sending", "email", by=Role.STAFF, staff={"training": False}), "12.A2.c")
    allowed(world.use("bill-sending", "email", by=Role.STAFF))


@pytest.mark.proves("protection.staff-have-pledged")
def test_staff_without_this_years_pledge_do_nothing(world: World) -> None:
    world.member().has("identification", "email")
    denied(world.ask(Act.CORRECT, "email", by=Role.STAFF, staff={"pledge": False}), "12.A3.b")
    allowed(world.ask(Act.CORRECT, "email", by=Role.STAFF))


@pytest.mark.proves("protection.secrets-by-system-only")
def test_secrets_are_opened_by_no_person_of_the_operator(world: World) -> None:
    world.member().happens("etax.enabled").has("etax-invoice", "etax_pw", "etax_id").has("tax-record", "rrn")
    denied(world.use("etax-invoice", "etax_pw", by=Role.STAFF), "12.T1.b")
    denied(world.use("tax-record", "rrn", by=Role.STAFF), "12.T1.b")
    allowed(world.use("etax-invoice", "etax_pw", by=Role.SYSTEM))
    allowed(world.use("etax-invoice", "etax_id", by=Role.STAFF))


@pytest.mark.proves("protection.identified-for-payment")
def test_account_and_card_numbers_need_an_identified_owner(world: World) -> None:
    world.member()
    denied(world.collect("charging", "card_no", by=Role.MEMBER, level=Level.NONE), "10.3", "12.A6")
    allowed(world.collect("charging", "payer_name", by=Role.MEMBER, level=Level.NONE))
    allowed(world.collect("charging", "card_no", by=Role.MEMBER))
