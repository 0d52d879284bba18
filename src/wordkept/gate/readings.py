"""Readings: values are opened for a decision made at their snapshot, and handed out after the commit returned.

What is *not* here: changes (``acts``).
"""

from __future__ import annotations

from collections.abc import Sequence

from wordkept.evidence import Body, Statement
from wordkept.gate import handing, telling
from wordkept.gate.apart import opened
from wordkept.gate.asking import Asked, Outcome
from wordkept.gate.deciding import Context, Done, decided, items_of, new_id, on_day, outcome
from wordkept.gate.desk import Desk
from wordkept.partners import OUTWARD
from wordkept.terms import Act, Effect, Reason
from wordkept.vault.values import Held


def read(context: Context, asks: Sequence[Asked]) -> list[Outcome]:
    """Do a batch of readings in one transaction, each decided at its snapshot.

    Raises:
        UnavailableError: a store is down.
    """
    return [outcome(context, one) for one in context.stores.retried(lambda: _read(context, asks))]


def _read(context: Context, asks: Sequence[Asked]) -> list[Done]:
    desk, done, wanted, statements = context.desk(), list[Done](), list[tuple[Done, Held]](), list[Statement]()
    bodies: dict[tuple[int, Reason, tuple[str, ...]], Body] = {}
    with context.stores.transaction() as session:
        subjects = list(dict.fromkeys(one.subject for one in asks))
        outward = any(one.ask.act in OUTWARD for one in asks)  # what is given is written down: it is a change
        desk.take(
            session,
            sorted(subjects) if outward else subjects,
            items_of(context, asks),
            context.stores.known_apart,
            lock=outward,
            makes=False,
            copies=outward,
        )
        for number, asked in enumerate(asks, context.stores.journal.next):
            loaded = desk.loaded[asked.subject]
            ask = on_day(asked.ask, context.day)
            decision = decided(context, session, loaded, ask)
            alike = (id(asked.ask), decision.reason, decision.because)
            if alike not in bodies:
                bodies[alike] = telling.about(context.policy, ask, decision, context.day)
            body = bodies[alike]
            one = Done(asked, decision, body, first=number)
            done.append(one)
            if decision.effect is Effect.DENY:
                statements.append(telling.refused(context.now, body, asked.subject, asked.request_id))
                continue
            here = [loaded.held[record.id] for record in decision.records if record.id in loaded.held]
            named = [(held.record.id, held.record.version, held.value.digest) for held in here]
            statements.append(telling.of_records(telling.PREDICATES[ask.act], context.now, body, asked.subject, named))
            wanted += [(one, held) for held in here]
            if ask.act in OUTWARD:
                loaded.person.do(ask, decision, lambda: new_id(context.now))
        handed = [command for one in desk.loaded.values() for command in handing.commands(one, context.now)]
        for one in done:
            if one.asked.ask.act in OUTWARD and one.decision.effect is Effect.ALLOW:
                to, entrusted = one.asked.ask.to or "", one.asked.ask.act is Act.ENTRUST
                one.alias = handing.alias(desk.loaded[one.asked.subject], to, entrusted=entrusted)
        _open(context, wanted)
        for one in done:
            _open_apart(context, desk, one)
        context.stores.tell(statements, handed)
    return done


def _open(context: Context, wanted: Sequence[tuple[Done, Held]]) -> None:
    """Open what was allowed in the live store, all at once."""
    opened = context.stores.keys.open_many([(held.named, held.value) for _, held in wanted])
    for (one, held), value in zip(wanted, opened, strict=True):
        item = held.record.item
        one.plain[item] = (*one.plain.get(item, ()), value)


def _open_apart(context: Context, desk: Desk, one: Done) -> None:
    """Open what is apart for the reason that was asked, stated there."""
    here = desk.loaded[one.asked.subject].held
    apart = [record for record in one.decision.records if record.id not in here]
    if apart and one.decision.effect is Effect.ALLOW:
        ask = on_day(one.asked.ask, context.day)
        found = opened(context.stores.separation, one.asked.subject, ask, apart, context.now, one.body)
        for record in apart:
            one.plain[record.item] = (*one.plain.get(record.item, ()), found[record.id])


def opened_for(context: Context, desk: Desk, one: Done) -> dict[str, bytes]:
    """The values of every record that a decision allows, by record, from both stores."""
    loaded = desk.loaded[one.asked.subject]
    here = [loaded.held[record.id] for record in one.decision.records if record.id in loaded.held]
    plain = context.stores.keys.open_many([(held.named, held.value) for held in here])
    found = {held.record.id: value for held, value in zip(here, plain, strict=True)}
    apart = [record for record in one.decision.records if record.id not in found]
    if apart:
        found |= opened(context.stores.separation, loaded.subject, one.asked.ask, apart, context.now, one.body)
    return found
