"""Claims: by which channel people may ask what of right, by when they are answered, and on which grounds not as asked.

The rules of chapter "rights" that speak of the desk. What nothing here permits is not done: a channel that no clause
names takes nothing, a ground that none lists refuses nothing. What is *not* here: the acts that are asked for
(``rights``).
"""

from __future__ import annotations

from datetime import date

import msgspec

from wordkept.policy.declared import Name
from wordkept.policy.model import Case, Edition, Verdict
from wordkept.record import Asking, Clock, Ground, Right, Turn, plus
from wordkept.rules.verdicts import forbid
from wordkept.terms import PERSON, Act, Channel, Reason

_SUSPENDED = forbid(Reason.SUSPENDED)
_REFUSING = frozenset({Turn.POSTPONED, Turn.REFUSED})


class Taken(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who may ask what.

    Attributes:
        channels: by which it may come in.
        kinds: what may be asked.
        request: the span of a request.
        undo: how long what cannot be undone waits, its person's data unused meanwhile; none does it at once.
    """

    channels: tuple[Channel, ...]
    kinds: tuple[Right, ...]
    request: Name
    undo: str | None = None

    def __post_init__(self) -> None:
        """Refuse a wait that is no period.

        Raises:
            ValueError: it is none.
        """
        if self.undo is not None:
            plus(date(2000, 1, 1), self.undo)


def taken_as_it_comes(params: Taken, _: Edition, asking: Asking, __: date) -> bool:
    """A request that comes in by a channel that the policy names is taken down, and nobody is sent elsewhere."""
    return asking.turn is Turn.OPENED and asking.channel in params.channels and asking.right in params.kinds


class InTime(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"statute": "for"}):
    """``kinds``: what is asked; ``within``: the policy's own time for it; ``for``: the law's."""

    kinds: tuple[Right, ...]
    within: str
    statute: str | None = None


def answered_in_time(params: InTime, edition: Edition, right: Right, day: date) -> Clock | None:
    """A request is answered by the day that the policy and the law allow for it; a late answer is a promise broken."""
    if right not in params.kinds:
        return None
    own = plus(day, edition.words.get(params.within, params.within))
    return Clock(own, plus(day, edition.law_value(params.statute, day)) if params.statute else None)


class Listed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When not.

    Attributes:
        kinds: what is asked.
        grounds: why it may be refused or put off.
        listed: where a law lists grounds.
        postponed: what happens when it is put off.
    """

    kinds: tuple[Right, ...]
    grounds: tuple[Ground, ...] = ()
    listed: str | None = None
    postponed: Name | None = None


def refused_only_on_a_ground(params: Listed, edition: Edition, asking: Asking, day: date) -> bool:
    """A request is put off or refused only on a ground that the policy or a law lists, and its person is told which."""
    if asking.turn not in _REFUSING or asking.right not in params.kinds or asking.ground is None:
        return False
    law = edition.statutes.listed(params.listed, day) if edition.statutes and params.listed else ()
    return asking.ground in (*params.grounds, *law)


class Otherwise(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``kinds``: what is asked; ``measures``: what may be done where it cannot be done as asked."""

    kinds: tuple[Right, ...]
    measures: tuple[Ground, ...]


def something_else_is_done(params: Otherwise, _: Edition, asking: Asking, __: date) -> bool:
    """Where what was asked cannot be done, something else that the policy names is done, and its person told what."""
    return asking.turn is Turn.OTHERWISE and asking.right in params.kinds and asking.ground in params.measures


class Suspension(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``during``: the span in which a person's data rests."""

    during: Name


def suspended_is_not_used(params: Suspension, case: Case) -> Verdict | None:
    """While its person wants it, what is held is neither used nor handed on, and nothing is collected unasked."""
    if not case.facts.history.is_open(params.during):
        return None
    if case.ask.act is Act.COLLECT:
        purpose = case.edition.purposes.get(case.ask.purpose or "")
        return None if case.ask.by.role in PERSON or (purpose and purpose.by_law) else _SUSPENDED
    return _SUSPENDED
