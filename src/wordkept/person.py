"""Person: one person's past and records, and what events and allowed acts make of them. Pure.

The kernel of stories and the real gate move people with this one class, so that they cannot differ. What is *not*
here: whether an act is allowed (``decision``), values, and where people are stored.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date

import msgspec

from wordkept import partners
from wordkept.decision import Decision, owed, term_of
from wordkept.policy.model import Deed, Edition, Policy
from wordkept.record import CONSENT, Event, Facts, Given, History, Order, Record, Request, SpanKind, changes, fold
from wordkept.record.events import Shown
from wordkept.rules.spans import by_matter, matter_of
from wordkept.terms import PERSON, Act, Answer, Choice, Effect, Reason, Role, State


class Person:
    """One person under a policy.

    Attributes:
        records: those that were loaded, all of them where events happen.
        givens: the copies that partners have, all of them where records change.
        ordered: what partners were ordered to do since.
    """

    def __init__(self, policy: Policy, history: History | None = None, records: Iterable[Record] = ()) -> None:
        self.policy = policy
        self.history = history or History()
        self.records = list(records)
        self.givens: dict[partners.Key, Given] = {}
        self.ordered: list[Order] = []

    def edition(self, day: date) -> Edition:
        """The edition in force on a day; before the first, the first says which words there are."""
        return self.policy.on(day) or self.policy.editions[0]

    def happen(self, day: date, kind: str, matter: str | None = None) -> Event:
        """Something happens.

        Raises:
            ImpossibleEventError: it cannot follow what happened before.
        """
        narrow = matter is not None and any(
            one.matter == matter and one.state_on(day) is not State.DESTROYED for one in self.records
        )
        return self._append(Event(self.history.number + 1, day, kind, matter, narrow=narrow))

    def choose(
        self,
        day: date,
        to: str,
        choice: Choice,
        *,
        proved: bool = True,
        shown: Shown | None = None,
        signature: bytes | None = None,
    ) -> Event:
        """A choice about a consent, under the text of the edition in force; nobody knows that of an unproved one."""
        edition = self.policy.on(day) if proved else None
        under = edition.effective if edition else None
        number = self.history.number + 1
        return self._append(Event(number, day, CONSENT, None, to, choice, under, shown=shown, signature=signature))

    def facts(
        self, ask: Request, ended: frozenset[str], peers: frozenset[str | None], operator: History | None = None
    ) -> Facts:
        """What a decision about this person may know."""
        there = [one for one in self.records if one.state is not State.DESTROYED]
        return Facts(
            history=self.history,
            records={name: tuple([one for one in there if one.item == name]) for name in ask.items} if there else {},
            documents=self._documents(there, ask.on) if ask.by.role is Role.REPRESENTATIVE else (),
            ended=ended,
            peers=peers,
            operator=operator or History(),
        )

    def do(self, ask: Request, decision: Decision, new_id: Callable[[], str]) -> list[Event]:
        """Do what was decided to the records; of a denied deletion by the person, what may be done of it.

        Args:
            ask: the request.
            decision: its answer.
            new_id: makes the id of a new record, or of an order to those who hold a copy.

        Returns:
            Events that the act brought with it: a first document opens its request.
        """
        before = {one.id: one for one in self.records} if self.givens else {}
        brought = self._do(ask, decision, new_id)
        if before:
            self._tell_holders(ask, before, new_id)
        return brought

    def _do(self, ask: Request, decision: Decision, new_id: Callable[[], str]) -> list[Event]:
        if ask.act is Act.DESTROY:
            self._destroy(ask, decision)
        elif decision.effect is Effect.DENY:
            return []
        elif ask.act is Act.COLLECT:
            return self._collect(ask, decision, new_id)
        elif ask.act is Act.CORRECT:
            self._swap((one, changes.corrected(one)) for one in decision.records)
        elif ask.act in {Act.FREEZE, Act.LIFT}:
            is_frozen = ask.act is Act.FREEZE
            self._swap((one, changes.frozen(one, is_frozen=is_frozen)) for one in decision.records)
        elif ask.act in partners.OUTWARD:
            self._give(ask, decision)
        return []

    def take_after(self, other: Iterable[Record], new_id: Callable[[], str]) -> None:
        """Have what an equal person, of the same past and without records too, got from the same collection."""
        self.records = [msgspec.structs.replace(one, id=new_id()) for one in other]

    def project(self, day: date) -> None:
        """Bring the three days of every record up to date with the past and the edition in force."""
        edition = self.edition(day)
        self.records = [one if one.state is State.DESTROYED else self._projected(one, edition) for one in self.records]
        if self.givens:
            known = {one.id: one for one in self.records}
            self._hold(partners.with_term(edition, one, known.get(one.record), self.history) for one in self._copies())

    def settle(self, day: date) -> None:
        """Do to each record what a run of the day owes it, as a store would."""
        self.project(day)
        edition = self.edition(day)
        for at, record in enumerate(self.records):
            self.records[at] = _settled(edition, record, day)

    def run(self, day: date, new_id: Callable[[], str], over: frozenset[str] = frozenset()) -> None:
        """The run of a day: what is over with partners, then ``settle``, and what partners hear of that.

        Args:
            day: when.
            new_id: makes the id of an order.
            over: processors whose work is over.
        """
        before = {one.id: one.state for one in self.records}
        self.project(day)
        self.order_at_the_end(over, day, new_id)
        self.order_what_is_over(day, new_id)
        self.settle(day)
        gone = [one.id for one in self.records if one.state is State.DESTROYED and one.state is not before[one.id]]
        self.order(Act.DESTROY, gone, day, new_id)

    def order_what_is_over(self, day: date, new_id: Callable[[], str]) -> None:
        """Order partners to do what the run of a day owes of what they hold."""
        self._order(self._copies(), None, day, new_id)

    def order_at_the_end(self, gone: frozenset[str], day: date, new_id: Callable[[], str]) -> None:
        """Order processors whose work is over to give back or erase all that they hold."""
        theirs = [one for one in self._copies() if one.entrusted and one.to in gone and one.held]
        made, changed = partners.orders(
            self.edition(day), [msgspec.structs.replace(one, over=True) for one in theirs], None, day, new_id
        )
        self.ordered += made
        self._hold(msgspec.structs.replace(one, over=False) for one in changed)

    def order(self, act: Act, records: Iterable[str], day: date, new_id: Callable[[], str]) -> None:
        """Order those who hold copies of some records to do as was done to these."""
        ids = set(records)
        self._order([one for one in self._copies() if one.record in ids], act, day, new_id)

    def answered(self, order: Order, answer: Answer, day: date, law: str | None = None) -> None:
        """A partner says what became of an order; one that cannot leaves it open, by a law without a last day."""
        if answer is Answer.CANNOT:
            if law and partners.excused(self.edition(day), order.kind, law, day):
                later = msgspec.structs.replace(order, answer_by=None)
                self.ordered = [later if one.id == order.id else one for one in self.ordered]
        else:
            self.ordered = [one for one in self.ordered if one.id != order.id]
            self._hold(partners.answered(order, self._copies(), day))

    def open_matters(self, span: str) -> frozenset[str | None]:
        """Matters in which a span is open."""
        return self.history.open_matters(span)

    def _append(self, event: Event) -> Event:
        self.history = fold(self.edition(event.on).spans, self.history, [event])
        self.project(event.on)
        return event

    def _projected(self, record: Record, edition: Edition) -> Record:
        return changes.with_term(record, term_of(self.policy, record, self.history, edition))

    def _copies(self) -> list[Given]:
        return list(self.givens.values())

    def _hold(self, copies: Iterable[Given]) -> None:
        self.givens |= {partners.key(one): one for one in copies}

    def _order(self, copies: Iterable[Given], act: Act | None, day: date, new_id: Callable[[], str]) -> None:
        made, changed = partners.orders(self.edition(day), copies, act, day, new_id)
        self.ordered += made
        self._hold(changed)

    def _give(self, ask: Request, decision: Decision) -> None:
        edition = self.edition(ask.on)
        for record in decision.records:
            copy = partners.given(ask, record, decision.because, self.history, self.givens)
            self._hold([partners.with_term(edition, copy, record, self.history)])

    def _tell_holders(self, ask: Request, before: Mapping[str, Record], new_id: Callable[[], str]) -> None:
        """Who holds a copy hears of what an act made of the records; a value that took another's place corrects it."""
        changed = [one for one in self.records if one.id in before and before[one.id] != one]
        if ask.act is not Act.COLLECT:
            self.order(ask.act, [one.id for one in changed], ask.on, new_id)
            return
        gone = {one.id for one in changed if one.state is State.DESTROYED}
        new = {one.item: one.id for one in self.records if one.id not in before}
        moved = [one for one in self._copies() if one.record in gone and one.item in new and one.held]
        self._hold(msgspec.structs.replace(one, ended_on=ask.on) for one in moved)
        self._hold(msgspec.structs.replace(one, record=new[one.item], version=0) for one in moved)
        self.order(Act.CORRECT, new.values(), ask.on, new_id)

    def _swap(self, pairs: Iterable[tuple[Record, Record]]) -> None:
        new = {old.id: now for old, now in pairs}
        self.records = [new.get(one.id, one) for one in self.records]

    def _collect(self, ask: Request, decision: Decision, new_id: Callable[[], str]) -> list[Event]:
        edition = self.edition(ask.on)
        purpose = edition.purposes[ask.purpose or ""]
        opening = matter_of(purpose, edition)
        begins = opening is not None and ask.matter not in self.open_matters(opening.name)
        brought = [self.happen(ask.on, opening.opens, ask.matter)] if opening and begins else []
        if not purpose.adds:
            live = [one for one in decision.records if one.state_on(ask.on) is State.LIVE]
            self._swap((one, changes.destroyed(one)) for one in live)
        for item in ask.items:
            record = changes.collected(ask, new_id(), item, edition.effective, self.history)
            self.records.append(self._projected(record, edition))
        return brought

    def _destroy(self, ask: Request, decision: Decision) -> None:
        if decision.effect is Effect.DENY and ask.by.role not in PERSON:
            return
        edition = self.edition(ask.on)
        for part in decision.parts:
            if part.effect is Effect.ALLOW:
                self._swap([(part.record, changes.destroyed(part.record))])
            elif part.reason is Reason.HELD:
                self._swap([(part.record, self._projected(changes.released(part.record, ask.on), edition))])

    def _documents(self, records: Iterable[Record], day: date) -> tuple[frozenset[str], ...]:
        """The live document items of each open request, apart by purpose."""
        edition = self.edition(day)
        found: dict[tuple[str | None, str], set[str]] = {}
        for record in records:
            purpose = edition.purposes.get(record.purpose)
            spans = [name for name in (purpose.ends_with if purpose else ()) if name in by_matter(edition)]
            is_open = any(record.matter in self.open_matters(name) for name in spans)
            if is_open and record.state_on(day) is State.LIVE:
                found.setdefault((record.matter, record.purpose), set()).add(record.item)
        return tuple(frozenset(items) for items in found.values())


def _settled(edition: Edition, record: Record, day: date) -> Record:
    while record.state is not State.DESTROYED and (due := owed(edition, record, day)):
        record = changes.separated(record) if due[0] is Deed.SEPARATE else changes.destroyed(record)
    return record


def without_agreement(edition: Edition, operator: History) -> frozenset[str]:
    """Recipients and processors without an agreement in force; none where the policy knows no agreements."""
    agreements = [kind.name for kind in agreed(edition) if not kind.within]
    if not agreements:
        return frozenset()
    in_force = frozenset[str | None]().union(*(operator.open_matters(name) for name in agreements))
    return frozenset({*edition.recipients, *edition.processors} - in_force)


def work_over(edition: Edition, ended: frozenset[str]) -> frozenset[str]:
    """Processors among those without an agreement, and the stores outside that they run."""
    processors = ended & edition.processors.keys()
    return processors | {name for name, one in edition.stores.items() if one.owner in processors}


def standing_agreements(edition: Edition, operator: History, party: str) -> tuple[SpanKind, ...]:
    """The agreements that stand with a partner; their clauses end with them."""
    found = (kind for kind in agreed(edition) if not kind.within)
    return tuple(kind for kind in found if party in operator.open_matters(kind.name))


def agreed(edition: Edition) -> tuple[SpanKind, ...]:
    """What the operator has with each partner apart: an agreement, and within it each clause that it must have."""
    found = [kind for kind in edition.spans.values() if kind.operator and kind.matters]
    return tuple(sorted(found, key=lambda kind: kind.within is not None))
