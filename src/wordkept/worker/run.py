"""Runs: a plan is made and applied; the scheduled run is the same two steps.

What is *not* here: the clock (``now`` is passed in) and what is due (``gate``).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec

from wordkept.gate import Gate, Owed, Swept
from wordkept.terms import UnavailableError
from wordkept.worker import approval, plan

APPROVAL_ABOVE: Final = 10_000
"""Records of a plan above which a second person must approve it."""


class Applied(msgspec.Struct, frozen=True):
    """What applying a plan came to; ``approved_by`` if it needed approval."""

    summary: plan.Summary
    swept: Swept
    approved_by: str | None = None


def make(gate: Gate, file: Path, now: datetime) -> plan.Summary:
    """Write down everything that is owed by the run of ``now``'s day.

    Raises:
        UnavailableError: no edition is in force, or a store is down.
    """
    day = gate.day(now)
    gate.settle(now)
    head = plan.Head(
        installation=gate.installation.config.installation, policy=gate.edition(day).digest, day=day, made_at=now
    )
    summary = plan.write(file, head, _lines(gate, now), plan_key(gate))
    gate.planned(summary.foot.digest, summary.foot.records, now)
    return summary


def apply(gate: Gate, file: Path, now: datetime, *, above: int = APPROVAL_ABOVE) -> Applied:
    """Do exactly what a plan says; what no longer qualifies is reported, not done.

    Applying again after an interruption does what is left.

    Args:
        gate: the installation's gate.
        file: the plan.
        now: the reference time.
        above: records above which the plan needs an approval; never raised by configuration, only lowered.

    Raises:
        MalformedPolicyError: altered, or not a plan.
        UnavailableError: foreign, stale or not approved.
    """
    summary = plan.check(file, plan_key(gate))
    day = gate.day(now)
    plan.in_time(summary, gate.installation.config.installation, gate.edition(day).digest, day)
    by = None
    if summary.foot.records > min(above, APPROVAL_ABOVE):
        by = approval.approved_by(file, summary.foot.digest, gate.installation.folder)
    gate.settle(now)
    swept = gate.sweep((Owed(**msgspec.structs.asdict(one)) for one in plan.lines(file)), now)
    gate.applied(summary.foot.digest, swept, by, now)
    return Applied(summary, swept, by)


def _lines(gate: Gate, now: datetime) -> Iterator[plan.Line]:
    for one in gate.due(now):
        yield plan.Line(**msgspec.structs.asdict(one))


def plan_key(gate: Gate) -> bytes:
    """The key under which this installation seals plans: a file of 32 bytes, mode 0600, made on first use.

    Raises:
        UnavailableError: it is damaged.
    """
    file = gate.installation.folder / "plan.key"
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        key = file.read_bytes()
        if len(key) != 32:  # noqa: PLR2004  (bytes of an HMAC key)
            raise UnavailableError("plan.key is damaged") from None
        return key
    key = os.urandom(32)
    with os.fdopen(handle, "wb") as out:
        out.write(key)
        out.flush()
        os.fsync(out.fileno())
    return key
