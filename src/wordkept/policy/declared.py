"""Declarations and notes: what a policy names under its clauses, as the YAML under a fence is typed.

Everything here is frozen and only says or finds. What is *not* here: rules and their parameters (``rules``), and what a
compiled policy is (``model``).
"""

from __future__ import annotations

from typing import Annotated, Final, Literal

import msgspec

from wordkept.record.history import SpanKind

Name = Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9_-]*\Z", max_length=64)]
Language = Annotated[str, msgspec.Meta(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*\Z", max_length=35)]


class Item(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """``item``: something that can be known about a person.

    Attributes:
        name: how rules and requests call it.
        title: how people read it.
        type: which values fit.
        category: the forbidden category it belongs to, if any.
        search: whether a blind index finds people by it (equality only).
        personal: its term in DPV's personal data extension.
        at_most: limit in characters of text, in bytes of a file.
    """

    name: Name
    title: str
    type: Literal["text", "phone", "email", "date", "number", "secret", "file"] = "text"
    category: Name | None = None
    search: bool = False
    personal: str | None = None
    at_most: Annotated[int, msgspec.Meta(ge=1, le=64 * 1024 * 1024)] = 1000


Basis = Literal["contract", "legal-obligation", "vital-interests", "public-task", "legitimate-interests"]
LEGITIMATE_INTERESTS: Final = "legitimate-interests"
"""The basis of a purpose that a person may object to."""


class Purpose(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """``purpose``: what items may be collected and used for; permits just that.

    Attributes:
        name: how rules and requests call it.
        title: how people read it.
        items: the closed list.
        group: purposes of one group are one collection under one notice; none is a group of its own.
        basis: the ground on which it rests where that is not consent, in the words of the GDPR.
        consent: it needs its own consent.
        opens: groups whose records the consent opens to this purpose too.
        during: span that must be open to collect or use (an add-on).
        ends_with: ``consent`` and spans, by matter if they have one, whose end ends the use of its records.
        at_most: longest use, as an ISO 8601 duration from the record's own day.
        adds: a second collection adds a record instead of replacing one.
        early: may be collected before the service begins.
        late: may still be collected on the day the service ended.
        by_law: collected by system or staff only, at any time after the service began.
        personal: its term in DPV.
    """

    name: Name
    title: str
    items: tuple[Name, ...]
    group: Name | None = None
    basis: Basis | None = None
    consent: bool = False
    opens: tuple[Name, ...] = ()
    during: Name | None = None
    ends_with: tuple[Name, ...] = ()
    at_most: str | None = None
    adds: bool = False
    early: bool = False
    late: bool = False
    by_law: bool = False
    personal: str | None = None


class Category(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """``category``: a kind of data that is not collected but by consent ``category:<name>`` or a cited statute."""

    name: Name
    title: str


class Method(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """``method``: a way by which data may come in; every other way is refused.

    ``arises``: nobody hands it in, the system takes it down (a story need not say so).
    """

    name: Name
    title: str
    names_source: bool = False
    arises: bool = False


class Recipient(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """``recipient``: a third party and the closed list of items it may be given, for one purpose of its own.

    ``groups`` are the purpose groups whose records it may be given; ``group`` is the span that must be open on both
    sides, for recipients that are a class of people.
    """

    name: Name
    title: str
    purpose: str
    items: tuple[Name, ...]
    groups: tuple[Name, ...]
    group: Name | None = None


class Processor(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """``processor``: who works for the operator: tasks for people to read, purposes from which its items follow.

    ``during`` is a span that must be open (an add-on, an open charge).
    """

    name: Name
    title: str
    tasks: tuple[str, ...]
    purposes: tuple[Name, ...]
    during: Name | None = None


class RoleHolder(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """``role``: a class of staff that handles personal data."""

    name: Name
    title: str


class Officer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """``officer``: an office and how it is reached; a deployment fills in the person. Blanks are findings."""

    name: Name
    title: str
    office: str
    telephone: str = ""
    email: str = ""


class Cookie(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """``cookie``: something a browser is asked to keep, and the purposes it serves.

    Attributes:
        name: how rules call it.
        title: how people read it.
        item: what it keeps about a person; none if it tells nobody apart.
        purposes: what it serves; it may be kept while one of them is permitted.
        called: how browsers call it, where that is no name of ours (``JSESSIONID``).
        choice: it remembers what was chosen about cookies; nothing else writes it.
        lasts: how long a browser may keep it at most, as an ISO 8601 duration; the choice is remembered for just as
            long, and until the browser closes if it is left out.
    """

    name: Name
    title: str
    item: Name | None = None
    purposes: tuple[Name, ...]
    called: Annotated[str, msgspec.Meta(pattern=r"^[!#$%&'*+.^_`|~0-9A-Za-z-]+\Z", max_length=128)] | None = None
    choice: bool = False
    lasts: str | None = None


class Tool(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """``tool``: what collects in a page or program beside cookies: a tag, a pixel, a kit of somebody else.

    Attributes:
        name: how rules and programs call it.
        title: how people read it.
        items: what it collects.
        purposes: what for; it may be loaded while each of them is permitted.
        hosts: names of the hosts that it is loaded from or sends to; none if that is the site itself.
    """

    name: Name
    title: str
    items: tuple[Name, ...]
    purposes: tuple[Name, ...]
    hosts: tuple[Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9-]+(\.[a-z0-9-]+)+\Z", max_length=253)], ...] = ()


class OutsideStore(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """``store``: a store outside the vault that holds copies: a search index, a warehouse, a mail tool.

    Attributes:
        name: how rules and requests call it; no processor has the same.
        title: how people read it.
        items: the closed list of what it holds.
        purposes: what for; a copy goes there for one of them, while that may use it.
        owner: the processor that runs it; none if the operator does.
    """

    name: Name
    title: str
    items: tuple[Name, ...]
    purposes: tuple[Name, ...]
    owner: Name | None = None


class Place(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """``place``: somewhere: a home page, an office, a body for redress, a restricted area. Blanks are findings."""

    name: Name
    title: str
    address: str = ""
    telephone: str = ""


class EventKind(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """``event``: two events that open and close a span, or one that only happens."""

    name: Name
    opens: str
    closes: str | None = None
    within: Name | None = None
    after: Name | None = None
    outside: Name | None = None
    matters: bool = False
    again: bool = False
    sweeping: bool = False
    restarts: bool = False
    operator: bool = False

    def span(self) -> SpanKind:
        """The kind as the fold reads it."""
        return SpanKind(**msgspec.structs.asdict(self))


class Statement(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """``statement``: the clause promises nothing; ``because`` says why."""

    because: str


class StandsFor(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """``stands-for``: an umbrella; takes the worst state of the clauses it names (``5`` names chapter 5)."""

    clauses: tuple[str, ...]


class Owed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """``owed``: what is still missing before the clause is kept; ``permit`` if the clause is an exception."""

    missing: Literal["rule", "paper", "backup", "door"]
    what: str
    permit: bool = False


class Accept(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """``accept``: a finding that an office looked at and lives with. Errors cannot be accepted."""

    finding: Annotated[str, msgspec.Meta(pattern=r"^WK[0-9]{3}\Z")]
    by: str
    why: str


Declaration = (
    Item
    | Purpose
    | Category
    | Method
    | Recipient
    | Processor
    | RoleHolder
    | Officer
    | Cookie
    | Tool
    | OutsideStore
    | Place
    | EventKind
)
Note = Statement | StandsFor | Owed | Accept
