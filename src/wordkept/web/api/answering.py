"""Answering: messages of one program put to the gate, and what became of each.

One message is a batch of one. Each is answered by itself: what does not fit, is not granted or is refused takes nothing
else with it. What is *not* here: bytes and HTTP (``application``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import groupby

import msgspec

from wordkept.gate import Asked, Gate, Happening, Outcome, Proofs, Refused
from wordkept.gate.deciding import CHANGES
from wordkept.identity import files
from wordkept.identity.codes import Codes
from wordkept.identity.mail import Letter
from wordkept.language import Catalogue
from wordkept.policy.model import Policy
from wordkept.record import CONSENT, Actor, Request, Shown
from wordkept.rules.spans import document_items
from wordkept.terms import Act, Effect, Level, UnavailableError, ValueRejectedError
from wordkept.web.api import messages
from wordkept.web.api.answers import Answer, Problem
from wordkept.web.api.credentials import Credential
from wordkept.web.api.messages import Asking
from wordkept.web.api.problems import decision_id, of_error, problem, refusal

Result = Answer | Problem


class Desk(msgspec.Struct, frozen=True):
    """What all messages of one request share: the gate, who sends them, the time, the reader's language."""

    gate: Gate
    by: Credential
    now: datetime
    speak: Catalogue
    send: Callable[[Letter], None] | None = None

    def answers(self, asked: Sequence[Asking]) -> list[Result]:
        """One answer or problem for each message, in their order.

        Raises:
            UnavailableError: a store is down, or it is unknown whether what was asked took effect.
        """
        found: list[Result] = []
        for how, alike in groupby(asked, key=self._how):
            run = list(alike)
            found += [self._refused(one) for one in run] if how is None else self._run(run)
        return found

    def _how(self, one: Asking) -> str | None:
        """Messages of the same kind are done in one transaction; none if the program may not ask."""
        if not self.by.grants(one):
            return None
        if isinstance(one, messages.Consent | messages.Event):
            return "event"
        if isinstance(one, messages.SendCode | messages.Prove):
            return "identity"
        return "change" if _act(one) in CHANGES else "reading"

    def _turned_away(self, one: Asking, found: Problem) -> Problem:
        """The problem of what the gate itself does not write down, with evidence of it."""
        self.gate.turned_away(found.type.rpartition(":")[2], self.now, self.by.name, one.subject)
        return found

    def _refused(self, one: Asking) -> Problem:
        return self._turned_away(one, problem("not-granted", "the credential does not grant it, or not in this role"))

    def _run(self, run: Sequence[Asking]) -> list[Result]:
        try:
            return list(self._done(run))
        except ValueRejectedError as error:
            if len(run) == 1:
                return [self._turned_away(run[0], of_error(error))]
            return [one for each in run for one in self._run([each])]

    def _done(self, run: Sequence[Asking]) -> Iterator[Result]:
        if isinstance(run[0], messages.SendCode | messages.Prove):
            yield self._identity(run[0])
        elif isinstance(run[0], messages.Consent | messages.Event):
            for one, number in zip(run, self.gate.happen([self._happening(one) for one in run], self.now), strict=True):
                if isinstance(number, int):
                    yield Answer(number=number)
                else:
                    yield self._turned_away(one, problem("impossible", str(number)))
        else:
            for outcome in self.gate.perform_many([self._asked(one) for one in run], self.now):
                yield self._answer(outcome)

    def _asked(self, one: Asking) -> Asked:
        values: dict[str, str | bytes] = {}
        if isinstance(one, messages.Collect | messages.Request):
            values = {**one.values, **one.files}
            if len(values) < len(one.values) + len(one.files):
                raise ValueRejectedError("values: an item comes as text or as a file")
            values |= self._documents(one, values)
        more = ("purpose", "to", "matter", "method", "source", "statute", "reason")
        ask = Request(
            act=_act(one),
            items=tuple(values) if isinstance(one, messages.Collect) else getattr(one, "items", ()),
            by=self._actor(one),
            on=self.gate.day(self.now),
            **{name: getattr(one, name, None) for name in more},
        )
        return Asked(one.subject, ask, values, one.request_id)

    def _documents(self, one: Asking, values: Mapping[str, str | bytes]) -> Iterator[tuple[str, bytes]]:
        """Copies of documents are taken masked and plain, or not at all."""
        day = self.gate.day(self.now)
        known = document_items(self.gate.policy.on(day) or self.gate.policy.editions[0])
        for item in known & values.keys():
            given = values[item]
            data = given.encode() if isinstance(given, str) else given
            yield item, files.taken([data], files.LARGEST, masked=getattr(one, "masked", False))

    def _happening(self, one: Asking) -> Happening:
        by = self._actor(one)
        if isinstance(one, messages.Consent):
            shown = Shown(one.shown.digest, one.shown.language, one.shown.channel) if one.shown else None
            return Happening(one.subject, CONSENT, None, one.to, one.choice, one.request_id, by, shown)
        kind, matter = getattr(one, "kind", ""), getattr(one, "matter", None)
        return Happening(one.subject, kind, matter, request_id=one.request_id, by=by)

    def _identity(self, one: messages.SendCode | messages.Prove) -> Result:
        """A code goes out, or comes back; both are asked one by one."""
        if self.send is None:
            raise UnavailableError("no mail server is named in the installation's folder")
        codes = Codes(self.gate, Proofs.beside(self.gate), self.send)
        try:
            if isinstance(one, messages.SendCode):
                return Answer(challenge=codes.mail(one.subject, self.now, self.by.name))
            proof = codes.answer(one.subject, one.challenge, one.code, self.now, self.by.name)
        except Refused as refused:
            return refusal(refused.decision, refused.receipt, self.speak)
        return Answer(proof=proof.token, level=proof.level, until=proof.until)

    def _actor(self, one: Asking) -> Actor:
        by = one.by
        name = f"{self.by.name}.{by.name}" if by.name else self.by.name
        return Actor(by.role, name, self._level(one), by.pledge, by.training, by.grant)

    def _level(self, one: Asking) -> Level:
        """What the program says, as far as it is believed, or what the person proved: whichever is better."""
        said = one.by.level
        believed = self.by.vouches if said.suffices(self.by.vouches) else said
        if one.by.proof is None:
            return believed
        proved = Proofs.beside(self.gate).level(one.subject, one.by.proof, self.now)
        return proved if proved.suffices(believed) else believed

    def _answer(self, outcome: Outcome) -> Result:
        decision = outcome.decision
        if decision.effect is Effect.DENY:
            return refusal(decision, outcome.receipt, self.speak)
        files = frozenset(_files(self.gate.policy, outcome.values, self.gate.day(self.now)))
        return Answer(
            clauses=decision.because,
            edition=decision.edition.effective if decision.edition else None,
            decision=decision_id(outcome.receipt),
            values={item: tuple(one.decode() for one in all_) for item, all_ in _without(outcome, files)},
            files={item: outcome.values[item] for item in files},
            repeated=outcome.repeated,
            alias=outcome.alias,
            ordered=outcome.ordered,
        )


def _act(one: Asking) -> Act:
    return Act(one.act) if isinstance(one, messages.Request) else Act(str(one.__struct_config__.tag))


def _without(outcome: Outcome, files: frozenset[str]) -> Iterator[tuple[str, tuple[bytes, ...]]]:
    return ((item, values) for item, values in outcome.values.items() if item not in files)


def _files(policy: Policy, items: Iterable[str], day: date) -> Iterator[str]:
    for name in items:
        item = policy.item(name, day) or policy.item(name, date.max)
        if item is None or item.type == "file":
            yield name
