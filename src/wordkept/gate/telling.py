"""Telling: statements of evidence about acts. Pseudonyms, declared names, clause numbers and digests; never a value.

What a caller names and the policy does not declare is left out, so nothing a caller writes can enter a statement.
What is *not* here: the format of statements (``evidence``), and when they are appended.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from datetime import datetime
from functools import lru_cache
from typing import Final
from uuid import UUID

import msgspec

from wordkept.decision import Decision
from wordkept.evidence import Body, Form, Predicate, Statement, form, state
from wordkept.gate.asking import Happening
from wordkept.policy.model import Edition
from wordkept.record import Event, Request
from wordkept.terms import AUTHORITY, Act, Effect, Reason, ValueRejectedError

_NAME: Final = re.compile(r"^[a-z][a-z0-9_-]*([.:][a-z0-9_-]+)*\Z")
PREDICATES: Final = {
    Act.COLLECT: Predicate.COLLECTED,
    Act.USE: Predicate.USED,
    Act.PROVIDE: Predicate.PROVIDED,
    Act.ENTRUST: Predicate.ENTRUSTED,
    Act.VIEW: Predicate.VIEWED,
    Act.CORRECT: Predicate.CORRECTED,
    Act.FREEZE: Predicate.FROZEN,
    Act.LIFT: Predicate.LIFTED,
    Act.DESTROY: Predicate.DESTROYED,
}


@lru_cache(maxsize=1024)
def pseudonym(name: str | None) -> str | None:
    """A name of staff or programs that may stand in evidence.

    Raises:
        ValueRejectedError: it is not a pseudonym of small letters, digits, ``-``, ``_``, ``.`` and ``:``.
    """
    if not name:
        return None
    if len(name) > 96 or not _NAME.match(name):  # noqa: PLR2004  (as the statement's format has it)
        raise ValueRejectedError("actor: a pseudonym has small letters, digits, -, _, . and :, and at most 96 of them")
    return name


def about(edition: Edition | None, ask: Request, decision: Decision, items: Iterable[str], on: str) -> Body:
    """What all statements about one request say alike."""
    known = edition.items if edition else {}
    return Body(
        act=ask.act,
        actor=pseudonym(ask.by.name),
        clauses=tuple(decision.because),
        edition=edition.digest if edition else None,
        effect=decision.effect,
        items=tuple(name for name in items if name in known),
        on=on,
        purpose=ask.purpose if edition and ask.purpose in edition.purposes else None,
        reason=decision.reason,
        role=ask.by.role,
        second=pseudonym(ask.by.second),
        to=_addressee(edition, ask.to),
    )


def _addressee(edition: Edition | None, to: str | None) -> str | None:
    if edition is None or to is None:
        return None
    return to if to == AUTHORITY or to in edition.recipients or to in edition.processors else None


def of_records(
    predicate: Predicate, now: datetime, body: Body, subject: str, records: Collection[tuple[str, int, bytes | None]]
) -> Statement:
    """A statement about some records (id, version, SHA-256 of sealed bytes) of one person."""
    if not records:
        return state(predicate, now, msgspec.structs.replace(body, subject=subject))
    return forms(predicate, now, body).of(body.items).fill(UUID(subject), records)


class Forms:
    """Forms of what is said alike but for the items; each is written and checked once."""

    def __init__(self, predicate: Predicate, now: datetime, body: Body) -> None:
        self._predicate, self._now, self._body = predicate, now, body
        self._known: dict[tuple[str, ...], Form] = {}

    def of(self, items: tuple[str, ...]) -> Form:
        """The form for some of the items, or all of them."""
        found = self._known.get(items)
        if found is None:
            said = msgspec.structs.replace(self._body, items=items)
            found = self._known[items] = form(self._predicate, self._now, said)
        return found


def forms(predicate: Predicate, now: datetime, body: Body) -> Forms:
    """The forms of one kind of statements in one hour."""
    return _forms(predicate, _hour(now), msgspec.json.encode(body))


@lru_cache(maxsize=64)
def _hour(now: datetime) -> datetime:
    return now.replace(minute=0, second=0, microsecond=0)


@lru_cache(maxsize=1024)
def _forms(predicate: Predicate, hour: datetime, raw: bytes) -> Forms:
    return Forms(predicate, hour, msgspec.json.decode(raw, type=Body))


def refused(now: datetime, body: Body, subject: str, request_id: str | None = None) -> Statement:
    """A statement of a refusal."""
    return state(Predicate.REFUSED, now, msgspec.structs.replace(body, subject=subject, request=request_id))


def brought(now: datetime, event: Event, edition: Edition | None, subject: str, on: str) -> Statement:
    """A statement of an event that an act brought with it."""
    return happened(now, Happening(subject, event.kind), edition, event.number, on)


def happened(now: datetime, what: Happening, edition: Edition | None, number: int, on: str) -> Statement:
    """A statement of an event; the matter is not told."""
    body = Body(
        choice=what.choice,
        edition=edition.digest if edition else None,
        event=what.kind,
        number=number,
        on=on,
        request=what.request_id,
        subject=what.subject,
        to=_consent(edition, what.to),
    )
    return state(Predicate.EVENT, now, body)


def _consent(edition: Edition | None, to: str | None) -> str | None:
    """The name of a consent, where the policy knows it."""
    if edition is None or to is None:
        return None
    kind, _, name = to.partition(":")
    named = {"provision": edition.recipients, "category": edition.categories}.get(kind, {})
    groups = {one.group for one in edition.purposes.values()}
    return to if name in named or to in edition.purposes or to in groups or to == "entrustment" else None


def outcome_bytes(decision: Decision) -> bytes:
    """What is remembered of an answered request."""
    return msgspec.json.encode((decision.effect, decision.reason, decision.because))


def outcome_of(raw: bytes) -> Decision:
    """The decision that was remembered.

    Raises:
        ValueRejectedError: the request of that id was no act.
    """
    try:
        effect, reason, because = msgspec.json.decode(raw, type=tuple[Effect, Reason, tuple[str, ...]])
    except msgspec.ValidationError:
        raise ValueRejectedError("request id: an event has it already") from None
    return Decision(effect, reason, because)


def number_bytes(number: int) -> bytes:
    """What is remembered of an event that was written down under a request id."""
    return msgspec.json.encode(number)


def number_of(raw: bytes) -> int:
    """The number that was remembered.

    Raises:
        ValueRejectedError: the request of that id was no event.
    """
    try:
        return msgspec.json.decode(raw, type=int)
    except msgspec.ValidationError:
        raise ValueRejectedError("request id: an act has it already") from None
