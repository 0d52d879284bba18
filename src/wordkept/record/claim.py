"""Claim: what a person asks of right, by which channel, and how far it has come; the words that a desk may use.

A claim names items and consents, never a value, and every reason is one of a closed list. What is *not* here: who may
ask what (``rules.claims``), and what follows from a turn (``claims``).
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Final

import msgspec

from wordkept.terms import Channel


class Right(StrEnum):
    """What may be asked of right. ``withdrawal`` is of a consent, ``departure`` the end of the membership."""

    ACCESS = "access"
    COPY = "copy"
    CORRECTION = "correction"
    DELETION = "deletion"
    SUSPENSION = "suspension"
    WITHDRAWAL = "withdrawal"
    DEPARTURE = "departure"


class Turn(StrEnum):
    """What became of a claim last; the last four end it."""

    OPENED = "received"
    POSTPONED = "postponed"
    DONE = "done"
    REFUSED = "refused"
    OTHERWISE = "otherwise"
    TAKEN_BACK = "taken-back"


OPEN: Final = frozenset({Turn.OPENED, Turn.POSTPONED})
"""Turns after which the person still waits."""
GROUNDED: Final = frozenset({Turn.POSTPONED, Turn.REFUSED, Turn.OTHERWISE})
"""Turns that name a ground: why not, why not yet, or what was done instead."""


class Ground(StrEnum):
    """Why a claim is postponed or refused; or what was done instead, where it could not be done as asked."""

    STATUTE = "statute"
    HARM_TO_OTHERS = "harm-to-others"
    PUBLIC_WORK = "public-work"
    PUBLIC_BODY = "public-body"
    CONTRACT_IMPOSSIBLE = "contract-impossible"
    FOUND_RIGHT = "found-right"
    NOT_SHOWN = "not-shown"
    KEPT_APART = "kept-apart"
    SUSPENDED = "suspended"
    NOTED = "noted"
    SENT_TO_SOURCE = "sent-to-source"


GROUNDS: Final[dict[Ground, str]] = {
    Ground.STATUTE: "a law forbids it, or has us keep it as it is",
    Ground.HARM_TO_OTHERS: "it could harm the life or body of somebody else, or their rights unfairly",
    Ground.PUBLIC_WORK: "it would hinder public work that a law names",
    Ground.PUBLIC_BODY: "a public body could not do what a law has it do",
    Ground.CONTRACT_IMPOSSIBLE: "we could not do what we owe you by contract, and you have not ended it",
    Ground.FOUND_RIGHT: "we looked into it, and it is right as it stands",
    Ground.NOT_SHOWN: "nothing shows that it is wrong; we asked you for it",
    Ground.KEPT_APART: "it is only kept, for a law or a dispute, and must stay as it was",
    Ground.SUSPENDED: "we use nothing about you until you say otherwise",
    Ground.NOTED: "we noted beside it that you dispute it",
    Ground.SENT_TO_SOURCE: "we told whoever gave it to us, and follow what they find",
}
"""What each ground means, for the person."""


class Asking(msgspec.Struct, frozen=True, kw_only=True):
    """A turn that somebody wants to make: of which right, by which channel it came, on which ground."""

    right: Right
    channel: Channel
    turn: Turn = Turn.OPENED
    ground: Ground | None = None


class Clock(msgspec.Struct, frozen=True):
    """Last days for an answer: by the operator's own word, by a statute."""

    own: date
    statute: date | None = None


class Claim(msgspec.Struct, frozen=True, kw_only=True):
    """One request of one person.

    Attributes:
        id: 32 hex digits.
        right: what is asked.
        channel: how it came in.
        on: the day on which it came.
        clauses: by which it was taken.
        own: last day for the answer by the policy's own word, none where it gives none.
        statute: the same by law.
        act_on: first day on which what cannot be undone may be done; the day it came where there is no time to think.
        items: that it is about, none for all.
        consents: that are taken back.
        turn: what became of it last.
        turned_on: when.
        ground: why.
    """

    id: str
    right: Right
    channel: Channel
    on: date
    clauses: tuple[str, ...]
    own: date | None
    statute: date | None
    act_on: date
    items: tuple[str, ...] = ()
    consents: tuple[str, ...] = ()
    turn: Turn = Turn.OPENED
    turned_on: date
    ground: Ground | None = None

    @property
    def is_open(self) -> bool:
        """Whether the person still waits."""
        return self.turn in OPEN

    @property
    def answer_by(self) -> date | None:
        """The first of the last days for an answer."""
        return min((day for day in (self.own, self.statute) if day is not None), default=None)

    def late(self, day: date) -> bool:
        """Whether it should have been answered before a day; a postponement on a ground stops the clock."""
        return self.turn is Turn.OPENED and self.answer_by is not None and self.answer_by < day
