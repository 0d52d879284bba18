"""Chapter "destruction": what happens when the last use hold, and the last hold of all, has ended.

Duties of the system: each rule says what it owes a record by a day's run, from the record's own three days. What is
*not* here: how a store separates and destroys (``vault``), and which holds there are (``retention``).
"""

from __future__ import annotations

from datetime import date
from typing import Literal

import msgspec

from wordkept.policy.model import Case, Deed, Verdict
from wordkept.record import Record
from wordkept.rules.parameters import NoParameters
from wordkept.rules.verdicts import PERMITTED, forbid
from wordkept.terms import Reason, Role, State


class WithoutDelay(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``within``: the policy's word for how long that may take; the system does it in the next run."""

    within: str


def destroyed_when_nothing_holds_it(_: WithoutDelay, record: Record, day: date) -> Deed | None:
    """A live record that no clause holds any longer is destroyed in the next run."""
    due = record.state is State.LIVE and record.state_on(day) is State.DESTROYED
    return Deed.DESTROY if due else None


def destroyed_on_request_of_the_operator(_: WithoutDelay, case: Case) -> Verdict | None:
    """Staff and system may destroy what no hold requires; the holds themselves forbid the rest."""
    return PERMITTED if case.ask.by.role in {Role.STAFF, Role.SYSTEM} else None


def separated_when_use_ends(_: WithoutDelay, record: Record, day: date) -> Deed | None:
    """A record that is only kept, no longer used, goes to the separate store in the next run."""
    leaving = record.state in {State.LIVE, State.LEAVING}
    return Deed.SEPARATE if leaving and record.state_on(day) is State.SEPARATED else None


def destroyed_when_its_time_is_over(_: WithoutDelay, record: Record, day: date) -> Deed | None:
    """A separated record is destroyed in the run after its last hold's last day."""
    apart = record.state in {State.SEPARATED, State.LEAVING}
    return Deed.DESTROY if apart and record.state_on(day) is State.DESTROYED else None


def separated_is_not_used(_: NoParameters, case: Case) -> Verdict | None:
    """What is kept apart is not used, provided, entrusted, corrected or frozen."""
    for record in case.records:
        if record.state_on(case.ask.on) is State.SEPARATED:
            return forbid(Reason.SEPARATED)
    return None


class Unrecoverable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``method``: how it is made unrecoverable; ``within``: when the last old key is gone."""

    method: Literal["key-destroyed"]
    within: str


def unrecoverable_by_the_epochs_end(_: Unrecoverable, record: Record, day: date) -> Deed | None:  # noqa: ARG001
    """What is destroyed can be opened by nobody, from no disk, log or backup, once the epoch's old root is gone."""
    return Deed.FORGET if record.state is State.DESTROYED else None
