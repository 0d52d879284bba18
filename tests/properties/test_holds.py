"""Holds: what a period added to a day is, and what the reasons to keep a record come to.

The naive readings here go month by month and day by day. What is *not* here: which clause holds what.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wordkept.record import NEVER, Hold, Term, first_of, last_of, plus, standing, term
from wordkept.record.holds import period

START = date(2019, 12, 20)
days = st.dates(date(1900, 1, 1), date(2200, 12, 31))
near = st.integers(0, 45).map(lambda n: START + timedelta(days=n))
counts = st.integers(0, 60)
far = date(9000, 1, 1)


@st.composite
def holds(draw: st.DrawFn) -> Hold:
    start = draw(near)
    until = draw(st.one_of(st.none(), st.integers(-3, 20).map(lambda n: start + timedelta(days=n))))
    return Hold(draw(st.sampled_from(["5.1", "5.2", "5.3"])), start, until, draw(st.booleans()), draw(st.booleans()))


some = st.lists(holds(), max_size=6)


def month_by_month(day: date, months: int) -> date:
    year, month = day.year, day.month
    for _ in range(months):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def day_by_day(kept: list[Hold], collected: date) -> date | None:
    """Last day on which the record is there: each day something must hold it before anything new can join."""
    horizon = max([collected, *(h.start for h in kept), *(h.until for h in kept if h.until)]) + timedelta(days=2)
    joined: list[Hold] = []
    day = collected
    while day <= horizon:
        if day > collected and not any((hold.until or far) >= day for hold in joined):
            return day - timedelta(days=1)
        joined += [hold for hold in kept if hold.start == day or hold.start < day == collected]
        day += timedelta(days=1)
    return None


@given(days, counts)
def test_a_month_is_clamped_to_its_last_day(day: date, months: int) -> None:
    assert plus(day, f"P{months}M") == month_by_month(day, months)


@given(days, st.integers(0, 20), counts, st.integers(0, 60), st.integers(0, 400))
def test_a_period_is_added_once_months_first(day: date, years: int, months: int, weeks: int, extra: int) -> None:
    text = f"P{years}Y{months}M{weeks}W{extra}D"
    assert plus(day, text) == month_by_month(day, years * 12 + months) + timedelta(days=weeks * 7 + extra)


def test_half_a_year_from_the_end_of_august() -> None:
    assert plus(date(2018, 8, 31), "P6M") == date(2019, 2, 28)
    assert plus(date(2019, 8, 31), "P6M") == date(2020, 2, 29)
    assert plus(date(2019, 8, 31), "P12M") == date(2020, 8, 31), "not P6M twice: that would be 29 August"
    assert plus(plus(date(2019, 8, 31), "P6M"), "P6M") == date(2020, 8, 29)
    assert plus(date(2016, 2, 29), "P5Y") == date(2021, 2, 28)


@given(days, days, counts, st.integers(0, 500))
def test_a_later_day_never_ends_earlier(one: date, other: date, months: int, extra: int) -> None:
    text = f"P{months}M{extra}D"
    assert plus(min(one, other), text) <= plus(max(one, other), text)


@given(days, counts, counts)
def test_a_longer_period_never_ends_earlier(day: date, some_months: int, more: int) -> None:
    assert plus(day, f"P{some_months}M") <= plus(day, f"P{some_months + more}M")


@pytest.mark.parametrize("text", ["", "P", "6M", "P6", "P-6M", "P1.5M", "PT6H", "P6M ", "p6m", "P6M3Y", "P12345678D"])
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a duration"):
        period(text)


def test_a_day_beyond_the_calendar_is_refused() -> None:
    for text in ("P9999Y", "P12000M", "P999999D"):
        with pytest.raises(ValueError, match="beyond the calendar"):
            plus(date(9990, 1, 1), text)


@given(st.lists(st.one_of(st.none(), days)))
def test_open_is_never_first_and_always_last(ends: list[date | None]) -> None:
    known = [day for day in ends if day is not None]
    assert first_of(*ends) == (min(known) if known else None)
    assert last_of(ends) == (None if None in ends else max(known, default=NEVER))


@given(some, near)
def test_a_record_is_there_as_long_as_a_day_by_day_reading_says(kept: list[Hold], collected: date) -> None:
    found = term(standing(kept, collected)).keep_until
    naive = day_by_day(kept, collected)
    if found is not None and found <= collected:  # held by nothing that outlasts its first day
        assert naive == collected
    else:
        assert found == naive


@given(some)
def test_use_and_not_before_end_within_keeping(kept: list[Hold]) -> None:
    found = term(kept)
    assert all(
        found.keep_until is None or (day is not None and day <= found.keep_until)
        for day in (found.use_until, found.not_before)
    )


@given(some, holds(), near)
def test_another_hold_never_shortens_a_term(kept: list[Hold], added: Hold, collected: date) -> None:
    def ends(these: list[Hold]) -> Term:
        found = term(standing(these, collected))
        return Term(*(day or far for day in (found.use_until, found.keep_until, found.not_before)))

    before, after = ends(kept), ends([*kept, added])
    for name in ("use_until", "keep_until", "not_before"):
        assert getattr(after, name) >= getattr(before, name)


@given(some, holds(), near)
def test_a_hold_that_comes_too_late_saves_nothing(kept: list[Hold], late: Hold, collected: date) -> None:
    over = term(standing(kept, collected)).keep_until
    if over is not None and late.start > max(over, collected):
        assert late not in standing([*kept, late], collected)


@given(some, near, st.randoms(use_true_random=False))
def test_holds_have_no_order(kept: list[Hold], collected: date, shuffler: object) -> None:
    other = list(kept)
    shuffler.shuffle(other)  # type: ignore[attr-defined]
    assert term(standing(other, collected)) == term(standing(kept, collected))


@given(holds(), near)
def test_a_hold_stands_from_its_first_day_to_its_last(hold: Hold, day: date) -> None:
    assert hold.stands(day) == (hold.start <= day <= (hold.until or far))
