"""Affirmation: an office re-read a sentence and the rules under it, and says that these keep that.

``affirmed.toml`` beside a policy holds, per clause, a digest of the wording in every language and of its rules with
their parameters, the office and the day. A changed word or parameter makes exactly that clause red until it is affirmed
again. What is *not* here: who may speak for an office.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final

import msgspec

from wordkept.language import Said, say
from wordkept.policy.checks.codes import found
from wordkept.policy.declared import Accept
from wordkept.policy.finding import Finding
from wordkept.policy.model import Clause, Edition
from wordkept.policy.replaced import replace
from wordkept.terms import MalformedPolicyError
from wordkept.written import files
from wordkept.written.typed import fields, nearest

NAME: Final = "affirmed.toml"
LIMIT: Final = 4 * 1024 * 1024
_MEND: Final = say("put its last good version back; if there is none, remove the file and affirm every clause anew")


class Affirmed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One affirmation: hex SHA-256 of what was read, the office that read it, the day."""

    digest: str
    office: str
    on: date


def digest(edition: Edition, number: str) -> str:
    """Hex SHA-256 of a clause's wording in every language, white space apart, and of all that stands under it.

    What an office accepted (``accept``) is its own affirmation and left out, so that accepting turns nothing red. So
    are parameters at their defaults: a rule that learns a new option does not change what was said with the old ones.
    """
    clause = edition.clauses[number]
    under = [[one.rule.name, _told(one.params), list(one.unless)] for one in clause.bindings]
    said: list[Any] = [" ".join(clause.text.split()), clause.kind.value, [*under, *_named(clause)]]
    for language, other in sorted(edition.translations.items()):
        one = other.clauses[number]
        said.append([language, " ".join(one.text.split()), _named(one)])
    return hashlib.sha256(msgspec.json.encode(said, order="deterministic")).hexdigest()


def _named(clause: Clause) -> list[Any]:
    """What is declared and noted under a clause."""
    notes = [one for one in clause.notes if not isinstance(one, Accept)]
    return [[type(one).__name__, _told(one)] for one in (*clause.declarations, *notes)]


def _told(value: Any) -> Any:
    """What was said, without what was left out."""
    if isinstance(value, msgspec.Struct):
        given = [(field, getattr(value, field.name)) for field in fields(value.__class__)]
        return {field.encode_name: _told(one) for field, one in given if one != field.default}
    if isinstance(value, tuple):
        return [_told(one) for one in value]
    return msgspec.to_builtins(value)


def place(edition: Edition) -> Path:
    """Where an edition's affirmations are kept."""
    return Path(edition.file).parent / NAME


def read(file: Path) -> dict[str, Affirmed]:
    """The affirmations of a file, by clause; none when there is no file.

    Raises:
        MalformedPolicyError: the file is not as ``affirm`` writes it.
    """
    try:
        data = files.read(file, LIMIT)
        if len(data) > LIMIT:
            raise MalformedPolicyError(say("more than {count} bytes", count=LIMIT), file=str(file), hint=_MEND)
        return msgspec.convert(tomllib.loads(data.decode("utf-8")), dict[str, Affirmed])
    except FileNotFoundError:
        return {}
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise MalformedPolicyError(say("cannot be read: {why}", why=why), file=str(file)) from error
    except (UnicodeError, tomllib.TOMLDecodeError, RecursionError, msgspec.ValidationError) as error:
        said = str(error).splitlines()[0] if str(error) else type(error).__name__
        wrong = say("not a list of affirmations: {why}", why=said)
        raise MalformedPolicyError(wrong, file=str(file), hint=_MEND) from error


def check(edition: Edition, affirmed: Mapping[str, Affirmed] | None = None) -> Iterator[Finding]:
    """Findings WK301, WK302 and WK303: clauses that nobody affirmed, that changed since, that are gone.

    Args:
        edition: compiled.
        affirmed: the affirmations; by default those beside the edition's file.

    Raises:
        MalformedPolicyError: the file of affirmations is malformed.
    """
    known = read(place(edition)) if affirmed is None else affirmed
    if not known:
        said = say("none of the {count} clauses was ever affirmed", count=len(edition.clauses))
        yield found("WK301", edition, None, said)
        return
    changed = [number for number, one in known.items() if _changed(edition, number, one)]
    if len(changed) == len(edition.clauses) > 1:
        yield found("WK302", edition, None, _all_changed(edition))
        changed = []
    for number in edition.clauses:
        if number not in known:
            yield found("WK301", edition, number, say("no office has affirmed that the rules keep this sentence"))
        elif number in changed:
            office, on = known[number].office, known[number].on
            said = say("the wording or its rules changed since {office} affirmed them on {day}", office=office, day=on)
            yield found("WK302", edition, number, said)
    for number in known:
        if number not in edition.clauses:
            said = say("clause {clause} was affirmed and is no longer there", clause=number[:32])
            yield found("WK303", edition, None, said)


def _changed(edition: Edition, number: str, affirmed: Affirmed) -> bool:
    return number in edition.clauses and affirmed.digest != digest(edition, number)


def _all_changed(edition: Edition) -> Said:
    """Every clause at once: most likely a whole language came or went."""
    return say(
        "all {count} clauses changed since they were affirmed; is a language missing, or new? There is {languages}",
        count=len(edition.clauses),
        languages=(edition.language, *sorted(edition.translations)),
    )


def affirm(edition: Edition, clauses: Iterable[str] | None, office: str, on: date) -> tuple[str, ...]:
    """Write that an office affirms clauses as they stand; the file is replaced at once or not at all.

    Args:
        edition: compiled from the file beside which the affirmations are kept.
        clauses: their numbers; none for all.
        office: who re-read them: an office, not a person.
        on: the day.

    Returns:
        The numbers whose affirmation is new or has changed.

    Raises:
        MalformedPolicyError: an unknown clause, an office without a name, a malformed or unwritable file.
    """
    file = place(edition)
    if not office.strip() or not office.isprintable():
        said = say("an affirmation names an office")
        raise MalformedPolicyError(said, file=str(file), hint=say("such as privacy-office"))
    before = read(file)
    after = {number: one for number, one in before.items() if number in edition.clauses}
    for number in edition.clauses if clauses is None else clauses:
        if number not in edition.clauses:
            said, hint = say("no clause {clause!r} to affirm", clause=number[:32]), nearest(number, edition.clauses)
            raise MalformedPolicyError(said, file=edition.file, hint=hint)
        now = digest(edition, number)
        if number not in after or after[number].digest != now:
            after[number] = Affirmed(now, office.strip(), on)
    if after != before:
        replace(file, _toml((number, after[number]) for number in edition.clauses if number in after))
    return tuple(number for number in edition.clauses if after.get(number) != before.get(number))


def _toml(lines: Iterable[tuple[str, Affirmed]]) -> str:
    """One line per clause in the document's order, so that a change reads as one line too."""
    head = "# Written by `wordkept affirm`: which office re-read each clause and the rules under it, and when.\n"
    return head + "".join(
        f'"{number}" = {{ on = {one.on.isoformat()}, office = {_quoted(one.office)}, digest = "{one.digest}" }}\n'
        for number, one in lines
    )


def _quoted(text: str) -> str:
    return msgspec.json.encode(text).decode()
