"""Pictures: pages of the documentation that are drawn from the code they speak of.

``python -m wordkept.trace.pictures > docs/lifecycle.md`` writes the page anew; a test fails while it is out of date.
What is *not* here: what the pictures show (``record.lifecycle``).
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import Final

from wordkept.record.lifecycle import POSSIBLE, STEPS
from wordkept.terms import Act, State

_STATES: Final[dict[State, str]] = {
    State.ABSENT: "no such record",
    State.LIVE: "in use, in the live store",
    State.LEAVING: "no longer used, on its way to the separate store",
    State.SEPARATED: "kept apart, because a law, a dispute or six months still hold it",
    State.DESTROYED: "row and key are gone; *final* once its epoch has closed as well",
}
_STEPS: Final[dict[str, str]] = {
    "collect": "something is collected",
    "correct": "its value is corrected: a new version under a new key",
    "leave": "its last use hold has ended, or its person asked for deletion and something still holds it",
    "arrive": "the separate store has it, and what it has was compared",
    "destroy": "its last hold has ended, or someone who may asked for it",
}


def lifecycle_page() -> str:
    """The page about the lifecycle of a record, in Markdown with one Mermaid diagram."""
    return "\n".join((*_head(), *_diagram(), *_states(), *_steps(), *_acts(), ""))


def _head() -> Iterator[str]:
    yield "<!-- Drawn by `python -m wordkept.trace.pictures` from record/lifecycle.py; do not edit. -->"
    yield "# What can become of a record"
    yield ""
    yield "None of these steps leads back to *live* from anywhere else. Freezing is laid over a state and is no state."
    yield "Whether a step may be taken is decided each time ([decisions](decisions.md)); a step that is not here is"
    yield "denied as `impossible` or `absent`, whoever asks."


def _diagram() -> Iterator[str]:
    yield "\n```mermaid\nstateDiagram-v2"
    for (state, by), to in STEPS.items():
        yield f"    {_node(state, start=True)} --> {_node(to)}: {by}"
    yield from (f"    {state} --> [*]" for state in State if state not in {one for one, _ in STEPS})
    yield "```"


def _node(state: State, *, start: bool = False) -> str:
    return "[*]" if start and state is State.ABSENT else str(state)


def _states() -> Iterator[str]:
    yield "\n## States\n"
    yield from _table(("State", "Means"), ((f"`{state}`", said) for state, said in _STATES.items()))


def _steps() -> Iterator[str]:
    yield "\n## Steps\n"
    rows = ((f"`{state}`", f"`{by}`", f"`{to}`", _STEPS[by]) for (state, by), to in STEPS.items())
    yield from _table(("From", "By", "To", "When"), rows)


def _acts() -> Iterator[str]:
    yield "\n## Acts\n"
    yield "Of which states an act can be asked at all. Asked is not allowed: what is separated is shown to its person"
    yield "and destroyed, and used only where a clause names the exception."
    yield ""
    columns = [state for state in _STATES if any(state in possible for possible in POSSIBLE.values())]
    rows = ((f"`{act}`", *("yes" if state in POSSIBLE[act] else "" for state in columns)) for act in Act)
    yield from _table(("Act", *(f"`{state}`" for state in columns)), rows)


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    names = tuple(head)
    yield _row(names)
    yield _row("---" for _ in names)
    yield from (_row(row) for row in rows)


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    sys.stdout.write(lifecycle_page())
