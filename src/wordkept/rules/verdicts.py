"""Verdicts that need making only once: the permit, and a forbid for each reason."""

from __future__ import annotations

from wordkept.policy.model import Verdict
from wordkept.terms import Reason

PERMITTED = Verdict(Reason.PERMITTED)
_FORBIDS: dict[Reason, Verdict] = {reason: Verdict(reason) for reason in Reason if reason is not Reason.PERMITTED}


def forbid(reason: Reason) -> Verdict:
    """The forbid for a reason; it names the guard's own clause."""
    return _FORBIDS[reason]
