"""Statutes on file, asked: a parameter on a day, whether a citation stands, which statutes a policy is held against.

A value is what the text said on a day; nothing is computed from it here. What is *not* here: the files (``reading``),
which policy relies on which parameter, and legal advice.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Final

import msgspec

from wordkept.language import say
from wordkept.law.requirements import Statute, Value
from wordkept.terms import LAST_DAY

_CITATION: Final = re.compile(r"^([a-z]{2}/[a-z0-9-]+)(?:[. ].*)?$", re.DOTALL)


class Laid(msgspec.Struct, frozen=True):
    """The law of one day that a policy is held against."""

    asked: str
    statutes: tuple[Statute, ...]
    day: date

    @property
    def known_until(self) -> date:
        """The day on which the first of its statutes was last checked: nobody has looked at what came later."""
        return min((one.last_checked_on for one in self.statutes), default=self.day)


class Law(msgspec.Struct, frozen=True):
    """All statutes on file, by id (``kr/pipa``)."""

    statutes: Mapping[str, Statute]

    def value(self, ref: str, on: date) -> str:
        """A parameter on a day.

        Args:
            ref: ``<country>/<statute>.<parameter>``, such as ``kr/national-tax-act.books``.
            on: the day.

        Raises:
            LookupError: no such statute or parameter, or no single value on that day.
        """
        found = self.parameter(ref, on).value
        if isinstance(found, str):
            return found
        msg = say("{ref} is a list", ref=ref)
        raise LookupError(msg)

    def listed(self, ref: str, on: date) -> tuple[str, ...]:
        """What a parameter lists on a day, a single value as a list of one; nothing where there is none."""
        try:
            found = self.parameter(ref, on).value
        except LookupError:
            return ()
        return (found,) if isinstance(found, str) else found

    def parameter(self, ref: str, on: date) -> Value:
        """A parameter on a day, with its reference and source.

        Raises:
            LookupError: as ``value``.
        """
        statute, _, name = ref.partition(".")
        if statute not in self.statutes:
            msg = say("no statute {statute!r} is on file", statute=statute[:64])
            raise LookupError(msg)
        values = self.statutes[statute].parameters.get(name)
        if values is None:
            msg = say("{statute} has no parameter {name!r} on file", statute=statute, name=name[:64])
            raise LookupError(msg)
        for value in values:
            if value.holds_on(on):
                return value
        msg = say("{ref} has no value on {day}", ref=ref, day=on)
        raise LookupError(msg)

    def in_force(self, citation: str, on: date) -> bool:
        """Whether the statute that a citation starts with (``kr/pipa art. 24-2``) is in force on a day."""
        statute = self._cited(citation)
        return statute is not None and statute.in_force(on)

    def knows(self, citation: str) -> bool:
        """Whether the statute that a citation starts with is on file, in force or not."""
        return self._cited(citation) is not None

    def from_memory(self, ref: str, on: date) -> bool:
        """Whether a parameter's value on a day was written from memory.

        Raises:
            LookupError: as ``value``.
        """
        return self.parameter(ref, on).source == "memory"

    def names(self) -> tuple[str, ...]:
        """All references that ``value`` may be asked for, sorted."""
        return tuple(sorted(f"{one.statute}.{name}" for one in self.statutes.values() for name in one.parameters))

    def laid(self, asked: str) -> Laid:
        """The law that a policy is to be held against.

        Args:
            asked: ``kr/pipa@2026-09-11`` for one statute, ``kr@2026-09-11`` for all of a country.

        Raises:
            LookupError: no such statute or country is on file, none is in force on the day, or there is no day.
        """
        name, _, text = asked.partition("@")
        named = [one for one in self.statutes.values() if name in (one.statute, one.statute.partition("/")[0])]
        if not named:
            msg = say("no law {name!r} is on file", name=name[:64])
            raise LookupError(msg)
        try:
            day = date.fromisoformat(text)
        except ValueError as error:
            msg = say("{asked!r} names no day; write {name}@2026-09-11", asked=asked[:64], name=name)
            raise LookupError(msg) from error
        if day > LAST_DAY:
            msg = say("{day} is too far ahead; {last} is the last day", day=day, last=LAST_DAY)
            raise LookupError(msg)
        statutes = tuple(one for one in named if one.in_force(day))
        if not statutes:
            msg = say("{name} is not in force on {day}", name=name, day=day)
            raise LookupError(msg)
        return Laid(asked, statutes, day)

    def _cited(self, citation: str) -> Statute | None:
        found = _CITATION.match(citation)
        return self.statutes.get(found[1]) if found else None
