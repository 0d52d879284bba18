"""Chapter "destruction": apart when use ends, gone when nothing holds it, and never brought back."""

from __future__ import annotations

import pytest
from tests.promises.conftest import World, allowed, denied

from wordkept.decision import owed
from wordkept.policy.model import Deed
from wordkept.record import changes
from wordkept.terms import Act, Role, State


@pytest.mark.proves("destruction.without-delay")
def test_what_nothing_holds_is_destroyed_in_the_next_run(world: World) -> None:
    world.member().happens("etax.enabled").has("etax-invoice", "etax_id").happens("etax.disabled")
    assert world.state("etax_id") is State.LIVE
    assert world.on("2017-01-03").state("etax_id") is State.DESTROYED


@pytest.mark.proves("destruction.without-delay")
def test_the_operator_destroys_what_it_only_may_keep(world: World) -> None:
    world.member().has("identification", "email", "applicant_name").happens("service.terminated").on("2017-01-03")
    allowed(world.ask(Act.DESTROY, "email", by=Role.SYSTEM), "6.0")
    denied(world.ask(Act.DESTROY, "applicant_name", by=Role.SYSTEM), "5.2.B")


@pytest.mark.proves("destruction.separated-when-use-ends")
def test_what_is_only_kept_is_kept_apart(world: World) -> None:
    world.member().has("identification", "email").happens("service.terminated")
    assert world.state("email") is State.LIVE
    assert world.on("2017-01-03").state("email") is State.SEPARATED


@pytest.mark.proves("destruction.when-its-time-is-over")
def test_what_is_kept_apart_is_destroyed_when_its_time_is_over(world: World) -> None:
    world.member().has("identification", "email").happens("service.terminated").on("2017-01-03")
    assert world.on("2017-07-02").state("email") is State.SEPARATED
    assert world.on("2017-07-03").state("email") is State.DESTROYED


@pytest.mark.proves("destruction.separated-is-not-used")
def test_what_is_kept_apart_is_for_nothing_else(world: World) -> None:
    world.member().choose("provision:kmc", "entrustment").has("identification", "applicant_name")
    allowed(world.use("bill-sending", "applicant_name"))
    world.happens("service.terminated").on("2017-01-03")
    denied(world.use("bill-sending", "applicant_name"), "6.1.B", "10.7.b")
    denied(world.provide("kmc", "applicant_name"), "6.1.B")
    denied(world.entrust("ktis", "applicant_name"), "6.1.B")
    denied(world.ask(Act.CORRECT, "applicant_name"), "6.1.B")
    denied(world.ask(Act.FREEZE, "applicant_name"), "6.1.B")
    allowed(world.ask(Act.VIEW, "applicant_name"))


@pytest.mark.proves("destruction.unrecoverable")
def test_what_is_destroyed_is_forgotten_by_every_key(world: World) -> None:
    world.member().has("identification", "email")
    record = world.record("email")
    assert owed(world.edition, record, world.day) is None
    assert owed(world.edition, changes.destroyed(record), world.day) == (Deed.FORGET, "6.2.B")
