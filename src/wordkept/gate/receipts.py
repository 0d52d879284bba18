"""Receipts: what a person chose, with the text that they were shown, signed; for the person to keep.

Beside ``gate.Gate``, on connections of its own; one belongs to one thread. Who looked is stated. What was imported has
no text, so there is no receipt of it. What is *not* here: what stands in one (``texts.receipt``).
"""

from __future__ import annotations

import base64
from datetime import datetime
from typing import Self

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from wordkept.gate import admitting, telling
from wordkept.gate.consenting import choosing, signing_key
from wordkept.gate.stores import Stores
from wordkept.policy.model import Edition, Policy
from wordkept.terms import UnavailableError
from wordkept.texts.receipt import Receipt, issued
from wordkept.vault import texts, values
from wordkept.vault.installation import Installation


class Receipts:
    """The receipts of one installation; a context manager.

    Args:
        installation: open; it is not closed with it.
        policy: all editions.
    """

    def __init__(self, installation: Installation, policy: Policy) -> None:
        self.installation, self.policy = installation, policy
        self._stores = Stores(installation)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stores.close()

    def key(self) -> str:
        """The public key that receipts are verified with, in Base64; made on first use."""
        private = Ed25519PrivateKey.from_private_bytes(signing_key(self.installation))
        return base64.b64encode(private.public_key().public_bytes_raw()).decode()

    def of(self, subject: str, now: datetime, by: str = "") -> list[Receipt]:
        """A receipt of every choice of a person that was made under a text, oldest first.

        Raises:
            UnavailableError: the store is down, or a text or an edition that was shown is not there any more.
        """
        admitting.identifier(subject, "subject")
        seed, made = signing_key(self.installation), list[Receipt]()
        with self._stores.guarded(), self._stores.transaction() as session:
            instants = values.event_instants(session, subject)
            for event in values.events(session, subject):
                if event.shown is not None:
                    filed = texts.read(session, event.shown.digest)
                    if filed is None:
                        raise UnavailableError("a text that was shown is not on file")
                    at = instants[event.number]
                    what = choosing(self.installation, subject, event, event.shown, filed.edition, at)
                    made.append(issued(what, event, filed.body, self._edition(filed), seed))
            self._stores.tell([telling.probed(now, "consent.receipt", by, subject=subject, found=len(made))])
        return made

    def _edition(self, filed: texts.Filed) -> Edition:
        found = next((one for one in self.policy.editions if one.effective == filed.edition), None)
        if found is None:
            raise UnavailableError(f"the edition of {filed.edition} is not among those at hand")
        return found
