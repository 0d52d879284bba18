"""The lifecycle is one table, and it only goes one way."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wordkept.record import NEVER, Record
from wordkept.record.lifecycle import POSSIBLE, STEPS, step
from wordkept.terms import Act, State

WORDS = sorted({by for _, by in STEPS})
DAY = date(2020, 2, 29)
ends = st.one_of(st.none(), st.just(NEVER), st.integers(-400, 400).map(lambda n: DAY + timedelta(days=n)))
ALIVE = (State.LIVE, State.SEPARATED, State.DESTROYED)


def reachable(start: State) -> set[State]:
    found: set[State] = set()
    new = {start}
    while new:
        found |= new
        new = {to for (state, _), to in STEPS.items() if state in found} - found
    return found


@st.composite
def records(draw: st.DrawFn) -> Record:
    use, keep = draw(ends), draw(ends)
    later = None if use is None or keep is None else max(use, keep)
    state = draw(st.sampled_from([State.LIVE, State.LEAVING, State.SEPARATED, State.DESTROYED]))
    return Record(
        id="1", item="a", purpose="p", on=DAY, after=0, edition=DAY, state=state, use_until=use, keep_until=later
    )


def test_every_state_is_reachable() -> None:
    assert reachable(State.ABSENT) == set(State)


def test_none_leads_back_to_live() -> None:
    for state in set(State) - {State.LIVE, State.ABSENT}:
        assert State.LIVE not in reachable(state)


def test_destroyed_is_final() -> None:
    assert reachable(State.DESTROYED) == {State.DESTROYED}
    assert not any(state is State.DESTROYED for state, _ in STEPS)


def test_nothing_comes_back_from_the_separate_store() -> None:
    assert reachable(State.SEPARATED) == {State.SEPARATED, State.DESTROYED}
    assert reachable(State.LEAVING) == {State.LEAVING, State.SEPARATED, State.DESTROYED}


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("by", WORDS)
def test_what_is_not_in_the_table_is_impossible(state: State, by: str) -> None:
    if (state, by) in STEPS:
        assert step(state, by) is STEPS[state, by]
    else:
        with pytest.raises(ValueError, match=f"{state} cannot {by}"):
            step(state, by)


def test_every_act_says_of_which_states_it_can_be_asked() -> None:
    assert set(POSSIBLE) == set(Act)
    gone = {State.DESTROYED, State.ABSENT}
    assert not any(POSSIBLE[act] & gone for act in Act if act is not Act.COLLECT)


@given(records(), st.integers(-500, 500), st.integers(0, 500))
def test_days_that_pass_never_bring_a_record_back(record: Record, first: int, more: int) -> None:
    one, other = DAY + timedelta(days=first), DAY + timedelta(days=first + more)
    assert ALIVE.index(record.state_on(one)) <= ALIVE.index(record.state_on(other))


@given(records(), st.integers(-500, 500))
def test_a_late_worker_makes_no_use_lawful(record: Record, offset: int) -> None:
    day = DAY + timedelta(days=offset)
    seen = record.state_on(day)
    if record.use_until is not None and record.use_until < day:
        assert seen is not State.LIVE
    if record.keep_until is not None and record.keep_until < day and seen is not State.LIVE:
        assert seen is State.DESTROYED
    if record.state is not State.LIVE:
        assert seen is not State.LIVE
