"""Findings about time: periods that nobody can compute, or that the policy never states."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

import msgspec

from wordkept.policy.checks.codes import found, listed
from wordkept.policy.model import Edition, Finding
from wordkept.terms import Kind

_VAGUE: Final = re.compile(
    r"\b(?:with(?:out|in)(?: (?:undue|unreasonable|unnecessary|a reasonable))? (?:delay|time)|immediately|at once"
    r"|promptly|(?:in a )?timely(?: manner)?|regularly|periodically|continuously|continually|from time to time"
    r"|as soon as (?:possible|practicable)|for an? (?:certain|reasonable|limited) (?:time|period))\b",
    re.IGNORECASE,
)


def announced_first(edition: Edition) -> Iterator[Finding]:
    """WK101: an edition in force before anyone was told."""
    if edition.effective < edition.announced:
        message = f"it takes effect on {edition.effective}, before its announcement on {edition.announced}"
        yield found("WK101", edition, None, message)


def one_trigger(edition: Edition) -> Iterator[Finding]:
    """WK102: a period that starts with one of two events, where the wording does not say which."""
    for binding in edition.holders:
        first, second = (getattr(binding.params, name, None) for name in ("service", "settled"))
        if first and second:
            message = f"the period may start when {first} ends or when {second} does; the later is taken"
            yield found("WK102", edition, binding.clause, message, binding.line)


def stated(edition: Edition) -> Iterator[Finding]:
    """WK103: a number that is the operator's, because the wording has none; or no number at all."""
    limited: set[str] = set()
    for binding in edition.holders:
        for inner in _structs(binding.params):
            if getattr(inner, "assumed", False):
                limit = getattr(inner, "at_most", None) or getattr(inner, "lasts", "")
                message = f"the policy sets no limit here; {limit} is assumed"
                yield found("WK103", edition, binding.clause, message, binding.line)
        if _by_itself(binding.params):
            limited.update(getattr(binding.params, "purposes", ()))
    for name, purpose in edition.purposes.items():
        waits = purpose.early and not (purpose.ends_with or purpose.at_most or purpose.by_law)
        if waits and not limited & {name, edition.group(name)}:
            message = f"{name} may be collected before the service begins, and nothing ends it if it never does"
            yield found("WK103", edition, edition.clause_of("purpose", name), message)


def _by_itself(params: Any) -> bool:
    """Whether a hold ends although no service ever begins: after a wait, or counted from the record's own day."""
    waits = getattr(params, "sign_up", None) is not None
    own_day = getattr(params, "from_", None) == "collected"
    return waits or own_day or (hasattr(params, "lasts") and not hasattr(params, "service"))


def _structs(params: Any) -> Iterator[msgspec.Struct]:
    yield params
    for field in msgspec.structs.fields(params):
        inner = getattr(params, field.name)
        if isinstance(inner, msgspec.Struct):
            yield from _structs(inner)


def numbered(edition: Edition) -> Iterator[Finding]:
    """WK104: a vague word of time that the front matter gives no number for."""
    known = [word.lower() for word in edition.words]
    for clause in edition.clauses.values():
        if clause.kind is Kind.STATEMENT:
            continue
        words = {" ".join(match[0].lower().split()) for match in _VAGUE.finditer(clause.text)}
        if loose := sorted(word for word in words if not any(one in word or word in one for one in known)):
            message = f"{listed([repr(word) for word in loose])} has no number in words:"
            yield found("WK104", edition, clause.number, message)


def ends(edition: Edition) -> Iterator[Finding]:
    """WK105: a purpose whose records no clause ever ends."""
    held = {name for binding in edition.holders for name in getattr(binding.params, "purposes", ())}
    for name, purpose in edition.purposes.items():
        bounded = purpose.ends_with or purpose.at_most or held & {name, edition.group(name)}
        if edition.holders and not bounded:
            message = f"no clause says how long what is collected for {name} is used"
            yield found("WK105", edition, edition.clause_of("purpose", name), message)
