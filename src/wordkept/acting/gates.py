"""Gates: several gates of one installation, each lent to one thread at a time.

One gate belongs to one thread. A program with many threads borrows one for each operation. A gate in whose hands
something unforeseen happened is not lent again. One that rests for some seconds is closed: it gives its lease on the
keys back, so that no turn of an epoch waits for it. What is *not* here: who acts (``kept``).
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Lock, Semaphore, Thread
from typing import Final, Self

from wordkept.gate import Gate
from wordkept.terms import UnavailableError, WordkeptError

PATIENCE: Final = 30.0
"""Seconds that a thread waits for a gate."""
RESTS: Final = 5.0
"""Seconds for which a gate that nobody wants stays open."""


class Gates:
    """Gates that look like a given one; a context manager that closes all but that one.

    Args:
        first: says the installation and the policy; it is not lent and not closed.
        most: how many there are at most; each has connections of its own to both stores.
        patience: seconds that a thread waits for one.
        rests: seconds for which one that nobody wants stays open.
    """

    def __init__(self, first: Gate, most: int = 8, patience: float = PATIENCE, rests: float = RESTS) -> None:
        self.policy, self._installation = first.policy, first.installation
        self._free, self._patience, self._rests = Semaphore(most), patience, rests
        self._lock, self._ended = Lock(), Event()
        self._idle: list[tuple[float, Gate]] = []
        """Since when (monotonic seconds), the one that worked last at the end."""
        self._thread = Thread(target=self._watch, name="wordkept-gates", daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close what is not lent out now, and each other one when it comes back."""
        self._ended.set()
        self._thread.join()
        self._close_until(float("inf"))

    @contextmanager
    def lent(self) -> Iterator[Gate]:
        """A gate for this thread alone.

        Raises:
            UnavailableError: all of them are at work for too long.
        """
        if not self._free.acquire(timeout=self._patience):
            raise UnavailableError("every gate is at work; ask again")
        try:
            with self._lock:
                _, gate = self._idle.pop() if self._idle else (0.0, Gate(self._installation, self.policy))
            sound = False
            try:
                yield gate
                sound = True
            except WordkeptError:
                sound = True
                raise
            finally:
                self._returned(gate, sound=sound)
        finally:
            self._free.release()

    def _returned(self, gate: Gate, *, sound: bool) -> None:
        with self._lock:
            if keep := sound and not self._ended.is_set():
                self._idle.append((time.monotonic(), gate))
        if not keep:
            gate.close()

    def _watch(self) -> None:
        while not self._ended.wait(self._rests / 2):
            self._close_until(time.monotonic() - self._rests)

    def _close_until(self, since: float) -> None:
        """Close those that rest since then or longer."""
        with self._lock:
            tired = [gate for at, gate in self._idle if at <= since]
            self._idle = [(at, gate) for at, gate in self._idle if at > since]
        for gate in tired:
            gate.close()
