"""Silence: an edition in which one rule says nothing any more, and who said anything at all while a story went on.

Editions are changed in memory, binding by binding; no text is edited. What is *not* here: what follows from it
(``prove``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, TypeVar

import msgspec

from wordkept.policy.declarations import DECLARATIONS
from wordkept.policy.model import Binding, Case, Deed, Edition, Policy, Rule, Verdict
from wordkept.record import Asking, Clock, Given, History, Hold, Ordered, Record, Right
from wordkept.terms import Act, OrderKind

Said = TypeVar("Said")
Change = Callable[[Binding], Binding | None]
Key = tuple[str, int]
"""A binding by its clause and its place under it."""


def key(edition: Edition, binding: Binding) -> Key:
    """The name of a binding, for what must not hold the binding itself."""
    bindings = edition.clauses[binding.clause].bindings
    return binding.clause, next(at for at, one in enumerate(bindings) if one is binding)


def replaced(policy: Policy, old: Edition, new: Edition) -> Policy:
    """A policy with another edition in the place of one of its own."""
    editions = tuple(new if one is old else one for one in policy.editions)
    return msgspec.structs.replace(policy, editions=editions)


def rebound(edition: Edition, change: Change) -> Edition:
    """An edition whose every binding went through ``change``; none takes it out. Clauses still list what they said."""

    def kept(bindings: Iterable[Binding]) -> tuple[Binding, ...]:
        return tuple(one for one in map(change, bindings) if one is not None)

    return msgspec.structs.replace(
        edition,
        guards={asked: kept(bindings) for asked, bindings in edition.guards.items()},
        holders=kept(edition.holders),
        owers=kept(edition.owers),
        sharing=kept(edition.sharing),
        hearing=kept(edition.hearing),
    )


def silenced(edition: Edition, bindings: Iterable[Binding]) -> Edition:
    """An edition in which some bindings neither guard, hold, owe nor order anything."""
    gone = {id(one) for one in bindings}
    return rebound(edition, lambda one: None if id(one) in gone else one)


def undeclared(edition: Edition, binding: Binding) -> Edition | None:
    """An edition without what a declaration declares, rule and all; none if the binding is of a mere rule."""
    if binding.rule.name not in DECLARATIONS:
        return None
    place = DECLARATIONS[binding.rule.name][1]
    left = {name: one for name, one in getattr(edition, place).items() if name != binding.params.name}
    return msgspec.structs.replace(silenced(edition, [binding]), **{place: left})


def listening(edition: Edition, heard: set[Key]) -> Edition:
    """An edition that decides as before, and notes each binding that says anything."""
    names = {id(one): (number, at) for number, it in edition.clauses.items() for at, one in enumerate(it.bindings)}
    known: dict[int, Binding] = {}

    def change(one: Binding) -> Binding:
        if id(one) not in known:
            rule = _noting(one.rule, names[id(one)], heard)
            known[id(one)] = msgspec.structs.replace(one, rule=rule)
        return known[id(one)]

    return rebound(edition, change)


def _noting(rule: Rule, name: Key, heard: set[Key]) -> Rule:
    def guard(params: Any, case: Case) -> Verdict | None:
        said = rule.guard(params, case) if rule.guard else None
        return _noted(said, name, heard)

    def holds(params: Any, edition: Edition, record: Record, history: History) -> Iterable[Hold]:
        said = list(rule.holds(params, edition, record, history)) if rule.holds else []
        return _noted(said, name, heard)

    def owes(params: Any, record: Record, day: date) -> Deed | None:
        said = rule.owes(params, record, day) if rule.owes else None
        return _noted(said, name, heard)

    def keeps(params: Any, edition: Edition, given: Given, record: Record | None, history: History) -> Iterable[Hold]:
        said = list(rule.keeps(params, edition, given, record, history)) if rule.keeps else []
        return _noted(said, name, heard)

    def orders(params: Any, edition: Edition, given: Given, act: Act | None, day: date) -> Ordered | None:
        said = rule.orders(params, edition, given, act, day) if rule.orders else None
        return _noted(said, name, heard)

    def answers(params: Any, edition: Edition, kind: OrderKind, day: date, law: str | None) -> date | None:
        said = rule.answers(params, edition, kind, day, law) if rule.answers else None
        return _noted(said, name, heard)

    def hears(params: Any, edition: Edition, asking: Asking, day: date) -> bool:
        said = rule.hears(params, edition, asking, day) if rule.hears else False
        return _noted(said, name, heard)

    def times(params: Any, edition: Edition, right: Right, day: date) -> Clock | None:
        said = rule.times(params, edition, right, day) if rule.times else None
        return _noted(said, name, heard)

    return msgspec.structs.replace(
        rule,
        guard=guard if rule.guard else None,
        holds=holds if rule.holds else None,
        owes=owes if rule.owes else None,
        keeps=keeps if rule.keeps else None,
        orders=orders if rule.orders else None,
        answers=answers if rule.answers else None,
        hears=hears if rule.hears else None,
        times=times if rule.times else None,
    )


def _noted(said: Said, name: Key, heard: set[Key]) -> Said:
    if said:
        heard.add(name)
    return said
