"""Following: what a committed change brings with it in the separate store.

Each step can be repeated; what a crash leaves undone is taken up by the next run. What is *not* here: the changes.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from wordkept.evidence import Body
from wordkept.gate.deciding import PERSON, Context, Done
from wordkept.gate.desk import Flushed
from wordkept.record import Term
from wordkept.terms import Act, Effect, Role, State
from wordkept.vault import changes, keeper, values


def follow(context: Context, done: Iterable[Done], flushed: Flushed) -> None:
    """Tell the separate store, separate what was released, delete there what its person wants gone."""
    for one in done:
        if one.asked.ask.act is not Act.DESTROY or one.repeated:
            continue
        allowed = one.decision.effect is Effect.ALLOW or one.asked.ask.by.role in PERSON
        gone = [
            part.record
            for part in one.decision.parts
            if part.effect is Effect.ALLOW and part.record.state is not State.LIVE
        ]
        if gone and allowed:
            pairs = [(one.asked.subject, record.id) for record in gone]
            body = msgspec.structs.replace(one.body, items=())
            context.stores.separation.destroy(pairs, context.day, context.now, body, asked=True)
    for subject in flushed.told:
        tell(context, subject)
    for subject in flushed.released:
        separate_released(context, subject)


def tell(context: Context, subject: str) -> None:
    """Tell the separate store what a person's events make of the holds there; nothing later is undone by it."""
    desk = context.desk()
    with context.stores.transaction() as cursor:
        desk.take(cursor, [subject], [], context.stores.known_apart, lock=True)
        loaded = desk.loaded[subject]
        if not loaded.there:
            return
        loaded.person.project(context.day)
        number = loaded.person.history.number
        rows = [
            changes.Projection(r.id, Term(r.use_until, r.keep_until, r.not_before), r.released)
            for r in loaded.person.records
            if r.id not in loaded.held
        ]
        keeper.tell(context.stores.separation, subject, rows, number)
        changes.told(cursor, subject, number)


def separate_released(context: Context, subject: str) -> None:
    """Separate at once what its person wanted deleted and something still requires."""
    with context.stores.transaction() as cursor:
        stored = values.read(cursor, subject)
    held = stored.held if stored else ()
    due = [(subject, one.record.id) for one in held if one.record.released and one.record.state is State.LIVE]
    body = Body(on=str(context.day), role=Role.SYSTEM, edition=context.words.digest)
    context.stores.separation.separate_batch(due, context.day, context.now, body)
