"""Chapter "entrustment": who works for the operator, on what, under which agreement; and where copies are kept outside.

A store outside the vault holds copies for the operator, as a processor does: what goes there is entrusted. What is
*not* here: how long a copy stays, and what its holder is ordered (``sharing``).
"""

from __future__ import annotations

import msgspec

from wordkept.policy.declared import Name, OutsideStore, Processor
from wordkept.policy.model import Case, Verdict
from wordkept.rules.parameters import NoParameters
from wordkept.rules.verdicts import PERMITTED, forbid
from wordkept.terms import Reason


def processor(declared: Processor, case: Case) -> Verdict | None:
    """A processor may be handed the items of its tasks' purposes, and only while there is work of its kind."""
    purpose = case.edition.purposes.get(case.ask.purpose or "")
    if purpose is not None:
        its = purpose.name in declared.purposes and case.name in purpose.items
    else:
        purposes = case.edition.purposes
        its = any(case.name in purposes[name].items for name in declared.purposes if name in purposes)
    if not its:
        return forbid(Reason.NOT_FOR_RECIPIENT)
    if declared.during and not case.facts.history.is_open(declared.during):
        return forbid(Reason.SERVICE_OFF)
    return PERMITTED if case.records else None


def store(declared: OutsideStore, case: Case) -> Verdict | None:
    """A store outside holds the items of its list, for its own purposes, and runs under its owner's agreement."""
    purpose = case.edition.purposes.get(case.ask.purpose or "")
    its = purpose is not None and purpose.name in declared.purposes and case.name in purpose.items
    if not its or case.name not in declared.items:
        return forbid(Reason.NOT_FOR_RECIPIENT)
    if declared.owner in case.facts.ended:
        return forbid(Reason.NO_AGREEMENT)
    return PERMITTED if case.records else None


def entrusted_only_as_declared(_: NoParameters, case: Case) -> Verdict | None:
    """Nothing is entrusted to anyone, or copied anywhere, that the policy does not name."""
    declared = case.ask.to in case.edition.processors or case.ask.to in case.edition.stores
    return None if declared else forbid(Reason.NOT_FOR_RECIPIENT)


def entrusted_only_under_agreement(_: NoParameters, case: Case) -> Verdict | None:
    """Nothing is handed to a processor without an agreement in force."""
    return forbid(Reason.NO_AGREEMENT) if case.ask.to in case.facts.ended else None


class Ticked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``ticked``: the span that an office opens when it has seen the clause in a partner's agreement."""

    ticked: Name


def agreement_has_the_clause(params: Ticked, case: Case) -> Verdict | None:
    """Nothing is handed to a processor in whose agreement nobody has seen this clause."""
    store = case.edition.stores.get(case.ask.to or "")
    party = store.owner if store else case.ask.to
    seen = party in case.facts.operator.open_matters(params.ticked) or (store is not None and party is None)
    return None if seen else forbid(Reason.NO_AGREEMENT)
