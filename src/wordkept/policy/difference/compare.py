"""Two editions compared: words, effects, consents to ask for, and how long people were told beforehand.

What is *not* here: whether the change is lawful, and how it is shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

import msgspec

from wordkept.policy.difference.directions import longer
from wordkept.policy.difference.effects import Effect, effects
from wordkept.policy.difference.people import Ask, asks
from wordkept.policy.difference.words import Altered, altered
from wordkept.policy.model import Edition
from wordkept.terms import MalformedPolicyError

NOTICE: Final = "policy-change.notice"
"""Name of the parameter of a statute that says how long before its day a changed policy must be announced."""


class Lawful(msgspec.Struct, frozen=True):
    """The notice that a statute wants on the day, a period, and whether it was given."""

    ref: str
    period: str
    given: bool


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """Days between the announcement of an edition and its effect, and what the law of its front matter wants.

    ``law`` is empty where no parameter is on file.
    """

    announced: date
    effective: date
    days: int
    law: tuple[Lawful, ...]


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """All that one edition has otherwise than another."""

    service: str
    before: date
    after: date
    words: tuple[Altered, ...]
    effects: tuple[Effect, ...]
    asks: tuple[Ask, ...]
    notice: Notice


def compare(before: Edition, after: Edition) -> Difference:
    """Compare two editions of one policy.

    Raises:
        MalformedPolicyError: they are about two services.
    """
    if before.service != after.service:
        msg = f"this edition is about {after.service!r}, the one before about {before.service!r}"
        raise MalformedPolicyError(msg, file=after.file, hint="compare two editions of one policy")
    return Difference(
        service=after.service,
        before=before.effective,
        after=after.effective,
        words=tuple(altered(before, after)),
        effects=tuple(effects(before, after)),
        asks=tuple(asks(before, after)),
        notice=Notice(
            announced=after.announced,
            effective=after.effective,
            days=(after.effective - after.announced).days,
            law=tuple(_wanted(after)),
        ),
    )


def _wanted(edition: Edition) -> Iterator[Lawful]:
    """What each statute of the front matter wants; one that wants nothing, or is not in force, is passed over."""
    for statute in edition.law:
        try:
            period = edition.law_value(f"{statute}.{NOTICE}", edition.effective)
        except MalformedPolicyError:
            continue
        yield Lawful(f"{statute}.{NOTICE}", period, not _is_late(edition, period))


def _is_late(edition: Edition, period: str) -> bool:
    return longer(period, f"P{max(0, (edition.effective - edition.announced).days)}D", edition.announced)
