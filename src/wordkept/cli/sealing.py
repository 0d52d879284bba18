"""Sealing at the door: evidence is sealed, and a log that was not continued is told to whoever looks on.

What is *not* here: sealing itself (``evidence.log``).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import click

from wordkept.evidence.log import Sealed
from wordkept.gate import Gate


def seal(gate: Gate, now: datetime) -> dict[str, Sealed]:
    """Seal and sign what evidence waits in both stores, and warn of each log that had to be opened anew."""
    sealed = gate.seal(now)
    warn(sealed)
    return sealed


def warn(sealed: Mapping[str, Sealed]) -> None:
    """Warn of each log that had to be opened anew."""
    for store, one in sealed.items():
        if one.opened:
            said = f"the database does not continue what was signed last outside of it: log {one.log} was opened"
            click.echo(f"wordkept: warning: {store}: {said}", err=True)
            asked = "was it put back from an older copy, or the folder of checkpoints lost? if not, call your auditor"
            click.echo(f"wordkept: hint: {asked}; wordkept verify says what is missing", err=True)
