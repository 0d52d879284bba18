"""Answering: what people ask of right is taken down, done by the gate as they themselves would, and its end written.

What is disputed rests from the moment at which it is taken down. Each act has an id that follows from the request's, so
a desk that was cut off is asked again and does the rest. What is *not* here: clocks, grounds and evidence
(``gate.register``), and what the person reads.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Final

import msgspec

from wordkept.claims import Wanted
from wordkept.gate import Answered, Asked, Gate, Happening, Refused, Register
from wordkept.record import CONSENT, Actor, Claim, Ground, ImpossibleEventError, Request, Right, Turn
from wordkept.terms import Act, Choice, Reason, State, ValueRejectedError

_ABOUT: Final = {Right.CORRECTION: "items", Right.WITHDRAWAL: "consents"}
"""What a request of a right must name."""


class Done(msgspec.Struct, frozen=True):
    """What was done.

    Attributes:
        answered: the request as it stands now.
        rests: items that are disputed, and neither used nor handed on from now on.
        kept: of a deletion, items of which something must stay, and by which clauses.
        ordered: partners who hold a copy and were told.
    """

    answered: Answered
    rests: tuple[str, ...] = ()
    kept: Mapping[str, tuple[str, ...]] = {}
    ordered: tuple[str, ...] = ()


class Desk:
    """The desk of one installation, on its gate and its register."""

    def __init__(self, gate: Gate, register: Register) -> None:
        self.gate, self.register = gate, register

    def take(self, subject: str, wanted: Wanted, now: datetime, by: Actor, request_id: str | None = None) -> Done:
        """Take down what a person asks; what they say is wrong rests at once.

        Raises:
            Refused: no clause takes it by this channel, or who asks is not identified well enough to let data rest. Of
                the second, the request was taken down all the same, and its clock runs.
            ValueRejectedError: it does not name what it is about, or something that the policy does not know.
            UnavailableError: nobody has that pseudonym, or a store is down.
        """
        about = _ABOUT.get(wanted.asking.right)
        if about and not getattr(wanted, about):
            raise ValueRejectedError(f"{about}: a {wanted.asking.right} names at least one")
        answered = self.register.take(subject, wanted, now, by, request_id)
        disputed = wanted.items if wanted.asking.right is Right.CORRECTION and answered.claim.is_open else ()
        live = [one for one in self.gate.records(subject) if one.state is State.LIVE and not one.frozen]
        rests = tuple(item for item in disputed if any(one.item == item for one in live))
        if rests:
            self._act(subject, answered.claim, Act.FREEZE, rests, now, by)
        return Done(answered, rests)

    def do(
        self, subject: str, claim: str, now: datetime, by: Actor, values: Mapping[str, str | bytes] | None = None
    ) -> Done:
        """Do what was asked, and write down that it was done.

        Args:
            subject: whose.
            claim: the request.
            now: when.
            by: who asks; a deletion and a correction are decided as theirs.
            values: by item, what is right, of a correction.

        Raises:
            Refused: the policy says no, or the day for it has not come.
            ValueRejectedError: a value does not fit, or is missing; nothing was done.
            UnavailableError: there is no such request, or a store is down.
        """
        found = self.register.find(subject, claim)
        if not found.is_open or self.register.day(now) < found.act_on:
            return Done(self.register.turn(subject, claim, Turn.DONE, now, by))
        kept, ordered = self._do(subject, found, now, by, values or {})
        return Done(self.register.turn(subject, claim, Turn.DONE, now, by), (), kept, ordered)

    def turn(
        self, subject: str, claim: str, turn: Turn, now: datetime, by: Actor, ground: Ground | None = None
    ) -> Done:
        """Put off, refuse, do something else, or let the person take it back; what rested for it is used again.

        Raises:
            Refused: no clause permits it on this ground, or it cannot follow.
            UnavailableError: there is no such request, or a store is down.
        """
        answered = self.register.turn(subject, claim, turn, now, by, ground)
        found = answered.claim
        if found.right is Right.CORRECTION and not found.is_open:
            here = [one for one in self.gate.records(subject) if one.frozen and one.item in found.items]
            items = tuple(dict.fromkeys(one.item for one in here))
            if items:
                self._act(subject, found, Act.LIFT, items, now, by, reason=str(ground or turn))
        return Done(answered)

    def _do(
        self, subject: str, claim: Claim, now: datetime, by: Actor, values: Mapping[str, str | bytes]
    ) -> tuple[dict[str, tuple[str, ...]], tuple[str, ...]]:
        if claim.right is Right.CORRECTION:
            if missing := [item for item in claim.items if item not in values]:
                raise ValueRejectedError(f"a correction needs what is right: {', '.join(missing)}")
            return {}, self._act(subject, claim, Act.CORRECT, claim.items, now, by, values)
        if claim.right is Right.DELETION:
            return self._delete(subject, claim, now, by)
        if claim.right is Right.WITHDRAWAL:
            self._happen([(CONSENT, None, to) for to in claim.consents], subject, claim, now, by)
        if claim.right is Right.DEPARTURE:
            edition, history = self.gate.edition(self.gate.day(now)), self.gate.history(subject)
            open_ = [(kind.closes, matter) for kind in edition.spans.values() if kind.restarts and kind.closes
                     for matter in sorted(history.open_matters(kind.name), key=str)]  # fmt: skip
            self._happen([(kind, matter, None) for kind, matter in open_], subject, claim, now, by)
        return {}, ()

    def _delete(
        self, subject: str, claim: Claim, now: datetime, by: Actor
    ) -> tuple[dict[str, tuple[str, ...]], tuple[str, ...]]:
        """Delete what may go; what must stay is separated at once, and named with what holds it."""
        there = dict.fromkeys(one.item for one in self.gate.records(subject))
        items = tuple(item for item in there if not claim.items or item in claim.items)
        if not items:
            return {}, ()
        try:
            return {}, self._act(subject, claim, Act.DESTROY, items, now, by)
        except Refused as refused:
            held = [one for one in refused.decision.parts if one.reason is Reason.HELD]
            if not held:
                raise
            kept = {one.record.item: one.because for one in held}
            return kept, ()

    def _act(
        self,
        subject: str,
        claim: Claim,
        act: Act,
        items: tuple[str, ...],
        now: datetime,
        by: Actor,
        values: Mapping[str, str | bytes] | None = None,
        reason: str | None = None,
    ) -> tuple[str, ...]:
        ask = Request(act=act, items=items, by=by, on=self.gate.day(now), reason=reason)
        asked = Asked(subject, ask, values or {}, _named(claim, act))
        return self.gate.perform(asked, now).ordered

    def _happen(
        self, what: list[tuple[str, str | None, str | None]], subject: str, claim: Claim, now: datetime, by: Actor
    ) -> None:
        happenings = [
            Happening(
                subject, kind, matter, to, Choice.WITHDRAWN if to else None, _named(claim, f"{kind} {matter} {to}"), by
            )
            for kind, matter, to in what
        ]
        for done in self.gate.happen(happenings, now):
            if isinstance(done, ImpossibleEventError):
                raise ValueRejectedError(str(done))


def _named(claim: Claim, what: str) -> str:
    """The request id of an act that belongs to a claim: the same however often it is asked."""
    return sha256(f"{claim.id} {what}".encode()).hexdigest()[:32]
