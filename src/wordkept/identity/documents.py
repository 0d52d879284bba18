"""Documents: copies that people show of themselves, taken masked, looked at by a person, gone after the decision.

The numbers on a copy are masked before it comes here, and whoever brings it says so: this program does not paint in the
pictures of strangers. Who looks at it says what they saw, out of a closed list; that ends the request which holds it.
What is *not* here: whether a file is one (``files``), and who stands for whom (``representatives``).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Final

import msgspec

from wordkept.gate import Asked, Gate, Happening, Outcome, Proof, Proofs
from wordkept.identity import files
from wordkept.record import Actor, ImpossibleEventError, Request
from wordkept.terms import Act, Level, Role, ValueRejectedError

DECIDED: Final = "request.decided"


class Seen(StrEnum):
    """What a person saw who looked at a document; only the first lets anybody in."""

    THEIRS = "theirs"
    UNREADABLE = "unreadable"
    UNMASKED = "unmasked"
    EXPIRED = "expired"
    OF_ANOTHER = "of-another"
    DOUBTED = "doubted"


class Copy(msgspec.Struct, frozen=True):
    """A copy of a document as it is handed in.

    Attributes:
        subject: whose request it is.
        item: what it is: ``id_card_copy``.
        matter: the request, ``request:…``; the first document opens it.
        masked: the numbers on it are painted over.
        purpose: what it is for.
        method: how it came.
    """

    subject: str
    item: str
    matter: str
    masked: bool
    purpose: str = "id-verification"
    method: str = "website"


class Documents(msgspec.Struct, frozen=True):
    """The documents of one installation.

    Attributes:
        gate: where they are kept.
        proofs: of the same installation.
    """

    gate: Gate
    proofs: Proofs

    def hand_in(self, copy: Copy, chunks: Iterable[bytes], by: Actor, now: datetime) -> Outcome:
        """Take a copy, of which nothing is read beyond what its item allows.

        Raises:
            ValueRejectedError: it is not masked, too large, of another type, damaged or something else as well; stated,
                and nothing of it is kept.
            Refused: the policy does not let it be taken.
        """
        item = self.gate.policy.item(copy.item, self.gate.day(now))
        try:
            data = files.taken(chunks, item.at_most if item else 0, masked=copy.masked)
        except ValueRejectedError:
            self.proofs.turned_away(copy.subject, Level.DOCUMENT, "not-taken", now, by.name)
            raise
        ask = Request(
            act=Act.COLLECT, items=(copy.item,), by=by, on=self.gate.day(now), purpose=copy.purpose, matter=copy.matter,
            method=copy.method,
        )  # fmt: skip
        return self.gate.perform(Asked(copy.subject, ask, {copy.item: data}), now)

    def look(self, copy: Copy, by: Actor, now: datetime) -> bytes:
        """The document, for staff who decide about it; that they looked is stated.

        Raises:
            Refused: the policy does not let them, or there is none.
        """
        ask = Request(
            act=Act.USE, items=(copy.item,), by=by, on=self.gate.day(now), purpose=copy.purpose, matter=copy.matter
        )
        (found,) = self.gate.perform(Asked(copy.subject, ask), now).values[copy.item]
        return found

    def decide(self, copy: Copy, seen: Seen, by: Actor, now: datetime) -> Proof | None:
        """Decide who somebody is, as staff saw it; the request is decided, and with its day the document's hold ends.

        Returns:
            Their proof, none if it is not they.

        Raises:
            Refused: the policy does not let them look, or there is no document.
            ValueRejectedError: no person decides, or the request was decided before.
        """
        if by.role is not Role.STAFF or not by.name:
            raise ValueRejectedError("document: a person of the staff decides, under a name")
        self.look(copy, by, now)
        (done,) = self.gate.happen([Happening(copy.subject, DECIDED, copy.matter, by=by)], now)
        if isinstance(done, ImpossibleEventError):
            raise ValueRejectedError("document: its request was decided before")
        if seen is Seen.THEIRS:
            return self.proofs.vouch(copy.subject, Level.DOCUMENT, now, by.name)
        self.proofs.turned_away(copy.subject, Level.DOCUMENT, seen, now, by.name)
        return None
