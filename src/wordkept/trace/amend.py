"""Amended: a story may say that a later edition lists other items for a purpose or a recipient.

What was consented to before is then told apart from what stands in the policy now, without a second document. What is
*not* here: real editions (``policy.editions``), which a policy has as folders.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import TypeVar

import msgspec

from wordkept.policy.declared import Purpose, Recipient
from wordkept.policy.model import Edition, Policy
from wordkept.trace.silence import rebound
from wordkept.trace.stories import Script

Listing = TypeVar("Listing", Purpose, Recipient)


def amended(policy: Policy, script: Script) -> Policy:
    """The policy that a story is about: with one edition more, if it says so.

    Raises:
        MalformedPolicyError: the new day is not after every edition, or a name or item is not in the policy.
    """
    told = script.story.amended
    if told is None:
        return policy
    newest = policy.editions[-1]
    if told.on <= newest.effective:
        raise script.wrong(f"an amendment comes after the edition of {newest.effective}", "amended", "on")
    purposes = _listing(newest, newest.purposes, told.purposes, script, "purposes")
    recipients = _listing(newest, newest.recipients, told.recipients, script, "recipients")
    for name, title in told.titles.items():
        if name in purposes:
            purposes[name] = msgspec.structs.replace(purposes[name], title=title)
        elif name in recipients:
            recipients[name] = msgspec.structs.replace(recipients[name], purpose=title)
        else:
            raise script.wrong(f"no {name!r} is among the purposes and recipients of the policy", "amended", "titles")
    new: dict[int, Purpose | Recipient] = {id(newest.purposes[name]): one for name, one in purposes.items()}
    new |= {id(newest.recipients[name]): one for name, one in recipients.items()}
    edition = msgspec.structs.replace(
        rebound(newest, lambda one: msgspec.structs.replace(one, params=new.get(id(one.params), one.params))),
        announced=told.on,
        effective=told.on,
        digest=hashlib.sha256(newest.digest.encode() + msgspec.json.encode(told)).hexdigest(),
        purposes=purposes,
        recipients=recipients,
    )
    return msgspec.structs.replace(policy, editions=(*policy.editions, edition))


def _listing(
    edition: Edition,
    declared: Mapping[str, Listing],
    told: Mapping[str, tuple[str, ...]],
    script: Script,
    key: str,
) -> dict[str, Listing]:
    """The declarations with the items that the story lists for some of them."""
    found = dict(declared)
    for name, items in told.items():
        if name not in declared:
            raise script.wrong(f"no {name!r} is among the {key} of the policy", "amended", key, name)
        for at, item in enumerate(items):
            if item not in edition.items:
                raise script.wrong(f"item {item!r} is not in the policy", "amended", key, name, at)
        found[name] = msgspec.structs.replace(declared[name], items=items)
    return found
