"""The real vault against the pure kernel, step by step over random lives: the same decisions, states and days.

Both move people with one class; what can differ is everything around it: loading, writing back, batches, separation,
runs, restarts and epochs. What is *not* here: whether the kernel itself is right (``tests/properties``).
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from tests.gate.conftest import POLICY, START, VALUES, Someone, assert_whole, at, new_id, sweep

from wordkept.decision import Decision
from wordkept.gate import Asked, Gate, Happening, Outbox, Temporary
from wordkept.person import agreed
from wordkept.record import Actor, ImpossibleEventError, Order, Record, Request
from wordkept.terms import Act, Choice, Role, State
from wordkept.texts import shown_on
from wordkept.trace.kernel import Kernel

PAIRS = (
    ("identification", "email"), ("identification", "applicant_name"), ("identification", "mobile_phone"),
    ("charging", "card_no"), ("bill-sending", "email"), ("service-record", "access_ip"), ("marketing", "email"),
    ("marketing", "gender"), ("tax-record", "rrn"), ("tax-record", "applicant_name"), ("etax-invoice", "ceo_name"),
    ("statutory-record", "payment_record"), ("statutory-record", "contract_record"), ("site-operation", "access_ip"),
    ("interest-information", "content_used"), ("id-verification", "id_card_copy"),
    ("representative-verification", "id_card_copy"), ("representative-verification", "poa_doc"),
    ("representative-verification", "seal_cert"), ("scraping", "birth_last_digits"), ("marketing", "rrn"),
)  # fmt: skip
ITEMS = ("email", "email", "applicant_name", "mobile_phone", "rrn", "gender", "access_ip", "payment_record", "ceo_name")
EVENTS = (
    "service.terminated", "service.subscribed", "dispute.opened", "dispute.resolved", "charge.raised",
    "account.settled", "request.decided", "etax.enabled", "etax.disabled", "signup.abandoned", "group.joined",
    "group.left",
)  # fmt: skip
WITH_MATTER = {"dispute.opened", "dispute.resolved", "charge.raised", "account.settled", "request.decided"}
MATTERS = (None, "payment:1", "payment:2", "request:1")
CONSENTS = ("table", "marketing", "interest-information", "provision:group-members", "provision:kmc", "entrustment")
JUMPS = (1, 1, 2, 10, 11, 31, 93, 184, 185, 366, 1100, 1830)
PEOPLE = ("first", "second")


class Worlds(RuleBasedStateMachine):
    """Two people in the kernel and in the vault, to whom the same things happen."""

    gate: ClassVar[Gate]

    def __init__(self) -> None:
        super().__init__()
        self.kernel, self.day, self.late = Kernel(POLICY), START, False
        self.group = f"group:{new_id()}"
        for kind in agreed(POLICY.editions[0]):
            for party in (*POLICY.editions[0].recipients, *POLICY.editions[0].processors):
                self.kernel.event(None, START, kind.opens, party)

    @initialize(late=st.booleans(), members=st.booleans())
    def begin(self, late: bool, members: bool) -> None:  # noqa: FBT001  (drawn, not called)
        self.late = late
        self.subjects = {who: Someone(self.gate, START, member=False).subject for who in PEOPLE}
        for who in PEOPLE:
            self.consents(who, "table", Choice.GIVEN)
            if members:
                self.happens(who, "service.subscribed", None)
                self.consents(who, "provision:group-members", Choice.GIVEN)
                self.happens(who, "group.joined", self.group)
                for purpose, item in PAIRS[:3]:
                    self.collect(who, (purpose, item), None, Role.SYSTEM)
        self.provide("first", "group-members", "email")

    # What is done to both.

    def happens(self, who: str, kind: str, matter: str | None) -> None:
        (done,) = self.gate.happen([Happening(self.subjects[who], kind, matter)], at(self.day))
        possible = True
        try:
            self.kernel.event(who, self.day, kind, matter)
        except ImpossibleEventError:
            possible = False
        assert isinstance(done, int) == possible, (kind, done)

    def consents(self, who: str, to: str, choice: Choice) -> None:
        shown, by = shown_on(POLICY, self.day, to), Actor(Role.MEMBER)
        asked = Happening(self.subjects[who], "consent", None, to, choice, by=by, shown=shown)
        self.gate.happen([asked], at(self.day))
        self.kernel.consent(who, self.day, to, choice)

    def asks(self, *asked: tuple[str, Request]) -> None:
        asks = [
            Asked(self.subjects[who], ask, {item: VALUES[item] for item in ask.items if ask.act is Act.COLLECT})
            for who, ask in asked
        ]
        outcomes = self.gate.perform_many(asks, at(self.day))
        for (who, ask), outcome in zip(asked, outcomes, strict=True):
            assert said(outcome.decision) == said(self.kernel.ask(who, ask, {})), ask
            if outcome.decision.effect == "allow" and ask.act in {Act.USE, Act.VIEW, Act.PROVIDE, Act.ENTRUST}:
                assert {item for item, some in outcome.values.items() if some} == set(ask.items)

    def request(self, act: Act, items: tuple[str, ...], role: Role, **more: Any) -> Request:
        actor = Actor(role, name=f"test-{role}", second="test-second")
        return Request(act=act, items=items, by=actor, on=self.day, **more)

    # The rules.

    @rule(days=st.sampled_from(JUMPS))
    def sleep(self, days: int) -> None:
        if (self.day + timedelta(days=days)).year < 2038:
            self.day += timedelta(days=days)
            if not self.late:
                self.run_of_the_day()

    @rule()
    def run_of_the_day(self) -> None:
        sweep(self.gate, self.day)
        self.kernel.run(self.day)
        for who in PEOPLE:
            there = Counter((one.item, one.state) for one in self.gate.records(self.subjects[who]))
            wanted = [one for one in self.kernel.people[who].records if one.state is not State.DESTROYED]
            assert there == Counter((one.item, one.state) for one in wanted), who
            with Outbox(self.gate.installation, POLICY) as outbox:
                ordered = [one.order for one in outbox.open(self.subjects[who])]
            assert orders_of(ordered) == orders_of(self.kernel.orders(who)), who

    @rule()
    def restart(self) -> None:
        self.gate.close()

    @rule(who=st.sampled_from(PEOPLE), kind=st.sampled_from(EVENTS), matter=st.sampled_from(MATTERS))
    def something_happens(self, who: str, kind: str, matter: str | None) -> None:
        matter = self.group if kind.startswith("group.") else matter if kind in WITH_MATTER else None
        self.happens(who, kind, matter)

    @rule(who=st.sampled_from(PEOPLE), to=st.sampled_from(CONSENTS), choice=st.sampled_from(list(Choice)[:3]))
    def somebody_chooses(self, who: str, to: str, choice: Choice) -> None:
        self.consents(who, to, choice)

    @rule(
        who=st.sampled_from(PEOPLE),
        pair=st.sampled_from(PAIRS),
        matter=st.sampled_from(MATTERS),
        role=st.sampled_from([Role.MEMBER, Role.SYSTEM, Role.SYSTEM]),
    )
    def collect(self, who: str, pair: tuple[str, str], matter: str | None, role: Role) -> None:
        more = {"purpose": pair[0], "matter": matter, "method": "website"}
        self.asks((who, self.request(Act.COLLECT, (pair[1],), role, **more)))

    @rule(who=st.sampled_from(PEOPLE), pair=st.sampled_from(PAIRS), more=st.sampled_from(["", "law", "dispute"]))
    def use(self, who: str, pair: tuple[str, str], more: str) -> None:
        how = {"law": {"legal_request": "19-1"}, "dispute": {"purpose": pair[0], "reason": "dispute"}}
        ask = self.request(Act.USE, (pair[1],), Role.SYSTEM, **how.get(more, {"purpose": pair[0]}))
        self.asks((who, ask))

    @rule(
        who=st.sampled_from(PEOPLE),
        to=st.sampled_from(["group-members", "kmc", "authority"]),
        item=st.sampled_from(["email", "mobile_phone", "rrn"]),
    )
    def provide(self, who: str, to: str, item: str) -> None:
        legal = "19-2" if to == "authority" else None
        self.asks((who, self.request(Act.PROVIDE, (item,), Role.SYSTEM, to=to, legal_request=legal)))

    @rule(who=st.sampled_from(PEOPLE), item=st.sampled_from(["email", "mobile_phone", "gender"]))
    def entrust(self, who: str, item: str) -> None:
        self.asks((who, self.request(Act.ENTRUST, (item,), Role.SYSTEM, to="ktis")))

    @rule(
        who=st.sampled_from(PEOPLE),
        act=st.sampled_from([Act.VIEW, Act.CORRECT, Act.FREEZE, Act.LIFT, Act.DESTROY]),
        items=st.lists(st.sampled_from(ITEMS), min_size=1, max_size=3, unique=True),
        role=st.sampled_from([Role.MEMBER, Role.MEMBER, Role.STAFF, Role.REPRESENTATIVE]),
    )
    def ask(self, who: str, act: Act, items: list[str], role: Role) -> None:
        self.asks((who, self.request(act, tuple(items), role, reason="asked")))

    @rule(
        who=st.sampled_from(PEOPLE),
        steps=st.lists(
            st.tuples(st.sampled_from([Act.COLLECT, Act.COLLECT, Act.CORRECT, Act.FREEZE, Act.DESTROY]),
                      st.sampled_from(PAIRS[:5])),
            min_size=2, max_size=6,
        ),
    )  # fmt: skip
    def batch(self, who: str, steps: list[tuple[Act, tuple[str, str]]]) -> None:
        more = {"purpose": "identification", "method": "website"}
        asks = [
            self.request(act, (item,), Role.MEMBER, **({**more, "purpose": purpose} if act is Act.COLLECT else {}))
            for act, (purpose, item) in steps
        ]
        self.asks(*((who, one) for one in asks))

    # What must be so at any time.

    @invariant()
    def both_know_the_same(self) -> None:
        for who in PEOPLE if hasattr(self, "subjects") else ():
            subject = self.subjects[who]
            assert self.gate.history(subject) == self.kernel.history(who)
            there = Counter(seen(one, self) for one in self.gate.records(subject))
            known = Counter(seen(one, self) for one in self.kernel.people[who].records)
            there.pop(None, None), known.pop(None, None)
            assert there == known, who


def seen(one: Record, world: Worlds) -> tuple[Any, ...] | None:
    """A record as decisions see it on the day; nothing if it is over."""
    state = one.state_on(world.day)
    if state is State.DESTROYED:
        return None
    live = state is State.LIVE
    about = (one.item, one.purpose, one.matter, one.on, one.after, state, one.released_on)
    return (*about, live and one.frozen, one.use_until if live else None, one.keep_until, one.not_before)


def orders_of(orders: Iterable[Order]) -> Counter[tuple[str, str, str]]:
    """Who was ordered what, item by item; in which order and on which day a late run decides."""
    return Counter((one.to, one.kind.value, item) for one in orders for item in one.items)


def said(decision: Decision) -> tuple[Any, ...]:
    touched = Counter((one.item, one.on, one.purpose) for one in decision.records)
    parts = Counter((one.record.item, one.effect, one.reason, one.because) for one in decision.parts)
    return decision.effect, decision.reason, decision.because, touched, parts


@pytest.fixture(scope="module")
def own(temporary: Temporary) -> Iterator[Gate]:
    with temporary.gate(POLICY) as opened:
        parties = (*POLICY.editions[0].recipients, *POLICY.editions[0].processors)
        kinds = agreed(POLICY.editions[0])
        opened.happen([Happening(None, kind.opens, one) for kind in kinds for one in parties], at(START))
        yield opened


def search(gate: Gate, examples: int, steps: int, *, same: bool = True) -> None:
    """``same`` draws the same lives each time."""
    machine = type("Lives", (Worlds,), {"gate": gate})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples, stateful_step_count=steps, deadline=None, derandomize=same,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
    assert_whole(gate)


def test_the_vault_lives_as_the_kernel_does(own: Gate) -> None:
    search(own, 25, 40)


@pytest.mark.torture
def test_the_vault_lives_as_the_kernel_does_for_long(own: Gate) -> None:
    search(own, 400, 60, same=False)


def wander(gate: Gate, seed: int, steps: int) -> None:
    """A life that meets its own records more often than a search lets it."""
    draw = random.Random(seed)
    world = type("Lives", (Worlds,), {"gate": gate})()
    world.begin(late=draw.random() < 0.3, members=True)
    for _ in range(steps):
        who, turn = draw.choice(PEOPLE), draw.random()
        if turn < 0.12:
            world.sleep(draw.choice(JUMPS[:6] if draw.random() < 0.7 else JUMPS))
        elif turn < 0.3:
            kind = draw.choice(EVENTS if draw.random() < 0.7 else EVENTS[2:6])
            world.something_happens(who, kind, draw.choice(MATTERS[:3]))
        elif turn < 0.4:
            world.somebody_chooses(who, draw.choice(CONSENTS[1:]), draw.choice([Choice.GIVEN, Choice.WITHDRAWN]))
        elif turn < 0.6:
            world.collect(who, draw.choice(PAIRS), draw.choice(MATTERS), draw.choice([Role.MEMBER, Role.SYSTEM]))
        elif turn < 0.7:
            world.use(who, draw.choice(PAIRS), draw.choice(["", "", "law", "dispute"]))
        elif turn < 0.76:
            world.provide(
                who, draw.choice(["group-members", "kmc", "authority"]), draw.choice(["email", "mobile_phone"])
            )
            world.entrust(who, draw.choice(["email", "mobile_phone", "gender"]))
        elif turn < 0.93:
            act = draw.choice([Act.VIEW, Act.VIEW, Act.CORRECT, Act.FREEZE, Act.LIFT, Act.DESTROY])
            role = draw.choice([Role.MEMBER, Role.MEMBER, Role.STAFF])
            role = Role.STAFF if act is Act.LIFT else Role.MEMBER if act is Act.VIEW else role
            world.ask(who, act, [draw.choice(ITEMS)], role)
        elif turn < 0.97:
            acts = (Act.COLLECT, Act.CORRECT, Act.FREEZE, Act.DESTROY)
            world.batch(who, [(draw.choice(acts), draw.choice(PAIRS[:3])) for _ in range(5)])
        else:
            world.restart() if draw.random() < 0.5 else world.run_of_the_day()
        world.both_know_the_same()
    world.run_of_the_day()


@pytest.mark.parametrize("seed", range(3))
def test_long_lives_in_the_vault_are_those_of_the_kernel(own: Gate, seed: int) -> None:
    for life in range(8):
        wander(own, seed * 1000 + life, 70)
    assert_whole(own)
