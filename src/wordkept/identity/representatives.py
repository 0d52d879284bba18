"""Representatives: who stands for a person is decided by a person, from what was handed in, with a reason from a list.

What they must have shown, and that they are heard in that and until then only, is the policy's; this writes down who
accepted whom, and ends it at once. What is *not* here: the documents themselves (``documents``).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Final

import msgspec

from wordkept.gate import Asked, Gate, Happening, Proofs
from wordkept.gate.telling import pseudonym
from wordkept.record import Actor, ImpossibleEventError, Representation, Request
from wordkept.terms import Act, Role, ValueRejectedError

ACCEPTED: Final = "representation.accepted"
REVOKED: Final = "representation.revoked"


class Ground(StrEnum):
    """Why a representative is accepted, or is not."""

    POWER_OF_ATTORNEY = "power-of-attorney"
    PARENT = "parent"
    GUARDIAN = "guardian"
    NOT_PROVED = "not-proved"
    OUT_OF_DATE = "out-of-date"
    BEYOND_SCOPE = "beyond-scope"
    AGAINST_INTEREST = "against-interest"
    DOUBTED = "doubted"

    @property
    def accepts(self) -> bool:
        """Whether it lets somebody in."""
        return self in {Ground.POWER_OF_ATTORNEY, Ground.PARENT, Ground.GUARDIAN}


class Representatives(msgspec.Struct, frozen=True):
    """The representatives of an installation's people.

    Attributes:
        gate: to what they handed in.
        proofs: of the same installation.
        purpose: what their documents are for.
        span: of a representation, as the policy declares it.
    """

    gate: Gate
    proofs: Proofs
    purpose: str = "representative-verification"
    span: str = "representation"

    def look(self, subject: str, matter: str, by: Actor, now: datetime) -> dict[str, bytes]:
        """What was handed in for a request, for staff who decide; that they looked is stated.

        Raises:
            Refused: the policy does not let them.
            ValueRejectedError: nothing was handed in.
        """
        there = [one for one in self.gate.records(subject) if (one.matter, one.purpose) == (matter, self.purpose)]
        items = tuple(dict.fromkeys(one.item for one in there if one.state_on(self.gate.day(now)) == "live"))
        if not items:
            raise ValueRejectedError("representative: nothing was handed in for that request")
        ask = Request(act=Act.USE, items=items, by=by, on=self.gate.day(now), purpose=self.purpose, matter=matter)
        return {item: found[0] for item, found in self.gate.perform(Asked(subject, ask), now).values.items()}

    def decide(self, subject: str, one: Representation, ground: Ground, matter: str, by: Actor, now: datetime) -> None:
        """Accept a representative, or do not; as staff who looked at what was handed in.

        Args:
            subject: whom they stand for.
            one: who they are, in what and until when.
            ground: why, or why not.
            matter: the request that their documents belong to.
            by: who decides.
            now: when.

        Raises:
            Refused: the policy does not let staff look.
            ValueRejectedError: no person decides, or it is they themselves; it is over already, nothing was handed in,
                or it was accepted before.
        """
        self._person(by, one)
        if ground.accepts and (not one.acts or one.until < self.gate.day(now)):
            raise ValueRejectedError("representative: for one act at least, and until today at least")
        self.look(subject, matter, by, now)
        if ground.accepts:
            self._happen(subject, ACCEPTED, one.matter, by, now)
        what = "representative-accepted" if ground.accepts else "representative-not-accepted"
        self.proofs.decided(subject, what, ground, one.name, now, by.name, refused=not ground.accepts)

    def revoke(self, subject: str, name: str, by: Actor, now: datetime) -> Sequence[Representation]:
        """A representative is one no more, from the next act on; returns what they were accepted for.

        Raises:
            ValueRejectedError: they were not accepted.
        """
        said = (Representation.said(matter) for matter in self.gate.history(subject).open_matters(self.span))
        found = [one for one in said if one is not None and one.name == name]
        if not found:
            raise ValueRejectedError("representative: nobody of that name stands for them")
        for one in found:
            self._happen(subject, REVOKED, one.matter, by, now)
        return found

    def _happen(self, subject: str, kind: str, matter: str, by: Actor, now: datetime) -> None:
        (done,) = self.gate.happen([Happening(subject, kind, matter, by=by)], now)
        if isinstance(done, ImpossibleEventError):
            raise ValueRejectedError("representative: that was accepted, or revoked, before")

    @staticmethod
    def _person(by: Actor, one: Representation) -> None:
        if by.role is not Role.STAFF or not by.name or by.name == pseudonym(one.name):
            raise ValueRejectedError("representative: a person of the staff decides, under a name, and about others")
        if Representation.said(one.matter) != one:
            raise ValueRejectedError("representative: a pseudonym, acts each once, and a last day")
