"""Words side by side: which clauses are new, gone, worded otherwise, or stand over other rules.

What is *not* here: what any of it does (``effects``).
"""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Any, Final, Literal

import msgspec

from wordkept.policy.declared import Accept
from wordkept.policy.model import Clause, Edition

LONGEST: Final = 1000
"""Longest sentence, in words, that is compared word by word; a longer one is shown whole, before and after."""


class Piece(msgspec.Struct, frozen=True):
    """Some words of a sentence, that stayed, went or came."""

    way: Literal["same", "gone", "new"]
    text: str


class Altered(msgspec.Struct, frozen=True, kw_only=True):
    """One clause that is not as it was; ``renumbered`` has the same words under another number, ``rules`` other rules.

    ``before`` and ``after`` are its numbers, none where there was or is none.
    """

    way: Literal["added", "removed", "changed", "rules", "renumbered"]
    before: str | None
    after: str | None
    pieces: tuple[Piece, ...]

    @property
    def number(self) -> str:
        """The number under which it is found now, or was last."""
        return self.after or self.before or ""


def altered(before: Edition, after: Edition) -> Iterator[Altered]:
    """The clauses that differ: as the later edition has them, then those that are gone."""
    gone = {_text(one): number for number, one in before.clauses.items() if number not in after.clauses}
    moved = set()
    for number, clause in after.clauses.items():
        old = before.clauses.get(number)
        if old is None and (known := gone.get(_text(clause))) is not None and known not in moved:
            moved.add(known)
            yield Altered(way="renumbered", before=known, after=number, pieces=(Piece("same", _text(clause)),))
        elif old is None:
            yield Altered(way="added", before=None, after=number, pieces=(Piece("new", _text(clause)),))
        elif _text(old) != _text(clause):
            pieces = tuple(_pieces(_text(old).split(" "), _text(clause).split(" ")))
            yield Altered(way="changed", before=number, after=number, pieces=pieces)
        elif under(old) != under(clause):
            yield Altered(way="rules", before=number, after=number, pieces=(Piece("same", _text(clause)),))
    for number, clause in before.clauses.items():
        if number not in after.clauses and number not in moved:
            yield Altered(way="removed", before=number, after=None, pieces=(Piece("gone", _text(clause)),))


def under(clause: Clause) -> tuple[Any, ...]:
    """What stands under a clause: its kind, rules with their parameters, declarations, notes; not what was accepted."""
    rules = tuple((one.rule.name, one.params, one.unless) for one in clause.bindings)
    return (clause.kind, rules, clause.declarations, tuple(one for one in clause.notes if not isinstance(one, Accept)))


def _text(clause: Clause) -> str:
    return " ".join(clause.text.split())


def _pieces(old: list[str], new: list[str]) -> Iterator[Piece]:
    if max(len(old), len(new)) > LONGEST:
        yield from (Piece("gone", " ".join(old)), Piece("new", " ".join(new)))
        return
    for tag, start, end, now_start, now_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            yield Piece("same", " ".join(old[start:end]))
            continue
        if start < end:
            yield Piece("gone", " ".join(old[start:end]))
        if now_start < now_end:
            yield Piece("new", " ".join(new[now_start:now_end]))
