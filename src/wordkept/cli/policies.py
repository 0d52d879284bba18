"""Commands about a policy, without a store: check, affirm."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click
import msgspec

from wordkept.cli.lacking import law_option, tell_lacking
from wordkept.cli.named import REFERENCE, asked_about, check_clauses, written_to
from wordkept.cli.printing import counted, emit, json_option, lang_option
from wordkept.cli.sarif import chosen, format_option, log
from wordkept.language import Catalogue, Said
from wordkept.policy import affirm as affirm_clauses
from wordkept.policy import findings
from wordkept.policy.finding import Finding
from wordkept.policy.model import Clause, Edition, Policy
from wordkept.terms import Kind


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
    click.echo(", ".join(speak("{count} {what}", count=count, what=Said(name)) for name, count in counts.items()))


def _head(heard: _Heard, speak: Catalogue, *, whole: bool) -> str:
    edition, kinds = heard.edition, [one.kind for one in heard.clauses]
    head = speak("{service}, effective {day}", service=edition.service, day=edition.effective)
    if not whole:
        return f"{head}: {speak('{count} of {all} clauses', count=len(kinds), all=len(edition.clauses))}"
    counts = counted([kind for kind in Kind for one in kinds if one is kind], speak)
    return f"{head}: {speak('{count} clauses ({kinds})', count=len(kinds), kinds=counts)}"


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
