"""Telling: statements of evidence about acts. Pseudonyms, declared names, clause numbers and digests; never a value.

What a caller names and the policy does not declare is left out, so nothing a caller writes can enter a statement.
What is *not* here: the format of statements (``evidence``), and when they are appended.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date, datetime
from functools import lru_cache
from hashlib import sha256
from typing import Final

import msgspec

from wordkept.decision import Decision
from wordkept.evidence import Body, Form, Named, Predicate, Statement, form, state
from wordkept.gate.asking import Happening
from wordkept.policy.model import Edition, Policy
from wordkept.record import Actor, Claim, Event, Order, Request
from wordkept.terms import AUTHORITY, Act, Answer, ValueRejectedError

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


def about(policy: Policy, ask: Request, decision: Decision, day: date) -> Body:
    """What all statements about one request say alike; an authority's document by the digest of its number."""
    edition = policy.on(day)
    return Body(
        act=ask.act,
        actor=pseudonym(ask.by.name),
        clauses=tuple(decision.because),
        digest=sha256(ask.legal_request.encode()).hexdigest() if ask.legal_request else None,
        edition=edition.digest if edition else None,
        effect=decision.effect,
        items=tuple(name for name in ask.items if policy.item(name, day)),
        on=str(day),
        purpose=ask.purpose if edition and ask.purpose in edition.purposes else None,
        reason=decision.reason,
        role=ask.by.role,
        second=pseudonym(ask.by.second),
        to=_addressee(edition, ask.to),
    )


def _addressee(edition: Edition | None, to: str | None) -> str | None:
    if edition is None or to is None:
        return None
    return to if to == AUTHORITY or to in edition.outside else None


def of_records(
    predicate: Predicate, now: datetime, body: Body, subject: str, records: Collection[tuple[str, int, bytes | None]]
) -> Statement:
    """A statement about some records (id, version, SHA-256 of sealed bytes) of one person."""
    if not records:
        return state(predicate, now, msgspec.structs.replace(body, subject=subject))
    return forms(predicate, now, body).of(body.items).fill(subject, records)


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


def brought(now: datetime, event: Event, policy: Policy, subject: str, by: Actor) -> Statement:
    """A statement of an event that an act brought with it."""
    return happened(now, Happening(subject, event.kind, by=by), policy, event.number, event.on)


def happened(
    now: datetime, what: Happening, policy: Policy, number: int, day: date, rule: str | None = None
) -> Statement:
    """A statement of an event; the matter is not told."""
    edition = policy.on(day)
    body = Body(
        actor=pseudonym(what.by.name) if what.by else None,
        choice=what.choice,
        digest=what.shown.digest if what.shown else None,
        edition=edition.digest if edition else None,
        event=what.kind,
        number=number,
        on=str(day),
        request=what.request_id,
        role=what.by.role if what.by else None,
        rule=rule,
        subject=what.subject,
        to=what.to if any(what.to in one.consents for one in policy.until(day)) else None,
    )
    return state(Predicate.EVENT, now, body)


def ordered(now: datetime, policy: Policy, subject: str, order: Order) -> Statement:
    """A statement that a partner was ordered to do something with what it holds of a person."""
    return state(Predicate.ORDERED, now, _of_order(policy, subject, order, f"order.{order.kind}", order.on))


def heard(now: datetime, policy: Policy, subject: str, claim: Claim, decision: Decision, by: Actor) -> Statement:
    """A statement of a turn of what a person asked of right: what, how far it has come, and on which ground."""
    turn = f"{claim.turn}:{claim.ground}" if claim.ground else claim.turn
    body = _of_claim(policy, subject, claim.id, decision, by, claim.turned_on)
    said = msgspec.structs.replace(body, event=f"claim.{claim.right}.{turn}", items=claim.items)
    return state(Predicate.EVENT, now, said)


def not_heard(
    now: datetime, policy: Policy, subject: str, name: str, decision: Decision, by: Actor, day: date
) -> Statement:
    """A statement that a turn of what a person asked of right was not permitted."""
    return state(Predicate.REFUSED, now, _of_claim(policy, subject, name, decision, by, day))


def _of_claim(policy: Policy, subject: str, name: str, decision: Decision, by: Actor, day: date) -> Body:
    edition = policy.on(day)
    return Body(
        actor=pseudonym(by.name),
        clauses=decision.because,
        edition=edition.digest if edition else None,
        effect=decision.effect,
        on=str(day),
        reason=decision.reason,
        request=name,
        role=by.role,
        subject=subject,
    )


def told(now: datetime, policy: Policy, subject: str, order: Order, day: date) -> Statement:
    """A statement that a partner has an order, and has not answered it."""
    return state(Predicate.PERFORMED, now, _of_order(policy, subject, order, "order.told", day))


def answered(
    now: datetime, policy: Policy, subject: str, order: Order, answer: Answer, day: date, by: Actor
) -> Statement:
    """A statement of a partner's answer; ``by`` is the partner, or who took its answer down."""
    body = _of_order(policy, subject, order, f"answer.{answer}", day)
    said = msgspec.structs.replace(body, actor=pseudonym(by.name), role=by.role)
    return state(Predicate.ACKNOWLEDGED, now, said)


def _of_order(policy: Policy, subject: str, order: Order, event: str, day: date) -> Body:
    edition = policy.on(day)
    return Body(
        clauses=order.clauses,
        edition=edition.digest if edition else None,
        event=event,
        items=order.items,
        on=str(day),
        records=tuple(Named(record) for record in order.records),
        request=order.id,
        subject=subject,
        to=order.to,
    )


def probed(
    now: datetime, rule: str, by: str, *, subject: str | None = None, item: str | None = None, found: int | None = None
) -> Statement:
    """A statement that somebody looked for a person, at one, or for a value; what they looked for is not told."""
    body = Body(
        actor=pseudonym(by),
        counts={} if found is None else {"found": found},
        items=(item,) if item else (),
        rule=rule,
        subject=subject,
    )
    return state(Predicate.PROBE, now, body)
