"""Opening: a gate on an installation, under a policy that has every edition that was obeyed there, as it was obeyed.

What is *not* here: where a policy is (the doors), and what a gate does.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from wordkept.gate.gate import Gate
from wordkept.gate.obeying import strange
from wordkept.policy.model import Policy
from wordkept.terms import UnavailableError
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
    what_if: bool = False,
) -> Iterator[Gate]:
    """A gate on an installation, both closed at the end.

    Args:
        folder: the installation's; made if it is not there.
        policy: all editions.
        dsn_live: a PostgreSQL for the live store instead of the embedded server.
        dsn_separate: one for the separate store.
        server: another installation's server to share.
        what_if: the policy may be any, and where it is is not remembered; for looking, and for demonstrations.

    Raises:
        UnavailableError: the policy lacks an edition that was obeyed there, or says another text in its place.
    """
    found = Installation.open(folder, dsn_live=dsn_live, dsn_separate=dsn_separate, server=server)
    with found, Gate(found, policy) as gate:
        if not what_if:
            if odd := strange(found, policy):
                hint = "put that policy back; if it was corrected on purpose, say so: wordkept doctor --obey"
                raise UnavailableError(odd, hint=hint)
            found.remember(Path(policy.path))
        yield gate
