"""Everything found about an edition: what it leaves open, and what was not affirmed as it stands."""

from __future__ import annotations

from wordkept.policy import affirmed
from wordkept.policy.checks import examine
from wordkept.policy.finding import Finding
from wordkept.policy.model import Edition


def findings(edition: Edition) -> tuple[Finding, ...]:
    """All findings of an edition, with those that its clauses accept marked so, by line and code.

    Raises:
        MalformedPolicyError: the affirmations beside it are malformed.
    """
    return examine(edition, affirmed.check(edition))
