"""Chapter "rights": what people and their representatives may ask, and how it is known that it is they.

What is *not* here: clocks, channels and the desk that answers (later), and the holds that limit deletion
(``retention``; each holding clause forbids for itself).
"""

from __future__ import annotations

import msgspec

from wordkept.policy.declared import LEGITIMATE_INTERESTS, Name
from wordkept.policy.model import Case, Verdict
from wordkept.record import Representation, Standing
from wordkept.rules.parameters import NoParameters
from wordkept.rules.verdicts import PERMITTED, forbid
from wordkept.terms import NO, PERSON, Act, Level, Reason, Role

_UNIDENTIFIED = forbid(Reason.UNIDENTIFIED)


class Identified(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """``acts``: what a member may ask only when identified; ``at-least``: how well, by a ``session`` if left out."""

    acts: tuple[Act, ...]
    at_least: Level = Level.SESSION


def identified_first(params: Identified, case: Case) -> Verdict | None:
    """A member who asks for their data is identified first, as well as the act takes."""
    if case.ask.by.role is not Role.MEMBER or case.ask.act not in params.acts:
        return None
    return None if case.ask.by.level.suffices(params.at_least) else _UNIDENTIFIED


class PaymentItems(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``items``: payment information; ``named``: the clauses a refusal names."""

    items: tuple[Name, ...]
    named: tuple[str, ...]


def identified_for_payment(params: PaymentItems, case: Case) -> Verdict | None:
    """Payment information is collected and provided only when its owner is identified."""
    if case.name not in params.items or case.ask.by.identified:
        return None
    return Verdict(Reason.UNIDENTIFIED, params.named)


class Accepted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``accepted``: the span that opens when a person of the staff accepts a representative, until it is revoked."""

    accepted: Name


def representative_is_accepted(params: Accepted, case: Case) -> Verdict | None:
    """A representative is heard in what, and until when, a person of the staff accepted them for."""
    stranger = case.ask.by.role is Role.REPRESENTATIVE and not _accepted(params.accepted, case)
    return forbid(Reason.NOT_AUTHORISED) if stranger else None


def _accepted(accepted: Name, case: Case) -> list[Representation]:
    """The representations under which this is asked."""
    said = (Representation.said(matter) for matter in case.facts.history.open_matters(accepted))
    mine = [one for one in said if one is not None and one.name == case.ask.by.name]
    return [one for one in mine if case.ask.act in one.acts and case.ask.on <= one.until]


class Document(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``document``: the item that a representative must have handed in for an open request.

    ``standing``: only who stands for a person in this way, as ``accepted`` says it of them; both ways if left out.
    """

    document: Name
    standing: Standing | None = None
    accepted: Name | None = None

    def asks(self, case: Case) -> bool:
        """Whether this representative must have handed it in: unless all that they were accepted for says otherwise."""
        found = _accepted(self.accepted, case) if self.standing and self.accepted else []
        return not found or any(one.standing is self.standing for one in found)


def representative_proves(params: Document, case: Case) -> Verdict | None:
    """A representative is heard while the document is held for an open request."""
    if case.ask.by.role is not Role.REPRESENTATIVE or not params.asks(case):
        return None
    rules = (one for one in case.edition.guards[case.ask.act, None] if one.rule.params is Document)
    asked = {one.params.document for one in rules if one.params.asks(case)}
    best = max(case.facts.documents, key=lambda held: len(held & asked), default=frozenset[str]())
    return None if params.document in best else forbid(Reason.NOT_AUTHORISED)


class Documents(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``purposes``: those whose records are documents of a request; ``request``: its span."""

    purposes: tuple[Name, ...]
    request: Name


def documents_belong_to_a_request(params: Documents, case: Case) -> Verdict | None:
    """A document is taken only for a request that is not decided."""
    if case.ask.purpose not in params.purposes:
        return None
    matter = case.ask.matter or ""
    if not matter.startswith(f"{params.request}:"):
        return forbid(Reason.MATTER_REQUIRED)
    known = [span for span in case.facts.history.spans.get(params.request, ()) if span.matter == matter]
    return forbid(Reason.IMPOSSIBLE) if known and known[-1].closed is not None else None


def people_may_view(_: NoParameters, case: Case) -> Verdict | None:
    """People may see what is held about them, kept apart or not."""
    return PERMITTED if case.ask.by.role in PERSON and case.records else None


def corrected_on_request(_: NoParameters, case: Case) -> Verdict | None:
    """What is wrong is corrected when its person, or staff for them, ask."""
    return PERMITTED if case.records else None


def frozen_until_corrected(_: NoParameters, case: Case) -> Verdict | None:
    """What is disputed as wrong is neither used nor handed on until that is dealt with."""
    if case.ask.act is Act.FREEZE:
        return PERMITTED if case.records else None
    for record in case.records:
        if record.frozen:
            return forbid(Reason.FROZEN)
    return None


def lifted_with_a_reason(_: NoParameters, case: Case) -> Verdict | None:
    """Staff lift a freeze without correcting only with a reason that the person can be told."""
    if case.ask.by.role is Role.STAFF and not case.ask.reason:
        return forbid(Reason.REASON_REQUIRED)
    return PERMITTED if any(record.frozen for record in case.records) else None


def deleted_on_request(_: NoParameters, case: Case) -> Verdict | None:
    """What its person wants deleted is deleted, but for what a law or a dispute still holds."""
    return PERMITTED if case.ask.by.role in PERSON else None


def objection_is_obeyed(_: NoParameters, case: Case) -> Verdict | None:
    """Who objects to a purpose that rests on the operator's own interest is not used for it any more."""
    purpose = case.edition.purposes.get(case.ask.purpose or "")
    if purpose is None or purpose.basis != LEGITIMATE_INTERESTS:
        return None
    return forbid(Reason.NO_CONSENT) if case.facts.history.choice(purpose.name) in NO else None
