"""Following: what a committed change brings with it in the separate store.

Each step can be repeated; what a crash leaves undone stands in the live store (people who are stale, wishes that were
not granted) and is taken up by the next run. What is *not* here: the changes.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from wordkept.evidence import Body
from wordkept.gate.deciding import Context, Done
from wordkept.gate.desk import Flushed
from wordkept.record import Term
from wordkept.terms import Act, Role, State
from wordkept.vault import changes, keeper, owed, values
from wordkept.vault.points import reached


def follow(context: Context, done: Iterable[Done], flushed: Flushed) -> None:
    """Delete there what its person wants gone, tell the separate store, separate what was released."""
    wished = dict.fromkeys(flushed.wished, _said(context))
    for one in done:
        if one.asked.ask.act is not Act.DESTROY:
            continue
        if one.asked.subject in wished:
            wished[one.asked.subject] = msgspec.structs.replace(one.body, items=())
        elif one.repeated:  # whoever asks again may ask because this was cut off
            wished[one.asked.subject] = _said(context)
    for subject, body in wished.items():
        grant(context, subject, body)
    for subject in flushed.told:
        if subject not in wished:
            tell(context, subject)
    for subject in flushed.released:
        separate_released(context, subject)


def grant(context: Context, subject: str, body: Body) -> None:
    """Do what a person wished gone in the separate store; what must be kept there is told that it was released."""
    tell(context, subject)
    reached("wish.told")
    with context.stores.transaction() as cursor:
        wished = sorted(owed.wishes(cursor, [subject]).get(subject, ()))
    if not wished:
        return
    pairs = [(subject, record) for record in wished]
    context.stores.retried(lambda: context.stores.separation.destroy(pairs, context.day, context.now, body, asked=True))
    reached("wish.done")
    with context.stores.transaction() as cursor:
        owed.granted(cursor, subject, wished)


def tell(context: Context, subject: str) -> None:
    """Tell the separate store what a person's events make of the holds there; nothing later is undone by it."""
    context.stores.retried(lambda: _tell(context, subject))


def _tell(context: Context, subject: str) -> None:
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
        reached("person.told")
        changes.told(cursor, subject, number)


def separate_released(context: Context, subject: str) -> None:
    """Separate at once what its person wanted deleted and something still requires."""
    with context.stores.transaction() as cursor:
        stored = values.read(cursor, subject)
    held = stored.held if stored else ()
    due = [(subject, one.record.id) for one in held if one.record.released and one.record.state is State.LIVE]
    context.stores.separation.separate_batch(due, context.day, context.now, _said(context))


def _said(context: Context) -> Body:
    return Body(on=str(context.day), role=Role.SYSTEM, edition=context.words.digest)
