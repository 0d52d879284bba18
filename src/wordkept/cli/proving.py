"""The command that looks for empty promises: prove."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Final

import click

from wordkept.cli.place import REFERENCE, read_policy
from wordkept.cli.printing import emit, json_option
from wordkept.policy.model import Policy
from wordkept.policy.typed import nearest
from wordkept.terms import MalformedPolicyError
from wordkept.trace.prove import Promise
from wordkept.trace.prove import prove as promises_of


@click.command(short_help="Look for promises that no story would miss.")
@click.argument("path", type=click.Path(path_type=Path), default=REFERENCE)
@click.option("--only", multiple=True, help="Only this clause; may be given more than once.")
@click.option("--jobs", type=click.IntRange(1), help="Processes at most; as many as there are processors if left out.")
@json_option
def prove(path: Path, *, only: tuple[str, ...], jobs: int | None, as_json_: bool) -> None:
    """Silence each clause's rules in turn and require that a story fails.

    A promise whose rule can fall silent without any story beside the policy noticing is empty. Exit 1 if there is one.
    """
    policy = read_policy(path)
    _known(policy, only)
    found = promises_of(policy, only, jobs or os.cpu_count() or 1)
    empty = [one for one in found if one.empty]
    if as_json_:
        emit({"promises": found, "empty": [one.clause for one in empty]})
    else:
        _print_promises(found, empty)
    sys.exit(1 if empty else 0)


def _known(policy: Policy, only: tuple[str, ...]) -> None:
    known = {number for edition in policy.editions for number in edition.clauses}
    for number in only:
        if number not in known:
            raise MalformedPolicyError(f"no clause is called {number}", hint=nearest(number, known))


def _print_promises(found: list[Promise], empty: list[Promise]) -> None:
    for promise in empty:
        for rule in promise.rules:
            if rule.proof is None:
                said = f"{promise.clause} is an empty promise: no story misses {rule.rule}"
                click.echo(f"{promise.file}:{rule.line}: {said}")
    how = [one.proof.by for promise in found if not promise.empty for one in promise.rules if one.proof]
    proved = f"{len(found) - len(empty)} of {len(found)} promises bound to rules are proved"
    click.echo(f"{proved}; of their rules {how.count('outcome')} by what happens, {how.count('name')} by name")
    click.echo(f"{len(empty)} empty")


COMMANDS: Final = (prove,)
