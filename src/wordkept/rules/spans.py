"""Spans and records: which span a record belongs to, and when what it was collected for ended.

What the retention rules share; each is a pure look at a history. What is *not* here: holds (``retention``).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import msgspec

from wordkept.record import History, Record, Span, first_of
from wordkept.terms import Choice

_NO = frozenset({Choice.REFUSED, Choice.WITHDRAWN})


class Governing(msgspec.Struct, frozen=True):
    """The service a record belongs to: open when it was collected, else the last one before, else the next one.

    ``span`` is none for a sign-up that has not become a service; ``before`` tells that the record was there first.
    """

    span: Span | None
    before: bool


def governing(history: History, service: str, after: int) -> Governing:
    """The service that governs a record collected after event ``after``."""
    spans = history.spans.get(service, ())
    earlier = [span for span in spans if span.opened <= after]
    if earlier:
        return Governing(earlier[-1], before=False)
    return Governing(spans[0] if spans else None, before=True)


def refused(history: History, to: str, record: Record, span: Span | None, service: str) -> date | None:
    """Day on which a consent was refused or withdrawn while the record's own service, or sign-up, was the last."""
    later = [one.opened for one in history.spans.get(service, ()) if span is not None and one.opened > span.opened]
    for chosen in history.choices.get(to, ()):
        if chosen.number > record.after and chosen.choice in _NO and not (later and chosen.number > later[0]):
            return chosen.on
    return None


def first_end(ends: Iterable[str], record: Record, history: History) -> date | None:
    """First day on which one of the named things ended after a record was collected; none while all go on."""
    days: list[date | None] = []
    for name in ends:
        if name == "consent":
            chosen = history.first_no(record.purpose, record.after)
            days.append(chosen.on if chosen else None)
        else:
            days.append(history.first_close(name, record.after, record.matter if name == "request" else None))
    return first_of(*days)


def end_of_running(name: str, record: Record, history: History) -> date | None:
    """Last day of the span that was open when a record was collected; the record's own day if none was."""
    for span in history.spans.get(name, ()):
        if span.opened <= record.after and (span.closed is None or span.closed > record.after):
            return span.closed_on
    return record.on
