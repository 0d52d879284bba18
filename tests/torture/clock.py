"""The story's clock, and the policy, that all processes of a torture run share."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from wordkept import law
from wordkept.policy.editions import load
from wordkept.policy.model import Policy
from wordkept.rules import RULES
from wordkept.vault.keyring import Keyring

ROOT: Final = Path(__file__).resolve().parents[2]
FIRST: Final = date(2017, 1, 10)
LEASE: Final = 1.5
"""Seconds of a lease here, so that an epoch need not wait long for a process that was killed."""


def policy() -> Policy:
    """The reference policy."""
    return load(ROOT / "policies" / "bizmeka-ez", RULES, law.load(ROOT / "law"))


def day_of(round_: int) -> date:
    """The day of a round: those who left the day before are due on it, those of the round before have six months."""
    return FIRST + timedelta(days=200 * round_)


def at(day: date, hour: int = 12) -> datetime:
    """An hour of a day where the policy's days are."""
    return datetime.combine(day, time(hour), ZoneInfo("Asia/Seoul"))


def short_leases() -> None:
    """Let leases of this process be short."""
    defaults = Keyring.__init__.__kwdefaults__
    assert defaults is not None
    defaults["seconds"] = LEASE
