"""Statutes read: ``law/<country>/<statute>.yaml``, each one statute, or one error that names the file and the entry.

What is *not* here: which rules and kinds there are; whoever knows them hands in their names.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Final

from wordkept.language import Said, say
from wordkept.law.requirements import Dated, Need, Requirement, Statute
from wordkept.law.statutes import Law
from wordkept.terms import MalformedPolicyError
from wordkept.written import files, yaml
from wordkept.written.typed import nearest, typed

_MOST: Final = 4 * 1024 * 1024
"""Bytes of a statute's file; of a longer one the rest is not read, which no statute survives."""

Steps = tuple[str | int, ...]
Wrong = tuple[Said, str, Steps]
"""What is wrong, a hint, and the entry that it is about, by the keys and places that lead to it."""
COUNTS_FROM: Final = ".counts-from"
"""What follows a period's name in the name of the event from which the law counts it."""
_VALUE: Final = re.compile(
    r"P\d+[YMWD]|PT\d+H|\d+ business days|\d+%|\d[\d-]*|\d\d:\d\d/\d\d:\d\d|(\d+-)?[a-z][a-z0-9]*([.-][a-z0-9]+)*"
)
"""A period, business days, a share, a count or a telephone number, hours of the day, a name."""
_MEANT: Final = re.compile(r"p?\s*(\d+)[\s-]*([ymwdh])", re.IGNORECASE)


def load(path: Path, known: Mapping[str, Collection[str]] | None = None) -> Law:
    """Read every ``<country>/<statute>.yaml`` below a folder.

    Args:
        path: the folder.
        known: by ``rules`` and ``kinds``, the names of those that a need may ask for; none: they are not looked at.

    Raises:
        MalformedPolicyError: a file that is not a statute, says another id than its place, or something that cannot be.
    """
    statutes = {}
    for file in sorted(path.glob("*/*.yaml")):
        statute, positions = _statute(file)
        if statute.statute != f"{file.parent.name}/{file.stem}":
            place = f"{file.parent.name}/{file.stem}"
            msg = say("the file says statute {statute!r}, its place {place}", statute=statute.statute, place=place)
            raise MalformedPolicyError(msg, file=str(file), hint=say("rename one of the two"))
        for said, hint, steps in _wrong(statute, known or {}):
            line, column = positions.value(*steps)
            raise MalformedPolicyError(said, file=str(file), line=line, column=column, hint=hint)
        statutes[statute.statute] = statute
    return Law(statutes)


def _statute(file: Path) -> tuple[Statute, yaml.Positions]:
    try:
        data, positions = yaml.load(files.read(file, _MOST), str(file))
    except OSError as error:
        raise MalformedPolicyError(say("cannot be read: {why}", why=error.strerror or ""), file=str(file)) from error
    return typed(data, Statute, positions, str(file)), positions


def _wrong(statute: Statute, known: Mapping[str, Collection[str]]) -> Iterator[Wrong]:
    """What is wrong with a statute that reads well."""
    for name, values in statute.parameters.items():
        yield from _days(("parameters", name), values)
        for at, one in enumerate(values):
            yield from _value(statute, ("parameters", name, at, "value"), one.value)
        of = name.removesuffix(COUNTS_FROM)
        if of not in statute.parameters:
            said = say("{name}: there is no period {of!r} that is counted", name=name, of=of)
            yield said, nearest(of, statute.parameters.keys() - {name}), ("parameters", name)
    for name, requirements in statute.requires.items():
        yield from _days(("requires", name), requirements)
        for at, requirement in enumerate(requirements):
            yield from _needs(statute, ("requires", name, at), requirement, known)


def _value(statute: Statute, path: Steps, value: str | tuple[str, ...]) -> Iterator[Wrong]:
    name = str(path[1])
    needs = [need for many in statute.requires.values() for one in many for need in one.needs.values()]
    kept = name + COUNTS_FROM in statute.parameters or any(one.keeps == name for one in needs)
    if kept and not re.fullmatch(r"P\d+[YMWD]", str(value)):
        yield say("{name}: a period is expected, not {value!r}", name=name, value=str(value)), _period(value), path
    for one in (value,) if isinstance(value, str) else value:
        if not _VALUE.fullmatch(one):
            said = say("{name}: {value!r} is neither a period nor a number nor a name", name=name, value=one)
            yield said, _period(one), path


def _period(value: str | tuple[str, ...]) -> Said:
    return meant_period(str(value)) or say("a period is such as P5Y, P6M, P10D or PT72H; docs/law.md has all")


def meant_period(text: str) -> Said | None:
    """A hint: how the period is written that is meant by ``5 years``."""
    meant = _MEANT.match(text)
    if not meant:
        return None
    number, unit = meant[1], meant[2].upper()
    return say("write {period}", period=f"PT{number}H" if unit == "H" else f"P{number}{unit}")


def _days(path: tuple[str, str], versions: Sequence[Dated]) -> Iterator[Wrong]:
    name, until = path[1], date.min
    for number, (at, one) in enumerate(sorted(enumerate(versions), key=lambda it: it[1].from_ or date.min)):
        first = one.from_ or date.min
        if one.to is not None and one.to < first:
            said = say("{name} ends on {to}, before it begins on {first}", name=name, to=one.to, first=first)
            yield said, say("put its two days in order"), (*path, at)
        if number and first <= until:
            day = say("on {day}", day=one.from_) if one.from_ else say("on every day")
            day = say("up to {day}", day=one.to) if one.to and not one.from_ else day
            said = say("{name} says two things {day}", name=name, day=day)
            yield said, say("let each version end the day before the next begins"), (*path, at)
        until = one.to or date.max


def _needs(
    statute: Statute, path: tuple[str, str, int], requirement: Requirement, known: Mapping[str, Collection[str]]
) -> Iterator[Wrong]:
    name = path[1]
    for called, need in requirement.needs.items():
        where = (*path, "needs", called)
        if not need.condition():
            said = say("{name}: {called!r} must be exactly one condition", name=name, called=called)
            yield said, say("such as speaks, or binds; docs/law.md has all"), where
        for ref in (need.keeps, need.within, need.reachable):
            if ref is not None and ref not in statute.parameters:
                id_ = statute.statute
                said = say("{name}: {statute} has no parameter {ref!r}", name=name, statute=id_, ref=ref[:64])
                yield said, nearest(ref, statute.parameters) or say("add it to the same file"), where
        yield from _patterns(where, need)
        if known:
            yield from _named(where, need, known)


def _patterns(where: Steps, need: Need) -> Iterator[Wrong]:
    for at, pattern in enumerate(need.speaks or ()):
        try:
            re.compile(pattern, re.IGNORECASE)
        except re.error as error:
            said = say("{pattern!r} is no regular expression: {why}", pattern=pattern, why=str(error))
            yield said, say("put a \\ before a sign that is meant as itself"), (*where, "speaks", at)


def _named(where: Steps, need: Need, known: Mapping[str, Collection[str]]) -> Iterator[Wrong]:
    rules, kinds = known["rules"], known["kinds"]
    for key, names, meant in (
        ("binds", need.binds, rules),
        ("of", need.of, rules),
        ("declares", need.declares, kinds),
        ("beside", need.beside, {*rules, *kinds}),
    ):
        for at, name in enumerate(names or ()):
            if name not in meant:
                what = say("rule") if meant is rules else say("kind of declaration")
                said = say("{key}: there is no {what} {name!r}", key=key, what=what, name=name[:64])
                yield said, nearest(name, meant), (*where, key, at)


def folder() -> Path:
    """Where the statutes are: ``law/`` of a checkout, or the copy that an installed package carries.

    Raises:
        MalformedPolicyError: neither is there.
    """
    package = Path(__file__).resolve().parent.parent
    for place in (package.parent.parent / "law", package / "_law"):
        if any(place.glob("*/*.yaml")):
            return place
    hint = say("reinstall the package, or run from a checkout")
    raise MalformedPolicyError(say("no statutes are on file"), file="law", hint=hint)
