"""Findings about recipients, processors, officers and places."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from wordkept.language import say
from wordkept.policy.checks.codes import found
from wordkept.policy.finding import Finding
from wordkept.policy.model import Edition


def provided(edition: Edition) -> Iterator[Finding]:
    """WK201: a recipient gets what was never collected for any purpose whose records it may be given."""
    for name, recipient in edition.recipients.items():
        groups = set(recipient.groups)
        known = {
            item
            for one in edition.purposes.values()
            if groups & {one.name, edition.group(one.name)}
            for item in one.items
        }
        if lost := [item for item in recipient.items if item not in known]:
            said = say(
                "{recipient} is given {items}, never collected for {purposes}",
                recipient=name,
                items=tuple(lost),
                purposes=tuple(sorted(groups)),
            )
            yield found("WK201", edition, edition.clause_of("recipient", name), said)


def one_role(edition: Edition) -> Iterator[Finding]:
    """WK208: a partner that is a third party and works for the operator too, so that no transfer says which."""
    processors = {_plain(one.title): name for name, one in edition.processors.items()}
    for name, recipient in edition.recipients.items():
        other = name if name in edition.processors else processors.get(_plain(recipient.title))
        if other:
            clause = edition.clause_of("processor", other)
            said = say(
                "{name} is a processor too ({clause}); each transfer must say in which role", name=name, clause=clause
            )
            yield found("WK208", edition, edition.clause_of("recipient", name), said)


def _plain(title: str) -> str:
    return "".join(char for char in title.casefold() if char.isalnum())


def reachable(edition: Edition) -> Iterator[Finding]:
    """WK401: an officer or a place that cannot be reached as declared."""
    for name, officer in edition.officers.items():
        ways = ((say("e-mail"), officer.email), (say("telephone"), officer.telephone))
        if blank := tuple(way for way, text in ways if not text.strip()):
            said = say("{name} has no {ways}", name=name, ways=blank)
            yield found("WK401", edition, edition.clause_of("officer", name), said)
    for name, place in edition.places.items():
        if not (place.address.strip() or place.telephone.strip()):
            said = say("{name} has neither address nor telephone", name=name)
            yield found("WK401", edition, edition.clause_of("place", name), said)


def singled_out(edition: Edition) -> Iterator[Finding]:
    """WK210: a recipient that is a class of people; who is in it changes from day to day."""
    for name, recipient in edition.recipients.items():
        if recipient.group:
            said = say(
                "{name} is a class, not somebody; who gets the data is who is in {group} on the day",
                name=name,
                group=recipient.group,
            )
            yield found("WK210", edition, edition.clause_of("recipient", name), said)


_NEED: Final = re.compile(
    r"\b(?:cannot|can ?not|inevitabl\w+|necessar\w+|need(?:s|ed)?|requires?|required)\b", re.IGNORECASE
)


def bounded(edition: Edition) -> Iterator[Finding]:
    """WK213: a class of staff that is drawn by its need for the data alone."""
    for name in edition.roles:
        clause = edition.clause_of("role", name)
        if _NEED.search(edition.clauses[clause].text):
            said = say(
                "{name} takes in whoever needs the data; nobody can say who is not in it, or until when", name=name
            )
            yield found("WK213", edition, clause, said)
