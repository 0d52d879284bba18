"""Findings about the sentences themselves: blanks, open lists, repetitions, ways out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from wordkept.language import say
from wordkept.policy.checks.codes import found
from wordkept.policy.finding import Finding
from wordkept.policy.model import Edition
from wordkept.terms import Kind

_BLANK: Final = re.compile(r"\(\s*\)|\[\s*\]|,\s*,|\s,|__+|“\s*”|\"\s*\"|''|:\s*[,.;]")
_OPEN: Final = re.compile(
    r"\betc\b\.?|\band so (?:forth|on)\b|\b(?:and|or) the like\b|\bsuch as\b|\bamong others\b|\bnot limited to\b",
    re.IGNORECASE,
)


def complete(edition: Edition) -> Iterator[Finding]:
    """WK402: something was to stand here, and does not."""
    for clause in edition.clauses.values():
        if match := _BLANK.search(clause.text):
            around = " ".join(clause.text[max(0, match.start() - 20) : match.end() + 10].split())
            yield found("WK402", edition, clause.number, say("a blank in “…{around}…”", around=around))


def closed(edition: Edition) -> Iterator[Finding]:
    """WK403: a list that does not end; what the policy declares is the whole of it."""
    for clause in edition.clauses.values():
        if clause.kind is Kind.STATEMENT:
            continue
        if words := sorted({" ".join(match[0].lower().split()) for match in _OPEN.finditer(clause.text)}):
            quoted = tuple(f"“{word}”" for word in words)
            one = say("{words} leaves a list open: only what is declared counts", words=quoted)
            many = say("{words} leave a list open: only what is declared counts", words=quoted)
            yield found("WK403", edition, clause.number, one if len(words) == 1 else many)


def once(edition: Edition) -> Iterator[Finding]:
    """WK404: the same sentence under two numbers."""
    first: dict[str, str] = {}
    for clause in edition.clauses.values():
        text = " ".join(clause.text.casefold().split())
        if text in first:
            said = say("says word for word what {clause} says", clause=first[text])
            yield found("WK404", edition, clause.number, said)
        first.setdefault(text, clause.number)


_OTHERWISE: Final = tuple(
    re.compile(rf"\b(?:{words})\b", re.IGNORECASE)
    for words in (
        "except|unless|save (?:as|for|if|in|that|when|where)",
        "laws?",
        "otherwise|says?|states?|stated|provides?|provided",
    )
)
"""What such an exception says, one after the other; in steps, so that no text is slow to read."""
_NAMED: Final = re.compile(r"\b(?:Act|Code|Regulation|Decree|GDPR|[Aa]rt(?:icle|\.)|[Ss]ection)\b|§")


def lawyered(edition: Edition) -> Iterator[Finding]:
    """WK405: an exception for whatever a law says, where no law is named."""
    for clause in edition.clauses.values():
        told = any(_in_turn(part) for part in re.split(r"[.;]", clause.text))
        if told and not _NAMED.search(clause.text):
            said = say("an exception for a law that it does not name: only what a rule lets pass counts")
            yield found("WK405", edition, clause.number, said)


def _in_turn(text: str) -> bool:
    """Whether each part of such an exception stands after the one before."""
    at = 0
    for words in _OTHERWISE:
        if (match := words.search(text, at)) is None:
            return False
        at = match.end()
    return True


_KINDS: Final = r"(?:technical|technological|organi[sz]ational|administrative|managerial|security|physical)"
_MEASURE: Final = re.compile(
    r"\b(?:appropriate|suitable|fitting|adequate|reasonable|proper|sufficient)"
    rf"(?:,? (?:and |or )?{_KINDS})* (?:means|measures?|methods?|steps?|safeguards?|protections?)\b",
    re.IGNORECASE,
)


def measured(edition: Edition) -> Iterator[Finding]:
    """WK406: a measure that is praised and not named."""
    for number, words in _spoken(edition, _MEASURE):
        yield found("WK406", edition, number, say("“{words}” names no measure that could be looked for", words=words))


_DISCLAIMED: Final = re.compile(
    r"\b(?:not|no|never|neither|nor)(?: \w+)? (?:liab\w+|responsib\w+|answerable)\b"
    r"|\b(?:disclaims?|excludes?)(?: \w+)? (?:liability|responsibility)\b",
    re.IGNORECASE,
)


def promising(edition: Edition) -> Iterator[Finding]:
    """WK407: a sentence that takes responsibility away stands among promises."""
    for number, words in _spoken(edition, _DISCLAIMED):
        said = say("“{words}” takes something from people; it is no promise, and is counted as none", words=words)
        yield found("WK407", edition, number, said)


def _spoken(edition: Edition, pattern: re.Pattern[str]) -> Iterator[tuple[str, str]]:
    """The clauses in which a phrase stands, each with its first one in small letters."""
    for clause in edition.clauses.values():
        if match := pattern.search(" ".join(clause.text.split())):
            yield clause.number, match[0].lower()
