"""The receipt of a choice: JSON-LD in terms of DPV, with what ISO/IEC TS 27560 asks of one, and a signature over it.

It holds the text that was shown, word for word, and names items and purposes, never a value. Whoever has it and the
installation's public key verifies it without a server: nothing in it was changed, the text is the one whose digest was
kept, and the choice was signed when it was made. What is *not* here: reading choices from a store (``gate.receipts``).
"""

from __future__ import annotations

import base64
import binascii
from hashlib import sha256
from typing import Any, Final

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from wordkept.policy.model import Edition
from wordkept.record import Event
from wordkept.terms import BrokenError, Channel, Choice
from wordkept.texts.consent import CATEGORY, PROVISION

FORMAT: Final = "wordkept/consent/1"
LARGEST: Final = 1024 * 1024
_STATUS: Final = {
    Choice.GIVEN: "dpv:ConsentGiven",
    Choice.REFUSED: "dpv:ConsentRefused",
    Choice.WITHDRAWN: "dpv:ConsentWithdrawn",
}
_CONTEXT: Final = {
    "dpv": "https://w3id.org/dpv#",
    "dct": "http://purl.org/dc/terms/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_ENCODER: Final = msgspec.json.Encoder(order="sorted")


class Choosing(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the signature of a choice covers; every text in it is plain ASCII.

    Attributes:
        at: instant in UTC, to the microsecond, as ISO 8601.
        channel: by which way it came.
        choice: what was chosen.
        edition: effective day of the edition that the text is from.
        installation: which one signs.
        language: of the text.
        number: of the event, among those of the person.
        subject: pseudonym.
        text: hex SHA-256 of the text.
        to: what the choice is about.
        format: of these bytes.
    """

    at: str
    channel: Channel
    choice: Choice
    edition: str
    installation: str
    language: str
    number: int
    subject: str
    text: str
    to: str
    format: str = FORMAT

    def canonical(self) -> bytes:
        """The bytes that are signed."""
        return _ENCODER.encode(self)


class Receipt(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a person gets of one choice.

    Attributes:
        receipt: the document, JSON-LD.
        text: what was shown.
        choosing: what the choice's own signature covers.
        chosen: that signature, in Base64; none if nobody known chose.
        signature: of this receipt, in Base64.
        key: the public key, in Base64, as the issuer says; compare it with the one that the operator publishes.
    """

    receipt: dict[str, Any]
    text: str
    choosing: Choosing
    chosen: str | None = None
    signature: str = ""
    key: str = ""

    def canonical(self) -> bytes:
        """The bytes that its signature covers: all but itself."""
        return _ENCODER.encode(msgspec.structs.replace(self, signature=""))


def issued(choosing: Choosing, event: Event, text: str, edition: Edition, seed: bytes) -> Receipt:
    """The signed receipt of a choice under a text of an edition; ``seed`` is the private key, 32 bytes."""
    private = Ed25519PrivateKey.from_private_bytes(seed)
    key = base64.b64encode(private.public_key().public_bytes_raw()).decode()
    chosen = None if event.signature is None else base64.b64encode(event.signature).decode()
    document = _document(choosing, edition)
    made = Receipt(receipt=document, text=text, choosing=choosing, chosen=chosen, key=key)
    return msgspec.structs.replace(made, signature=base64.b64encode(private.sign(made.canonical())).decode())


def verified(raw: bytes, key: str) -> Receipt:
    """The receipt that these bytes are, if it holds under a public key (Base64).

    Raises:
        BrokenError: it is none, was changed, is of another key, or its text is not the one that was shown.
    """
    if len(raw) > LARGEST:
        raise BrokenError("receipt: larger than any")
    try:
        found = msgspec.json.decode(raw, type=Receipt)
        public = Ed25519PublicKey.from_public_bytes(base64.b64decode(key, validate=True))
        public.verify(base64.b64decode(found.signature, validate=True), found.canonical())
        if found.chosen is not None:
            public.verify(base64.b64decode(found.chosen, validate=True), found.choosing.canonical())
    except (msgspec.MsgspecError, UnicodeError, RecursionError, binascii.Error, ValueError) as error:
        raise BrokenError("receipt: not one of this format, or no public key") from error
    except InvalidSignature as error:
        raise BrokenError("receipt: it was changed, or another installation signed it") from error
    if sha256(found.text.encode()).hexdigest() != found.choosing.text:
        raise BrokenError("receipt: its text is not the one that was shown")
    return found


def _document(choosing: Choosing, edition: Edition) -> dict[str, Any]:
    said, language = edition.translations.get(choosing.language, edition), choosing.language
    country = edition.operator.country
    document: dict[str, Any] = {
        "@context": _CONTEXT,
        "@type": "dpv:ConsentReceipt",
        "dct:conformsTo": {"@id": "https://w3id.org/dpv/schema/dpv-27560#receipt"},
        "dct:identifier": f"urn:wordkept:{choosing.installation}:{choosing.subject}:{choosing.number}",
        "dpv:hasDataSubject": {"@id": f"urn:wordkept:{choosing.subject}"},
        "dpv:hasDataController": {
            "@type": "dpv:DataController",
            "dct:title": said.service,
            "dpv:hasContact": [", ".join(filter(None, (one.office, one.telephone))) for one in said.officers.values()],
        },
        "dpv:hasNotice": [
            {"@type": "dpv:PrivacyNotice", "dct:identifier": f"sha256:{edition.digest}", "dct:valid": choosing.edition},
            {"@type": "dpv:ConsentNotice", "dct:identifier": f"sha256:{choosing.text}", "dct:language": language},
        ],
        "dpv:hasConsentStatus": {"@type": _STATUS[choosing.choice]},
        "dpv:hasLegalBasis": {"@type": "dpv:Consent"},
        "dpv:hasIndicationMethod": choosing.channel,
        "dpv:isIndicatedAtTime": {"@value": choosing.at, "@type": "xsd:dateTime"},
        **_about(choosing.to, said, language),
    }
    return document | ({"dpv:hasJurisdiction": country} if country else {})


def _about(to: str, said: Edition, language: str) -> dict[str, Any]:
    """Purposes, items and the recipient that a choice is about; entrustment and the like only have their text."""

    def titled(kind: str, title: str) -> dict[str, Any]:
        return {"@type": kind, "dct:title": {"@value": title, "@language": language}}

    def data(names: list[str]) -> list[dict[str, Any]]:
        return [titled(_term(said, name), said.items[name].title) for name in names]

    if (recipient := said.recipients.get(to.removeprefix(PROVISION))) is not None and to.startswith(PROVISION):
        return {
            "dpv:hasRecipient": titled("dpv:Recipient", recipient.title),
            "dpv:hasPurpose": [titled("dpv:Purpose", recipient.purpose)],
            "dpv:hasPersonalData": data(list(recipient.items)),
        }
    if to.startswith(CATEGORY):
        kind = to.removeprefix(CATEGORY)
        return {"dpv:hasPersonalData": data([name for name, one in said.items.items() if one.category == kind])}
    purposes = [one for name, one in said.purposes.items() if to in {name, one.group}]
    items = list(dict.fromkeys(name for one in purposes for name in one.items))
    return {
        "dpv:hasPurpose": [titled("dpv:Purpose", one.title) for one in purposes],
        "dpv:hasPersonalData": data(items),
    }


def _term(said: Edition, name: str) -> str:
    """Nothing finer than personal data: the item's title says which."""
    return "dpv:SensitivePersonalData" if said.items[name].category else "dpv:PersonalData"
