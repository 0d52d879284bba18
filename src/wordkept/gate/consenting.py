"""Consenting: a choice is kept with the text that was shown for it, and signed where somebody known chose.

Consent and refusal come with the digest of a text of the edition in force; to withdraw needs none, so that it is never
harder than giving. The signature covers ``texts.receipt.Choosing``, in canonical JSON (RFC 8785); its key is a file of
the installation. What is *not* here: whether the policy asks for such a consent (``admitting``), and what follows.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from wordkept.gate.asking import Happening
from wordkept.gate.deciding import Context
from wordkept.gate.keyfile import key_in
from wordkept.record import CONSENT, Event, Shown
from wordkept.terms import PERSON, Channel, Choice, Role, ValueRejectedError
from wordkept.texts import Text, text_by_digest
from wordkept.texts.receipt import Choosing
from wordkept.vault import texts
from wordkept.vault.flight import Session
from wordkept.vault.installation import Installation

_KEY: Final = "consents.key"


def shown_text(context: Context, one: Happening) -> Text | None:
    """The text that a choice was made under: given, of the edition in force; else, of any up to now."""
    if one.shown is None or one.to is None:
        return None
    editions = (context.words,) if one.choice is Choice.GIVEN else (context.words, *context.policy.until(context.day))
    shown = one.shown
    found = (text_by_digest(edition, one.to, shown.language, shown.digest) for edition in editions)
    return next(filter(None, found), None)


def checked(context: Context, one: Happening) -> None:
    """Whether a choice comes with what it must.

    Raises:
        ValueRejectedError: it names no text, or one that is not shown for it; nothing of the batch was written.
    """
    if one.shown is None and one.choice is not Choice.WITHDRAWN:
        raise ValueRejectedError("consent: name the text that was shown", hint="its digest, language and channel")
    if one.shown is not None and shown_text(context, one) is None:
        hint = "take the text anew, show it and ask again: wordkept consent texts"
        raise ValueRejectedError("consent: that is no text of the edition in force for this choice", hint=hint)


def file(context: Context, session: Session, happenings: Iterable[Happening]) -> frozenset[str]:
    """Keep every text that choices were made under; returns the digests of those that are new here."""
    shown = [shown_text(context, one) for one in happenings if one.kind == CONSENT]
    new = {one.digest: one for one in shown if one is not None and one.digest not in context.stores.filed}
    if new:
        rows = [texts.Filed(one.digest, one.edition, one.to, one.language, one.body) for one in new.values()]
        texts.file(session, rows)
    return frozenset(new)


def signature(context: Context, one: Happening, number: int) -> bytes | None:
    """The installation's signature (Ed25519, 64 bytes) on a choice by somebody known, else none."""
    text = shown_text(context, one)
    if text is None or one.shown is None or one.subject is None or not _known(one):
        return None
    home, event = context.stores.installation, Event(number, context.day, CONSENT, None, one.to, one.choice)
    what = choosing(home, one.subject, event, one.shown, text.edition, context.now)
    return Ed25519PrivateKey.from_private_bytes(signing_key(context.stores.installation)).sign(what.canonical())


def choosing(
    installation: Installation, subject: str, event: Event, shown: Shown, edition: date, at: datetime
) -> Choosing:
    """What is signed about one choice under a text of an edition, written down at an instant."""
    return Choosing(
        at=at.astimezone(UTC).isoformat(timespec="microseconds"),
        channel=shown.channel,
        choice=Choice(event.choice or ""),
        edition=str(edition),
        installation=installation.config.installation,
        language=shown.language,
        number=event.number,
        subject=subject,
        text=shown.digest,
        to=event.to or "",
    )


def signing_key(installation: Installation) -> bytes:
    """The private key, 32 bytes, made on first use.

    Raises:
        UnavailableError: it is damaged.
    """
    return key_in(installation.folder / _KEY)


def _known(one: Happening) -> bool:
    """The person, or who stands for them, in an identified session; or staff with the sheet that was signed."""
    by = one.by
    if by is None or one.shown is None:
        return False
    return (by.role in PERSON and by.identified) or (by.role is Role.STAFF and one.shown.channel is Channel.PAPER)
