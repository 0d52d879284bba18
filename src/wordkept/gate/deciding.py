"""Deciding: what all acts of one operation share, and the decision with the facts it needs.

What is *not* here: doing what was decided (``acts``, ``readings``).
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache
from typing import Final

import msgspec

from wordkept.decision import Decision, decide
from wordkept.evidence import Body
from wordkept.gate.asking import Asked, Outcome, Receipt
from wordkept.gate.desk import Desk
from wordkept.gate.loaded import Loaded
from wordkept.gate.stores import Stores
from wordkept.partners import OUTWARD
from wordkept.person import without_agreement
from wordkept.policy.model import Edition, Policy
from wordkept.record import Event, History, Order, Record, Request
from wordkept.rules.spans import document_items
from wordkept.terms import Act, Effect, Reason, Role, State
from wordkept.vault import agreements, peers
from wordkept.vault.flight import Session

OPERATOR: Final = "0" * 32
"""The subject of what happens to the operator: agreements."""
CHANGES: Final = frozenset({Act.COLLECT, Act.CORRECT, Act.FREEZE, Act.LIFT, Act.DESTROY})
"""The acts that change something; the others read."""
_OPENS: Final = frozenset({Act.USE, Act.PROVIDE})


class Context(msgspec.Struct, frozen=True):
    """What all acts of one operation share: stores, policy, its one time, the day of it and the edition in force."""

    stores: Stores
    policy: Policy
    now: datetime
    day: date
    edition: Edition | None

    @property
    def words(self) -> Edition:
        """The edition that says which words there are: the one in force, or the first."""
        return self.edition or self.policy.editions[0]

    def desk(self) -> Desk:
        """An empty desk."""
        return Desk(self.policy, self.stores.keys, self.now, self.day)


class Done(msgspec.Struct):
    """One request under way.

    Attributes:
        asked: the request.
        decision: its answer.
        body: what all statements about it say.
        made: ids of new records.
        brought: events that the act brought with it.
        replaced: records that new ones took the place of.
        ordered: what partners that hold a copy were ordered.
        alias: of a provision or entrustment, the person's pseudonym towards the partner.
        plain: values to hand out after the commit, by item.
        first: number of its first statement.
        repeated: it was answered before, under its request id.
    """

    asked: Asked
    decision: Decision
    body: Body
    made: tuple[str, ...] = ()
    brought: list[Event] = []
    replaced: tuple[Record, ...] = ()
    ordered: tuple[Order, ...] = ()
    alias: str | None = None
    plain: dict[str, tuple[bytes, ...]] = {}
    first: int = 0
    repeated: bool = False


def outcome(context: Context, one: Done) -> Outcome:
    """What the caller gets."""
    receipt = None if one.repeated else Receipt(context.stores.journal.connection, one.first)
    ordered = tuple(dict.fromkeys(order.to for order in one.ordered))
    return Outcome(one.decision, one.plain, receipt, one.repeated, one.alias, ordered)


def decided(context: Context, session: Session, loaded: Loaded, ask: Request) -> Decision:
    """Decide a request with the facts that are on the desk and those that are not about one person."""
    ended, peers, operator = frozenset[str](), frozenset[str | None](), History()
    if ask.act in OUTWARD or ask.by.employer is not None:
        standing, out_of_term = agreements.of_operator(session, OPERATOR, ask.on)
        operator = standing.history if standing else operator
        ended = without_agreement(context.words, operator) | out_of_term
        peers = _peers(context, session, loaded, ask)
    decision = decide(context.policy, ask, loaded.person.facts(ask, ended, peers, operator))
    return _second_person(context, ask, decision)


def _peers(context: Context, session: Session, loaded: Loaded, ask: Request) -> frozenset[str | None]:
    recipient = context.words.recipients.get(ask.to or "")
    if recipient is None or recipient.group is None:
        return frozenset()
    mine = loaded.person.open_matters(recipient.group)
    return frozenset(matter for matter in mine if peers.has_peer(session, recipient.group, matter, loaded.subject))


def _second_person(context: Context, ask: Request, decision: Decision) -> Decision:
    """What is kept apart, or ought to be by the day, is opened for the law or a dispute by two people."""
    opens = decision.effect is Effect.ALLOW and ask.act in _OPENS
    if not opens or not [one for one in decision.records if one.state_on(ask.on) is not State.LIVE]:
        return decision
    if ask.by.second and ask.by.second != (ask.by.name or ask.by.role.value):
        return decision
    rule = "destruction.separated-is-not-used"
    bound = [one.number for one in context.words.clauses.values() if any(b.rule.name == rule for b in one.bindings)]
    return msgspec.structs.replace(
        decision, effect=Effect.DENY, reason=Reason.SECOND_PERSON_REQUIRED, because=tuple(bound)
    )


def on_day(ask: Request, day: date) -> Request:
    """The request as it is asked on the day of the operation."""
    return ask if ask.on == day else msgspec.structs.replace(ask, on=day)


def new_id(now: datetime) -> str:
    """A fresh identifier, 32 hex digits: milliseconds first, so that new rows lie together, then 80 random bits."""
    return _milliseconds(now) + os.urandom(10).hex()


@lru_cache(maxsize=64)
def _milliseconds(now: datetime) -> str:
    return int(now.timestamp() * 1000).to_bytes(6).hex()


def items_of(context: Context, asks: Iterable[Asked]) -> list[str]:
    """The items that must be loaded to decide: those asked of, and the documents a representative stands on."""
    items = {name for one in asks for name in one.ask.items}
    if any(one.ask.by.role is Role.REPRESENTATIVE for one in asks):
        items |= document_items(context.words)
    return sorted(items)
