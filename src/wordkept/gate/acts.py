"""Acts: facts → decision → act → evidence, in one transaction of the live store.

A change locks its people first. A refusal is written and committed like an act. What is *not* here: readings
(``readings``), events (``happenings``), and what follows in the separate store (``following``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from wordkept.decision import Decision
from wordkept.evidence import Body, Predicate, Statement
from wordkept.gate import remembering, telling
from wordkept.gate.asking import Asked, Outcome
from wordkept.gate.deciding import Context, Done, decided, items_of, new_id, on_day, outcome
from wordkept.gate.desk import Desk, Flushed, subjects_of
from wordkept.gate.following import follow
from wordkept.gate.loaded import Loaded
from wordkept.gate.obeying import begin
from wordkept.record import History, Record, Request
from wordkept.rules.spans import opened_by
from wordkept.terms import PERSON, Act, Effect, Reason, State
from wordkept.vault import changes, values
from wordkept.vault.flight import Session
from wordkept.vault.points import reached


class _Twin(msgspec.Struct, frozen=True):
    """What became of somebody without any record who was asked for their first ones, and brought no event.

    Whoever has the same past, none either, and is asked the same in this batch gets the same answer and the same
    records: all that a decision about a collection knows is equal. ``ask`` and ``history`` keep their identities taken.
    """

    ask: Request
    history: History
    decision: Decision
    body: Body
    records: tuple[Record, ...]


Twins = dict[tuple[int, int], _Twin]
"""By the identities of request and past."""


def change(context: Context, asks: Sequence[Asked]) -> list[Outcome]:
    """Do a batch of changes in one transaction, in order.

    Raises:
        ValueRejectedError: a request id was used before for something else; nothing of the batch was stored.
        UnavailableError: a store is down.
    """
    done, flushed = context.stores.retried(lambda: _change(context, asks))
    context.stores.begun = context.edition is not None
    follow(context, done, flushed)
    return [outcome(context, one) for one in done]


def _change(context: Context, asks: Sequence[Asked]) -> tuple[list[Done], Flushed]:
    done: list[Done] = []
    flushed = Flushed()
    answered: dict[tuple[str, str], bytes] = {}
    with context.stores.transaction() as session:
        if context.edition and not context.stores.begun:
            begin(session, context.policy, context.edition, context.day)
        desk = context.desk()
        desk.take(
            session,
            subjects_of(one.subject for one in asks),
            _items(context, asks),
            context.stores.known_apart,
            lock=True,
        )
        for wave in _waves(asks):
            if done:
                some, desk = subjects_of(one.subject for one in wave), context.desk()
                desk.take(session, some, _items(context, wave), context.stores.known_apart, lock=False)
            went, wrote = _wave(context, session, desk, wave, answered)
            done += went
            flushed = flushed.and_then(wrote)
        reached("act.written")
    reached("act.committed")
    return done, flushed


def _waves(asks: Sequence[Asked]) -> Iterator[list[Asked]]:
    """Runs of requests in which nobody is met again after a change but to collect more from them.

    What one request wrote is read again before the next one about the same person is decided.
    """
    wave: list[Asked] = []
    met: dict[str, bool] = {}
    for one in asks:
        collects = one.ask.act is Act.COLLECT
        if one.subject in met and not (collects and met[one.subject]):
            yield wave
            wave, met = [], {}
        wave.append(one)
        met[one.subject] = collects and met.get(one.subject, True)
    yield wave


def _wave(
    context: Context, session: Session, desk: Desk, asks: Sequence[Asked], answered: dict[tuple[str, str], bytes]
) -> tuple[list[Done], Flushed]:
    twins: Twins = {}
    done = [_changed(context, session, desk, one, answered, twins) for one in asks]
    flushed = desk.flush(session)
    statements: list[Statement] = []
    for one in done:
        one.first = context.stores.journal.next + len(statements)
        if not one.repeated:
            statements += _told(context, desk, one, flushed)
            statements += [
                telling.ordered(context.now, context.policy, one.asked.subject, order) for order in one.ordered
            ]
    for one in done:
        if one.asked.request_id and not one.repeated:
            answer = remembering.outcome_bytes(one.asked, one.decision)
            changes.remember(session, one.asked.subject, one.asked.request_id, answer)
    context.stores.tell(statements)
    return done, flushed


def _items(context: Context, asks: Sequence[Asked]) -> list[str] | None:
    """The items to load; all of them where a collection brings an event, which may move every record."""
    brings = any(one.ask.act is Act.COLLECT and opened_by(context.words, one.ask) for one in asks)
    return None if brings else items_of(context, asks)


def _changed(
    context: Context,
    session: Session,
    desk: Desk,
    asked: Asked,
    answered: dict[tuple[str, str], bytes],
    twins: Twins,
) -> Done:
    loaded = desk.loaded[asked.subject]
    if asked.request_id:
        known = answered.get((asked.subject, asked.request_id))
        known = known or values.recall(session, asked.subject, asked.request_id)
        if known:
            return Done(asked, remembering.outcome_of(asked, known), Body(), repeated=True)
    before = {record.id: record for record in loaded.person.records}
    done = _as_twin(context, loaded, asked, twins) or _moved(context, session, loaded, asked, twins)
    if asked.request_id:
        answered[asked.subject, asked.request_id] = remembering.outcome_bytes(asked, done.decision)
    done.made = tuple(record.id for record in loaded.person.records if record.id not in before)
    if done.decision.effect is Effect.ALLOW:
        _give_values(desk, loaded, done, before)
    return done


def _as_twin(context: Context, loaded: Loaded, asked: Asked, twins: Twins) -> Done | None:
    twin = twins.get((id(asked.ask), id(loaded.person.history)))
    if twin is None or loaded.person.records:
        return None
    loaded.person.take_after(twin.records, lambda: new_id(context.now))
    return Done(asked, twin.decision, twin.body)


def _moved(context: Context, session: Session, loaded: Loaded, asked: Asked, twins: Twins) -> Done:
    """Decide a request and move its person as was decided."""
    ask, history, first = on_day(asked.ask, context.day), loaded.person.history, not loaded.person.records
    told = len(loaded.person.ordered)
    decision = decided(context, session, loaded, ask)
    done = Done(asked, decision, telling.about(context.policy, ask, decision, context.day))
    done.brought = loaded.person.do(ask, decision, lambda: new_id(context.now))
    loaded.events += done.brought
    done.ordered = tuple(loaded.person.ordered[told:])
    if first and ask.act is Act.COLLECT and not done.brought:
        twins[id(asked.ask), id(history)] = _Twin(asked.ask, history, decision, done.body, tuple(loaded.person.records))
    return done


def _give_values(desk: Desk, loaded: Loaded, done: Done, before: Mapping[str, Record]) -> None:
    """Give new records and new versions their values; what a correction does not name keeps its own."""
    asked = done.asked
    if asked.ask.act is Act.COLLECT:
        done.replaced = _replaced(before, loaded)
        for record in _records(loaded, done.made):
            desk.give_value(loaded, record, asked.values[record.item])
    elif asked.ask.act is Act.CORRECT:
        for record in done.decision.records:
            if record.item in asked.values:
                desk.give_value(loaded, record, asked.values[record.item])
            else:
                desk.keep_value(loaded, record)


def _replaced(before: Mapping[str, Record], loaded: Loaded) -> tuple[Record, ...]:
    return tuple(
        before[record.id]
        for record in loaded.person.records
        if record.state is State.DESTROYED and record.id in before and before[record.id].state is State.LIVE
    )


def _records(loaded: Loaded, ids: Iterable[str]) -> list[Record]:
    wanted = set(ids)
    return [record for record in loaded.person.records if record.id in wanted]


def _told(context: Context, desk: Desk, one: Done, flushed: Flushed) -> list[Statement]:
    """The statements of one change; of an act allowed in part, one for each part."""
    ask, decision, now = one.asked.ask, one.decision, context.now
    subject, body = one.asked.subject, one.body
    if ask.act is Act.DESTROY:
        return _told_destruction(context, desk, one)
    if decision.effect is Effect.DENY:
        return [telling.refused(now, body, subject, one.asked.request_id)]
    if ask.act is not Act.COLLECT:
        versions = {record.id: record for record in desk.loaded[subject].person.records}
        named = [(r.id, versions[r.id].version, flushed.sealed.get(r.id)) for r in decision.records]
        return [telling.of_records(telling.PREDICATES[ask.act], now, body, subject, named)]
    statements = [telling.brought(now, event, context.policy, subject, ask.by) for event in one.brought]
    if one.replaced:
        named = [(record.id, record.version, None) for record in one.replaced]
        statements.append(telling.of_records(Predicate.DESTROYED, now, body, subject, named))
    collected = telling.forms(Predicate.COLLECTED, now, body)
    for record in _records(desk.loaded[subject], one.made):
        sealed = flushed.sealed.get(record.id)
        if sealed is None:
            said = msgspec.structs.replace(body, items=(record.item,))
            statements.append(telling.of_records(Predicate.REPLACED, now, said, subject, [(record.id, 1, None)]))
        else:
            statements.append(collected.of((record.item,)).fill(subject, [(record.id, record.version, sealed)]))
    return statements


def _told_destruction(context: Context, desk: Desk, one: Done) -> list[Statement]:
    subject, now, parts = one.asked.subject, context.now, one.decision.parts
    held = {name for name, one in desk.loaded[subject].held.items() if one.record.state is State.LIVE}
    by_person = one.asked.ask.by.role in PERSON
    statements = []
    gone = [part.record for part in parts if part.effect is Effect.ALLOW and part.record.id in held]
    kept = [part.record for part in parts if part.effect is Effect.DENY and part.reason is Reason.HELD]
    allowed = one.decision.effect is Effect.ALLOW
    if gone and (allowed or by_person):
        clauses = tuple(dict.fromkeys(c for part in parts if part.effect is Effect.ALLOW for c in part.because))
        said = msgspec.structs.replace(one.body, clauses=clauses, effect=Effect.ALLOW, reason=Reason.PERMITTED)
        named = [(record.id, record.version, None) for record in gone]
        statements.append(telling.of_records(Predicate.DESTROYED, now, said, subject, named))
    if kept and by_person:
        named = [(record.id, record.version, None) for record in kept]
        statements.append(telling.of_records(Predicate.RELEASED, now, one.body, subject, named))
    if not allowed:
        statements.append(telling.refused(now, one.body, subject, one.asked.request_id))
    if not statements:
        said = msgspec.structs.replace(one.body, subject=subject)
        statements.append(telling.of_records(Predicate.PERFORMED, now, said, subject, []))
    return statements
