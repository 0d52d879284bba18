"""Access: what a person is told who asks what is held about them.

What, what for, since when and how it came, how long and by which clause and law, who else has it, and what they agreed
to. What is *not* here: reading it (``gate.reporting``), and who may see it (the gate).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import msgspec

from wordkept.gate import Held, Report
from wordkept.policy.model import Edition
from wordkept.record import Hold
from wordkept.terms import AUTHORITY, State


class Kept(msgspec.Struct, frozen=True):
    """By which clause something is kept, until when (none is no end yet), and by which law, if one is named."""

    clause: str
    until: date | None
    law: str | None
    use: bool


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One value that is held; ``value`` none where it is not to be shown.

    Attributes:
        item: what it is, as people read it.
        purpose: what for.
        since: when it was collected.
        method: how it came.
        source: from whom, if from another than the person.
        state: in use, or kept apart.
        kept: why, and until when.
        value: as text; of a file, its size.
    """

    item: str
    purpose: str
    since: date
    method: str | None
    source: str | None
    state: State
    kept: tuple[Kept, ...]
    value: str | None


class Elsewhere(msgspec.Struct, frozen=True):
    """What somebody else was given: who, what, since when, by which clauses, until when, and since when it is gone."""

    to: str
    item: str
    since: date
    clauses: tuple[str, ...]
    until: date | None
    gone: date | None


class Consented(msgspec.Struct, frozen=True):
    """What a person chose about something, and when."""

    to: str
    choice: str
    on: date


class Access(msgspec.Struct, frozen=True):
    """All that a person who asks is told."""

    held: tuple[Line, ...]
    elsewhere: tuple[Elsewhere, ...]
    consents: tuple[Consented, ...]

    def __repr__(self) -> str:
        return f"<Access to {len(self.held)} values>"


def access(edition: Edition, report: Report, day: date, *, reveal: bool) -> Access:
    """A report in words of the policy, in the edition's language; with values only to ``reveal`` them."""
    lines = tuple(_line(edition, one, day, reveal=reveal) for one in report.held)
    given = tuple(
        Elsewhere(
            _party(edition, one.to), _item(edition, one.item), one.since, one.clauses, one.keep_until, one.ended_on
        )
        for one in report.given
    )
    return Access(lines, given, tuple(Consented(to, str(made.choice), made.on) for to, made in report.consents))


def _line(edition: Edition, one: Held, day: date, *, reveal: bool) -> Line:
    record = one.record
    purpose, method = edition.purposes.get(record.purpose), edition.methods.get(record.method or "")
    return Line(
        item=_item(edition, record.item),
        purpose=purpose.title if purpose else record.purpose,
        since=record.on,
        method=method.title if method else record.method,
        source=record.source,
        state=record.state_on(day),
        kept=tuple(_kept(edition, one.holds)),
        value=_text(edition, record.item, one.value) if reveal else None,
    )


def _kept(edition: Edition, holds: tuple[Hold, ...]) -> Iterator[Kept]:
    for hold in holds:
        bindings = edition.clauses[hold.clause].bindings if hold.clause in edition.clauses else ()
        refs = [ref for one in bindings if (ref := getattr(one.params, "for_", None))]
        yield Kept(hold.clause, hold.until, refs[0] if refs else None, hold.use)


def _text(edition: Edition, item: str, value: bytes) -> str:
    declared = edition.items.get(item)
    if declared is not None and declared.type == "file":
        return f"{len(value)} bytes"
    return value.decode("utf-8", "replace")


def _item(edition: Edition, name: str) -> str:
    return edition.items[name].title if name in edition.items else name


def _party(edition: Edition, name: str) -> str:
    known = edition.recipients.get(name) or edition.processors.get(name)
    return known.title if known and name != AUTHORITY else name
