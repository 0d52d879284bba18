"""Steps: what the tour shows, each with its sentence of the policy, what came out, and the command that repeats it.

Two lines each as a rule, so that the whole fits a screen. What is *not* here: the steps themselves (``tour``).
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping
from typing import Final

import msgspec

from wordkept.policy.model import Edition

WIDTH: Final = 120
"""Characters of a line, as far as the command leaves room for a few words of the sentence."""

_FEW: Final = 30


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One step of the tour.

    Attributes:
        title: what was done, a few words.
        clause: the number of the sentence it is about.
        sentence: that sentence, in full.
        said: what came out, one line or two.
        command: what repeats or continues it.
        figures: everything counted, for programs.
    """

    title: str
    clause: str
    sentence: str
    said: str
    command: str = ""
    figures: Mapping[str, object] = {}


class Steps:
    """The steps so far, printed as they come unless they are wanted as one value.

    Args:
        edition: whose sentences are quoted.
        say: prints a line; none keeps silent.
    """

    def __init__(self, edition: Edition, say: Callable[[str], object] | None) -> None:
        self.edition, self.done = edition, list[Step]()
        self._say = say

    def take(self, title: str, clause: str, said: str, command: str = "", **figures: object) -> Step:
        """One more step.

        Raises:
            KeyError: the policy has no such clause.
        """
        sentence = " ".join(self.edition.clauses[clause].text.split())
        step = Step(title=title, clause=clause, sentence=sentence, said=said, command=command, figures=figures)
        self.done.append(step)
        if self._say:
            for line in told(len(self.done), step):
                self._say(line)
        return step


def told(number: int, step: Step) -> list[str]:
    """A step in a few lines: what came out, then the sentence with its number and the command."""
    first, *more = step.said.splitlines()
    repeat = f"  $ {step.command}" if step.command else ""
    room = max(_FEW, WIDTH - len(f"   [{step.clause}] “”{repeat}"))
    quote = textwrap.shorten(step.sentence, room, placeholder=" …")
    return [
        f"{number:>2} {step.title}: {first}",
        *(f"   {line}" for line in more),
        f"   [{step.clause}] “{quote}”{repeat}",
    ]


def masked(value: str) -> str:
    """A value of which only enough is shown to know it again: ``010-****-1234``, ``mi******@example.com``."""
    name, at, domain = value.partition("@")
    if at:
        return f"{name[:2]}{'*' * max(1, len(name) - 2)}@{domain}"
    first, dash, rest = value.partition("-")
    middle, second, last = rest.rpartition("-")
    if dash and second:
        return f"{first}-{'*' * len(middle)}-{last}"
    return value[:1] + "*" * max(1, len(value) - 1)
