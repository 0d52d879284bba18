"""Asked: which guards, holders and records a request is about, by act, purpose, addressee, role and item.

Most of a policy's sentences have nothing to say of most requests; each rule declares whom and what it concerns, and
only those are called. The answer is kept with the edition, for names that it declares. What is *not* here: what they
say (``rules``), and what follows from it (``decision``).
"""

from __future__ import annotations

from wordkept.policy.declared import Purpose
from wordkept.policy.model import Binding, Edition
from wordkept.record.facts import Record, Request
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


def covers(edition: Edition, purpose: Purpose, record: Record) -> bool:
    """Whether a purpose reads a record: one collected under its own notice, or opened to it by its consent."""
    if record.item not in purpose.items:
        return False
    group = edition.group(record.purpose)
    return group == edition.group(purpose.name) or (purpose.consent and group in purpose.opens)


def touches(edition: Edition, ask: Request, record: Record) -> bool:
    """Whether an act, as asked, is about a record at all: its matter, and what it was collected for."""
    purpose = edition.purposes.get(ask.purpose) if ask.purpose else None
    if ask.act is Act.COLLECT:
        group = edition.group(ask.purpose or "")
        return record.matter == ask.matter and edition.group(record.purpose) == group
    if ask.matter is not None and record.matter != ask.matter:
        return False
    if ask.act is Act.PROVIDE:
        recipient = edition.recipients.get(ask.to or "")
        return recipient is None or edition.group(record.purpose) in recipient.groups
    if purpose is None and ask.act is Act.ENTRUST:
        processor = edition.processors.get(ask.to or "")
        theirs = processor.purposes if processor else ()
        return any(covers(edition, edition.purposes[one], record) for one in theirs if one in edition.purposes)
    return purpose is None or covers(edition, purpose, record)
