"""Choice: what a person chose about cookies, as the declared cookie remembers it in their browser.

``2016-08-31/yes.frequency-analysis/no.interest-information``: the edition that was shown, and each purpose that was
asked about. It tells nobody apart and is not signed: it is the person's own. What is *not* here: what follows
(``permits``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Final

import msgspec

from wordkept.record import History
from wordkept.record.history import Chosen
from wordkept.terms import Choice

_LONGEST: Final = 4096
_WRITTEN: Final = re.compile(r"(?P<day>\d{4}-\d{2}-\d{2})(?P<rest>(?:/(?:yes|no)\.[a-z][a-z0-9_-]{0,63})*)", re.ASCII)


class Answers(msgspec.Struct, frozen=True):
    """Yes or no by purpose, and the effective day of the edition that was shown."""

    shown: date
    by: Mapping[str, bool]

    def written(self) -> str:
        """As the cookie's value has it."""
        return "/".join([str(self.shown), *(f"{'yes' if yes else 'no'}.{name}" for name, yes in self.by.items())])

    def history(self, day: date) -> History:
        """The past of somebody of whom nothing but this is known."""
        said = {True: Choice.GIVEN, False: Choice.REFUSED}
        made = {
            name: (Chosen(at, day, said[yes], self.shown),) for at, (name, yes) in enumerate(self.by.items(), start=1)
        }
        return History(len(made), {}, made, day)


def read(values: list[str]) -> Answers | None:
    """What was chosen; none if nothing was, or if it cannot be read, or if two cookies of the name disagree."""
    found = _WRITTEN.fullmatch(values[0]) if values and len(values[0]) <= _LONGEST else None
    if found is None or len(set(values)) > 1:
        return None
    said = [part.split(".", 1) for part in found["rest"].split("/")[1:]]
    try:
        shown = date.fromisoformat(found["day"])
    except ValueError:
        return None
    by = {name: yes == "yes" for yes, name in said}
    return Answers(shown, by) if len(by) == len(said) else None
