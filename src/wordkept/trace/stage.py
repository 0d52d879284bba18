"""The stage: a policy with the stories beside it, played once as the policy stands.

Proofs play the same stories again under changed policies and look for one that comes out differently. What is *not*
here: what is changed (``silence``, ``mutants``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from wordkept.policy import load
from wordkept.policy.model import Edition, Policy
from wordkept.rules import RULES
from wordkept.terms import MalformedPolicyError
from wordkept.trace.kernel import on_kernel
from wordkept.trace.play import Outcome
from wordkept.trace.silence import Key, listening, replaced
from wordkept.trace.statutes import on_file
from wordkept.trace.stories import NAME, Script, read


class Stage:
    """A policy and its stories, all of which pass.

    Attributes:
        policy: as it stands.
        scripts: the stories in the ``stories`` folders beside its editions, by file name.
        told: by story, the clauses that decided something in it.

    Raises:
        MalformedPolicyError: a story is malformed, or fails already.
    """

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.scripts = tuple(read(file) for file in stories_beside(policy))
        self.told: dict[str, frozenset[str]] = {}
        self._heard: dict[str, dict[int, set[Key]]] = {}
        for script in self.scripts:
            self._listen(script)

    def heard(self, at: int, bindings: Iterable[Key]) -> list[Script]:
        """The stories in which one of some bindings of the edition at a place said anything."""
        wanted = set(bindings)
        return [one for one in self.scripts if self._heard[one.file][at] & wanted]

    def failures(self, edition: Edition, instead: Edition, scripts: Iterable[Script]) -> Iterator[Outcome]:
        """The stories that come out differently when another edition stands in the place of one."""
        policy = replaced(self.policy, edition, instead)
        yield from (one for one in (on_kernel(script, policy) for script in scripts) if not one.passed)

    def _listen(self, script: Script) -> None:
        heard: dict[int, set[Key]] = {}
        policy = self.policy
        for at, edition in enumerate(self.policy.editions):
            heard[at] = set()
            policy = replaced(policy, edition, listening(edition, heard[at]))
        outcome = on_kernel(script, policy)
        if not outcome.passed:
            first = outcome.differences[0]
            hint = "a proof needs stories that pass; see wordkept test"
            raise MalformedPolicyError(first.message, file=first.file, line=first.line, column=first.column, hint=hint)
        self.told[script.file], self._heard[script.file] = outcome.clauses, heard


def stories_beside(policy: Policy) -> list[Path]:
    """The stories in the folders of a policy's editions, sorted; none where there are none."""
    folders = sorted({Path(edition.file).parent for edition in policy.editions})
    return list(dict.fromkeys(file for folder in folders for file in sorted(folder.rglob(NAME))))


@cache
def stage_of(path: str) -> Stage:
    """The stage of the policy at a path; kept for the life of a process that proves."""
    return Stage(load(Path(path), RULES, on_file()))
