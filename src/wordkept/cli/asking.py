"""Commands that ask an installation: explain, trace, verify, hunt, doctor."""

from __future__ import annotations

import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import click
import msgspec

from wordkept.cli.named import REFERENCE, asked_about
from wordkept.cli.place import Place, at_place
from wordkept.cli.printing import emit, json_option, lang_option
from wordkept.cli.sealing import seal
from wordkept.evidence import origin
from wordkept.gate import Checked, Explained, Explanation
from wordkept.language import Catalogue, Said, say
from wordkept.record import CONSENT, NEVER, Hold
from wordkept.terms import BrokenError, MalformedPolicyError, State, UnavailableError
from wordkept.trace.links import Link, trace_of

ASKER: Final = "command-line"
"""As whom the evidence names whoever asks here; which person that was, only the machine's own logs can tell."""
_LARGEST_NOTE: Final = 64 * 1024
"""Bytes of a signed checkpoint, far more than any has."""
_SOMETHING: Final = click.Path(path_type=Path, exists=True)


@click.command(short_help="Say why each record of a person is held.")
@click.argument("subject")
@at_place
@lang_option
@json_option
def explain(place: Place, subject: str, *, speak: Catalogue, as_json_: bool) -> None:
    """Say for each record of a person why it is held, by which clauses, until when, and what happened to it.

    SUBJECT is the pseudonym, 32 hex digits. No value is read or printed.
    """
    with place.gate() as gate:
        found = gate.explain(subject_of(subject), place.now(), by=ASKER)
        seal(gate, place.now())
    if not found.records and not found.events:
        raise UnavailableError(say("nobody here has that pseudonym"))
    if as_json_:
        told = [{**msgspec.structs.asdict(one), "overdue": _overdue(one, found.on)} for one in found.records]
        emit({**msgspec.structs.asdict(found), "records": told})
    else:
        _print_explanation(found, speak)


def _overdue(record: Explained, on: date) -> bool:
    """Whether a record should be gone: the day after the last one of its last hold, whose run destroys it, is past."""
    if record.state is State.DESTROYED or record.keep_until is None or record.holds:
        return False
    return record.keep_until + timedelta(days=1) < on


def subject_of(text: str) -> str:
    """A pseudonym as it is asked about.

    Raises:
        UnavailableError: it is none.
    """
    short = text.replace("-", "").lower()
    if len(short) != 32 or not all(letter in "0123456789abcdef" for letter in short):  # noqa: PLR2004 - a UUID's digits
        raise UnavailableError(say("a pseudonym has 32 hex digits"))
    return short


def _print_explanation(found: Explanation, speak: Catalogue) -> None:
    click.echo(speak("{subject} on {day}", subject=found.subject, day=found.on))
    for event in found.events:
        about = (f" {event.to}" if event.to else "") + (f": {speak(event.choice)}" if event.choice else "")
        about += f" ({event.matter})" if event.matter else ""
        about += f" ({speak('unproved')})" if event.kind == CONSENT and event.edition is None else ""
        click.echo(f"  {event.on} {event.kind}{about}")
    for record in found.records:
        frozen = f" {speak('frozen')}" * record.frozen
        click.echo(f"{record.item or speak('record')} {record.record[-8:]}: {speak(record.state)}{frozen}")
        for hold in record.holds:
            click.echo(f"    {_held(hold, speak)}")
        if _overdue(record, found.on):
            never = speak("overdue: nothing ever held it, and it is still there")
            since = speak("overdue: no hold since {day}, and it is still there", day=record.keep_until or found.on)
            click.echo(f"    {never if record.keep_until == NEVER else since}")
        for told in record.told:
            said = Said(told.predicate)
            because = speak("{what} because of {clauses}", what=said, clauses=", ".join(told.clauses))
            click.echo(f"    {told.hour} {because if told.clauses else speak(said)}")


def _held(hold: Hold, speak: Catalogue) -> str:
    if hold.until is None:
        used = speak("used with no end yet by {clause}", clause=hold.clause)
        kept = speak("kept with no end yet by {clause}", clause=hold.clause)
    else:
        used = speak("used until {day} by {clause}", day=hold.until, clause=hold.clause)
        kept = speak("kept until {day} by {clause}", day=hold.until, clause=hold.clause)
    return (used if hold.use else kept) + (speak(", not destroyed before") if hold.strict else "")


@click.command(short_help="Follow a clause to its rules, stories, tests and evidence.")
@click.argument("what", required=False)
@click.option("--policy", "path", type=click.Path(path_type=Path), default=REFERENCE, show_default=True)
@lang_option
@json_option
def trace(what: str | None, path: Path, *, speak: Catalogue, as_json_: bool) -> None:
    """Follow a clause to its rules, stories, tests and evidence, or a rule to its clauses; all if none is named.

    WHAT is a clause number (5.2.B) or a rule's name (retention.by-law).
    """
    links = list(trace_of(asked_about(path), what, language="" if as_json_ else speak.language))
    if not links:
        said = say("no clause and no rule is called {name}", name=(what or "")[:64])
        raise MalformedPolicyError(said, hint=say("see wordkept check --json"))
    if as_json_:
        emit(links)
        return
    for link in links:
        _print_link(link, speak)


def _print_link(link: Link, speak: Catalogue) -> None:
    click.echo(f"[{link.clause}] {speak(link.kind)}: {link.text}")
    click.echo(f"    {link.file}:{link.line}")
    for rule in link.rules:
        click.echo(f"    {rule.name} ({rule.source}): {speak(rule.sentence)}")
        if rule.proof:
            by, place = rule.proof.by, f"{rule.proof.story}:{rule.proof.line}"
            named, proved = speak("proved by name by {place}", place=place), speak("proved by {place}", place=place)
            click.echo(f"        {named if by == 'name' else proved}")
        for test in rule.tests:
            click.echo(f"        {speak('proved by {place}', place=test)}")
        click.echo(f"        {speak('evidence: {what}', what=', '.join(speak(one) for one in rule.evidence))}")
    for owed in link.owed:
        click.echo(f"    {speak('owed: {what}', what=owed)}")
    if link.stories:
        click.echo(f"    {speak('told by {stories}', stories=', '.join(link.stories))}")


@click.command(short_help="Check all evidence, and records against it.")
@click.option(
    "--since", type=click.Path(path_type=Path, dir_okay=False, exists=True), help="A signed checkpoint kept elsewhere."
)
@click.option("--no-census", is_flag=True, help="Leave out counting records against statements.")
@at_place
@json_option
def verify(place: Place, since: Path | None, *, no_census: bool, as_json_: bool) -> None:
    """Check all evidence from the bytes up, and records against it, both ways.

    Every leaf and root is computed again and compared with the checkpoint kept outside the database, and with --since
    any other that you kept. Exit 1 if anything does not hold.
    """
    with place.gate() as gate:
        kept = _checkpoint(since, gate.installation.config.installation) if since else None
        found = gate.verify(kept, count=not no_census)
    if as_json_:
        emit(found)
    else:
        for store, one in found.items():
            _print_checked(store, one)
    sys.exit(0 if all(one.holds for one in found.values()) else 1)


def _checkpoint(file: Path, installation: str) -> bytes:
    """A checkpoint of one of the logs here; one of nobody's must not pass as one that was compared.

    Raises:
        BrokenError: it is not of this installation.
    """
    with file.open("rb") as stream:
        note = stream.read(_LARGEST_NOTE)
    if not any(note.startswith(origin(installation, store).encode()) for store in ("live", "separate")):
        said = "a checkpoint of another installation" if note.startswith(b"wordkept/") else "no checkpoint"
        hint = f"name a kept copy of log/<store>/<number>/checkpoint; its first line is wordkept/{installation}/…"
        raise BrokenError(f"{file} is {said}", hint=hint)
    return note


def _print_checked(store: str, one: Checked) -> None:
    report = one.report
    click.echo(
        f"{store}: {report.entries:,} entries {'hold' if report.holds else 'DO NOT HOLD'}; "
        f"{report.unsealed:,} not sealed yet (lag {report.lag:.1f} s)"
    )
    for finding in report.findings:
        click.echo(f"  {finding}")
    for note in report.notes:
        click.echo(f"  note: {note}")
    if one.census is not None:
        wrong = len(one.census.mismatches)
        click.echo(f"  census: {one.census.records:,} records, {wrong:,} do not fit their statements")
        for mismatch in one.census.mismatches[:20]:
            click.echo(f"    record {mismatch.record.hex}: {mismatch.kind}")


@click.command(short_help="Look for a value on the installation's disks.")
@click.argument("subject", required=False)
@click.option("--item", help="Look for the sealed value of this item of SUBJECT, too.")
@click.option("--also", multiple=True, type=_SOMETHING, help="Another file or folder to search.")
@at_place
@json_option
def hunt(place: Place, subject: str | None, item: str | None, also: tuple[Path, ...], *, as_json_: bool) -> None:
    """Look for a value on the installation's disks: in plain, in all its spellings, and sealed.

    The value is read from standard input, so that it is in no list of commands; it is never printed. With SUBJECT and
    --item, every place where that record's sealed bytes stand is tried with every key that is left. Exit 1 if the
    value was found in plain.
    """
    if item and not subject:
        raise UnavailableError(say("--item is an item of somebody: name the SUBJECT"))
    value = _asked_for()
    with place.gate() as gate:
        who = subject_of(subject) if subject else None
        records = gate.hunted_records(who, item) if who and item else ()
        if item and not records:  # a misspelt name must not look like a clean disk
            raise UnavailableError(f"no evidence says that this person had {item}", hint="see wordkept explain SUBJECT")
        found = gate.hunt(value, who, records, extra=also, now=place.now(), by=ASKER)
        seal(gate, place.now())
    if as_json_:
        emit(found)
    else:
        unread = f"; {found.unread:,} files could not be read" if found.unread else ""
        click.echo(f"{found.verdict}: {found.files:,} files, {found.bytes / 1e6:,.0f} MB{unread}")
        for name, count in found.counts.items():
            click.echo(f"  {count:,} {name}")
        for spot in found.spots[:20]:
            click.echo(
                f"  {spot.file}:{spot.offset}: {spot.verdict}" + (f" as {spot.spelling}" if spot.spelling else "")
            )
    sys.exit(1 if found.verdict == "plain" else 0)


def _asked_for() -> str:
    """The value, from a terminal without echo, or a line of standard input."""
    if sys.stdin.isatty():
        return str(click.prompt("value", hide_input=True, err=True))
    return sys.stdin.readline().rstrip("\n")


@click.command(short_help="Say whether this installation can keep its word.")
@at_place
@json_option
def doctor(place: Place, *, as_json_: bool) -> None:
    """Say whether this installation can keep its word as it stands, and what to do. Exit 1 if something is broken."""
    with place.gate(looking=True) as gate:
        found = gate.examine(place.now())
    if as_json_:
        emit(found)
    else:
        for one in found:
            click.echo(f"{one.state:>8}  {one.name}: {one.seen}" + (f" ({one.hint})" if one.hint else ""))
    sys.exit(1 if any(one.state == "broken" for one in found) else 0)
