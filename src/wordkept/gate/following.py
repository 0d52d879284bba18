"""Following: what a committed change brings with it in the separate store.

Each step can be repeated; what a crash leaves undone stands in the live store (people who are stale, wishes that were
not granted) and is taken up by the next run. What is *not* here: the changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from wordkept.evidence import Body
from wordkept.gate.deciding import Context, Done
from wordkept.gate.desk import Flushed, subjects_of
from wordkept.gate.loaded import Loaded
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
    tell(context, [subject for subject in flushed.told if subject not in wished])
    for subject in flushed.released:
        separate_released(context, subject)


def grant(context: Context, subject: str, body: Body) -> None:
    """Do what a person wished gone in the separate store; what must be kept there is told that it was released."""
    tell(context, [subject])
    reached("wish.told")
    with context.stores.transaction() as session:
        wished = sorted(owed.wishes(session, [subject]).get(subject, ()))
    if not wished:
        return
    pairs = [(subject, record) for record in wished]
    context.stores.retried(lambda: context.stores.separation.destroy(pairs, context.day, context.now, body, asked=True))
    reached("wish.done")
    with context.stores.transaction() as session:
        owed.granted(session, subject, wished)


def tell(context: Context, subjects: Sequence[str]) -> None:
    """Tell the separate store what people's events make of the holds there; nothing later is undone by it."""
    if subjects:
        context.stores.retried(lambda: _tell(context, subjects))


def _tell(context: Context, subjects: Sequence[str]) -> None:
    desk = context.desk()
    with context.stores.transaction() as session:
        desk.take(session, subjects_of(subjects), [], context.stores.known_apart, lock=True, copies=False)
        people = [loaded for loaded in desk.loaded.values() if loaded.there]
        rows = [
            (loaded.subject, loaded.person.history.number, row) for loaded in people for row in _apart(context, loaded)
        ]
        if rows:
            keeper.tell(context.stores.separation, rows)
        reached("person.told")
        changes.told(session, {loaded.subject: loaded.person.history.number for loaded in people})


def _apart(context: Context, loaded: Loaded) -> list[changes.Projection]:
    loaded.person.project(context.day)
    return [
        changes.Projection(one.id, Term(one.use_until, one.keep_until, one.not_before), one.released_on)
        for one in loaded.person.records
        if one.id not in loaded.held
    ]


def separate_released(context: Context, subject: str) -> None:
    """Separate at once what its person wanted deleted and something still requires."""
    with context.stores.transaction() as session:
        stored = values.read(session, subject)
    held = stored.held if stored else ()
    due = [(subject, one.record.id) for one in held if one.record.released_on and one.record.state is State.LIVE]
    context.stores.separation.separate_batch(due, context.day, context.now, _said(context))


def _said(context: Context) -> Body:
    return Body(on=str(context.day), role=Role.SYSTEM, edition=context.words.digest)
