"""A vault in which two recipients may be given the e-mail address, and partners with servers of their own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from tests.gate.conftest import POLICY, Someone, at, fresh, gate, temporary

from wordkept.gate import Gate, Happening, Outbox, Temporary
from wordkept.orders.addresses import signing_key
from wordkept.orders.delivery import Courier
from wordkept.orders.message import Message, Reply, public_key
from wordkept.orders.partner import Done, Partner
from wordkept.orders.receiver import Receiver
from wordkept.orders.sending import Address, post
from wordkept.person import agreed
from wordkept.policy.model import Binding, Policy
from wordkept.terms import Answer
from wordkept.trace.silence import rebound

__all__ = ["fresh", "gate", "temporary"]
DAY = date(2019, 3, 4)


def with_email(policy: Policy) -> Policy:
    """The policy as if KMC and KIBNET were given the e-mail address too."""
    (edition,) = policy.editions
    lists = {
        name: msgspec.structs.replace(edition.recipients[name], items=(*edition.recipients[name].items, "email"))
        for name in ("kmc", "kibnet")
    }
    new = {id(edition.recipients[name]): one for name, one in lists.items()}

    def listed(one: Binding) -> Binding:
        return msgspec.structs.replace(one, params=new.get(id(one.params), one.params))

    changed = msgspec.structs.replace(rebound(edition, listed), recipients={**edition.recipients, **lists})
    return msgspec.structs.replace(policy, editions=(changed,))


class Clock:
    """One simulated time for everybody."""

    def __init__(self) -> None:
        self.now = at(DAY)

    def __call__(self) -> datetime:
        return self.now

    def wait(self, time: timedelta) -> None:
        self.now += time


class House:
    """One partner with a server of its own: what it heard, and did, in its order."""

    def __init__(self, name: str, key: str, folder: Path, clock: Clock) -> None:
        self.name, self.clock = name, clock
        self.partner = Partner(name, key, Done(folder / name))
        self.heard: list[Message] = []
        self.did: list[Message] = []
        self.answer: Answer | None = Answer.DONE
        self.trouble: list[Exception] = []
        self.reply: Callable[[Message], Reply] | None = None
        self.port = 0

    def handle(self, message: Message) -> Answer | Reply | None:
        self.heard.append(message)
        if self.reply:
            return self.reply(message)
        if self.trouble:
            raise self.trouble.pop()
        if self.answer is not None:
            self.did.append(message)
        return self.answer

    @contextmanager
    def open(self) -> Iterator[Address]:
        """The server, and where it is; the next time at the same address."""
        with Receiver(self.partner, self.handle, self.clock, self.port) as server:
            self.port = server.server_port
            thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
            thread.start()
            try:
                yield Address(server.url)
            finally:
                server.shutdown()
                thread.join()


class Town:
    """A vault, its outbox, and partners."""

    def __init__(self, gate: Gate, folder: Path) -> None:
        self.gate, self.folder, self.clock = gate, folder, Clock()
        self.outbox = Outbox(gate.installation, gate.policy)
        self.key = signing_key(gate.installation.folder)
        (edition,) = gate.policy.editions
        parties = (*edition.recipients, *edition.processors)
        gate.happen([Happening(None, kind.opens, one) for kind in agreed(edition) for one in parties], self.clock.now)
        self.addresses: dict[str, Address] = {}
        self.courier = Courier(gate, self.outbox, self.addresses, self.key, post)

    def house(self, name: str) -> House:
        return House(name, public_key(self.key), self.folder, self.clock)

    def member(self, *consents: str) -> Someone:
        someone = Someone(self.gate, DAY)
        for to in consents:
            someone.consents(to)
        return someone


@pytest.fixture
def town(temporary: Temporary, tmp_path: Path) -> Iterator[Town]:
    with temporary.gate(with_email(POLICY)) as opened:
        made = Town(opened, tmp_path)
        with made.outbox:
            yield made
