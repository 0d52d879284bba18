"""The table of rules: every name that a policy may put under a clause, and the functions behind it."""

from __future__ import annotations

from typing import Final

from wordkept.policy.declared import Category, Method, OutsideStore, Processor, Purpose, Recipient
from wordkept.policy.model import Rule
from wordkept.rules import (
    claims,
    collection,
    consent,
    cookies,
    destruction,
    entrustment,
    protection,
    provision,
    retention,
    rights,
    sharing,
)
from wordkept.rules.entry import its_consent as _its_consent
from wordkept.rules.entry import listed as _listed
from wordkept.rules.entry import names_source as _names_source
from wordkept.rules.entry import objections as _objections
from wordkept.rules.entry import of_a_category as _of_a_category
from wordkept.rules.entry import of_its_category as _of_its_category
from wordkept.rules.entry import own_name as _own_name
from wordkept.rules.entry import rule as _rule
from wordkept.rules.parameters import NoParameters
from wordkept.terms import Act, Role

_EVERY = tuple(Act)
_MEMBER, _REPRESENTATIVE, _STAFF = (frozenset({one}) for one in (Role.MEMBER, Role.REPRESENTATIVE, Role.STAFF))
_ON_RECORDS = (Act.USE, Act.PROVIDE, Act.ENTRUST)


_TABLE = (
    _rule(
        "purpose",
        Purpose,
        (Act.COLLECT, Act.USE, Act.ENTRUST),
        guard=collection.purpose,
        narrows=_own_name,
        holds=retention.used_while_wanted,
        binds=False,
    ),
    _rule("category", Category, (Act.COLLECT, Act.USE), guard=collection.category, concerns=_of_its_category),
    _rule("method", Method, (Act.COLLECT,), guard=collection.method, concerns=_names_source),
    _rule("recipient", Recipient, (Act.PROVIDE,), guard=provision.recipient, narrows=_own_name, binds=False),
    _rule("processor", Processor, (Act.ENTRUST,), guard=entrustment.processor, narrows=_own_name, binds=False),
    _rule("store", OutsideStore, (Act.ENTRUST,), guard=entrustment.store, narrows=_own_name, binds=False),
    _rule(
        "collection.declared-pairs-only",
        collection.DeclaredPairs,
        (Act.COLLECT, Act.USE, Act.ENTRUST),
        guard=collection.declared_pairs_only,
        narrows=collection.DeclaredPairs.narrowed,
    ),
    _rule(
        "collection.only-from-members",
        collection.FromMembers,
        (Act.COLLECT,),
        guard=collection.collected_only_from_members,
    ),
    _rule(
        "collection.only-by-statute",
        collection.ByStatute,
        (Act.COLLECT,),
        guard=collection.collected_only_by_statute,
        concerns=_listed,
    ),
    _rule(
        "collection.only-by-declared-methods",
        collection.DeclaredMethods,
        (Act.COLLECT,),
        guard=collection.collected_only_by_declared_methods,
    ),
    _rule(
        "collection.one-record-per-matter",
        collection.OnePerMatter,
        (Act.COLLECT,),
        guard=collection.one_record_per_matter,
    ),
    _rule("consent.agreed-first", consent.GroupAgreed, (Act.COLLECT, Act.USE), guard=consent.table_is_agreed_first),
    _rule(
        "consent.notice-where-law-says",
        consent.ByNotice,
        (Act.COLLECT,),
        guard=consent.notice_suffices_where_law_says,
        permits=True,
    ),
    _rule(
        "consent.refusal-is-obeyed",
        NoParameters,
        (Act.COLLECT, Act.USE, Act.ENTRUST),
        guard=consent.a_refusal_is_obeyed,
    ),
    _rule(
        "consent.refused-provision-is-obeyed",
        NoParameters,
        (Act.PROVIDE,),
        guard=consent.provision_refused_is_obeyed,
    ),
    _rule(
        "consent.entrusted-with-consent",
        consent.Entrustment,
        (Act.ENTRUST,),
        guard=consent.entrusted_only_with_consent,
        asks=_its_consent,
    ),
    _rule(
        "consent.by-guardian",
        consent.Guardian,
        (Act.COLLECT, Act.USE),
        guard=consent.guardian_consents_first,
        narrows=consent.Guardian.narrowed,
        asks=_its_consent,
    ),
    _rule(
        "consent.to-published-terms",
        NoParameters,
        (Act.COLLECT, Act.USE, Act.PROVIDE),
        guard=consent.consent_is_to_published_terms,
    ),
    _rule(
        "consent.asked-again-when-changed",
        NoParameters,
        (Act.COLLECT, Act.USE, Act.PROVIDE),
        guard=consent.consent_is_asked_again_when_changed,
    ),
    _rule(
        "consent.category-by-consent",
        NoParameters,
        (Act.COLLECT, Act.USE),
        guard=consent.category_by_consent,
        concerns=_of_a_category,
        permits=True,
    ),
    _rule(
        "consent.category-by-statute",
        NoParameters,
        (Act.COLLECT, Act.USE),
        guard=consent.category_by_statute,
        concerns=_of_a_category,
        permits=True,
    ),
    _rule(
        "retention.during-service",
        retention.DuringService,
        (Act.COLLECT,),
        guard=retention.left_is_left,
        holds=retention.kept_while_served,
    ),
    _rule("retention.after-service", retention.AfterService, holds=retention.kept_a_while_after_service),
    _rule(
        "retention.during-dispute",
        retention.DuringDispute,
        (Act.USE, Act.PROVIDE),
        guard=retention.dispute_opens_what_it_holds,
        holds=retention.kept_until_the_dispute_is_resolved,
    ),
    _rule("retention.by-law", retention.ByLaw, holds=retention.kept_as_law_requires, concerns=_listed),
    _rule("retention.for-a-time", retention.ForATime, holds=retention.used_for_a_time, concerns=_listed),
    _rule(
        "destruction.without-delay",
        destruction.WithoutDelay,
        (Act.DESTROY,),
        guard=destruction.destroyed_on_request_of_the_operator,
        owes=destruction.destroyed_when_nothing_holds_it,
    ),
    _rule("destruction.separated-when-use-ends", destruction.WithoutDelay, owes=destruction.separated_when_use_ends),
    _rule(
        "destruction.when-its-time-is-over", destruction.WithoutDelay, owes=destruction.destroyed_when_its_time_is_over
    ),
    _rule(
        "destruction.separated-is-not-used",
        NoParameters,
        (Act.USE, Act.PROVIDE, Act.ENTRUST, Act.CORRECT, Act.FREEZE),
        guard=destruction.separated_is_not_used,
    ),
    _rule("destruction.unrecoverable", destruction.Unrecoverable, owes=destruction.unrecoverable_by_the_epochs_end),
    _rule("provision.only-as-declared", NoParameters, (Act.PROVIDE,), guard=provision.provided_only_as_declared),
    _rule("provision.with-consent-only", NoParameters, (Act.PROVIDE,), guard=provision.provided_only_with_consent),
    _rule("provision.written-consent-only", provision.Writing, (Act.PROVIDE,), guard=provision.provided_in_writing),
    _rule(
        "provision.by-consent", NoParameters, (Act.PROVIDE,), guard=provision.consent_permits_provision, permits=True
    ),
    _rule("provision.by-law", provision.UnderLaw, (Act.PROVIDE,), guard=provision.law_permits_provision, permits=True),
    _rule(
        "provision.hardship-permits-use",
        provision.Hardship,
        (Act.USE, Act.PROVIDE),
        guard=provision.hardship_permits_use,
        permits=True,
    ),
    _rule(
        "provision.for-settlement",
        provision.Settlement,
        (Act.PROVIDE,),
        guard=provision.settlement_permits_provision,
        permits=True,
    ),
    _rule(
        "provision.for-an-open-matter",
        provision.Matter,
        (Act.PROVIDE,),
        guard=provision.an_open_matter_permits_provision,
        permits=True,
    ),
    _rule(
        "provision.by-statute",
        provision.Statutory,
        (Act.PROVIDE,),
        guard=provision.statute_permits_provision,
        permits=True,
    ),
    _rule("provision.used-during-service", sharing.Served, keeps=sharing.used_by_recipients_while_served),
    _rule("provision.kept-after-service", sharing.Afterwards, keeps=sharing.kept_by_recipients_after_service),
    _rule("provision.kept-while-owed", sharing.Balance, keeps=sharing.kept_by_recipients_while_owed),
    _rule("provision.law-keeps-longer", NoParameters, answers=sharing.law_keeps_longer, permits=True),
    _rule("provision.order-when-time-is-over", sharing.Over, orders=sharing.ordered_when_time_is_over),
    _rule("entrustment.only-as-declared", NoParameters, (Act.ENTRUST,), guard=entrustment.entrusted_only_as_declared),
    _rule(
        "entrustment.under-agreement", NoParameters, (Act.ENTRUST,), guard=entrustment.entrusted_only_under_agreement
    ),
    _rule("entrustment.copies-follow-their-purpose", NoParameters, keeps=sharing.copies_follow_their_purpose),
    _rule("entrustment.returned-when-over", sharing.WorkOver, orders=sharing.returned_when_work_is_over),
    _rule("entrustment.agreement-has", entrustment.Ticked, (Act.ENTRUST,), guard=entrustment.agreement_has_the_clause),
    _rule("rights.identified-first", rights.Identified, _EVERY, guard=rights.identified_first, roles=_MEMBER),
    _rule(
        "rights.documents-of-a-request", rights.Documents, (Act.COLLECT,), guard=rights.documents_belong_to_a_request
    ),
    _rule(
        "rights.representative-accepted",
        rights.Accepted,
        _EVERY,
        guard=rights.representative_is_accepted,
        roles=_REPRESENTATIVE,
    ),
    _rule(
        "rights.representative-proves",
        rights.Document,
        _EVERY,
        guard=rights.representative_proves,
        roles=_REPRESENTATIVE,
    ),
    _rule("rights.people-may-view", NoParameters, (Act.VIEW,), guard=rights.people_may_view),
    _rule("rights.corrected-on-request", NoParameters, (Act.CORRECT,), guard=rights.corrected_on_request),
    _rule(
        "rights.frozen-until-corrected", NoParameters, (*_ON_RECORDS, Act.FREEZE), guard=rights.frozen_until_corrected
    ),
    _rule("rights.lifted-with-a-reason", NoParameters, (Act.LIFT,), guard=rights.lifted_with_a_reason),
    _rule("rights.holders-are-told", sharing.Told, orders=sharing.holders_are_told),
    _rule("rights.holders-answer", sharing.Answered, answers=sharing.holders_answer),
    _rule("rights.law-passes", NoParameters, (Act.USE, Act.PROVIDE), guard=provision.law_permits_use, permits=True),
    _rule("rights.deleted-on-request", NoParameters, (Act.DESTROY,), guard=rights.deleted_on_request),
    _rule("rights.taken-as-it-comes", claims.Taken, hears=claims.taken_as_it_comes),
    _rule("rights.answered-in-time", claims.InTime, times=claims.answered_in_time),
    _rule("rights.refused-only-on-a-ground", claims.Listed, hears=claims.refused_only_on_a_ground),
    _rule("rights.something-else-is-done", claims.Otherwise, hears=claims.something_else_is_done),
    _rule(
        "rights.suspended-is-not-used",
        claims.Suspension,
        (*_ON_RECORDS, Act.COLLECT),
        guard=claims.suspended_is_not_used,
    ),
    _rule(
        "rights.objection-is-obeyed",
        NoParameters,
        (Act.COLLECT, Act.USE, Act.ENTRUST),
        guard=rights.objection_is_obeyed,
        asks=_objections,
    ),
    _rule("cookies.only-as-declared", NoParameters, (Act.COLLECT,), guard=cookies.kept_only_as_declared),
    _rule("cookies.browser-decides", NoParameters, (Act.COLLECT,), guard=cookies.the_browser_decides),
    _rule("cookies.signal-refuses", NoParameters, (Act.COLLECT, Act.USE, Act.ENTRUST), guard=cookies.a_signal_refuses),
    _rule("protection.only-those-named-act", protection.WhoActs, _EVERY, guard=protection.only_those_named_act),
    _rule("protection.staff-hold-a-grant", NoParameters, _EVERY, guard=protection.staff_hold_a_grant, roles=_STAFF),
    _rule("protection.staff-are-trained", NoParameters, _EVERY, guard=protection.staff_are_trained, roles=_STAFF),
    _rule("protection.staff-have-pledged", NoParameters, _EVERY, guard=protection.staff_have_pledged, roles=_STAFF),
    _rule(
        "protection.secrets-by-system-only",
        protection.Secrets,
        (*_ON_RECORDS, Act.VIEW),
        guard=protection.secrets_are_opened_by_the_system_only,
        roles=_STAFF,
        concerns=_listed,
    ),
    _rule(
        "protection.identified-for-payment",
        rights.PaymentItems,
        (Act.COLLECT, Act.PROVIDE, Act.VIEW),
        guard=rights.identified_for_payment,
        concerns=_listed,
    ),
)

RULES: Final[dict[str, Rule]] = {rule.name: rule for rule in _TABLE}
