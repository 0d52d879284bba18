"""Admitting: whether what a caller hands in has the form that it must have, before anything is asked of a store.

What a refusal says names the part, never what was in it. All of it is looked at before anything is decided: an error
that came later would take back refusals that must be written, and tell by its place which requests were allowed. Types
are looked at too: a role or act that is a mere text would pass by rules that know only the word itself. What is *not*
here: whether the act is allowed; what cannot follow what happened before is the fold's matter (``record.history``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from types import UnionType
from typing import Final, get_args, get_origin, get_type_hints

import msgspec

from wordkept.gate.asking import Asked, Happening
from wordkept.gate.deciding import OPERATOR
from wordkept.gate.telling import pseudonym
from wordkept.policy.model import Policy
from wordkept.policy.values import fit
from wordkept.record import CONSENT, Actor, ImpossibleEventError, Request, Shown
from wordkept.terms import Act, Choice, ValueRejectedError

_IDENTIFIER: Final = re.compile(r"[0-9a-f]{32}")
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_LONGEST: Final = 200
_MOST: Final = 1000
"""Items of one request: more than any policy declares that people still read."""
_GIVES: Final = frozenset({Act.COLLECT, Act.CORRECT})
_CHOSEN: Final = frozenset({Choice.GIVEN, Choice.REFUSED, Choice.WITHDRAWN})


def _types(kind: type[msgspec.Struct]) -> tuple[tuple[str, tuple[type, ...]], ...]:
    """Of which types each field of a struct may be."""
    hints = get_type_hints(kind)
    either = {name: get_args(hint) if isinstance(hint, UnionType) else (hint,) for name, hint in hints.items()}
    return tuple((name, tuple(get_origin(one) or one for one in hints)) for name, hints in either.items())


_TYPES: Final[Mapping[type[msgspec.Struct], tuple[tuple[str, tuple[type, ...]], ...]]] = {
    kind: _types(kind) for kind in (Asked, Request, Actor, Happening, Shown)
}


def asked(policy: Policy, day: date, asks: Sequence[Asked]) -> list[Asked]:
    """Requests that may come in, with their values as the bytes to seal.

    Raises:
        ValueRejectedError: something is of another type, an identifier is none, a name is no short line of printable
            characters, nothing is asked about, or a value is missing, does not fit or is of something else.
    """
    for one in asks:
        _typed(one)
    for ask in {id(one.ask): one.ask for one in asks}.values():  # in a batch, many are the same request of many people
        _request(ask)
    return [_admitted(policy, day, one) for one in asks]


def _admitted(policy: Policy, day: date, one: Asked) -> Asked:
    person(one.subject)
    identifier(one.request_id, "request id")
    if one.ask.act not in _GIVES:
        return one
    if not one.values.keys() <= set(one.ask.items):
        raise ValueRejectedError("values: only of the items that are asked")
    if one.ask.act is Act.COLLECT and len(one.values) < len(one.ask.items):
        missing = next(item for item in one.ask.items if item not in one.values)
        raise ValueRejectedError(f"{missing}: a collection comes with a value")
    fitted = {item: _fitted(policy, day, item, value) for item, value in one.values.items()}
    return Asked(one.subject, one.ask, fitted, one.request_id)


def _fitted(policy: Policy, day: date, item: str, value: str | bytes) -> str | bytes:
    """The bytes to seal; what no edition declares is no item yet, and whether anybody may collect it is decided."""
    declared = policy.item(item, day) or policy.item(item, date.max)
    return fit(declared, value) if declared else value


def happening(one: Happening) -> None:
    """Whether an event may come in.

    Raises:
        ValueRejectedError: as ``asked``.
    """
    _typed(one)
    for part in (one.by, one.shown):
        if part is not None:
            _typed(part)
    if one.shown is not None and not _DIGEST.fullmatch(one.shown.digest):
        raise ValueRejectedError("consent: the digest of a text has 64 hex digits")
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
    _typed(ask)
    _typed(ask.by)
    if not 0 < len(ask.items) <= _MOST or len(set(ask.items)) < len(ask.items):
        raise ValueRejectedError(f"items: 1 to {_MOST}, each once")
    for what in ("purpose", "to", "matter", "method", "source", "statute", "reason", "legal_request"):
        _plain(getattr(ask, what), what)
    for name in ask.items:
        _plain(name, "item")


def _typed(given: msgspec.Struct) -> None:
    for name, types in _TYPES[type(given)]:
        if not isinstance(getattr(given, name), types):
            raise ValueRejectedError(f"{name}: of type {' or '.join(one.__name__ for one in types)}")


def _plain(given: str | None, what: str) -> None:
    if given is not None and not isinstance(given, str):
        raise ValueRejectedError(f"{what}: of type str")
    if given is not None and (not 0 < len(given) <= _LONGEST or not given.isprintable()):
        raise ValueRejectedError(f"{what}: 1 to {_LONGEST} printable characters")
