"""Readings: values are opened for a decision made at their snapshot, and handed out after the commit returned.

What is *not* here: changes (``acts``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from wordkept.evidence import Statement
from wordkept.gate import telling
from wordkept.gate.apart import opened
from wordkept.gate.asking import Asked, Outcome
from wordkept.gate.deciding import Context, Done, decided, items_of, outcome
from wordkept.gate.desk import Desk
from wordkept.terms import Effect


def read(context: Context, asks: Sequence[Asked]) -> list[Outcome]:
    """Do a batch of readings in one transaction, each decided at its snapshot.

    Raises:
        UnavailableError: a store is down.
    """
    return [outcome(context, one) for one in context.stores.retried(lambda: _read(context, asks))]


def _read(context: Context, asks: Sequence[Asked]) -> list[Done]:
    desk = context.desk()
    done: list[Done] = []
    statements: list[Statement] = []
    with context.stores.transaction() as cursor:
        subjects = list(dict.fromkeys(one.subject for one in asks))
        desk.take(cursor, subjects, items_of(context, asks), context.stores.known_apart, lock=False)
        for asked in asks:
            loaded = desk.loaded[asked.subject]
            ask = msgspec.structs.replace(asked.ask, on=context.day)
            decision = decided(context, cursor, loaded, ask)
            body = telling.about(context.edition, ask, decision, ask.items, str(context.day))
            one = Done(asked, decision, body, first=context.stores.journal.next + len(statements))
            done.append(one)
            if decision.effect is Effect.DENY:
                statements.append(telling.refused(context.now, body, asked.subject, asked.request_id))
                continue
            here = [loaded.held[r.id] for r in decision.records if r.id in loaded.held]
            named = [(h.record.id, h.record.version, h.value.digest) for h in here]
            statements.append(telling.of_records(telling.PREDICATES[ask.act], context.now, body, asked.subject, named))
        _open(context, desk, done)
        context.stores.journal.append(cursor, statements)
    return done


def _open(context: Context, desk: Desk, done: Iterable[Done]) -> None:
    """Open what was allowed, all of the live store at once; what is apart for its reason, stated there."""
    allowed = [one for one in done if one.decision.effect is Effect.ALLOW]
    wanted = [
        (one, desk.loaded[one.asked.subject].held[record.id])
        for one in allowed
        for record in one.decision.records
        if record.id in desk.loaded[one.asked.subject].held
    ]
    values_here = context.stores.keys.open_many([(held.named, held.value) for _, held in wanted])
    plain: dict[int, dict[str, list[bytes]]] = {}
    for (one, held), value in zip(wanted, values_here, strict=True):
        plain.setdefault(id(one), {}).setdefault(held.record.item, []).append(value)
    for one in allowed:
        here = desk.loaded[one.asked.subject].held
        apart = [record for record in one.decision.records if record.id not in here]
        if apart:
            ask = msgspec.structs.replace(one.asked.ask, on=context.day)
            found = opened(context.stores.separation, one.asked.subject, ask, apart, context.now, one.body)
            for record in apart:
                plain.setdefault(id(one), {}).setdefault(record.item, []).append(found[record.id])
        one.plain = {item: tuple(some) for item, some in plain.get(id(one), {}).items()}
