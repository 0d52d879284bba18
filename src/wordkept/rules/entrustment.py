"""Chapter "entrustment": who works for the operator, on what, and under which agreement."""

from __future__ import annotations

from wordkept.policy.declared import Processor
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


def entrusted_only_as_declared(_: NoParameters, case: Case) -> Verdict | None:
    """Nothing is entrusted to anyone that the policy does not name."""
    return None if case.ask.to in case.edition.processors else forbid(Reason.NOT_FOR_RECIPIENT)


def entrusted_only_under_agreement(_: NoParameters, case: Case) -> Verdict | None:
    """Nothing is handed to a processor without an agreement in force."""
    return forbid(Reason.NO_AGREEMENT) if case.ask.to in case.facts.ended else None
