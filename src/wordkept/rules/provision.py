"""Chapter "provision": who else may be given what, and on what ground.

A recipient's declaration permits its own list; consent, settlement and law are grounds beside it, each in a clause of
its own. What is *not* here: processors, who act for the operator (``entrustment``).
"""

from __future__ import annotations

import msgspec

from wordkept.policy.declared import Name, Recipient
from wordkept.policy.model import Case, Verdict
from wordkept.rules.collection import answers_the_law
from wordkept.rules.parameters import NoParameters
from wordkept.rules.verdicts import PERMITTED, forbid
from wordkept.terms import AUTHORITY, HARDSHIPS, NO, SETTLEMENT, Act, Channel, Choice, Reason

_NOT_FOR_RECIPIENT = forbid(Reason.NOT_FOR_RECIPIENT)


def recipient(declared: Recipient, case: Case) -> Verdict | None:
    """A recipient may be given the items of its list; members of a group only while both sides are in it."""
    if case.name not in declared.items or not case.records:
        return None
    if declared.group and not case.facts.history.open_matters(declared.group) & case.facts.peers:
        return _NOT_FOR_RECIPIENT
    return PERMITTED


def provided_only_as_declared(_: NoParameters, case: Case) -> Verdict | None:
    """Nothing is provided to anyone, or of anything, that the policy does not name."""
    declared = case.edition.recipients.get(case.ask.to or "")
    if declared is None or case.name not in declared.items:
        return _NOT_FOR_RECIPIENT
    collected = any(
        case.name in purpose.items and case.edition.group(purpose.name) in declared.groups
        for purpose in case.edition.purposes.values()
    )
    if not collected or (case.known and not case.records):
        return _NOT_FOR_RECIPIENT
    return forbid(Reason.NO_AGREEMENT) if declared.name in case.facts.ended and not declared.group else None


def provided_only_with_consent(_: NoParameters, case: Case) -> Verdict | None:
    """Nothing is provided to a third party without prior consent to that recipient."""
    given = case.ask.to is not None and case.facts.history.given(f"provision:{case.ask.to}")
    return None if given else forbid(Reason.NO_CONSENT)


class Writing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``channels``: the ways of choosing that leave something written."""

    channels: tuple[Channel, ...]


def provided_in_writing(params: Writing, case: Case) -> Verdict | None:
    """Nothing is provided to a third party before the person consented in writing to the text about that recipient."""
    made = case.facts.history.choices.get(f"provision:{case.ask.to}", ())
    written = made and made[-1].choice is Choice.GIVEN and made[-1].signed and made[-1].channel in params.channels
    return None if written else forbid(Reason.NO_CONSENT)


def consent_permits_provision(_: NoParameters, case: Case) -> Verdict | None:
    """Prior consent to a declared recipient is a ground to provide its items."""
    declared = case.edition.recipients.get(case.ask.to or "")
    listed = declared is not None and case.name in declared.items and bool(case.records)
    return PERMITTED if listed and case.facts.history.given(f"provision:{case.ask.to}") else None


class UnderLaw(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``granted``: the span that a second person opens, for each item of a request; none where nobody reviews it."""

    granted: Name | None = None


def law_permits_provision(params: UnderLaw, case: Case) -> Verdict | None:
    """An authority that asks under law, by a document, may be given what it asks for and a review of that grants."""
    if case.ask.to != AUTHORITY or not case.ask.legal_request:
        return None
    item = f"{case.ask.legal_request}:{case.name}"
    granted = params.granted is None or item in case.facts.history.open_matters(params.granted)
    return PERMITTED if granted else None


def law_permits_use(_: NoParameters, case: Case) -> Verdict | None:
    """A request under law may be answered from frozen records too, and from what is kept apart."""
    if case.ask.act is Act.PROVIDE:
        return PERMITTED if case.ask.to == AUTHORITY and case.ask.legal_request else None
    return PERMITTED if answers_the_law(case) else None


class Hardship(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``written``: the span of a written reason, apart by purpose and kind of reason."""

    written: Name


def hardship_permits_use(params: Hardship, case: Case) -> Verdict | None:
    """Where consent is too hard to obtain, a written reason lets two people use what the contract needs, no more."""
    purpose, ask = case.edition.purposes.get(case.ask.purpose or ""), case.ask
    if ask.act is not Act.USE or purpose is None or purpose.consent or ask.reason not in HARDSHIPS:
        return None
    history = case.facts.history
    if history.choice(case.edition.group(purpose.name)) in NO or ask.by.second in {None, "", ask.by.name}:
        return None
    return PERMITTED if f"{purpose.name}:{ask.reason}" in history.open_matters(params.written) else None


class Settlement(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``recipients``: who settles payments; ``owed``: the span of a charge."""

    recipients: tuple[Name, ...]
    owed: Name


def settlement_permits_provision(params: Settlement, case: Case) -> Verdict | None:
    """Who settles a payment may be given its items for that, while a charge is owed and settlement is claimed."""
    claimed = case.ask.reason == SETTLEMENT and case.ask.to in params.recipients
    return PERMITTED if claimed and case.facts.history.is_open(params.owed) else None


class Matter(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``recipients``: who takes part; ``during``: the span of the matter."""

    recipients: tuple[Name, ...]
    during: Name


def an_open_matter_permits_provision(params: Matter, case: Case) -> Verdict | None:
    """Who has a part in a matter may be given its items while it is open, and no other's."""
    running = case.facts.history.open_matters(params.during)
    its = bool(case.records) and all(record.matter in running for record in case.records)
    return PERMITTED if its and case.ask.to in params.recipients else None


class Statutory(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``recipients``: whom the law names; ``law``: where it does."""

    recipients: tuple[Name, ...]
    law: tuple[str, ...]


def statute_permits_provision(params: Statutory, case: Case) -> Verdict | None:
    """Whom a statute in force has the operator tell may be given its items without consent."""
    bound = any(case.edition.in_force(one, case.ask.on) for one in params.law)
    return PERMITTED if bound and case.ask.to in params.recipients and case.records else None
