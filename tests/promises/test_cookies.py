"""Chapter "cookies": a browser keeps what is declared, and its own signal refuses."""

from __future__ import annotations

import pytest
from tests.promises.conftest import World, allowed, denied

SIGNAL = {"signal": True}


@pytest.mark.proves("cookies.only-as-declared")
def test_a_browser_keeps_nothing_that_the_policy_does_not_name(world: World) -> None:
    denied(world.collect("site-operation", "cookie_id", method="tool", cookie="tracker"), "11.0.a")
    allowed(world.collect("site-operation", "cookie_id", method="tool", cookie="visitor"))


@pytest.mark.proves("cookies.only-as-declared")
def test_a_cookie_keeps_its_own_item_for_its_own_purposes(shop: World) -> None:
    shop.choose("statistics")
    denied(shop.collect("statistics", "visitor_number", method="shop-work", cookie="basket"), "1.14")
    denied(shop.collect("statistics", "page_log", method="shop-work", cookie="visitor"), "1.14")
    allowed(shop.collect("statistics", "visitor_number", method="shop-work", cookie="visitor"))


@pytest.mark.proves("cookies.only-as-declared")
def test_a_site_without_cookies_keeps_nothing_in_a_browser(clinic: World) -> None:
    clinic.happens("patient.registered")
    denied(clinic.collect("waiting-list", "mobile", method="web", cookie="session", matter="w-1"), "3.6")
    allowed(clinic.collect("waiting-list", "mobile", method="web", matter="w-1"))


@pytest.mark.proves("cookies.only-as-declared")
def test_what_only_remembers_the_choice_keeps_nothing_about_a_person(world: World) -> None:
    denied(world.collect("site-operation", "cookie_id", method="tool", cookie="cookie-choice"), "11.0.a")


@pytest.mark.proves("cookies.signal-refuses")
def test_a_browser_that_refuses_by_itself_is_obeyed_whatever_was_chosen(world: World) -> None:
    world.choose("frequency-analysis").has("frequency-analysis", "access_log", method="tool")
    denied(world.collect("frequency-analysis", "access_log", method="tool", staff=SIGNAL), "11.2.a")
    denied(world.use("frequency-analysis", "access_log", staff=SIGNAL), "11.2.a")
    allowed(world.use("frequency-analysis", "access_log"))


@pytest.mark.proves("cookies.signal-refuses")
def test_a_signal_does_not_refuse_what_nobody_was_asked_about(shop: World) -> None:
    allowed(shop.collect("basket", "basket_number", method="shop-work", cookie="basket", staff=SIGNAL))
    shop.choose("statistics")
    denied(shop.collect("statistics", "page_log", method="shop-work", staff=SIGNAL), "1.14")


@pytest.mark.proves("cookies.browser-decides")
def test_a_browser_that_blocks_cookies_is_collected_from_by_none(world: World) -> None:
    blocks = {"blocks": True}
    denied(world.collect("site-operation", "cookie_id", method="tool", cookie="visitor", staff=blocks), "11.0.c")
    denied(world.collect("site-operation", "cookie_id", method="tool", cookie="visitor", staff=blocks), "11.2.B.1")
    allowed(world.collect("site-operation", "access_ip", method="tool", staff=blocks))
    allowed(world.collect("site-operation", "cookie_id", method="tool", cookie="visitor"))
