"""Facts: what a decision knows, and nothing more.

A new fact changes three places (here, the vault's query, the rule that reads it); that is the audit point, keep it.
``Record`` carries what is said *about* a value, never the value.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import msgspec

from wordkept.record.history import History
from wordkept.record.holds import NEVER
from wordkept.terms import Act, Level, Role, State


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """One value of one item about one person, in one matter, without the value.

    Attributes:
        id: unique within the installation.
        item: a declared item.
        purpose: the purpose it was collected for; its group follows from the policy.
        on: the day of collection, the record's own day.
        after: number of the person's last event before it was collected.
        edition: effective day of the edition in force when it was collected.
        state: as stored; a decision reads ``state_on`` instead.
        released_on: the day its person first asked for deletion; from it on only ``both`` holds keep it.
        use_until: last day of use, none is open, ``NEVER`` if no use hold ever was.
        keep_until: last day of keeping, none is open; never earlier than ``use_until``.
        not_before: last day on which destroying is forbidden, none is open, ``NEVER`` if nothing forbids it.
    """

    id: str
    item: str
    purpose: str
    on: date
    after: int
    edition: date
    matter: str | None = None
    method: str | None = None
    source: str | None = None
    statute: str | None = None
    version: int = 1
    rev: int = 1
    state: State = State.LIVE
    frozen: bool = False
    released_on: date | None = None
    use_until: date | None = NEVER
    keep_until: date | None = NEVER
    not_before: date | None = NEVER

    def state_on(self, day: date) -> State:
        """The state that the holds allow on ``day``, whatever the store says: a late worker makes no use lawful."""
        if self.state is State.LIVE and (self.use_until is None or self.use_until >= day):
            return State.LIVE
        if self.state is State.DESTROYED or (self.keep_until is not None and self.keep_until < day):
            return State.DESTROYED
        return State.SEPARATED


class Actor(msgspec.Struct, frozen=True):
    """Who asks, as the door established it.

    Attributes:
        role: member, staff, …
        name: pseudonymous name of the person or program, for evidence.
        level: how the person's identity was verified for this request.
        pledge: of staff, the yearly pledge is signed.
        training: of staff, training is in date.
        grant: of staff, a grant for this work is in force.
        second: pseudonymous name of a second person who agreed to this act.
        signal: it is about a browser that says by itself that its person refuses (Global Privacy Control).
        employer: of staff, the processor that employs them; what they ask is decided as that processor's too.
        blocks: it is about a browser that is set to keep no cookie, or was told to decline this one.
    """

    role: Role
    name: str = ""
    level: Level = Level.DOCUMENT
    pledge: bool = True
    training: bool = True
    grant: bool = True
    second: str | None = None
    signal: bool = False
    blocks: bool = False
    employer: str | None = None

    @property
    def identified(self) -> bool:
        """Whether the person's identity was verified at all."""
        return self.level is not Level.NONE


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """One act asked of one person's records.

    Attributes:
        act: the verb.
        items: what it is asked of, at least one.
        by: who asks.
        on: the day, in the policy's time zone.
        purpose: what for; required to collect and to use.
        to: recipient, processor or ``authority``.
        matter: limits the act to one matter.
        method: of a collection, how.
        source: of a collection by affiliate, which.
        statute: of a collection, the law cited.
        reason: ``settlement``, ``dispute``, or why staff lift a freeze.
        legal_request: number of the authority's document.
        cookie: of a collection, the name under which a browser is asked to keep it.
    """

    act: Act
    items: tuple[str, ...]
    by: Actor
    on: date
    purpose: str | None = None
    to: str | None = None
    matter: str | None = None
    method: str | None = None
    source: str | None = None
    statute: str | None = None
    reason: str | None = None
    legal_request: str | None = None
    cookie: str | None = None


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """All that a decision about one person may read.

    Attributes:
        history: fold of the person's events.
        records: not destroyed records of the asked items, by item.
        documents: of a request by a representative, the live document items of each open request.
        ended: recipients and processors whose agreement is not in force.
        peers: matters of groups in which another person is a member today.
        operator: fold of the operator's events: which agreements stand, with which clauses; of what goes to partners.
    """

    history: History
    records: Mapping[str, tuple[Record, ...]]
    documents: tuple[frozenset[str], ...] = ()
    ended: frozenset[str] = frozenset()
    peers: frozenset[str | None] = frozenset()
    operator: History = History()
