"""Sealing: evidence is sealed every two seconds from a thread of its own, while a program runs.

What is *not* here: sealing itself (``evidence.log``).
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Final

from wordkept.evidence.log import Sealed
from wordkept.gate import Gate
from wordkept.terms import WordkeptError

EVERY: Final = 2.0
"""Seconds between seals."""


@contextmanager
def sealing(
    gate: Gate,
    clock: Callable[[], datetime],
    heard: Callable[[Mapping[str, Sealed]], None],
    failed: Callable[[WordkeptError], None],
) -> Iterator[None]:
    """Seal while it lasts, and once more at its end; what a store that is away kept waiting is sealed when it is back.

    Args:
        gate: nobody else's.
        clock: says what time it is.
        heard: is told what was sealed.
        failed: is told what could not be.
    """
    ended = threading.Event()

    def seal() -> None:
        try:
            heard(gate.seal(clock()))
        except WordkeptError as error:
            failed(error)

    def run() -> None:
        while not ended.wait(EVERY):
            seal()

    thread = threading.Thread(target=run, name="wordkept-sealing", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
        seal()
