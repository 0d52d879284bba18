"""The words an info string may be besides a rule's name: thirteen declarations and four notes.

What is *not* here: what a rule does with a declaration.
"""

from __future__ import annotations

from typing import Any, Final

from wordkept.policy.declared import (
    Accept,
    Category,
    Cookie,
    Declaration,
    EventKind,
    Item,
    Method,
    Officer,
    OutsideStore,
    Owed,
    Place,
    Processor,
    Purpose,
    Recipient,
    RoleHolder,
    StandsFor,
    Statement,
    Tool,
)

DECLARATIONS: Final[dict[str, tuple[type[Declaration], str]]] = {
    "item": (Item, "items"),
    "purpose": (Purpose, "purposes"),
    "category": (Category, "categories"),
    "method": (Method, "methods"),
    "event": (EventKind, "spans"),
    "role": (RoleHolder, "roles"),
    "recipient": (Recipient, "recipients"),
    "processor": (Processor, "processors"),
    "officer": (Officer, "officers"),
    "cookie": (Cookie, "cookies"),
    "tool": (Tool, "tools"),
    "store": (OutsideStore, "stores"),
    "place": (Place, "places"),
}
"""By info string: the type of the body, and where an edition keeps it."""

NOTES: Final[dict[str, type[Any]]] = {
    "statement": Statement,
    "stands-for": StandsFor,
    "owed": Owed,
    "accept": Accept,
}
"""By info string: the type of the body."""
