"""Questions: one JSON object each, with the facts to assume. Everything left out is the most open case.

What is *not* here: turning one into a request and facts, and finding the answer (``asked``).
"""

from __future__ import annotations

from datetime import date
from enum import Enum
from typing import Any, Literal, get_args, get_origin

import msgspec

from wordkept.decision import Decision
from wordkept.terms import Act, Level, Role


class HeldRecord(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is known about a held record of an asked item.

    Attributes:
        state: ``live``, ``separated``, ``destroyed`` or ``absent``.
        purpose: what it was collected for; the asked purpose, or the first that lists the item.
        matter: its matter; the asked one.
        statute: the law its collection cited.
        frozen: whether it is frozen.
        on: its own day; the asked day.
        use_until: last day of use.
        keep_until: last day of keeping.
    """

    state: Literal["live", "separated", "destroyed", "absent"] = "live"
    purpose: str | None = None
    matter: str | None = None
    statute: str | None = None
    frozen: bool = False
    on: date | None = None
    use_until: date | None = None
    keep_until: date | None = None


class StaffFacts(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What of the asking staff is in good standing."""

    pledge: Literal["valid", "expired"] = "valid"
    training: Literal["valid", "expired"] = "valid"
    grant: Literal["valid", "expired"] = "valid"


Answered = Literal["given", "refused", "withdrawn", "none"]


class Given(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The facts of a question; what is left out is the most open case.

    Attributes:
        member: ``active``; ``none`` has no service yet, ``left`` ended it on ``left_on``.
        left_on: the day the service ended; the day before the asked one.
        identified: whether the member is identified.
        level: how the member is identified.
        table: the answer about the purposes that are agreed to together.
        consents: answers by name; a list names those that are given, all others then are not.
        add_ons: spans within the service that are on; a list names them, all others then are off.
        group: whether both sides are in the group.
        records: by item: a state, a record, or a list of records.
        frozen: items that are frozen.
        requests: whether the request of the asked matter is open.
        documents: documents a representative handed in; all if not given.
        representative: how the representative was accepted, for whatever is asked.
        owed: whether a charge is owed.
        disputes: matters of open disputes; ``null`` is a dispute about no matter in particular.
        agreements: whether agreements are in force, by recipient or processor.
        staff: standing of staff.
    """

    member: Literal["active", "none", "left"] = "active"
    left_on: date | None = None
    identified: bool = True
    level: Level = Level.DOCUMENT
    table: Answered = "given"
    consents: dict[str, Answered | bool] | list[str] = {}
    add_ons: dict[str, bool] | list[str] = {}
    group: bool = True
    records: dict[str, str | HeldRecord | list[HeldRecord]] = {}
    frozen: list[str] = []
    requests: Literal["open", "decided", "none"] = "open"
    documents: list[str] | None = None
    representative: Literal["delegate", "statutory", "none"] = "delegate"
    owed: bool = False
    disputes: list[str | None] = []
    agreements: dict[str, bool] = {}
    staff: StaffFacts = StaffFacts()


class Question(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One line of a question file."""

    do: Act
    items: list[str]
    by: Role
    purpose: str | None = None
    to: str | None = None
    on: date | None = None
    matter: str | None = None
    method: str | None = None
    from_: str | None = msgspec.field(name="from", default=None)
    statute: str | None = None
    reason: str | None = None
    legal_request: str | None = None
    facts: Given = Given()


def words_at(place: str) -> tuple[str, ...]:
    """What may stand at a place of a question, ``$.facts.member``; empty where that is no closed list."""
    kind: Any = Question
    for name in place.split(".")[1:]:
        kind = _fields(kind).get(name)
    if get_origin(kind) is Literal:
        return get_args(kind)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return tuple(str(one) for one in kind)
    return tuple(_fields(kind))


def _fields(kind: Any) -> dict[str, Any]:
    struct = isinstance(kind, type) and issubclass(kind, msgspec.Struct)
    return {one.encode_name: one.type for one in msgspec.structs.fields(kind)} if struct else {}


def as_json(decision: Decision) -> dict[str, object]:
    """The answer as the command line prints it."""
    return {"effect": decision.effect, "reason": decision.reason, "because": list(decision.because)}
