"""Gates: several gates of one installation, each lent to one thread at a time.

One gate belongs to one thread. A program with many threads borrows one for each operation. A gate in whose hands
something unforeseen happened is not lent again. What is *not* here: who acts (``kept``).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock, Semaphore
from typing import Final, Self

from wordkept.gate import Gate
from wordkept.terms import UnavailableError, WordkeptError

PATIENCE: Final = 30.0
"""Seconds that a thread waits for a gate."""


class Gates:
    """Gates that look like a given one; a context manager that closes all but that one.

    Args:
        first: says the installation and the policy; it is not lent and not closed.
        most: how many there are at most; each has connections of its own to both stores.
        patience: seconds that a thread waits for one.
    """

    def __init__(self, first: Gate, most: int = 8, patience: float = PATIENCE) -> None:
        self.policy, self._installation = first.policy, first.installation
        self._free, self._patience = Semaphore(most), patience
        self._lock, self._idle, self._closed = Lock(), list[Gate](), False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close what is not lent out now, and each other one when it comes back."""
        with self._lock:
            idle, self._idle, self._closed = self._idle, [], True
        for gate in idle:
            gate.close()

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
                gate = self._idle.pop() if self._idle else Gate(self._installation, self.policy)
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
            if keep := sound and not self._closed:
                self._idle.append(gate)
        if not keep:
            gate.close()
