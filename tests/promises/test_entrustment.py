"""Chapter "entrustment": only to those named, only under an agreement; copies outside as declared, and no longer."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.promises.conftest import World, allowed, denied

from wordkept.terms import Choice, OrderKind, State


@pytest.mark.proves("entrustment.only-as-declared")
def test_nothing_is_entrusted_to_anyone_the_policy_does_not_name(world: World) -> None:
    world.member().choose("entrustment").has("identification", "email")
    denied(world.entrust("cheap-calls", "email"), "8.0.a")
    allowed(world.entrust("ktis", "email"))


@pytest.mark.proves("entrustment.under-agreement")
def test_nothing_is_entrusted_without_an_agreement_in_force(world: World) -> None:
    world.member().choose("entrustment").has("identification", "email")
    allowed(world.entrust("ktis", "email"))
    world.happens("agreement.ended", matter="ktis", who=None)
    denied(world.entrust("ktis", "email"), "8.0.b")
    allowed(world.entrust("lg-cns", "email"))


def customer(shop: World) -> World:
    return shop.happens("account.opened").has("running-the-account", "customer_name", "email", "favourites")


@pytest.mark.proves("entrustment.only-as-declared")
def test_nothing_is_copied_to_a_store_the_policy_does_not_name(shop: World) -> None:
    customer(shop)
    denied(shop.entrust("warehouse", "favourites", purpose="recommendation"), "6.1")
    allowed(shop.entrust("recommender", "favourites", purpose="recommendation"), "6.7")


@pytest.mark.proves("store")
def test_a_store_holds_its_items_for_its_purposes_and_nothing_else(shop: World) -> None:
    customer(shop)
    denied(shop.entrust("recommender", "favourites"), "6.7")
    denied(shop.entrust("recommender", "favourites", purpose="running-the-account"), "6.7")
    denied(shop.entrust("recommender", "customer_name", purpose="running-the-account"), "6.7")
    allowed(shop.entrust("recommender", "email", "favourites", purpose="recommendation"), "6.7")


@pytest.mark.proves("store")
def test_a_store_that_a_processor_runs_is_under_its_agreement(shop: World) -> None:
    shop.choose("newsletter").has("newsletter", "email")
    allowed(shop.entrust("mailing-tool", "email", purpose="newsletter"), "6.8")
    shop.happens("agreement.ended", matter="newsletter-sender", who=None)
    denied(shop.entrust("mailing-tool", "email", purpose="newsletter"), "6.8")


@pytest.mark.proves("entrustment.copies-follow-their-purpose")
def test_a_copy_outside_is_ordered_erased_when_its_purpose_is_refused(shop: World) -> None:
    customer(shop)
    allowed(shop.entrust("recommender", "favourites", purpose="recommendation"))
    shop.choose("recommendation", choice=Choice.REFUSED)
    assert not shop.kernel.orders("someone")
    shop.on(str(shop.day + timedelta(days=1)))
    assert [(one.to, one.kind, one.items) for one in shop.kernel.orders("someone")] == [
        ("recommender", OrderKind.ERASE, ("favourites",))
    ]
    assert shop.state("favourites") is State.LIVE


@pytest.mark.proves("entrustment.copies-follow-their-purpose")
def test_a_copy_outside_is_ordered_erased_when_the_use_of_the_original_ends(shop: World) -> None:
    customer(shop)
    allowed(shop.entrust("recommender", "favourites", purpose="recommendation"))
    shop.happens("account.closed")
    assert shop.kernel.people["someone"].givens
    assert [one.keep_until for one in shop.kernel.people["someone"].givens.values()] == [shop.day]


@pytest.mark.proves("entrustment.agreement-has")
@pytest.mark.parametrize(
    ("tick", "clause"),
    [("law", "8.0.i"), ("secrecy", "8.0.ii"), ("onward", "8.0.iii"), ("liability", "8.0.iv"), ("return", "8.0.v")],
)
def test_an_agreement_counts_only_with_its_clauses(world: World, tick: str, clause: str) -> None:
    world.member().choose("entrustment").has("identification", "email")
    world.happens(f"agreement.{tick}-unticked", matter="ktis", who=None)
    denied(world.entrust("ktis", "email"), clause)
    allowed(world.entrust("lg-cns", "email"))
    world.happens(f"agreement.{tick}-ticked", matter="ktis", who=None)
    allowed(world.entrust("ktis", "email"))


@pytest.mark.proves("entrustment.returned-when-over")
def test_a_processor_gives_everything_back_when_its_agreement_ends(world: World) -> None:
    world.member().choose("entrustment").has("identification", "email")
    allowed(world.entrust("ktis", "email"))
    allowed(world.entrust("lg-cns", "email"))
    world.happens("agreement.ended", matter="ktis", who=None)
    world.on(str(world.day + timedelta(days=1)))
    assert [(one.to, one.kind, one.clauses) for one in world.kernel.orders("someone")] == [
        ("ktis", OrderKind.RETURN, ("8.0.v",))
    ]
    world.on(str(world.day + timedelta(days=9)))
    assert len(world.kernel.orders("someone")) == 1
