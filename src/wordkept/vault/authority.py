"""Authority: the register of what authorities asked about people, in the live store. Names of items, never a value.

Each function takes a session inside the caller's transaction, or makes a statement for one, and decides nothing. What
is *not* here: what a request opens (``rules.provision``), and the papers (``gate.papers``).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

import msgspec

from wordkept.vault.flight import Command, Session
from wordkept.vault.statements import statements

_SQL: Final = statements("authority.sql")


class AuthorityRequest(msgspec.Struct, frozen=True, kw_only=True):
    """One request of an authority about one person.

    Attributes:
        subject: the person's pseudonym.
        id: 32 hex digits; what a provision names as its legal request.
        authority: which office asked.
        ground: the law by which it may, as the law on file calls it.
        document: hex SHA-256 of the paper.
        asked: the items that it asks for.
        entered_on, entered_by: when it was entered, by whom.
        granted: the items that a second person granted; none while nobody did, empty if all was refused.
        reviewed_on, reviewed_by: when and by whom.
        tell_by: last day to tell the person, none if the law wants no notice.
        told_on, told_by: when the person was told, and by whom.
        closed_on: the day from which it opens nothing any more.
    """

    subject: str
    id: str
    authority: str
    ground: str
    document: str
    asked: tuple[str, ...]
    entered_on: date
    entered_by: str
    granted: tuple[str, ...] | None = None
    reviewed_on: date | None = None
    reviewed_by: str | None = None
    tell_by: date | None = None
    told_on: date | None = None
    told_by: str | None = None
    closed_on: date | None = None

    def late(self, day: date) -> bool:
        """Whether its person should have been told before a day."""
        return self.told_on is None and self.tell_by is not None and self.tell_by < day


def listed(session: Session, request: str | None = None) -> list[AuthorityRequest]:
    """Every request, or one by its id."""
    (rows,) = session.ask(Command(_SQL["all"], {"id": request}))
    return [
        AuthorityRequest(
            subject=row[0], id=row[1], authority=row[2], ground=row[3], document=row[4], asked=tuple(row[5]),
            entered_on=row[6], entered_by=row[7], granted=None if row[8] is None else tuple(row[8]),
            reviewed_on=row[9], reviewed_by=row[10], tell_by=row[11], told_on=row[12], told_by=row[13],
            closed_on=row[14],
        )
        for row in rows
    ]  # fmt: skip


def enter(one: AuthorityRequest) -> Command:
    """The statement that enters a request."""
    values = {**msgspec.structs.asdict(one), "asked": list(one.asked), "on": one.entered_on, "by": one.entered_by}
    return Command(_SQL["enter"], values)


def review(one: AuthorityRequest, granted: Sequence[str], on: date, by: str, tell_by: date | None) -> Command:
    """The statement that writes a review down."""
    return Command(_SQL["review"], {**_key(one), "granted": list(granted), "on": on, "by": by, "tell_by": tell_by})


def tell(one: AuthorityRequest, on: date, by: str) -> Command:
    """The statement that its person was told."""
    return Command(_SQL["tell"], {**_key(one), "on": on, "by": by})


def delay(one: AuthorityRequest, tell_by: date) -> Command:
    """The statement that its person may be told later."""
    return Command(_SQL["delay"], {**_key(one), "tell_by": tell_by})


def close(one: AuthorityRequest, on: date) -> Command:
    """The statement that it opens nothing any more."""
    return Command(_SQL["close"], {**_key(one), "on": on})


def _key(one: AuthorityRequest) -> dict[str, object]:
    return {"subject": one.subject, "id": one.id}
