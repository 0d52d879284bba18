"""Probing: the outcome of a probe that looked at something outside, stated in the live log.

The report stands elsewhere and is known by its digest. What is *not* here: probing.
"""

from __future__ import annotations

from datetime import datetime

from wordkept.evidence import Body, Predicate, state
from wordkept.gate.gate import Gate
from wordkept.gate.stores import Stores


def probed(gate: Gate, rule: str, clauses: tuple[str, ...], digest: str, wrong: int, now: datetime) -> None:
    """State what a probe found.

    Args:
        gate: of the installation.
        rule: the probe's stable name.
        clauses: what was probed.
        digest: hex SHA-256 of the report.
        wrong: how many things it found that are not allowed.
        now: when.

    Raises:
        UnavailableError: the store is down.
    """
    day = gate.day(now)
    edition = gate.policy.on(day)
    body = Body(
        clauses=clauses,
        counts={"wrong": wrong},
        digest=digest,
        edition=edition.digest if edition else None,
        held=not wrong,
        on=str(day),
        rule=rule,
    )
    stores = Stores(gate.installation)
    try:
        with stores.guarded(), stores.transaction():
            stores.tell([state(Predicate.PROBE, now, body)])
    finally:
        stores.close()
