"""Findings about time: periods that nobody can compute, or that the policy never states."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

import msgspec

from wordkept.language import say
from wordkept.policy.checks.codes import found
from wordkept.policy.finding import Finding
from wordkept.policy.model import Binding, Clause, Edition
from wordkept.record.holds import plus
from wordkept.terms import Kind
from wordkept.written.typed import fields

_VAGUE: Final = re.compile(
    r"\b(?:with(?:out|in)(?: (?:undue|unreasonable|unnecessary|a reasonable))? (?:delay|time)|immediately|at once"
    r"|promptly|(?:in a )?timely(?: manner)?|regularly|periodically|continuously|continually|from time to time"
    r"|as soon as (?:possible|practicable)|for an? (?:certain|reasonable|limited) (?:time|period))\b",
    re.IGNORECASE,
)


def announced_first(edition: Edition) -> Iterator[Finding]:
    """WK101: an edition in force before anyone was told."""
    if edition.effective < edition.announced:
        said = say(
            "it takes effect on {effective}, before its announcement on {announced}",
            effective=edition.effective,
            announced=edition.announced,
        )
        yield found("WK101", edition, None, said)


def one_trigger(edition: Edition) -> Iterator[Finding]:
    """WK102: a period that starts with one of two events, where the wording does not say which."""
    for binding in edition.holders:
        first, second = (getattr(binding.params, name, None) for name in ("service", "settled"))
        if first and second:
            said = say(
                "the period may start when {first} ends or when {second} does; the later is taken",
                first=first,
                second=second,
            )
            yield found("WK102", edition, binding.clause, said, binding.line)


def stated(edition: Edition) -> Iterator[Finding]:
    """WK103: a number that is the operator's, because the wording has none; or no number at all."""
    limited: set[str] = set()
    for binding in edition.holders:
        for inner in _structs(binding.params):
            if getattr(inner, "assumed", False):
                limit = getattr(inner, "at_most", None) or getattr(inner, "lasts", "")
                said = say("the policy sets no limit here; {period} is assumed", period=str(limit))
                yield found("WK103", edition, binding.clause, said, binding.line)
        if _by_itself(binding.params):
            limited.update(getattr(binding.params, "purposes", ()))
    for name, purpose in edition.purposes.items():
        waits = purpose.early and not (purpose.ends_with or purpose.at_most or purpose.by_law)
        if waits and not limited & {name, edition.group(name)}:
            said = say(
                "{purpose} may be collected before the service begins, and nothing ends it if it never does",
                purpose=name,
            )
            yield found("WK103", edition, edition.clause_of("purpose", name), said)


def _by_itself(params: Any) -> bool:
    """Whether a hold ends although no service ever begins: after a wait, or counted from the record's own day."""
    waits = getattr(params, "sign_up", None) is not None
    start = getattr(params, "from_", "" if hasattr(params, "service") else "collected")
    return waits or (start == "collected" and hasattr(params, "lasts"))


def _structs(params: Any) -> Iterator[msgspec.Struct]:
    yield params
    for field in fields(params.__class__):
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
            said = say("{words} has no number in words:", words=tuple(repr(word) for word in loose))
            yield found("WK104", edition, clause.number, said)


def ends(edition: Edition) -> Iterator[Finding]:
    """WK105: a purpose whose records no clause ever ends."""
    held = {name for binding in edition.holders for name in getattr(binding.params, "purposes", ())}
    for name, purpose in edition.purposes.items():
        bounded = purpose.ends_with or purpose.at_most or held & {name, edition.group(name)}
        if edition.holders and not bounded:
            said = say("no clause says how long what is collected for {purpose} is used", purpose=name)
            yield found("WK105", edition, edition.clause_of("purpose", name), said)


def lawful(edition: Edition) -> Iterator[Finding]:
    """WK106, WK107: a period that the sentence states itself, and that is not the law's."""
    for binding in edition.holders:
        ref, own = getattr(binding.params, "for_", None), getattr(binding.params, "lasts", None)
        if not (ref and own):
            continue
        law = edition.law_value(ref, edition.effective)
        ours, theirs = plus(edition.effective, own), plus(edition.effective, law)
        if ours != theirs:
            memory = edition.from_memory(ref, edition.effective)
            of = say("{ref} (from memory)", ref=ref) if memory else ref
            shorter = say("{own} is shorter than {law} of {ref}", own=own, law=law, ref=of)
            longer = say("{own} is longer than {law} of {ref}", own=own, law=law, ref=of)
            code, said = ("WK106", shorter) if ours < theirs else ("WK107", longer)
            yield found(code, edition, binding.clause, said, binding.line)


_COUNTS: Final = {
    word: count
    for count, word in enumerate(
        ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"), start=1
    )
}
_STATED: Final = re.compile(rf"\b(\d{{1,4}}|{'|'.join(_COUNTS)})[ -](day|week|month|year)s?\b", re.IGNORECASE)


def meant(edition: Edition) -> Iterator[Finding]:
    """WK108: the sentence says a period, its rules have periods, and none of them is that one."""
    for clause in edition.clauses.values():
        ruled = {plus(edition.effective, one) for binding in clause.bindings for one in _periods(edition, binding)}
        stated = list(_spoken(clause))
        other = [text for text, period in stated if plus(edition.effective, period) not in ruled]
        if ruled and other and len(other) == len(stated):
            said = say("the sentence says {periods}, and no rule under it does", periods=tuple(other))
            yield found("WK108", edition, clause.number, said)


def _spoken(clause: Clause) -> Iterator[tuple[str, str]]:
    for match in _STATED.finditer(clause.text):
        word = match[1].lower()
        count = int(word) if word.isdecimal() else _COUNTS[word]
        yield match[0], f"P{count}{match[2][0].upper()}"


def _periods(edition: Edition, binding: Binding) -> Iterator[str]:
    for inner in _structs(binding.params):
        own = [getattr(inner, name, None) for name in ("lasts", "at_most")]
        yield from (one for one in own if isinstance(one, str))
        ref = getattr(inner, "for_", None)
        if ref and own[0] is None:
            yield edition.law_value(ref, edition.effective)


_STARTED: Final = re.compile(rf"{_STATED.pattern}(?: at (?:most|least))? after ([^,.;:]+)", re.IGNORECASE)
_SMALL: Final = re.compile(r"\b(?:an?|the|your|our|their|it|of|or|and|is|are|was|were|has|have|had|been)\b")


def _words(text: str) -> frozenset[str]:
    """The words that name an event."""
    return frozenset(re.findall(r"\w+", _SMALL.sub(" ", text.lower())))


def one_start(edition: Edition) -> Iterator[Finding]:
    """WK503: the same period in two chapters, from one event here and from that or another there."""
    said = [
        (clause, match[0], f"{match[1]} {match[2]}".lower(), _words(match[3]))
        for clause in edition.clauses.values()
        for match in _STARTED.finditer(" ".join(clause.text.split()))
    ]
    for index, (clause, phrase, period, start) in enumerate(said):
        for other, theirs, same, from_ in said[:index]:
            if (
                clause.chapter != other.chapter
                and period == same
                and (start < from_ or from_ < start)
                and start & from_
            ):
                there = other.number
                message = say("“{here}” here, “{there}” in {clause}", here=phrase, there=theirs, clause=there)
                yield found("WK503", edition, clause.number, message)
