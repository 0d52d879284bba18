"""History: the pure fold over a person's events into spans and choices.

A *span* is a time between two events that a policy pairs: a service (subscribed, terminated), an add-on, a dispute, a
charge, a group, a request. A *choice* is one answer about one consent. Nothing else is known about a person's past.
Days are the policy's; order within a day is the events' number. What is *not* here: which spans exist (the policy
declares them) and what follows from them (``rules``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

import msgspec

from wordkept.record.events import CONSENT, Event
from wordkept.terms import Channel, Choice


class SpanKind(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of span, as the policy declares it.

    Attributes:
        name: ``service``, ``etax``, ``dispute`` …
        opens: kind of the event that opens one.
        closes: kind of the event that closes one; none if it only happens (``signup.abandoned``).
        within: a span that must be open for this one to open, and whose end ends it; where both are apart by matter,
            that of the same matter.
        after: a span that must have been opened at some time.
        outside: a span that must not be open.
        matters: spans of different matters are different spans.
        again: opening an open one is the same span, not an error.
        sweeping: closing without a matter closes all, and closing none is no error.
        restarts: a second one starts without consents: those given before are ended.
        operator: it happens to the operator, not to a person (agreements).
    """

    name: str
    opens: str
    closes: str | None = None
    within: str | None = None
    after: str | None = None
    outside: str | None = None
    matters: bool = False
    again: bool = False
    sweeping: bool = False
    restarts: bool = False
    operator: bool = False


class Span(msgspec.Struct, frozen=True):
    """One stretch of time; ``opened`` and ``closed`` are event numbers, the days beside them."""

    opened: int
    opened_on: date
    matter: str | None = None
    closed: int | None = None
    closed_on: date | None = None
    narrow: bool = False


class Chosen(msgspec.Struct, frozen=True, omit_defaults=True):
    """One answer about one consent; ``channel`` and ``signed`` where a text was shown, and somebody known chose."""

    number: int
    on: date
    choice: Choice
    edition: date | None = None
    channel: Channel | None = None
    signed: bool = False


class ImpossibleEventError(ValueError):
    """An event that cannot have happened after those before it; the message names the event and the span, no value."""


class History(msgspec.Struct, frozen=True):
    """Spans by kind and choices by consent, each oldest first; the last event folded in, and its day."""

    number: int = 0
    spans: Mapping[str, tuple[Span, ...]] = {}
    choices: Mapping[str, tuple[Chosen, ...]] = {}
    on: date | None = None

    def is_open(self, name: str) -> bool:
        """Whether any span of that kind is open now."""
        return any(span.closed is None for span in self.spans.get(name, ()))

    def open_matters(self, name: str) -> frozenset[str | None]:
        """The matters in which a span of that kind is open now."""
        return frozenset(span.matter for span in self.spans.get(name, ()) if span.closed is None)

    def ever(self, name: str) -> bool:
        """Whether any span of that kind was ever opened."""
        return bool(self.spans.get(name))

    def choice(self, to: str) -> Choice | None:
        """The last choice about a consent, none if never asked."""
        made = self.choices.get(to)
        return made[-1].choice if made else None

    def given(self, to: str) -> bool:
        """Whether a consent is given now."""
        return self.choice(to) is Choice.GIVEN

    def choices_after(self, to: str, after: int) -> Iterator[Chosen]:
        """The answers about a consent after event ``after``, oldest first."""
        return (chosen for chosen in self.choices.get(to, ()) if chosen.number > after)

    def first_no(self, to: str, after: int) -> Chosen | None:
        """The first refusal, withdrawal or end of a consent after event ``after``."""
        return next((one for one in self.choices_after(to, after) if one.choice is not Choice.GIVEN), None)


def fold(kinds: Mapping[str, SpanKind], history: History, events: Iterable[Event]) -> History:
    """Fold events, in their order, into a history.

    Args:
        kinds: the span kinds, by name.
        history: what is known so far.
        events: with numbers above ``history.number``.

    Returns:
        The new history; the old one is untouched.

    Raises:
        ImpossibleEventError: an event that cannot follow.
    """
    spans = {name: list(known) for name, known in history.spans.items()}
    choices = {to: list(made) for to, made in history.choices.items()}
    number, on = history.number, history.on
    for event in events:
        if on is not None and event.on < on:
            msg = f"{event.kind}: its day is before that of the event before it"
            raise ImpossibleEventError(msg)
        number, on = event.number, event.on
        if event.kind == CONSENT:
            _choose(choices, event)
        else:
            _mark(kinds, spans, choices, event)
    return History(
        number,
        {name: tuple(known) for name, known in spans.items()},
        {to: tuple(made) for to, made in choices.items()},
        on,
    )


def _choose(choices: dict[str, list[Chosen]], event: Event) -> None:
    if event.to is None or event.choice is None:
        msg = "a consent names what it is to and what was chosen"
        raise ImpossibleEventError(msg)
    channel, signed = event.shown.channel if event.shown else None, event.signature is not None
    made = Chosen(event.number, event.on, Choice(event.choice), event.edition, channel, signed)
    choices.setdefault(event.to, []).append(made)


def _mark(
    kinds: Mapping[str, SpanKind], spans: dict[str, list[Span]], choices: dict[str, list[Chosen]], event: Event
) -> None:
    for kind in kinds.values():
        if event.kind == kind.opens:
            return _open(kind, kinds, spans, choices, event)
        if event.kind == kind.closes:
            return _close(kind, kinds, spans, choices, event)
    msg = f"event {event.kind} is not declared"
    raise ImpossibleEventError(msg)


def _open_ones(spans: dict[str, list[Span]], name: str) -> list[int]:
    return [at for at, span in enumerate(spans.get(name, ())) if span.closed is None]


def _around(kind: SpanKind, kinds: Mapping[str, SpanKind], spans: dict[str, list[Span]], matter: str | None) -> bool:
    """Whether the span is open within which one of a kind opens."""
    outer = kinds.get(kind.within or "")
    apart = outer is not None and outer.matters and kind.matters
    return any(one.closed is None and (not apart or one.matter == matter) for one in spans.get(kind.within or "", ()))


def _open(
    kind: SpanKind,
    kinds: Mapping[str, SpanKind],
    spans: dict[str, list[Span]],
    choices: dict[str, list[Chosen]],
    event: Event,
) -> None:
    known = spans.setdefault(kind.name, [])
    standing = [known[at] for at in _open_ones(spans, kind.name)]
    if any(not kind.matters or span.matter == event.matter for span in standing):
        if kind.again:
            return
        msg = f"{event.kind}: {kind.name} is already open"
        raise ImpossibleEventError(msg)
    if kind.within and not _around(kind, kinds, spans, event.matter):
        msg = f"{event.kind}: {kind.within} is not open"
        raise ImpossibleEventError(msg)
    if kind.after and not spans.get(kind.after):
        msg = f"{event.kind}: there was never a {kind.after}"
        raise ImpossibleEventError(msg)
    if kind.outside and _open_ones(spans, kind.outside):
        msg = f"{event.kind}: {kind.outside} is open"
        raise ImpossibleEventError(msg)
    if kind.restarts and known:
        _end_consents(choices, event)
    closed = event.number if kind.closes is None else None
    known.append(Span(event.number, event.on, event.matter, closed, event.on if closed else None, narrow=event.narrow))


def _close(
    kind: SpanKind,
    kinds: Mapping[str, SpanKind],
    spans: dict[str, list[Span]],
    choices: dict[str, list[Chosen]],
    event: Event,
) -> None:
    standing = [
        at
        for at in _open_ones(spans, kind.name)
        if not kind.matters or spans[kind.name][at].matter == event.matter or (kind.sweeping and event.matter is None)
    ]
    if not standing and not kind.sweeping:
        msg = f"{event.kind}: no such {kind.name} is open"
        raise ImpossibleEventError(msg)
    for at in standing:
        _end(spans[kind.name], at, event)
    ended = {spans[kind.name][at].matter for at in standing}
    for inner in kinds.values():
        if inner.within == kind.name and standing:
            for at in _open_ones(spans, inner.name):
                if not (kind.matters and inner.matters) or spans[inner.name][at].matter in ended:
                    _end(spans[inner.name], at, event)
    if kind.restarts and standing:
        _end_consents(choices, event)


def _end(known: list[Span], at: int, event: Event) -> None:
    known[at] = msgspec.structs.replace(known[at], closed=event.number, closed_on=event.on)


def _end_consents(choices: dict[str, list[Chosen]], event: Event) -> None:
    for made in choices.values():
        if made[-1].choice is Choice.GIVEN:
            made.append(Chosen(event.number, event.on, Choice.ENDED))
