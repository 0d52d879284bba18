"""Reporting: all that is held about one person, opened for them alone, at one snapshot and in a few trips to the store.

It is one act of viewing, decided and stated as any other; a refusal is written before it is raised. What is *not* here:
how it is shown (``rights.access``).
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from wordkept.decision import holds_of
from wordkept.gate import admitting, readings, telling
from wordkept.gate.asking import Asked, Receipt, Refused
from wordkept.gate.attached import Attached
from wordkept.gate.deciding import Context, Done, decided
from wordkept.gate.loaded import Loaded
from wordkept.record import Actor, Chosen, Given, Hold, Record, Request
from wordkept.terms import Act, Effect, State, UnavailableError
from wordkept.vault.flight import Session


class Held(msgspec.Struct, frozen=True):
    """One value with what is said about it; ``holds`` are the clauses that keep it on the day."""

    record: Record
    holds: tuple[Hold, ...]
    value: bytes

    def __repr__(self) -> str:
        return f"<Held {self.record.item} {self.record.id}>"


class Report(msgspec.Struct, frozen=True):
    """What is held of one person.

    Attributes:
        held: every value, kept apart or not.
        given: what partners hold, or held.
        consents: the last choice about each.
        receipt: of the statement that it was viewed.
    """

    held: tuple[Held, ...]
    given: tuple[Given, ...]
    consents: tuple[tuple[str, Chosen], ...]
    receipt: Receipt

    def __repr__(self) -> str:
        return f"<Report of {len(self.held)} values>"

    def __rich_repr__(self) -> list[tuple[str, str]]:
        return [("", repr(self))]


class Reports(Attached):
    """Reports of one installation; a context manager."""

    def of(self, subject: str, now: datetime, by: Actor) -> Report:
        """All that is held of a person, for them.

        Raises:
            Refused: they are not who may see it; written and committed before.
            UnavailableError: nobody has that pseudonym, or a store is down.
        """
        admitting.person(subject)
        telling.pseudonym(by.name)
        context = self._context(now)
        with self._stores.guarded():
            found = self._stores.retried(lambda: self._read(context, subject, by))
        if isinstance(found, Refused):
            raise found
        return found

    def _read(self, context: Context, subject: str, by: Actor) -> Report | Refused:
        desk = context.desk()
        with context.stores.transaction() as session:
            desk.take(session, [subject], None, context.stores.known_apart, lock=False, copies=True)
            loaded = desk.loaded[subject]
            if not loaded.there:
                raise UnavailableError("nobody here has that pseudonym")
            receipt = Receipt(context.stores.journal.connection, context.stores.journal.next)
            done = self._decided(context, session, loaded, by)
            if done is None:
                return self._report(context, loaded, {}, receipt)
            if done.decision.effect is Effect.DENY:
                context.stores.tell([telling.refused(context.now, done.body, subject)])
                return Refused(done.decision, receipt)
            values = readings.opened_for(context, desk, done)
            named = [
                (one.record.id, one.record.version, one.value.digest)
                for record in done.decision.records
                if (one := loaded.held.get(record.id)) is not None
            ]
            context.stores.tell(
                [telling.of_records(telling.PREDICATES[Act.VIEW], context.now, done.body, subject, named)]
            )
        return self._report(context, loaded, values, receipt)

    @staticmethod
    def _decided(context: Context, session: Session, loaded: Loaded, by: Actor) -> Done | None:
        """The decision about all items of which something is there; none if nothing is."""
        there = (one.item for one in loaded.person.records if one.state_on(context.day) is not State.DESTROYED)
        items = tuple(dict.fromkeys(there))
        if not items:
            return None
        ask = Request(act=Act.VIEW, items=items, by=by, on=context.day)
        decision = decided(context, session, loaded, ask)
        body = telling.about(context.policy, ask, decision, context.day)
        return Done(Asked(loaded.subject, ask), decision, body)

    @staticmethod
    def _report(context: Context, loaded: Loaded, values: dict[str, bytes], receipt: Receipt) -> Report:
        history, records = loaded.person.history, {one.id: one for one in loaded.person.records}
        held = []
        for name, value in values.items():
            holds = [one for one in holds_of(context.words, records[name], history) if one.stands(context.day)]
            held.append(Held(records[name], tuple(holds), value))
        consents = tuple((to, made[-1]) for to, made in sorted(history.choices.items()) if made)
        return Report(tuple(held), tuple(loaded.copies.values()), consents, receipt)
