"""Findings about the sentences themselves: blanks, open lists, repetitions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from wordkept.policy.checks.codes import found, listed, verb
from wordkept.policy.model import Edition, Finding
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
            yield found("WK402", edition, clause.number, f"a blank in “…{around}…”")


def closed(edition: Edition) -> Iterator[Finding]:
    """WK403: a list that does not end; what the policy declares is the whole of it."""
    for clause in edition.clauses.values():
        if clause.kind is Kind.STATEMENT:
            continue
        if words := sorted({" ".join(match[0].lower().split()) for match in _OPEN.finditer(clause.text)}):
            said = listed([f"“{word}”" for word in words])
            message = f"{said} {verb(words, 'leaves', 'leave')} a list open: only what is declared counts"
            yield found("WK403", edition, clause.number, message)


def once(edition: Edition) -> Iterator[Finding]:
    """WK404: the same sentence under two numbers."""
    first: dict[str, str] = {}
    for clause in edition.clauses.values():
        text = " ".join(clause.text.casefold().split())
        if text in first:
            yield found("WK404", edition, clause.number, f"says word for word what {first[text]} says")
        first.setdefault(text, clause.number)
