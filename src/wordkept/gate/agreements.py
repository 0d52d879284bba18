"""Agreements: the register of what was signed with partners, each entry by an office.

Beside ``gate.Gate``, on connections of its own, for one thread. Each entry goes into one transaction with the
operator's events that decisions read, and with a statement by the office that made it. What is *not* here: what an
agreement opens (``rules.entrustment``), what follows from its end (``ending``), how it stands (``standing``).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from wordkept.gate import ending, papers
from wordkept.gate.asking import Happening
from wordkept.gate.attached import Attached
from wordkept.gate.deciding import Context, new_id
from wordkept.gate.outbox import Outbox
from wordkept.gate.standing import Signed, Standing, known_clauses, of_the_end, possible, returns, standing
from wordkept.gate.telling import pseudonym
from wordkept.person import agreed, standing_agreements
from wordkept.record import Actor
from wordkept.terms import Answer, Role, ValueRejectedError
from wordkept.vault import agreements, given
from wordkept.vault.agreements import Agreement, Tick
from wordkept.vault.flight import Command


class Agreements(Attached):
    """The register of one installation; a context manager."""

    def sign(self, signed: Signed, paper: bytes, by: str, now: datetime) -> None:
        """Enter a signed agreement; one that stood with the same partner is replaced by it.

        Raises:
            ValueRejectedError: something of it cannot be; nothing was stored.
            UnavailableError: the store is down.
        """
        context, who = self._context(now), _office(by)
        words = context.words
        possible(words, signed, context.day)
        digest = papers.filed(self.installation.folder, paper)
        entered = Agreement(
            id=new_id(now),
            party=signed.party,
            document=digest,
            country=signed.country,
            subprocessors=signed.subprocessors,
            begins=signed.begins,
            ends=signed.ends,
            inspect_by=signed.inspect_by,
            signed_on=context.day,
            signed_by=who.name,
            ticks=tuple(Tick(one, context.day, who.name) for one in signed.clauses),
        )
        ended = [kind.closes for kind in standing_agreements(words, ending.operator_of(context), signed.party)]
        opened = [kind.opens for kind in agreed(words) if not kind.within or kind.name in signed.clauses]
        kinds = [*filter(None, ended), *opened]
        self._enter(context, kinds, signed.party, who, agreements.sign(entered), ("agreement.signed", digest))

    def tick(self, party: str, clauses: Sequence[str], by: str, now: datetime, *, back: bool = False) -> None:
        """Enter that an office has seen clauses in the agreement that stands, or (``back``) that it was wrong.

        Raises:
            ValueRejectedError: no agreement stands, or there is no such clause; nothing was stored.
            UnavailableError: the store is down.
        """
        context, who = self._context(now), _office(by)
        one = self._standing(context, party)
        known_clauses(context.words, clauses, context.day)
        spans = [kind for kind in agreed(context.words) if kind.within and kind.name in clauses]
        kinds = [kind.closes if back else kind.opens for kind in spans]
        ticked = agreements.tick(one.id, clauses, context.day, who.name)
        commands = agreements.untick(one.id, clauses) if back else ticked
        said = ("agreement.unticked" if back else "agreement.ticked", one.document)
        self._enter(context, [*filter(None, kinds)], party, who, commands, said)

    def inspect(self, party: str, report: bytes, following: date | None, by: str, now: datetime) -> None:
        """Enter an inspection, and the last day of the next.

        Raises:
            ValueRejectedError: no agreement stands, or the next inspection would be past; nothing was stored.
            UnavailableError: the store is down.
        """
        context, who = self._context(now), _office(by)
        one = self._standing(context, party)
        if following is not None and following <= context.day:
            raise ValueRejectedError("the next inspection is after today")
        digest = papers.filed(self.installation.folder, report)
        commands = agreements.inspect(one.id, digest, context.day, who.name, following)
        self._enter(context, [], party, who, commands, ("agreement.inspected", digest))

    def end(self, party: str, by: str, now: datetime) -> None:
        """End the agreement that stands, and order all back or destroyed that the processor holds.

        Raises:
            ValueRejectedError: none stands.
            UnavailableError: the store is down; what was not ordered is by the next day's run.
        """
        context, who = self._context(now), _office(by)
        with self._stores.guarded():
            if not standing_agreements(context.words, ending.operator_of(context), party):
                raise ValueRejectedError("no agreement stands with it", hint="wordkept agreement list shows all")
            ending.end(context, party, who)
            ending.order(context)

    def certify(self, party: str, certificate: bytes, by: str, now: datetime) -> int:
        """Enter the certificate that a processor gave back or destroyed all; it settles what it was ordered.

        Returns:
            How many orders it settled.

        Raises:
            ValueRejectedError: no certificate is waited for; nothing was stored.
            UnavailableError: the store is down; enter it again.
        """
        context, who = self._context(now), _office(by)
        waits = [one for one in self._all(party) if one.certify_by is not None and one.certificate is None]
        if not waits:
            raise ValueRejectedError("no certificate of it is waited for", hint="wordkept agreement list shows all")
        digest = papers.filed(self.installation.folder, certificate)
        with Outbox(self.installation, self.policy) as outbox:
            waiting = (one for one in outbox.open() if returns(context.words, one, party))
            settled = [one for one in waiting if of_the_end(context.words, one)]
            for one in settled:
                outbox.answered(one, Answer.DONE, now, who)
        commands = [agreements.certify(one.id, digest, context.day, who.name) for one in waits]
        self._enter(context, [], party, who, commands, ("agreement.certified", digest))
        return len(settled)

    def listed(self, now: datetime) -> list[Standing]:
        """How it stands with every partner that the edition in force names, or that something is waited for."""
        context = self._context(now)
        with self._stores.guarded():
            known, operator = self._all(None), ending.operator_of(context)
            with self._stores.transaction() as session:
                orders = given.open_orders(session)
        words = context.words
        parties = dict.fromkeys((*words.recipients, *words.processors, *(one.party for one in known)))
        return [
            standing(words, context.day, party, operator, [one for one in known if one.party == party],
                     [one for one in orders if returns(words, one, party)])
            for party in parties
            if party not in words.recipients or not words.recipients[party].group
        ]  # fmt: skip

    def _all(self, party: str | None) -> list[Agreement]:
        with self._stores.guarded(), self._stores.transaction() as session:
            return agreements.listed(session, party)

    def _standing(self, context: Context, party: str) -> Agreement:
        found = next((one for one in self._all(party) if one.ended_on is None), None)
        if found is None or not standing_agreements(context.words, ending.operator_of(context), party):
            raise ValueRejectedError("no agreement stands with it", hint="wordkept agreement list shows all")
        return found

    def _enter(
        self,
        context: Context,
        kinds: Sequence[str],
        party: str,
        by: Actor,
        commands: Sequence[Command],
        said: tuple[str, str],
    ) -> None:
        rule, digest = said
        happened = [Happening(None, kind, party, by=by) for kind in kinds]
        with self._stores.guarded():
            ending.enter(context, happened, commands, ending.statement(context, rule, party, by, digest))


def _office(by: str) -> Actor:
    name = pseudonym(by)
    if name is None:
        raise ValueRejectedError("by: name the office")
    return Actor(Role.STAFF, name=name)
