"""Findings about recipients, processors, officers and places."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from wordkept.policy.checks.codes import found, listed
from wordkept.policy.model import Edition, Finding


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
            message = f"{name} is given {listed(lost)}, never collected for {listed(sorted(groups))}"
            yield found("WK201", edition, edition.clause_of("recipient", name), message)


def one_role(edition: Edition) -> Iterator[Finding]:
    """WK208: a partner that is a third party and works for the operator too, so that no transfer says which."""
    processors = {_plain(one.title): name for name, one in edition.processors.items()}
    for name, recipient in edition.recipients.items():
        other = name if name in edition.processors else processors.get(_plain(recipient.title))
        if other:
            clause = edition.clause_of("processor", other)
            message = f"{name} is a processor too ({clause}); each transfer must say in which role"
            yield found("WK208", edition, edition.clause_of("recipient", name), message)


def _plain(title: str) -> str:
    return "".join(char for char in title.casefold() if char.isalnum())


def reachable(edition: Edition) -> Iterator[Finding]:
    """WK401: an officer or a place that cannot be reached as declared."""
    for name, officer in edition.officers.items():
        blank = [
            what for what, text in (("e-mail", officer.email), ("telephone", officer.telephone)) if not text.strip()
        ]
        if blank:
            yield found("WK401", edition, edition.clause_of("officer", name), f"{name} has no {listed(blank)}")
    for name, place in edition.places.items():
        if not (place.address.strip() or place.telephone.strip()):
            yield found("WK401", edition, edition.clause_of("place", name), f"{name} has neither address nor telephone")


def singled_out(edition: Edition) -> Iterator[Finding]:
    """WK210: a recipient that is a class of people; who is in it changes from day to day."""
    for name, recipient in edition.recipients.items():
        if recipient.group:
            message = f"{name} is a class, not somebody; who gets the data is who is in {recipient.group} on the day"
            yield found("WK210", edition, edition.clause_of("recipient", name), message)


_NEED: Final = re.compile(
    r"\b(?:cannot|can ?not|inevitabl\w+|necessar\w+|need(?:s|ed)?|requires?|required)\b", re.IGNORECASE
)


def bounded(edition: Edition) -> Iterator[Finding]:
    """WK213: a class of staff that is drawn by its need for the data alone."""
    for name in edition.roles:
        clause = edition.clause_of("role", name)
        if _NEED.search(edition.clauses[clause].text):
            message = f"{name} takes in whoever needs the data; nobody can say who is not in it, or until when"
            yield found("WK213", edition, clause, message)
