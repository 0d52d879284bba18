"""Moving: records to the separate store, and keys to the next epoch while somebody writes.

What is *not* here: work in one store (``storing``).
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from figures import Figure, middle, timed
from ground import ITEMS, MEMBER, NOW, Ground, former, later, rested, strangers

from wordkept.gate import Asked, Gate
from wordkept.record import Request
from wordkept.terms import Act, Effect


def separation(ground: Ground) -> list[Figure]:
    """Records whose use is over: marked, sealed anew, opened and compared, deleted, with evidence in both."""
    people = ground.size(400, 40)
    found = []
    with ground.gate() as gate:
        for turn in range(ground.size(6, 2)):
            former(gate, people, NOW)
            rested(gate)
            lines = [one for one in gate.due(later(1)) if one.deed == "separate"]
            assert len(lines) == people * len(ITEMS)
            seconds = timed(partial(gate.sweep, lines, later(1)))
            if turn:
                found.append(len(lines) / seconds)
    return [
        Figure(
            name="separation", value=middle(found), unit="records/s", bar=8_000,
            beside={"slowest slice": min(found), "quickest slice": max(found)},
        )
    ]  # fmt: skip


def epoch(ground: Ground) -> list[Figure]:
    """Every shard is touched, so every key moves; from the new root to the end of the old, beside a busy writer."""
    people = ground.size(20_000, 500)
    found, writes, keys = [], [], 0
    with ground.gate(pinned=False) as gate:
        subjects = strangers(gate, people, NOW)
        rested(gate)
        for turn in range(ground.size(3, 1)):
            _touch(gate, subjects[turn::100])
            with _writer(ground, gate) as acts:
                start = time.perf_counter()
                turned = gate.turn_epoch(NOW)
                seconds = time.perf_counter() - start
                written = acts()
            keys = turned["live"].moved.keys
            found.append(keys / seconds)
            writes.append(written / seconds)
    seen = {"keys": keys, "slowest turn": min(found), "quickest turn": max(found), "writer's acts/s": middle(writes)}
    return [Figure(name="epoch, beside a writer", value=middle(found), unit="keys/s", bar=25_000, beside=seen)]


def _touch(gate: Gate, subjects: Sequence[str]) -> None:
    """Destroy something in every shard."""
    ask = Request(act=Act.DESTROY, items=("gender",), by=MEMBER, on=gate.day(NOW))
    done = gate.perform_many([Asked(one, ask) for one in subjects], NOW)
    assert all(one.decision.effect is Effect.ALLOW for one in done), done[0].decision


@contextmanager
def _writer(ground: Ground, gate: Gate) -> Iterator[Callable[[], int]]:
    """Another process that collects, one person after the other, durably; yields how to end it and count its acts."""
    folders = [str(ground.server_folder), str(gate.installation.folder)]
    command = [sys.executable, str(Path(__file__).with_name("writer.py")), *folders]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "ready\n", "the writer did not begin"

        def end() -> int:
            told, _ = process.communicate()
            return int(told)

        yield end
