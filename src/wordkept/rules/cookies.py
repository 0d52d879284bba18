"""Chapter "cookies": what a browser keeps for the operator, and how its person refuses.

A purpose that needs consent says so in its declaration, and a refusal is obeyed as any other (``consent``). What is
*not* here: reading and writing headers, and the banner (``web.cookies``).
"""

from __future__ import annotations

from wordkept.policy.model import Case, Verdict
from wordkept.rules.parameters import NoParameters
from wordkept.rules.verdicts import forbid
from wordkept.terms import Reason


def kept_only_as_declared(_: NoParameters, case: Case) -> Verdict | None:
    """A browser keeps nothing that the policy does not name, and nothing more for a name than was declared."""
    if case.ask.cookie is None:
        return None
    cookie = case.edition.cookies.get(case.ask.cookie)
    if cookie is not None and cookie.item == case.name and case.ask.purpose in cookie.purposes:
        return None
    return forbid(Reason.UNDECLARED)


def the_browser_decides(_: NoParameters, case: Case) -> Verdict | None:
    """Nothing is collected by a cookie from a browser that is set to block it, or was told to decline it."""
    return forbid(Reason.NO_CONSENT) if case.ask.cookie is not None and case.ask.by.blocks else None


def a_signal_refuses(_: NoParameters, case: Case) -> Verdict | None:
    """Where a browser refuses by a signal of its own, nothing is done for a purpose that needs consent."""
    purpose = case.edition.purposes.get(case.ask.purpose or "")
    refused = case.ask.by.signal and purpose is not None and purpose.consent
    return forbid(Reason.NO_CONSENT) if refused else None
