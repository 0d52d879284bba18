"""Admitting: whether what a caller hands in has the form that it must have, before anything is asked of a store.

What a refusal says names the part, never what was in it. What is *not* here: values (their item's type says what fits)
and whether the act is allowed; what cannot follow what happened before is the fold's matter (``record.history``).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Final

from wordkept.gate.asking import Asked, Happening
from wordkept.gate.deciding import OPERATOR
from wordkept.gate.telling import pseudonym
from wordkept.policy.model import Policy
from wordkept.record import CONSENT, ImpossibleEventError, Request
from wordkept.terms import Act, Choice, ValueRejectedError

_IDENTIFIER: Final = re.compile(r"[0-9a-f]{32}")
_LONGEST: Final = 200
_GIVES: Final = frozenset({Act.COLLECT, Act.CORRECT})
_CHOSEN: Final = frozenset({Choice.GIVEN, Choice.REFUSED, Choice.WITHDRAWN})


def asked(asks: Sequence[Asked]) -> None:
    """Whether requests may come in.

    Raises:
        ValueRejectedError: an identifier is none, a name is no short line of printable characters, nothing is asked
            about, or there is a value of something else.
    """
    for ask in {id(one.ask): one.ask for one in asks}.values():  # in a batch, many are the same request of many people
        _request(ask)
    for one in asks:
        person(one.subject)
        identifier(one.request_id, "request id")
        if one.ask.act in _GIVES and not one.values.keys() <= set(one.ask.items):
            raise ValueRejectedError("values: only of the items that are asked")


def happening(one: Happening) -> None:
    """Whether an event may come in.

    Raises:
        ValueRejectedError: as ``asked``.
    """
    if one.subject is not None:
        person(one.subject)
    identifier(one.request_id, "request id")
    _plain(one.kind, "event")
    _plain(one.matter, "matter")
    _plain(one.to, "consent")
    pseudonym(one.by.name if one.by else None)


def possible(policy: Policy, day: date, one: Happening) -> None:
    """Whether an event is one that a caller may bring, about whom it is brought and with what it names.

    Raises:
        ImpossibleEventError: it is not; the message repeats nothing that was brought.
    """
    if one.kind == CONSENT:
        _possible_choice(policy, day, one)
        return
    words = policy.on(day) or policy.editions[0]
    span = next((span for span in words.spans.values() if one.kind in {span.opens, span.closes}), None)
    if span is None:
        return  # the fold says so
    if span.operator != (one.subject is None):
        raise ImpossibleEventError(f"{one.kind} happens to {'the operator' if span.operator else 'a person'}")
    # Signed before an edition is in force, ended after it: any edition may name the party.
    parties = {name for edition in policy.editions for name in (*edition.recipients, *edition.processors)}
    if span.operator and span.matters and one.matter not in parties:
        raise ImpossibleEventError(f"{one.kind}: no edition declares such a recipient or processor")


def _possible_choice(policy: Policy, day: date, one: Happening) -> None:
    if one.subject is None:
        raise ImpossibleEventError("a consent is a person's")
    if one.to is None or one.choice is None:
        raise ImpossibleEventError("a consent names what it is to and what was chosen")
    if one.choice not in _CHOSEN:
        raise ImpossibleEventError(
            "a person gives, refuses or withdraws a consent; only the end of the service ends it"
        )
    # Given is what the text in force asks; what an older one asked can still be taken back.
    words = policy.on(day) or policy.editions[0]
    asking = (words,) if one.choice is Choice.GIVEN else (words, *policy.until(day))
    if not any(one.to in edition.consents for edition in asking):
        raise ImpossibleEventError("the policy asks for no consent of that name")


def person(given: str) -> None:
    """Whether something is the pseudonym of a person.

    Raises:
        ValueRejectedError: it is no identifier, or the operator's.
    """
    identifier(given, "subject")
    if given == OPERATOR:
        raise ValueRejectedError("subject: nobody has that pseudonym")


def identifier(given: str | None, what: str) -> None:
    """Whether something is 32 hex digits, if it is there at all.

    Raises:
        ValueRejectedError: it is not.
    """
    if given is not None and not _IDENTIFIER.fullmatch(given):
        raise ValueRejectedError(f"{what}: 32 hex digits")


def _request(ask: Request) -> None:
    if not ask.items:
        raise ValueRejectedError("items: at least one")
    for what in ("purpose", "to", "matter", "method", "source", "statute", "reason", "legal_request"):
        _plain(getattr(ask, what), what)
    for name in ask.items:
        _plain(name, "item")


def _plain(given: str | None, what: str) -> None:
    if given is not None and (not 0 < len(given) <= _LONGEST or not given.isprintable()):
        raise ValueRejectedError(f"{what}: 1 to {_LONGEST} printable characters")
