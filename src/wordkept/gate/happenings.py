"""Happenings: events of people and of the operator, appended, folded, and what they make of holds written back.

What is *not* here: which events there are (the policy declares them) and what follows from them (``rules``).
"""

from __future__ import annotations

from collections.abc import Sequence

from wordkept.evidence import Statement
from wordkept.gate import telling
from wordkept.gate.asking import Happening
from wordkept.gate.deciding import OPERATOR, Context
from wordkept.gate.desk import Desk, Flushed, Loaded, subjects_of
from wordkept.gate.following import tell
from wordkept.record import CONSENT, Event, ImpossibleEventError
from wordkept.terms import ValueRejectedError
from wordkept.vault import peers
from wordkept.vault.access import Cursor


def happen(context: Context, happenings: Sequence[Happening]) -> list[int | ImpossibleEventError]:
    """Write down a batch of events in one transaction, in order; an impossible one is left out.

    Returns:
        The number of each event, or why it cannot have happened.

    Raises:
        ValueRejectedError: a matter or consent that is no short plain name.
        UnavailableError: the store is down.
    """
    for one in happenings:
        _is_plain(one.matter, "matter")
        _is_plain(one.to, "consent")
    done, flushed = context.stores.retried(lambda: _happen(context, happenings))
    for subject in flushed.told:
        tell(context, subject)
    return done


def _is_plain(name: str | None, what: str) -> None:
    if name is not None and (not 0 < len(name) <= 200 or not name.isprintable()):  # noqa: PLR2004  (characters)
        raise ValueRejectedError(f"{what}: 1 to 200 printable characters")


def _happen(context: Context, happenings: Sequence[Happening]) -> tuple[list[int | ImpossibleEventError], Flushed]:
    desk = context.desk()
    done: list[int | ImpossibleEventError] = []
    statements: list[Statement] = []
    with context.stores.transaction() as cursor:
        subjects = subjects_of(one.subject or OPERATOR for one in happenings)
        desk.take(cursor, subjects, None, context.stores.known_apart, lock=True)
        before = {name: _groups(context, desk.loaded[name]) for name in subjects}
        for one in happenings:
            loaded = desk.loaded[one.subject or OPERATOR]
            try:
                event = _event(context, loaded, one)
            except ImpossibleEventError as error:
                done.append(error)
                continue
            loaded.events.append(event)
            done.append(event.number)
            statements.append(telling.happened(context.now, one, context.edition, event.number, str(context.day)))
        flushed = desk.flush(cursor)
        for name in subjects:
            _write_groups(context, cursor, desk, name, before[name])
        context.stores.journal.append(cursor, statements)
    return done, flushed


def _event(context: Context, loaded: Loaded, one: Happening) -> Event:
    if one.kind != CONSENT:
        return loaded.person.happen(context.day, one.kind, one.matter)
    if one.to is None or one.choice is None:
        raise ImpossibleEventError("a consent names what it is to and what was chosen")
    return loaded.person.choose(context.day, one.to, one.choice)


def _groups(context: Context, loaded: Loaded) -> dict[str, frozenset[str | None]]:
    spans = {one.group for one in context.words.recipients.values() if one.group}
    return {span: loaded.person.open_matters(span) for span in spans}


def _write_groups(
    context: Context, cursor: Cursor, desk: Desk, subject: str, before: dict[str, frozenset[str | None]]
) -> None:
    for span, now in _groups(context, desk.loaded[subject]).items():
        peers.moved(cursor, span, subject, before[span], now)
