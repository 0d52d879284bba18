"""Chapter "provision": to nobody but those named, on no ground but those named."""

from __future__ import annotations

import pytest
from tests.promises.conftest import World, allowed, denied

from wordkept.terms import Channel, Choice


@pytest.mark.proves("provision.only-as-declared")
def test_nothing_is_given_to_anyone_the_policy_does_not_name(world: World) -> None:
    world.member().has("identification", "applicant_name", "address").choose("provision:kmc")
    denied(world.provide("data-broker", "applicant_name"), "7.0.b")
    denied(world.provide("kmc", "address"), "7.0.b")
    allowed(world.provide("kmc", "applicant_name"))


@pytest.mark.proves("provision.only-as-declared")
def test_what_was_collected_for_an_add_on_is_not_provided(world: World) -> None:
    world.member().happens("scraping.enabled").choose("provision:kibnet").has("scraping", "bank_name", "account_no")
    denied(world.provide("kibnet", "bank_name"), "7.0.b")
    denied(world.provide("kibnet", "account_no"), "7.0.b")
    allowed(world.has("charging", "account_no").provide("kibnet", "account_no"))


@pytest.mark.proves("provision.with-consent-only")
def test_nothing_is_provided_without_consent_to_that_recipient(world: World) -> None:
    world.member().has("identification", "applicant_name", "birthdate").choose("provision:daou-tech")
    denied(world.provide("kmc", "applicant_name"), "9.0", "7.1.0")
    allowed(world.choose("provision:kmc").provide("kmc", "applicant_name", "birthdate"))


@pytest.mark.proves("provision.written-consent-only")
def test_only_a_signed_consent_by_a_written_channel_lets_anything_go(world: World) -> None:
    world.member().has("identification", "applicant_name")
    for channel in Channel:
        world.choose("provision:kmc", channel=channel, identified=False)
        denied(world.provide("kmc", "applicant_name"), "9.0")
        answer = world.choose("provision:kmc", channel=channel).provide("kmc", "applicant_name")
        if channel in {Channel.TELEPHONE, Channel.OFFICE}:
            denied(answer, "9.0")
        else:
            allowed(answer, "7.0.c")
    denied(world.choose("provision:kmc", choice=Choice.REFUSED).provide("kmc", "applicant_name"), "9.0")


@pytest.mark.proves("provision.written-consent-only")
def test_a_consent_of_which_nobody_can_show_the_text_opens_no_provision(world: World) -> None:
    world.member().has("identification", "applicant_name")
    world.kernel.people["someone"].choose(world.day, "provision:kmc", Choice.GIVEN, proved=False)
    denied(world.provide("kmc", "applicant_name"), "9.0")


@pytest.mark.proves("provision.by-consent")
def test_consent_is_a_ground_to_provide(world: World) -> None:
    world.member().has("identification", "applicant_name").choose("provision:kmc")
    allowed(world.provide("kmc", "applicant_name"), "7.0.c", "7.2.e")
    denied(world.choose("provision:kmc", choice=Choice.WITHDRAWN).provide("kmc", "applicant_name"), "9.0")


@pytest.mark.proves("provision.by-law")
def test_an_authority_is_answered_when_it_asks_by_a_document(world: World) -> None:
    world.member().has("identification", "applicant_name", "gender")
    denied(world.provide("authority", "applicant_name"), "7.0.b", "9.0")
    denied(world.provide("authority", "applicant_name", legal_request="doc-7"), "9.0")
    world.happens("authority.granted", matter="doc-7:applicant_name")
    allowed(world.provide("authority", "applicant_name", legal_request="doc-7"), "9.2")
    denied(world.provide("authority", "applicant_name", "gender", legal_request="doc-7"), "9.0")
    denied(world.provide("authority", "applicant_name", legal_request="doc-8"), "9.0")


@pytest.mark.proves("provision.for-settlement")
def test_a_payment_is_settled_without_asking_while_it_is_owed_and_claimed(world: World) -> None:
    world.member().has("charging", "card_no").has("identification", "gender")
    denied(world.provide("daou-tech", "card_no", reason="settlement"), "9.0")
    world.happens("charge.raised", matter="inv-1")
    denied(world.provide("daou-tech", "card_no"), "9.0")
    denied(world.provide("kmc", "gender", reason="settlement"), "9.0")
    allowed(world.provide("daou-tech", "card_no", reason="settlement"), "9.1")


@pytest.mark.proves("provision.for-an-open-matter")
def test_who_has_a_part_in_a_matter_is_given_its_items_while_it_is_open(shop: World) -> None:
    shop.has("order", "delivery_address", matter="order:1")
    allowed(shop.provide("carrier", "delivery_address"), "5.3")
    denied(shop.provide("collection-agency", "delivery_address"), "5.2")
    shop.happens("order.completed", matter="order:1").has("order", "delivery_address", matter="order:2")
    denied(shop.provide("carrier", "delivery_address", matter="order:1"), "5.2")
    denied(shop.provide("carrier", "delivery_address"), "5.2")
    allowed(shop.on("2025-03-02").provide("carrier", "delivery_address"), "5.3")


@pytest.mark.proves("provision.by-statute")
def test_whom_a_statute_in_force_names_is_given_its_items_without_consent(clinic: World) -> None:
    clinic.happens("patient.registered")
    act = "kr/national-health-insurance-act"
    clinic.has("claim", "bill_sum", "rrn", matter="claim:1", statute=act)
    allowed(clinic.provide("assessment-service", "bill_sum", "rrn"), "7.3")
    denied(clinic.has("register", "address").provide("assessment-service", "address"), "7.1")
    denied(clinic.provide("referral-hospital", "bill_sum"), "7.2")
