"""Who is not asked had nothing to say: leaving out guards and holders by role, item and purpose changes no answer.

The reference policy is asked twice, once as it is and once with every such narrowing taken away. What is *not* here:
what the answers ought to be.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wordkept import law
from wordkept.decision import decide, term_of
from wordkept.policy import load
from wordkept.policy.model import Binding, Edition, Policy
from wordkept.record import Actor, Chosen, Facts, History, Record, Request, Span
from wordkept.rules import RULES
from wordkept.terms import Act, Choice, Level, Role

ROOT = Path(__file__).resolve().parents[2]
POLICY = load(ROOT / "policies" / "bizmeka-ez", RULES, law.load(ROOT / "law"))
EDITION = POLICY.editions[0]
DAY = date(2018, 3, 1)


def asked_of_all(binding: Binding) -> Binding:
    return msgspec.structs.replace(binding, rule=msgspec.structs.replace(binding.rule, roles=None, concerns=None))


def asking_everybody(edition: Edition) -> Policy:
    guards = {key: tuple(asked_of_all(one) for one in some) for key, some in edition.guards.items()}
    holders = tuple(
        msgspec.structs.replace(one, rule=msgspec.structs.replace(one.rule, narrows=None, concerns=None))
        for one in edition.holders
    )
    return Policy(path="", editions=(msgspec.structs.replace(edition, guards=guards, holders=holders),))


EVERYBODY = asking_everybody(EDITION)
names = st.sampled_from([*EDITION.items, "shoe_size"])
purposes = st.sampled_from([*EDITION.purposes, "world-domination"])
addressees = st.sampled_from([*EDITION.recipients, *EDITION.processors, "authority", "neighbour"])
days = st.integers(0, 400).map(lambda back: DAY - timedelta(days=back))
histories = st.builds(
    lambda left, choices: History(
        9,
        {"service": (Span(3, date(2017, 2, 1), None, *left),)},
        {to: (Chosen(number, DAY, choice, EDITION.effective),) for to, (number, choice) in choices.items()},
    ),
    st.sampled_from([(), (8, date(2017, 12, 1))]),
    st.dictionaries(
        st.sampled_from(["table", "entrustment", *EDITION.purposes, *(f"category:{n}" for n in EDITION.categories)]),
        st.tuples(st.integers(1, 9), st.sampled_from(Choice)),
        max_size=6,
    ),
)
actors = st.builds(
    Actor, st.sampled_from(Role), st.just("x"), st.sampled_from(Level), st.booleans(), st.booleans(), st.booleans()
)


@st.composite
def records(draw: st.DrawFn, item: str) -> Record:
    until = draw(st.none() | days)
    return Record(
        id=draw(st.uuids()).hex, item=item, purpose=draw(purposes), on=draw(days), after=draw(st.integers(0, 9)),
        edition=EDITION.effective, statute=draw(st.none() | st.just("kr/pipa")), frozen=draw(st.booleans()),
        use_until=until, keep_until=None,
    )  # fmt: skip


@pytest.mark.parametrize("act", Act)
@given(st.data())
def test_who_is_not_asked_had_nothing_to_say(act: Act, data: st.DataObject) -> None:
    items = data.draw(st.lists(names, min_size=1, max_size=3, unique=True))
    ask = Request(
        act=act, items=tuple(items), by=data.draw(actors), on=DAY, purpose=data.draw(st.none() | purposes),
        to=data.draw(st.none() | addressees), method="website", statute=data.draw(st.none() | st.just("kr/pipa")),
    )  # fmt: skip
    held = {item: tuple(data.draw(st.lists(records(item), max_size=2))) for item in items}
    facts = Facts(history=data.draw(histories), records=held)
    ours, theirs = decide(POLICY, ask, facts), decide(EVERYBODY, ask, facts)
    assert msgspec.structs.replace(ours, edition=None) == msgspec.structs.replace(theirs, edition=None)


@given(names.flatmap(records), histories)
def test_a_holder_that_is_not_asked_holds_nothing(record: Record, history: History) -> None:
    ours = term_of(POLICY, record, history, EDITION)
    assert ours == term_of(EVERYBODY, record, history, EVERYBODY.editions[0])
