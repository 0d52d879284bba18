"""Runs: a plan is made and applied; the scheduled run is the same two steps.

What is *not* here: the clock (``now`` is passed in) and what is due (``gate``).
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec

from wordkept.gate import Gate, Owed, Swept
from wordkept.gate.keyfile import key_in
from wordkept.terms import MalformedPolicyError
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
        file: the plan; read once, so it may be a pipe. Its approval is looked for beside it.
        now: the reference time.
        above: records above which the plan needs an approval; never raised by configuration, only lowered.

    Raises:
        MalformedPolicyError: altered, or not a plan.
        ValueRejectedError: who approved it goes by no pseudonym.
        UnavailableError: foreign, stale or not approved.
    """
    with _own(gate.installation.folder, file) as own:
        try:
            summary = plan.check(own, plan_key(gate))
        except MalformedPolicyError as error:
            error.file = str(file)
            raise
        day = gate.day(now)
        plan.in_time(summary, gate.installation.config.installation, gate.edition(day).digest, day)
        by = None
        if summary.foot.records > min(above, APPROVAL_ABOVE):
            by = approval.approved_by(file, summary.foot.digest, gate.installation.folder)
        gate.settle(now)
        swept = gate.sweep((Owed(**msgspec.structs.asdict(one)) for one in plan.lines(own)), now)
    gate.applied(summary.foot.digest, swept, by, now)
    return Applied(summary, swept, by)


@contextmanager
def _own(folder: Path, file: Path) -> Iterator[Path]:
    """A copy of a plan that nobody else writes to, so that what is done is what was checked; read once, then removed.

    Raises:
        MalformedPolicyError: the plan cannot be read.
    """
    try:
        source = file.open("rb")
    except OSError as error:
        raise MalformedPolicyError(f"the plan cannot be read: {error.strerror}", file=str(file)) from error
    handle, name = tempfile.mkstemp(prefix=".plan.", dir=folder)  # of mode 0600
    own = Path(name)
    try:
        with source, os.fdopen(handle, "wb") as out:
            shutil.copyfileobj(source, out)
        yield own
    finally:
        own.unlink(missing_ok=True)


def _lines(gate: Gate, now: datetime) -> Iterator[plan.Line]:
    for one in gate.due(now):
        yield plan.Line(**msgspec.structs.asdict(one))


def plan_key(gate: Gate) -> bytes:
    """The key under which this installation seals plans: a file of 32 bytes, mode 0600, made on first use.

    Raises:
        UnavailableError: it is damaged.
    """
    return key_in(gate.installation.folder / "plan.key")
