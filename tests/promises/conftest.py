"""A person's days under a policy, told in a few words; every promise is tested on one.

A test takes ``world`` (the reference policy) or the world of another policy, and nothing else, so that ``test_table``
can play it again under that policy with the rule it proves silent, and see it fail.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import pytest

from wordkept import law
from wordkept.decision import Decision
from wordkept.person import agreed
from wordkept.policy.editions import load
from wordkept.policy.model import Binding, Edition, Policy
from wordkept.record import Actor, Record, Representation, Request, Standing
from wordkept.rules import RULES
from wordkept.terms import Act, Choice, Effect, Level, Role, State
from wordkept.trace.kernel import Kernel

ROOT = Path(__file__).resolve().parents[2]
FIRST = date(2017, 1, 2)


POLICIES = {"world": "bizmeka-ez", "shop": "papierboot", "clinic": "haneul-clinic"}
"""By the name of a test's parameter, the policy that its world is under."""


@cache
def policy_of(world: str) -> Policy:
    return load(ROOT / "policies" / POLICIES[world], RULES, law.load(ROOT / "law"))


def silent(policy: Policy, rule: str) -> Policy:
    """The policy as if nothing stood behind a rule's name."""
    return Policy(path=policy.path, editions=tuple(_silent(edition, rule) for edition in policy.editions))


def _silent(edition: Edition, rule: str) -> Edition:
    def rest(bindings: tuple[Binding, ...]) -> tuple[Binding, ...]:
        return tuple(one for one in bindings if one.rule.name != rule)

    guards = {asked: rest(bindings) for asked, bindings in edition.guards.items()}
    return msgspec.structs.replace(
        edition,
        guards=guards,
        holders=rest(edition.holders),
        owers=rest(edition.owers),
        sharing=rest(edition.sharing),
        hearing=rest(edition.hearing),
    )


class World:
    """One person (others by name) under a policy; agreements are in force and its groups are agreed to."""

    def __init__(self, policy: Policy) -> None:
        self.policy, self.kernel, self.who = policy, Kernel(policy), "someone"
        self.edition = policy.editions[-1]
        self.day = max(FIRST, policy.editions[0].effective)
        for kind in agreed(self.edition):
            for party in dict.fromkeys((*self.edition.recipients, *self.edition.processors)):
                self.kernel.event(None, self.day, kind.opens, party)
        self.choose(*{one.group for one in self.edition.purposes.values() if one.group})

    def on(self, day: str) -> World:
        """A later day, after its run."""
        self.day = date.fromisoformat(day)
        self.kernel.run(self.day)
        return self

    def happens(self, *kinds: str, matter: str | None = None, who: str | None = "someone") -> World:
        for kind in kinds:
            self.kernel.event(who, self.day, kind, matter)
        return self

    def choose(self, *to: str, choice: Choice = Choice.GIVEN, **how: Any) -> World:
        for one in to:
            self.kernel.consent(self.who, self.day, one, choice, **how)
        return self

    def member(self) -> World:
        return self.happens("service.subscribed")

    def has(self, purpose: str, *items: str, **more: Any) -> World:
        """Something was collected, whatever it took to be allowed."""
        allowed(self.collect(purpose, *items, **more))
        return self

    def accepts(self, standing: Standing, *acts: Act, name: str = "test") -> World:
        """A representative was accepted, for all that a test asks if nothing is said."""
        said = Representation(standing, name, acts or tuple(Act), date(2017, 12, 31))
        return self.happens("representation.accepted", matter=said.matter)

    def collect(
        self, purpose: str, *items: str, by: Role = Role.SYSTEM, method: str | None = None, **more: Any
    ) -> Decision:
        method = method or next(iter(self.edition.methods))
        return self.ask(Act.COLLECT, *items, by=by, purpose=purpose, method=method, **more)

    def use(self, purpose: str | None, *items: str, by: Role = Role.SYSTEM, **more: Any) -> Decision:
        return self.ask(Act.USE, *items, by=by, purpose=purpose, **more)

    def provide(self, to: str, *items: str, by: Role = Role.SYSTEM, **more: Any) -> Decision:
        return self.ask(Act.PROVIDE, *items, by=by, to=to, **more)

    def entrust(self, to: str, *items: str, by: Role = Role.SYSTEM, **more: Any) -> Decision:
        return self.ask(Act.ENTRUST, *items, by=by, to=to, **more)

    def ask(
        self, act: Act, *items: str, by: Role = Role.MEMBER, staff: Mapping[str, Any] | None = None, **more: Any
    ) -> Decision:
        actor = Actor(by, "test", level=more.pop("level", Level.DOCUMENT), **(staff or {}))
        return self.kernel.ask(self.who, Request(act=act, items=items, by=actor, on=self.day, **more), {})

    def state(self, item: str, matter: str | None = None) -> State:
        return self.kernel.state(self.who, item, matter)

    def record(self, item: str) -> Record:
        return next(one for one in self.kernel.people[self.who].records if one.item == item)


def allowed(decision: Decision, *because: str) -> None:
    """It is, and these clauses are among those that determined it."""
    assert decision.effect is Effect.ALLOW, (decision.reason, decision.because)
    assert set(because) <= set(decision.because), decision.because


def denied(decision: Decision, *because: str) -> None:
    """It is, and these clauses are among those that determined it."""
    assert decision.effect is Effect.DENY, decision.because
    assert set(because) <= set(decision.because), (decision.reason, decision.because)


@pytest.fixture
def world() -> World:
    return World(policy_of("world"))


@pytest.fixture
def shop() -> World:
    return World(policy_of("shop"))


@pytest.fixture
def clinic() -> World:
    return World(policy_of("clinic"))
