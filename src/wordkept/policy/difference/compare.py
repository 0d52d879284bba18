"""Two editions compared: words, effects, consents to ask for, how long people were told before, what the law wants.

What is *not* here: whether the change is lawful, and how it is shown.
"""

from __future__ import annotations

from datetime import date

import msgspec

from wordkept.language import say
from wordkept.policy.difference.effects import Effect, effects
from wordkept.policy.difference.lawful import Wanted, wanted
from wordkept.policy.difference.people import Ask, asks
from wordkept.policy.difference.words import Altered, altered
from wordkept.policy.editions import another_service
from wordkept.policy.model import Edition


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """Days between the announcement of an edition and its effect."""

    announced: date
    effective: date
    days: int


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """All that one edition has otherwise than another."""

    service: str
    before: date
    after: date
    words: tuple[Altered, ...]
    effects: tuple[Effect, ...]
    asks: tuple[Ask, ...]
    notice: Notice
    law: Wanted


def compare(before: Edition, after: Edition) -> Difference:
    """Compare two editions of one policy.

    Raises:
        MalformedPolicyError: they are about two services.
    """
    if before.service != after.service:
        raise another_service(before, after, say("compare two editions of one policy"))
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
        ),
        law=wanted(before, after),
    )
