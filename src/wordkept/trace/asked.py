"""Questions without a store: one JSON object becomes a request and facts, and the policy answers.

Facts that are not given mean the most open case (``docs/commands/decide.md`` lists them all), so that what is denied
is denied by the policy and not by a missing fact. What is *not* here: reading lines and writing answers (``cli``).
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Final

import msgspec

from wordkept.decision import Decision, decide, term_of
from wordkept.person import agreed
from wordkept.policy.model import Edition, Policy
from wordkept.record import (
    Actor,
    Facts,
    History,
    ImpossibleEventError,
    Record,
    Representation,
    Request,
    SpanKind,
    Standing,
    changes,
)
from wordkept.rules.spans import by_matter
from wordkept.terms import Act, Level, MalformedPolicyError, State
from wordkept.trace.past import Past
from wordkept.trace.questions import Answered, Given, HeldRecord, Question, words_at

_PLACE: Final = re.compile(r" - at `(?:key in )?(\$[.\w\[\]]*)`\Z", re.ASCII)
_CLOSED: Final = ("Invalid enum value", "Object contains unknown field")
_QUOTED: Final = re.compile(r"\s*(?P<quote>['\"]).*(?P=quote)|(?<=unknown field)\s*`.*`", re.DOTALL)
"""What the library repeats of a question: values in quotes, and names of fields that there are not."""


def answer(policy: Policy, line: str | bytes) -> Decision:
    """Answer one question.

    Args:
        policy: its editions; a question without ``on`` asks the newest.
        line: one JSON object.

    Raises:
        MalformedPolicyError: not a question, or its facts cannot be; says what is wrong, without repeating it.
    """
    try:
        question = msgspec.json.decode(line, type=Question)
    except UnicodeDecodeError:
        raise MalformedPolicyError("not UTF-8") from None
    except msgspec.MsgspecError as error:
        raise MalformedPolicyError(_unquoted(error)) from None
    if not question.items:
        raise MalformedPolicyError("items: at least one item is asked about")
    day = question.on or policy.editions[-1].effective
    edition = policy.on(day) or policy.editions[0]
    ask = _request(edition, question, day)
    try:
        return decide(policy, ask, _facts(policy, edition, question, ask))
    except msgspec.MsgspecError as error:
        raise MalformedPolicyError(f"facts.records: {_unquoted(error)}") from None
    except ImpossibleEventError as error:
        raise MalformedPolicyError(f"facts: {error}") from error
    except (ValueError, OverflowError):
        raise MalformedPolicyError("facts: a day that follows from them is beyond the calendar") from None


def _unquoted(error: msgspec.MsgspecError) -> str:
    """What the library says is wrong, where, and what may stand there; not what it met: it may be personal text."""
    said = str(error)
    place = _PLACE.search(said)
    wrong = _QUOTED.sub("", said[: place.start()] if place else said)
    words = words_at(place[1] if place else "$") if wrong.startswith(_CLOSED) else ()
    return wrong + (place[0] if place else "") + (f": one of {', '.join(words)}" if words else "")


def _request(edition: Edition, question: Question, day: date) -> Request:
    given, staff = question.facts, question.facts.staff
    actor = Actor(
        question.by,
        name="asked",
        level=given.level if given.identified else Level.NONE,
        pledge=staff.pledge == "valid",
        training=staff.training == "valid",
        grant=staff.grant == "valid",
    )
    own = [one.name for one in edition.methods.values() if not (one.names_source or one.arises)]
    method = question.method or (own[0] if own and question.do is Act.COLLECT else None)
    return Request(
        act=question.do,
        items=tuple(question.items),
        by=actor,
        on=day,
        purpose=question.purpose,
        to=question.to,
        matter=question.matter,
        method=method,
        source=question.from_,
        statute=question.statute,
        reason=question.reason,
        legal_request=question.legal_request,
    )


def _facts(policy: Policy, edition: Edition, question: Question, ask: Request) -> Facts:
    given = question.facts
    past = _past(edition, given, ask)
    records = {name: _records(edition, given, ask, name, past.history) for name in ask.items}
    service = _service(edition)
    if given.member == "left" and service is not None and service.closes:
        past.happen(service.closes)
        records = {name: _after_leaving(policy, edition, given, name, past.history, records[name]) for name in records}
    ended = frozenset(name for name, in_force in given.agreements.items() if not in_force)
    return Facts(
        history=past.history,
        records=records,
        documents=_documents(edition, given),
        ended=ended,
        peers=frozenset({None}) if given.group else frozenset(),
        operator=_operator(edition, given, ask),
    )


def _operator(edition: Edition, given: Given, ask: Request) -> History:
    """An agreement with the asked processor that has every clause it must have, unless it is said not to stand."""
    past, store = Past(edition, ask.on), edition.stores.get(ask.to or "")
    party = store.owner if store else ask.to
    asked = party is not None and party in edition.processors and given.agreements.get(party, True)
    for kind in agreed(edition) if asked else ():
        past.happen(kind.opens, party)
    return past.history


def _service(edition: Edition) -> SpanKind | None:
    """What makes a person a member: the span that rules call the service, else the first that stands on its own."""
    named = _spans_named(edition, "service")
    own = [one for one in edition.spans.values() if not (one.within or one.outside or one.operator or one.matters)]
    return next((one for one in own if one.name in named), own[0] if own else None)


def _spans_named(edition: Edition, *keys: str) -> frozenset[str]:
    """The spans that rules name under a key of their parameters: ``service``, ``dispute``, ``owed``."""
    bindings = [one for clause in edition.clauses.values() for one in clause.bindings]
    named: set[str] = {getattr(one.params, key, "") for one in bindings for key in keys}
    return frozenset(named & set(edition.spans))


def _past(edition: Edition, given: Given, ask: Request) -> Past:
    past = Past(edition, _last_day(given, ask))
    for group in dict.fromkeys(one.group for one in edition.purposes.values() if one.group):
        past.choose(group, given.table)
    service = _service(edition)
    if given.member != "none" and service is not None:
        past.happen(service.opens)
        for name, is_on in _add_ons(edition, given).items():
            if is_on:
                past.happen(edition.spans[name].opens)
    for to, choice in _choices(edition, given).items():
        past.choose(to, choice)
    charges, disputes = _spans_named(edition, "owed", "settled"), _spans_named(edition, "dispute")
    for kind in edition.spans.values():
        if kind.name in charges and given.owed:
            past.happen(kind.opens)
        for matter in given.disputes if kind.name in disputes else ():
            past.happen(kind.opens, matter)
    for name in sorted(_spans_named(edition, "accepted") if given.representative != "none" else ()):
        one = Representation(Standing(given.representative), ask.by.name, (ask.act,), ask.on)
        past.happen(edition.spans[name].opens, one.matter)
    _matter_of(past, given, ask)
    _granted(past, ask)
    return past


def _granted(past: Past, ask: Request) -> None:
    """What an authority asks for by a document was reviewed and granted."""
    for name in _spans_named(past.edition, "granted") if ask.legal_request else ():
        for item in ask.items:
            past.happen(past.edition.spans[name].opens, f"{ask.legal_request}:{item}")


def _last_day(given: Given, ask: Request) -> date:
    """The day of all that is told of the past: the asked one, or the one on which the person left."""
    return (given.left_on or ask.on - timedelta(days=1)) if given.member == "left" else ask.on


def _matter_of(past: Past, given: Given, ask: Request) -> None:
    """What the asked records belong to, by their matter: a request with its documents, an order."""
    of_items = [one for one in past.edition.purposes.values() if set(ask.items) & set(one.items)]
    named = {name for one in of_items if ask.purpose in {None, one.name} for name in one.ends_with}
    for name in sorted(named & by_matter(past.edition)) if ask.matter and given.requests != "none" else ():
        kind = past.edition.spans[name]
        if kind.within and not past.history.is_open(kind.within):
            continue
        past.happen(kind.opens, ask.matter)
        if given.requests == "decided" and kind.closes:
            past.happen(kind.closes, ask.matter)


def _choices(edition: Edition, given: Given) -> dict[str, Answered | bool]:
    groups = {one.group for one in edition.purposes.values() if one.group}
    names = sorted(edition.consents - groups)
    told = dict.fromkeys(given.consents, True) if isinstance(given.consents, list) else given.consents
    known = {*names, *edition.purposes} - groups
    if any(name not in known for name in told):
        raise MalformedPolicyError("facts.consents: it names what is no consent of this policy")
    rest: Answered = "none" if isinstance(given.consents, list) else "given"
    return {**dict.fromkeys(names, rest), **told}


def _add_ons(edition: Edition, given: Given) -> dict[str, bool]:
    names = [kind.name for kind in edition.spans.values() if kind.within and not kind.operator]
    told = dict.fromkeys(given.add_ons, True) if isinstance(given.add_ons, list) else given.add_ons
    if any(name not in names for name in told):
        raise MalformedPolicyError("facts.add_ons: it names what is no add-on of this policy")
    rest = not isinstance(given.add_ons, list)
    grouped = {one.group for one in edition.recipients.values() if one.group}
    return {name: given.group if name in grouped else told.get(name, rest) for name in names}


def _documents(edition: Edition, given: Given) -> tuple[frozenset[str], ...]:
    if given.requests != "open":
        return ()
    if given.documents is not None:
        return (frozenset(given.documents),)
    apart = by_matter(edition)
    return tuple(frozenset(one.items) for one in edition.purposes.values() if apart & set(one.ends_with))


def _records(edition: Edition, given: Given, ask: Request, name: str, history: History) -> tuple[Record, ...]:
    told = given.records.get(name)
    if told is None and ask.act is Act.COLLECT:
        return ()
    if isinstance(told, str):
        told = msgspec.convert({"state": told}, HeldRecord)
    held = told if isinstance(told, list) else [told or HeldRecord()]
    return tuple(
        _record(edition, given, ask, name, one, history, at) for at, one in enumerate(held) if one.state != "absent"
    )


def _record(
    edition: Edition, given: Given, ask: Request, name: str, held: HeldRecord, history: History, at: int
) -> Record:
    recorded = Request(
        act=Act.COLLECT,
        items=(name,),
        by=ask.by,
        on=held.on or ask.on,
        purpose=held.purpose or ask.purpose or _listing(edition, ask, name),
        matter=held.matter or ask.matter,
        statute=held.statute,
    )
    record = changes.collected(recorded, f"asked-{name}-{at}", name, edition.effective, history)
    return msgspec.structs.replace(
        record,
        state=State(held.state),
        frozen=held.frozen or name in given.frozen,
        use_until=held.use_until,
        keep_until=held.keep_until,
    )


def _listing(edition: Edition, ask: Request, item: str) -> str:
    """The first purpose that lists an item, of those whose records the addressee may have if there is one."""
    listing = [one.name for one in edition.purposes.values() if item in one.items]
    groups = {name: one.groups for name, one in edition.recipients.items()}
    tasks = {name: one.purposes for name, one in edition.processors.items()}
    tasks |= {name: one.purposes for name, one in edition.stores.items()}
    theirs = {*groups.get(ask.to or "", ()), *tasks.get(ask.to or "", ())}
    return next((one for one in listing if theirs & {one, edition.group(one)}), listing[0] if listing else "")


def _after_leaving(
    policy: Policy, edition: Edition, given: Given, name: str, history: History, records: tuple[Record, ...]
) -> tuple[Record, ...]:
    """Records whose days are not told follow from the holds that are left."""
    if name in given.records:
        return records
    before = history.number - 1
    old = [msgspec.structs.replace(one, after=before) for one in records]
    return tuple(changes.with_term(one, term_of(policy, one, history, edition)) for one in old)
