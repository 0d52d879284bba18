"""Asking: what callers hand to the gate and get back.

What holds values shows none where a program shows it: in a traceback, a log, at a prompt. What is *not* here: how it is
done (``gate.gate``).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import msgspec

from wordkept.decision import Decision
from wordkept.record import Actor, Request, Shown
from wordkept.terms import Choice, WordkeptError

Identifier = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{32}\Z")]


class Asked(msgspec.Struct, frozen=True):
    """One act asked about one person.

    Attributes:
        subject: pseudonym, 32 hex digits, from ``Gate.new_subject``.
        ask: the request; its day is replaced by the day of the operation's clock.
        values: by item, of a collection or correction.
        request_id: 32 hex digits; a change that is asked again under the same id is done once; the id is no other's.
    """

    subject: str
    ask: Request
    values: Mapping[str, str | bytes] = {}
    request_id: str | None = None

    def __repr__(self) -> str:
        given = f", with values of {', '.join(self.values)}" if self.values else ""
        return f"<Asked to {self.ask.act} {', '.join(self.ask.items)} of {self.subject} by {self.ask.by.role}{given}>"

    def __rich_repr__(self) -> list[tuple[str, str]]:
        return [("", repr(self))]


class Happening(msgspec.Struct, frozen=True):
    """Something that happened to one person, or to the operator (subject none).

    Attributes:
        subject: pseudonym, or none.
        kind: a declared event, or ``consent``.
        matter: what it was about.
        to: of a consent, what it is to.
        choice: of a consent, what was chosen.
        request_id: as in ``Asked``.
        by: who brought it, stated by role and pseudonym; none where nobody says.
        shown: of a consent, the text that was shown and by which way the choice came; to withdraw needs none.
    """

    subject: str | None
    kind: str
    matter: str | None = None
    to: str | None = None
    choice: Choice | None = None
    request_id: str | None = None
    by: Actor | None = None
    shown: Shown | None = None


class Receipt(msgspec.Struct, frozen=True):
    """Finds a statement of evidence; an inclusion proof once it is sealed."""

    connection: int
    number: int


class Outcome(msgspec.Struct, frozen=True):
    """What came of one request.

    Attributes:
        decision: the answer; allowed means done.
        values: of an act that opens, the plain values by item, in no particular order.
        receipt: of its statement in the live store's log.
        repeated: a request id was asked before; this is the first answer, without values.
        alias: of a provision or entrustment, the person's pseudonym towards that partner: orders name it.
        ordered: partners that hold a copy of what was changed, and were ordered to do the same: until they answer, a
            deletion is partial.
    """

    decision: Decision
    values: Mapping[str, tuple[bytes, ...]] = {}
    receipt: Receipt | None = None
    repeated: bool = False
    alias: str | None = None
    ordered: tuple[str, ...] = ()

    def text(self, item: str) -> str:
        """The value of an item that has exactly one, as text.

        Raises:
            LookupError: it has none, or several.
        """
        if len(found := self.values.get(item, ())) != 1:
            raise LookupError(f"{item}: {len(found)} values, not one")
        return found[0].decode()

    def __repr__(self) -> str:
        opened = f", with values of {', '.join(self.values)}" if self.values else ""
        again = ", repeated" if self.repeated else ""
        return f"<Outcome: {self.decision.effect}, {said(self.decision)}{opened}{again}>"

    def __rich_repr__(self) -> list[tuple[str, str]]:
        return [("", repr(self))]


class Swept(msgspec.Struct, frozen=True):
    """What became of the lines of a plan.

    Attributes:
        destroyed: records destroyed now.
        separated: records moved to the separate store now.
        gone: not there any more: done before, by an earlier run of the plan or by their person.
        not_due: no longer qualify, and were left alone.
    """

    destroyed: int = 0
    separated: int = 0
    gone: int = 0
    not_due: int = 0


class Refused(WordkeptError):  # noqa: N818  (it is no error of anybody's; the policy says no)
    """The policy says no. The refusal was written and committed before this was raised.

    Attributes:
        decision: why, and by which clauses.
        receipt: of the refusal's statement.
    """

    def __init__(self, decision: Decision, receipt: Receipt | None) -> None:
        super().__init__(said(decision))
        self.decision, self.receipt = decision, receipt


def said(decision: Decision) -> str:
    """A decision's reason, and its clauses if there are any, in a line."""
    return f"{decision.reason}, because of {', '.join(decision.because)}" if decision.because else str(decision.reason)
