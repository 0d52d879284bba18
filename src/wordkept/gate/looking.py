"""Looking: who has a value; why each record of a person is held and what happened to it; what is left on the disks.

Reads, and changes nothing but that looking leaves evidence; no value is opened. What is *not* here: the person's own
view (``readings``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import msgspec

from wordkept.decision import holds_of
from wordkept.evidence.statement import Body, Header, Statement
from wordkept.evidence.told import told_of
from wordkept.gate import telling
from wordkept.gate.deciding import Context
from wordkept.gate.stores import Stores
from wordkept.record import NEVER, Event, History, Hold, Record
from wordkept.terms import State, ValueRejectedError
from wordkept.vault import values
from wordkept.vault.access import AUDITOR
from wordkept.vault.formats import Store
from wordkept.vault.hunt import Hunted, hunt
from wordkept.vault.sealed import Named


class Told(msgspec.Struct, frozen=True):
    """One statement about a record: when (hour, UTC), what, under which clauses, in which store's log."""

    hour: str
    predicate: str
    clauses: tuple[str, ...]
    store: str


class Explained(msgspec.Struct, frozen=True, kw_only=True):
    """One record, alive or gone.

    Attributes:
        record: its id.
        item: the declared item, none if only evidence is left that does not name it alone.
        purpose: what it was collected for.
        state: on the day asked about.
        frozen: whether it is frozen.
        use_until: last day of use, none is open.
        keep_until: last day of keeping, none is open.
        holds: the clauses that hold it, each to its last day.
        told: what happened to it.
    """

    record: str
    item: str | None = None
    purpose: str | None = None
    matter: str | None = None
    state: State = State.DESTROYED
    frozen: bool = False
    use_until: date | None = None
    keep_until: date | None = None
    holds: tuple[Hold, ...] = ()
    told: tuple[Told, ...] = ()


class Explanation(msgspec.Struct, frozen=True):
    """What is known of a person: events in order, and every record that was ever there."""

    subject: str
    on: date
    events: tuple[Event, ...]
    records: tuple[Explained, ...]


def find(context: Context, item: str, value: str, by: str) -> list[str]:
    """The people who have a value, once it is stated that somebody looked and how many were found.

    Raises:
        ValueRejectedError: the value is no text, ``by`` no pseudonym, or no edition up to now gave the item an index.
    """
    editions = reversed(context.policy.until(context.day))
    declared = next((one.items[item] for one in editions if item in one.items and one.items[item].search), None)
    if declared is None:
        raise ValueRejectedError(f"{item}: the policy gives this item no index, so nobody is found by it")
    _is_text(item, value)
    with context.stores.transaction() as session:
        pairs = values.find(session, context.stores.keys.indexes[0], item, value, declared.type)
        found = list(dict.fromkeys(subject for subject, _ in pairs))
        said = telling.probed(context.now, "find", by, item=item, found=len(found))
        context.stores.tell([said])
    return found


def _is_text(item: str, value: str) -> None:
    try:
        value.encode()
    except UnicodeEncodeError:
        raise ValueRejectedError(f"{item}: half a surrogate pair is not text") from None


def explain(context: Context, subject: str, by: str) -> Explanation:
    """Why each record of a person is held, until when, and what happened to it; that somebody looked is stated."""
    with context.stores.transaction() as session:
        context.stores.tell([telling.probed(context.now, "explain", by, subject=subject)])
        found = values.read(session, subject)
        events = values.events(session, subject)
    history = found.history if found else History()
    here = {held.record.id: held.record for held in found.held} if found else {}
    if found and found.away:
        here = {one.id: one for one in context.stores.known_apart([subject])[subject]} | here
    told, items = _told(context, subject)
    known = [
        _explained(context, here[record], history, some)
        if record in here
        else Explained(record=record, item=items.get(record), told=tuple(some))
        for record, some in told.items()
    ]
    return Explanation(subject, context.day, events, tuple(known))


def _said(stores: Stores, subject: str) -> Iterator[tuple[str, Header, Body]]:
    """Every statement about a person, with the store whose log it is in."""
    for store in Store:
        with stores.installation.connect(store, AUDITOR, autocommit=True) as connection:
            for one in told_of(connection, subject):
                yield store.name.lower(), one.header, one.body


def _told(context: Context, subject: str) -> tuple[dict[str, list[Told]], dict[str, str]]:
    """Statements by record, oldest first within each store; and the item of each, where one alone was named with it."""
    found: dict[str, list[Told]] = {}
    items: dict[str, str] = {}
    for store, top, said in _said(context.stores, subject):
        one = Told(f"{top.hour:%Y-%m-%d %H}h", top.predicate, said.clauses, store)
        for named in said.records:
            found.setdefault(named.id, []).append(one)
            if len(said.items) == 1:
                items[named.id] = said.items[0]
    return {record: sorted(some, key=lambda one: one.hour) for record, some in found.items()}, items


def _explained(context: Context, record: Record, history: History, told: Sequence[Told]) -> Explained:
    holds = [one for one in holds_of(context.words, record, history) if one.stands(context.day)]
    return Explained(
        record=record.id, item=record.item, purpose=record.purpose, matter=record.matter, state=record.state,
        frozen=record.frozen, use_until=record.use_until, keep_until=record.keep_until, holds=tuple(holds),
        told=tuple(told),
    )  # fmt: skip


def hunted_records(stores: Stores, subject: str, item: str) -> tuple[Record, ...]:
    """Every record of an item that statements name for a person, alive or gone; only its id and item are known."""
    found: dict[str, Record] = {}
    for _, _, said in _said(stores, subject):
        for named in said.records if item in said.items else ():
            found[named.id] = Record(id=named.id, item=item, purpose="", on=NEVER, after=0, edition=NEVER)
    return tuple(found.values())


def hunted(
    stores: Stores, value: str, subject: str | None, records: Sequence[Record], extra: Sequence[Path], said: Statement
) -> Hunted:
    """Look for a value on the disks, in plain and as the sealed value of records.

    Args:
        stores: whose disks.
        value: what to look for; it goes into no answer.
        subject: whose records these are.
        records: those that hold or held it.
        extra: more folders.
        said: that somebody looks; committed before anything is.
    """
    with stores.transaction():
        stores.tell([said])
    named = [Named(subject or "", one.id, one.item, one.version) for one in records]
    return hunt(stores.installation, value, records=named, extra=extra)
