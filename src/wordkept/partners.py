"""Partners: what others hold of a person, how long they may, and what they are ordered to do with it. Pure.

A partner's copy has holds as our record has (``keeps``): when the last use hold is over it is told to stop, when the
last of all is over to erase. Where no rule of the policy speaks of how long, the copy follows ours. What is *not* here:
whether something may be given (``decision``), and how an order gets there (``orders``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date

import msgspec

from wordkept.policy.model import Binding, Edition
from wordkept.record import NEVER, Given, History, Order, Ordered, Record, Request, Term, standing, term
from wordkept.rules.sharing import holds_a_copy
from wordkept.terms import DISPUTE, ENDING, SETTLEMENT, Act, OrderKind

Key = tuple[str, bool, str]
"""Whose copy of which record: partner, whether as a processor, record."""
Givens = Mapping[Key, Given]
OUTWARD = frozenset({Act.PROVIDE, Act.ENTRUST})
"""The acts that leave a copy elsewhere."""
_REASONS = frozenset({SETTLEMENT, DISPUTE})


def key(given: Given) -> Key:
    """How a copy is found."""
    return given.to, given.entrusted, given.record


def given(ask: Request, record: Record, clauses: tuple[str, ...], history: History, known: Givens) -> Given:
    """What an allowed provision or entrustment leaves with the partner of one record."""
    entrusted = ask.act is Act.ENTRUST
    before = known.get((ask.to or "", entrusted, record.id))
    return Given(
        to=ask.to or "",
        entrusted=entrusted,
        record=record.id,
        item=record.item,
        version=record.version,
        matter=record.matter,
        purpose=ask.purpose if entrusted else None,
        reason=ask.reason if ask.reason in _REASONS else None,
        since=before.since if before else ask.on,
        on=ask.on,
        after=history.number,
        clauses=clauses,
        alias=next((one.alias for one in known.values() if (one.to, one.entrusted) == (ask.to, entrusted)), ""),
    )


def with_term(edition: Edition, given: Given, record: Record | None, history: History) -> Given:
    """A copy with its two days; unchanged where it is gone, or nothing says how long it may be there."""
    if not given.held:
        return given
    found = [
        msgspec.structs.replace(hold, clause=binding.clause)
        for binding in edition.sharing
        if binding.rule.keeps
        for hold in binding.rule.keeps(binding.params, edition, given, record, history)
    ]
    days = term(standing(found, given.since)) if found else Term(None, None, NEVER)
    return msgspec.structs.replace(given, use_until=days.use_until, keep_until=days.keep_until)


def orders(
    edition: Edition, givens: Iterable[Given], act: Act | None, day: date, new_id: Callable[[], str]
) -> tuple[list[Order], list[Given]]:
    """What an act on our records, or a day's run (no act), has their holders ordered to do.

    Args:
        edition: in force on the day.
        givens: the copies that the act is about, or any of one person; those that are gone are passed over.
        act: what was done to the records.
        day: when.
        new_id: makes the id of an order.

    Returns:
        One order for each holder and kind, and the copies as they stand afterwards where that differs.
    """
    found: dict[tuple[str, bool, OrderKind], list[tuple[Given, Ordered, str]]] = {}
    changed: list[Given] = []
    for one in givens:
        if act is None and one.held and not holds_a_copy(edition, one) and one.keep_until and one.keep_until < day:
            changed.append(msgspec.structs.replace(one, ended_on=day))
        said = [pair for binding in edition.sharing if (pair := _said(edition, binding, one, act, day))]
        if not one.held or not said:
            continue
        ordered, clause = min(said, key=lambda pair: ENDING.index(pair[0].kind)) if act is None else said[0]
        found.setdefault((one.to, one.entrusted, ordered.kind), []).append((one, ordered, clause))
        if ordered.kind in ENDING:
            changed.append(msgspec.structs.replace(one, last=ordered.kind))
    return [_order(edition, kind, some, day, new_id()) for (_, _, kind), some in found.items()], changed


def excused(edition: Edition, kind: OrderKind, law: str, day: date) -> str | None:
    """The clause by which a partner that cannot, because of a law that it names, is not late; none if there is none."""
    for binding in edition.sharing:
        if binding.rule.answers and binding.rule.answers(binding.params, edition, kind, day, law):
            return binding.clause
    return None


def answered(order: Order, givens: Iterable[Given], day: date) -> list[Given]:
    """The copies that are known to be gone since an order to erase or return them was settled."""
    return [
        msgspec.structs.replace(one, ended_on=day)
        for one in givens
        if order.kind in {OrderKind.ERASE, OrderKind.RETURN}
        and (one.to, one.entrusted) == (order.to, order.entrusted)
        and one.record in order.records
        and not one.held
    ]


def _said(edition: Edition, binding: Binding, given: Given, act: Act | None, day: date) -> tuple[Ordered, str] | None:
    said = binding.rule.orders(binding.params, edition, given, act, day) if binding.rule.orders else None
    return (said, binding.clause) if said and said.kind != given.last else None


def _order(
    edition: Edition, kind: OrderKind, some: list[tuple[Given, Ordered, str]], day: date, order_id: str
) -> Order:
    first = some[0][0]
    answers = [
        last
        for binding in edition.sharing
        if binding.rule.answers and (last := binding.rule.answers(binding.params, edition, kind, day, None))
    ]
    return Order(
        id=order_id,
        to=first.to,
        entrusted=first.entrusted,
        alias=first.alias,
        kind=kind,
        items=tuple(dict.fromkeys(one.item for one, _, _ in some)),
        records=tuple(one.record for one, _, _ in some),
        clauses=tuple(dict.fromkeys(clause for _, _, clause in some)),
        on=day,
        tell_by=min(ordered.tell_by for _, ordered, _ in some),
        answer_by=min(answers, default=None),
    )
