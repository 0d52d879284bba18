"""Findings about rights: what people must show, what they must give up, and how far an answer reaches."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from wordkept.language import say
from wordkept.policy.checks.codes import found
from wordkept.policy.finding import Finding
from wordkept.policy.model import Clause, Edition
from wordkept.terms import Kind

_DOCUMENTS: Final = "rights.documents-of-a-request"
_CONSENT: Final = r"\b(?:consent\w*|agree\w*|opt-in)\b"
_WITHDRAWS: Final = re.compile(r"\b(?:withdr[ae]w\w*|tak(?:e|ing) back|revok\w+|opt(?:ing)? out)\b", re.IGNORECASE)
_LEAVES: Final = re.compile(
    r"\b(?:leav(?:e|ing)|membership|(?:clos|delet|terminat|end|cancel)\w* (?:your|the|an) (?:account|contract))\b",
    re.IGNORECASE,
)
_MENDS: Final = re.compile(r"\b(?:correct\w*|rectif\w+|wrong|inaccura\w+|incorrect\w*)\b", re.IGNORECASE)
_THIRD: Final = re.compile(r"\b(?:third part(?:y|ies)|recipients?)\b", re.IGNORECASE)
_WORKERS: Final = re.compile(
    r"\b(?:processors?|on our behalf|works? for us|entrusted?|those who (?:got|have|hold|received))\b", re.IGNORECASE
)
_GUARDIAN: Final = re.compile(r"\b(?:parents?|guardians?|child(?:ren)?|minors?|custod\w+|wards?)\b", re.IGNORECASE)


def no_harder(edition: Edition) -> Iterator[Finding]:
    """WK701: who asks for their own data must show what nothing else ever asked of them."""
    otherwise = _otherwise(edition)
    for clause in edition.clauses.values():
        if "rights.identified-first" not in _rules(clause):
            continue
        asked = [name for one in clause.bindings if one.rule.name == _DOCUMENTS for name in one.params.purposes]
        items = dict.fromkeys(item for name in asked for item in edition.purposes[name].items)
        if more := tuple(item for item in items if item not in otherwise):
            said = say("who asks must show {items}, which nobody had to show before", items=more)
            yield found("WK701", edition, clause.number, said)


def _otherwise(edition: Edition) -> set[str]:
    """Items that are collected for anything but a request."""
    bindings = [one for clause in edition.clauses.values() for one in clause.bindings if one.rule.name == _DOCUMENTS]
    requests = {name for one in bindings for name in one.params.purposes}
    return {item for one in edition.purposes.values() if one.name not in requests for item in one.items}


def _rules(clause: Clause) -> set[str]:
    return {one.rule.name for one in clause.bindings}


def one_by_one(edition: Edition) -> Iterator[Finding]:
    """WK702: the one sentence that lets people withdraw a consent has them leave for it."""
    keeping = [one for one in edition.clauses.values() if any(rule.startswith("consent.") for rule in _rules(one))]
    telling = [one for one in keeping if _WITHDRAWS.search(one.text) and re.search(_CONSENT, one.text, re.IGNORECASE)]
    if telling and all(_LEAVES.search(one.text) for one in telling):
        said = say("a consent is withdrawn only where one leaves; each must have its own way back")
        yield found("WK702", edition, telling[0].number, said)


def told_on(edition: Edition) -> Iterator[Finding]:
    """WK703: third parties hear of what was wrong, and those who work for the operator do not."""
    told = [one for one in edition.clauses.values() if _MENDS.search(one.text) and _bound(one)]
    third = [one for one in told if _THIRD.search(one.text)]
    if edition.processors and third and not any(_WORKERS.search(one.text) for one in told):
        said = say("a third party hears that data was wrong, and no sentence tells those who work for the operator")
        yield found("WK703", edition, third[0].number, said)


def _bound(clause: Clause) -> bool:
    """Whether it promises something, kept or owed, rather than explains."""
    return clause.kind in (Kind.PROMISE, Kind.PERMIT)


def by_birth(edition: Edition) -> Iterator[Finding]:
    """WK704: every representative must show a document of a mandate, which a parent does not have."""
    proving = [one for one in edition.clauses.values() if "rights.representative-proves" in _rules(one)]
    if proving and not any(_GUARDIAN.search(one.text) for one in edition.clauses.values()):
        said = say("a representative shows a mandate; how a parent or guardian, who has none, does is not said")
        yield found("WK704", edition, proving[0].number, said)
