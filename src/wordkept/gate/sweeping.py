"""Sweeping: what a day's run owes, and doing exactly a list of it.

What is due is read by ranges, page by page, from both stores; why, from the holds that ended last. Doing re-checks
each record in the statement that changes it: what no longer qualifies is left alone and counted. What is *not* here:
plans as files (``worker.plan``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import timedelta
from itertools import islice
from typing import Final

import msgspec

from wordkept.decision import holds_of
from wordkept.decision import owed as owed_to
from wordkept.evidence import Body, Predicate, Statement, template
from wordkept.gate import telling
from wordkept.gate.asking import Swept
from wordkept.gate.deciding import Context
from wordkept.gate.following import tell
from wordkept.gate.ordering import order_destroyed
from wordkept.record import History, Record
from wordkept.terms import Role, State
from wordkept.vault import changes, keeper, owed, values
from wordkept.vault.flight import Session
from wordkept.vault.points import reached
from wordkept.vault.values import Due

BATCH: Final = 2_000
_PAGE: Final = 2_000
_BY_LAW: Final = "retention.by-law"


class Owed(msgspec.Struct, frozen=True, kw_only=True):
    """One record's deed, and the clauses (and law parameters) whose holds ended."""

    deed: str
    store: str
    subject: str
    record: str
    item: str
    version: int
    clauses: tuple[str, ...] = ()
    law: tuple[str, ...] = ()


def due(context: Context) -> Iterator[Owed]:
    """Everything that a rule of the policy owes in the run of the day, oldest first, page by page."""
    if _owing(context, "separate", "live"):
        yield from _live(context, "separate", values.due_separation)
    if _owing(context, "destroy", "live"):
        yield from _live(context, "destroy", values.due_destruction)
    if _owing(context, "destroy", "separate"):
        yield from _apart(context)


def _live(context: Context, deed: str, find: Callable[..., list[Due]]) -> Iterator[Owed]:
    after: Due | None = None
    while True:
        with context.stores.transaction() as session:
            page = find(session, context.day, after=after, most=_PAGE)
            subjects, items = sorted({one.subject for one in page}), sorted({one.item for one in page})
            people = values.read_many(session, subjects, items)
        if not page:
            return
        for one in page:
            person = people.get(one.subject)
            held = next((h.record for h in person.held if h.record.id == one.record), None) if person else None
            if person is not None and held is not None:
                clauses, law = _because(context, deed, held, person.history)
                yield _owed(deed, "live", one, clauses, law)
        after = page[-1]


def _apart(context: Context) -> Iterator[Owed]:
    after: Due | None = None
    while page := keeper.due(context.stores.separation, context.day, after=after, most=_PAGE):
        subjects = sorted({one.subject for one in page})
        known = context.stores.known_apart(subjects)
        with context.stores.transaction() as session:
            people = values.read_many(session, subjects, [])
        for one in page:
            record = next((r for r in known[one.subject] if r.id == one.record), None)
            if record is not None:
                history = people[one.subject].history if one.subject in people else History()
                clauses, law = _because(context, "destroy", record, history)
                yield _owed("destroy", "separate", one, clauses, law)
        after = page[-1]


def _owed(deed: str, store: str, one: Due, clauses: tuple[str, ...], law: tuple[str, ...]) -> Owed:
    return Owed(
        deed=deed, store=store, subject=one.subject, record=one.record, item=one.item, version=one.version,
        clauses=clauses, law=law,
    )  # fmt: skip


def _because(context: Context, deed: str, record: Record, history: History) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The clauses whose holds ended last, and the law they cite."""
    holds = [one for one in holds_of(context.words, record, history) if deed == "destroy" or one.use]
    last = max((one.until for one in holds if one.until), default=None)
    clauses = tuple(dict.fromkeys(one.clause for one in holds if one.until == last))
    law = [
        binding.params.for_
        for binding in context.words.holders
        if binding.rule.name == _BY_LAW and binding.clause in clauses and record.item in binding.params.items
    ]
    return clauses, tuple(dict.fromkeys(law))


def sweep(context: Context, lines: Iterable[Owed]) -> Swept:
    """Do exactly these, in batches; each batch is committed, so an interrupted sweep is simply done again."""
    total, source = Swept(), iter(lines)
    while batch := list(islice(source, BATCH)):
        for deed, store in dict.fromkeys((one.deed, one.store) for one in batch):
            some = [(one.subject, one.record) for one in batch if (one.deed, one.store) == (deed, store)]
            total = _added(total, _batch(context, deed, store, some))
    return total


def _added(one: Swept, other: Swept) -> Swept:
    return Swept(*(a + b for a, b in zip(msgspec.structs.astuple(one), msgspec.structs.astuple(other), strict=True)))


def _batch(context: Context, deed: str, store: str, some: Sequence[tuple[str, str]]) -> Swept:
    body = Body(
        clauses=_owing(context, deed, store),
        edition=context.edition.digest if context.edition else None,
        on=str(context.day),
        role=Role.SYSTEM,
    )
    if not body.clauses:
        return Swept(not_due=len(some))
    if deed == "separate":
        moved = context.stores.separation.separate_batch(some, context.day, context.now, body)
        done = moved.separated | moved.destroyed
        _order_destroyed(context, some, moved.destroyed)
        return _counted(
            context, store, some, done, Swept(separated=len(moved.separated), destroyed=len(moved.destroyed))
        )
    if store == "live":
        gone = context.stores.retried(lambda: _destroy_live(context, some, body))
    else:
        gone = _destroy_apart(context, some, body)
    return _counted(context, store, some, gone, Swept(destroyed=len(gone)))


def _owing(context: Context, deed: str, store: str) -> tuple[str, ...]:
    """The clause that owes a deed, asked about a record that is over."""
    over = context.day - timedelta(days=1)
    state, keep = State.LIVE if store == "live" else State.SEPARATED, None if deed == "separate" else over
    record = Record(
        id="", item="", purpose="", on=over, after=0, edition=over, state=state, use_until=over, keep_until=keep
    )
    found = owed_to(context.words, record, context.day)
    return (found[1],) if found else ()


def _destroy_live(context: Context, some: Sequence[tuple[str, str]], body: Body) -> frozenset[str]:
    # An entry may have been written under any edition: what is no longer searched for must not outlive its record.
    searched = sorted({item.name for one in context.policy.editions for item in one.items.values() if item.search})
    told = template(Predicate.DESTROYED, context.now, body)
    with context.stores.transaction() as session:
        locked = changes.lock_many(session, sorted({subject for subject, _ in some}))
        gone = frozenset(changes.sweep(session, some, context.day, context.stores.journal, told, searched))
        if shared := [subject for subject, is_shared in locked.items() if is_shared]:
            order_destroyed(context, session, shared, gone)
        reached("sweep.written")
    reached("sweep.committed")
    return gone


def _destroy_apart(context: Context, some: Sequence[tuple[str, str]], body: Body) -> frozenset[str]:
    """What the separate store was not told yet may be a reason to keep: it is told first."""
    with context.stores.transaction() as session:
        subjects = sorted({subject for subject, _ in some})
        stale = owed.stale_of(session, subjects)
        if shared := [subject for subject, is_shared in changes.lock_many(session, subjects).items() if is_shared]:
            # Ordered before, in the store that is not told what the other one destroyed: a crash loses no order.
            order_destroyed(context, session, shared, {record for _, record in some})
    tell(context, stale)
    return context.stores.retried(lambda: context.stores.separation.destroy(some, context.day, context.now, body))


def _order_destroyed(context: Context, some: Sequence[tuple[str, str]], gone: frozenset[str]) -> None:
    """Of what ought to have been separated and was over already."""
    if gone:
        with context.stores.transaction() as session:
            locked = changes.lock_many(session, sorted({subject for subject, record in some if record in gone}))
            order_destroyed(context, session, [subject for subject, shared in locked.items() if shared], gone)


def _counted(
    context: Context, store: str, some: Sequence[tuple[str, str]], done: frozenset[str], swept: Swept
) -> Swept:
    """Tell what was not done apart: gone from that store already, or not due any more (which is stated)."""
    left = [pair for pair in some if pair[1] not in done]
    if not left:
        return swept
    subjects = sorted({subject for subject, _ in left})
    with context.stores.transaction() as session:
        there = _there(context, session, store, subjects)
        stay = [(pair, there[pair[1]]) for pair in left if pair[1] in there]
        statements: list[Statement] = [
            telling.of_records(
                Predicate.NOT_DUE, context.now, Body(on=str(context.day)), subject, [(record, version, None)]
            )
            for (subject, record), version in stay
        ]
        context.stores.tell(statements)
    return msgspec.structs.replace(swept, gone=len(left) - len(stay), not_due=len(stay))


def _there(context: Context, session: Session, store: str, subjects: list[str]) -> dict[str, int]:
    """The records, with their versions, that one of the stores has of some people."""
    if store == "live":
        people = values.read_many(session, subjects)
        return {held.record.id: held.record.version for person in people.values() for held in person.held}
    return {one.id: one.version for some in context.stores.known_apart(subjects).values() for one in some}
