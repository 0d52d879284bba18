"""Asked: which guards and holders are asked at all, by act, purpose, addressee, role and item.

Most of a policy's sentences have nothing to say of most requests; each rule declares whom and what it concerns, and
only those are called. The answer is kept with the edition, for names that it declares. What is *not* here: what they
say (``rules``), and what follows from it (``decision``).
"""

from __future__ import annotations

from wordkept.policy.model import Binding, Edition
from wordkept.record.facts import Request
from wordkept.terms import AUTHORITY, Act, Role


def guards_of(edition: Edition, ask: Request, item: str) -> tuple[Binding, ...]:
    """The guards of an act that can say something of an item and of who asks. Kept with the edition."""
    known: dict[object, tuple[Binding, ...]] = edition.__dict__.setdefault("_asked", {})
    key = (ask.act, ask.purpose, ask.to, ask.by.role, item)
    found = known.get(key)
    if found is None:
        found = tuple(one for one in _of_act(edition, ask) if _concerns(edition, one, ask.by.role, item))
        if _are_declared(edition, ask, item):
            known[key] = found
    return found


def _of_act(edition: Edition, ask: Request) -> tuple[Binding, ...]:
    found = edition.guards.get((ask.act, None), ())
    if ask.purpose is not None and ask.act is not Act.PROVIDE:
        found += edition.guards.get((ask.act, ask.purpose), ())
    if ask.to is not None:
        found += edition.guards.get((ask.act, ask.to), ())
    return found


def _concerns(edition: Edition, binding: Binding, role: Role, item: str) -> bool:
    rule = binding.rule
    return (rule.roles is None or role in rule.roles) and _speaks_of_item(edition, binding, item)


def _are_declared(edition: Edition, ask: Request, item: str) -> bool:
    """Whether the policy knows all names, so that what is kept stays finite."""
    addressee = ask.to is None or ask.to == AUTHORITY or ask.to in edition.outside
    return item in edition.items and addressee and (ask.purpose is None or ask.purpose in edition.purposes)


def holders_of(edition: Edition, purpose: str, item: str) -> tuple[Binding, ...]:
    """The holders that can hold a record of a purpose and item: not those narrowed to others. Kept with the edition."""
    known: dict[tuple[str, str], tuple[Binding, ...]] = edition.__dict__.setdefault("_holders", {})
    found = known.get((purpose, item))
    if found is None:
        found = tuple(one for one in edition.holders if _speaks_of(edition, one, purpose, item))
        if purpose in edition.purposes and item in edition.items:
            known[purpose, item] = found
    return found


def _speaks_of(edition: Edition, holder: Binding, purpose: str, item: str) -> bool:
    narrowed = holder.rule.narrows(holder.params) if holder.rule.narrows else None
    return (narrowed is None or purpose in narrowed) and _speaks_of_item(edition, holder, item)


def _speaks_of_item(edition: Edition, binding: Binding, item: str) -> bool:
    concerns = binding.rule.concerns
    return concerns is None or concerns(binding.params, edition, item)
