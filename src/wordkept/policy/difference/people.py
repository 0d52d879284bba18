"""People: whom a declaration concerns, and which consents must be asked for because of another edition.

What is *not* here: how a consent is asked for, and who gave which.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import reduce
from typing import Final

import msgspec

from wordkept.language import Said, say
from wordkept.policy.declared import Purpose
from wordkept.policy.model import Binding, Edition

EVERYBODY: Final = say("everybody")
_PUBLISHED: Final = "consent.to-published-terms"
_PROVIDED: Final = "provision.with-consent-only"
_ENTRUSTED: Final = "consent.entrusted-with-consent"
_AGREED: Final = "consent.agreed-first"
_CATEGORY: Final = "consent.category-by-consent"


class Ask(msgspec.Struct, frozen=True, kw_only=True):
    """A consent that must be asked for: again by whoever gave it, or for the first time.

    ``items`` are those that it does not reach without being asked for anew; ``rule`` and its ``clause`` say so.
    """

    consent: str
    again: bool
    items: tuple[str, ...]
    rule: str
    clause: str


def affected(edition: Edition, kind: str, name: str) -> Said:
    """Whom something that an edition declares concerns, in words."""
    if kind == "purpose":
        one = edition.purposes[name]
        return _told(consent_to(edition, one), one.during)
    if kind == "recipient":
        return _told(to_provision(edition, name), edition.recipients[name].group)
    if kind == "processor":
        entrusted = bound(edition, _ENTRUSTED)
        return _told(entrusted.params.to if entrusted else None, edition.processors[name].during)
    if kind == "category":
        return _told(f"category:{name}", None)
    if kind == "item":
        using = [one.name for one in edition.purposes.values() if name in one.items]
        return joined(affected(edition, "purpose", one) for one in using) if using else say("nobody yet")
    return EVERYBODY


def joined(whom: Iterable[Said]) -> Said:
    """Several at once; everybody is all of them."""
    found = dict.fromkeys(whom)
    return (
        EVERYBODY
        if EVERYBODY in found
        else reduce(lambda one, other: say("{one}, or {other}", one=one, other=other), found)
    )


def asks(before: Edition, after: Edition) -> Iterator[Ask]:
    """The consents that must be asked for because of what is otherwise.

    Again, where a rule says that a consent carries no further than the terms that were shown with it and something came
    in; for the first time, where nobody could be asked before.
    """
    published, known = bound(after, _PUBLISHED), before.consents
    found: dict[tuple[str, str, str], dict[str, None]] = {}
    for consent, gained, rule, clause in (*_for_purposes(before, after), *_for_partners(before, after)):
        if consent not in known:
            found.setdefault((consent, rule, clause), {}).update(dict.fromkeys(gained))
        elif published and gained:
            found.setdefault((consent, _PUBLISHED, published.clause), {}).update(dict.fromkeys(gained))
    for (consent, rule, clause), items in found.items():
        yield Ask(consent=consent, again=consent in known, items=tuple(items), rule=rule, clause=clause)


_Wanted = Iterator[tuple[str, list[str], str, str]]
"""A consent, the items that it must newly reach, the rule that asks for it, and its clause."""


def _for_purposes(before: Edition, after: Edition) -> _Wanted:
    for name, one in after.purposes.items():
        consent = consent_to(after, one)
        agreed = bound(after, _AGREED)
        if consent is not None:
            known = before.purposes[name].items if name in before.purposes else ()
            gained = [item for item in one.items if item not in known]
            basis = (agreed.rule.name, agreed.clause) if agreed and not one.consent else ("purpose", "")
            yield consent, gained, basis[0], basis[1] or after.clause_of("purpose", name)


def _for_partners(before: Edition, after: Edition) -> _Wanted:
    if provided := bound(after, _PROVIDED):
        for name, one in after.recipients.items():
            known = before.recipients[name].items if name in before.recipients else ()
            gained = [item for item in one.items if item not in known]
            yield f"provision:{name}", gained, provided.rule.name, provided.clause
    if opening := bound(after, _CATEGORY):
        for name in after.categories:
            yield f"category:{name}", [], opening.rule.name, opening.clause


def to_provision(edition: Edition, recipient: str) -> str | None:
    """The consent to a recipient, none where no clause asks for any."""
    return f"provision:{recipient}" if bound(edition, _PROVIDED) else None


def consent_to(edition: Edition, purpose: Purpose) -> str | None:
    """The consent that a purpose rests on: its own, or that to its group where a clause asks for it."""
    if purpose.consent:
        return purpose.name
    agreed = {one.params.group for one in _all_bound(edition, _AGREED)}
    return purpose.group if purpose.group in agreed else None


def _told(consent: str | None, during: str | None) -> Said:
    if consent and during:
        return say("who consented to {consent} and has {span} open", consent=consent, span=during)
    if consent:
        return say("who consented to {consent}", consent=consent)
    return say("who has {span} open", span=during) if during else EVERYBODY


def bound(edition: Edition, rule: str) -> Binding | None:
    """The first binding of a rule, none if no clause has it."""
    return next(_all_bound(edition, rule), None)


def _all_bound(edition: Edition, rule: str) -> Iterator[Binding]:
    return (one for clause in edition.clauses.values() for one in clause.bindings if one.rule.name == rule)
