"""Chapter "rights": people are heard when they are known, and what they ask is done."""

from __future__ import annotations

import pytest
from tests.promises.conftest import World, allowed, denied

from wordkept.record import Standing
from wordkept.terms import Act, Choice, Level, Reason, Role, State

DOCUMENTS = ("poa_doc", "id_card_copy", "seal_cert")
LEAST = [
    (Act.VIEW, Level.SESSION),
    (Act.CORRECT, Level.CODE),
    (Act.FREEZE, Level.CODE),
    (Act.LIFT, Level.CODE),
    (Act.DESTROY, Level.MOBILE),
]


@pytest.mark.proves("rights.identified-first")
@pytest.mark.parametrize("act", [Act.VIEW, Act.CORRECT, Act.FREEZE, Act.DESTROY])
def test_a_member_is_identified_first(world: World, act: Act) -> None:
    world.member().has("identification", "email")
    denied(world.ask(act, "email", level=Level.NONE), "10.3")
    allowed(world.ask(act, "email"))


@pytest.mark.proves("rights.identified-first")
@pytest.mark.parametrize(("act", "least"), LEAST)
def test_a_lower_level_never_suffices_and_a_higher_always_does(world: World, act: Act, least: Level) -> None:
    world.member().has("identification", "email")
    if act is Act.LIFT:
        allowed(world.ask(Act.FREEZE, "email"))
    levels = tuple(Level)
    for level in levels[: levels.index(least)]:
        denied(decision := world.ask(act, "email", level=level), "10.3")
        assert decision.reason is Reason.UNIDENTIFIED
        assert not level.suffices(least)
    for level in levels[levels.index(least) :]:
        assert level.suffices(least)
        if act not in {Act.DESTROY, Act.LIFT} or level is least:
            allowed(world.ask(act, "email", level=level))


@pytest.mark.proves("rights.documents-of-a-request")
def test_a_document_belongs_to_a_request_that_is_open(world: World) -> None:
    denied(world.collect("id-verification", "id_card_copy", method="scan"), "10.3")
    denied(world.collect("representative-verification", "poa_doc", matter="payment:1"), "10.4.a")
    allowed(world.collect("id-verification", "id_card_copy", matter="request:1", method="scan"))
    world.happens("request.decided", matter="request:1")
    denied(world.collect("id-verification", "id_card_copy", matter="request:1", method="scan"), "10.3")


@pytest.mark.proves("rights.representative-proves")
def test_a_representative_is_heard_while_all_three_documents_are_held(world: World) -> None:
    world.member().has("identification", "email").accepts(Standing.DELEGATE)
    clauses = {"poa_doc": "10.4.a", "id_card_copy": "10.4.b", "seal_cert": "10.4.c"}
    missing = set(DOCUMENTS)
    for document in DOCUMENTS:
        named = [clauses[one] for one in missing]
        denied(world.ask(Act.VIEW, "email", by=Role.REPRESENTATIVE), *named)
        world.has("representative-verification", document, matter="request:1")
        missing.remove(document)
    allowed(world.ask(Act.VIEW, "email", by=Role.REPRESENTATIVE))
    world.happens("request.decided", matter="request:1")
    denied(world.ask(Act.VIEW, "email", by=Role.REPRESENTATIVE), *clauses.values())


@pytest.mark.proves("rights.representative-proves")
def test_who_stands_for_somebody_by_law_shows_only_who_they_are(world: World) -> None:
    world.member().has("identification", "email").accepts(Standing.STATUTORY)
    denied(world.ask(Act.VIEW, "email", by=Role.REPRESENTATIVE), "10.4.b")
    world.has("representative-verification", "id_card_copy", matter="request:1")
    allowed(world.ask(Act.VIEW, "email", by=Role.REPRESENTATIVE))


@pytest.mark.proves("rights.representative-accepted")
@pytest.mark.parametrize("standing", Standing)
def test_a_representative_is_heard_in_what_and_until_when_they_were_accepted(world: World, standing: Standing) -> None:
    world.member().has("identification", "email").has("representative-verification", *DOCUMENTS, matter="request:1")
    denied(world.ask(Act.VIEW, "email", by=Role.REPRESENTATIVE), "10.4.a")
    for matter in (
        None,
        "request:1",
        f"{standing}:test",
        f"{standing}:test view",
        f"{standing}:test view until 2017-01-01",
    ):
        world.happens("representation.accepted", matter=matter)
        denied(world.ask(Act.VIEW, "email", by=Role.REPRESENTATIVE), "10.4.a")
    world.accepts(standing, Act.VIEW, name="somebody-else")
    denied(world.ask(Act.VIEW, "email", by=Role.REPRESENTATIVE), "10.4.a")
    world.accepts(standing, Act.VIEW)
    allowed(world.ask(Act.VIEW, "email", by=Role.REPRESENTATIVE))
    denied(world.ask(Act.CORRECT, "email", by=Role.REPRESENTATIVE), "10.4.a")
    world.happens("representation.revoked")
    denied(world.ask(Act.VIEW, "email", by=Role.REPRESENTATIVE), "10.4.a")


@pytest.mark.proves("rights.people-may-view")
def test_people_see_what_is_held_about_them_also_what_is_kept_apart(world: World) -> None:
    world.member().has("identification", "email")
    allowed(world.ask(Act.VIEW, "email"), "10.1.a", "10.5.a")
    denied(world.ask(Act.VIEW, "email", by=Role.STAFF))
    denied(world.ask(Act.VIEW, "gender"))
    allowed(world.happens("service.terminated").on("2017-01-03").ask(Act.VIEW, "email"), "10.5.a")


@pytest.mark.proves("rights.corrected-on-request")
def test_what_is_wrong_is_corrected(world: World) -> None:
    world.member().has("identification", "address")
    allowed(world.ask(Act.CORRECT, "address"), "10.6.a", "10.1.b")
    assert world.record("address").version == 2
    denied(world.ask(Act.CORRECT, "gender"))


@pytest.mark.proves("rights.frozen-until-corrected")
def test_what_is_disputed_as_wrong_rests_until_it_is_corrected(world: World) -> None:
    world.member().choose("provision:kmc", "entrustment").has("identification", "mobile_phone")
    allowed(world.ask(Act.FREEZE, "mobile_phone"), "10.6.d")
    denied(world.use("bill-sending", "mobile_phone"), "10.6.d")
    denied(world.provide("kmc", "mobile_phone"), "10.6.d")
    denied(world.entrust("ktis", "mobile_phone"), "10.6.d")
    allowed(world.ask(Act.VIEW, "mobile_phone"))
    allowed(world.ask(Act.CORRECT, "mobile_phone"))
    allowed(world.use("bill-sending", "mobile_phone"))


@pytest.mark.proves("rights.lifted-with-a-reason")
def test_staff_lift_a_freeze_only_with_a_reason(world: World) -> None:
    world.member().has("identification", "address")
    assert world.ask(Act.LIFT, "address").reason is not Reason.PERMITTED
    allowed(world.ask(Act.FREEZE, "address"))
    denied(world.ask(Act.LIFT, "address", by=Role.STAFF), "10.6.b")
    allowed(world.ask(Act.LIFT, "address", by=Role.STAFF, reason="it was right"), "10.6.b")
    allowed(world.use("charging", "address"))


@pytest.mark.proves("rights.law-passes")
def test_what_rests_is_still_shown_to_an_authority_that_may_ask(world: World) -> None:
    world.member().has("identification", "address")
    allowed(world.ask(Act.FREEZE, "address"))
    denied(world.provide("authority", "address"), "10.6.d")
    world.happens("authority.granted", matter="doc-7:address")
    allowed(world.provide("authority", "address", legal_request="doc-7"), "10.6.g")


@pytest.mark.proves("rights.deleted-on-request")
def test_what_its_person_wants_deleted_is_deleted_at_once(world: World) -> None:
    world.member().has("identification", "email").has("tax-record", "rrn")
    allowed(world.ask(Act.DESTROY, "email"), "10.7.a")
    assert world.state("email") is State.DESTROYED
    denied(world.ask(Act.DESTROY, "rrn"), "5.2.B")
    assert world.state("rrn") is State.SEPARATED
    assert world.ask(Act.DESTROY, "email").reason is Reason.IMPOSSIBLE


@pytest.mark.proves("rights.objection-is-obeyed")
def test_who_objects_to_a_purpose_of_the_operators_own_interest_is_not_used_for_it(shop: World) -> None:
    shop.happens("account.opened").has("running-the-account", "email")
    allowed(shop.use("recommendation", "email"), "1.7")
    shop.choose("recommendation", choice=Choice.REFUSED)
    denied(shop.use("recommendation", "email"), "7.6")
    denied(shop.entrust("hosting", "email", purpose="recommendation"), "7.6")
    allowed(shop.use("running-the-account", "email"), "1.1")
    allowed(shop.choose("recommendation").use("recommendation", "email"), "1.7")


def test_an_objection_to_what_the_law_or_a_contract_asks_changes_nothing(shop: World) -> None:
    shop.happens("account.opened").has("running-the-account", "email")
    shop.choose("running-the-account", choice=Choice.REFUSED)
    allowed(shop.use("running-the-account", "email"), "1.1")


@pytest.mark.proves("rights.representative-proves")
def test_what_else_is_open_is_no_document_of_a_representative(shop: World) -> None:
    shop.has("order", "customer_name", "email", "order_content", matter="order:1")
    denied(shop.ask(Act.VIEW, "email", by=Role.REPRESENTATIVE), "7.11")
    shop.has("representation", "power_of_attorney", matter="request:1")
    allowed(shop.ask(Act.VIEW, "email", by=Role.REPRESENTATIVE))
