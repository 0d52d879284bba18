"""Chapter "retention": the last day that is held, and the first that is not."""

from __future__ import annotations

import pytest
from tests.promises.conftest import World, allowed, denied

from wordkept.terms import Act, Choice, Role, State


@pytest.mark.proves("retention.during-service")
def test_use_lasts_as_long_as_the_service(world: World) -> None:
    world.member().has("identification", "email").on("2019-06-15").happens("service.terminated")
    allowed(world.use("bill-sending", "email"))
    denied(world.collect("identification", "gender"), "5.1.A")
    denied(world.on("2019-06-16").use("bill-sending", "email"), "6.1.B")


@pytest.mark.proves("retention.during-service")
def test_staff_do_not_destroy_what_the_service_still_uses(world: World) -> None:
    world.member().has("identification", "email")
    denied(world.ask(Act.DESTROY, "email", by=Role.STAFF), "5.1.A")
    world.happens("service.terminated").on("2017-01-03")
    allowed(world.ask(Act.DESTROY, "email", by=Role.STAFF))


@pytest.mark.proves("retention.during-service")
def test_a_sign_up_waits_a_month_at_most(world: World) -> None:
    world.has("identification", "email").on("2017-02-02")
    assert world.state("email") is State.LIVE
    world.on("2017-02-03")
    assert world.state("email") is State.DESTROYED


@pytest.mark.proves("retention.after-service")
def test_six_months_are_kept_after_the_service_and_not_a_day_more(world: World) -> None:
    world.member().has("identification", "email").on("2017-08-31").happens("service.terminated")
    assert world.on("2018-02-28").state("email") is State.SEPARATED
    assert world.on("2018-03-01").state("email") is State.DESTROYED


@pytest.mark.proves("retention.after-service")
def test_six_months_count_from_full_payment_if_that_is_later(world: World) -> None:
    world.member().has("identification", "email").happens("charge.raised", matter="inv-1")
    world.on("2017-03-01").happens("service.terminated").on("2018-03-01")
    assert world.state("email") is State.SEPARATED
    world.happens("account.settled").on("2018-09-01")
    assert world.state("email") is State.SEPARATED
    assert world.on("2018-09-02").state("email") is State.DESTROYED


@pytest.mark.proves("retention.after-service")
def test_who_refused_the_table_is_kept_for_no_six_months(world: World) -> None:
    world.member().has("identification", "email").choose("table", choice=Choice.WITHDRAWN)
    assert world.on("2017-01-03").state("email") is State.DESTROYED


@pytest.mark.proves("retention.during-dispute")
def test_a_dispute_keeps_what_it_is_about_until_it_is_resolved(world: World) -> None:
    world.member().has("identification", "email").happens("service.terminated")
    world.on("2017-07-02").happens("dispute.opened").on("2019-01-01")
    assert world.state("email") is State.SEPARATED
    denied(world.ask(Act.DESTROY, "email"), "5.1.C")
    allowed(world.use("bill-sending", "email", reason="dispute"), "5.1.C")
    denied(world.use("bill-sending", "email"), "6.1.B")
    world.happens("dispute.resolved").on("2019-01-02")
    assert world.state("email") is State.DESTROYED


@pytest.mark.proves("retention.during-dispute")
def test_a_dispute_about_named_records_keeps_no_others(world: World) -> None:
    world.member().has("statutory-record", "payment_record", matter="payment:1")
    world.has("identification", "email").has("service-record", "spam_original")
    world.happens("dispute.opened", matter="payment:1").happens("service.terminated").on("2017-07-03")
    assert (world.state("email"), world.state("spam_original")) == (State.SEPARATED, State.DESTROYED)


@pytest.mark.proves("retention.by-law")
def test_tax_law_keeps_its_items_five_years_and_lets_nobody_end_that(world: World) -> None:
    world.member().has("identification", "applicant_name").happens("service.terminated").on("2017-01-03")
    denied(world.ask(Act.DESTROY, "applicant_name"), "5.2.B")
    denied(world.ask(Act.DESTROY, "applicant_name", by=Role.STAFF), "5.2.B")
    assert world.on("2022-01-02").state("applicant_name") is State.SEPARATED
    assert world.on("2022-01-03").state("applicant_name") is State.DESTROYED


@pytest.mark.proves("retention.by-law")
@pytest.mark.parametrize(
    ("item", "clause", "last", "gone"),
    [
        ("advertisement_record", "5.3.A", "2017-07-02", "2017-07-03"),
        ("contract_record", "5.3.B", "2022-01-02", "2022-01-03"),
        ("payment_record", "5.3.C", "2022-01-02", "2022-01-03"),
        ("complaint_record", "5.3.D", "2020-01-02", "2020-01-03"),
        ("credit_handling_record", "5.3.E", "2020-01-02", "2020-01-03"),
    ],
)
def test_a_record_that_law_asks_for_is_kept_its_own_time(
    world: World, item: str, clause: str, last: str, gone: str
) -> None:
    world.member().has("statutory-record", item, matter="m:1").on(last)
    denied(world.ask(Act.DESTROY, item), clause)
    assert world.state(item) is State.SEPARATED
    assert world.on(gone).state(item) is State.DESTROYED


@pytest.mark.proves("retention.for-a-time")
def test_a_cookie_is_used_three_months_and_no_longer_than_it_is_wanted(world: World) -> None:
    world.choose("interest-information").has("site-operation", "cookie_id").has("interest-information", "content_used")
    world.on("2017-02-01").choose("interest-information", choice=Choice.WITHDRAWN).on("2017-02-02")
    assert (world.state("cookie_id"), world.state("content_used")) == (State.LIVE, State.DESTROYED)
    assert world.on("2017-04-02").state("cookie_id") is State.LIVE
    assert world.on("2017-04-03").state("cookie_id") is State.DESTROYED


@pytest.mark.proves("retention.by-law")
def test_a_period_may_count_from_the_end_of_the_year(shop: World) -> None:
    shop.on("2025-12-31").has("invoice", "order_sum", matter="order:1")
    shop.on("2026-01-01").has("invoice", "order_sum", matter="order:2")
    shop.on("2033-12-31")
    assert shop.state("order_sum", "order:1") is State.LIVE
    shop.on("2034-01-01")
    assert shop.state("order_sum", "order:1") is State.DESTROYED
    shop.on("2034-12-31")
    assert shop.state("order_sum", "order:2") is State.LIVE
    shop.on("2035-01-01")
    assert shop.state("order_sum", "order:2") is State.DESTROYED


@pytest.mark.proves("retention.after-service")
def test_what_belongs_to_a_matter_is_held_by_the_end_of_its_own_only(shop: World) -> None:
    for matter in ("order:1", "order:2"):
        shop.has("order", "order_content", matter=matter)
    shop.happens("order.completed", matter="order:1").on("2025-03-02")
    assert shop.state("order_content", "order:1") is State.SEPARATED
    assert shop.state("order_content", "order:2") is State.LIVE
    shop.happens("order.completed", matter="order:2").on("2027-03-01")
    assert shop.state("order_content", "order:1") is State.SEPARATED
    shop.on("2027-03-02")
    assert shop.state("order_content", "order:1") is State.DESTROYED
    assert shop.state("order_content", "order:2") is State.SEPARATED


@pytest.mark.proves("retention.during-dispute")
def test_a_dispute_about_a_matter_holds_its_records_and_no_others_unless_more_is_named(shop: World) -> None:
    for matter in ("order:1", "order:2"):
        shop.has("order", "order_content", matter=matter).happens("order.completed", matter=matter)
    shop.happens("complaint.raised", matter="order:1").on("2027-03-02")
    assert shop.state("order_content", "order:1") is State.SEPARATED
    assert shop.state("order_content", "order:2") is State.DESTROYED


def test_after_the_account_is_closed_an_order_can_still_be_placed_and_nothing_else(shop: World) -> None:
    shop.happens("account.opened", "account.closed")
    denied(shop.collect("running-the-account", "email"), "4.1")
    allowed(shop.collect("order", "email", matter="order:1"), "1.2")
    allowed(shop.collect("invoice", "order_sum", matter="order:1"), "1.6")
