"""Links: from a clause to its rules, to the stories in which it decided something, and to what is still owed.

What is *not* here: evidence of single acts (``gate.looking``).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec

from wordkept.policy.declared import Owed
from wordkept.policy.model import Edition, Policy
from wordkept.terms import Kind, MalformedPolicyError
from wordkept.trace.kernel import on_kernel
from wordkept.trace.stories import find, read


class RuleLink(msgspec.Struct, frozen=True):
    """A rule under a clause: its name, its sentence and where its function stands."""

    name: str
    sentence: str
    source: str


class Link(msgspec.Struct, frozen=True):
    """One clause and what hangs on it; ``stories`` are files in which it determined a decision."""

    edition: str
    clause: str
    kind: Kind
    text: str
    rules: tuple[RuleLink, ...]
    owed: tuple[str, ...]
    stories: tuple[str, ...]


def trace_of(policy: Policy, what: str | None) -> Iterator[Link]:
    """Links of one clause, of all clauses of one rule, or of all clauses."""
    told = _told(policy)
    for edition in policy.editions:
        for clause in edition.clauses.values():
            names = {binding.rule.name for binding in clause.bindings}
            if what is None or what == clause.number or what in names:
                rules = tuple(RuleLink(b.rule.name, b.rule.sentence, b.rule.source) for b in clause.bindings)
                owed = tuple(f"{one.missing}: {one.what}" for one in clause.notes if isinstance(one, Owed))
                text = " ".join(clause.text.split())
                stories = told.get(clause.number, ())
                yield Link(str(edition.effective), clause.number, clause.kind, text, rules, owed, tuple(stories))


def _told(policy: Policy) -> dict[str, list[str]]:
    """Clauses by the stories beside the policy in which they decided something."""
    found: dict[str, list[str]] = {}
    for folder in sorted({_folder(edition) for edition in policy.editions}):
        try:
            files = find([folder])
        except MalformedPolicyError:
            continue
        for file in files:
            outcome = on_kernel(read(file), policy)
            for clause in outcome.clauses:
                found.setdefault(clause, []).append(file.name.removesuffix(".story.yaml"))
    return found


def _folder(edition: Edition) -> Path:
    return Path(edition.file).parent
