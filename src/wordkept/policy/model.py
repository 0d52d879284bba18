"""The model of a compiled policy: clauses, declarations, bindings, editions.

Everything here is frozen and holds no behaviour beyond look-up; ``policy.compile`` builds it, ``decision`` runs it.
What is *not* here: the rules (they are given to the compiler as a table) and the reading of files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Any

import msgspec

from wordkept.language import say
from wordkept.law import Law, Operator
from wordkept.policy.declared import (
    Category,
    Cookie,
    Declaration,
    Item,
    Method,
    Note,
    Officer,
    OutsideStore,
    Place,
    Processor,
    Purpose,
    Recipient,
    RoleHolder,
    Tool,
)
from wordkept.record.claim import Asking, Clock, Right
from wordkept.record.facts import Facts, Record, Request
from wordkept.record.given import Given, Ordered
from wordkept.record.history import History, SpanKind
from wordkept.record.holds import Hold
from wordkept.terms import Act, Kind, MalformedPolicyError, OrderKind, Reason, Role, State


class Verdict(msgspec.Struct, frozen=True):
    """What one guard says of one case, and why; ``clauses`` are named instead of its own where it speaks for others."""

    reason: Reason
    clauses: tuple[str, ...] = ()


class Case(msgspec.Struct, frozen=True):
    """One item of one request, as guards see it.

    Attributes:
        policy: all editions.
        edition: the edition in force on the request's day.
        ask: the request.
        facts: about the person.
        name: the item asked for.
        item: its declaration, none if the policy does not know it.
        records: the records that the act would touch; of a use, only those its purpose covers.
        state: the most alive state among them on the day.
        known: whether any record of the item exists at all, covered or not.
    """

    policy: Policy
    edition: Edition
    ask: Request
    facts: Facts
    name: str
    item: Item | None
    records: tuple[Record, ...]
    state: State
    known: bool


class Deed(StrEnum):
    """What the system owes a record; to forget is to destroy the last root under which its key ever stood."""

    SEPARATE = "separate"
    DESTROY = "destroy"
    FORGET = "forget"


Guard = Callable[[Any, Case], Verdict | None]
Holder = Callable[[Any, "Edition", Record, History], Iterable[Hold]]
Ower = Callable[[Any, Record, date], Deed | None]
Keeper = Callable[[Any, "Edition", Given, Record | None, History], Iterable[Hold]]
Orderer = Callable[[Any, "Edition", Given, Act | None, date], Ordered | None]
Answerer = Callable[[Any, "Edition", OrderKind, date, str | None], date | None]

Hearer = Callable[[Any, "Edition", Asking, date], bool]
Timer = Callable[[Any, "Edition", Right, date], Clock | None]


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """How a clause is kept: a guard on acts, a hold (a duty owed by its end), or both.

    Attributes:
        name: ``chapter.assertion``; stable, part of evidence.
        params: type of the YAML body under the clause.
        sentence: what an officer would sign; the function's docstring.
        acts: the acts its guard wants to be asked about.
        guard: ``guard(params, case)``: a verdict, or none to stay silent.
        holds: ``holds(params, edition, record, history)``: the holds on a record.
        owes: ``owes(params, record, day)``: what must be done to a record by that day's run.
        keeps: ``keeps(params, edition, given, record, history)``: the holds on a partner's copy of our record.
        orders: ``orders(params, edition, given, act, day)``: what its holder must do after an act, or by a day's run.
        answers: ``answers(params, edition, kind, day, law)``: last day for an answer, or, by a law, to keep.
        hears: ``hears(params, edition, asking, day)``: whether a turn of somebody's request is permitted.
        times: ``times(params, edition, right, day)``: the last days for an answer to a request.
        narrows: ``narrows(params)``: purposes (of collect and use) or addressees it concerns only, none for all.
        roles: who it concerns only, none for everybody; what it says of others is never asked.
        concerns: ``concerns(params, edition, item)``: whether it can say something of an item; none for every item.
        permits: it only ever permits; a clause with nothing else is an exception.
        binds: of a declaration's rule, whether the declaration alone makes the clause a promise.
        asks: ``asks(params, edition)``: what a person may choose about because of it, beside what is declared.
        source: ``file:line`` of the function, for ``trace``.
    """

    name: str
    params: type[Any]
    sentence: str
    acts: frozenset[Act] = frozenset()
    guard: Guard | None = None
    holds: Holder | None = None
    owes: Ower | None = None
    keeps: Keeper | None = None
    orders: Orderer | None = None
    answers: Answerer | None = None
    hears: Hearer | None = None
    times: Timer | None = None
    narrows: Callable[[Any], frozenset[str] | None] | None = None
    roles: frozenset[Role] | None = None
    concerns: Callable[[Any, Edition, str], bool] | None = None
    permits: bool = False
    binds: bool = True
    asks: Callable[[Any, Edition], frozenset[str]] | None = None
    source: str = ""


class Binding(msgspec.Struct, frozen=True, kw_only=True):
    """A rule under a clause, with its parameters.

    ``unless`` names clauses whose permit lifts what this binding forbids: an exception, where the law says "however".
    """

    clause: str
    rule: Rule
    params: Any
    unless: tuple[str, ...] = ()
    line: int = 0


class Clause(msgspec.Struct, frozen=True, kw_only=True):
    """A numbered sentence and what stands under it."""

    number: str
    kind: Kind
    text: str
    line: int
    chapter: str = ""
    bindings: tuple[Binding, ...] = ()
    declarations: tuple[Declaration, ...] = ()
    notes: tuple[Note, ...] = ()


class Edition(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """One edition of a policy, compiled. Two are the same when their ``digest`` is.

    Attributes:
        service: what the policy is about.
        announced, effective: day of announcement, first day in force.
        timezone: IANA name; all days are in it.
        law, words: the statutes it is laid over, a duration for every vague word.
        language: tag of the language it is written in.
        title: what the page is called.
        operator: the facts about the operator that a law asks for; what is not declared is unknown.
        digest, file: hex SHA-256 of the document's bytes, where it was read from.
        clauses, chapters: clauses and headings by number, in the document's order.
        translations: the same edition in other languages by tag, word for word what people read.
        statutes: the law on file when it was compiled.
    """

    service: str
    announced: date
    effective: date
    timezone: str
    law: tuple[str, ...] = ()
    words: Mapping[str, str] = {}
    language: str = "en"
    title: str = "Privacy policy"
    operator: Operator = Operator()
    digest: str = ""
    file: str = ""
    clauses: Mapping[str, Clause] = {}
    chapters: Mapping[str, str] = {}
    translations: Mapping[str, Edition] = {}
    items: Mapping[str, Item] = {}
    purposes: Mapping[str, Purpose] = {}
    categories: Mapping[str, Category] = {}
    methods: Mapping[str, Method] = {}
    recipients: Mapping[str, Recipient] = {}
    processors: Mapping[str, Processor] = {}
    roles: Mapping[str, RoleHolder] = {}
    officers: Mapping[str, Officer] = {}
    cookies: Mapping[str, Cookie] = {}
    tools: Mapping[str, Tool] = {}
    stores: Mapping[str, OutsideStore] = {}
    places: Mapping[str, Place] = {}
    spans: Mapping[str, SpanKind] = {}
    declared_at: Mapping[tuple[str, str], str] = {}
    guards: Mapping[tuple[Act, str | None], tuple[Binding, ...]] = {}
    holders: tuple[Binding, ...] = ()
    owers: tuple[Binding, ...] = ()
    sharing: tuple[Binding, ...] = ()
    hearing: tuple[Binding, ...] = ()
    statutes: Law | None = None

    def __repr__(self) -> str:  # whole, it fills screens wherever a decision is shown
        return f"<Edition of {self.service}, effective {self.effective}, {self.digest[:8]}>"

    def __rich_repr__(self) -> list[tuple[str, str]]:
        return [("", repr(self))]

    def law_value(self, ref: str, day: date) -> str:
        """A dated parameter of the law on a day, ``law_value("kr/national-tax-act.books", day)`` = ``P5Y``.

        Raises:
            MalformedPolicyError: no such parameter on that day (the compiler has checked the effective day).
        """
        try:
            if self.statutes is not None:
                return self.statutes.value(ref, day)
        except LookupError as error:
            raise MalformedPolicyError(error.args[0], file=self.file) from error
        raise MalformedPolicyError(say("{ref}: this edition was compiled without any law", ref=ref), file=self.file)

    def from_memory(self, ref: str, day: date) -> bool:
        """Whether such a parameter is on file from memory; LookupError where there is none on that day."""
        return self.statutes is not None and self.statutes.from_memory(ref, day)

    def in_force(self, citation: str, day: date) -> bool:
        """Whether a cited statute is in force on a day; what is not on file is not."""
        return self.statutes is not None and self.statutes.in_force(citation, day)

    def group(self, purpose: str) -> str:
        """The group of a purpose; an undeclared purpose is a group of its own."""
        declared = self.purposes.get(purpose)
        return (declared.group if declared else None) or purpose

    @cached_property
    def consents(self) -> frozenset[str]:
        """Everything that a person may be asked to consent to, or may object to: what a choice can name."""
        asked = {name for name, one in self.purposes.items() if one.consent}
        asked |= {name for cookie in self.cookies.values() for name in cookie.purposes}
        asked |= {one.group for one in self.purposes.values() if one.group}
        asked |= {f"provision:{name}" for name in self.recipients} | {f"category:{name}" for name in self.categories}
        bindings = [one for clause in self.clauses.values() for one in clause.bindings if one.rule.asks]
        return frozenset(asked.union(*(one.rule.asks(one.params, self) for one in bindings if one.rule.asks)))

    @cached_property
    def outside(self) -> frozenset[str]:
        """Everybody and everything that data may be handed to: recipients, processors, stores outside the vault."""
        return frozenset({*self.recipients, *self.processors, *self.stores})

    def clause_of(self, kind: str, name: str) -> str:
        """Number of the clause that declares something, ``clause_of("purpose", "marketing")``."""
        return self.declared_at[kind, name]


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """All editions of one policy, by effective day, oldest first."""

    path: str
    editions: tuple[Edition, ...]

    def on(self, day: date) -> Edition | None:
        """The edition in force on a day, none before the first."""
        return next((one for one in reversed(self.editions) if one.effective <= day), None)

    def until(self, day: date) -> tuple[Edition, ...]:
        """The editions that were ever in force up to a day; what is only announced is not among them."""
        return tuple(one for one in self.editions if one.effective <= day)

    def item(self, name: str, day: date) -> Item | None:
        """An item as the newest edition up to a day declares it; a later edition may have dropped it."""
        for edition in reversed(self.editions):
            if edition.effective <= day and (found := edition.items.get(name)) is not None:
                return found
        return None

    def between(self, first: date, last: date) -> tuple[Edition, ...]:
        """The editions in force at any time from one day to another."""
        start = self.on(first)
        return tuple(one for one in self.editions if one is start or first < one.effective <= last)
