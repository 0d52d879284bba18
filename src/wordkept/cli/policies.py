"""Commands about a policy, without a store: check, affirm, test, decide."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from contextlib import nullcontext
from datetime import datetime
from pathlib import Path
from typing import IO, Any, Final
from zoneinfo import ZoneInfo

import click
import msgspec

from wordkept.cli.lacking import law_option, tell_lacking
from wordkept.cli.named import REFERENCE, asked_about, check_clauses, located, written_to
from wordkept.cli.place import check_dsn
from wordkept.cli.printing import as_json, emit, json_option, lang_option
from wordkept.cli.sarif import chosen, format_option, log
from wordkept.gate import Temporary
from wordkept.language import Catalogue, Said
from wordkept.policy import affirm as affirm_clauses
from wordkept.policy import findings
from wordkept.policy.model import Clause, Edition, Finding, Policy
from wordkept.terms import SENTENCES, Effect, Kind, MalformedPolicyError, Reason
from wordkept.trace import asked
from wordkept.trace.kernel import on_kernel
from wordkept.trace.play import Difference, Outcome
from wordkept.trace.stored import on_store
from wordkept.trace.stories import Script, find, read


class _Heard(msgspec.Struct, frozen=True):
    """What is said about one edition: the clauses that were asked about, and what was found there."""

    edition: Edition
    clauses: list[Clause]
    findings: list[Finding]


@click.command(short_help="Compile a policy and say what it leaves open.")
@click.argument("path", type=click.Path(path_type=Path), default=REFERENCE)
@click.option("--clause", "clauses", multiple=True, help="Only this clause; may be given more than once.")
@law_option
@format_option
@lang_option
@json_option
def check(
    path: Path,
    clauses: tuple[str, ...],
    laws: tuple[str, ...],
    *,
    form: str | None,
    speak: Catalogue,
    as_json_: bool,
) -> None:
    """Compile a policy and say what it leaves open, or with --law what it lacks against the law of a day.

    Exit 1 if there is an error among the findings; a finding that is accepted under its clause is not counted.
    """
    form = chosen(form, laws, as_json_=as_json_)
    if laws and clauses:
        raise click.UsageError("--law is asked of the whole policy, --clause of findings; choose one")
    if laws:
        tell_lacking(asked_about(path), laws, speak, as_json_=form == "json")
        return
    heard = _heard(asked_about(path), clauses)
    if form == "sarif":
        emit(log((one.edition, one.findings) for one in heard))
    elif form == "json":
        emit({"editions": [_heard_json(one) for one in heard]})
    else:
        for one in heard:
            _print_heard(one, speak, whole=not clauses)
    sys.exit(1 if any(found.severity == "error" for one in heard for found in one.findings) else 0)


def _heard(policy: Policy, numbers: tuple[str, ...]) -> list[_Heard]:
    """Every edition in full, or of those that have one of the clauses, these.

    Raises:
        MalformedPolicyError: no edition has such a clause.
    """
    check_clauses(policy, numbers)
    return [
        _Heard(
            edition,
            [one for one in edition.clauses.values() if not numbers or one.number in numbers],
            [one for one in findings(edition) if not numbers or one.clause in numbers],
        )
        for edition in policy.editions
        if not numbers or edition.clauses.keys() & set(numbers)
    ]


def _heard_json(heard: _Heard) -> dict[str, object]:
    clauses = [{"number": one.number, "kind": one.kind, "rules": _rules(one)} for one in heard.clauses]
    found = [_finding_json(one) for one in heard.findings]
    return {"effective": heard.edition.effective, "clauses": clauses, "findings": found}


def _rules(clause: Clause) -> list[str]:
    return [binding.rule.name for binding in clause.bindings]


def _finding_json(found: Finding) -> dict[str, object]:
    """A finding; that it is accepted is said where it is."""
    said = msgspec.structs.asdict(found)
    if not found.accepted:
        del said["accepted"]
    return said


def _print_heard(heard: _Heard, speak: Catalogue, *, whole: bool) -> None:
    """The clauses as counts, or one by one where only some were asked about; then what was found, the worst first."""
    click.echo(_head(heard, speak, whole=whole))
    for clause in () if whole else heard.clauses:
        rules = f": {', '.join(_rules(clause))}" if _rules(clause) else ""
        click.echo(f"[{clause.number}] {speak(clause.kind)}{rules}")
    order = {"error": 0, "high": 1, "warning": 2, "note": 3}
    for one in sorted(heard.findings, key=lambda it: (order[it.severity], it.line)):
        mark = f" ({speak('accepted')})" if one.accepted else ""
        place, severity = f"{one.file}:{one.line}:{one.column}", speak(one.severity)
        click.echo(f"{place}: {severity} {one.code}: {speak(one.message)}{mark}")
    counts = {name: sum(one.severity == name for one in heard.findings) for name in order}
    click.echo(", ".join(_counted(count, name, speak) for name, count in counts.items()))


def _head(heard: _Heard, speak: Catalogue, *, whole: bool) -> str:
    edition, kinds = heard.edition, [one.kind for one in heard.clauses]
    head = speak("{service}, effective {day}", service=edition.service, day=edition.effective)
    if not whole:
        return f"{head}: {speak('{count} of {all} clauses', count=len(kinds), all=len(edition.clauses))}"
    counts = ", ".join(_counted(kinds.count(kind), kind, speak) for kind in Kind if kind in kinds)
    return f"{head}: {speak('{count} clauses ({kinds})', count=len(kinds), kinds=counts)}"


def _counted(count: int, what: str, speak: Catalogue) -> str:
    return speak("{count} {what}", count=count, what=Said(what))


@click.command(short_help="Say that rules still keep the wording above them.")
@click.argument("path", type=click.Path(path_type=Path), default=REFERENCE)
@click.option("--clause", "clauses", multiple=True, help="Only this clause; may be given more than once.")
@click.option("--office", required=True, help="The office that re-read the wording, e.g. 'privacy office'.")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="The day of reading; today if left out.")
@json_option
def affirm(path: Path, clauses: tuple[str, ...], office: str, on: datetime | None, *, as_json_: bool) -> None:
    """Say that rules still keep the wording above them, after somebody re-read both."""
    policy = written_to(path)
    day = on.date() if on else datetime.now(ZoneInfo(policy.editions[-1].timezone)).date()
    check_clauses(policy, clauses)
    done: list[str] = []
    for edition in policy.editions:
        named = [one for one in clauses if one in edition.clauses]
        if named or not clauses:
            done += affirm_clauses(edition, named or None, office, day)
    if as_json_:
        emit({"affirmed": done, "office": office, "on": day})
    else:
        count = "1 clause" if len(done) == 1 else f"{len(done)} clauses"
        click.echo(f"{count} affirmed by {office} on {day}" if done else "nothing had changed")


@click.command(short_help="Play the stories of a policy.")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--store", is_flag=True, help="Play the stories on a real vault instead of the pure kernel.")
@click.option(
    "--dsn", help="With --store: a PostgreSQL to use instead of an embedded one; databases are made and dropped."
)
@json_option
def test(paths: tuple[Path, ...], *, store: bool, dsn: str | None, as_json_: bool) -> None:
    """Play every *.story.yaml at or below PATHS and say what came out differently.

    Without PATHS the stories of the reference policy are played. Exit 1 if any fails.
    """
    check_dsn("--dsn", dsn)
    files = find([located(path) for path in paths or (REFERENCE,)])
    policies: dict[str, Policy] = {}
    with Temporary(dsn) if store else nullcontext() as temporary:
        outcomes = [_played(file, policies, temporary) for file in files]
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
        promised = _promises(policies.values())
        click.echo(f"{len(clauses & promised)} of {len(promised)} promises bound to rules decided something")
        click.echo(f"{'PASS' if passed == len(outcomes) else 'FAIL'} {passed}/{len(outcomes)}")
    sys.exit(0 if passed == len(outcomes) else 1)


def _promises(policies: object) -> frozenset[str]:
    return frozenset(
        clause.number
        for policy in policies  # type: ignore[attr-defined]
        for edition in policy.editions
        for clause in edition.clauses.values()
        if clause.bindings
    )


def _played(file: Path, policies: dict[str, Policy], temporary: Temporary | None) -> Outcome:
    try:
        script = read(file)
        name = script.story.policy
        if name not in policies:
            policies[name] = _policy_of(script)
        policy = policies[name]
        if temporary is None:
            return on_kernel(script, policy)
        return on_store(script, policy, temporary)
    except MalformedPolicyError as error:
        said = f"{error.message} ({error.hint})" if error.hint else error.message
        return Outcome(str(file), "", (Difference(error.file, error.line, error.column, said),))
    except OSError as error:
        return Outcome(str(file), "", (Difference(str(file), 0, 0, f"cannot be read: {error.strerror}"),))


def _policy_of(script: Script) -> Policy:
    try:
        return asked_about(Path(script.story.policy))
    except MalformedPolicyError as error:
        line, column = script.positions.value("policy")
        hint = "" if error.line else "a policy is named relative to the current folder"
        raise MalformedPolicyError(f"policy: {error}", file=script.file, line=line, column=column, hint=hint) from error


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
        return asked.as_json(asked.answer(policy, line))
    except MalformedPolicyError as error:
        return {"error": error.message}


COMMANDS: Final = (check, affirm, test, decide)
