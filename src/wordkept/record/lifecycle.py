"""Lifecycle: one table of what can become of a record. The docs' picture is drawn from it.

Freezing is laid over a state and is no state. None leads back to live. What is *not* here: who may ask and why
(``rules``); a transition that is not in the table is ``impossible`` whoever asks.
"""

from __future__ import annotations

from typing import Final

from wordkept.terms import Act, State

STEPS: Final[dict[tuple[State, str], State]] = {
    (State.ABSENT, "collect"): State.LIVE,
    (State.LIVE, "correct"): State.LIVE,
    (State.LIVE, "leave"): State.LEAVING,
    (State.LEAVING, "arrive"): State.SEPARATED,
    (State.LIVE, "destroy"): State.DESTROYED,
    (State.LEAVING, "destroy"): State.DESTROYED,
    (State.SEPARATED, "destroy"): State.DESTROYED,
}
"""From a state, by a step, to a state."""

POSSIBLE: Final[dict[Act, frozenset[State]]] = {
    Act.COLLECT: frozenset(State),
    Act.USE: frozenset({State.LIVE, State.SEPARATED}),
    Act.PROVIDE: frozenset({State.LIVE, State.SEPARATED}),
    Act.ENTRUST: frozenset({State.LIVE, State.SEPARATED}),
    Act.VIEW: frozenset({State.LIVE, State.SEPARATED}),
    Act.CORRECT: frozenset({State.LIVE, State.SEPARATED}),
    Act.FREEZE: frozenset({State.LIVE, State.SEPARATED}),
    Act.LIFT: frozenset({State.LIVE}),
    Act.DESTROY: frozenset({State.LIVE, State.SEPARATED}),
}
"""The states of which an act can be asked at all; whether it is allowed is for the rules."""


def step(state: State, by: str) -> State:
    """The state after a step.

    Raises:
        ValueError: no such step; names both.
    """
    try:
        return STEPS[state, by]
    except KeyError:
        msg = f"a record that is {state} cannot {by}"
        raise ValueError(msg) from None
