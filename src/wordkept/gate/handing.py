"""Handing: what partners hold of people, as acts leave it, and the orders that follow, written with the act.

What is *not* here: what a partner is ordered (``partners``), and sending orders (``outbox``, ``orders``).
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Final

import msgspec

from wordkept import partners
from wordkept.gate.loaded import Loaded
from wordkept.record import Given
from wordkept.vault import given
from wordkept.vault.flight import Command, Session

_TOGETHER: Final = 100
"""Statements that travel together."""


def take(session: Session, loaded: Sequence[Loaded]) -> None:
    """Put what partners hold beside people."""
    if not loaded:
        return
    found = given.given_of(session, [one.subject for one in loaded])
    for one in loaded:
        one.copies = {partners.key(copy): copy for copy in found.get(one.subject, ())}
        one.person.givens = dict(one.copies)


def commands(one: Loaded, now: datetime) -> Iterator[Command]:
    """The statements that write down what changed of one person's copies, and what was ordered."""
    person = one.person
    if not person.givens:
        return
    for key, copy in person.givens.items():
        person.givens[key] = _named(person.givens, copy)
    changed = [copy for key, copy in person.givens.items() if one.copies.get(key) != copy]
    yield from given.commands(one.subject, changed, person.ordered, now)


def write(session: Session, loaded: Iterable[Loaded], now: datetime) -> None:
    """Write down what changed of people's copies, and what was ordered."""
    source = (command for one in loaded for command in commands(one, now))
    while some := list(islice(source, _TOGETHER)):
        session.ask(*some)


def alias(one: Loaded, to: str, *, entrusted: bool) -> str | None:
    """A person's pseudonym towards a partner, none before it was given anything."""
    copies = one.person.givens.values()
    return next((copy.alias for copy in copies if (copy.to, copy.entrusted) == (to, entrusted)), None)


def _named(known: partners.Givens, copy: Given) -> Given:
    """A copy with the person's pseudonym: one for each partner, drawn when it is given the first one."""
    if copy.alias:
        return copy
    same = (one.alias for one in known.values() if (one.to, one.entrusted) == (copy.to, copy.entrusted) and one.alias)
    return msgspec.structs.replace(copy, alias=next(same, None) or os.urandom(16).hex())
