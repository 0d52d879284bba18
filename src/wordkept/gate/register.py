"""Register: what people ask of right, taken down, kept on its clocks and answered, each turn with its evidence.

Beside ``gate.Gate``, on connections of its own; one register belongs to one thread. A turn, its events, the rest of a
person's data and the orders about it are one transaction. What is *not* here: whether a turn is permitted (``claims``),
and doing what was asked (``rights``).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

import msgspec

from wordkept.claims import Heard, Wanted, opened, turned
from wordkept.decision import Decision
from wordkept.evidence import Statement
from wordkept.gate import admitting, telling
from wordkept.gate.asking import Happening, Receipt, Refused
from wordkept.gate.attached import Attached
from wordkept.gate.deciding import Context, new_id
from wordkept.gate.desk import Flushed
from wordkept.gate.following import tell
from wordkept.person import Person
from wordkept.record import Actor, Claim, Ground, Turn
from wordkept.terms import Effect, Reason, UnavailableError, ValueRejectedError
from wordkept.vault import claims
from wordkept.vault.points import reached

_MOST = 1000
"""Items, or consents, of one request."""
_Move = Callable[[Person, Claim | None, date], Heard]


class Answered(msgspec.Struct, frozen=True):
    """What was written down: the request as it stands, why, and the statement of it, none if it stood so before."""

    claim: Claim
    decision: Decision
    receipt: Receipt | None


class Register(Attached):
    """The register of one installation; a context manager."""

    def of(self, subject: str) -> list[Claim]:
        """What one person ever asked, oldest first."""
        admitting.identifier(subject, "subject")
        with self._stores.guarded(), self._stores.transaction() as session:
            return claims.claims_of(session, subject)

    def find(self, subject: str, claim: str) -> Claim:
        """One request of a person.

        Raises:
            UnavailableError: they made no such request.
        """
        admitting.identifier(claim, "request")
        found = next((one for one in self.of(subject) if one.id == claim), None)
        if found is None:
            raise UnavailableError("this person made no such request")
        return found

    def open(self) -> list[tuple[str, Claim]]:
        """What nobody answered yet, with whose it is, oldest first."""
        with self._stores.guarded(), self._stores.transaction() as session:
            return claims.open_claims(session)

    def take(self, subject: str, wanted: Wanted, now: datetime, by: Actor, request_id: str | None = None) -> Answered:
        """Take down what a person asks.

        Args:
            subject: whose.
            wanted: what.
            now: when.
            by: who asks, or took it down.
            request_id: 32 hex digits of the caller's, by which it is taken down once however often it is sent.

        Raises:
            Refused: no clause takes it by this channel; written and committed before.
            ValueRejectedError: it names what no edition declares, or the id is of another request.
            UnavailableError: nobody has that pseudonym, or the store is down.
        """
        self._admit(subject, wanted, now)
        admitting.identifier(request_id, "request id")
        name = request_id or new_id(now)

        def move(person: Person, known: Claim | None, day: date) -> Heard:
            if known is not None:
                return _again(known, wanted)
            return opened(person, wanted, day, name, lambda: new_id(now))

        return self._moved(subject, now, by, name, move)

    def turn(
        self, subject: str, claim: str, turn: Turn, now: datetime, by: Actor, ground: Ground | None = None
    ) -> Answered:
        """Make a turn of a request; one that was made already is not made again.

        Raises:
            Refused: no clause permits it on this ground, or it cannot follow; written and committed before.
            UnavailableError: they made no such request, or the store is down.
        """
        admitting.person(subject)
        admitting.identifier(claim, "request")

        def move(person: Person, known: Claim | None, day: date) -> Heard:
            if known is None:
                raise UnavailableError("this person made no such request")
            return turned(person, known, turn, ground, day, lambda: new_id(now))

        return self._moved(subject, now, by, claim, move)

    def _moved(self, subject: str, now: datetime, by: Actor, name: str, move: _Move) -> Answered:
        context = self._context(now)
        with self._stores.guarded():
            heard, flushed, receipt = self._stores.retried(lambda: self._write(context, subject, by, name, move))
            reached("claim.committed")
            tell(context, flushed.told)
        if heard.decision.effect is Effect.DENY or heard.claim is None:
            raise Refused(heard.decision, receipt)
        return Answered(heard.claim, heard.decision, receipt)

    def _write(
        self, context: Context, subject: str, by: Actor, name: str, move: _Move
    ) -> tuple[Heard, Flushed, Receipt | None]:
        with self._stores.transaction() as session:
            desk = context.desk()
            desk.take(session, [subject], None, self._stores.known_apart, lock=True, makes=False)
            loaded = desk.loaded[subject]
            if not loaded.there:
                raise UnavailableError("nobody here has that pseudonym")
            known = next((one for one in claims.claims_of(session, subject) if one.id == name), None)
            heard = move(loaded.person, known, context.day)
            if known is not None and heard.claim == known:
                return heard, Flushed(), None
            flushed = Flushed()
            if heard.claim is not None:
                loaded.events += heard.events
                claims.save(session, subject, heard.claim)
                flushed = desk.flush(session)
            receipt = Receipt(self._stores.journal.connection, self._stores.journal.next)
            self._stores.tell(_statements(context, subject, by, name, heard, loaded.person))
            reached("claim.written")
        return heard, flushed, receipt

    def _admit(self, subject: str, wanted: Wanted, now: datetime) -> None:
        admitting.person(subject)
        editions = self.policy.until(self.day(now))
        for what, named, known in (
            ("item", wanted.items, {name for one in editions for name in one.items}),
            ("consent", wanted.consents, {name for one in editions for name in one.consents}),
        ):
            if len(named) > _MOST or not known.issuperset(named):
                raise ValueRejectedError(f"{what}: the policy has none of that name")


def _again(known: Claim, wanted: Wanted) -> Heard:
    """A request that was taken down before under this id.

    Raises:
        ValueRejectedError: it was another one.
    """
    asked = (known.right, known.channel, known.items, known.consents)
    if asked != (wanted.asking.right, wanted.asking.channel, wanted.items, wanted.consents):
        raise ValueRejectedError("request id: it was used for another request")
    return Heard(Decision(Effect.ALLOW, Reason.PERMITTED, known.clauses), known)


def _statements(context: Context, subject: str, by: Actor, name: str, heard: Heard, person: Person) -> list[Statement]:
    if heard.claim is None:
        return [telling.not_heard(context.now, context.policy, subject, name, heard.decision, by, context.day)]
    said = [telling.heard(context.now, context.policy, subject, heard.claim, heard.decision, by)]
    for event in heard.events:
        happening = Happening(subject, event.kind, by=by)
        said.append(telling.happened(context.now, happening, context.policy, event.number, event.on))
    return said + [telling.ordered(context.now, context.policy, subject, order) for order in person.ordered]
