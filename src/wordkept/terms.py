"""The closed vocabulary: acts, roles, states, effects and reasons.

Every word that a policy, a request, a decision or a statement of evidence may use is here, and nothing else is. Acts
and roles carry their W3C DPV term where the vocabulary has one (https://w3id.org/dpv, version 2.3). What is *not*
here: anything that a policy declares for itself (items, purposes, events, recipients).
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Final

LAST_DAY: Final = date(2999, 12, 31)
"""The last day that a policy, a story or a question about the law may name; the calendar itself ends with year 9999."""


class Act(StrEnum):
    """A verb asked of records."""

    COLLECT = "collect"
    USE = "use"
    PROVIDE = "provide"
    ENTRUST = "entrust"
    VIEW = "view"
    CORRECT = "correct"
    FREEZE = "freeze"
    LIFT = "lift"
    DESTROY = "destroy"


class Role(StrEnum):
    """Who asks for an act."""

    MEMBER = "member"
    REPRESENTATIVE = "representative"
    STAFF = "staff"
    SYSTEM = "system"
    RECIPIENT = "recipient"
    PROCESSOR = "processor"
    AUTHORITY = "authority"


class Level(StrEnum):
    """How it was verified that a person is who they say; each suffices for all before it."""

    NONE = "none"
    SESSION = "session"
    CODE = "code"
    MOBILE = "mobile"
    DOCUMENT = "document"

    def suffices(self, least: Level) -> bool:
        """Whether this is as good as another, or better."""
        return _RANKS[self] >= _RANKS[least]


_RANKS: Final = {level: rank for rank, level in enumerate(Level)}


class State(StrEnum):
    """Where a record stands; ``record.lifecycle`` says how it moves. ``absent`` is the state of no record at all."""

    LIVE = "live"
    LEAVING = "leaving"
    SEPARATED = "separated"
    DESTROYED = "destroyed"
    ABSENT = "absent"


class Choice(StrEnum):
    """What a person chose about one consent; ``ended`` is written by the end of the service, never by a person."""

    GIVEN = "given"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    ENDED = "ended"


NO: Final = frozenset({Choice.REFUSED, Choice.WITHDRAWN})
"""The choices by which a person says no."""
PERSON: Final = frozenset({Role.MEMBER, Role.REPRESENTATIVE})
"""The roles of the person whose data it is, and of who stands for them."""


class Channel(StrEnum):
    """The way by which a person made a choice known (PIPA enforcement decree, article 17 (2))."""

    WEB = "web"
    APP = "app"
    EMAIL = "email"
    PAPER = "paper"
    OFFICE = "office"
    TELEPHONE = "telephone"


class OrderKind(StrEnum):
    """What a partner is ordered to do with what it holds."""

    CORRECT = "correct"
    FREEZE = "freeze"
    LIFT = "lift"
    STOP_USE = "stop-use"
    ERASE = "erase"
    RETURN = "return"


ENDING: Final = (OrderKind.RETURN, OrderKind.ERASE, OrderKind.STOP_USE)
"""Orders that end what a partner may do, the one that says more first."""


class Answer(StrEnum):
    """What a partner says to an order; only the first two settle it."""

    DONE = "done"
    NOTHING_HELD = "nothing-held"
    CANNOT = "cannot"


class Effect(StrEnum):
    """The answer of a decision."""

    ALLOW = "allow"
    DENY = "deny"


class Reason(StrEnum):
    """Why a decision is what it is. ``permitted`` is the only reason of an allow.

    The order is the order in which one is chosen when several guards forbid: the most fundamental first.
    """

    PERMITTED = "permitted"
    NO_POLICY = "no-policy"
    UNKNOWN_RULE = "unknown-rule"
    STAFF_UNFIT = "staff-unfit"
    NOT_AUTHORISED = "not-authorised"
    UNIDENTIFIED = "unidentified"
    UNDECLARED = "undeclared"
    UNDECLARED_METHOD = "undeclared-method"
    SOURCE_UNNAMED = "source-unnamed"
    FORBIDDEN_CATEGORY = "forbidden-category"
    STATUTE_REQUIRED = "statute-required"
    MATTER_REQUIRED = "matter-required"
    ALREADY_RECORDED = "already-recorded"
    NOT_A_MEMBER = "not-a-member"
    LEFT = "left"
    NO_CONSENT = "no-consent"
    SERVICE_OFF = "service-off"
    NOT_FOR_RECIPIENT = "not-for-recipient"
    NO_AGREEMENT = "no-agreement"
    SYSTEM_ONLY = "system-only"
    REASON_REQUIRED = "reason-required"
    SEPARATED = "separated"
    FROZEN = "frozen"
    SUSPENDED = "suspended"
    HELD = "held"
    SECOND_PERSON_REQUIRED = "second-person-required"
    ABSENT = "absent"
    IMPOSSIBLE = "impossible"
    NOT_PERMITTED = "not-permitted"


SENTENCES: Final[dict[Reason, str]] = {
    Reason.PERMITTED: "a clause permits it",
    Reason.NO_POLICY: "no edition is in force yet",
    Reason.UNKNOWN_RULE: "a clause is kept by a rule that this program does not know",
    Reason.STAFF_UNFIT: "the pledge, the training or the grant of staff is not in date",
    Reason.NOT_AUTHORISED: "this role does not ask for this act, or cannot prove whom it stands for",
    Reason.UNIDENTIFIED: "the member is not identified, or not well enough for this",
    Reason.UNDECLARED: "the policy does not name this item for this purpose, or it was not collected for it",
    Reason.UNDECLARED_METHOD: "data does not come in that way",
    Reason.SOURCE_UNNAMED: "it came from elsewhere, and nobody says from where",
    Reason.FORBIDDEN_CATEGORY: "it belongs to a category that needs a consent or a statute of its own",
    Reason.STATUTE_REQUIRED: "it needs a statute in force, and none is cited",
    Reason.MATTER_REQUIRED: "it belongs to a matter or a request, and none is named",
    Reason.ALREADY_RECORDED: "the matter has such a record",
    Reason.NOT_A_MEMBER: "the service has not begun",
    Reason.LEFT: "the service has ended",
    Reason.NO_CONSENT: "the person was not asked, or said no",
    Reason.SERVICE_OFF: "the add-on, or the work, is not on",
    Reason.NOT_FOR_RECIPIENT: "it is not on this recipient's or processor's list",
    Reason.NO_AGREEMENT: "their agreement is not in force",
    Reason.SYSTEM_ONLY: "no person of the operator opens it",
    Reason.REASON_REQUIRED: "the person would have to be told why",
    Reason.SEPARATED: "it is kept apart",
    Reason.FROZEN: "it rests until it is corrected",
    Reason.SUSPENDED: "its person has asked that nothing about them be used",
    Reason.HELD: "something forbids destroying it today",
    Reason.SECOND_PERSON_REQUIRED: "a second person must agree",
    Reason.ABSENT: "there is no such record",
    Reason.IMPOSSIBLE: "there is nothing to destroy, to lift or to add to",
    Reason.NOT_PERMITTED: "no clause permits it",
}
"""What each reason means, for people."""


class Kind(StrEnum):
    """What a clause is, derived from what stands under it."""

    PROMISE = "promise"
    DATA = "data"
    PERMIT = "permit"
    STATEMENT = "statement"
    STANDS_FOR = "stands-for"


DISPUTE: Final = "dispute"
SETTLEMENT: Final = "settlement"
"""The two reasons of a request that rules know, whatever a policy calls its disputes and charges."""
HARDSHIPS: Final = frozenset({"economic", "technical"})
"""The reasons for which consent can be extremely hard to obtain, where a policy makes that an exception."""
AUTHORITY: Final = "authority"
"""The one name in ``to`` that no policy declares: an authority asking under law."""

DPV: Final[dict[Act | Role, str]] = {
    Act.COLLECT: "dpv:Collect",
    Act.USE: "dpv:Use",
    Act.PROVIDE: "dpv:Share",
    Act.ENTRUST: "dpv:Transfer",
    Act.VIEW: "dpv:Access",
    Act.CORRECT: "dpv:Modify",
    Act.FREEZE: "dpv:Restrict",
    Act.DESTROY: "dpv:Erase",
    Role.MEMBER: "dpv:DataSubject",
    Role.REPRESENTATIVE: "dpv:Representative",
    Role.RECIPIENT: "dpv:Recipient",
    Role.PROCESSOR: "dpv:DataProcessor",
    Role.AUTHORITY: "dpv:Authority",
}


class WordkeptError(Exception):
    """The root of the errors by who must act; anything else that escapes is our own bug.

    Attributes:
        message: what is wrong, in one sentence.
        hint: one sentence that says what to do, may be empty.
    """

    def __init__(self, message: str = "", *, hint: str = "") -> None:
        super().__init__(message)
        self.message, self.hint = message, hint

    @property
    def where(self) -> str:
        """The place that is meant, as compilers write it; empty where there is none."""
        return ""


class MalformedPolicyError(WordkeptError):
    """The policy, story, plan or request file is wrong: its author must act.

    Attributes:
        file: path as given by the caller.
        line: 1-based, 0 when the whole file is meant.
        column: 1-based, 0 when the whole line is meant.
    """

    def __init__(self, message: str, *, file: str = "", line: int = 0, column: int = 0, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.file, self.line, self.column = file, line, column

    def __str__(self) -> str:
        """``file:line:column: message``."""
        return f"{self.where}: {self.message}" if self.where else self.message

    @property
    def where(self) -> str:
        """``file:line:column``, as far as they are known."""
        return ":".join(str(part) for part in (self.file, self.line, self.column) if part)


class BrokenError(WordkeptError):
    """Evidence does not hold: the auditor must act."""


class UnavailableError(WordkeptError):
    """A store, key root or peer is down, or a commit's outcome is unknown: the operator must act."""


class ValueRejectedError(WordkeptError):
    """A value does not fit its item's type; names the item and the limit, never the value."""
