"""Turns: what people ask of right in a story, what becomes of it, and what a story expects of it.

What is *not* here: the other parts of a step (``play``).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from wordkept.claims import Wanted
from wordkept.decision import Decision
from wordkept.policy.model import Edition
from wordkept.record import Asking, Turn
from wordkept.trace.stories import Expect, RequestStep, Script
from wordkept.trace.world import World

Differ = Callable[..., None]


def ask(script: Script, at: int, world: World, who: str, step: RequestStep, day: date, edition: Edition) -> Decision:
    """Ask what a step asks, or make the turn that it makes.

    Raises:
        MalformedPolicyError: it says neither or both, or names what the policy does not know.
    """
    if (step.channel is None) == (step.turn is None):
        hint = "write channel: office to ask, or turn: refused for what becomes of it"
        raise script.error("a request names a channel or a turn", at, "request", hint=hint)
    _known(script, at, step, edition)
    if step.channel is not None:
        asking = Asking(right=step.kind, channel=step.channel)
        return world.claim(who, Wanted(asking=asking, items=step.items, consents=step.consents), day)
    found = [one for one in world.claims(who) if one.right is step.kind]
    if not found:
        raise script.unknown("a request for", step.kind, {one.right: 1 for one in world.claims(who)}, at, "request")
    return world.turn(who, found[-1], step.turn or Turn.DONE, step.ground, day)


def expect(world: World, who: str, expected: Expect, day: date, differ: Differ, at: int) -> None:
    """Compare what a person waits for, and since when in vain, with what a story expects."""
    found = world.claims(who)
    last = {one.right: one for one in found}
    for right, by in expected.answer_by.items():
        got = last[right].answer_by if right in last else None
        if got != by:
            differ(at, f"expected an answer about {right} by {by}, got {got or 'no day'}", "expect", "answer_by")
    late = sorted({str(one.right) for one in found if one.late(day)})
    if expected.late is not None and sorted(expected.late) != late:
        wanted = ", ".join(sorted(expected.late)) or "none"
        differ(at, f"expected late {wanted}, got {', '.join(late) or 'none'}", "expect", "late")


def _known(script: Script, at: int, step: RequestStep, edition: Edition) -> None:
    for item in step.items:
        if item not in edition.items:
            raise script.unknown("item", item, edition.items, at, "request", "items")
    for consent in step.consents:
        if consent not in edition.consents:
            raise script.unknown("consent to", consent, edition.consents, at, "request", "consents")
