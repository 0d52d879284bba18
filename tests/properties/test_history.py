"""History: the fold of a person's events, over random pasts under the reference policy's spans."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wordkept import law
from wordkept.policy.editions import load
from wordkept.record import CONSENT, Event, History, ImpossibleEventError, fold
from wordkept.rules import RULES
from wordkept.terms import Choice

ROOT = Path(__file__).resolve().parents[2]
SPANS = load(ROOT / "policies" / "bizmeka-ez", RULES, law.load(ROOT / "law")).editions[0].spans
KINDS = sorted({kind for span in SPANS.values() for kind in (span.opens, span.closes) if kind and not span.operator})
CLOSERS = {span.closes: span for span in SPANS.values() if span.closes}
TO = ("table", "marketing", "provision:kmc")
CHOSEN = (Choice.GIVEN, Choice.REFUSED, Choice.WITHDRAWN)

drawn = st.one_of(
    st.tuples(st.sampled_from(KINDS), st.sampled_from([None, "request:1", "payment:1"])),
    st.tuples(st.just(CONSENT), st.tuples(st.sampled_from(TO), st.sampled_from(CHOSEN))),
)


@st.composite
def pasts(draw: st.DrawFn) -> list[Event]:
    """Events that could happen: each drawn one that cannot follow is left out."""
    day, history, events = date(2017, 1, 1), History(), list[Event]()
    if draw(st.booleans()):
        events.append(Event(1, day, "service.subscribed"))
        history = fold(SPANS, history, events)
    for kind, about in draw(st.lists(drawn, max_size=25)):
        day += timedelta(days=draw(st.integers(0, 2)))
        number = history.number + 1
        if isinstance(about, tuple):
            event = Event(number, day, kind, None, about[0], about[1], day)
        else:
            event = Event(number, day, kind, about)
        try:
            history = fold(SPANS, history, [event])
        except ImpossibleEventError:
            continue
        events.append(event)
    return events


def folded(events: Sequence[Event]) -> History:
    return fold(SPANS, History(), events)


@given(pasts(), st.integers(0, 25))
def test_folding_in_two_parts_is_folding_at_once(events: list[Event], cut: int) -> None:
    assert fold(SPANS, folded(events[:cut]), events[cut:]) == folded(events)


@given(pasts())
def test_folding_leaves_what_was_known_untouched(events: list[Event]) -> None:
    before, again = folded(events[:-1]), folded(events[:-1])
    fold(SPANS, before, events[-1:])
    assert before == again


@given(pasts())
def test_no_two_spans_of_a_kind_and_matter_are_open_at_once(events: list[Event]) -> None:
    for name, spans in folded(events).spans.items():
        standing = [span.matter if SPANS[name].matters else None for span in spans if span.closed is None]
        assert len(standing) == len(set(standing))


@given(pasts())
def test_a_span_ends_after_it_began_and_on_the_day_of_its_event(events: list[Event]) -> None:
    days = {event.number: event.on for event in events}
    for spans in folded(events).spans.values():
        for span in spans:
            assert days[span.opened] == span.opened_on
            assert span.closed is None or (span.closed >= span.opened and days[span.closed] == span.closed_on)


@given(pasts())
def test_what_is_within_a_service_ends_with_it(events: list[Event]) -> None:
    history = folded(events)
    for name, kind in SPANS.items():
        if kind.within and not history.is_open(kind.within):
            assert not history.is_open(name)


@given(pasts())
def test_the_end_of_a_service_ends_every_consent(events: list[Event]) -> None:
    history = folded(events)
    if history.is_open("service"):
        ended = fold(SPANS, history, [Event(history.number + 1, events[-1].on, "service.terminated")])
        assert not any(ended.given(to) for to in TO)


@given(pasts(), st.sampled_from(TO))
def test_the_last_choice_counts(events: list[Event], to: str) -> None:
    history = folded(events)
    made = [event for event in events if event.to == to]
    if made and made[-1].choice != Choice.GIVEN:
        assert not history.given(to)
    if not any(event.choice == Choice.GIVEN for event in made):
        assert not history.given(to)


@given(pasts())
def test_settling_settles_what_it_names_or_everything(events: list[Event]) -> None:
    history = folded(events)
    after = [Event(history.number + 1, date(2030, 1, 1), "account.settled")]
    assert not fold(SPANS, history, after).is_open("charge")


@given(pasts(), st.sampled_from(sorted(CLOSERS)))
def test_what_is_not_open_is_not_closed(events: list[Event], kind: str) -> None:
    span, history = CLOSERS[kind], folded(events)
    if not span.sweeping and not span.operator and not history.is_open(span.name):
        with pytest.raises(ImpossibleEventError):
            fold(SPANS, history, [Event(history.number + 1, date(2030, 1, 1), kind)])


@given(pasts())
def test_what_no_policy_declares_did_not_happen(events: list[Event]) -> None:
    history = folded(events)
    with pytest.raises(ImpossibleEventError):
        fold(SPANS, history, [Event(history.number + 1, date(2030, 1, 1), "moon.landed")])


@given(pasts(), st.sampled_from(["marketing", "table"]), st.integers(0, 10))
def test_the_first_no_is_the_first(events: list[Event], to: str, after: int) -> None:
    history = folded(events)
    found = history.first_no(to, after)
    noes = [one for one in history.choices.get(to, ()) if one.number > after and one.choice is not Choice.GIVEN]
    assert found == (noes[0] if noes else None)
