"""Copies that partners hold: for how long, what they are ordered to do with them, and by when they answer.

The rules of several chapters (provision, entrustment, rights) that speak of what is elsewhere. Periods are the policy's
own words or ISO 8601. What is *not* here: whether something may be given (``provision``, ``entrustment``).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Literal

import msgspec

from wordkept.policy.declared import Name
from wordkept.policy.model import Edition
from wordkept.record import Given, History, Hold, Ordered, Record, first_of, plus
from wordkept.rules.parameters import NoParameters
from wordkept.rules.spans import governing
from wordkept.terms import AUTHORITY, ENDING, LAST_DAY, Act, OrderKind

_KINDS = {
    Act.CORRECT: OrderKind.CORRECT,
    Act.FREEZE: OrderKind.FREEZE,
    Act.LIFT: OrderKind.LIFT,
    Act.DESTROY: OrderKind.ERASE,
}
"""What the holder of a copy does when that was done to the record."""


class Served(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``service``: the span that the use is for."""

    service: Name


def used_by_recipients_while_served(
    params: Served, edition: Edition, given: Given, _: Record | None, history: History
) -> Iterable[Hold]:
    """A recipient uses what it was given while the service lasts and the consent to it stands."""
    if not given.entrusted:
        service = governing(params.service, edition, given, history).span
        no = history.first_no(f"provision:{given.to}", given.after)
        yield Hold("", given.since, first_of(service.closed_on if service else None, no.on if no else None), use=True)


class Afterwards(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``service``: the span whose end starts the period; ``lasts``: the period, ``P6M``."""

    service: Name
    lasts: str


def kept_by_recipients_after_service(
    params: Afterwards, edition: Edition, given: Given, _: Record | None, history: History
) -> Iterable[Hold]:
    """A recipient may keep what it was given for a set time after the service ended."""
    service = governing(params.service, edition, given, history).span
    if not given.entrusted and service is not None and service.closed_on is not None:
        yield Hold("", service.closed_on, plus(service.closed_on, params.lasts))


class Balance(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``owed``: the span of a charge."""

    owed: Name


def kept_by_recipients_while_owed(
    params: Balance, _: Edition, given: Given, __: Record | None, history: History
) -> Iterable[Hold]:
    """A recipient may keep and use what it was given while something is unpaid or overpaid."""
    for charge in history.spans.get(params.owed, ()):
        if not given.entrusted and (charge.closed is None or charge.closed > given.after):
            yield Hold("", max(charge.opened_on, given.since), charge.closed_on, use=True)


def copies_follow_their_purpose(
    _: NoParameters, edition: Edition, given: Given, record: Record | None, history: History
) -> Iterable[Hold]:
    """A store outside keeps a copy while its purpose may use what it is a copy of, and nobody said no to that."""
    if given.entrusted and given.to in edition.stores:
        no = history.first_no(given.purpose or "", given.after)
        yield Hold("", given.since, first_of(record.use_until if record else None, no.on if no else None), use=True)


class Told(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``acts``: those that holders hear of; ``within``: how long telling them may take."""

    acts: tuple[Literal["correct", "freeze", "lift", "destroy"], ...]
    within: str


def holders_are_told(params: Told, edition: Edition, given: Given, act: Act | None, day: date) -> Ordered | None:
    """Whoever holds a copy of what is corrected, frozen, lifted or destroyed here is told to do the same."""
    if act is None or act not in params.acts or not holds_a_copy(edition, given):
        return None
    return Ordered(_KINDS[act], _within(edition, day, params.within))


class Answered(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``orders``: the kinds of order; ``within``: how long the answer may take."""

    orders: tuple[OrderKind, ...]
    within: str


def holders_answer(params: Answered, edition: Edition, kind: OrderKind, day: date, law: str | None) -> date | None:
    """A partner does what it was ordered and says so in time; a late answer is a promise broken."""
    return _within(edition, day, params.within) if kind in params.orders and law is None else None


def law_keeps_longer(_: NoParameters, edition: Edition, kind: OrderKind, day: date, law: str | None) -> date | None:
    """A partner that a law in force has keep something may go on keeping it for that, and names the law."""
    return LAST_DAY if law is not None and kind in ENDING and edition.in_force(law, day) else None


class Over(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``order``: to stop using, to erase or to give back; ``within``: how long telling it may take."""

    order: OrderKind
    within: str

    def __post_init__(self) -> None:
        """Refuse an order that ends nothing.

        Raises:
            ValueError: it does not.
        """
        if self.order not in ENDING:
            raise ValueError(f"{self.order} does not end what a partner may do")


def ordered_when_time_is_over(
    params: Over, edition: Edition, given: Given, act: Act | None, day: date
) -> Ordered | None:
    """A partner whose time with what it was given is over is told to stop using it, or to erase or return it."""
    last = given.use_until if params.order is OrderKind.STOP_USE else given.keep_until
    if act is not None or last is None or last >= day or not holds_a_copy(edition, given):
        return None
    return Ordered(params.order, _within(edition, day, params.within))


class WorkOver(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``order``: to erase, or to give back and then erase; ``within``: how long telling and certifying it may take."""

    order: OrderKind
    within: str

    def __post_init__(self) -> None:
        """Refuse an order after which something would be left there.

        Raises:
            ValueError: it would.
        """
        if self.order not in {OrderKind.RETURN, OrderKind.ERASE}:
            raise ValueError(f"{self.order} leaves something there")


def returned_when_work_is_over(
    params: WorkOver, edition: Edition, given: Given, act: Act | None, day: date
) -> Ordered | None:
    """A processor whose agreement has ended returns or destroys all that it holds, and certifies it."""
    if act is not None or not given.over:
        return None
    return Ordered(params.order, _within(edition, day, params.within))


def certificate_by(edition: Edition, day: date) -> date | None:
    """Last day for the certificate of a processor whose agreement ended on a day; none if no clause asks for one."""
    asked = [one.params.within for one in edition.sharing if isinstance(one.params, WorkOver)]
    return min((_within(edition, day, within) for within in asked), default=None)


def holds_a_copy(edition: Edition, given: Given) -> bool:
    """Members of a group see what stands here and hold nothing; an authority holds what its law lets it."""
    recipient = edition.recipients.get(given.to)
    return given.entrusted or not (given.to == AUTHORITY or (recipient is not None and recipient.group))


def _within(edition: Edition, day: date, word: str) -> date:
    return plus(day, edition.words.get(word, word))
