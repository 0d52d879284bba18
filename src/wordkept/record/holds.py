"""Holds: the reasons to keep a record, and the three days that follow from them.

A datum lives only while a clause holds it. Periods are ISO 8601 (``P6M``), added once to a day and clamped to the
month's last day; a hold is over at the end of its last day. What is *not* here: which clause holds what (``rules``).
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache

import msgspec

NEVER = date(1, 1, 1)
"""The day of a hold that was never there; every real day is later."""

_PERIOD = re.compile(r"^P(?=.)(?:(\d{1,4})Y)?(?:(\d{1,5})M)?(?:(\d{1,5})W)?(?:(\d{1,6})D)?$")


class Hold(msgspec.Struct, frozen=True):
    """One reason to keep one record.

    Attributes:
        clause: the clause that holds.
        start: its first day.
        until: its last day, none while open.
        use: whether it is a reason to use, not only to keep.
        strict: whether destroying before its end is forbidden; after its end it keeps nothing, strict or not.
    """

    clause: str
    start: date
    until: date | None
    use: bool = False
    strict: bool = False

    def stands(self, day: date) -> bool:
        """Whether it holds on ``day``."""
        return self.start <= day and (self.until is None or day <= self.until)


class Term(msgspec.Struct, frozen=True):
    """What a record's holds come to: last day of use, last day of keeping, last day that forbids destroying."""

    use_until: date | None
    keep_until: date | None
    not_before: date | None


@lru_cache(maxsize=4096)
def period(text: str) -> tuple[int, int]:
    """Months and days of an ISO 8601 duration of whole days or longer.

    Raises:
        ValueError: not such a duration.
    """
    found = _PERIOD.match(text)
    if not found:
        msg = f"{text!r} is not a duration of days, weeks, months or years, such as P6M"
        raise ValueError(msg)
    years, months, weeks, days = (int(part or 0) for part in found.groups())
    return years * 12 + months, weeks * 7 + days


@lru_cache(maxsize=65536)
def plus(day: date, duration: str) -> date:
    """``day`` plus a duration, months clamped to the month's last day (31 August + P6M = 28 or 29 February).

    Raises:
        ValueError: not a duration, or beyond the calendar.
    """
    months, days = period(duration)
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    try:
        clamped = date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
        return clamped + timedelta(days=days)
    except (OverflowError, ValueError, calendar.IllegalMonthError) as error:
        msg = f"{day} + {duration} is beyond the calendar"
        raise ValueError(msg) from error


def first_of(*days: date | None) -> date | None:
    """The earliest of days in which none is open and never comes first."""
    return min((day for day in days if day is not None), default=None)


def last_of(days: Iterable[date | None]) -> date | None:
    """The latest of days in which none is open and always comes last; ``NEVER`` if there are none."""
    latest = NEVER
    for day in days:
        if day is None:
            return None
        latest = max(latest, day)
    return latest


def standing(holds: Iterable[Hold], collected: date) -> list[Hold]:
    """The holds that ever took effect: one that starts after all before it are over comes too late.

    What is over stays over, so a hold saves only a record that another hold, or the day of collection, still keeps
    on the hold's first day.
    """
    alive: date | None = collected
    kept = []
    for hold in sorted(holds, key=lambda one: one.start):
        if alive is not None and hold.start > alive:
            break
        kept.append(hold)
        alive = None if alive is None or hold.until is None else max(alive, hold.until)
    return kept


def term(holds: Iterable[Hold]) -> Term:
    """The three days of a record's standing holds."""
    holds = list(holds)
    return Term(
        use_until=last_of([hold.until for hold in holds if hold.use]),
        keep_until=last_of([hold.until for hold in holds]),
        not_before=last_of([hold.until for hold in holds if hold.strict]),
    )
