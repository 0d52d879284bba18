"""Chapter "retention": what holds a record, from which day, to which day.

Every rule here answers for one record with the holds it sees in the person's history; ``record.holds`` turns them
into the three days that decide. Reading of the reference policy: a hold's last day is inclusive. What is *not* here:
what is done when a hold ends (``destruction``).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import msgspec

from wordkept.policy.declared import Name, Purpose
from wordkept.policy.model import Case, Edition, Verdict
from wordkept.record import History, Hold, Record, Span, first_of, plus
from wordkept.rules.spans import end_of_running, first_end, governing, refused
from wordkept.rules.verdicts import PERMITTED, forbid
from wordkept.terms import DISPUTE, Reason


class SignUp(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """How long a sign-up waits for the service: to an event, at most a period; ``assumed``: the policy does not say."""

    until: str
    at_most: str
    assumed: bool = False


class DuringService(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """Use while a service lasts.

    Attributes:
        purposes: names of groups and purposes whose records are held.
        service: the span.
        agreed: consent whose refusal ends the hold.
        sign_up: the wait before the service begins.
    """

    purposes: tuple[Name, ...]
    service: Name
    agreed: Name | None = None
    sign_up: SignUp | None = None


def kept_while_served(params: DuringService, edition: Edition, record: Record, history: History) -> Iterable[Hold]:
    """What was collected for the service is used from its subscription to its termination."""
    if not _of(params.purposes, edition, record):
        return
    its = governing(params.service, edition, record, history)
    until = its.span.closed_on if its.span else None
    if its.before and params.sign_up is not None:
        until = _sign_up_until(params.sign_up, record, history, its.span)
    if params.agreed:
        until = first_of(until, refused(history, params.agreed, record, its.span, params.service))
    yield Hold("", record.on, until, use=True)


def _sign_up_until(params: SignUp, record: Record, history: History, service: Span | None) -> date | None:
    limit = plus(record.on, params.at_most)
    abandoned = next((one for one in history.spans.get(params.until, ()) if one.opened > record.after), None)
    in_time = service is not None and service.opened_on <= limit
    if service is not None and in_time and (abandoned is None or abandoned.opened > service.opened):
        return service.closed_on
    return first_of(limit, abandoned.opened_on if abandoned else None)


def left_is_left(params: DuringService, case: Case) -> Verdict | None:
    """After the service ended nothing is collected but what law or an open request needs."""
    history = case.facts.history
    declared = case.edition.purposes.get(case.ask.purpose or "")
    if declared is None or not history.ever(params.service) or history.is_open(params.service):
        return None
    if declared.by_law or _stands_alone(params, case.edition, declared):
        return None
    if declared.late and history.spans[params.service][-1].closed_on == case.ask.on:
        return None
    return forbid(Reason.LEFT)


def _stands_alone(params: DuringService, edition: Edition, declared: Purpose) -> bool:
    """Whether a purpose has a matter of its own that needs no service: an open request, a guest's order."""
    kinds = [edition.spans[name] for name in declared.ends_with if name in edition.spans]
    return any(kind.matters and params.service not in {kind.within, kind.after} for kind in kinds)


class AfterService(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """Keeping for a while after a service, against disputes about charges.

    Attributes:
        purposes: names of groups and purposes whose records are held.
        service: the span whose end starts the period.
        lasts: the period, ``P6M``; a ceiling.
        settled: the span of a charge; the period starts when the last one is closed, if that is later.
        agreed: consent whose refusal before the end leaves no such hold, and later ends it.
        aim: what the policy says the keeping is for, a DPV purpose.
    """

    purposes: tuple[Name, ...]
    service: Name
    lasts: str
    settled: Name | None = None
    agreed: Name | None = None
    aim: str | None = None


def kept_a_while_after_service(
    params: AfterService, edition: Edition, record: Record, history: History
) -> Iterable[Hold]:
    """After the service records may be kept for a set time, counted from its end or from full payment if later."""
    its = governing(params.service, edition, record, history)
    if not _of(params.purposes, edition, record) or its.span is None or its.span.closed_on is None:
        return
    no = refused(history, params.agreed, record, its.span, params.service) if params.agreed else None
    if no is not None and no < its.span.closed_on:
        return
    until: date | None = plus(its.span.closed_on, params.lasts)
    for charge in _own_charges(params, history, its.span):
        if until is None or (charge.opened_on > until and charge.opened > (its.span.closed or 0)):
            break
        if charge.closed is None or charge.closed_on is None:
            until = None
        elif charge.closed > (its.span.closed or 0):
            until = max(until, plus(charge.closed_on, params.lasts))
    yield Hold("", its.span.closed_on, first_of(until, no))


def _own_charges(params: AfterService, history: History, service: Span) -> list[Span]:
    """Charges raised from the start of a service to the start of the next, in order."""
    later = [span.opened for span in history.spans.get(params.service, ()) if span.opened > service.opened]
    return [
        span
        for span in history.spans.get(params.settled or "", ())
        if span.opened > service.opened and not (later and span.opened > later[0])
    ]


class Narrowed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a dispute about a matter keeps besides its records: a group's items of some purposes, purposes, items."""

    group: Name | None = None
    of: tuple[Name, ...] = ()
    purposes: tuple[Name, ...] = ()
    items: tuple[Name, ...] = ()


class DuringDispute(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Keeping while a dispute is open; ``narrowed`` applies when the dispute's matter is that of records."""

    dispute: Name
    narrowed: Narrowed = Narrowed()


def kept_until_the_dispute_is_resolved(
    params: DuringDispute, edition: Edition, record: Record, history: History
) -> Iterable[Hold]:
    """What a dispute is about is kept until it is resolved, and is not destroyed before."""
    for dispute in history.spans.get(params.dispute, ()):
        if dispute.closed is not None and dispute.closed <= record.after:
            continue
        if not dispute.narrow or _concerned(params.narrowed, edition, record, dispute):
            yield Hold("", max(record.on, dispute.opened_on), dispute.closed_on, strict=True)


def _concerned(narrowed: Narrowed, edition: Edition, record: Record, dispute: Span) -> bool:
    if record.matter == dispute.matter or record.purpose in narrowed.purposes or record.item in narrowed.items:
        return True
    listed = any(record.item in edition.purposes[name].items for name in narrowed.of if name in edition.purposes)
    return listed and edition.group(record.purpose) == narrowed.group


def dispute_opens_what_it_holds(params: DuringDispute, case: Case) -> Verdict | None:
    """What a dispute holds may be looked at for that dispute."""
    if case.ask.reason != DISPUTE or not case.records:
        return None
    history, day = case.facts.history, case.ask.on
    for record in case.records:
        holds = kept_until_the_dispute_is_resolved(params, case.edition, record, history)
        if not any(hold.stands(day) for hold in holds):
            return None
    return PERMITTED


class ByLaw(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """Keeping because a law says so.

    Attributes:
        items: what is kept.
        purposes: names of groups and purposes whose records are kept.
        from_: ``collected``, or ``<span>.ended``, the end of the span that governs the record.
        for_: a law parameter, ``kr/national-tax-act.books``.
        lasts: the period that the sentence itself states, where it does; the compiler compares it with the law's.
        collected_for: purposes whose records wait for the start: they are not destroyed before it either.
        used_while: span that was open at collection and whose end ends use; use of one collected outside ends at once.
        used_until: spans and ``consent`` whose end ends use. Neither keeps without use.
        to_year_end: the law counts from the end of the calendar year in which the start lies.
    """

    items: tuple[Name, ...]
    purposes: tuple[Name, ...]
    from_: str = msgspec.field(name="from")
    for_: str = msgspec.field(name="for")
    lasts: str | None = None
    collected_for: tuple[Name, ...] = ()
    used_while: Name | None = None
    used_until: tuple[Name, ...] = ()
    to_year_end: bool = False


def kept_as_law_requires(params: ByLaw, edition: Edition, record: Record, history: History) -> Iterable[Hold]:
    """What a law requires is kept for the law's time, neither longer nor shorter."""
    if record.item not in params.items or not _of(params.purposes, edition, record):
        return ()
    if params.from_ == "collected":
        return _from_its_own_day(params, edition, record, history)
    return _from_the_end_of_a_span(params, edition, record, history)


def _from_its_own_day(params: ByLaw, edition: Edition, record: Record, history: History) -> Iterable[Hold]:
    until = _until(params, edition, record.on)
    yield Hold("", record.on, until, strict=True)
    if params.used_while or params.used_until:
        running = end_of_running(params.used_while, edition, record, history) if params.used_while else None
        end = first_of(until, running, first_end(params.used_until, edition, record, history))
        yield Hold("", record.on, end, use=True)


def _from_the_end_of_a_span(params: ByLaw, edition: Edition, record: Record, history: History) -> Iterable[Hold]:
    span = governing(params.from_.removesuffix(".ended"), edition, record, history).span
    ended = span.closed_on if span else None
    waits = record.purpose in params.collected_for
    if ended is not None:
        start = record.on if waits else max(ended, record.on)
        yield Hold("", start, _until(params, edition, ended), strict=True)
    elif waits:
        yield Hold("", record.on, None, strict=True)


def _until(params: ByLaw, edition: Edition, start: date) -> date:
    lasts = params.lasts or edition.law_value(params.for_, start)
    return plus(date(start.year, 12, 31) if params.to_year_end else start, lasts)


class ForATime(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """Use for a period from the record's own day, or until one of ``ends_with`` ends, whichever is first."""

    items: tuple[Name, ...]
    purposes: tuple[Name, ...]
    lasts: str
    ends_with: tuple[Name, ...] = ()


def used_for_a_time(params: ForATime, edition: Edition, record: Record, history: History) -> Iterable[Hold]:
    """Some records are used for a set time at most, and no longer than they are wanted."""
    if record.item in params.items and _of(params.purposes, edition, record):
        end = first_end(params.ends_with, edition, record, history)
        yield Hold("", record.on, first_of(plus(record.on, params.lasts), end), use=True)


def used_while_wanted(params: Purpose, edition: Edition, record: Record, history: History) -> Iterable[Hold]:
    """What was collected for one purpose lives while that purpose does."""
    if record.purpose != params.name or not params.ends_with:
        return
    end = first_end(params.ends_with, edition, record, history)
    limit = plus(record.on, params.at_most) if params.at_most else None
    yield Hold("", record.on, first_of(limit, end), use=True)


def _of(purposes: tuple[str, ...], edition: Edition, record: Record) -> bool:
    return record.purpose in purposes or edition.group(record.purpose) in purposes
