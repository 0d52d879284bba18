"""Chapter "collection": only what is declared, only for that, only that way."""

from __future__ import annotations

import pytest
from tests.promises.conftest import World, allowed, denied

from wordkept.terms import Choice, Role, State


@pytest.mark.proves("purpose")
def test_a_purpose_permits_its_own_items_while_it_is_wanted(world: World) -> None:
    world.member().has("identification", "email")
    allowed(world.use("bill-sending", "email"), "2.3.B.05")
    denied(world.use("marketing", "email"), "2.3.B.12")
    allowed(world.choose("marketing").use("marketing", "email"), "2.3.B.12")
    denied(world.collect("etax-invoice", "etax_id"), "2.3.E")
    allowed(world.happens("etax.enabled").collect("etax-invoice", "etax_id"), "2.3.E")
    denied(world.happens("etax.disabled").use("etax-invoice", "etax_id"), "2.3.E")


@pytest.mark.proves("purpose")
def test_what_law_requires_is_recorded_by_the_operator_only(world: World) -> None:
    denied(world.member().collect("tax-record", "charged_amt", by=Role.MEMBER), "5.2.0")
    allowed(world.collect("tax-record", "charged_amt", by=Role.STAFF), "5.2.0")


@pytest.mark.proves("purpose")
def test_what_one_wish_brought_lives_while_that_is_wished(world: World) -> None:
    world.member().choose("marketing", "introduction").has("marketing", "email").has("introduction", "contact_no")
    world.choose("marketing", choice=Choice.WITHDRAWN)
    assert world.state("email") is State.LIVE
    world.on("2017-01-03")
    assert (world.state("email"), world.state("contact_no")) == (State.DESTROYED, State.LIVE)


@pytest.mark.proves("category")
def test_a_forbidden_category_is_not_collected(world: World) -> None:
    world.member()
    denied(world.collect("identification", "ideology"), "2.2.1")
    denied(world.collect("identification", "creed"), "2.2.2")
    denied(world.collect("charging", "relationship"), "2.2.3")
    denied(world.collect("identification", "academic_history"), "2.2.4")
    denied(world.collect("identification", "health_condition"), "2.2.5")
    denied(world.collect("identification", "social_activity"), "2.2.6")
    allowed(world.collect("identification", "applicant_name"))


@pytest.mark.proves("method")
def test_data_from_an_affiliate_names_the_affiliate(world: World) -> None:
    world.member()
    denied(world.collect("identification", "email", method="affiliate"), "3.B.2")
    allowed(world.collect("identification", "email", method="affiliate", source="kt-shop"))
    assert world.record("email").source == "kt-shop"


@pytest.mark.proves("recipient")
def test_a_recipient_is_given_its_own_list(world: World) -> None:
    world.member().has("identification", "applicant_name", "email").choose("provision:kmc")
    allowed(world.provide("kmc", "applicant_name"), "7.1.R2")
    denied(world.provide("kmc", "email"), "7.0.b")


@pytest.mark.proves("recipient")
def test_members_of_a_group_are_given_only_while_both_are_in_it(world: World) -> None:
    world.member().has("identification", "email").choose("provision:group-members")
    denied(world.happens("group.joined", matter="g").provide("group-members", "email"), "7.1.R1")
    world.happens("service.subscribed", who="other").happens("group.joined", matter="g", who="other")
    allowed(world.provide("group-members", "email"), "7.1.R1")
    denied(world.happens("group.left", matter="g", who="other").provide("group-members", "email"), "7.1.R1")


@pytest.mark.proves("processor")
def test_a_processor_is_handed_what_its_work_needs_while_there_is_such_work(world: World) -> None:
    world.member().choose("entrustment").happens("etax.enabled").has("etax-invoice", "etax_id")
    world.has("identification", "gender")
    allowed(world.entrust("brenex", "etax_id"), "8.T10")
    denied(world.entrust("brenex", "gender"), "8.T10")
    denied(world.happens("etax.disabled").entrust("brenex", "etax_id"), "8.T10")


@pytest.mark.proves("collection.declared-pairs-only")
def test_what_is_not_declared_together_is_neither_collected_nor_used(world: World) -> None:
    world.member().has("identification", "address")
    denied(world.use("bill-sending", "address"), "2.3.0")
    denied(world.collect("bill-sending", "address"), "2.3.0")
    denied(world.use("no-such-purpose", "address"), "2.3.0")
    allowed(world.use("charging", "address"))


@pytest.mark.proves("collection.declared-pairs-only")
def test_what_was_collected_for_one_purpose_is_not_used_for_another(world: World) -> None:
    world.member().happens("etax.enabled").has("etax-invoice", "email")
    denied(world.use("bill-sending", "email"), "2.3.0")
    allowed(world.use("etax-invoice", "email"))


@pytest.mark.proves("collection.only-from-members")
def test_before_the_service_only_a_sign_up_is_collected(world: World) -> None:
    denied(world.collect("charging", "card_no"), "2.1.a")
    allowed(world.collect("identification", "applicant_name"))
    allowed(world.member().collect("charging", "card_no"))


@pytest.mark.proves("collection.only-by-statute")
def test_the_last_digits_of_a_birth_date_need_a_statute(world: World) -> None:
    world.member().happens("scraping.enabled")
    denied(world.collect("scraping", "birth_last_digits"), "2.3.F")
    denied(world.collect("scraping", "birth_last_digits", statute="kr/no-such-act"), "2.3.F")
    allowed(world.collect("scraping", "birth_last_digits", statute="kr/national-tax-act"))


@pytest.mark.proves("collection.only-by-declared-methods")
def test_data_comes_in_by_a_declared_method_only(world: World) -> None:
    world.member()
    denied(world.collect("identification", "email", method="bought-list"), "3.A", "3.B")
    for method in ("form", "website", "scan", "phone", "fax", "consultation", "giveaway", "delivery"):
        allowed(world.collect("identification", "email", method=method))


@pytest.mark.proves("collection.one-record-per-matter")
def test_there_is_one_record_of_a_kind_in_a_matter(world: World) -> None:
    world.member()
    denied(world.collect("statutory-record", "complaint_record"), "5.3.0")
    allowed(world.collect("statutory-record", "complaint_record", matter="complaint:1"))
    denied(world.collect("statutory-record", "complaint_record", matter="complaint:1"), "5.3.0")
    allowed(world.collect("statutory-record", "complaint_record", matter="complaint:2"))


@pytest.mark.proves("purpose")
def test_what_opens_a_matter_within_a_service_is_collected_while_that_is_on(clinic: World) -> None:
    denied(clinic.collect("booking", "wished_time", matter="appointment:1"), "1.3")
    clinic.happens("patient.registered").has("booking", "wished_time", matter="appointment:1")
    clinic.happens("patient.left")
    denied(clinic.collect("booking", "wished_time", matter="appointment:2"), "1.3")
