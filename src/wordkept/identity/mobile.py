"""Mobile identity: a provider that knows a person by their telephone says, signed, who answered a question.

The question is a fresh nonce for one person. The answer names it, its one receiver and its moment, and is signed by
Ed25519 (RFC 8032) over the raw bytes; it can be used neither for somebody else, nor later, nor twice. Its CI is looked
up in the blind index, and never shown or kept. What is *not* here: a real provider; ``standin`` stands in for one.
"""

from __future__ import annotations

import base64
import binascii
import secrets
from datetime import datetime, timedelta
from typing import Annotated, Final, Literal

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from wordkept.gate import Gate, Proof, Proofs
from wordkept.terms import BrokenError, Level, ValueRejectedError

SIGNATURE: Final = "Wordkept-Signature"
LARGEST: Final = 4096
"""Bytes of an answer."""
FRESH: Final = timedelta(minutes=5)
"""How far the moment of an answer may be from now, either way."""
_PUBLIC: Final = "ed25519:"
_Text = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the provider is asked, through the person's own browser.

    Attributes:
        format: ``wordkept-mobile/1``.
        to: who asks, as the provider calls it.
        nonce: 43 characters that nobody guesses.
    """

    format: Literal["wordkept-mobile/1"]
    to: _Text
    nonce: _Text


class Answer(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What it answers, signed.

    Attributes:
        format: as of the question.
        to: as of the question.
        nonce: as of the question.
        ci: connecting information, the same with every operator.
        sent: the moment, with its zone.
        stand_in: no person was recognised; for trying out.
    """

    format: Literal["wordkept-mobile/1"]
    to: _Text
    nonce: _Text
    ci: _Text
    sent: datetime
    stand_in: bool = False

    def __repr__(self) -> str:
        return "<Answer>"

    def __rich_repr__(self) -> list[tuple[str, str]]:
        return [("", repr(self))]


class Provider(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A provider that an installation believes.

    Attributes:
        key: its public key, ``ed25519:…``.
        to: what it calls this installation.
        stand_in: it is a stand-in; where this is not said, the answers of one count for nothing.
    """

    key: str
    to: str
    stand_in: bool = False


_answers: Final = msgspec.json.Decoder(Answer)


class Mobile(msgspec.Struct, frozen=True):
    """Mobile identity of one installation.

    Attributes:
        gate: to the index.
        proofs: of the same installation.
        provider: who is believed.
        item: the CI, as the policy calls it; it must have an index.
    """

    gate: Gate
    proofs: Proofs
    provider: Provider
    item: str = "ci"

    def ask(self, subject: str, now: datetime, by: str = "") -> tuple[str, Question]:
        """The challenge's id, and the question to send the person to the provider with.

        Raises:
            ValueRejectedError: as ``Proofs.challenge``.
        """
        nonce = secrets.token_urlsafe(32)
        challenge = self.proofs.challenge(subject, Level.MOBILE, nonce, now, by)
        return challenge, Question("wordkept-mobile/1", self.provider.to, nonce)

    def answer(self, subject: str, challenge: str, body: bytes, signature: str, now: datetime, by: str = "") -> Proof:
        """Take the provider's answer.

        Raises:
            ValueRejectedError: it is forged, late, of another question or person, or was used before; stated, and it
                does not tell which.
        """
        try:
            found = self._believed(subject, body, signature, now)
        except BrokenError:
            self.proofs.turned_away(subject, Level.MOBILE, "not-believed", now, by)
            raise ValueRejectedError("identity: that answer does not show that it is they") from None
        return self.proofs.answer(subject, challenge, Level.MOBILE, found.nonce, now, by)

    def _believed(self, subject: str, body: bytes, signature: str, now: datetime) -> Answer:
        found = read(body, signature, self.provider.key)
        mine = found.to == self.provider.to and found.stand_in == self.provider.stand_in
        if not mine or abs(found.sent - now) > FRESH:
            raise BrokenError("mobile: to somebody else, late, or from a stand-in")
        if subject not in self.gate.find(self.item, found.ci, now, "identity"):
            raise BrokenError("mobile: another person")
        return found


def read(body: bytes, signature: str, key: str) -> Answer:
    """An answer whose signature holds.

    Raises:
        BrokenError: it was not signed by that key, or is none; the message repeats nothing of it.
    """
    try:
        public = base64.b64decode(key.removeprefix(_PUBLIC), validate=True)
        Ed25519PublicKey.from_public_bytes(public).verify(base64.b64decode(signature, validate=True), body)
        found = _answers.decode(body[: LARGEST + 1])
    except (InvalidSignature, binascii.Error, ValueError, msgspec.MsgspecError):
        raise BrokenError("mobile: no answer that is signed by the provider") from None
    if found.sent.tzinfo is None or len(body) > LARGEST:
        raise BrokenError("mobile: no answer that is signed by the provider")
    return found
