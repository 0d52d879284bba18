"""Command to bring in people who lived elsewhere until now: import.

The file is played in memory first, on the policy alone: with ``--dry-run`` that is all, and without it nothing is
written before all of it fits. What is *not* here: the file's form (``pasts``), and writing people down (the gate).
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from itertools import count, islice
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import click
import msgspec

from wordkept.cli.named import asked_about
from wordkept.cli.pasts import past_of, people
from wordkept.cli.place import Place, at_place
from wordkept.cli.printing import emit, json_option, lang_option
from wordkept.cli.sealing import seal
from wordkept.gate import Relived
from wordkept.gate.gate import BATCH
from wordkept.gate.reliving import Late, late, relive
from wordkept.language import Catalogue, say
from wordkept.person import Person
from wordkept.policy.model import Deed, Policy
from wordkept.policy.values import fit
from wordkept.record import CONSENT, Record
from wordkept.terms import SENTENCES, Effect, MalformedPolicyError, Reason, UnavailableError, ValueRejectedError

_FILE: Final = click.Path(path_type=Path, dir_okay=False)
_SHOWN: Final = 20
"""Lines that do not fit, and are shown."""


class Refused(msgspec.Struct, frozen=True, order=True):
    """What the policy would not have allowed then, and does not let in."""

    item: str
    purpose: str
    reason: Reason
    clauses: tuple[str, ...]


class Survey(msgspec.Struct):
    """What would become of a file.

    Attributes:
        day: on which it is asked.
        people: how many.
        events: that are written down.
        unproved: choices among them; nobody can show here what text they were to.
        records: that are made, by item.
        refused: how many values stay out, and why; the first line of each.
        overdue: how many records should be gone or kept apart already, by deed and item; since which day the oldest.
        wrong: lines that do not fit, and why.
    """

    day: date
    people: int = 0
    events: int = 0
    unproved: int = 0
    records: Counter[str] = msgspec.field(default_factory=Counter)
    refused: dict[Refused, tuple[int, int]] = msgspec.field(default_factory=dict)
    overdue: dict[tuple[str, str], tuple[int, date]] = msgspec.field(default_factory=dict)
    wrong: list[tuple[int, str]] = msgspec.field(default_factory=list)

    def add(self, line: int, one: Relived, records: Mapping[str, Record]) -> None:
        """Count what became of a line."""
        if one.impossible:
            self.wrong.append((line, one.impossible))
        self.events += one.event is not None
        self.unproved += one.event is not None and one.event.kind == CONSENT
        self.records.update(records[name].item for name in one.made)
        if one.decision and one.decision.effect is Effect.DENY:
            ask = one.past.what.ask  # type: ignore[union-attr]  # a decision is about a request
            for item in ask.items:
                why = Refused(item, ask.purpose or "", one.decision.reason, one.decision.because)
                seen, first = self.refused.get(why, (0, line))
                self.refused[why] = (seen + 1, first)

    def miss(self, one: Late) -> None:
        """Count what is overdue."""
        name = (str(one.deed), one.record.item)
        seen, oldest = self.overdue.get(name, (0, one.since))
        self.overdue[name] = (seen + 1, min(oldest, one.since))


def survey(policy: Policy, file: Path, today: date) -> Survey:
    """Play a file in memory.

    Raises:
        MalformedPolicyError: it is no such file.
    """
    found, ids = Survey(today), count(1)
    for _, lines in people(file):
        found.people += 1
        past = past_of(f"{1:032x}", lines)
        numbers = {id(one): number for number, one in past}
        person = Person(policy)
        lived = list(relive(person, [one for _, one in past], today, lambda: f"{next(ids):032x}"))
        records = {record.id: record for record in person.records}
        for one in lived:
            found.add(numbers[id(one.past)], one, records)
            found.wrong += [(numbers[id(one.past)], why) for why in _misfits(policy, one, records)]
        for missed in late(person, today):
            found.miss(missed)
    return found


def _misfits(policy: Policy, one: Relived, records: Mapping[str, Record]) -> Iterator[str]:
    for record in (records[name] for name in one.made):
        item = policy.item(record.item, date.max)
        try:
            if item:
                fit(item, one.past.what.values[record.item])  # type: ignore[union-attr]  # it made records: a collection
        except ValueRejectedError as error:
            yield str(error)


@click.command("import", short_help="Bring in people who lived elsewhere until now.")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--dry-run", is_flag=True, help="Only say what would become of them; with --policy, anywhere.")
@click.option("--people", "names", type=_FILE, help="Where to write which pseudonym each got; needed but to try.")
@at_place
@lang_option
@json_option
def import_(
    place: Place, file: Path, *, dry_run: bool, names: Path | None, speak: Catalogue, as_json_: bool
) -> None:  # fmt: skip
    """Bring in people and records from FILE (CSV or JSONL), on their true past days.

    Consents come in unproved. What the policy did not allow then stays out. Says what is already overdue.
    """
    if dry_run and place.policy and not (place.folder / "installation.json").exists():
        policy = asked_about(place.policy)
        found = survey(policy, file, place.now().astimezone(ZoneInfo(policy.editions[-1].timezone)).date())
    else:
        found = _in_an_installation(place, file, names, dry_run=dry_run)
    if as_json_:
        emit(_plain(found))
    else:
        _print(found, speak)
    if found.wrong:
        said = say("{count} lines do not fit; nothing was brought in", count=len(found.wrong))
        raise MalformedPolicyError(said, file=str(file), line=found.wrong[0][0])


def _in_an_installation(place: Place, file: Path, names: Path | None, *, dry_run: bool) -> Survey:
    with place.gate() as gate:
        now = place.now()
        found = survey(gate.policy, file, gate.day(now))
        if dry_run or found.wrong:
            return found
        if names is None:
            raise UnavailableError(say("name a file for the pseudonyms with --people"))
        source = people(file)
        with _named(names) as subjects:
            while batch := list(islice(source, BATCH)):
                known = {person: subjects(person, gate.new_subject(now)) for person, _ in batch}
                subjects.kept()
                gate.bring(
                    [(known[person], [one for _, one in past_of(known[person], lines)]) for person, lines in batch], now
                )
        seal(gate, now)
    return found


class _Names:
    """Which pseudonym each person got: one line of JSON for each, its owner's alone."""

    def __init__(self, file: Path) -> None:
        self._handle = os.open(file, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        if os.fstat(self._handle).st_mode & 0o077:
            os.close(self._handle)
            raise UnavailableError(say("others may read {file}; chmod 600 it", file=str(file)))
        self._stream = os.fdopen(self._handle, "r+", encoding="utf-8")
        try:
            told = [msgspec.json.decode(line, type=dict[str, str]) for line in self._stream if line.endswith("\n")]
            self._known = {one["person"]: one["subject"] for one in told}
        except (msgspec.MsgspecError, KeyError, UnicodeDecodeError):
            self._stream.close()
            raise UnavailableError(say("{file} is no file of pseudonyms", file=str(file))) from None

    def __call__(self, person: str, fresh: str) -> str:
        """The pseudonym of a person, a fresh one for who has none."""
        if person not in self._known:
            self._known[person] = fresh
            self._stream.write(msgspec.json.encode({"person": person, "subject": fresh}).decode() + "\n")
        return self._known[person]

    def kept(self) -> None:
        """Keep what was written so far, whatever happens next."""
        self._stream.flush()
        os.fsync(self._handle)

    def close(self) -> None:
        """Close the file."""
        self._stream.close()


@contextmanager
def _named(file: Path) -> Iterator[_Names]:
    names = _Names(file)
    try:
        yield names
    finally:
        names.close()


def _plain(found: Survey) -> dict[str, object]:
    refused = [
        {**msgspec.structs.asdict(why), "values": seen, "line": line} for why, (seen, line) in found.refused.items()
    ]
    overdue = [
        {"deed": deed, "item": item, "records": seen, "since": since}
        for (deed, item), (seen, since) in sorted(found.overdue.items())
    ]
    wrong = [{"line": line, "why": why} for line, why in found.wrong]
    return {**msgspec.structs.asdict(found), "refused": refused, "overdue": overdue, "wrong": wrong}


def _print(found: Survey, speak: Catalogue) -> None:
    records = found.records.total()
    counted = say(
        "{people} people, {events} events, {records} records", people=found.people, events=found.events, records=records
    )
    click.echo(speak(counted))
    click.echo(speak("{count} consents unproved: nobody can show what text they were to", count=found.unproved))
    for why, (seen, line) in sorted(found.refused.items()):
        click.echo(
            speak(
                "{count} stay out: {item} for {purpose}, because of {clauses}: {reason} (first in line {line})",
                count=seen, item=why.item, purpose=why.purpose, clauses=", ".join(why.clauses) or "-",
                reason=speak(SENTENCES[why.reason]), line=line,
            )
        )  # fmt: skip
    for (deed, item), (seen, since) in sorted(found.overdue.items()):
        if deed == Deed.SEPARATE:
            said = say("{count} overdue: {item} should be kept apart since {since}", count=seen, item=item, since=since)
        else:
            said = say("{count} overdue: {item} should be gone since {since}", count=seen, item=item, since=since)
        click.echo(speak(said))
    for line, wrong in found.wrong[:_SHOWN]:
        click.echo(speak("line {line}: {wrong}", line=line, wrong=wrong))
