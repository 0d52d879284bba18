"""The partner's side: check an order, do it once, answer it.

For those who receive orders; it needs nothing of an installation. An order comes again, under the same id, until it is
answered, and also when the answer was lost: then it is answered again and not done again.

    partner = Partner("kmc", key="ed25519:…", done=Done(Path("orders-done")))
    reply = partner.answer(body, headers["Wordkept-Signature"], now, handle)
    return Response(reply.body(), status=reply.status)

What is *not* here: HTTP (any framework hands over body and header), and your own data.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from wordkept.orders.message import LARGEST, Message, Reply, verified
from wordkept.terms import Answer, BrokenError

__all__ = ["Answer", "Done", "Message", "Partner", "Reply"]
LATE: Final = timedelta(minutes=5)
"""How far the sender's clock may be from ours."""


class Done:
    """Which orders were done: a folder with a small file for each, whole or not there; safe for several processes.

    Better still, keep the order's id in your own database, in the transaction that does it.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(mode=0o700, exist_ok=True)

    def get(self, order: str) -> Answer | None:
        """What was answered to an order, none if it was never done."""
        try:
            return Answer((self._folder / order).read_text("ascii"))
        except FileNotFoundError:
            return None

    def put(self, order: str, answer: Answer) -> None:
        """Remember an answer, on the disk before it is given."""
        part = self._folder / f".{order}.{os.getpid()}.{threading.get_ident()}"
        with part.open("w", encoding="ascii") as out:
            out.write(answer)
            out.flush()
            os.fsync(out.fileno())
        part.rename(self._folder / order)


class Partner:
    """One partner.

    Args:
        name: as the policy calls it.
        key: the operator's public key, ``ed25519:…`` (``wordkept orders key``).
        done: remembers what was done.
    """

    def __init__(self, name: str, key: str, done: Done) -> None:
        self.name, self._key, self._done = name, key, done

    def answer(
        self, body: bytes, signature: str, now: datetime, handle: Callable[[Message], Answer | Reply | None]
    ) -> Reply:
        """Do an order, unless it was done before, and say so.

        Args:
            body: as it was received.
            signature: of the header.
            now: with its zone.
            handle: does it; returns what to answer, none to answer when it is asked again, or a ``Reply`` that names
                the law by which it cannot.

        Returns:
            What to send back as JSON (``reply.body()``), with status ``reply.status``.

        Raises:
            BrokenError: forged, not to us, too old, too large or no order; reply with 400 and do nothing.
        """
        message = self.read(body, signature, now)
        known = self._done.get(message.order)
        if known in {Answer.DONE, Answer.NOTHING_HELD}:
            return Reply(message.order, known)
        said = handle(message)
        reply = said if isinstance(said, Reply) else Reply(message.order, said)
        if reply.answer is not None:
            self._done.put(message.order, reply.answer)
        return reply

    def read(self, body: bytes, signature: str, now: datetime) -> Message:
        """An order that was really sent to us, just now.

        Raises:
            BrokenError: as ``answer``.
        """
        if len(body) > LARGEST:
            raise BrokenError("order: too large")
        message = verified(body, signature, self._key)
        if message.to != self.name:
            raise BrokenError("order: to somebody else")
        if abs(message.sent - now) > LATE:
            raise BrokenError("order: sent too long ago, or one of the clocks is wrong")
        return message
