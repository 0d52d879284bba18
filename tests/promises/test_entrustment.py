"""Chapter "entrustment": only to those named, only under an agreement."""

from __future__ import annotations

import pytest
from tests.promises.conftest import World, allowed, denied


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
