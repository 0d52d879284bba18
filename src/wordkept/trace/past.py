"""Past: a person's past in the making, for a question that only says what came of it. What is *not* here: questions."""

from __future__ import annotations

from datetime import date

from wordkept.policy.model import Edition
from wordkept.record import CONSENT, Event, History, Shown, fold
from wordkept.terms import Channel


class Past:
    """Events in the making: numbered as they come."""

    def __init__(self, edition: Edition, day: date) -> None:
        self.edition, self.day, self.history = edition, day, History()

    def happen(self, kind: str, matter: str | None = None) -> None:
        """Something happened."""
        event = Event(self.history.number + 1, self.day, kind, matter, narrow=matter is not None)
        self.history = fold(self.edition.spans, self.history, [event])

    def choose(self, to: str, choice: str | bool) -> None:  # noqa: FBT001  (a yes in JSON is a consent given)
        """A choice was made, or none."""
        said = {True: "given", False: "none"}.get(choice, choice) if isinstance(choice, bool) else choice
        if said != "none":
            event = _signed(self.history.number + 1, self.day, to, str(said), self.edition)
            self.history = fold(self.edition.spans, self.history, [event])


def _signed(number: int, day: date, to: str, said: str, edition: Edition) -> Event:
    """A choice by somebody known, under the text of the edition."""
    shown = Shown("", "", Channel.WEB)
    return Event(number, day, CONSENT, None, to, said, edition.effective, shown=shown, signature=b"")
