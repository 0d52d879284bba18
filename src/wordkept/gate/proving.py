"""Proving: somebody is asked to show something, shows it, and is known for some minutes by a token.

What the right answer holds is kept as a digest under a key of the installation, so a thief of the database cannot try
codes; it is compared in constant time, tried a few times, used once, and no statement has it. A person is asked a few
times an hour. Beside ``gate.Gate``, for one thread. What is *not* here: what is shown, and
how it gets to the person (``identity``).
"""

from __future__ import annotations

import hmac
import secrets
from datetime import datetime, timedelta
from typing import Final, Self

import msgspec

from wordkept.evidence import Body, Predicate, Statement, state
from wordkept.gate import admitting
from wordkept.gate.deciding import new_id
from wordkept.gate.gate import Gate
from wordkept.gate.keyfile import key_in
from wordkept.gate.stores import Stores
from wordkept.gate.telling import pseudonym
from wordkept.terms import Level, ValueRejectedError
from wordkept.vault import changes, proofs
from wordkept.vault.flight import Session
from wordkept.vault.installation import Installation

LASTS: Final = timedelta(minutes=10)
"""How long an answer may take, and how long a proof counts."""
TRIES: Final = 5
"""Answers that one challenge takes."""
MOST: Final = 5
"""Challenges of one person within ``WINDOW``."""
WINDOW: Final = timedelta(hours=1)
KEY: Final = "identity.key"
"""In the installation's folder; mode 0600."""
_TOKEN: Final = 32
_NOTHING: Final = bytes(32)


class Proof(msgspec.Struct, frozen=True):
    """What somebody proved.

    Attributes:
        token: known to them alone; whoever brings it within the time is them.
        level: how well.
        until: when it ends.
    """

    token: str
    level: Level
    until: datetime

    def __repr__(self) -> str:
        return f"<Proof by {self.level} until {self.until}>"

    def __rich_repr__(self) -> list[tuple[str, str]]:
        return [("", repr(self))]


class Proofs:
    """The proofs of one installation; a context manager.

    Args:
        installation: open; it is not closed with the proofs.
        stores: connections to use instead of ones of their own.
    """

    def __init__(self, installation: Installation, stores: Stores | None = None) -> None:
        self._stores = stores or Stores(installation)
        self._key = key_in(installation.folder / KEY)

    @classmethod
    def beside(cls, gate: Gate) -> Self:
        """Proofs that use a gate's own connections, in its thread, as long as it is open."""
        return cls(gate.installation, gate._stores)  # noqa: SLF001  (a module of the gate)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stores.close()

    def challenge(self, subject: str, level: Level, answer: str, now: datetime, by: str = "") -> str:
        """Somebody is asked to show something that only they can know.

        Args:
            subject: who.
            level: what the right answer proves.
            answer: the right answer.
            now: when.
            by: pseudonym of the program that asks.

        Returns:
            The challenge's id.

        Raises:
            ValueRejectedError: nobody is there by that pseudonym, or they were asked too often.
        """
        admitting.person(subject)
        made = new_id(now)
        with self._stores.guarded(), self._stores.transaction() as session:
            proofs.forget(session, now, now - WINDOW)
            there = changes.lock_many(session, [subject])
            asked = there and proofs.asked_since(session, subject, now - WINDOW) < MOST
            if asked:
                digest = self._digest("challenge", subject, made, answer)
                proofs.ask(session, subject, made, level, digest, now=now, ends=now + LASTS)
            self._stores.tell([_said(now, subject, by, level, "asked" if asked else "not-asked", refused=not asked)])
        if not asked:
            raise ValueRejectedError("identity: nobody is there, or they were asked too often; wait an hour")
        return made

    def answer(self, subject: str, challenge: str, level: Level, answer: str, now: datetime, by: str = "") -> Proof:
        """Somebody answers.

        Raises:
            ValueRejectedError: it is not the answer, or it came too late, too often or twice; written and committed
                before. It does not tell which.
        """
        admitting.person(subject)
        admitting.identifier(challenge, "challenge")
        with self._stores.guarded(), self._stores.transaction() as session:
            kept = proofs.tried(session, subject, challenge, level, now=now, most=TRIES)
            given = self._digest("challenge", subject, challenge, answer)
            is_right = hmac.compare_digest(kept or _NOTHING, given) and kept is not None
            is_first = is_right and proofs.answered(session, subject, challenge)
            proof = self._proved(session, subject, level, now) if is_first else None
            what = "proved" if proof else "not-proved"
            self._stores.tell([_said(now, subject, by, level, what, refused=proof is None)])
        if proof is None:
            raise ValueRejectedError("identity: that is not the answer, or it came too late, too often or twice")
        return proof

    def vouch(self, subject: str, level: Level, now: datetime, by: str) -> Proof:
        """A person of the operator established who somebody is; ``by`` is their pseudonym."""
        admitting.person(subject)
        with self._stores.guarded(), self._stores.transaction() as session:
            proof = self._proved(session, subject, level, now)
            self._stores.tell([_said(now, subject, by, level, "proved", refused=False)])
        return proof

    def level(self, subject: str, token: str, now: datetime) -> Level:
        """How well whoever brings a token is identified as somebody; ``none`` if it is not theirs or has ended."""
        admitting.person(subject)
        proof, _, secret = token.partition(".")
        if not proof.isascii() or len(proof) != _TOKEN or not set(proof) <= set("0123456789abcdef"):
            return Level.NONE
        with self._stores.guarded(), self._stores.transaction() as session:
            found = proofs.proved(session, subject, proof, now)
        level, kept = found or (Level.NONE, _NOTHING)
        return level if hmac.compare_digest(kept, self._digest("proof", subject, proof, secret)) else Level.NONE

    def end(self, subject: str) -> None:
        """Whatever somebody proved counts no more: they left the program, or their session was stolen."""
        admitting.person(subject)
        with self._stores.guarded(), self._stores.transaction() as session:
            proofs.end(session, subject)

    def turned_away(self, subject: str, level: Level, why: str, now: datetime, by: str = "") -> None:
        """State that what somebody showed was not taken: ``why`` is one of our own words."""
        with self._stores.guarded(), self._stores.transaction():
            self._stores.tell([_said(now, subject, by, level, why, refused=True)])

    def decided(self, subject: str, what: str, why: str, about: str, now: datetime, by: str, *, refused: bool) -> None:
        """State what a person of the operator decided about somebody who asks for another, in our own words."""
        body = Body(
            actor=pseudonym(by),
            event=f"identity.{what}",
            rule=f"identity.{why}",
            second=pseudonym(about),
            subject=subject,
        )
        with self._stores.guarded(), self._stores.transaction():
            self._stores.tell([state(Predicate.REFUSED if refused else Predicate.APPROVED, now, body)])

    def _proved(self, session: Session, subject: str, level: Level, now: datetime) -> Proof:
        made, secret = new_id(now), secrets.token_urlsafe(_TOKEN)
        proofs.prove(session, subject, made, level, self._digest("proof", subject, made, secret), now + LASTS)
        return Proof(f"{made}.{secret}", level, now + LASTS)

    def _digest(self, what: str, subject: str, name: str, secret: str) -> bytes:
        said = f"wordkept identity {what} v1\n{subject}\n{name}\n{secret}"
        return hmac.digest(self._key, said.encode("utf-8", "surrogateescape"), "sha256")


def _said(now: datetime, subject: str, by: str, level: Level, what: str, *, refused: bool) -> Statement:
    body = Body(actor=pseudonym(by), event=f"identity.{what}", rule=f"identity.{level}", subject=subject)
    return state(Predicate.REFUSED if refused else Predicate.PERFORMED, now, body)
