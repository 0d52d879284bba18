"""Chapter "collection": what may be collected and used, for what, how, and from whom.

The closed world is here: a pair of purpose and item that no clause declares is denied. What is *not* here: consent
(``consent``), how long (``retention``), who on the operator's side (``protection``).
"""

from __future__ import annotations

import msgspec

from wordkept.policy.declared import Category, Method, Name, Purpose
from wordkept.policy.model import Case, Verdict
from wordkept.rules.verdicts import PERMITTED, forbid
from wordkept.terms import Act, Reason, Role, State

_UNDECLARED = forbid(Reason.UNDECLARED)
_NO_CONSENT = forbid(Reason.NO_CONSENT)
_OFF = forbid(Reason.SERVICE_OFF)
_NOT_AUTHORISED = forbid(Reason.NOT_AUTHORISED)


class DeclaredPairs(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``purposes``: those it speaks of; none for every purpose, declared or not. The declarations are the list."""

    purposes: tuple[Name, ...] = ()

    def narrowed(self) -> frozenset[str] | None:
        """The purposes it is asked about."""
        return frozenset(self.purposes) or None


def declared_pairs_only(_: DeclaredPairs, case: Case) -> Verdict | None:
    """An item is collected and used only for a purpose that lists it, and used only if it was collected for that."""
    if case.ask.purpose is None:
        return None if case.ask.act is Act.ENTRUST or answers_the_law(case) else _UNDECLARED
    purpose = case.edition.purposes.get(case.ask.purpose)
    if purpose is None or case.item is None:
        return _UNDECLARED
    if case.name not in purpose.items:
        return None if _is_witness(case) else _UNDECLARED
    return _UNDECLARED if case.known and not case.records and case.ask.act is not Act.COLLECT else None


def answers_the_law(case: Case) -> bool:
    """Whether a request under law asks for what nothing else opens: what is frozen, or kept apart."""
    day = case.ask.on
    return bool(case.ask.legal_request and case.records) and all(
        one.frozen or one.state_on(day) is not State.LIVE for one in case.records
    )


def _is_witness(case: Case) -> bool:
    """An item of a forbidden category that no purpose lists: its category's clause decides about collecting it."""
    return (
        case.ask.act is Act.COLLECT
        and case.item is not None
        and case.item.category is not None
        and not any(case.name in purpose.items for purpose in case.edition.purposes.values())
    )


def purpose(declared: Purpose, case: Case) -> Verdict | None:
    """A purpose permits its own items, while its consent is given and its service is on."""
    if case.name not in declared.items:
        return None
    history = case.facts.history
    if declared.consent and not history.given(declared.name):
        return _NO_CONSENT
    if not all(history.is_open(span) for span in _needed(declared, case)):
        return _OFF
    if case.ask.act is Act.COLLECT and declared.by_law and case.ask.by.role not in {Role.STAFF, Role.SYSTEM}:
        return _NOT_AUTHORISED
    return None if case.ask.act is Act.ENTRUST else PERMITTED


def _needed(declared: Purpose, case: Case) -> set[str]:
    """The spans that must be open: its own service, and where it is collected, what its matters lie within."""
    spans, collects = case.edition.spans, case.ask.act is Act.COLLECT
    kinds = [spans[name] for name in declared.ends_with if name in spans and spans[name].matters and collects]
    return {name for name in (declared.during, *(kind.within for kind in kinds)) if name}


class FromMembers(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``service``: the span that makes a person a member."""

    service: Name


def collected_only_from_members(params: FromMembers, case: Case) -> Verdict | None:
    """Before the service begins only what a sign-up needs is collected."""
    declared = case.edition.purposes.get(case.ask.purpose or "")
    if declared is None or declared.early or case.facts.history.ever(params.service):
        return None
    return forbid(Reason.NOT_A_MEMBER)


def category(declared: Category, case: Case) -> Verdict | None:
    """Data of a forbidden category is neither collected nor used, but for the exceptions that are named."""
    if case.item is not None and case.item.category == declared.name:
        return forbid(Reason.FORBIDDEN_CATEGORY)
    return None


class ByStatute(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``items``: what is collected only where a statute in force is cited."""

    items: tuple[Name, ...]


def collected_only_by_statute(params: ByStatute, case: Case) -> Verdict | None:
    """Some items are collected only where a statute in force is cited."""
    if case.name not in params.items or cites_statute(case):
        return None
    return forbid(Reason.STATUTE_REQUIRED)


def cites_statute(case: Case) -> bool:
    """Whether a statute in force is cited: by the request of a collection, by each record of a use."""
    cited = [case.ask.statute] if case.ask.act is Act.COLLECT else [record.statute for record in case.records]
    return bool(cited) and all(one is not None and case.edition.in_force(one, case.ask.on) for one in cited)


class DeclaredMethods(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``named``: the sections that a refusal names."""

    named: tuple[str, ...]


def collected_only_by_declared_methods(params: DeclaredMethods, case: Case) -> Verdict | None:
    """Data comes in only by a method that is declared."""
    if case.ask.method in case.edition.methods:
        return None
    return Verdict(Reason.UNDECLARED_METHOD, params.named)


def method(declared: Method, case: Case) -> Verdict | None:
    """A method that brings data from elsewhere names where it comes from."""
    if declared.names_source and case.ask.method == declared.name and not case.ask.source:
        return forbid(Reason.SOURCE_UNNAMED)
    return None


class OnePerMatter(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``purposes``: those whose records belong to a matter, one of each item."""

    purposes: tuple[Name, ...]


def one_record_per_matter(params: OnePerMatter, case: Case) -> Verdict | None:
    """A record of a matter names that matter, and there is one of each kind in it."""
    if case.ask.purpose not in params.purposes:
        return None
    if not case.ask.matter:
        return forbid(Reason.MATTER_REQUIRED)
    return forbid(Reason.ALREADY_RECORDED) if case.records else None
