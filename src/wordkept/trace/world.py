"""World: where a story happens, the kernel or a vault. What is *not* here: these two, and playing (``play``)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Protocol

from wordkept.claims import Wanted
from wordkept.decision import Decision
from wordkept.record import Claim, Ground, History, Order, Request, Turn
from wordkept.terms import Answer, Channel, Choice, State


class World(Protocol):
    """Where a story happens: the pure kernel, or a real vault."""

    def run(self, day: date) -> None:
        """The run of a day."""

    def event(self, who: str | None, day: date, kind: str, matter: str | None = None) -> None:
        """Something happens to a person; to the operator if nobody is named."""

    def consent(
        self, who: str, day: date, to: str, choice: Choice, channel: Channel = Channel.WEB, *, identified: bool = True
    ) -> None:
        """A person chooses, under the text of the day; somebody known signs."""

    def ask(self, who: str, ask: Request, values: Mapping[str, str]) -> Decision:
        """A request is decided and, if allowed, done."""

    def state(self, who: str, item: str, matter: str | None) -> State:
        """The most alive stored state of an item."""

    def frozen(self, who: str) -> frozenset[str]:
        """The live frozen items."""

    def final(self, who: str) -> frozenset[str]:
        """The items of which all was destroyed before the day's run, and can be opened by nobody any more."""

    def history(self, who: str) -> History:
        """What happened to a person so far."""

    def orders(self, who: str) -> tuple[Order, ...]:
        """What partners were ordered about a person and have not settled, oldest first."""

    def answer(self, who: str, order: Order, answer: Answer, day: date, law: str | None = None) -> None:
        """A partner answers an order; ``law``: that by which it keeps what it cannot give up."""

    def claim(self, who: str, wanted: Wanted, day: date) -> Decision:
        """A person asks something of right."""

    def turn(self, who: str, claim: Claim, turn: Turn, ground: Ground | None, day: date) -> Decision:
        """Something becomes of what a person asked."""

    def claims(self, who: str) -> tuple[Claim, ...]:
        """What a person ever asked, oldest first."""
