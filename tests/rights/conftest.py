"""A vault with its register of requests, and people at the desk."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.gate.conftest import Someone, fresh, gate, temporary

from wordkept.claims import Wanted
from wordkept.gate import Gate, Register
from wordkept.record import Actor, Asking, Claim, Right
from wordkept.rights.answering import Desk, Done
from wordkept.terms import Channel, Level, Role

__all__ = ["fresh", "gate", "temporary"]
STAFF = Actor(Role.STAFF, name="desk")


class Asker(Someone):
    """Somebody who comes to the desk."""

    desk: Desk

    def at(self, desk: Desk) -> Asker:
        self.desk = desk
        return self

    def member(self, level: Level = Level.DOCUMENT) -> Actor:
        return Actor(Role.MEMBER, name="desk", level=level)

    def takes(self, right: Right, *items: str, channel: Channel = Channel.WEB, **more: object) -> Done:
        asking = Asking(right=right, channel=channel)
        consents = more.pop("consents", ())
        wanted = Wanted(asking=asking, items=items, consents=consents)  # type: ignore[arg-type]
        return self.desk.take(self.subject, wanted, self.now, self.member(), **more)  # type: ignore[arg-type]

    def asked(self, right: Right, *items: str, **more: object) -> Claim:
        return self.takes(right, *items, **more).answered.claim  # type: ignore[arg-type]


@pytest.fixture
def register(gate: Gate) -> Iterator[Register]:
    with Register(gate.installation, gate.policy) as opened:
        yield opened


@pytest.fixture
def someone(gate: Gate, register: Register) -> Asker:
    found = Asker(gate).at(Desk(gate, register))
    found.collects("identification", "applicant_name", "email")
    return found
