"""Compiling: files become a policy that decides, and the command that checks one, also one of twenty times the size.

What is *not* here: how the large one is written (``growing``), and deciding (``deciding``).
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage
from tempfile import TemporaryDirectory
from typing import Final

from figures import Figure, middle, timed
from ground import NOW, REFERENCE, Ground, policy_of, reference_policy
from growing import grow

from wordkept.policy import affirm
from wordkept.policy.model import Edition

_COMMAND: Final = Path(sys.executable).with_name("wordkept")


def compiling(ground: Ground) -> list[Figure]:
    """Law, wording in both languages and rules are read from their files, typed, and every name looked up."""
    with ground.core():
        wall, processor = _clocked(reference_policy, ground.size(15, 3))
        command, command_processor = _clocked(lambda: _check(REFERENCE), ground.size(7, 1))
    seen = {
        "processor ms": processor * 1e3,
        "cold command check ms": command * 1e3,
        "of it processor ms": command_processor * 1e3,
    }
    name = "compile the reference policy"
    return [Figure(name=name, value=wall * 1e3, unit="ms", bar=300, most=True, beside=seen)]


def checking_a_large_one(ground: Ground) -> list[Figure]:
    """The whole command, from the start of Python to the last finding, on so many clauses, items and purposes."""
    times = ground.size(20, 2)
    with _large(ground.policy.editions[0], times) as folder, ground.core():
        wall, processor = _clocked(lambda: _check(folder), ground.size(7, 1))
    seen = {"processor s": processor, "clauses": times * len(ground.policy.editions[0].clauses)}
    name = f"check of {times} times the reference policy"
    return [Figure(name=name, value=wall, unit="s", bar=3, most=True, beside=seen)]


@contextmanager
def _large(edition: Edition, times: int) -> Iterator[Path]:
    """A policy so many times as large, affirmed, while it is needed."""
    with TemporaryDirectory() as folder:
        path = grow(edition, times, Path(folder))
        (large,) = policy_of(path).editions
        for place in ("clauses", "items", "purposes", "chapters", "spans", "recipients", "processors"):
            assert len(getattr(large, place)) == times * len(getattr(edition, place)), place
        assert large.translations.keys() == edition.translations.keys()
        affirm(large, None, "bench", NOW.date())
        yield path


def _check(path: Path) -> None:
    subprocess.run([_COMMAND, "check", path], stdout=subprocess.DEVNULL, check=True)


def _clocked(work: Callable[[], object], times: int) -> tuple[float, float]:
    """Seconds by the wall and of the processor, each the median of so many runs; one more before is not counted."""
    found = []
    for _ in range(times + 1):
        before = _processor()
        wall = timed(work)
        found.append((wall, _processor() - before))
    return middle(wall for wall, _ in found[1:]), middle(spent for _, spent in found[1:])


def _processor() -> float:
    """Seconds of the processor that this process and those it waited for have spent."""
    return sum(one.ru_utime + one.ru_stime for one in map(getrusage, (RUSAGE_SELF, RUSAGE_CHILDREN)))
