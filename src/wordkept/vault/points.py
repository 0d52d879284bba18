"""Points: named places at which a test may stop the process dead. Here nothing ever happens.

A crash test replaces ``hook`` in a process of its own. What is *not* here: any environment variable, any setting.
"""

from __future__ import annotations

from collections.abc import Callable


def _pass(_: str) -> None:
    """Go on."""


hook: Callable[[str], None] = _pass


def reached(point: str) -> None:
    """Say that a place was reached, such as ``epoch.root-created``."""
    hook(point)
