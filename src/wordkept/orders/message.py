"""The message of an order: JSON that is signed as it is sent, and the answer to it.

Both sides read it here. The signature is Ed25519 (RFC 8032) over the raw body, in Base64, in the header
``Wordkept-Signature``. The body names its one receiver, the moment it was sent and the order: it can be sent neither to
somebody else nor later on, and the same order sent again says so itself. What is *not* here: the way there
(``sending``), and what a partner keeps (``partner``).
"""

from __future__ import annotations

import base64
import binascii
from datetime import datetime
from typing import Annotated, Final, Literal

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from wordkept.terms import Answer, BrokenError, OrderKind

FORMAT: Final = "wordkept-order/1"
SIGNATURE: Final = "Wordkept-Signature"
"""The header with the signature."""
LARGEST: Final = 64 * 1024 * 1024 * 4 // 3 + 64 * 1024
"""Bytes of the largest message: one file of the largest size that a policy can allow, in Base64."""
_PUBLIC: Final = "ed25519:"

Identifier = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{32}\Z")]


class Message(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a partner is sent.

    Attributes:
        format: ``wordkept-order/1``.
        order: the order's id, the same however often it is sent.
        to: the partner, as the policy calls it.
        role: as which of the three it holds this.
        subject: the person's pseudonym towards this partner, as it was told with the data.
        kind: what is to be done.
        items: which items.
        values: of a correction, what stands now, by item; an item that is not here is wrong and has no value for you.
        answer_by: ``YYYY-MM-DD``, last day for the answer.
        sent: the moment, with its zone.
    """

    format: Literal["wordkept-order/1"]
    order: Identifier
    to: str
    role: Literal["recipient", "processor", "store"]
    subject: Identifier
    kind: OrderKind
    items: tuple[str, ...]
    sent: datetime
    values: dict[str, tuple[str, ...]] = {}
    answer_by: str | None = None

    def __repr__(self) -> str:  # values are shown nowhere
        return f"<Order {self.order} to {self.kind} {', '.join(self.items)} of {self.subject}>"

    def __rich_repr__(self) -> list[tuple[str, str]]:
        return [("", repr(self))]


class Reply(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a partner says: the order and its answer, none while it has the order and is not done.

    ``law`` is the statute by which one that cannot has to keep what it has, ``kr/e-commerce-act``.
    """

    order: Identifier
    answer: Answer | None = None
    law: Annotated[str, msgspec.Meta(max_length=200)] | None = None

    def body(self) -> bytes:
        """As it is sent."""
        return msgspec.json.encode(self)

    @property
    def status(self) -> int:
        """The status of HTTP that goes with it."""
        return 202 if self.answer is None else 200


_messages: Final = msgspec.json.Decoder(Message)
_replies: Final = msgspec.json.Decoder(Reply)


def signed(message: Message, seed: bytes) -> tuple[bytes, str]:
    """The body of a message and its signature, under a private key of 32 bytes."""
    body = msgspec.json.encode(message)
    return body, signature_of(body, seed)


def signature_of(body: bytes, seed: bytes) -> str:
    """The signature of any bytes, as the header has it."""
    return base64.b64encode(Ed25519PrivateKey.from_private_bytes(seed).sign(body)).decode()


def public_key(seed: bytes) -> str:
    """The public half, as partners are given it: ``ed25519:`` and Base64 of 32 bytes."""
    raw = Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
    return _PUBLIC + base64.b64encode(raw).decode()


def verified(body: bytes, signature: str, key: str) -> Message:
    """A message whose signature holds.

    Args:
        body: as it was received, not parsed and written again.
        signature: of the header.
        key: as ``public_key`` writes it.

    Raises:
        BrokenError: it was not signed by that key, or is no message.
    """
    try:
        public = base64.b64decode(key.removeprefix(_PUBLIC), validate=True)
        Ed25519PublicKey.from_public_bytes(public).verify(base64.b64decode(signature, validate=True), body)
    except (InvalidSignature, binascii.Error, ValueError) as error:
        raise BrokenError("order: its signature does not hold") from error
    try:
        found = _messages.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise BrokenError("order: not one of this format") from None  # what the library says may quote a value
    if found.sent.tzinfo is None:
        raise BrokenError("order: not one of this format")
    return found


def read_reply(body: bytes, order: str) -> Reply | None:
    """The answer to an order; none if these bytes are not one."""
    try:
        found = _replies.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None
    return found if found.order == order else None
