"""Codes: a number is mailed to a person, who says it back.

The address is read through the gate: where the policy does not let it be used, there is no code, and an address that is
frozen as wrong proves nothing. What is *not* here: keeping and comparing codes (``gate.proving``), and SMTP (``mail``).
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Final

import msgspec

from wordkept.gate import Asked, Gate, Proof, Proofs
from wordkept.identity.mail import Letter
from wordkept.language import Catalogue, catalogue, languages
from wordkept.record import Actor, Request
from wordkept.terms import Act, Level, Role

DIGITS: Final = 8
ACTOR: Final = Actor(Role.SYSTEM, "identity")


class Codes(msgspec.Struct, frozen=True):
    """One-time codes by mail.

    Attributes:
        gate: to the people's addresses.
        proofs: of the same installation.
        send: hands a letter over.
        item: the address.
        purpose: what it may be used for, so that a policy that lets nobody be identified by mail is obeyed.
    """

    gate: Gate
    proofs: Proofs
    send: Callable[[Letter], None]
    item: str = "email"
    purpose: str = "identification"

    def mail(self, subject: str, now: datetime, by: str = "") -> str:
        """Mail a fresh code.

        Returns:
            The id under which it is answered.

        Raises:
            Refused: the policy does not let the address be used, or there is none.
            ValueRejectedError: as ``Proofs.challenge``.
            UnavailableError: no mail server takes it.
        """
        code = "".join(secrets.choice("0123456789") for _ in range(DIGITS))
        challenge = self.proofs.challenge(subject, Level.CODE, code, now, by)
        ask = Request(act=Act.USE, items=(self.item,), by=ACTOR, on=self.gate.day(now), purpose=self.purpose)
        for address in self.gate.perform(Asked(subject, ask), now).values[self.item]:
            self.send(letter(address.decode(), code))
        return challenge

    def answer(self, subject: str, challenge: str, code: str, now: datetime, by: str = "") -> Proof:
        """Take a code back; spaces and dashes that people write do not matter.

        Raises:
            ValueRejectedError: as ``Proofs.answer``.
        """
        digits = code.replace(" ", "").replace("-", "")
        return self.proofs.answer(subject, challenge, Level.CODE, digits, now, by)


def letter(address: str, code: str) -> Letter:
    """The mail, in every language of the software one below the other: nobody says here which one the person reads."""
    speak = [catalogue(language) for language in reversed(languages())]
    return Letter(address, " / ".join(map(_about, speak)), "\n\n".join(_text(one, code) for one in speak))


def _about(speak: Catalogue) -> str:
    return speak("Your code")


def _text(speak: Catalogue, code: str) -> str:
    counts = speak("Your code is {code}. It counts for ten minutes, once.", code=code)
    return f"{counts}\n{speak('We never ask you for it. If you did not want one, you need not do anything.')}\n"
