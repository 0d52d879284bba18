"""Statutes on file: ``law/<country>/<statute>.yaml``, every value with its dates and its reference.

A value is what the text said on a day; nothing is computed from it here. Every file says whether its numbers were
retrieved or written from memory. What is *not* here: which policy relies on which parameter, and legal advice.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Final, Literal

import msgspec
import yaml

from wordkept.terms import MalformedPolicyError

_CITATION: Final = re.compile(r"^([a-z]{2}/[a-z0-9-]+)(?:[. ].*)?$", re.DOTALL)
_LOADER: Final = yaml.CBaseLoader if yaml.__with_libyaml__ else yaml.BaseLoader


class Value(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One value of one parameter, from a day (none: as long as the statute) to a day (none: still).

    ``source`` is ``retrieved`` when the text was read, ``memory`` when it must be checked before it is relied on.
    """

    value: str
    reference: str
    last_checked_on: date
    source: Literal["retrieved", "memory"]
    from_: date | None = msgspec.field(name="from", default=None)
    to: date | None = None

    def holds_on(self, day: date) -> bool:
        """Whether this is the value on a day, its first and last days included."""
        return (self.from_ is None or self.from_ <= day) and (self.to is None or day <= self.to)


class Statute(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One statute: in force from a day, to a day (none: still), and its parameters."""

    statute: str
    title: str
    from_: date = msgspec.field(name="from")
    to: date | None = None
    last_checked_on: date
    parameters: dict[str, tuple[Value, ...]] = {}


class Law(msgspec.Struct, frozen=True):
    """All statutes on file, by id (``kr/pipa``)."""

    statutes: Mapping[str, Statute]

    def value(self, ref: str, on: date) -> str:
        """A parameter on a day.

        Args:
            ref: ``<country>/<statute>.<parameter>``, such as ``kr/national-tax-act.books``.
            on: the day.

        Raises:
            LookupError: no such statute or parameter, or no value on that day.
        """
        statute, _, name = ref.partition(".")
        if statute not in self.statutes:
            msg = f"no statute {statute[:64]!r} is on file"
            raise LookupError(msg)
        values = self.statutes[statute].parameters.get(name)
        if values is None:
            msg = f"{statute} has no parameter {name[:64]!r} on file"
            raise LookupError(msg)
        for value in values:
            if value.holds_on(on):
                return value.value
        msg = f"{ref} has no value on {on}"
        raise LookupError(msg)

    def in_force(self, citation: str, on: date) -> bool:
        """Whether the statute that a citation starts with (``kr/pipa art. 24-2``) is in force on a day."""
        statute = self._cited(citation)
        return statute is not None and statute.from_ <= on and (statute.to is None or on <= statute.to)

    def knows(self, citation: str) -> bool:
        """Whether the statute that a citation starts with is on file, in force or not."""
        return self._cited(citation) is not None

    def names(self) -> tuple[str, ...]:
        """All references that ``value`` may be asked for, sorted."""
        return tuple(sorted(f"{one.statute}.{name}" for one in self.statutes.values() for name in one.parameters))

    def _cited(self, citation: str) -> Statute | None:
        found = _CITATION.match(citation)
        return self.statutes.get(found[1]) if found else None


def load(path: Path) -> Law:
    """Read every ``<country>/<statute>.yaml`` below a folder.

    Raises:
        MalformedPolicyError: a file that is not a statute, or says another id than its place.
    """
    statutes = {}
    for file in sorted(path.glob("*/*.yaml")):
        statute = _statute(file)
        if statute.statute != f"{file.parent.name}/{file.stem}":
            msg = f"the file says statute {statute.statute!r}, its place {file.parent.name}/{file.stem}"
            raise MalformedPolicyError(msg, file=str(file), hint="rename one of the two")
        statutes[statute.statute] = statute
    return Law(statutes)


def _statute(file: Path) -> Statute:
    try:
        return msgspec.convert(yaml.load(file.read_bytes(), Loader=_LOADER), Statute, strict=False)  # noqa: S506
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise MalformedPolicyError(f"not YAML: {error.problem}", file=str(file), line=line) from error
    except (yaml.YAMLError, msgspec.ValidationError, UnicodeError) as error:
        raise MalformedPolicyError(str(error).splitlines()[0], file=str(file)) from error
    except OSError as error:
        raise MalformedPolicyError(f"cannot be read: {error.strerror}", file=str(file)) from error


def folder() -> Path:
    """Where the statutes are: ``law/`` of a checkout, or the copy that an installed package carries.

    Raises:
        MalformedPolicyError: neither is there.
    """
    package = Path(__file__).resolve().parent.parent
    for place in (package.parent.parent / "law", package / "_law"):
        if any(place.glob("*/*.yaml")):
            return place
    msg = "no statutes are on file"
    raise MalformedPolicyError(msg, file="law", hint="reinstall the package, or run from a checkout")
