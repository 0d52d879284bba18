"""Proofs: a promise is empty if nothing in any story would go differently without it.

Each rule under each clause is silenced in turn, in memory, and the stories beside the policy are played until one
fails. A failure in what *happened* (an effect, a state, a freeze) proves the rule by outcome. Where two sentences say
the very same, one rule with the same parameters, they are silenced together. A story that fails only because it names
the clause in ``because`` proves it by name: the sentence decided, though something else would have decided alike. What
is *not* here: mutants of the document (``mutate``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Final, Literal

import msgspec

from wordkept.policy.declared import Owed
from wordkept.policy.model import Binding, Clause, Edition, Policy
from wordkept.terms import Kind
from wordkept.trace.play import Difference, Outcome
from wordkept.trace.silence import key, silenced, undeclared
from wordkept.trace.stage import Stage, stage_of, stories_beside

_CHUNK: Final = 8
_WORTH: Final = 20_000
"""How many times a story may be played before a process more is worth its start."""


class Proof(msgspec.Struct, frozen=True):
    """A story that fails when a rule is silent: where, what it then says, and whether anything but a name differs."""

    story: str
    line: int
    said: str
    by: Literal["outcome", "name"]


class Silenced(msgspec.Struct, frozen=True):
    """A rule under a clause and its proof, if any; ``together`` are the clauses that were silenced with it."""

    rule: str
    line: int
    proof: Proof | None
    together: tuple[str, ...] = ()


class Promise(msgspec.Struct, frozen=True):
    """A clause that is bound to rules, and what proves each of them."""

    edition: str
    clause: str
    kind: Kind
    text: str
    file: str
    line: int
    rules: tuple[Silenced, ...]
    owed: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether a rule under it could fall silent and no story would notice."""
        return any(one.proof is None for one in self.rules)


def prove(policy: Policy, only: Iterable[str] = (), jobs: int = 1) -> list[Promise]:
    """The promises of a policy that are bound to rules, each with its proofs, in the document's order.

    Args:
        policy: as ``policy.load`` read it.
        only: numbers of clauses; none for all.
        jobs: processes that share the work at most; a small policy is done by this one alone.

    Raises:
        MalformedPolicyError: a story is malformed, or fails before anything is silenced.
    """
    wanted = set(only)
    work = [
        (at, number)
        for at, edition in enumerate(policy.editions)
        for number, clause in edition.clauses.items()
        if clause.bindings and (not wanted or number in wanted)
    ]
    jobs = min(jobs, len(work) * len(stories_beside(policy)) // _WORTH)
    if jobs <= 1:
        return list(_proofs(Stage(policy), work))
    parts = [work[start : start + _CHUNK] for start in range(0, len(work), _CHUNK)]
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        return [one for found in pool.map(_proved, [policy.path] * len(parts), parts) for one in found]


def _proved(path: str, work: Sequence[tuple[int, str]]) -> list[Promise]:
    """A part of the work, in a process of its own."""
    return list(_proofs(stage_of(path), work))


def _proofs(stage: Stage, work: Iterable[tuple[int, str]]) -> Iterator[Promise]:
    for at, number in work:
        edition = stage.policy.editions[at]
        yield _promise(stage, at, edition, edition.clauses[number])


def _promise(stage: Stage, at: int, edition: Edition, clause: Clause) -> Promise:
    return Promise(
        edition=str(edition.effective),
        clause=clause.number,
        kind=clause.kind,
        text=" ".join(clause.text.split()),
        file=edition.file,
        line=clause.line,
        rules=tuple(_silenced(stage, at, edition, one) for one in clause.bindings),
        owed=tuple(f"{note.missing}: {note.what}" for note in clause.notes if isinstance(note, Owed)),
    )


def _silenced(stage: Stage, at: int, edition: Edition, binding: Binding) -> Silenced:
    """Silence a rule alone; then leave out what it declares; then silence all that say the very same."""
    name, line = binding.rule.name, binding.line
    alone = _proof(stage, at, edition, [binding])
    if alone is None and (without := undeclared(edition, binding)) is not None:
        alone = _first(stage.failures(edition, without, stage.scripts))
    twins = _twins(edition, binding)
    if (alone is None or alone.by == "name") and twins:
        both = _proof(stage, at, edition, [binding, *twins])
        if both is not None and both.by == "outcome":
            return Silenced(name, line, both, tuple(one.clause for one in twins))
    return Silenced(name, line, alone)


def _proof(stage: Stage, at: int, edition: Edition, gone: Sequence[Binding]) -> Proof | None:
    scripts = stage.heard(at, [key(edition, one) for one in gone])
    return _first(stage.failures(edition, silenced(edition, gone), scripts))


def _twins(edition: Edition, binding: Binding) -> list[Binding]:
    """The other bindings that say the very same: one rule, the same parameters and exceptions."""
    return [
        one
        for clause in edition.clauses.values()
        for one in clause.bindings
        if one is not binding and _said(one) == _said(binding)
    ]


def _said(one: Binding) -> tuple[object, ...]:
    return one.rule.name, one.params, one.unless


def _first(failed: Iterable[Outcome]) -> Proof | None:
    """The first story in which something else happened; else the first in which only another clause is named.

    A story that ends in an error, because it names what is no longer declared, proves nothing by that.
    """
    by_name: Proof | None = None
    for outcome in failed:
        told = [one for one in outcome.differences if one.about]
        other = next((one for one in told if one.about != "because"), None)
        if other is not None:
            return _told(other, "outcome")
        by_name = by_name or (_told(told[0], "name") if told else None)
    return by_name


def _told(one: Difference, by: Literal["outcome", "name"]) -> Proof:
    return Proof(one.file, one.line, one.message, by)
