"""Foresight: what the run of a day would owe under another policy, without changing a projection or a record.

The same pure class that moves people in the real gate settles copies of them; what is counted is the difference.
What is *not* here: the plan of the policy in force (``worker``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date

from wordkept.decision import holds_of
from wordkept.person import Person
from wordkept.policy.model import Edition, Policy
from wordkept.record import History, Record
from wordkept.terms import State


def foreseen(policy: Policy, people: Iterable[tuple[History, tuple[Record, ...]]], day: date) -> dict[str, int]:
    """Counts of a run, named as a plan names them: ``destroy``, ``destroy by 5.2.B``.

    Args:
        policy: under which the run would be.
        people: each person's past and all their records, one at a time.
        day: of the run.
    """
    counts: Counter[str] = Counter()
    for history, records in people:
        person = Person(policy, history, records)
        person.settle(day)
        after = {one.id: one.state for one in person.records}
        for record in records:
            state = after[record.id]
            if state is not record.state:
                deed = "destroy" if state is State.DESTROYED else "separate"
                counts[deed] += 1
                counts.update(f"{deed} by {one}" for one in _ended(person.edition(day), record, history, deed))
    return dict(sorted(counts.items()))


def _ended(edition: Edition, record: Record, history: History, deed: str) -> list[str]:
    """The clauses whose holds ended last; of a separation, whose holds on use did."""
    holds = [one for one in holds_of(edition, record, history) if deed == "destroy" or one.use]
    last = max((one.until for one in holds if one.until), default=None)
    return list(dict.fromkeys(one.clause for one in holds if one.until == last))
