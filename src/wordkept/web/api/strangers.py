"""Strangers: requests of nobody known, counted and stated together, so that they cannot fill the evidence.

What is *not* here: turning them away (``application``).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from threading import Lock
from typing import Final

EVERY: Final = timedelta(minutes=1)
"""The least time between two statements."""


class Strangers:
    """Who came since it was last stated; threads share it."""

    def __init__(self) -> None:
        self._lock, self._count = Lock(), 0
        self._stated: datetime | None = None

    def came(self, now: datetime) -> int:
        """One more came; how many are to be stated now, 0 if it is too early."""
        with self._lock:
            self._count += 1
            if self._stated and now - self._stated < EVERY:
                return 0
            self._stated = now
            return self._left()

    def left(self) -> int:
        """How many came and were not stated; they are now."""
        with self._lock:
            return self._left()

    def _left(self) -> int:
        count, self._count = self._count, 0
        return count
