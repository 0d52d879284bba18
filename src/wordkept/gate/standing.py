"""Standing: how it stands with each partner on a day, and what may be entered of an agreement. Pure.

What is *not* here: the register itself (``agreements``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import date
from enum import StrEnum
from typing import Final

import msgspec

from wordkept.person import agreed, standing_agreements
from wordkept.policy.model import Edition
from wordkept.record import History
from wordkept.rules.sharing import WorkOver
from wordkept.terms import OrderKind, ValueRejectedError
from wordkept.vault.agreements import Agreement
from wordkept.vault.given import Open

CONTRACT: Final = "processor.contract"
"""The parameter of a statute that lists what it wants in the agreement with a processor."""
_COUNTRY: Final = re.compile(r"[A-Z]{2}")


class Wrong(StrEnum):
    """What is wrong with an agreement on a day; the text is what an officer reads."""

    OUT_OF_TERM = "its term is over"
    NO_PAPER = "it stands, and no paper of it is on file"
    LACKS = "clauses that the policy wants are not ticked"
    LACKS_LAW = "clauses that a law wants are not ticked"
    UNINSPECTED = "its inspection is overdue"
    NOT_CERTIFIED = "no certificate says that all was given back or destroyed"
    NOT_RETURNED = "orders to give back or destroy are not settled"


class Signed(msgspec.Struct, frozen=True, kw_only=True):
    """What an office enters of a signed agreement: with whom, where, its term, when to inspect, whom else it may use.

    ``clauses`` are those that it has seen there: the policy's by their span, a law's as ``kr/pipa:liability``.
    """

    party: str
    country: str
    begins: date
    ends: date | None = None
    inspect_by: date | None = None
    subprocessors: tuple[str, ...] = ()
    clauses: tuple[str, ...] = ()


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """How it stands with one partner on a day.

    Attributes:
        party: the partner.
        in_force: something may be handed to it, as far as an agreement goes.
        agreement: the one that stands, or the last one that ended; none where no paper is on file.
        lacks: clauses that the policy wants and nobody ticked.
        lacks_law: likewise of the law on file.
        unsettled: orders to give back or destroy that are not settled.
        wrong: what is not as it should be.
    """

    party: str
    in_force: bool
    agreement: Agreement | None = None
    lacks: tuple[str, ...] = ()
    lacks_law: tuple[str, ...] = ()
    unsettled: int = 0
    wrong: tuple[Wrong, ...] = ()


def standing(
    words: Edition,
    day: date,
    party: str,
    operator: History,
    known: Sequence[Agreement],
    orders: Sequence[Open],
) -> Standing:
    """How it stands with one partner: pure, of what is known of it."""
    stands = bool(standing_agreements(words, operator, party))
    one = next((it for it in known if it.ended_on is None), None) if stands else None
    works = party in words.processors
    spans = [kind.name for kind in agreed(words) if kind.within and works]
    lacks = tuple(name for name in spans if party not in operator.open_matters(name)) if stands else ()
    ticked = {it.clause for it in one.ticks} if one else set()
    lacks_law = tuple(name for name in wanted_by_law(words, day) if name not in ticked) if one and works else ()
    out = one is not None and (one.begins > day or (one.ends is not None and one.ends < day))
    uncertified = [it for it in known if it.certify_by and it.certify_by < day and it.certificate is None]
    wrong = {
        Wrong.OUT_OF_TERM: out,
        Wrong.NO_PAPER: stands and one is None,
        Wrong.LACKS: lacks,
        Wrong.LACKS_LAW: lacks_law,
        Wrong.UNINSPECTED: one is not None and one.inspect_by is not None and one.inspect_by < day,
        Wrong.NOT_CERTIFIED: uncertified,
        Wrong.NOT_RETURNED: [it for it in orders if it.late(day)],
    }
    return Standing(
        party=party,
        in_force=stands and not out and not lacks,
        agreement=one or (known[-1] if known and not stands else None),
        lacks=lacks,
        lacks_law=lacks_law,
        unsettled=len(orders),
        wrong=tuple(name for name, holds in wrong.items() if holds),
    )


def wanted_by_law(words: Edition, day: date) -> tuple[str, ...]:
    """What the statutes that a policy is laid over want in the agreement with a processor, ``kr/pipa:liability``."""
    found: list[str] = []
    for statute in words.law if words.statutes else ():
        with suppress(LookupError):
            value = words.statutes.parameter(f"{statute}.{CONTRACT}", day).value if words.statutes else ()
            found += [f"{statute}:{one}" for one in value if not isinstance(value, str)]
    return tuple(found)


def returns(words: Edition, one: Open, party: str) -> bool:
    """Whether an order has a processor, or a store that it runs, give back or destroy something."""
    store = words.stores.get(one.order.to)
    whose = store.owner if store else one.order.to
    return one.order.entrusted and whose == party and one.order.kind in {OrderKind.RETURN, OrderKind.ERASE}


def of_the_end(words: Edition, one: Open) -> bool:
    """Whether an order was given because an agreement ended, and not because a person asked."""
    bindings = (binding for clause in words.clauses.values() for binding in clause.bindings)
    ending = {binding.clause for binding in bindings if isinstance(binding.params, WorkOver)}
    return not ending.isdisjoint(one.order.clauses)


def possible(words: Edition, signed: Signed, day: date) -> None:
    """Whether an agreement may be entered as it is.

    Raises:
        ValueRejectedError: says what cannot be.
    """
    if not agreed(words):
        raise ValueRejectedError("the policy knows no agreements", hint="declare an event of the operator for them")
    if signed.party not in words.processors and signed.party not in words.recipients:
        raise ValueRejectedError("the policy names no such recipient or processor")
    if signed.begins > day or (signed.ends is not None and signed.ends < max(signed.begins, day)):
        raise ValueRejectedError("its term does not hold today", hint="enter it on its first day")
    if signed.inspect_by is not None and signed.inspect_by <= day:
        raise ValueRejectedError("the first inspection is after today")
    if not _COUNTRY.fullmatch(signed.country):
        raise ValueRejectedError("country: two capital letters, such as KR")
    for one in signed.subprocessors:
        if one not in words.processors or one == signed.party:
            raise ValueRejectedError(
                f"{one[:64]!r} is no other processor of the policy: no work may be handed on to it",
                hint="declare it in the policy first, so that people can read of it",
            )
    known_clauses(words, signed.clauses, day)


def known_clauses(words: Edition, clauses: Iterable[str], day: date) -> None:
    """Whether the policy or a law wants each of some clauses.

    Raises:
        ValueRejectedError: neither does.
    """
    known = [*(kind.name for kind in agreed(words) if kind.within), *wanted_by_law(words, day)]
    for one in clauses:
        if one not in known:
            raise ValueRejectedError(f"no clause {one[:64]!r} is wanted in it", hint=f"there is {', '.join(known)}")
