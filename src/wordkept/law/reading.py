"""Statutes read: ``law/<country>/<statute>.yaml``, each one statute, or one error that names the file and the entry.

What is *not* here: whether the rules and kinds that a requirement names exist (a test holds that for what is shipped),
and its patterns, which are read when they are asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

import msgspec
import yaml

from wordkept.language import say
from wordkept.law.requirements import Dated, Requirement, Statute
from wordkept.law.statutes import Law
from wordkept.terms import MalformedPolicyError

Steps = tuple[str | int, ...]
Wrong = tuple[str, str, Steps]
"""What is wrong, a hint, and the entry that it is about, by the keys and places that lead to it."""
_BASE: Final[Any] = yaml.CBaseLoader if yaml.__with_libyaml__ else yaml.BaseLoader


class _Loader(_BASE):  # type: ignore[misc]
    """Everything as text; of a key that is given twice nothing is passed over."""

    def construct_mapping(self, node: Any, deep: bool = False) -> Any:  # noqa: FBT001, FBT002 - as its base has it
        known: set[str] = set()
        for key, _ in node.value:
            if key.value in known:
                raise yaml.MarkedYAMLError(
                    problem=say("{key!r} is given twice", key=key.value), problem_mark=key.start_mark
                )
            known.add(key.value)
        return super().construct_mapping(node, deep)


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
        for said, hint, steps in _wrong(statute):
            line, column = _place(file, steps)
            raise MalformedPolicyError(said, file=str(file), line=line, column=column, hint=hint)
        statutes[statute.statute] = statute
    return Law(statutes)


def _statute(file: Path) -> Statute:
    try:
        return msgspec.convert(yaml.load(file.read_bytes(), Loader=_Loader), Statute, strict=False)  # noqa: S506
    except yaml.MarkedYAMLError as error:
        line, column = (mark.line + 1, mark.column + 1) if (mark := error.problem_mark) else (0, 0)
        said = say("not YAML: {why}", why=error.problem or "")
        raise MalformedPolicyError(said, file=str(file), line=line, column=column) from error
    except (yaml.YAMLError, msgspec.ValidationError, UnicodeError) as error:
        raise MalformedPolicyError(str(error).splitlines()[0], file=str(file)) from error
    except OSError as error:
        raise MalformedPolicyError(say("cannot be read: {why}", why=error.strerror or ""), file=str(file)) from error


def _place(file: Path, steps: Steps) -> tuple[int, int]:
    """Line and column, both 1-based, of an entry of a file that was read before."""
    node: Any = yaml.compose(file.read_bytes(), Loader=_Loader)
    for step in steps:
        pairs = enumerate(node.value) if isinstance(step, int) else ((key.value, value) for key, value in node.value)
        node = next(value for key, value in pairs if key == step)
    return node.start_mark.line + 1, node.start_mark.column + 1


def _wrong(statute: Statute) -> Iterator[Wrong]:
    """What is wrong with a statute that reads well."""
    for name, values in statute.parameters.items():
        yield from _days(("parameters", name), values)
    for name, requirements in statute.requires.items():
        yield from _days(("requires", name), requirements)
        for at, one in enumerate(requirements):
            yield from _needs(statute, ("requires", name, at), one)


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


def _needs(statute: Statute, path: tuple[str, str, int], requirement: Requirement) -> Iterator[Wrong]:
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
                yield said, say("add it to the same file"), where


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
