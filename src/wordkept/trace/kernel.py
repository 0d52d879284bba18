"""The kernel world: people and records in memory, moved by the same pure functions as the real vault.

For stories and for proofs of the policy, not for data: values are dropped. What is *not* here: reading stories
(``stories``) and checking expectations (``play``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from wordkept.decision import Decision, decide, owed, term_of
from wordkept.policy.model import Deed, Edition, Policy
from wordkept.record import CONSENT, Event, Facts, History, Record, Request, changes, fold
from wordkept.terms import Act, Choice, Effect, Reason, Role, State

_PERSON = frozenset({Role.MEMBER, Role.REPRESENTATIVE})


class Person:
    """One person's past and records."""

    def __init__(self) -> None:
        self.history = History()
        self.records: list[Record] = []


class Kernel:
    """A world of people under one policy."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.people: dict[str, Person] = {}
        self.operator = Person()
        self._made = 0

    def _edition(self, day: date) -> Edition:
        return self.policy.on(day) or self.policy.editions[0]

    def run(self, day: date) -> None:
        """The run of a day: separate and destroy what is due."""
        for person in self.people.values():
            self._settle(person, day)

    def event(self, who: str | None, day: date, kind: str, matter: str | None = None) -> None:
        """Something happens to a person, or to the operator if nobody is named.

        Raises:
            ImpossibleEventError: it cannot follow what happened before.
        """
        person = self._person(who)
        narrow = any(one.matter == matter and one.state is not State.DESTROYED for one in person.records)
        number = person.history.number + 1
        self._happen(person, day, Event(number, day, kind, matter, narrow=matter is not None and narrow))

    def consent(self, who: str, day: date, to: str, choice: Choice) -> None:
        """A person chooses."""
        person = self._person(who)
        edition = self.policy.on(day)
        shown = edition.effective if edition else None
        self._happen(person, day, Event(person.history.number + 1, day, CONSENT, None, to, choice, shown))

    def ask(self, who: str, ask: Request, values: Mapping[str, str]) -> Decision:
        """Decide a request and, if it is allowed, do it. ``values`` are not kept."""
        del values
        person = self._person(who)
        decision = decide(self.policy, ask, self._facts(person, who, ask))
        if decision.effect is Effect.ALLOW or ask.act is Act.DESTROY:
            self._do(person, ask, decision)
        return decision

    def state(self, who: str, item: str, matter: str | None) -> State:
        """The most alive state of a person's records of an item, in one matter if one is named."""
        order = (State.LIVE, State.SEPARATED, State.DESTROYED)
        found = {one.state for one in self._person(who).records if one.item == item and matter in {None, one.matter}}
        return next((state for state in order if state in found), State.ABSENT)

    def frozen(self, who: str) -> frozenset[str]:
        """A person's live frozen items."""
        return frozenset(one.item for one in self._person(who).records if one.frozen and one.state is State.LIVE)

    def history(self, who: str) -> History:
        """A person's past."""
        return self._person(who).history

    def _person(self, who: str | None) -> Person:
        return self.operator if who is None else self.people.setdefault(who, Person())

    def _happen(self, person: Person, day: date, event: Event) -> None:
        person.history = fold(self._edition(day).spans, person.history, [event])
        self._refresh(person, day)

    def _refresh(self, person: Person, day: date) -> None:
        edition = self._edition(day)
        person.records = [
            one
            if one.state is State.DESTROYED
            else changes.with_term(one, term_of(self.policy, one, person.history, edition))
            for one in person.records
        ]

    def _settle(self, person: Person, day: date) -> None:
        """Do to each record what is owed, until nothing is."""
        self._refresh(person, day)
        edition = self._edition(day)
        for at, record in enumerate(person.records):
            while record.state is not State.DESTROYED and (due := owed(edition, record, day)):
                deed, _ = due
                record = changes.separated(record) if deed is Deed.SEPARATE else changes.destroyed(record)  # noqa: PLW2901
            person.records[at] = record

    def _facts(self, person: Person, who: str, ask: Request) -> Facts:
        standing = [one for one in person.records if one.state is not State.DESTROYED]
        records = {name: tuple(one for one in standing if one.item == name) for name in ask.items}
        return Facts(
            history=person.history,
            records=records,
            documents=documents(self._edition(ask.on), person.history, standing, ask.on),
            ended=ended_agreements(self._edition(ask.on), self.operator.history),
            peers=self._peers(who, ask),
        )

    def _peers(self, who: str, ask: Request) -> frozenset[str | None]:
        recipient = self._edition(ask.on).recipients.get(ask.to or "")
        if recipient is None or recipient.group is None:
            return frozenset()
        others = [person for name, person in self.people.items() if name != who]
        spans = [span for person in others for span in person.history.spans.get(recipient.group, ())]
        return frozenset(span.matter for span in spans if span.closed is None)

    def _do(self, person: Person, ask: Request, decision: Decision) -> None:
        if ask.act is Act.COLLECT:
            self._collect(person, ask, decision)
        elif ask.act is Act.DESTROY:
            self._destroy(person, ask, decision)
        elif ask.act is Act.CORRECT:
            self._swap(person, [(one, changes.corrected(one)) for one in decision.records])
        elif ask.act in {Act.FREEZE, Act.LIFT}:
            is_frozen = ask.act is Act.FREEZE
            self._swap(person, [(one, changes.frozen(one, is_frozen=is_frozen)) for one in decision.records])

    def _swap(self, person: Person, pairs: Iterable[tuple[Record, Record]]) -> None:
        new = {old.id: now for old, now in pairs}
        person.records = [new.get(one.id, one) for one in person.records]

    def _collect(self, person: Person, ask: Request, decision: Decision) -> None:
        edition = self._edition(ask.on)
        purpose = edition.purposes[ask.purpose or ""]
        if opening := opened_by(edition, ask):
            self._happen(person, ask.on, Event(person.history.number + 1, ask.on, opening, ask.matter))
        if not purpose.adds:
            live = [one for one in decision.records if one.state_on(ask.on) is State.LIVE]
            self._swap(person, [(one, changes.destroyed(one)) for one in live])
        for item in ask.items:
            self._made += 1
            person.records.append(changes.collected(ask, str(self._made), item, edition.effective, person.history))
        self._refresh(person, ask.on)

    def _destroy(self, person: Person, ask: Request, decision: Decision) -> None:
        if decision.effect is Effect.DENY and ask.by.role not in _PERSON:
            return
        gone = [(part.record, changes.destroyed(part.record)) for part in decision.parts if part.effect is Effect.ALLOW]
        kept = [(part.record, changes.released(part.record)) for part in decision.parts if part.reason is Reason.HELD]
        self._swap(person, gone + kept)
        if kept:
            self._settle(person, ask.on)


def opened_by(edition: Edition, ask: Request) -> str | None:
    """The event that a collection brings with it: a first document opens its request."""
    purpose = edition.purposes.get(ask.purpose or "")
    for name in purpose.ends_with if purpose else ():
        kind = edition.spans.get(name)
        if kind is not None and kind.matters:
            return kind.opens
    return None


def documents(edition: Edition, history: History, records: Sequence[Record], day: date) -> tuple[frozenset[str], ...]:
    """The live document items of each open request, apart by purpose."""
    found: dict[tuple[str | None, str], set[str]] = {}
    for record in records:
        purpose = edition.purposes.get(record.purpose)
        for name in purpose.ends_with if purpose else ():
            spans = history.spans.get(name, ()) if name in edition.spans and edition.spans[name].matters else ()
            is_open = any(span.closed is None and span.matter == record.matter for span in spans)
            if is_open and record.state_on(day) is State.LIVE:
                found.setdefault((record.matter, record.purpose), set()).add(record.item)
    return tuple(frozenset(items) for items in found.values())


def ended_agreements(edition: Edition, operator: History) -> frozenset[str]:
    """Recipients and processors without an agreement in force."""
    in_force = {
        span.matter
        for name, kind in edition.spans.items()
        if kind.operator
        for span in operator.spans.get(name, ())
        if span.closed is None
    }
    return frozenset({*edition.recipients, *edition.processors} - in_force)
