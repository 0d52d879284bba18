"""The command that looks for empty promises, and for what nothing would miss: prove."""

from __future__ import annotations

import os
import sys
from collections import Counter
from datetime import timedelta
from itertools import zip_longest
from pathlib import Path

import click

from wordkept.cli.named import REFERENCE, asked_about, check_clauses
from wordkept.cli.printing import counted, emit, json_option, lang_option
from wordkept.language import Catalogue, say
from wordkept.policy.model import Policy
from wordkept.terms import Kind
from wordkept.trace.mutate import Fate, score
from wordkept.trace.mutate import mutate as fates_of
from wordkept.trace.prove import Promise
from wordkept.trace.prove import prove as promises_of


@click.command(short_help="Look for promises that no story would miss.")
@click.argument("path", type=click.Path(path_type=Path), default=REFERENCE)
@click.option("--only", multiple=True, help="Only this clause; may be given more than once.")
@click.option("--mutate", is_flag=True, help="Delete each declaration, item, period and bound instead.")
@click.option(
    "--at-least",
    type=click.FloatRange(0, 100),
    default=95.0,
    show_default=True,
    help="With --mutate: the score, in percent, below which the exit is 1.",
)
@click.option("--jobs", type=click.IntRange(1), help="Processes at most; as many as there are processors if left out.")
@lang_option
@json_option
def prove(
    path: Path,
    *,
    only: tuple[str, ...],
    mutate: bool,
    at_least: float,
    jobs: int | None,
    speak: Catalogue,
    as_json_: bool,
) -> None:
    """Silence each clause's rules in turn and require that a story fails.

    A promise whose rule can fall silent without any story beside the policy noticing is empty. Exit 1 if there is one.
    With --mutate, things are deleted from the document instead, and check, a story or trace must notice.
    """
    policy = asked_about(path)
    check_clauses(policy, only)
    processes = jobs or os.cpu_count() or 1
    if mutate:
        fates = fates_of(policy, only, processes)
        enough = score(fates) >= at_least
        _print_fates(fates, speak, as_json_=as_json_)
        sys.exit(0 if enough else 1)
    found = promises_of(policy, only, processes)
    empty = [one for one in found if one.empty]
    if as_json_:
        emit({"promises": found, "empty": [one.clause for one in empty]})
    else:
        _print_promises(found, empty, speak)
        _print_days(policy, {one.edition for one in empty}, speak)
    sys.exit(1 if empty else 0)


def _print_days(policy: Policy, wanting: set[str], speak: Catalogue) -> None:
    """Of several editions, on which days stories could prove those that have empty promises."""
    if not policy.editions[1:]:
        return
    for edition, after in zip_longest(policy.editions, policy.editions[1:]):
        if str(edition.effective) in wanting:
            days = say("from {day} on", day=edition.effective)
            if after:
                last = after.effective - timedelta(days=1)
                days = say("from {day} to {last}", day=edition.effective, last=last)
            said = say("this edition is proved only by steps {days}; see docs/stories.md, the next edition", days=days)
            click.echo(f"wordkept: {speak('hint')}: {edition.file}: {speak(said)}", err=True)


def _print_promises(found: list[Promise], empty: list[Promise], speak: Catalogue) -> None:
    for promise in empty:
        for rule in promise.rules:
            if rule.proof is None:
                said = speak(
                    "{clause} is an empty promise: no story misses {rule}", clause=promise.clause, rule=rule.rule
                )
                click.echo(f"{promise.file}:{rule.line}: {said}")
    how = [one.proof.by for promise in found if not promise.empty for one in promise.rules if one.proof]
    click.echo(
        speak(
            "{count} of {all} clauses bound to rules ({kinds}) are proved; "
            "of their rules {outcome} by what happens, {name} by name",
            count=len(found) - len(empty),
            all=len(found),
            kinds=counted([kind for kind in Kind for one in found if one.kind is kind], speak),
            outcome=how.count("outcome"),
            name=how.count("name"),
        )
    )
    click.echo(speak("{count} empty", count=len(empty)))


def _print_fates(fates: list[Fate], speak: Catalogue, *, as_json_: bool) -> None:
    survivors = [one for one in fates if one.killed_by is None]
    by = Counter(one.killed_by for one in fates if one.killed_by)
    if as_json_:
        shown = [{"edition": one.edition, "file": one.file, **_place(one)} for one in survivors]
        emit({"mutants": len(fates), "killed_by": by, "score": score(fates), "survivors": shown})
        return
    for one in survivors:
        under = f" ({one.mutant.clause})" if one.mutant.clause else ""
        missed = speak("nothing misses {what}", what=one.mutant.what)
        click.echo(f"{one.file}:{one.mutant.line}: {missed}{under}")
    check = say(
        "check notices {count} ({errors} errors, {findings} findings)",
        count=by["error"] + by["finding"],
        errors=by["error"],
        findings=by["finding"],
    )
    click.echo(
        speak(
            "{count} deletions: {check}, stories {stories}, trace {trace}; {left} survive",
            count=len(fates),
            check=check,
            stories=by["story"],
            trace=by["unheard"],
            left=len(survivors),
        )
    )
    click.echo(speak("score {score} %", score=f"{score(fates):.1f}"))


def _place(one: Fate) -> dict[str, object]:
    return {"clause": one.mutant.clause, "line": one.mutant.line, "what": one.mutant.what}
