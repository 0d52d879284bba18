"""Findings about items and purposes: what is collected for what, and what is missing or too much."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from wordkept.language import Said, say
from wordkept.policy.checks import needs
from wordkept.policy.checks.codes import found
from wordkept.policy.declared import Purpose
from wordkept.policy.finding import Finding
from wordkept.policy.model import Edition


def collected(edition: Edition) -> Iterator[Finding]:
    """WK202: what law makes the operator keep, and only law's own purpose ever collects."""
    told = {item for purpose in edition.purposes.values() if not purpose.by_law for item in purpose.items}
    for binding in edition.holders:
        if getattr(binding.params, "for_", None) is None:
            continue
        if lost := tuple(item for item in binding.params.items if item not in told):
            said = say("{items} must be kept, but the policy does not say that anything collects this", items=lost)
            yield found("WK202", edition, binding.clause, said, binding.line)


def needed(edition: Edition) -> Iterator[Finding]:
    """WK203: a purpose that cannot be fulfilled with the items it lists."""
    for name, purpose in edition.purposes.items():
        terms = [edition.items[item].personal for item in purpose.items]
        if missing := needs.lacking(purpose.personal, terms):
            lacking = tuple(Said(one) for one in missing)
            said = say("{purpose} needs {classes}, and no item that it lists is one", purpose=name, classes=lacking)
            yield found("WK203", edition, edition.clause_of("purpose", name), said)


def _mandatory(purpose: Purpose) -> bool:
    by_law = purpose.by_law or purpose.basis == "legal-obligation"
    return not (purpose.consent or purpose.during or by_law)


def forbidden(edition: Edition) -> Iterator[Finding]:
    """WK204: an item of a forbidden category that a purpose takes for granted."""
    for name, item in edition.items.items():
        if not item.category:
            continue
        if taking := tuple(one.name for one in edition.purposes.values() if name in one.items and _mandatory(one)):
            said = say(
                "{item} belongs to the category {category}, and no consent is asked for {purposes}",
                item=name,
                category=item.category,
                purposes=taking,
            )
            yield found("WK204", edition, edition.clause_of("category", item.category), said)


def aimed(edition: Edition) -> Iterator[Finding]:
    """WK205: what is kept for an aim that has no use for it."""
    for binding in edition.holders:
        aim = needs.local(getattr(binding.params, "aim", None))
        if aim not in needs.AIMS:
            continue
        held = _held(edition, binding.params)
        serving = {
            item
            for one in edition.purposes.values()
            if needs.local(one.personal) in needs.SERVES.get(aim, {aim})
            for item in one.items
        }
        beyond = tuple(
            item
            for item in held
            if item not in serving and needs.local(edition.items[item].personal) not in needs.AIMS[aim]
        )
        if beyond:
            said = say("the aim stated ({aim}) does not need {items}", aim=aim, items=beyond)
            yield found("WK205", edition, binding.clause, said, binding.line)


def _held(edition: Edition, params: Any) -> list[str]:
    """Items of the records that a hold covers, in the order of their declaration."""
    purposes = set(params.purposes)
    reached = {
        item
        for one in edition.purposes.values()
        if purposes & {one.name, edition.group(one.name)}
        for item in one.items
    }
    named = getattr(params, "items", None)
    return [item for item in edition.items if item in reached and (named is None or item in named)]


def used(edition: Edition) -> Iterator[Finding]:
    """WK206: an item that nothing ever mentions again."""
    wanted = {item for one in edition.purposes.values() for item in one.items}
    wanted |= {item for one in edition.recipients.values() for item in one.items}
    wanted |= {cookie.item for cookie in edition.cookies.values() if cookie.item}
    wanted |= {item for store in edition.stores.values() for item in store.items}
    wanted |= {item for tool in edition.tools.values() for item in tool.items}
    for name, item in edition.items.items():
        if name not in wanted and not item.category:
            said = say("{item} is declared, and nothing collects, uses or hands it on", item=name)
            yield found("WK206", edition, edition.clause_of("item", name), said)


def filled(edition: Edition) -> Iterator[Finding]:
    """WK207: a purpose for which nothing may be collected."""
    for name, purpose in edition.purposes.items():
        if not purpose.items:
            said = say("{purpose} lists no items", purpose=name)
            yield found("WK207", edition, edition.clause_of("purpose", name), said)


def statutory(edition: Edition) -> Iterator[Finding]:
    """WK209: an item that a purpose lists, though it is collected only where a statute is cited."""
    bindings = [one for clause in edition.clauses.values() for one in clause.bindings]
    for binding in bindings:
        if binding.rule.name != "collection.only-by-statute":
            continue
        for item in binding.params.items:
            listing = tuple(one.name for one in edition.purposes.values() if item in one.items and not one.by_law)
            if listing:
                said = say(
                    "{item} is listed for {purposes}, but collected only where a statute is cited",
                    item=item,
                    purposes=listing,
                )
                yield found("WK209", edition, binding.clause, said, binding.line)


_HANDLE: Final = r"(?:collect|process|handle|use|store|keep)"
_CIRCULAR: Final = re.compile(
    rf"\bto {_HANDLE}(?:,? (?:and|or) {_HANDLE})+\b"
    r"|\bto (?:collect|process|handle) (?:your |personal )?(?:data|information)\b",
    re.IGNORECASE,
)


def purposeful(edition: Edition) -> Iterator[Finding]:
    """WK211: a purpose whose sentence says that data is collected in order to be collected."""
    for name in edition.purposes:
        clause = edition.clause_of("purpose", name)
        if match := _CIRCULAR.search(" ".join(edition.clauses[clause].text.split())):
            said = say(
                "“{words}” is no purpose of {purpose}: it says that data is handled, not what for",
                words=match[0].lower(),
                purpose=name,
            )
            yield found("WK211", edition, clause, said)


def replayed(edition: Edition) -> Iterator[Finding]:
    """WK212: several passwords for one purpose; one may open the operator's own door, the others open somebody's."""
    for name, purpose in edition.purposes.items():
        items = tuple(one for one in purpose.items if needs.local(edition.items[one].personal) == "Password")
        if len(items) > 1:
            said = say("{items} must be shown elsewhere as they are, so no one-way hash can keep them", items=items)
            yield found("WK212", edition, edition.clause_of("purpose", name), said)
