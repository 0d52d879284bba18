"""Chapter "consent": each choice apart, and obeyed."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec
import pytest
from tests.promises.conftest import World, allowed, denied

from wordkept.decision import Decision
from wordkept.policy.model import Policy
from wordkept.terms import Choice, Role


@pytest.mark.proves("consent.agreed-first")
def test_the_table_is_agreed_to_before_anything_is_collected_for_it(world: World) -> None:
    world.member().has("identification", "email")
    world.who = "newcomer"
    denied(world.collect("identification", "email"), "4.1.a")
    world.who = "someone"
    allowed(world.use("bill-sending", "email"))
    denied(world.choose("table", choice=Choice.WITHDRAWN).use("bill-sending", "email"), "4.1.a")
    denied(world.collect("identification", "gender"), "4.1.a")


@pytest.mark.proves("consent.notice-where-law-says")
def test_where_law_requires_the_record_a_notice_will_do(world: World) -> None:
    allowed(world.member().collect("tax-record", "charged_amt"), "4.1.b")
    without_it = world.collect("identification", "email")
    allowed(without_it)
    assert "4.1.b" not in without_it.because


@pytest.mark.proves("consent.refusal-is-obeyed")
def test_a_refusal_is_obeyed(world: World) -> None:
    world.member().has("identification", "email").choose("marketing")
    allowed(world.use("marketing", "email"))
    world.choose("marketing", choice=Choice.WITHDRAWN)
    denied(world.use("marketing", "email"), "4.2.a", "10.1.c")
    denied(world.collect("marketing", "email"), "4.2.a")


@pytest.mark.proves("consent.refused-provision-is-obeyed")
def test_a_refused_recipient_is_given_nothing(world: World) -> None:
    world.member().has("identification", "applicant_name").choose("provision:kmc")
    allowed(world.provide("kmc", "applicant_name"))
    denied(world.choose("provision:kmc", choice=Choice.REFUSED).provide("kmc", "applicant_name"), "4.2.b")


@pytest.mark.proves("consent.entrusted-with-consent")
def test_nothing_is_entrusted_without_consent_to_that(world: World) -> None:
    world.member().has("identification", "applicant_name")
    denied(world.entrust("ktis", "applicant_name"), "4.2.c")
    allowed(world.choose("entrustment").entrust("ktis", "applicant_name"))


def widened(world: World, purpose: str, item: str) -> World:
    """A world in which a later edition lists another item for a purpose, and a member who agreed before."""
    first = world.edition
    old = first.purposes[purpose]
    told = msgspec.structs.replace(old, items=(*old.items, item))
    wider = msgspec.structs.replace(
        first, effective=date(2018, 1, 1), digest="wider", purposes={**first.purposes, purpose: told}
    )
    for asked, found in wider.guards.items():
        renewed = (msgspec.structs.replace(one, params=told) if one.params == old else one for one in found)
        wider = msgspec.structs.replace(wider, guards={**wider.guards, asked: tuple(renewed)})
    later = World(Policy(path="", editions=(first, wider))).member()
    return later.choose(*[purpose] if old.consent else []).has("identification", item, "email").on("2018-01-01")


@pytest.mark.proves("consent.to-published-terms")
def test_a_wider_purpose_needs_a_new_consent(world: World) -> None:
    later = widened(world, "marketing", "address")
    allowed(later.use("marketing", "email"))
    denied(later.use("marketing", "address"), "4.2.d")
    allowed(later.choose("marketing").use("marketing", "address"))


@pytest.mark.proves("provision.hardship-permits-use")
def test_a_written_reason_stands_in_for_a_consent_that_is_extremely_hard_to_obtain(world: World) -> None:
    later = widened(world, "bill-sending", "birthdate")

    def use(second: str | None = "lee-3", reason: str | None = "economic") -> Decision:
        staff = {"second": second}
        return later.use("bill-sending", "birthdate", by=Role.STAFF, staff=staff, reason=reason)

    denied(use(), "4.2.d")
    later.happens("hardship.written-down", matter="bill-sending:economic")
    allowed(use(), "7.2.f")
    denied(use(reason=None), "4.2.d")
    denied(use(reason="technical"), "4.2.d")
    denied(use(second="test"), "4.2.d")
    denied(use(second=None), "4.2.d")
    later.choose("table", choice=Choice.WITHDRAWN)
    denied(use(), "4.1.a")


def _later(policy: Policy, **more: Any) -> World:
    """Somebody agreed to everything under the first edition; a year later another is in force."""
    first = policy.editions[-1]
    later = msgspec.structs.replace(first, effective=date(2018, 1, 1), digest="later", **more)
    world = World(Policy(path="", editions=(first, later))).member().choose("marketing", "provision:kmc")
    return world.has("identification", "email", "birthdate").on("2018-01-01")


@pytest.mark.proves("consent.asked-again-when-changed")
def test_a_recipient_that_keeps_it_longer_needs_another_consent(world: World) -> None:
    first, policy = world.edition, world.policy
    allowed(_later(policy).provide("kmc", "birthdate"))
    shorter, longer = (
        tuple(
            msgspec.structs.replace(one, params=msgspec.structs.replace(one.params, lasts=lasts))
            if one.rule.name == "provision.kept-after-service"
            else one
            for one in first.sharing
        )
        for lasts in ("P1M", "P7M")
    )
    allowed(_later(policy, sharing=shorter).provide("kmc", "birthdate"))
    changed = _later(policy, sharing=longer)
    denied(changed.provide("kmc", "birthdate"), "4.2.d")
    allowed(changed.use("marketing", "email"))
    allowed(changed.choose("provision:kmc").provide("kmc", "birthdate"))


@pytest.mark.proves("consent.asked-again-when-changed")
def test_a_purpose_that_reads_otherwise_needs_another_consent(world: World) -> None:
    first, policy = world.edition, world.policy
    told = msgspec.structs.replace(first.purposes["marketing"], title="to sell what we know")
    changed = _later(policy, purposes={**first.purposes, "marketing": told})
    denied(changed.use("marketing", "email"), "4.2.d")
    allowed(changed.use("inquiry", "email"))
    allowed(changed.choose("marketing").use("marketing", "email"))


def test_refusing_what_is_free_never_blocks_the_service(world: World) -> None:
    """Every choice but the needed one is refused: the table is collected and used as before."""
    edition = world.edition
    free = sorted(edition.consents - {"table"})
    world.member().choose(*free, choice=Choice.REFUSED)
    for name, purpose in edition.purposes.items():
        if purpose.group == "table" and name != "service-record":
            items = [item for item in purpose.items if not edition.items[item].category]
            world.has(name, *items)
            allowed(world.use(name, *items))


@pytest.mark.proves("consent.category-by-consent")
def test_a_forbidden_category_opens_by_consent_to_just_that(world: World) -> None:
    world.member().choose("category:health")
    denied(world.collect("charging", "relationship"), "2.2.3")
    allowed(world.choose("category:family-relations").collect("charging", "relationship"), "2.2.7")
    world.choose("category:family-relations", choice=Choice.WITHDRAWN)
    denied(world.use("charging", "relationship"), "2.2.3")


@pytest.mark.proves("consent.category-by-statute")
def test_a_forbidden_category_opens_where_a_statute_in_force_is_cited(world: World) -> None:
    world.member()
    denied(world.collect("charging", "relationship", statute="kr/no-such-act"), "2.2.3")
    allowed(world.collect("charging", "relationship", statute="kr/pipa"), "2.2.8")
    allowed(world.use("charging", "relationship"), "2.2.8")


@pytest.mark.proves("consent.by-guardian")
def test_of_a_child_nothing_is_taken_before_a_guardian_consents(shop: World) -> None:
    shop.happens("minority.declared").choose("newsletter")
    denied(shop.collect("newsletter", "email"), "3.1")
    shop.choose("parent").has("newsletter", "email")
    allowed(shop.use("newsletter", "email"), "1.8")
    shop.choose("parent", choice=Choice.WITHDRAWN)
    denied(shop.use("newsletter", "email"), "3.1")
    allowed(shop.collect("order", "email", matter="order:1"), "1.2")
    shop.happens("minority.ended")
    allowed(shop.use("newsletter", "email"), "1.8")
