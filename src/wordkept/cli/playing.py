"""Commands that try what a policy does to people, by stories and by questions, without a store: test, decide."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import IO, Any

import click
import msgspec

from wordkept.cli.named import REFERENCE, asked_about, located
from wordkept.cli.place import check_dsn
from wordkept.cli.printing import as_json, emit, json_option, lang_option
from wordkept.gate import Temporary
from wordkept.language import Catalogue
from wordkept.policy.model import Policy
from wordkept.terms import SENTENCES, Effect, MalformedPolicyError, Reason
from wordkept.trace import asked, questions
from wordkept.trace.kernel import on_kernel
from wordkept.trace.play import Difference, Outcome
from wordkept.trace.stored import on_store
from wordkept.trace.stories import Script, beside, find, read


@click.command(short_help="Play the stories of a policy.")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--store", is_flag=True, help="Play the stories on a real vault instead of the pure kernel.")
@click.option(
    "--dsn", help="With --store: a PostgreSQL to use instead of an embedded one; databases are made and dropped."
)
@json_option
def test(paths: tuple[Path, ...], *, store: bool, dsn: str | None, as_json_: bool) -> None:
    """Play every *.story.yaml at or below PATHS and say what came out differently.

    A story beside a policy is played on that, every other on the policy it names. Without PATHS the stories of the
    reference policy are played. Exit 1 if any fails.
    """
    check_dsn("--dsn", dsn)
    files = find([located(path) for path in paths or (REFERENCE,)])
    policies: dict[str, Policy] = {}
    others: Counter[tuple[str, str]] = Counter()
    with Temporary(dsn) if store else nullcontext() as temporary:
        outcomes = [_played(file, policies, others, temporary) for file in files]
    passed = sum(one.passed for one in outcomes)
    clauses = frozenset[str]().union(*(one.clauses for one in outcomes))
    if as_json_:
        emit(
            {
                "passed": passed,
                "stories": [{**msgspec.structs.asdict(one), "passed": one.passed} for one in outcomes],
                "promises": sorted(clauses),
            }
        )
    else:
        for one in outcomes:
            for what in one.differences:
                place = ":".join(str(one) for one in (what.file, what.line, what.column) if one)
                click.echo(f"FAIL {place}: {what.message}")
        bound = _bound(policies.values())
        click.echo(f"{len(clauses & bound)} of {len(bound)} clauses bound to rules decided something")
        click.echo(f"{'PASS' if passed == len(outcomes) else 'FAIL'} {passed}/{len(outcomes)}")
    for (named, played), count in others.items():
        stories = "1 story names" if count == 1 else f"{count} stories name"
        click.echo(f"wordkept: note: {stories} {named}; played on {played}, beside it", err=True)
    sys.exit(0 if passed == len(outcomes) else 1)


def _bound(policies: Iterable[Policy]) -> frozenset[str]:
    return frozenset(
        clause.number
        for policy in policies
        for edition in policy.editions
        for clause in edition.clauses.values()
        if clause.bindings
    )


def _played(
    file: Path, policies: dict[str, Policy], others: Counter[tuple[str, str]], temporary: Temporary | None
) -> Outcome:
    try:
        script = read(file)
        named, found = script.story.policy, beside(file)
        if found and named and located(Path(named)).resolve() != found.resolve():
            others[named, str(found)] += 1
        name = str(found or named or "")
        if name not in policies:
            policies[name] = _policy_of(script, name)
        policy = policies[name]
        if temporary is None:
            return on_kernel(script, policy)
        return on_store(script, policy, temporary)
    except MalformedPolicyError as error:
        said = f"{error.message} ({error.hint})" if error.hint else error.message
        return Outcome(str(file), "", (Difference(error.file, error.line, error.column, said),))
    except OSError as error:
        return Outcome(str(file), "", (Difference(str(file), 0, 0, f"cannot be read: {error.strerror}"),))


def _policy_of(script: Script, name: str) -> Policy:
    if not name:
        raise script.wrong("a story names its policy, unless it stands beside one", hint="add policy:")
    try:
        return asked_about(Path(name))
    except MalformedPolicyError as error:
        hint = "" if error.line else "a policy is named relative to the current folder"
        raise script.wrong(f"policy: {error}", "policy", hint=hint) from error


@click.command(short_help="Answer questions about a policy, without a store.")
@click.option("--policy", "path", type=click.Path(path_type=Path), default=REFERENCE, show_default=True)
@click.option("--text", is_flag=True, help="Answer in sentences for people instead of JSON.")
@click.argument("file", type=click.File("rb"), default="-")
@lang_option
@json_option
def decide(path: Path, file: IO[bytes], *, text: bool, speak: Catalogue, as_json_: bool) -> None:
    """Answer questions about a policy, one JSON object a line, without a store.

    FILE (default: standard input) has one question in each line. One line of JSON answers each: {"effect", "reason",
    "because"}, or {"error"} in the place of a malformed one, and exit 2 at the end. With --text a sentence does.
    """
    if text and as_json_:
        raise click.UsageError("--text and --json exclude each other")
    policy = asked_about(path)
    malformed, empty = False, 0
    for line in file:
        if not line.strip():
            empty += 1
            continue
        answers = [{"error": "an empty line"}] * empty + [_answered(policy, line)]
        empty = 0
        malformed = malformed or any("error" in one for one in answers)
        for one in answers:
            click.echo(_sentence(one, speak) if text else as_json(one))
    sys.exit(2 if malformed else 0)


def _sentence(answer: Mapping[str, Any], speak: Catalogue) -> str:
    """An answer for people: ``denied: the person was not asked, or said no (2.3.B.12)``."""
    if "error" in answer:
        return f"{speak('error')}: {answer['error']}"
    effect, why = Effect(answer["effect"]), speak(SENTENCES[Reason(answer["reason"])])
    clauses = f" ({', '.join(answer['because'])})" if answer["because"] else ""
    return f"{speak('allowed') if effect is Effect.ALLOW else speak('denied')}: {why}{clauses}"


def _answered(policy: Policy, line: bytes) -> Mapping[str, object]:
    """An answer, or what is wrong with the question; empty lines at the end are no questions."""
    try:
        return questions.as_json(asked.answer(policy, line))
    except MalformedPolicyError as error:
        return {"error": error.message}
