"""Statutes read: ``law/<country>/<statute>.yaml``, each one statute, or one error that names the file and the entry.

What is *not* here: whether the rules and kinds that a requirement names exist (a test holds that for what is shipped),
and its patterns, which are read when they are asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Final

import msgspec
import yaml

from wordkept.language import say
from wordkept.law.requirements import Dated, Requirement, Statute
from wordkept.law.statutes import Law
from wordkept.terms import MalformedPolicyError

_LOADER: Final = yaml.CBaseLoader if yaml.__with_libyaml__ else yaml.BaseLoader


def load(path: Path) -> Law:
    """Read every ``<country>/<statute>.yaml`` below a folder.

    Raises:
        MalformedPolicyError: a file that is not a statute, says another id than its place, or two things of one day.
    """
    statutes = {}
    for file in sorted(path.glob("*/*.yaml")):
        statute = _statute(file)
        if statute.statute != f"{file.parent.name}/{file.stem}":
            place = f"{file.parent.name}/{file.stem}"
            msg = say("the file says statute {statute!r}, its place {place}", statute=statute.statute, place=place)
            raise MalformedPolicyError(msg, file=str(file), hint=say("rename one of the two"))
        for said, hint in _wrong(statute):
            raise MalformedPolicyError(said, file=str(file), hint=hint)
        statutes[statute.statute] = statute
    return Law(statutes)


def _statute(file: Path) -> Statute:
    try:
        return msgspec.convert(yaml.load(file.read_bytes(), Loader=_LOADER), Statute, strict=False)  # noqa: S506
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise MalformedPolicyError(say("not YAML: {why}", why=str(error.problem)), file=str(file), line=line) from error
    except (yaml.YAMLError, msgspec.ValidationError, UnicodeError) as error:
        raise MalformedPolicyError(str(error).splitlines()[0], file=str(file)) from error
    except OSError as error:
        raise MalformedPolicyError(say("cannot be read: {why}", why=error.strerror or ""), file=str(file)) from error


def _wrong(statute: Statute) -> Iterator[tuple[str, str]]:
    """What is wrong with a statute that reads well, each with a hint."""
    for name, versions in (*statute.parameters.items(), *statute.requires.items()):
        yield from _days(name, versions)
    for name, requirements in statute.requires.items():
        for one in requirements:
            yield from _needs(statute, name, one)


def _days(name: str, versions: Sequence[Dated]) -> Iterator[tuple[str, str]]:
    until = date.min
    for at, one in enumerate(sorted(versions, key=lambda it: it.from_ or date.min)):
        first = one.from_ or date.min
        if one.to is not None and one.to < first:
            said = say("{name} ends on {to}, before it begins on {first}", name=name, to=one.to, first=first)
            yield said, say("put its two days in order")
        if at and first <= until:
            day = say("on {day}", day=one.from_) if one.from_ else say("on every day")
            day = say("up to {day}", day=one.to) if one.to and not one.from_ else day
            said = say("{name} says two things {day}", name=name, day=day)
            yield said, say("let each version end the day before the next begins")
        until = one.to or date.max


def _needs(statute: Statute, name: str, requirement: Requirement) -> Iterator[tuple[str, str]]:
    for called, need in requirement.needs.items():
        if not need.condition():
            said = say("{name}: {called!r} must be exactly one condition", name=name, called=called)
            yield said, say("such as speaks, or binds; docs/law.md has all")
        for ref in (need.keeps, need.within, need.reachable):
            if ref is not None and ref not in statute.parameters:
                id_ = statute.statute
                said = say("{name}: {statute} has no parameter {ref!r}", name=name, statute=id_, ref=ref[:64])
                yield said, say("add it to the same file")


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
