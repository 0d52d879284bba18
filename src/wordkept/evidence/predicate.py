"""The closed list of what a statement may say, and how long each kind of saying is kept.

The retention class follows from the predicate alone, so nobody can file a statement where it is dropped sooner.
What is *not* here: how long a class is kept (a policy's clause says so) and who says what (the gate does).
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Retained(StrEnum):
    """The retention class of a statement; its salt and body are dropped by class and month."""

    ACT = "act"
    REFUSAL = "refusal"
    DESTRUCTION = "destruction"
    SYSTEM = "system"


class Predicate(StrEnum):
    """What happened, in the past tense. The text is part of every leaf: a name, once used, never changes."""

    COLLECTED = "collected"
    REPLACED = "replaced"
    CORRECTED = "corrected"
    ARRIVED = "arrived"
    USED = "used"
    VIEWED = "viewed"
    PROVIDED = "provided"
    ENTRUSTED = "entrusted"
    FROZEN = "frozen"
    LIFTED = "lifted"
    RELEASED = "released"
    LEAVING = "leaving"
    EVENT = "event"
    ORDERED = "ordered"
    ACKNOWLEDGED = "acknowledged"
    REFUSED = "refused"
    NOT_DUE = "not-due"
    SEPARATED = "separated"
    DESTROYED = "destroyed"
    FINAL = "final"
    EPOCH_STARTED = "epoch-started"
    EPOCH_ENDED = "epoch-ended"
    ROOT_CREATED = "root-created"
    ROOT_DESTROYED = "root-destroyed"
    PLAN_MADE = "plan-made"
    PLAN_APPROVED = "plan-approved"
    PLAN_APPLIED = "plan-applied"
    APPROVED = "approved"
    ATTESTED = "attested"
    PERFORMED = "performed"
    PROBE = "probe"
    OPENED = "opened"
    OPENED_LOG = "opened-log"
    VOID = "void"


_REFUSALS: Final = frozenset({Predicate.REFUSED, Predicate.NOT_DUE})
_DESTRUCTIONS: Final = frozenset({Predicate.SEPARATED, Predicate.DESTROYED, Predicate.FINAL})
_SYSTEM: Final = frozenset(
    {
        Predicate.EPOCH_STARTED,
        Predicate.EPOCH_ENDED,
        Predicate.ROOT_CREATED,
        Predicate.ROOT_DESTROYED,
        Predicate.PLAN_MADE,
        Predicate.PLAN_APPROVED,
        Predicate.PLAN_APPLIED,
        Predicate.APPROVED,
        Predicate.ATTESTED,
        Predicate.PERFORMED,
        Predicate.PROBE,
        Predicate.OPENED,
        Predicate.OPENED_LOG,
        Predicate.VOID,
    }
)

OPENS: Final = frozenset({Predicate.COLLECTED, Predicate.REPLACED, Predicate.CORRECTED, Predicate.ARRIVED})
"""Each opens a version of the records it names; the census counts them."""

CLOSES: Final = frozenset({Predicate.SEPARATED, Predicate.DESTROYED})
"""Each ends the records it names in the database whose log says so."""


def retained(predicate: Predicate) -> Retained:
    """The class under which a predicate's statements are kept."""
    if predicate in _REFUSALS:
        return Retained.REFUSAL
    if predicate in _DESTRUCTIONS:
        return Retained.DESTRUCTION
    return Retained.SYSTEM if predicate in _SYSTEM else Retained.ACT
