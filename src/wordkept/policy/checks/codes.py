"""The codes: stable for ever, each with a severity, a title and a page ``docs/findings/<code>.md``.

A code that is no longer found is never given to something else. What is *not* here: how anything is found.
"""

from __future__ import annotations

from typing import Final, Literal

import msgspec

from wordkept.language import Said
from wordkept.policy.finding import Finding
from wordkept.policy.model import Edition

Severity = Literal["error", "high", "warning", "note"]


class Code(msgspec.Struct, frozen=True):
    """What a code means: how much it matters, and its page's title."""

    severity: Severity
    title: str


CODES: Final[dict[str, Code]] = {
    "WK101": Code("warning", "in force before it was announced"),
    "WK102": Code("warning", "a period that two events may start"),
    "WK103": Code("warning", "a period that the policy does not state"),
    "WK104": Code("warning", "a vague word without a number"),
    "WK105": Code("high", "use without an end"),
    "WK106": Code("high", "shorter than the law"),
    "WK107": Code("warning", "longer than the law"),
    "WK108": Code("high", "the sentence says another period than its rule"),
    "WK109": Code("high", "nothing is done when a hold is over"),
    "WK110": Code("high", "a hold waits for what never ends"),
    "WK201": Code("high", "provided but never collected"),
    "WK202": Code("high", "kept but never collected"),
    "WK203": Code("warning", "a purpose lacks what it needs"),
    "WK204": Code("high", "a forbidden category in a purpose that asks no consent"),
    "WK205": Code("warning", "held beyond its aim"),
    "WK206": Code("note", "declared but never used"),
    "WK207": Code("warning", "a purpose without items"),
    "WK208": Code("warning", "recipient and processor at once"),
    "WK209": Code("high", "listed, but collected only by statute"),
    "WK210": Code("note", "a recipient that is a class"),
    "WK211": Code("warning", "a purpose that only says data is handled"),
    "WK212": Code("warning", "passwords that must be shown elsewhere"),
    "WK213": Code("warning", "a class of staff that need alone draws"),
    "WK214": Code("warning", "tools that nobody declares"),
    "WK215": Code("note", "stores outside that nobody declares"),
    "WK301": Code("error", "never affirmed"),
    "WK302": Code("error", "changed since it was affirmed"),
    "WK303": Code("warning", "affirmed, but no longer there"),
    "WK401": Code("warning", "a blank in a declaration"),
    "WK402": Code("warning", "a blank in the wording"),
    "WK403": Code("warning", "an open list"),
    "WK404": Code("note", "the same sentence twice"),
    "WK405": Code("warning", "an exception for a law that is not named"),
    "WK406": Code("note", "a measure that is not named"),
    "WK407": Code("note", "a disclaimer"),
    "WK501": Code("high", "two clauses with different exceptions"),
    "WK502": Code("note", "two chapters on one subject"),
    "WK503": Code("warning", "one period with two starts"),
    "WK504": Code("warning", "consent in writing, and by a button"),
    "WK601": Code("note", "owed"),
    "WK602": Code("error", "an error cannot be accepted"),
    "WK603": Code("warning", "accepted, but not found"),
    "WK701": Code("warning", "a right asks for more than anything before"),
    "WK702": Code("warning", "a consent is withdrawn only by leaving"),
    "WK703": Code("warning", "a correction that stops at third parties"),
    "WK704": Code("warning", "representatives without a mandate are forgotten"),
}


def found(code: str, edition: Edition, clause: str | None, said: Said, line: int = 0) -> Finding:
    """A finding about a clause, or about the whole edition.

    Args:
        code: one of ``CODES``.
        edition: what it is about.
        clause: number of the clause, none for the whole document.
        said: one sentence.
        line: where, if not the clause's own line; 1-based.
    """
    known = edition.clauses.get(clause or "")
    at = line or (known.line if known else 1)
    severity = CODES[code].severity
    return Finding(code=code, severity=severity, clause=clause, message=said, file=edition.file, line=at)


def listed(names: list[str]) -> str:
    """``a, b and c``, in the language of the code."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
