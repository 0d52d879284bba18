"""Kill -9 of workers, writers and the server at seeded places: nothing is lost, half done, back again or too early.

What was acknowledged is there; what was destroyed stays so; what must be kept is; what is over is used by nobody. A
failure names its seed. ``make test`` runs twenty of them, ``make torture`` two hundred.
"""

from __future__ import annotations

import pytest
from tests.torture.town import town


def in_groups(seeds: range, size: int) -> list[range]:
    return [seeds[at : at + size] for at in range(0, len(seeds), size)]


@pytest.mark.parametrize("seeds", in_groups(range(20), 5), ids=str)
def test_a_kill_anywhere_loses_nothing_and_brings_nobody_back(seeds: range) -> None:
    with town() as place:
        for seed in seeds:
            place.torture(seed)


@pytest.mark.torture
@pytest.mark.parametrize("seeds", in_groups(range(1000, 1200), 10), ids=str)
def test_two_hundred_kills(seeds: range, capsys: pytest.CaptureFixture[str]) -> None:
    with town() as place:
        for seed in seeds:
            with capsys.disabled():
                print(f" seed {seed}", end="", flush=True)  # noqa: T201  (who runs this wants to see it)
            place.torture(seed)
