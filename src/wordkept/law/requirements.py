"""What a statute says: values of parameters, and what the text of a policy must have, each with its days and source.

A requirement is data: needs, each one condition of a small closed vocabulary that ``policy.lacking`` asks of an
edition. What is *not* here: reading files (``reading``), and asking.
"""

from __future__ import annotations

from datetime import date
from typing import Final, Literal

import msgspec

from wordkept.law.operator import Operator

Source = Literal["retrieved", "memory"]


class Dated(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something that a statute says, from a day (none: as long as the statute) to a day (none: still).

    ``source`` is ``retrieved`` when the text was read, ``memory`` when it must be checked before it is relied on. It
    applies to an operator of whom any of ``applies_if`` holds, to every one if there is none.
    """

    reference: str
    last_checked_on: date
    source: Source
    from_: date | None = msgspec.field(name="from", default=None)
    to: date | None = None
    applies_if: tuple[Operator, ...] = ()

    def holds_on(self, day: date) -> bool:
        """Whether the statute says so on a day, the first and the last day included."""
        return (self.from_ is None or self.from_ <= day) and (self.to is None or day <= self.to)


class Value(Dated, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One value of one parameter: a period, a number, a name, or a list of names."""

    value: str | tuple[str, ...]


class Need(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """One condition on the text of a policy; of the first nine exactly one is given.

    Attributes:
        declares: something of one of these kinds is declared.
        binds: a clause is bound to one of these rules.
        speaks: a sentence matches one of these patterns (regular expressions; case and line breaks do not count).
        keeps: a clause keeps records for this parameter of the same statute.
        within: no clause bound to one of the rules ``of`` takes longer than this parameter.
        reachable: a place with the telephone number that this parameter is.
        consented: purposes of these kinds (DPV) ask for a consent of their own.
        grounded: items of these kinds (DPV) are collected by such a consent or by a statute only.
        as-law-counts: what is kept for any law is kept as long as that law says, from the day from which it counts.
        of: with ``within``, the rules.
        beside: asked only where there is one of these rules or declarations, and a sentence of the first one's chapter.
    """

    declares: tuple[str, ...] | None = None
    binds: tuple[str, ...] | None = None
    speaks: tuple[str, ...] | None = None
    keeps: str | None = None
    within: str | None = None
    reachable: str | None = None
    consented: tuple[str, ...] | None = None
    grounded: tuple[str, ...] | None = None
    as_law_counts: bool | None = None
    of: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()

    def condition(self) -> str:
        """Which of the conditions it is; empty if it is none or several."""
        given = [name for name in CONDITIONS if getattr(self, name) is not None]
        return given[0] if len(given) == 1 else ""


CONDITIONS: Final = msgspec.structs.asdict(Need()).keys() - {"of", "beside"}
"""The closed vocabulary, by the names of the fields."""


class Requirement(Dated, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a policy must have: a sentence that says so, and needs by what each of them is called."""

    says: str
    needs: dict[str, Need]


class GivesWay(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Another statute went before this one, for some operators, to a day."""

    before: str
    to: date
    applies_if: tuple[Operator, ...]
    source: Source


class Statute(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One statute: in force from a day, to a day (none: still), its parameters and what it requires."""

    statute: str
    title: str
    from_: date = msgspec.field(name="from")
    to: date | None = None
    last_checked_on: date
    gives_way: GivesWay | None = None
    parameters: dict[str, tuple[Value, ...]] = {}
    requires: dict[str, tuple[Requirement, ...]] = {}

    def in_force(self, day: date) -> bool:
        """Whether it is in force on a day."""
        return self.from_ <= day and (self.to is None or day <= self.to)
