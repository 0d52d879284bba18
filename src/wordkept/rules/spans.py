"""Spans and records: which span a record belongs to, and when what it was collected for ended.

What the retention rules share; each is a pure look at a history. What is *not* here: holds (``retention``).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import msgspec

from wordkept.policy.declared import Purpose
from wordkept.policy.model import Edition
from wordkept.record import Given, History, Record, Request, Span, SpanKind, first_of
from wordkept.terms import NO


def own_spans(name: str, edition: Edition, record: Record | Given, history: History) -> tuple[Span, ...]:
    """The spans of a kind that a record can belong to: where they are apart by matter, those of its own matter."""
    spans, kind = history.spans.get(name, ()), edition.spans.get(name)
    if kind is None or not kind.matters:
        return spans
    return tuple(span for span in spans if span.matter == record.matter)


def matter_of(purpose: Purpose, edition: Edition) -> SpanKind | None:
    """The span, apart by matter, that a first collection for a purpose opens: a request, an order."""
    kinds = (edition.spans[name] for name in purpose.ends_with if name in edition.spans)
    return next((kind for kind in kinds if kind.matters), None)


class Governing(msgspec.Struct, frozen=True):
    """The span a record belongs to: open when it was collected, else the last one before, else the next one.

    ``span`` is none for a sign-up that has not become a service; ``before`` tells that the record was there first.
    """

    span: Span | None
    before: bool


def governing(service: str, edition: Edition, record: Record | Given, history: History) -> Governing:
    """The span of a kind that governs a record, or a copy that a partner was given."""
    spans = own_spans(service, edition, record, history)
    earlier = [span for span in spans if span.opened <= record.after]
    if earlier:
        return Governing(earlier[-1], before=False)
    return Governing(spans[0] if spans else None, before=True)


def refused(history: History, to: str, record: Record, span: Span | None, service: str) -> date | None:
    """Day on which a consent was refused or withdrawn while the record's own service, or sign-up, was the last."""
    later = [one.opened for one in history.spans.get(service, ()) if span is not None and one.opened > span.opened]
    for chosen in history.choices.get(to, ()):
        if chosen.number > record.after and chosen.choice in NO and not (later and chosen.number > later[0]):
            return chosen.on
    return None


def first_end(ends: Iterable[str], edition: Edition, record: Record, history: History) -> date | None:
    """First day on which one of the named things ended after a record was collected; none while all go on."""
    days: list[date | None] = []
    for name in ends:
        if name == "consent":
            chosen = history.first_no(record.purpose, record.after)
            days.append(chosen.on if chosen else None)
        else:
            its = own_spans(name, edition, record, history)
            days += [span.closed_on for span in its if span.closed is not None and span.closed > record.after]
    return first_of(*days)


def end_of_running(name: str, edition: Edition, record: Record, history: History) -> date | None:
    """Last day of the span that was open when a record was collected; the record's own day if none was."""
    for span in own_spans(name, edition, record, history):
        if span.opened <= record.after and (span.closed is None or span.closed > record.after):
            return span.closed_on
    return record.on


def by_matter(edition: Edition) -> frozenset[str]:
    """Names of the spans that are apart by matter."""
    return frozenset(name for name, kind in edition.spans.items() if kind.matters)


def opened_by(edition: Edition, ask: Request) -> str | None:
    """The event that a collection may bring with it: a first document opens its request."""
    purpose = edition.purposes.get(ask.purpose or "")
    opening = matter_of(purpose, edition) if purpose else None
    return opening.opens if opening else None


def document_items(edition: Edition) -> frozenset[str]:
    """Items whose records belong to a request; a representative's standing is read from them."""
    requests = by_matter(edition)
    return frozenset(item for one in edition.purposes.values() if requests & set(one.ends_with) for item in one.items)
