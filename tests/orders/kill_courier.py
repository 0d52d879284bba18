"""A process that corrects somebody's address and sends the orders, until it is killed at a seeded place.

Usage: ``python -m tests.orders.kill_courier FOLDER SUBJECT FIRST KILL NAME=URL…``; FIRST is the number of the first
correction, and also how many hours the clock is on; KILL is ``none`` or ``POINT:N``, the Nth time that a point is
reached. It says ``meant N`` before each correction and ``done N`` after it.
"""

from __future__ import annotations

import os
import signal
import sys
from datetime import timedelta
from pathlib import Path

from tests.gate.conftest import POLICY, at
from tests.orders.conftest import DAY, with_email

from wordkept.gate import Asked, Gate, Outbox
from wordkept.orders.addresses import signing_key
from wordkept.orders.delivery import Courier
from wordkept.orders.sending import Address, Replied, post
from wordkept.record import Actor, Request
from wordkept.terms import Act, Role
from wordkept.vault import points
from wordkept.vault.installation import Installation

POINTS = ("act.written", "act.committed", "order.claimed", "order.sending", "order.sent", "order.answered")
CORRECTIONS = 2


def arm(kill: str) -> None:
    if kill == "none":
        return
    point, _, number = kill.partition(":")
    left = int(number)

    def hook(here: str) -> None:
        nonlocal left
        if here == point:
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    points.hook = hook


def send(address: Address, body: bytes, headers: dict[str, str]) -> Replied:
    points.reached("order.sending")
    replied = post(address, body, headers)
    points.reached("order.sent")
    return replied


def main(folder: Path, subject: str, first: int, kill: str, *partners: str) -> None:
    policy, now = with_email(POLICY), at(DAY) + timedelta(hours=first)
    addresses = {name: Address(url) for name, _, url in (one.partition("=") for one in partners)}
    with Installation.open(folder) as opened, Gate(opened, policy) as gate, Outbox(opened, policy) as outbox:
        courier = Courier(gate, outbox, addresses, signing_key(opened.folder), send)  # type: ignore[arg-type]
        arm(kill)
        for number in range(first, first + CORRECTIONS):
            ask = Request(act=Act.CORRECT, items=("email",), by=Actor(Role.STAFF, name="test"), on=DAY)
            sys.stdout.write(f"meant {number}\n")
            sys.stdout.flush()
            gate.perform(Asked(subject, ask, {"email": f"v{number}@example.kr"}, f"{number:032x}"), now)
            sys.stdout.write(f"done {number}\n")
            sys.stdout.flush()
            courier.deliver(now)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), *sys.argv[4:])
