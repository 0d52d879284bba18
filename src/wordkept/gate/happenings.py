"""Happenings: events of people and of the operator, appended, folded, and what they make of holds written back.

What is *not* here: which events there are (the policy declares them) and what follows from them (``rules``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from wordkept.evidence import Statement
from wordkept.gate import admitting, consenting, remembering, telling
from wordkept.gate.asking import Happening
from wordkept.gate.deciding import OPERATOR, Context
from wordkept.gate.desk import Desk, Flushed, subjects_of
from wordkept.gate.following import tell
from wordkept.gate.loaded import Loaded
from wordkept.record import CONSENT, Event, ImpossibleEventError
from wordkept.vault import changes, peers, values
from wordkept.vault.flight import Command, Session
from wordkept.vault.points import reached


class Beside(msgspec.Struct, frozen=True):
    """What is written in the same transaction as events, and stands or falls with all of them."""

    commands: Sequence[Command]
    statements: Sequence[Statement] = ()


def happen(
    context: Context, happenings: Sequence[Happening], beside: Beside | None = None
) -> list[int | ImpossibleEventError]:
    """Write down a batch of events in one transaction, in order; an impossible one is left out.

    Args:
        context: of the operation.
        happenings: the events.
        beside: what goes with them; then none may be impossible.

    Returns:
        The number of each event, or why it cannot have happened.

    Raises:
        ImpossibleEventError: one cannot have happened, and something goes with it; nothing was written.
        ValueRejectedError: a request id was used before for something else, or what was shown is no text of ours.
        UnavailableError: the store is down.
    """
    done, flushed, filed = context.stores.retried(lambda: _happen(context, happenings, beside))
    context.stores.filed |= filed
    reached("event.committed")
    tell(context, flushed.told)
    return done


def _happen(
    context: Context, happenings: Sequence[Happening], beside: Beside | None
) -> tuple[list[int | ImpossibleEventError], Flushed, frozenset[str]]:
    desk = context.desk()
    done: list[int | ImpossibleEventError] = []
    statements: list[Statement] = []
    answered: dict[tuple[str, str], bytes] = {}
    with context.stores.transaction() as session:
        subjects = subjects_of(one.subject or OPERATOR for one in happenings)
        desk.take(session, subjects, None, context.stores.known_apart, lock=True)
        before = {name: groups(context, desk.loaded[name]) for name in subjects}
        for one in happenings:
            loaded = desk.loaded[one.subject or OPERATOR]
            known = _recalled(session, loaded.subject, one, answered)
            if known is not None:
                done.append(known)
                continue
            try:
                event = _event(context, loaded, one)
            except ImpossibleEventError as error:
                if beside:
                    raise
                done.append(error)
                continue
            loaded.events.append(event)
            done.append(event.number)
            if one.request_id:
                answered[loaded.subject, one.request_id] = remembering.number_bytes(one, event.number)
            statements.append(telling.happened(context.now, one, context.policy, event.number, context.day))
        flushed = desk.flush(session)
        for name in subjects:
            write_groups(context, session, desk, name, before[name])
        for (subject, request_id), answer in answered.items():
            changes.remember(session, subject, request_id, answer)
        filed = consenting.file(context, session, happenings)
        said = [*statements, *(beside.statements if beside else ())]
        context.stores.tell(said, beside.commands if beside else ())
        reached("event.written")
    return done, flushed, filed


def _recalled(session: Session, subject: str, one: Happening, answered: Mapping[tuple[str, str], bytes]) -> int | None:
    """The number of an event that was written down before under this request id."""
    if one.request_id is None:
        return None
    known = answered.get((subject, one.request_id)) or values.recall(session, subject, one.request_id)
    return remembering.number_of(one, known) if known else None


def _event(context: Context, loaded: Loaded, one: Happening) -> Event:
    admitting.possible(context.policy, context.day, one)
    if one.kind != CONSENT:
        return loaded.person.happen(context.day, one.kind, one.matter)
    if one.to is None or one.choice is None:
        raise ImpossibleEventError("a consent names what it is to and what was chosen")
    consenting.checked(context, one)
    signature = consenting.signature(context, one, loaded.person.history.number + 1)
    return loaded.person.choose(context.day, one.to, one.choice, shown=one.shown, signature=signature)


def groups(context: Context, loaded: Loaded) -> dict[str, frozenset[str | None]]:
    """In which matters of which groups a person is a member now."""
    spans = {one.group for one in context.words.recipients.values() if one.group}
    return {span: loaded.person.open_matters(span) for span in spans}


def write_groups(
    context: Context, session: Session, desk: Desk, subject: str, before: dict[str, frozenset[str | None]]
) -> None:
    """Write down which groups a person joined or left since ``before``."""
    for span, now in groups(context, desk.loaded[subject]).items():
        peers.moved(session, span, subject, before[span], now)
