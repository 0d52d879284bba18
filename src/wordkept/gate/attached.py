"""Attached: what the gate and its registers have in common: one installation, one policy, connections of their own.

One belongs to one thread. What is *not* here: what each of them does.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Self
from zoneinfo import ZoneInfo

from wordkept.gate.deciding import Context
from wordkept.gate.stores import Stores
from wordkept.policy.model import Policy
from wordkept.vault.installation import Installation


class Attached:
    """Attached to one installation under one policy; a context manager.

    Args:
        installation: open; it is not closed with this.
        policy: all editions.
    """

    def __init__(self, installation: Installation, policy: Policy) -> None:
        self.installation, self.policy = installation, policy
        self._stores = Stores(installation)
        self._zone = ZoneInfo(policy.editions[-1].timezone)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stores.close()

    def day(self, now: datetime) -> date:
        """The day of an instant, in the policy's time zone."""
        return now.astimezone(self._zone).date()

    def _context(self, now: datetime) -> Context:
        day = self.day(now)
        return Context(self._stores, self.policy, now, day, self.policy.on(day))
