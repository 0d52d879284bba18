"""Pasts: files of people who lived elsewhere until now, read line by line, and what would become of them here.

A line is a day and what was on it: an event, a choice about a consent, or values that were collected for a purpose.
JSONL has one object for each, CSV one row; a person's lines stand together. What is *not* here: bringing them in
(``importing``).
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Annotated, Any, Final, TextIO

import msgspec

from wordkept.gate.asking import Asked, Happening
from wordkept.gate.reliving import Past
from wordkept.language import say
from wordkept.record import CONSENT, Actor, Request
from wordkept.terms import Act, Choice, MalformedPolicyError, Role

Short = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
ACTOR: Final = "import"
"""As whom the evidence names who brought a past in."""
_LONGEST: Final = 32 * 1024 * 1024
"""Bytes of a line; a file in base64 fits."""


class Line(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A line, as it was written.

    Attributes:
        person: how the file calls them; it stays outside the installation.
        on: the true day.
        event: what happened.
        consent: what a choice was about.
        choice: how it went.
        purpose: for which the values were collected.
        method: how they came in.
        items: values by item.
        item: in place of ``items``, the only one.
        value: its value.
        matter: what it was about.
        source: of a collection by affiliate, which.
        statute: of a collection, the law cited.
        role: who gave it: the member, or the system where it arises.
    """

    person: Short
    on: date
    event: Short | None = None
    consent: Short | None = None
    choice: Choice | None = None
    purpose: Short | None = None
    method: Short | None = None
    items: Mapping[str, str] = {}
    item: Short | None = None
    value: str | None = None
    matter: Short | None = None
    source: Short | None = None
    statute: Short | None = None
    role: Role = Role.MEMBER

    def __repr__(self) -> str:
        return f"<Line of {self.on}>"

    @property
    def given(self) -> Mapping[str, str]:
        """Its values by item."""
        return {self.item: self.value or ""} if self.item else self.items


class Numbered(msgspec.Struct, frozen=True):
    """A line, and the number at which it stands in its file."""

    number: int
    line: Line


def people(file: Path) -> Iterator[tuple[str, list[Numbered]]]:
    """The people of a file, one after the other, with their lines.

    Raises:
        MalformedPolicyError: names file and line, never what stands there.
    """
    met: set[str] = set()
    for person, lines in groupby(_lines(file), key=lambda one: one.line.person):
        found = list(lines)
        if person in met:
            raise MalformedPolicyError(
                say("the lines of one person stand together"), file=str(file), line=found[0].number
            )
        met.add(person)
        yield person, found


def past_of(subject: str, lines: Iterable[Numbered]) -> list[tuple[int, Past]]:
    """What the lines of one person say, each with its line's number; values of one collection are put together."""
    ordered = sorted(lines, key=lambda one: one.line.on)
    found: list[tuple[int, Past]] = []
    for _, alike in groupby(ordered, key=_apart):
        first, *more = alike
        values = dict(first.line.given)
        for one in more:
            values |= one.line.given
        found.append((first.number, Past(first.line.on, _what(subject, first.line, values))))
    return found


def _apart(one: Numbered) -> tuple[object, ...]:
    line = one.line
    if line.purpose is None:
        return (one.number,)
    return (line.on, line.purpose, line.method, line.matter, line.source, line.statute, line.role)


def _what(subject: str, line: Line, values: Mapping[str, str]) -> Asked | Happening:
    by = Actor(line.role, name=ACTOR)
    if line.event:
        return Happening(subject, line.event, line.matter, by=by)
    if line.consent:
        return Happening(subject, CONSENT, None, line.consent, line.choice, by=by)
    ask = Request(
        act=Act.COLLECT, items=tuple(values), by=by, on=line.on, purpose=line.purpose, method=line.method,
        matter=line.matter, source=line.source, statute=line.statute,
    )  # fmt: skip
    return Asked(subject, ask, values)


def _lines(file: Path) -> Iterator[Numbered]:
    for number, raw in _raw(file):
        if raw is None:
            continue
        try:
            line = msgspec.convert(raw, Line, strict=False)
        except msgspec.ValidationError as error:
            place = str(error).partition(" - at ")[2].strip("`$.")
            raise MalformedPolicyError(_not_so(place), file=str(file), line=number) from None
        said = (line.event, line.consent, line.purpose)
        if sum(one is not None for one in said) != 1 or (line.consent is None) != (line.choice is None):
            wrong = say("a line has an event, a consent with its choice, or a purpose with values")
            raise MalformedPolicyError(wrong, file=str(file), line=number)
        if (line.purpose is None) == bool(line.given) or (line.item is None) != (line.value is None):
            wrong = say("values come with a purpose, and a purpose with values")
            raise MalformedPolicyError(wrong, file=str(file), line=number)
        yield Numbered(number, line)


def _not_so(place: str) -> Any:
    known = Line.__struct_fields__
    if place.partition("[")[0] in known:
        return say("{field} does not have its form", field=place.partition("[")[0])
    return say("a line has these fields and no others: {fields}", fields=", ".join(known))


def _raw(file: Path) -> Iterator[tuple[int, object]]:
    """Objects with the numbers of their lines."""
    number = 0
    try:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            for number, found in _rows(stream) if file.suffix.lower() == ".csv" else _objects(stream):
                yield number, found
    except (csv.Error, UnicodeDecodeError, msgspec.MsgspecError, RecursionError):
        wrong = say("a file is CSV with a line of names, or one JSON object in each line, in UTF-8")
        raise MalformedPolicyError(wrong, file=str(file), line=number + 1) from None


def _rows(stream: TextIO) -> Iterator[tuple[int, object]]:
    csv.field_size_limit(_LONGEST)
    reader = csv.DictReader(stream, strict=True)
    for row in reader:
        yield reader.line_num, {name: cell for name, cell in row.items() if cell}


def _objects(stream: TextIO) -> Iterator[tuple[int, object]]:
    number = 0
    while raw := stream.readline(_LONGEST):
        number += 1
        yield number, msgspec.json.decode(raw) if raw.strip() else None
