"""Mutation: what would notice if something were deleted from the policy's document?

First ``check``: an error, or a finding that was not there before (affirmations are left aside, they notice every
change). Then a story beside the policy that fails. Then ``trace``: a clause that decided something in a story and does
so in none any more. What none of them notices has survived. What is *not* here: which mutants there are (``mutants``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import Final, Literal

import msgspec

from wordkept.policy.checks import examine
from wordkept.policy.compile import compile_document
from wordkept.policy.model import Edition, Policy
from wordkept.policy.source import Document, read
from wordkept.rules import RULES
from wordkept.terms import MalformedPolicyError
from wordkept.trace.kernel import on_kernel
from wordkept.trace.mutants import Mutant, mutants_of, without
from wordkept.trace.silence import replaced
from wordkept.trace.stage import Stage, stage_of
from wordkept.trace.statutes import on_file
from wordkept.trace.stories import Script

Killer = Literal["error", "finding", "story", "unheard"]
_CHUNK: Final = 16


class Fate(msgspec.Struct, frozen=True):
    """A mutant of one edition, and what noticed it; none if it survived."""

    edition: str
    file: str
    mutant: Mutant
    killed_by: Killer | None


def mutate(policy: Policy, only: Iterable[str] = (), jobs: int = 1) -> list[Fate]:
    """The fate of every mutant of a policy's editions, in the document's order.

    Args:
        policy: as ``policy.load`` read it.
        only: numbers of clauses; none for all, and the front matter.
        jobs: processes that share the work.

    Raises:
        MalformedPolicyError: a story is malformed, or fails before anything is deleted.
    """
    wanted = set(only)
    work = [
        (at, mutant)
        for at, edition in enumerate(policy.editions)
        for mutant in mutants_of(_document(edition.file), RULES)
        if not wanted or mutant.clause in wanted
    ]
    if jobs == 1 or len(work) <= _CHUNK:
        return list(_fates(Stage(policy), work))
    parts = [work[start : start + _CHUNK] for start in range(0, len(work), _CHUNK)]
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        return [one for found in pool.map(_fated, [policy.path] * len(parts), parts) for one in found]


def score(fates: Sequence[Fate]) -> float:
    """How many of the mutants were noticed, in percent; all, where there are none."""
    return 100 * sum(one.killed_by is not None for one in fates) / len(fates) if fates else 100.0


def _fated(path: str, work: Sequence[tuple[int, Mutant]]) -> list[Fate]:
    """A part of the work, in a process of its own."""
    return list(_fates(stage_of(path), work))


@cache
def _document(file: str) -> Document:
    return read(Path(file).read_bytes(), file)


def _fates(stage: Stage, work: Iterable[tuple[int, Mutant]]) -> Iterator[Fate]:
    before = {}
    for at, mutant in work:
        edition = stage.policy.editions[at]
        if at not in before:
            before[at] = _found(edition)
        killed_by = _killer(stage, edition, mutant, before[at])
        yield Fate(str(edition.effective), edition.file, mutant, killed_by)


def _killer(stage: Stage, edition: Edition, mutant: Mutant, before: Counter[tuple[str, str | None]]) -> Killer | None:
    try:
        document = without(_document(edition.file), mutant)
        mutated = compile_document(document, edition.digest, RULES, edition.statutes or on_file())
    except MalformedPolicyError:
        return "error"
    if _found(mutated) - before:
        return "finding"
    policy = replaced(stage.policy, edition, mutated)
    told: set[str] = set()
    for script in sorted(stage.scripts, key=lambda one: mutant.clause not in stage.told[one.file]):
        clauses = _played(script, policy)
        if clauses is None:
            return "story"
        told |= clauses
    bound = {number for number, clause in edition.clauses.items() if clause.bindings}
    return "unheard" if bound & frozenset().union(*stage.told.values()) - told else None


def _played(script: Script, policy: Policy) -> frozenset[str] | None:
    """The clauses that decided something in a story; none if it did not come out as told."""
    try:
        outcome = on_kernel(script, policy)
    except MalformedPolicyError:
        return None
    return outcome.clauses if outcome.passed else None


def _found(edition: Edition) -> Counter[tuple[str, str | None]]:
    """How often each finding is found under each clause, by its code: what it says may change with any deletion."""
    return Counter((one.code, one.clause) for one in examine(edition))
