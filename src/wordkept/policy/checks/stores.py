"""Findings about stores outside the vault that hold copies."""

from __future__ import annotations

from collections.abc import Iterator

from wordkept.language import say
from wordkept.policy.checks.codes import found
from wordkept.policy.checks.needs import COPIES
from wordkept.policy.finding import Finding
from wordkept.policy.model import Edition


def declared(edition: Edition) -> Iterator[Finding]:
    """WK215: a purpose that is usually served by copies elsewhere, and no store is declared at all; told once."""
    for name, purpose in edition.purposes.items():
        if not edition.stores and (purpose.personal or "").rpartition(":")[2] in COPIES:
            said = say("{purpose} is usually served by copies in a store outside, and none is declared", purpose=name)
            yield found("WK215", edition, edition.clause_of("purpose", name), said)
            return
