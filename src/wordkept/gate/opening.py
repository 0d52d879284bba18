"""Opening: a gate on an installation, both closed at the end.

What is *not* here: what is done with it (``gate.gate``).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from wordkept.gate.gate import Gate
from wordkept.policy.model import Policy
from wordkept.vault.installation import Installation
from wordkept.vault.server import Server


@contextmanager
def opened(
    folder: Path,
    policy: Policy,
    *,
    dsn_live: str | None = None,
    dsn_separate: str | None = None,
    server: Server | None = None,
) -> Iterator[Gate]:
    """A gate on an installation, both closed at the end.

    Args:
        folder: the installation's; made if it is not there.
        policy: all editions.
        dsn_live: a PostgreSQL for the live store instead of the embedded server.
        dsn_separate: one for the separate store.
        server: another installation's server to share.
    """
    found = Installation.open(folder, dsn_live=dsn_live, dsn_separate=dsn_separate, policy=policy.path, server=server)
    with found, Gate(found, policy) as gate:
        yield gate
