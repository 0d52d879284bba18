"""Findings about clauses against each other, and about what is still owed or was accepted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from wordkept.language import Said, say
from wordkept.policy.checks.codes import found
from wordkept.policy.declared import Owed
from wordkept.policy.finding import Finding
from wordkept.policy.model import Binding, Clause, Edition, Rule
from wordkept.terms import Act, Kind


def agreeing(edition: Edition) -> Iterator[Finding]:
    """WK501: an exception in one chapter that a clause of another, on the same act, does not know.

    An exception without a rule is taken to be about what the exception just before it, in the same section, is about.
    One ground known to any clause of another chapter is no contradiction, whatever its number; a clause that itself
    asks for consent knows consent without listing it.
    """
    for exception, act, family in _exceptions(edition):
        grounds, others = _grounds(exception), list(_governing(edition, act, family, exception.chapter))
        if others and not any(_knows(edition, binding, grounds) for binding in others):
            first = others[0]
            said = say(
                "{exception} would permit to {act}, but {clause} lists only {exceptions}",
                exception=exception.number,
                act=Said(act.value),
                clause=first.clause,
                exceptions=first.unless,
            )
            yield found("WK501", edition, exception.number, said)


def _exceptions(edition: Edition) -> Iterator[tuple[Clause, Act, str]]:
    """Each exception, with the act and the family of rules that it is about."""
    before: Clause | None = None
    for clause in edition.clauses.values():
        if clause.kind is Kind.PERMIT:
            own = _permits(clause)
            listed_on = before is not None and _section(before) == _section(clause) and before.kind is Kind.PERMIT
            rules = own or (_permits(before) if before is not None and listed_on else [])
            for act, family in sorted({(act, _family(rule.name)) for rule in rules for act in rule.acts}):
                yield clause, act, family
        before = clause


def _governing(edition: Edition, act: Act, family: str, chapter: str) -> Iterator[Binding]:
    """What forbids an act in other chapters, save for exceptions that it lists."""
    for binding in edition.guards.get((act, None), ()):
        elsewhere = edition.clauses[binding.clause].chapter != chapter
        if elsewhere and binding.unless and not binding.rule.permits and _family(binding.rule.name) == family:
            yield binding


def _knows(edition: Edition, binding: Binding, grounds: set[str]) -> bool:
    listing = {ground for number in binding.unless for ground in _grounds(edition.clauses[number])}
    by_consent = "consent" in binding.rule.name and all("consent" in ground for ground in grounds)
    return bool(grounds & listing) or by_consent


def _permits(clause: Clause) -> list[Rule]:
    return [one.rule for one in clause.bindings if one.rule.permits]


def _section(clause: Clause) -> str:
    return clause.number.rpartition(".")[0]


def _grounds(clause: Clause) -> set[str]:
    """Names of the rules by which a clause permits; a clause without a rule is a ground of its own."""
    return {rule.name for rule in _permits(clause)} or {clause.number}


def _family(rule: str) -> str:
    return rule.partition(".")[0]


def owed(edition: Edition) -> Iterator[Finding]:
    """WK601: what is still missing, one finding for each kind."""
    missing: dict[str, list[str]] = {}
    for clause in edition.clauses.values():
        for note in clause.notes:
            if isinstance(note, Owed):
                missing.setdefault(note.missing, []).append(clause.number)
    for what, numbers in sorted(missing.items()):
        said = say("{count} owed ({what}): {clauses}", count=len(numbers), what=Said(what), clauses=", ".join(numbers))
        yield found("WK601", edition, None, said)


def one_chapter(edition: Edition) -> Iterator[Finding]:
    """WK502: two chapters on one subject, by their headings; what one says the other may forget."""
    before: dict[str, str] = {}
    for number, title in edition.chapters.items():
        plain = " ".join(re.findall(r"\w+", title.casefold()))
        for other, words in before.items():
            short, long = sorted((plain, words), key=len)
            if short and f"{long} ".startswith(f"{short} "):
                first = next((one.number for one in edition.clauses.values() if one.chapter == number), None)
                said = say("chapter {chapter} has the subject of chapter {other}", chapter=number, other=other)
                yield found("WK502", edition, first, said)
        before[number] = plain


_WRITTEN: Final = re.compile(r"\bconsent\b[^.;]{0,30}\bin writing\b|\bwritten consent\b", re.IGNORECASE)
_PRESSED: Final = re.compile(r"\b(?:press|click|tick|buttons?|check ?box(?:es)?)\b", re.IGNORECASE)


def one_form(edition: Edition) -> Iterator[Finding]:
    """WK504: consent in writing by one sentence, and by a button by another."""
    asking = [one for one in edition.clauses.values() if "consent" in one.text]
    pressed = tuple(one.number for one in asking if _PRESSED.search(one.text))
    for clause in edition.clauses.values():
        if pressed and _WRITTEN.search(" ".join(clause.text.split())) and clause.number not in pressed:
            said = say("consent is in writing here, and by a button in {clauses}", clauses=pressed)
            yield found("WK504", edition, clause.number, said)
