"""A process that ends the agreement with KTIS, until it is killed at a place.

Usage: ``python -m tests.orders.kill_ending FOLDER POINT:N``; the Nth time that a point is reached it dies.
"""

from __future__ import annotations

import sys
from pathlib import Path

from tests.gate.conftest import POLICY, at
from tests.orders.conftest import DAY
from tests.orders.kill_courier import arm

from wordkept.gate import Agreements
from wordkept.vault.installation import Installation


def main(folder: Path, kill: str) -> None:
    with Installation.open(folder) as opened, Agreements(opened, POLICY) as register:
        arm(kill)
        register.end("ktis", "procurement", at(DAY))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
