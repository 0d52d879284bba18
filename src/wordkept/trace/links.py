"""Links: from a clause to its rules, to the stories and tests that would miss them, to evidence and what is owed.

What is *not* here: how a proof is found (``prove``), and evidence of single acts (``gate.looking``).
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec

from wordkept.evidence import Predicate
from wordkept.gate.telling import PREDICATES
from wordkept.language import Said, say
from wordkept.policy.declared import Owed
from wordkept.policy.model import Policy, Rule
from wordkept.terms import Kind
from wordkept.trace.kernel import on_kernel
from wordkept.trace.prove import Proof, prove
from wordkept.trace.stage import stories_beside
from wordkept.trace.stories import read

_MARK: Final = "proves"
_HOLDS: Final = (Predicate.DESTROYED, Predicate.NOT_DUE)
_OWES: Final = (Predicate.SEPARATED, Predicate.DESTROYED, Predicate.FINAL)


class RuleLink(msgspec.Struct, frozen=True):
    """A rule under a clause.

    Attributes:
        name: as the policy calls it.
        sentence: what it says, in its own words.
        source: ``file:line`` of its function.
        proof: a story that fails when it falls silent; none if no story does, or if a story fails as it is.
        tests: ``file:line`` of the tests that say they prove it, below a folder of tests.
        evidence: what the statements say that it leaves behind.
    """

    name: str
    sentence: str
    source: str
    proof: Proof | None
    tests: tuple[str, ...]
    evidence: tuple[str, ...]


class Link(msgspec.Struct, frozen=True):
    """One clause and what hangs on it; ``stories`` are files in which it determined a decision."""

    edition: str
    clause: str
    kind: Kind
    text: str
    file: str
    line: int
    rules: tuple[RuleLink, ...]
    owed: tuple[str, ...]
    stories: tuple[str, ...]


def trace_of(policy: Policy, what: str | None, tests: Path = Path("tests"), language: str = "") -> Iterator[Link]:
    """Links of one clause, of all clauses of one rule, or of all clauses.

    Args:
        policy: with its stories beside it.
        what: a clause's number, a rule's name, or none.
        tests: the folder of tests, if there is one.
        language: in which the wording is shown, where the edition is translated into it; else its own.

    Raises:
        MalformedPolicyError: a story is malformed.
    """
    asked = [
        (edition, clause)
        for edition in policy.editions
        for clause in edition.clauses.values()
        if what is None or what == clause.number or what in {binding.rule.name for binding in clause.bindings}
    ]
    told, passed = _told(policy)
    numbers = {clause.number for _, clause in asked}
    promises = {(one.edition, one.clause): one.rules for one in prove(policy, numbers)} if asked and passed else {}
    known = tests_of(tests)
    for edition, clause in asked:
        day, shown = str(edition.effective), edition.translations.get(language, edition).clauses[clause.number]
        proofs = [one.proof for one in promises.get((day, clause.number), ())] or [None] * len(clause.bindings)
        yield Link(
            edition=day,
            clause=clause.number,
            kind=clause.kind,
            text=" ".join(shown.text.split()),
            file=edition.file,
            line=clause.line,
            rules=tuple(_rule(one.rule, it, known) for one, it in zip(clause.bindings, proofs, strict=True)),
            owed=tuple(_owed(one) for one in shown.notes if isinstance(one, Owed)),
            stories=tuple(told.get(clause.number, ())),
        )


def _owed(note: Owed) -> str:
    return say("{missing}: {what}", missing=Said(note.missing), what=note.what)


def _rule(rule: Rule, proof: Proof | None, tests: dict[str, tuple[str, ...]]) -> RuleLink:
    return RuleLink(rule.name, Said(rule.sentence), rule.source, proof, tests.get(rule.name, ()), evidence_of(rule))


def evidence_of(rule: Rule) -> tuple[str, ...]:
    """The predicates of the statements that may name a clause with this rule, in the order of their list."""
    said = {PREDICATES[act] for act in rule.acts} if rule.guard else set()
    said |= {Predicate.REFUSED} if rule.guard else set()
    said |= set(_HOLDS if rule.holds else ()) | set(_OWES if rule.owes else ())
    said |= {Predicate.ORDERED} if rule.keeps or rule.orders else set()
    said |= {Predicate.ACKNOWLEDGED} if rule.answers else set()
    return tuple(str(one) for one in Predicate if one in said)


def tests_of(folder: Path) -> dict[str, tuple[str, ...]]:
    """The tests marked ``@pytest.mark.proves("rule")`` below a folder, by rule, as ``file:line``; none without one."""
    found: dict[str, list[str]] = {}
    for file in sorted(folder.rglob("test_*.py")) if folder.is_dir() else ():
        text = file.read_text("utf-8")
        tree = ast.parse(text) if f"{_MARK}(" in text else ast.Module([], [])
        for node in ast.walk(tree):
            for rule in _marked(node):
                found.setdefault(rule, []).append(f"{file}:{getattr(node, 'lineno', 0)}")
    return {rule: tuple(places) for rule, places in found.items()}


def _marked(node: ast.AST) -> Iterator[str]:
    for mark in node.decorator_list if isinstance(node, ast.FunctionDef) else ():
        if isinstance(mark, ast.Call) and isinstance(mark.func, ast.Attribute) and mark.func.attr == _MARK:
            yield from (one.value for one in mark.args if isinstance(one, ast.Constant) and isinstance(one.value, str))


def _told(policy: Policy) -> tuple[dict[str, list[str]], bool]:
    """Clauses by the stories beside the policy in which they decided something, and whether all stories pass."""
    found: dict[str, list[str]] = {}
    passed = True
    for file in stories_beside(policy):
        outcome = on_kernel(read(file), policy)
        passed = passed and outcome.passed
        for clause in outcome.clauses:
            found.setdefault(clause, []).append(file.name.removesuffix(".story.yaml"))
    return found, passed
