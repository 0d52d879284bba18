"""Seen: what one visit to a website left in a browser, tried to leave, and loaded. Names only, never a value.

Five visits tell a site's whole word: before any choice, after a no, after a yes, with the signal that refuses, and in a
browser that is set to keep nothing. What is *not* here: the browser (``browser``), and what is wrong (``judged``).
"""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Way(StrEnum):
    """How a website is visited."""

    BEFORE = "before"
    REFUSED = "refused"
    ACCEPTED = "accepted"
    SIGNALLED = "signalled"
    BLOCKED = "blocked"


class Left(msgspec.Struct, frozen=True, order=True):
    """Something by its name, and where.

    That is ``cookie``, ``asked`` (a cookie that was to be kept), ``local``, ``session``, ``database``, ``cache`` or
    ``worker``.
    """

    name: str
    where: str


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """One visit.

    Attributes:
        way: how the site was visited.
        pages: paths that were opened, without their queries.
        unanswered: those of them that answered with an error, or not at all.
        chose: the choice that this visit is about could be made; true where it is about none.
        left: what the browser keeps afterwards, or was asked to keep in between.
        hosts: every host but the site's own that something was asked of.
    """

    way: Way
    pages: tuple[str, ...]
    unanswered: tuple[str, ...] = ()
    chose: bool = True
    left: tuple[Left, ...] = ()
    hosts: tuple[str, ...] = ()
