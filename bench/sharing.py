"""Sharing: erasing what partners hold, with an order to each written in the same act.

What is *not* here: sending the orders.
"""

from __future__ import annotations

from collections.abc import Sequence

from figures import Figure, middle, timed
from ground import MEMBER, NOW, SYSTEM, Ground, rested, strangers

from wordkept.gate import Asked, Gate, Happening
from wordkept.record import CONSENT, Request
from wordkept.terms import Act, Choice, Effect
from wordkept.texts import shown_on

_PARTNERS = ("kmc", "daou-tech", "kibnet")


def erasing_shared(ground: Ground) -> list[Figure]:
    """One record that three recipients hold, erased on request: the act, durable, with three orders."""
    people = ground.size(200, 20)
    with ground.gate() as gate:
        subjects = strangers(gate, people, NOW)
        _share(gate, subjects)
        rested(gate)
        ask = Request(act=Act.DESTROY, items=("birthdate",), by=MEMBER, on=gate.day(NOW))
        found = []
        for subject in subjects:
            outcome = []
            found.append(timed(lambda who=subject, out=outcome: out.append(gate.perform(Asked(who, ask), NOW))) * 1e3)
            assert len(outcome[0].ordered) == len(_PARTNERS)
    return [
        Figure(
            name="erasing what three partners hold", value=middle(found), unit="ms", bar=10, most=True,
            beside={"slowest ms": max(found), "quickest ms": min(found)},
        )
    ]  # fmt: skip


def _share(gate: Gate, subjects: Sequence[str]) -> None:
    parties = [Happening(None, "agreement.signed", one) for one in _PARTNERS]
    gate.happen(parties, NOW)
    for to in _PARTNERS:
        consent = f"provision:{to}"
        shown = shown_on(gate.policy, gate.day(NOW), consent)
        said = [Happening(one, CONSENT, None, consent, Choice.GIVEN, by=MEMBER, shown=shown) for one in subjects]
        gate.happen(said, NOW)
        ask = Request(act=Act.PROVIDE, items=("birthdate",), by=SYSTEM, on=gate.day(NOW), to=to)
        done = gate.perform_many([Asked(one, ask) for one in subjects], NOW)
        assert all(one.decision.effect is Effect.ALLOW for one in done), done[0].decision
