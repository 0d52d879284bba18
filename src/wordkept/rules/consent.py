"""Chapter "consent": the choices a person makes, each apart, and what they open and close.

A purpose that needs consent says so in its declaration (``collection.purpose``); here is what stands above single
purposes. What is *not* here: how a choice is shown and recorded.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from wordkept.policy.declared import Name
from wordkept.policy.difference.directions import longer
from wordkept.policy.difference.periods import kept
from wordkept.policy.model import Case, Edition, Verdict
from wordkept.rules.collection import cites_statute
from wordkept.rules.parameters import NoParameters
from wordkept.rules.verdicts import PERMITTED, forbid
from wordkept.terms import NO, Act, Choice, Reason

_NO_CONSENT = forbid(Reason.NO_CONSENT)


class GroupAgreed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``group``: the purposes that are agreed to together, under a consent of that name."""

    group: Name


def table_is_agreed_first(params: GroupAgreed, case: Case) -> Verdict | None:
    """Nothing is collected or used for the table before it was agreed to, or after it was refused."""
    purpose = case.ask.purpose
    if purpose is None or case.edition.group(purpose) != params.group:
        return None
    history = case.facts.history
    choice = history.choice(params.group)
    return _NO_CONSENT if choice is None or choice in NO or _began_anew(case, params.group) else None


def _began_anew(case: Case, to: str) -> bool:
    """Whether a service began after the end of the last one ended this consent: it starts with none."""
    last = case.facts.history.choices[to][-1]
    if last.choice is not Choice.ENDED:
        return False
    restarting = [kind.name for kind in case.edition.spans.values() if kind.restarts]
    return any(span.opened >= last.number for name in restarting for span in case.facts.history.spans.get(name, ()))


class ByNotice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``purposes``: those for which law asks for notice, not for consent; ``law``: where it says so."""

    purposes: tuple[Name, ...]
    law: tuple[str, ...]


def notice_suffices_where_law_says(params: ByNotice, case: Case) -> Verdict | None:
    """Where law requires the record, the policy's notice stands in for consent."""
    if case.ask.purpose not in params.purposes:
        return None
    return PERMITTED if any(case.edition.in_force(one, case.ask.on) for one in params.law) else None


def a_refusal_is_obeyed(_: NoParameters, case: Case) -> Verdict | None:
    """Who said no to a purpose is not used for it, whatever else would permit it."""
    purpose = case.edition.purposes.get(case.ask.purpose or "")
    if purpose is None or not purpose.consent:
        return None
    return _NO_CONSENT if case.facts.history.choice(purpose.name) in NO else None


def provision_refused_is_obeyed(_: NoParameters, case: Case) -> Verdict | None:
    """Who said no to a recipient is not provided to it."""
    return _NO_CONSENT if case.facts.history.choice(f"provision:{case.ask.to}") in NO else None


class Entrustment(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``to``: the name of the consent."""

    to: Name = "entrustment"


def entrusted_only_with_consent(params: Entrustment, case: Case) -> Verdict | None:
    """Nothing is entrusted to a processor without consent to entrustment."""
    store = case.edition.stores.get(case.ask.to or "")
    if store is not None and store.owner is None:  # the operator's own
        return None
    return None if case.facts.history.given(params.to) else _NO_CONSENT


class Guardian(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``during``: the span of childhood; ``to``: the guardian's consent; ``purposes``: of these only, none for all."""

    during: Name
    to: Name
    purposes: tuple[Name, ...] = ()

    def narrowed(self) -> frozenset[str] | None:
        """The purposes it is asked about."""
        return frozenset(self.purposes) or None


def guardian_consents_first(params: Guardian, case: Case) -> Verdict | None:
    """Of a child nothing is collected or used before a guardian has consented, or after they took that back."""
    history = case.facts.history
    return _NO_CONSENT if history.is_open(params.during) and not history.given(params.to) else None


def consent_is_to_published_terms(_: NoParameters, case: Case) -> Verdict | None:
    """A consent carries no further than the text that was shown: a wider purpose or recipient needs a new one."""
    to, wanted = _consented(case)
    shown = _shown(case, to)
    return None if shown is None or case.name in wanted(shown) else _NO_CONSENT


def consent_is_asked_again_when_changed(_: NoParameters, case: Case) -> Verdict | None:
    """A consent ends where purpose or recipient reads otherwise or has it longer, until the person is asked again."""
    to, _items = _consented(case)
    shown = _shown(case, to)
    if shown is None:
        return None
    name = case.ask.to if case.ask.act is Act.PROVIDE else case.ask.purpose
    changed = _recipient_changed if case.ask.act is Act.PROVIDE else _purpose_changed
    return _NO_CONSENT if changed(name or "", shown, case.edition) else None


def _purpose_changed(name: str, shown: Edition, now: Edition) -> bool:
    old, new = shown.purposes.get(name), now.purposes.get(name)
    if old is None or new is None:
        return False
    known: dict[str, frozenset[str]] = now.__dict__.setdefault("_kept_longer", {})
    if shown.digest not in known:
        found = (one.purposes for one in kept(shown, now) if one.way == "widens")
        known[shown.digest] = frozenset(purpose for purposes in found for purpose in purposes)
    return old.title != new.title or name in known[shown.digest]


def _recipient_changed(name: str, shown: Edition, now: Edition) -> bool:
    old, new = shown.recipients.get(name), now.recipients.get(name)
    if old is None or new is None:
        return False
    return (old.title, old.purpose) != (new.title, new.purpose) or _has_it_longer(shown, now)


def _has_it_longer(shown: Edition, now: Edition) -> bool:
    """Whether a rule about what recipients keep is new, or says a longer time."""
    times = {one.rule.name: getattr(one.params, "lasts", "") for one in shown.sharing if one.rule.keeps}
    new = [(one.rule.name, getattr(one.params, "lasts", "")) for one in now.sharing if one.rule.keeps]
    return any(name not in times or (lasts and longer(lasts, times[name], now.effective)) for name, lasts in new)


def _consented(case: Case) -> tuple[str | None, Callable[[Edition], tuple[str, ...]]]:
    """The consent that a request rests on, and the items it is to in an edition."""
    if case.ask.act is Act.PROVIDE:
        to = case.ask.to or ""
        return f"provision:{to}", lambda edition: edition.recipients[to].items if to in edition.recipients else ()
    name = case.ask.purpose or ""
    purpose = case.edition.purposes.get(name)
    consent = None if purpose is None else purpose.name if purpose.consent else purpose.group
    return consent, lambda edition: edition.purposes[name].items if name in edition.purposes else ()


def _shown(case: Case, to: str | None) -> Edition | None:
    """The edition under which a consent was last chosen, none where it is the one in force, or nobody can show it."""
    made = case.facts.history.choices.get(to or "")
    shown = case.policy.on(made[-1].edition) if made and made[-1].edition else None
    return None if shown is case.edition else shown


def category_by_consent(_: NoParameters, case: Case) -> Verdict | None:
    """A forbidden category opens by a separate consent to it, while that is given."""
    if case.item is None or case.item.category is None:
        return None
    return PERMITTED if case.facts.history.given(f"category:{case.item.category}") else None


def category_by_statute(_: NoParameters, case: Case) -> Verdict | None:
    """A forbidden category opens where a statute in force is cited."""
    if case.item is None or case.item.category is None:
        return None
    return PERMITTED if cites_statute(case) else None
