"""Problems: every way in which a request is not done, as RFC 9457 problem details, in the reader's language.

None of them repeats what was sent. What is *not* here: deciding that there is one.
"""

from __future__ import annotations

from typing import Final

import msgspec

from wordkept.decision import Decision
from wordkept.gate import Receipt
from wordkept.language import Catalogue
from wordkept.terms import SENTENCES, UnavailableError, ValueRejectedError, WordkeptError
from wordkept.web.api.answers import Problem

MEDIA_TYPE: Final = "application/problem+json"
_KINDS: Final = {
    "malformed": (400, "the message does not have its form"),
    "unknown-client": (401, "nobody known asks"),
    "not-granted": (403, "the program may not ask this"),
    "refused": (403, "the policy says no"),
    "no-such-place": (404, "there is no such place"),
    "no-such-method": (405, "this place is asked in another way"),
    "too-slow": (408, "the message did not come in time"),
    "impossible": (409, "that cannot have happened"),
    "too-large": (413, "the message is too large"),
    "not-json": (415, "the message is not plain JSON"),
    "rejected": (422, "a value or a name does not fit"),
    "failed": (500, "the program failed"),
    "unavailable": (503, "not available now, or the outcome is unknown"),
}
"""By kind: the status, and the title."""
KINDS: Final = tuple(_KINDS)
STATUS: Final = {kind: status for kind, (status, _) in _KINDS.items()}


def problem(kind: str, detail: str = "") -> Problem:
    """A problem of one of the kinds."""
    status, title = _KINDS[kind]
    return Problem(type=f"urn:wordkept:{kind}", title=title, status=status, detail=detail)


def refusal(decision: Decision, receipt: Receipt | None, speak: Catalogue) -> Problem:
    """The policy says no: by which clauses, and why."""
    why = speak(SENTENCES[decision.reason])
    return msgspec.structs.replace(
        problem("refused", why),
        reason=decision.reason.value,
        why=why,
        clauses=decision.because,
        edition=decision.edition.effective if decision.edition else None,
        decision=decision_id(receipt),
    )


def decision_id(receipt: Receipt | None) -> str | None:
    """What finds the statement about a decision in the live store's evidence: its session and number there."""
    return f"{receipt.connection:016x}-{receipt.number}" if receipt else None


def of_error(error: WordkeptError) -> Problem:
    """The problem behind an error by who must act; an operator's matter is not told to programs in detail."""
    if isinstance(error, ValueRejectedError):
        return problem("rejected", str(error))
    if isinstance(error, UnavailableError):
        return problem("unavailable", "ask again, with the same request id")
    return problem("failed")
