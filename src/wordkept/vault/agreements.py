"""Agreements: the register of what was signed with partners, in the live store. Digests of papers, never the papers.

Each function takes a session inside the caller's transaction, or makes a statement for one, and decides nothing. What
is *not* here: what an agreement opens (``rules.entrustment``), and the papers (``gate.papers``).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

import msgspec

from wordkept.vault import values
from wordkept.vault.flight import Command, Session
from wordkept.vault.statements import statements

_SQL: Final = statements("agreements.sql")


class Tick(msgspec.Struct, frozen=True):
    """A clause that an office has seen in an agreement, when, and which office."""

    clause: str
    on: date
    by: str


class Inspection(msgspec.Struct, frozen=True):
    """An inspection of a processor: the digest of its report, when, and by which office."""

    report: str
    on: date
    by: str


class Agreement(msgspec.Struct, frozen=True, kw_only=True):
    """One agreement with one partner.

    Attributes:
        id: 32 hex digits.
        party: the recipient or processor.
        document: hex SHA-256 of the signed paper.
        country: where the work is done, two capital letters.
        subprocessors: processors of the policy to whom it may hand work on.
        begins, ends: its term; no end is open.
        inspect_by: last day of the next inspection, none if none was agreed.
        signed_on, signed_by: when it was entered, by which office.
        ended_on, ended_by: when it ended, who said so.
        certify_by: last day for the certificate that all was given back or destroyed, none if nothing has to be.
        certificate, certified_on, certified_by: hex SHA-256 of that certificate, when it came, who entered it.
        ticks: the clauses seen in it.
        inspections: those made.
    """

    id: str
    party: str
    document: str
    country: str
    subprocessors: tuple[str, ...]
    begins: date
    ends: date | None
    inspect_by: date | None
    signed_on: date
    signed_by: str
    ended_on: date | None = None
    ended_by: str | None = None
    certify_by: date | None = None
    certificate: str | None = None
    certified_on: date | None = None
    certified_by: str | None = None
    ticks: tuple[Tick, ...] = ()
    inspections: tuple[Inspection, ...] = ()


def of_operator(session: Session, operator: str, day: date) -> tuple[values.Person | None, frozenset[str]]:
    """The operator, and the partners whose agreement is outside its term on a day; in one trip."""
    stands, out = session.ask(values.standing_of(operator), Command(_SQL["out_of_term"], {"day": day}))
    return values.stood(stands), frozenset(row[0] for row in out)


def over(session: Session, day: date) -> list[str]:
    """Partners whose agreement should have ended before a day, and has not."""
    return [row[0] for row in session.execute(_SQL["over"], {"day": day})]


def listed(session: Session, party: str | None = None) -> list[Agreement]:
    """Every agreement there ever was, of one partner or of all."""
    rows, ticks, inspections = session.ask(
        Command(_SQL["all"], {"party": party}), Command(_SQL["ticks"]), Command(_SQL["inspections"])
    )
    return [
        Agreement(
            id=row[0], party=row[1], document=row[2], country=row[3], subprocessors=tuple(row[4]), begins=row[5],
            ends=row[6], inspect_by=row[7], signed_on=row[8], signed_by=row[9], ended_on=row[10], ended_by=row[11],
            certify_by=row[12], certificate=row[13], certified_on=row[14], certified_by=row[15],
            ticks=tuple(Tick(*one[1:]) for one in ticks if one[0] == row[0]),
            inspections=tuple(Inspection(*one[1:]) for one in inspections if one[0] == row[0]),
        )
        for row in rows
    ]  # fmt: skip


def sign(one: Agreement) -> list[Command]:
    """The statements that enter an agreement in the place of the one that stands, if one does."""
    said = {"id": one.id, "party": one.party, "on": one.signed_on, "by": one.signed_by}
    fields = ("document", "country", "subprocessors", "begins", "ends", "inspect_by")
    entered = {**said, **{name: getattr(one, name) for name in fields}, "subprocessors": list(one.subprocessors)}
    return [
        Command(_SQL["replaced"], said),
        Command(_SQL["sign"], entered),
        *tick(one.id, [tick.clause for tick in one.ticks], one.signed_on, one.signed_by),
    ]


def tick(agreement: str, clauses: Sequence[str], on: date, by: str) -> list[Command]:
    """The statements that tick clauses of an agreement."""
    return [Command(_SQL["tick"], {"id": agreement, "clause": one, "on": on, "by": by}) for one in clauses]


def untick(agreement: str, clauses: Sequence[str]) -> list[Command]:
    """The statements that take ticks back."""
    return [Command(_SQL["untick"], {"id": agreement, "clause": one}) for one in clauses]


def end(party: str, on: date, by: str, certify_by: date | None) -> Command:
    """The statement that ends the agreement that stands with a partner."""
    return Command(_SQL["ended"], {"party": party, "on": on, "by": by, "certify_by": certify_by})


def inspect(agreement: str, report: str, on: date, by: str, inspect_by: date | None) -> list[Command]:
    """The statements that enter an inspection, and the last day of the next."""
    return [
        Command(_SQL["inspect"], {"id": agreement, "report": report, "on": on, "by": by}),
        Command(_SQL["inspect_by"], {"id": agreement, "inspect_by": inspect_by}),
    ]


def certify(agreement: str, certificate: str, on: date, by: str) -> Command:
    """The statement that enters the certificate of an agreement that has ended."""
    return Command(_SQL["certify"], {"id": agreement, "certificate": certificate, "on": on, "by": by})
