"""Decisions of the reference policy: what no request and no past can get, and what losing something never opens.

Requests are drawn at random, sensible or not; pasts are a person's with many or few things given, held, frozen. What is
*not* here: examples of each rule (``tests/promises``), and lives over years (``test_kernel_stateful``).
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from wordkept import law
from wordkept.decision import Decision, decide, term_of
from wordkept.person import agreed
from wordkept.policy.editions import load
from wordkept.record import CONSENT, NEVER, Actor, Event, Facts, History, Record, Request, Shown, changes, fold
from wordkept.rules import RULES
from wordkept.terms import AUTHORITY, Act, Channel, Choice, Effect, Level, Reason, Role, State

ROOT = Path(__file__).resolve().parents[2]
POLICY = load(ROOT / "policies" / "bizmeka-ez", RULES, law.load(ROOT / "law"))
EDITION = POLICY.editions[0]
DAY = date(2017, 1, 2)
OUTSIDERS = (Role.RECIPIENT, Role.PROCESSOR, Role.AUTHORITY)
PERSON = (Role.MEMBER, Role.REPRESENTATIVE)
PARTIES = (*EDITION.recipients, *EDITION.processors, AUTHORITY, "nobody-known")
SIGNED: dict[str, Any] = {"shown": Shown("", "", Channel.WEB), "signature": b""}
"""Every choice here is under a text, and signed."""
CONSENTS = (
    *(name for name, one in EDITION.purposes.items() if one.consent),
    *(f"provision:{name}" for name in EDITION.recipients),
    "entrustment", "category:family-relations", "category:health",
)  # fmt: skip
PAIRS = [(name, item) for name, one in EDITION.purposes.items() for item in one.items]
OFTEN = (*Act, Act.USE, Act.USE, Act.USE, Act.PROVIDE, Act.PROVIDE, Act.PROVIDE, Act.ENTRUST, Act.ENTRUST)
ITEMS = ("email", "applicant_name", "card_no", "relationship", "etax_id", "etax_pw", "rrn", "payment_record",
         "content_used", "health_condition", "card_expiry", "poa_doc")  # fmt: skip
OPERATOR = fold(
    EDITION.spans,
    History(),
    [
        Event(at, DAY, kind.opens, party)
        for at, (kind, party) in enumerate(((kind, one) for kind in agreed(EDITION) for one in EDITION.processors), 1)
    ],
)


class Person(msgspec.Struct, frozen=True):
    """Facts about everything, and the events they came from."""

    events: tuple[Event, ...]
    records: tuple[Record, ...]

    def facts(self, ended: frozenset[str] = frozenset()) -> Facts:
        history = fold(EDITION.spans, History(), self.events)
        items: dict[str, tuple[Record, ...]] = {}
        for record in self.records:
            days = term_of(POLICY, record, history, EDITION)
            items[record.item] = (*items.get(record.item, ()), changes.with_term(record, days))
        held = tuple(
            frozenset(one.item for one in self.records if one.item.endswith(("doc", "copy", "cert"))) for _ in "1"
        )
        return Facts(
            history=history, records=items, documents=held, ended=ended, peers=frozenset({None}), operator=OPERATOR
        )

    def also(self, kind: str, to: str | None = None, choice: Choice | None = None) -> Person:
        event = Event(
            len(self.events) + 1,
            DAY + timedelta(days=1),
            kind,
            None,
            to,
            choice,
            EDITION.effective,
            **SIGNED,
        )
        return msgspec.structs.replace(self, events=(*self.events, event))


@st.composite
def people(draw: st.DrawFn) -> Person:
    told: list[tuple[str, str | None, Choice | None]] = []
    if draw(st.integers(0, 9)):
        told.append((CONSENT, "table", Choice.GIVEN))
    if draw(st.integers(0, 9)):
        told.append(("service.subscribed", None, None))
        told += [
            (kind, None, None) for kind in ("etax.enabled", "charge.raised", "group.joined") if draw(st.booleans())
        ]
    said = st.sampled_from([None, Choice.GIVEN, Choice.GIVEN, Choice.GIVEN, Choice.REFUSED, Choice.WITHDRAWN])
    told += [(CONSENT, to, choice) for to in CONSENTS if (choice := draw(said)) is not None]
    if draw(st.booleans()):
        told.append(("dispute.opened", None, None))
    events = tuple(
        Event(at, DAY, kind, None, to, choice, EDITION.effective, **SIGNED)
        for at, (kind, to, choice) in enumerate(told, 1)
    )
    drawn = draw(st.lists(st.sampled_from([pair for pair in PAIRS if pair[1] in ITEMS]), max_size=8))
    records = tuple(
        Record(
            id=str(at), item=item, purpose=purpose, on=DAY, after=len(events), edition=EDITION.effective,
            state=draw(st.sampled_from([State.LIVE, State.LIVE, State.LIVE, State.SEPARATED])),
            frozen=not draw(st.integers(0, 6)),
        )
        for at, (purpose, item) in enumerate(drawn)
    )  # fmt: skip
    return Person(events, records)


purposes = st.sampled_from([None, *EDITION.purposes, "unheard-of"])
actors = st.builds(
    Actor, st.sampled_from(list(Role)), st.just("x"), st.sampled_from(Level), st.integers(0, 5).map(bool),
    st.integers(0, 5).map(bool), st.integers(0, 5).map(bool),
)  # fmt: skip
asks = st.builds(
    Request,
    act=st.sampled_from(list(Act)),
    items=st.lists(st.sampled_from([*ITEMS, "unheard_of"]), min_size=1, max_size=3, unique=True).map(tuple),
    by=actors,
    on=st.just(DAY + timedelta(days=1)),
    purpose=purposes,
    to=st.sampled_from([None, *PARTIES]),
    matter=st.sampled_from([None, None, "request:1"]),
    method=st.sampled_from([None, "website", "pigeon", "affiliate"]),
    source=st.sampled_from([None, "shop"]),
    statute=st.sampled_from([None, None, "kr/pipa", "kr/unheard-of"]),
    reason=st.sampled_from([None, "settlement", "dispute"]),
    legal_request=st.sampled_from([None, None, "doc-1"]),
)


@st.composite
def likely(draw: st.DrawFn, who: Person, *acts: Act) -> Request:
    """A request about something that this person has, by somebody who might ask."""
    record = draw(st.sampled_from(who.records)) if who.records else None
    ask = msgspec.structs.replace(draw(asks), act=draw(st.sampled_from(acts or OFTEN)))
    if record is None or draw(st.integers(0, 4)) == 0:
        return ask
    reads = [name for name, one in EDITION.purposes.items() if record.item in one.items]
    operator = ask.act in {Act.USE, Act.PROVIDE, Act.ENTRUST, Act.COLLECT}
    role = Role.SYSTEM if operator else Role.MEMBER
    needs = ask.act in {Act.USE, Act.COLLECT}
    takers = [name for name, one in EDITION.recipients.items() if record.item in one.items] or [AUTHORITY]
    to = {Act.PROVIDE: takers, Act.ENTRUST: list(EDITION.processors)}.get(ask.act, [None])
    return msgspec.structs.replace(
        ask, items=(record.item,), by=Actor(role), to=draw(st.sampled_from(to)), matter=None,
        purpose=draw(st.sampled_from([record.purpose, *reads])) if needs else None, method="website",
    )  # fmt: skip


def answer(who: Person, ask: Request, facts: Facts | None = None) -> Decision:
    return decide(POLICY, ask, facts or who.facts())


@given(people(), st.data())
def test_every_deny_names_why(who: Person, data: st.DataObject) -> None:
    ask = data.draw(likely(who))
    decision = answer(who, ask)
    assert (decision.reason is Reason.PERMITTED) == (decision.effect is Effect.ALLOW)
    assert set(decision.because) <= {*EDITION.clauses, "3.A", "3.B"}
    nameless = {Reason.ABSENT, Reason.IMPOSSIBLE, Reason.NOT_PERMITTED}
    assert decision.because or decision.reason in nameless
    assert decision.edition is EDITION


@given(people(), st.data())
def test_several_items_are_all_or_nothing(who: Person, data: st.DataObject) -> None:
    ask = data.draw(asks)
    assume(ask.act is not Act.DESTROY)
    each = [answer(who, msgspec.structs.replace(ask, items=(item,))) for item in ask.items]
    whole = answer(who, ask)
    assert (whole.effect is Effect.ALLOW) == all(one.effect is Effect.ALLOW for one in each)
    if whole.effect is Effect.DENY:
        denied = [one for one in each if one.effect is Effect.DENY]
        assert set(whole.because) == {clause for one in denied for clause in one.because}


@given(people(), st.data())
def test_the_order_of_items_does_not_matter(who: Person, data: st.DataObject) -> None:
    ask = data.draw(asks)
    one, other = answer(who, ask), answer(who, msgspec.structs.replace(ask, items=ask.items[::-1]))
    assert (one.effect, one.reason, set(one.because)) == (other.effect, other.reason, set(other.because))


@given(people(), st.data())
def test_the_order_of_records_does_not_matter(who: Person, data: st.DataObject) -> None:
    """Two stores may read the same records in different order."""
    ask = data.draw(st.one_of(asks, likely(who, Act.DESTROY)))
    one, other = answer(who, ask), answer(msgspec.structs.replace(who, records=who.records[::-1]), ask)
    assert (one.effect, one.reason, one.because) == (other.effect, other.reason, other.because)


@given(people(), st.data(), st.sampled_from(CONSENTS), st.sampled_from([Choice.WITHDRAWN, Choice.REFUSED]))
def test_losing_a_consent_never_opens_a_gate(who: Person, data: st.DataObject, to: str, choice: Choice) -> None:
    ask = data.draw(likely(who, *(act for act in OFTEN if act is not Act.DESTROY)))
    before = answer(who, ask)
    after = answer(who.also(CONSENT, to, choice), ask)
    assert after.effect is Effect.DENY or before.effect is Effect.ALLOW


@given(people(), st.data(), st.sampled_from([*EDITION.recipients, *EDITION.processors]))
def test_losing_an_agreement_never_opens_a_gate(who: Person, data: st.DataObject, party: str) -> None:
    ask = data.draw(likely(who))
    before, after = answer(who, ask), answer(who, ask, who.facts(frozenset({party})))
    assert after.effect is Effect.DENY or before.effect is Effect.ALLOW


@given(people(), st.data())
def test_losing_its_records_never_opens_a_gate(who: Person, data: st.DataObject) -> None:
    ask = data.draw(likely(who))
    assume(ask.act is not Act.COLLECT)
    empty = msgspec.structs.replace(who.facts(), records={})
    assert answer(who, ask, empty).effect is Effect.DENY


@given(people(), st.data())
def test_a_freeze_never_opens_a_gate(who: Person, data: st.DataObject) -> None:
    ask = data.draw(likely(who))
    assume(ask.act is not Act.LIFT)
    frozen = tuple(msgspec.structs.replace(one, frozen=True) for one in who.records)
    after = answer(msgspec.structs.replace(who, records=frozen), ask)
    assert after.effect is Effect.DENY or answer(who, ask).effect is Effect.ALLOW


@given(people(), st.data(), st.sampled_from(Level), st.sampled_from(Level))
def test_a_lower_level_of_identity_never_opens_a_gate(
    who: Person, data: st.DataObject, one: Level, other: Level
) -> None:
    ask = data.draw(likely(who))
    lower, higher = (one, other) if other.suffices(one) else (other, one)
    low, high = (
        answer(who, msgspec.structs.replace(ask, by=msgspec.structs.replace(ask.by, level=level)))
        for level in (lower, higher)
    )
    assert low.effect is Effect.DENY or high.effect is Effect.ALLOW


@given(people(), st.data())
def test_separation_never_opens_a_use(who: Person, data: st.DataObject) -> None:
    ask = data.draw(likely(who, Act.USE, Act.PROVIDE, Act.ENTRUST, Act.CORRECT, Act.FREEZE, Act.LIFT))
    apart = tuple(msgspec.structs.replace(one, state=State.SEPARATED, frozen=False) for one in who.records)
    after = answer(msgspec.structs.replace(who, records=apart), ask)
    if after.effect is Effect.ALLOW:
        assert ask.reason == "dispute" or ask.legal_request, "separated is not used, but for what is named"


@given(people(), asks, st.sampled_from(OUTSIDERS))
def test_outsiders_get_nothing_done(who: Person, ask: Request, role: Role) -> None:
    assert answer(who, msgspec.structs.replace(ask, by=Actor(role))).effect is Effect.DENY


@given(people(), asks)
def test_before_the_first_edition_nothing_is_allowed(who: Person, ask: Request) -> None:
    early = msgspec.structs.replace(ask, on=EDITION.effective - timedelta(days=1))
    assert answer(who, early) == Decision(Effect.DENY, Reason.NO_POLICY)


@given(people(), st.data(), st.sampled_from(["pledge", "training", "grant"]))
def test_unfit_staff_get_nothing_done(who: Person, data: st.DataObject, lacking: str) -> None:
    ask = data.draw(likely(who))
    staff = msgspec.structs.replace(Actor(Role.STAFF), **{lacking: False})
    decision = answer(who, msgspec.structs.replace(ask, by=staff))
    assert decision.effect is Effect.DENY
    assert decision.reason is Reason.STAFF_UNFIT


@given(people(), asks)
def test_what_is_not_declared_does_not_exist(who: Person, ask: Request) -> None:
    for strange in ({"items": ("unheard_of",)}, {"purpose": "unheard-of", "act": Act.USE}):
        assert answer(who, msgspec.structs.replace(ask, **strange)).effect is Effect.DENY
    if ask.act in {Act.PROVIDE, Act.ENTRUST}:
        assert answer(who, msgspec.structs.replace(ask, to="nobody-known")).effect is Effect.DENY


@given(people(), st.data())
def test_a_deletion_is_decided_record_by_record(who: Person, data: st.DataObject) -> None:
    ask = msgspec.structs.replace(
        data.draw(asks), act=Act.DESTROY, by=Actor(Role.MEMBER), matter=None, to=None, purpose=None
    )
    facts = who.facts()
    decision = answer(who, ask, facts)
    for part in decision.parts:
        strict = part.record.not_before is None or part.record.not_before >= ask.on
        assert (part.effect is Effect.DENY) == strict
        assert (part.reason is Reason.HELD) == strict
    there = [
        one for name in ask.items for one in facts.records.get(name, ()) if one.state_on(ask.on) is not State.DESTROYED
    ]
    assert [part.record for part in decision.parts] == there
    everything_there = all(any(one.item == name for one in there) for name in ask.items)
    assert (decision.effect is Effect.ALLOW) == (
        everything_there and all(part.effect is Effect.ALLOW for part in decision.parts)
    )


@given(people(), st.data(), st.integers(1, 4000))
def test_a_late_worker_makes_no_use_lawful(who: Person, data: st.DataObject, days: int) -> None:
    ask = data.draw(likely(who, Act.USE, Act.ENTRUST))
    later = who.also("service.terminated") if any(e.kind == "service.subscribed" for e in who.events) else who
    late = msgspec.structs.replace(ask, on=ask.on + timedelta(days=days), reason=None, legal_request=None)
    decision = answer(later, late)
    if decision.effect is Effect.ALLOW:
        assert all(one.use_until is None or one.use_until >= late.on for one in decision.records)
        assert all(one.use_until != NEVER for one in decision.records)


@pytest.mark.parametrize("purpose", sorted(EDITION.purposes))
def test_every_declared_pair_can_be_used_and_no_other(purpose: str) -> None:
    everything = [(CONSENT, to) for to in ("table", *CONSENTS)]
    told = [*everything[:1], ("service.subscribed", None), ("etax.enabled", None), ("scraping.enabled", None)]
    events = tuple(
        Event(at, DAY, kind, None, to, Choice.GIVEN if to else None, EDITION.effective, **SIGNED)
        for at, (kind, to) in enumerate([*told, *everything[1:]], 1)
    )
    declared = EDITION.purposes[purpose].items
    for item in EDITION.items:
        record = Record(
            id="1", item=item, purpose=purpose, on=DAY, after=len(events), edition=EDITION.effective, statute="kr/pipa"
        )
        matter = "request:1" if "request" in EDITION.purposes[purpose].ends_with else None
        who = Person(events, (msgspec.structs.replace(record, matter=matter),))
        ask = Request(act=Act.USE, items=(item,), by=Actor(Role.SYSTEM), on=DAY, purpose=purpose)
        assert (answer(who, ask).effect is Effect.ALLOW) == (item in declared), item
