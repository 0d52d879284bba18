"""Importing: people who lived elsewhere until now are written down with their past, in one transaction for a batch.

Statements say on which day it was, and by their rule that it was brought in later. Whoever is here already is left
alone, so an import that was interrupted is given again. What is *not* here: what the past makes of a person
(``reliving``).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec

from wordkept.evidence import Predicate, Statement
from wordkept.gate import admitting, telling
from wordkept.gate.asking import Asked, Happening
from wordkept.gate.deciding import Context, new_id
from wordkept.gate.desk import Desk, Flushed, subjects_of
from wordkept.gate.happenings import groups, write_groups
from wordkept.gate.loaded import Loaded
from wordkept.gate.obeying import begin
from wordkept.gate.reliving import Past, Relived, relive
from wordkept.record import Record
from wordkept.terms import Effect, State

RULE: Final = "import.past"
"""What statements about a past carry as their rule."""
People = Sequence[tuple[str, Sequence[Past]]]


def bring(context: Context, people: People) -> list[Relived]:
    """Write down a batch of people.

    Raises:
        ValueRejectedError: a value does not fit, or a name is none; nothing was stored.
        UnavailableError: the store is down.
    """
    admitted = [(subject, [_admitted(context, one) for one in past]) for subject, past in people]
    return context.stores.retried(lambda: _bring(context, admitted))


def _admitted(context: Context, one: Past) -> Past:
    if isinstance(one.what, Happening):
        admitting.happening(one.what)
        return one
    (what,) = admitting.asked(context.policy, one.on, [one.what])
    return msgspec.structs.replace(one, what=what)


def _bring(context: Context, people: People) -> list[Relived]:
    desk, done = context.desk(), list[Relived]()
    with context.stores.transaction() as session:
        if context.edition and not context.stores.begun:
            begin(session, context.policy, context.edition, context.day)
        subjects = subjects_of(subject for subject, _ in people)
        desk.take(session, subjects, None, context.stores.known_apart, lock=True)
        new = [(subject, past) for subject, past in people if not _is_here(desk.loaded[subject])]
        before = {subject: groups(context, desk.loaded[subject]) for subject, _ in new}
        lived = {subject: _lived(context, desk, desk.loaded[subject], past) for subject, past in new}
        flushed = desk.flush(session)
        statements: list[Statement] = []
        for subject, all_ in lived.items():
            write_groups(context, session, desk, subject, before[subject])
            statements += [told for one in all_ for told in _told(context, desk, subject, one, flushed)]
            done += all_
        context.stores.tell(statements)
    context.stores.begun = context.edition is not None
    return done


def _is_here(loaded: Loaded) -> bool:
    return bool(loaded.person.history.number or loaded.person.records or loaded.away)


def _lived(context: Context, desk: Desk, loaded: Loaded, past: Sequence[Past]) -> list[Relived]:
    lived = list(relive(loaded.person, past, context.day, lambda: new_id(context.now)))
    loaded.events += [one.event for one in lived if one.event]
    for one in lived:
        if isinstance(one.past.what, Asked):
            for record in _records(loaded, one):
                desk.give_value(loaded, record, one.past.what.values[record.item])
    return lived


def _records(loaded: Loaded, one: Relived) -> list[Record]:
    """The records that a collection made and that no later one replaced."""
    return [record for record in loaded.person.records if record.id in one.made and record.state is State.LIVE]


def _told(context: Context, desk: Desk, subject: str, one: Relived, flushed: Flushed) -> list[Statement]:
    what, now, said = one.past.what, context.now, list[Statement]()
    if one.event:
        happening = what if isinstance(what, Happening) else Happening(subject, one.event.kind, by=what.ask.by)
        said.append(telling.happened(now, happening, context.policy, one.event.number, one.past.on, RULE))
    if isinstance(what, Happening) or one.decision is None:
        return said
    body = telling.about(context.policy, what.ask, one.decision, one.past.on)
    body = msgspec.structs.replace(body, rule=RULE)
    if one.decision.effect is Effect.DENY:
        return [telling.refused(now, body, subject)]
    collected = telling.forms(Predicate.COLLECTED, now, body)
    for record in _records(desk.loaded[subject], one):
        sealed = flushed.sealed[record.id]
        said.append(collected.of((record.item,)).fill(subject, [(record.id, record.version, sealed)]))
    return said
