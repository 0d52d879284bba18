"""Reporting: telling a person all that is held about them, sixty records of it, to one and to sixteen at once.

What is *not* here: how many trips to the store that takes (``tests/rights/test_access.py`` counts them).
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from multiprocessing import get_context
from threading import Barrier
from typing import Final

from figures import Figure, middle, timed
from ground import ITEMS, NOW, SYSTEM, Ground, members, rested

from wordkept.gate import Asked, Gate, Reports
from wordkept.record import Actor, Request
from wordkept.rights.access import access
from wordkept.terms import Act, Effect, Level, Role

_RECORDS: Final = 60
_CLIENTS: Final = 16
_PROCESSES: Final = 2
_MEMBER: Final = Actor(Role.MEMBER, name="bench-member", level=Level.DOCUMENT)


def access_report(ground: Ground) -> list[Figure]:
    """The report of people with sixty records each, durable evidence and all: to one client, then to sixteen.

    The sixteen are served as over HTTP: by two processes, with a thread and a connection for each client.
    """
    people, each = ground.size(32, 16), ground.size(50, 2)
    with ground.gate(pinned=False) as gate:
        subjects = members(gate, people, NOW)
        _used(gate, subjects)
        rested(gate)
        with ground.core():
            alone = _clock(gate, [one for _ in range(each) for one in subjects])
        shares = [subjects[at::_CLIENTS] * each for at in range(_CLIENTS)]
        halves = [shares[at::_PROCESSES] for at in range(_PROCESSES)]
        forking = get_context("fork")
        told = forking.SimpleQueue()
        servers = [forking.Process(target=lambda mine=half: told.put(_serve(gate, mine))) for half in halves]
        for one in servers:
            one.start()
        together = [time for _ in servers for time in told.get()]
        for one in servers:
            one.join()
    last = statistics.quantiles(together, n=100)[-1]
    return [
        Figure(
            name="access report, sixty records, p50", value=middle(alone), unit="ms", bar=10, most=True,
            beside={"slowest ms": max(alone), "quickest ms": min(alone)},
        ),
        Figure(
            name="access report, sixteen clients, p99", value=last, unit="ms", bar=50, most=True,
            beside={"p50 ms": middle(together), "slowest ms": max(together), "reports": len(together)},
        ),
    ]  # fmt: skip


def _used(gate: Gate, subjects: Sequence[str]) -> None:
    """As many records of use as are missing from sixty."""
    ask = Request(
        act=Act.COLLECT, items=("access_ip",), by=SYSTEM, on=gate.day(NOW), purpose="service-record", method="generated"
    )
    for number in range(_RECORDS - len(ITEMS)):
        done = gate.perform_many([Asked(one, ask, {"access_ip": f"192.0.2.{number}"}) for one in subjects], NOW)
        assert all(one.decision.effect is Effect.ALLOW for one in done), done[0].decision


def _serve(gate: Gate, shares: Sequence[Sequence[str]]) -> list[float]:
    """Milliseconds of each report of some clients at once."""
    begun = Barrier(len(shares))
    with ThreadPoolExecutor(len(shares)) as clients:
        return [one for found in clients.map(partial(_clock, gate, begun=begun), shares) for one in found]


def _clock(gate: Gate, subjects: Sequence[str], begun: Barrier | None = None) -> list[float]:
    """Milliseconds of each report, by one client with a connection of its own, once all are connected."""
    day = gate.day(NOW)
    edition = gate.edition(day)
    with Reports(gate.installation, gate.policy) as reports:
        assert len(reports.of(subjects[0], NOW, _MEMBER).held) == _RECORDS
        if begun:
            begun.wait()
        return [
            timed(lambda who=one: access(edition, reports.of(who, NOW, _MEMBER), day, reveal=True)) * 1e3
            for one in subjects
        ]
