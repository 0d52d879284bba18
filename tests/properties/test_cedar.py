"""A second opinion: the same questions, asked of the Cedar engine.

First how verdicts combine, over generated guards; then purpose × item × state of the reference policy, written down as
Cedar policies from its declarations. Cedar is an oracle of tests, nothing that runs. What is *not* here: periods and
holds, which Cedar does not know.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import cedarpy
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wordkept import law
from wordkept.decision import Decision, decide
from wordkept.policy.declared import Item, Purpose
from wordkept.policy.editions import load
from wordkept.policy.model import Binding, Case, Edition, Policy, Rule, Verdict
from wordkept.record import CONSENT, Actor, Event, Facts, History, Record, Request, Shown, fold
from wordkept.rules import RULES
from wordkept.terms import Act, Channel, Choice, Effect, Reason, Role, State

ROOT = Path(__file__).resolve().parents[2]
DAY = date(2017, 1, 2)
USE = 'Action::"use"'
ITEMS = ("a", "b")
CLAUSES = ("1.1", "1.2", "2.1", "2.2")


class Said(msgspec.Struct, frozen=True):
    """One generated guard: permit or forbid, of which item (none: of each), but for which clauses' permits."""

    clause: str
    permits: bool
    item: str | None
    unless: tuple[str, ...] = ()

    def of(self, item: str) -> bool:
        return self.item in {None, item}


def answer_of(params: Said, case: Case) -> Verdict | None:
    if not params.of(case.name):
        return None
    return Verdict(Reason.PERMITTED if params.permits else Reason.HELD)


RULE = Rule(name="made.up", params=Said, sentence="Made up.", acts=frozenset({Act.USE}), guard=answer_of)
guards = st.builds(
    Said,
    st.sampled_from(CLAUSES),
    st.booleans(),
    st.sampled_from([None, *ITEMS]),
    st.lists(st.sampled_from(CLAUSES), max_size=2, unique=True).map(tuple),
)


def decided(world: Sequence[Said], item: str) -> Decision:
    bindings = tuple(Binding(clause=one.clause, rule=RULE, params=one, unless=one.unless) for one in world)
    edition = Edition(
        service="made up",
        announced=DAY,
        effective=DAY,
        timezone="UTC",
        items={name: Item(name=name, title=name) for name in ITEMS},
        purposes={"p": Purpose(name="p", title="p", items=ITEMS)},
        guards={(Act.USE, None): bindings},
    )
    record = Record(id="1", item=item, purpose="p", on=DAY, after=0, edition=DAY, use_until=None, keep_until=None)
    ask = Request(act=Act.USE, items=(item,), by=Actor(Role.SYSTEM), on=DAY, purpose="p")
    return decide(Policy(path="", editions=(edition,)), ask, Facts(history=History(), records={item: (record,)}))


def as_cedar(world: Sequence[Said]) -> str:
    """Cedar knows no named exceptions, so ``unless`` becomes the conditions of the permits that it names."""
    return "\n".join(_statement(world, one) for one in world)


def _statement(world: Sequence[Said], one: Said) -> str:
    effect = "permit" if one.permits else "forbid"
    when = f'when {{ resource.item == "{one.item}" }}' if one.item else ""
    lifting = [] if one.permits else [other for other in world if other.permits and other.clause in one.unless]
    opened = " || ".join(f'resource.item == "{other.item}"' if other.item else "true" for other in lifting)
    return f"{effect}(principal, action, resource) {when} {f'unless {{ {opened} }}' if opened else ''};"


@given(st.lists(guards, max_size=8), st.sampled_from(ITEMS))
def test_cedar_combines_verdicts_as_we_do(world: list[Said], item: str) -> None:
    entity = [{"uid": {"type": "Item", "id": item}, "attrs": {"item": item}, "parents": []}]
    ask = {"principal": 'Role::"system"', "action": USE, "resource": f'Item::"{item}"', "context": {}}
    theirs = cedarpy.is_authorized(ask, as_cedar(world), entity)
    ours = decided(world, item)
    assert theirs.allowed == (ours.effect is Effect.ALLOW)
    named = {world[int(policy.removeprefix("policy"))].clause for policy in theirs.diagnostics.reasons}
    assert named == set(ours.because)


# The reference policy.

POLICY = load(ROOT / "policies" / "bizmeka-ez", RULES, law.load(ROOT / "law"))
EDITION = POLICY.editions[0]
CONSENTS = sorted(name for name, one in EDITION.purposes.items() if one.consent)
ADD_ONS = ("etax", "scraping")
SECRET = next(
    b.params.items
    for b in EDITION.guards[Act.USE, None]
    if b.rule.name == "protection.secrets-by-system-only"
)  # fmt: skip


def clauses_of(rule: str) -> list[tuple[str, frozenset[str] | None]]:
    """Clauses under which a rule guards use, each with the purposes to which it is narrowed."""
    found: dict[str, set[str]] = {}
    for (act, narrow), bindings in EDITION.guards.items():
        for binding in bindings:
            if act is Act.USE and binding.rule.name == rule:
                found.setdefault(binding.clause, set()).update({narrow} if narrow else ())
    return [(clause, frozenset(names) or None) for clause, names in found.items()]


def policies() -> Iterator[tuple[str, str]]:
    """Clause and Cedar statement, from the declarations."""
    for name, purpose in EDITION.purposes.items():
        clause = EDITION.clause_of("purpose", name)
        its = f'context.purpose == "{name}" && {json.dumps(list(purpose.items))}.contains(resource.item)'
        conditions = [f'context.consents.contains("{name}")'] if purpose.consent else []
        conditions += [f'context.spans.contains("{purpose.during}")'] if purpose.during else []
        opens = [EDITION.group(name), *(purpose.opens if purpose.consent else ())]
        covers = f"{json.dumps(opens)}.contains(resource.group)"
        yield clause, _cedar("permit", [its, covers, 'resource.state == "live"', *conditions])
        for condition in conditions:
            yield clause, _cedar("forbid", [its, f"!({condition})"])
        refused = f'context.refused.contains("{name}")'
        for other, _ in clauses_of("consent.refusal-is-obeyed") if purpose.consent else ():
            yield other, _cedar("forbid", [f'context.purpose == "{name}"', refused])
        for other, narrow in clauses_of("collection.declared-pairs-only"):
            if narrow is None or name in narrow:
                yield other, _cedar("forbid", [f'context.purpose == "{name}"', f"!({its})"])
                yield other, _cedar("forbid", [its, 'resource.state != "absent"', f"!({covers})"])
        for other, _ in clauses_of("destruction.separated-is-not-used"):
            yield other, _cedar("forbid", [its, covers, 'resource.state == "separated"'])
        for other, _ in clauses_of("rights.frozen-until-corrected"):
            yield other, _cedar("forbid", [its, covers, "resource.frozen"])
    yield from overall()


def overall() -> Iterator[tuple[str, str]]:
    """What stands above single purposes: the table, roles, secrets, categories."""
    table = [name for name, one in EDITION.purposes.items() if one.group == "table"]
    for clause, _ in clauses_of("consent.agreed-first"):
        yield (
            clause,
            _cedar("forbid", [f"{json.dumps(table)}.contains(context.purpose)", '!(context.table == "given")']),
        )
    for clause, _ in clauses_of("protection.only-those-named-act"):
        yield clause, _cedar("forbid", ['!([Role::"staff", Role::"system"].contains(principal))'])
    for clause, _ in clauses_of("protection.secrets-by-system-only"):
        secret = f"{json.dumps(list(SECRET))}.contains(resource.item)"
        yield clause, _cedar("forbid", ['principal == Role::"staff"', secret])
    for name, category in EDITION.categories.items():
        items = [item.name for item in EDITION.items.values() if item.category == name]
        its = f"{json.dumps(items)}.contains(resource.item)"
        given_to_it = f'context.consents.contains("category:{category.name}")'
        yield EDITION.clause_of("category", name), _cedar("forbid", [its, f"!({given_to_it})"])
        for clause, _ in clauses_of("consent.category-by-consent"):
            yield clause, _cedar("permit", [its, given_to_it, 'resource.state == "live"'])


def _cedar(effect: str, conditions: Sequence[str]) -> str:
    return f"{effect}(principal, action == {USE}, resource) when {{ {' && '.join(f'({one})' for one in conditions)} }};"


class Situation(msgspec.Struct, frozen=True):
    """What a use may depend on besides purpose and item."""

    state: State
    own: bool = True
    role: Role = Role.SYSTEM
    given: bool = True
    on: bool = True
    table: bool = True
    frozen: bool = False


SITUATIONS = (
    Situation(State.LIVE), Situation(State.LIVE, own=False), Situation(State.SEPARATED), Situation(State.ABSENT),
    Situation(State.LIVE, role=Role.STAFF), Situation(State.LIVE, role=Role.MEMBER),
    Situation(State.SEPARATED, role=Role.RECIPIENT, given=False), Situation(State.LIVE, given=False),
    Situation(State.LIVE, on=False), Situation(State.LIVE, table=False), Situation(State.LIVE, frozen=True),
    Situation(State.SEPARATED, own=False, table=False, on=False, role=Role.STAFF),
)  # fmt: skip


def collected_for(purpose: str, item: str, *, own: bool) -> str:
    """The purpose itself; of foreign records another one that lists the item, else one that never does."""
    if own:
        return purpose
    group = EDITION.group(purpose)
    others = [one for one in EDITION.purposes.values() if item in one.items and EDITION.group(one.name) != group]
    return others[0].name if others else "identification" if group != "table" else "etax-invoice"


SIGNED: dict[str, Any] = {"shown": Shown("", "", Channel.WEB), "signature": b""}
"""Every choice here is under a text, and signed."""


def history(situation: Situation) -> History:
    """The past that a situation stands for."""
    events: list[Event] = []

    def choose(to: str, *, yes: bool) -> None:
        choice = Choice.GIVEN if yes else Choice.REFUSED
        events.append(Event(len(events) + 1, DAY, CONSENT, None, to, choice, EDITION.effective, **SIGNED))

    choose("table", yes=situation.table)
    for kind in ("service.subscribed", *(f"{name}.enabled" for name in ADD_ONS if situation.on)):
        events.append(Event(len(events) + 1, DAY, kind))
    for to in CONSENTS:
        choose(to, yes=situation.given)
    if situation.given:
        choose("category:family-relations", yes=True)
    return fold(EDITION.spans, History(), events)


@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda one: "-".join(map(str, msgspec.structs.astuple(one))))
def test_cedar_reads_purpose_item_and_state_as_we_do(situation: Situation) -> None:
    past = history(situation)
    statements = list(policies())
    parsed = cedarpy.PolicySet.from_str("\n".join(text for _, text in statements))
    asked = [
        (name, item)
        for at, (name, purpose) in enumerate(EDITION.purposes.items())
        for nth, item in enumerate(EDITION.items)
        if item in purpose.items or (at + nth) % 8 == 0
    ]
    entities = [entity(situation, purpose, item) for purpose, item in asked]
    asks = [question(situation, purpose, item) for purpose, item in asked]
    answers = cedarpy.is_authorized_batch(asks, parsed, json.dumps(entities))
    allowed = 0
    for (purpose, item), theirs in zip(asked, answers, strict=True):
        ours = use(situation, past, purpose, item)
        named = {statements[int(one.removeprefix("policy"))][0] for one in theirs.diagnostics.reasons}
        assert not theirs.diagnostics.errors
        assert (theirs.allowed, named) == (ours.effect is Effect.ALLOW, set(ours.because)), (purpose, item, ours.reason)
        allowed += theirs.allowed
    expected = situation == Situation(State.LIVE)
    assert not expected or allowed == sum(len(one.items) for one in EDITION.purposes.values())


def entity(situation: Situation, purpose: str, item: str) -> dict[str, object]:
    group = EDITION.group(collected_for(purpose, item, own=situation.own))
    absent = situation.state is State.ABSENT
    attrs = {
        "item": item,
        "group": "" if absent else group,
        "state": str(situation.state),
        "frozen": situation.frozen and not absent,
    }
    return {"uid": {"type": "Record", "id": f"{purpose}/{item}"}, "attrs": attrs, "parents": []}


def question(situation: Situation, purpose: str, item: str) -> dict[str, object]:
    context = {
        "purpose": purpose,
        "consents": [*CONSENTS, "category:family-relations"] if situation.given else [],
        "refused": [] if situation.given else CONSENTS,
        "spans": ["service", *(ADD_ONS if situation.on else ())],
        "table": "given" if situation.table else "refused",
    }
    resource = f'Record::"{purpose}/{item}"'
    return {"principal": f'Role::"{situation.role}"', "action": USE, "resource": resource, "context": context}


def use(situation: Situation, past: History, purpose: str, item: str) -> Decision:
    record = Record(
        id="1",
        item=item,
        purpose=collected_for(purpose, item, own=situation.own),
        on=DAY,
        after=past.number,
        edition=EDITION.effective,
        state=situation.state,
        frozen=situation.frozen,
        use_until=None,
        keep_until=None,
    )
    there = {} if situation.state is State.ABSENT else {item: (record,)}
    ask = Request(act=Act.USE, items=(item,), by=Actor(situation.role), on=DAY, purpose=purpose)
    return decide(POLICY, ask, Facts(history=past, records=there))
