"""What later events, later services and later editions can and cannot do to a record's three days.

Pasts are drawn under the reference policy, one event after the other; a record is followed from its collection on.
What is *not* here: what the days are (``test_kernel_stateful`` has a second reading, ``tests/promises`` examples).
"""

from __future__ import annotations

import random
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wordkept import law
from wordkept.decision import term_of
from wordkept.policy.editions import load
from wordkept.policy.model import Edition, Policy
from wordkept.record import CONSENT, Event, History, ImpossibleEventError, Record, Term, fold
from wordkept.rules import RULES
from wordkept.rules.retention import AfterService
from wordkept.terms import Choice

ROOT = Path(__file__).resolve().parents[2]
POLICY = load(ROOT / "policies" / "bizmeka-ez", RULES, law.load(ROOT / "law"))
EDITION = POLICY.editions[0]
FAR = date(9999, 12, 31)
EVENTS = (
    "service.subscribed", "service.terminated", "signup.abandoned", "etax.enabled", "etax.disabled", "dispute.opened",
    "dispute.resolved", "charge.raised", "account.settled", "request.decided",
)  # fmt: skip
PAIRS = (
    ("identification", "email"), ("identification", "applicant_name"), ("charging", "card_no"),
    ("service-record", "payment_record"), ("marketing", "email"), ("etax-invoice", "etax_id"), ("tax-record", "rrn"),
    ("statutory-record", "payment_record"), ("id-verification", "id_card_copy"), ("site-operation", "access_ip"),
    ("interest-information", "cookie_id"),
)  # fmt: skip
seeds = st.integers(0, 10**9)


class Moment(msgspec.Struct, frozen=True):
    """What was known when an event had happened, and what followed for the record."""

    event: Event
    history: History
    term: Term


def ends(term: Term) -> tuple[date, date, date]:
    return term.use_until or FAR, term.keep_until or FAR, term.not_before or FAR


def drawn(seed: int, length: int = 24) -> tuple[Record, list[Moment]]:
    """A record collected somewhere early in a random past, and each moment from then on."""
    draw = random.Random(seed)
    day, history, record, moments = date(2017, 1, 1), History(), None, list[Moment]()
    for at in range(length):
        day += timedelta(days=draw.choice((0, 0, 1, 1, 5, 30, 150, 400)))
        number = history.number + 1
        if draw.random() < 0.2:
            to, choice = draw.choice(("table", "marketing", "interest-information")), draw.choice(list(Choice)[:3])
            event = Event(number, day, CONSENT, None, to, choice, EDITION.effective)
        else:
            kind = "service.subscribed" if at == 0 and draw.random() < 0.7 else draw.choice(EVENTS)
            matter = draw.choice((None, "request:1", "m:2"))
            event = Event(number, day, kind, matter, narrow=matter == "m:2" and draw.random() < 0.5)
        try:
            history = fold(EDITION.spans, history, [event])
        except ImpossibleEventError:
            continue
        if record is None and draw.random() < 0.5:
            purpose, item = draw.choice(PAIRS)
            record = Record(
                id="1", item=item, purpose=purpose, on=day, after=number, edition=EDITION.effective, matter="request:1"
            )
        if record is not None:
            moments.append(Moment(event, history, term_of(POLICY, record, history, EDITION)))
    return record or Record(id="1", item="email", purpose="marketing", on=day, after=0, edition=day), moments


@given(seeds)
def test_what_is_over_stays_over(seed: int) -> None:
    record, moments = drawn(seed)
    for before, after in pairwise(moments):
        use, keep, _ = ends(before.term)
        if max(keep, record.on) < after.event.on:
            assert ends(after.term)[1] < after.event.on, "saved after its last hold had ended"
        if max(use, record.on) < after.event.on:
            assert ends(after.term)[0] < after.event.on, "used again after its use had ended"


@given(seeds)
def test_what_must_be_kept_is_kept_whatever_comes_later(seed: int) -> None:
    record, moments = drawn(seed)
    for before, after in pairwise(moments):
        named = {"dispute.resolved"} | ({"service.terminated"} if record.purpose == "tax-record" else set())
        if after.event.kind not in named:
            assert ends(after.term)[2] >= ends(before.term)[2]
        assert ends(after.term)[2] >= min(ends(before.term)[2], after.event.on), "a strict hold ended before its day"


@given(seeds)
def test_the_three_days_lie_within_each_other(seed: int) -> None:
    for moment in drawn(seed)[1]:
        use, keep, strict = ends(moment.term)
        assert max(use, strict) <= keep


@given(seeds)
def test_a_service_begun_again_saves_nothing_and_takes_nothing(seed: int) -> None:
    record, moments = drawn(seed)
    again = [m for m in moments if m.event.kind == "service.subscribed" and len(m.history.spans["service"]) > 1]
    began = next((m.event.number for m in again if m.event.number > record.after), None)
    own = {"dispute.opened", "dispute.resolved", "account.settled"}
    if record.purpose not in {"identification", "charging", "service-record", "tax-record", "statutory-record"}:
        return
    for before, after in pairwise(moments):
        if began is not None and after.event.number >= began and after.event.kind not in own:
            assert ends(after.term)[1:] == ends(before.term)[1:]


@given(seeds)
def test_a_term_is_a_function_of_the_past_alone(seed: int) -> None:
    record, moments = drawn(seed)
    for moment in moments:
        worn = msgspec.structs.replace(
            record, use_until=date(2000, 1, 1), keep_until=None, rev=9, version=4, frozen=True
        )
        assert term_of(POLICY, worn, moment.history, EDITION) == moment.term


@given(seeds)
def test_a_deletion_that_was_asked_leaves_only_what_must_stay(seed: int) -> None:
    record, moments = drawn(seed)
    for moment in moments:
        asked = msgspec.structs.replace(record, released_on=moment.event.on)
        left = term_of(POLICY, asked, moment.history, EDITION)
        assert ends(left)[1] == ends(left)[2] == ends(moment.term)[2]


@given(seeds, st.integers(0, 23))
def test_nothing_that_comes_later_saves_what_was_to_be_deleted(seed: int, at: int) -> None:
    record, moments = drawn(seed)
    asked = moments[at % len(moments) :] if moments else []
    for before, after in pairwise(asked):
        wished = msgspec.structs.replace(record, released_on=asked[0].event.on)
        was, now = (ends(term_of(POLICY, wished, one.history, EDITION))[1] for one in (before, after))
        if max(was, asked[0].event.on) < after.event.on:
            assert now < after.event.on, "saved although its person asked, and its last strict hold had ended"


def test_a_dispute_outlives_a_table_that_is_refused_after_leaving() -> None:
    day = date(2017, 1, 2)
    events = [
        Event(1, day, "service.subscribed"),
        Event(2, day + timedelta(days=10), "service.terminated"),
        Event(3, day + timedelta(days=20), "dispute.opened"),
        Event(4, day + timedelta(days=30), CONSENT, None, "table", Choice.WITHDRAWN, EDITION.effective),
    ]
    record = Record(id="1", item="email", purpose="identification", on=day, after=1, edition=EDITION.effective)
    found = term_of(POLICY, record, fold(EDITION.spans, History(), events), EDITION)
    assert (found.keep_until, found.not_before) == (None, None)


def edition_with(lasts: str, effective: date) -> Edition:
    """The reference edition with another ceiling after the service."""
    holders = tuple(
        msgspec.structs.replace(one, params=msgspec.structs.replace(one.params, lasts=lasts))
        if isinstance(one.params, AfterService)
        else one
        for one in EDITION.holders
    )
    return msgspec.structs.replace(EDITION, holders=holders, effective=effective, digest=f"{lasts} {effective}")


def keep_until(now: str, collected: date, *later: tuple[str, date], agreed_again: date | None = None) -> date | None:
    """Last day of an e-mail address whose service ended on 2019-03-10, told on the newest edition's days."""
    policy = Policy(path="", editions=(edition_with(now, EDITION.effective), *(edition_with(*one) for one in later)))
    events = [Event(1, collected, CONSENT, None, "table", Choice.GIVEN, EDITION.effective)]
    events.append(Event(2, collected, "service.subscribed"))
    if agreed_again:
        events.append(Event(3, agreed_again, CONSENT, None, "table", Choice.GIVEN, agreed_again))
    events.append(Event(len(events) + 1, date(2019, 3, 10), "service.terminated"))
    history = fold(EDITION.spans, History(), events)
    record = Record(id="1", item="email", purpose="identification", on=collected, after=2, edition=EDITION.effective)
    return term_of(policy, record, history, policy.editions[-1]).keep_until


def test_a_later_edition_lengthens_nothing_without_a_new_consent() -> None:
    longer = ("P1Y", date(2018, 1, 1))
    assert keep_until("P6M", date(2017, 1, 2), longer) == date(2019, 9, 10)
    assert keep_until("P6M", date(2017, 1, 2), longer, agreed_again=date(2018, 1, 1)) == date(2020, 3, 10)


def test_a_later_edition_shortens_at_once_and_for_good() -> None:
    shorter, longer = ("P3M", date(2018, 1, 1)), ("P1Y", date(2018, 6, 1))
    assert keep_until("P6M", date(2017, 1, 2), shorter) == date(2019, 6, 10)
    assert keep_until("P6M", date(2017, 1, 2), shorter, longer) == date(2019, 6, 10)


@pytest.mark.parametrize("longer", ["P6M", "P7M", "P5Y"])
def test_an_edition_that_says_the_same_or_more_changes_nothing(longer: str) -> None:
    assert keep_until("P6M", date(2017, 1, 2), (longer, date(2018, 1, 1))) == date(2019, 9, 10)
