"""Representation: who may stand for a person, in what, and until when.

It is the matter of a span: ``delegate:agent-7 view,correct until 2019-03-31``. What is said there is all there is: a
matter that does not say it lets nobody do anything. What is *not* here: what a representative must show (``rules``).
"""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum
from typing import Final, Self

import msgspec

from wordkept.terms import Act

_SAID: Final = re.compile(
    r"(?P<standing>[a-z]+):(?P<name>[a-z][a-z0-9_.:-]{0,95}) (?P<acts>[a-z]+(?:,[a-z]+)*)"
    r" until (?P<until>[0-9]{4}-[0-9]{2}-[0-9]{2})"
)


class Standing(StrEnum):
    """Why somebody stands for a person: the person wants it, or the law has it so (a parent, a guardian)."""

    DELEGATE = "delegate"
    STATUTORY = "statutory"


class Representation(msgspec.Struct, frozen=True):
    """One representative of one person.

    Attributes:
        standing: why.
        name: the representative's pseudonym.
        acts: what they may ask.
        until: the last day.
    """

    standing: Standing
    name: str
    acts: tuple[Act, ...]
    until: date

    @property
    def matter(self) -> str:
        """As the matter of the event by which it is accepted, or revoked."""
        return f"{self.standing}:{self.name} {','.join(self.acts)} until {self.until}"

    @classmethod
    def said(cls, matter: str | None) -> Self | None:
        """What a matter says; none if it does not say it in full."""
        found = _SAID.fullmatch(matter or "")
        if found is None:
            return None
        try:
            acts = tuple(Act(act) for act in found["acts"].split(","))
            made = cls(Standing(found["standing"]), found["name"], acts, date.fromisoformat(found["until"]))
        except ValueError:
            return None
        return made if made.matter == matter else None
