"""Deciding: how fast a decision is, against Cedar with a prepared policy set that says the same of purpose and item.

Cedar gets the easier work: one rule for each purpose with its items, its consent and its add-on, one for frozen and one
for separated records, and facts that are ready. Of its two doors, one request and many, the quicker one counts. What
is *not* here: whether both agree (the conformance tests).
"""

from __future__ import annotations

import json
from collections.abc import Sequence

import cedarpy
from figures import Figure, alternating, middle, paired, timed
from ground import NOW, SYSTEM, Ground

from wordkept.decision import decide
from wordkept.policy.declared import Purpose
from wordkept.policy.model import Edition
from wordkept.record import Chosen, Facts, History, Record, Request, Span
from wordkept.terms import Act, Choice, Effect


def deciding(ground: Ground) -> list[Figure]:
    """Every declared pair of purpose and item, asked in turn, and as many that are not declared."""
    edition, policy = ground.policy.editions[0], ground.policy
    pairs = _pairs(edition)
    asked = [(_request(*pair), _facts(edition, *pair)) for pair in pairs]
    set_, entities = cedarpy.PolicySet.from_str(_cedar(edition)), cedarpy.Entities.from_json_str("[]")
    requests = [_cedar_request(edition, *pair) for pair in pairs]
    ours = [decide(policy, ask, facts).effect is Effect.ALLOW for ask, facts in asked]
    theirs = [one.allowed for one in cedarpy.is_authorized_batch(requests, set_, entities)]
    assert ours == theirs
    times = ground.size(20, 2)

    def kernel() -> None:
        for _ in range(times):
            for ask, facts in asked:
                decide(policy, ask, facts)

    def cedar_one() -> None:
        for request in requests:
            cedarpy.is_authorized(request, set_, entities)

    def cedar_many() -> None:
        cedarpy.is_authorized_batch(requests, set_, entities)

    with ground.core():
        found = alternating(
            ground.size(15, 3),
            {
                "decide": lambda: len(asked) * times / timed(kernel),
                "cedar, one": lambda: len(requests) / timed(cedar_one),
                "cedar, many": lambda: len(requests) / timed(cedar_many),
            },
        )
    best = [max(one, many) for one, many in zip(found["cedar, one"], found["cedar, many"], strict=True)]
    seen = {f"{name} per s": middle(values) for name, values in found.items()}
    return [
        Figure(name="decide", value=middle(found["decide"]), unit="per s", bar=50_000, beside=seen),
        Figure(name="decide, times cedarpy", value=paired(found["decide"], best), unit="", bar=2, beside=seen),
    ]


def _pairs(edition: Edition) -> list[tuple[Purpose, str]]:
    declared = [(purpose, item) for purpose in edition.purposes.values() for item in purpose.items]
    items, purposes = list(edition.items), list(edition.purposes.values())
    others: list[tuple[Purpose, str]] = []
    at = 0
    while len(others) < len(declared):
        purpose, item = purposes[at % len(purposes)], items[at * 7 % len(items)]
        if item not in purpose.items:
            others.append((purpose, item))
        at += 1
    return [pair for both in zip(declared, others, strict=True) for pair in both]


def _request(purpose: Purpose, item: str) -> Request:
    return Request(act=Act.USE, items=(item,), by=SYSTEM, on=NOW.date(), purpose=purpose.name)


def _facts(edition: Edition, purpose: Purpose, item: str) -> Facts:
    """An active member who consented to everything, and one live record collected for the purpose."""
    day = edition.effective
    record = Record(
        id="1", item=item, purpose=purpose.name, on=day, after=9, edition=day, statute="kr/pipa", use_until=None,
        keep_until=None,
    )  # fmt: skip
    spans = {name: (Span(1, day),) for name in ("service", "etax", "scraping")}
    consents = ["table", *(name for name, one in edition.purposes.items() if one.consent)]
    consents += [f"category:{name}" for name in edition.categories]
    return Facts(
        history=History(9, spans, {name: (Chosen(2, day, Choice.GIVEN, day),) for name in consents}),
        records={item: (record,)},
    )


def _cedar(edition: Edition) -> str:
    rules = [_cedar_permit(one) for one in edition.purposes.values()]
    rules += ['forbid(principal, action, resource) when { context.state != "live" };']
    rules += ["forbid(principal, action, resource) when { context.frozen };"]
    return "\n".join(rules)


def _cedar_permit(purpose: Purpose) -> str:
    conditions = [f'context.purpose == "{purpose.name}"', f"{json.dumps(purpose.items)}.contains(context.item)"]
    conditions += [f'context.consents.contains("{purpose.name}")'] if purpose.consent else []
    conditions += [f'context.open.contains("{purpose.during}")'] if purpose.during else []
    return f'permit(principal, action == Action::"use", resource) when {{ {" && ".join(conditions)} }};'


def _cedar_request(edition: Edition, purpose: Purpose, item: str) -> dict[str, object]:
    consents: Sequence[str] = [name for name, one in edition.purposes.items() if one.consent]
    return {
        "principal": 'Role::"system"',
        "action": 'Action::"use"',
        "resource": f'Item::"{item}"',
        "context": {
            "purpose": purpose.name, "item": item, "state": "live", "frozen": False, "consents": consents,
            "open": ["service", "etax", "scraping"],
        },
    }  # fmt: skip
