"""A writer of its own: collects from one new person after the other through a gate, durably, until told to end.

Arguments: the server's folder, the vault's folder. Prints ``ready``, and at the end of its input how many acts were
done. What is *not* here: measuring.
"""

from __future__ import annotations

import select
import sys
from pathlib import Path

from ground import NOW, reference_policy, sign_ups

from wordkept.gate import Gate
from wordkept.vault.installation import Installation


def main(server: Path, vault: Path) -> None:
    """Write until standard input ends."""
    with (
        Installation.open(server) as base,
        Installation.open(vault, server=base.server) as installation,
        Gate(installation, reference_policy()) as gate,
    ):
        acts = 0
        gate.perform(sign_ups(gate, 1, NOW)[0], NOW)
        print("ready", flush=True)
        while not select.select([sys.stdin], [], [], 0)[0]:
            gate.perform(sign_ups(gate, 1, NOW, acts)[0], NOW)
            acts += 1
        print(acts)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
