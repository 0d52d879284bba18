"""How verdicts combine, over generated guards: the theorems of ``decision`` that hold for every policy.

What is *not* here: what the reference policy says (``test_decision_reference``), and Cedar's opinion (``test_cedar``).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import msgspec
from hypothesis import assume, given
from hypothesis import strategies as st

from wordkept.decision import Decision, decide
from wordkept.policy.declared import Item, Purpose
from wordkept.policy.model import Binding, Case, Edition, Policy, Rule, Verdict
from wordkept.record import Actor, Facts, History, Record, Request
from wordkept.terms import Act, Effect, Reason, Role

DAY = date(2020, 2, 29)
ITEMS = ("a", "b", "c")
CLAUSES = ("1.1", "1.2", "2.1", "2.2", "3.1")
FORBIDS = [reason for reason in Reason if reason is not Reason.PERMITTED]


class Guard(msgspec.Struct, frozen=True):
    """A guard made up for a test: what it says of each item; none is silence."""

    clause: str
    says: tuple[Verdict | None, ...]
    unless: tuple[str, ...] = ()

    def binding(self) -> Binding:
        return Binding(clause=self.clause, rule=MADE_UP, params=self, unless=self.unless)


def said(params: Any, case: Case) -> Verdict | None:
    verdict: Verdict | None = params.says[ITEMS.index(case.name)]
    return verdict


MADE_UP = Rule(name="made.up", params=Guard, sentence="Made up.", acts=frozenset({Act.USE}), guard=said)
UNKNOWN = Rule(name="made.unknown", params=Guard, sentence="Nobody knows how.", acts=frozenset({Act.USE}))

verdicts = st.one_of(
    st.none(),
    st.just(Verdict(Reason.PERMITTED)),
    st.builds(Verdict, st.sampled_from(FORBIDS), st.lists(st.sampled_from(CLAUSES), max_size=2).map(tuple)),
)
guards = st.builds(
    Guard,
    st.sampled_from(CLAUSES),
    st.tuples(verdicts, verdicts, verdicts),
    st.lists(st.sampled_from(CLAUSES), max_size=2, unique=True).map(tuple),
)
worlds = st.lists(guards, max_size=8)
asked = st.lists(st.sampled_from(ITEMS), min_size=1, max_size=3, unique=True).map(tuple)


def policy_of(bindings: Sequence[Binding]) -> Policy:
    edition = Edition(
        service="made up",
        announced=DAY,
        effective=DAY,
        timezone="UTC",
        items={name: Item(name=name, title=name) for name in ITEMS},
        purposes={"p": Purpose(name="p", title="p", items=ITEMS)},
        guards={(Act.USE, None): tuple(bindings)},
    )
    return Policy(path="", editions=(edition,))


def answer(bindings: Sequence[Binding], items: tuple[str, ...], *, held: bool = True) -> Decision:
    record = Record(id="1", item="", purpose="p", on=DAY, after=0, edition=DAY, use_until=None, keep_until=None)
    records = {name: (msgspec.structs.replace(record, id=name, item=name),) for name in items} if held else {}
    ask = Request(act=Act.USE, items=items, by=Actor(Role.SYSTEM), on=DAY, purpose="p")
    return decide(policy_of(bindings), ask, Facts(history=History(), records=records))


def bound(world: Sequence[Guard]) -> list[Binding]:
    return [one.binding() for one in world]


def permits(world: Sequence[Guard], item: str) -> set[str]:
    says = [(one, one.says[ITEMS.index(item)]) for one in world]
    return {one.clause for one, verdict in says if verdict is not None and verdict.reason is Reason.PERMITTED}


def forbids(world: Sequence[Guard], item: str) -> list[tuple[Reason, tuple[str, ...]]]:
    open_by = permits(world, item)
    return [
        (verdict.reason, verdict.clauses or (one.clause,))
        for one in world
        if (verdict := one.says[ITEMS.index(item)]) is not None
        and verdict.reason is not Reason.PERMITTED
        and not open_by & set(one.unless)
    ]


@given(asked)
def test_default_deny(items: tuple[str, ...]) -> None:
    silent = [Guard("1.1", (None, None, None))]
    for world in ([], silent):
        decision = answer(bound(world), items)
        assert (decision.effect, decision.reason, decision.because) == (Effect.DENY, Reason.NOT_PERMITTED, ())


@given(worlds, asked)
def test_allowed_only_if_every_item_is_permitted_and_none_forbidden(world: list[Guard], items: tuple[str, ...]) -> None:
    decision = answer(bound(world), items)
    expected = all(permits(world, one) and not forbids(world, one) for one in items)
    assert (decision.effect is Effect.ALLOW) == expected


@given(worlds, asked, st.sampled_from(FORBIDS))
def test_forbid_beats_permit(world: list[Guard], items: tuple[str, ...], reason: Reason) -> None:
    no = Guard("2.2", (Verdict(reason),) * 3)
    every = [Guard(clause, (Verdict(Reason.PERMITTED),) * 3) for clause in CLAUSES]
    decision = answer(bound([*every, *world, no]), items)
    assert decision.effect is Effect.DENY
    assert "2.2" in decision.because


@given(worlds, asked)
def test_a_decision_names_exactly_the_clauses_that_determined_it(world: list[Guard], items: tuple[str, ...]) -> None:
    decision = answer(bound(world), items)
    against = {clause for one in items for _, clauses in forbids(world, one) for clause in clauses}
    if decision.effect is Effect.ALLOW:
        assert set(decision.because) == {clause for one in items for clause in permits(world, one)}
    else:
        assert set(decision.because) == against
    assert len(set(decision.because)) == len(decision.because)


@given(worlds, asked, st.randoms(use_true_random=False))
def test_order_independent(world: list[Guard], items: tuple[str, ...], shuffler: Any) -> None:
    bindings, shuffled_items = bound(world), list(items)
    before = answer(bindings, items)
    shuffler.shuffle(bindings)
    shuffler.shuffle(shuffled_items)
    after = answer(bindings, tuple(shuffled_items))
    assert (after.effect, after.reason, set(after.because)) == (before.effect, before.reason, set(before.because))


@given(worlds, guards, asked)
def test_adding_a_forbid_never_allows_more(world: list[Guard], added: Guard, items: tuple[str, ...]) -> None:
    only_no = tuple(one if one and one.reason is not Reason.PERMITTED else None for one in added.says)
    assume(answer(bound(world), items).effect is Effect.DENY)
    assert answer(bound([*world, msgspec.structs.replace(added, says=only_no)]), items).effect is Effect.DENY


@given(worlds, asked, st.integers(0, 8))
def test_unknown_rule_can_only_deny(world: list[Guard], items: tuple[str, ...], at: int) -> None:
    unknown = Binding(clause="9.9", rule=UNKNOWN, params=Guard("9.9", (None, None, None)))
    bindings = bound(world)
    decision = answer([*bindings[:at], unknown, *bindings[at:]], items)
    assert decision.effect is Effect.DENY
    assert "9.9" in decision.because
    if not any(forbids(world, one) for one in items):
        assert decision.reason is Reason.UNKNOWN_RULE


@given(worlds, guards, asked)
def test_a_permit_lifts_only_a_forbid_that_names_it(world: list[Guard], added: Guard, items: tuple[str, ...]) -> None:
    yes = Guard("4.4", tuple(Verdict(Reason.PERMITTED) if one else None for one in added.says))
    assume(any(forbids(world, one) for one in items))
    assert answer(bound([*world, yes]), items).effect is Effect.DENY


@given(worlds, asked)
def test_every_deny_names_why(world: list[Guard], items: tuple[str, ...]) -> None:
    decision = answer(bound(world), items)
    against = [reason for one in items for reason, _ in forbids(world, one)]
    against += [Reason.NOT_PERMITTED for one in items if not forbids(world, one) and not permits(world, one)]
    expected = min(against, key=list(Reason).index, default=Reason.PERMITTED)
    assert decision.reason is expected
    assert (decision.reason is Reason.PERMITTED) == (decision.effect is Effect.ALLOW)


@given(worlds, asked)
def test_losing_its_records_never_opens_an_act(world: list[Guard], items: tuple[str, ...]) -> None:
    assert answer(bound(world), items, held=False).effect is Effect.DENY


@given(worlds)
def test_nothing_asked_is_nothing_allowed(world: list[Guard]) -> None:
    assert answer(bound(world), ()).effect is Effect.DENY


@given(worlds, asked)
def test_the_same_question_has_the_same_answer(world: list[Guard], items: tuple[str, ...]) -> None:
    assert answer(bound(world), items) == answer(bound(world), items)
