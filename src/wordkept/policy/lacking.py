"""What an edition lacks against the law of a day: each requirement that applies, asked of clauses and declarations.

Needs are data (``law.requirements``); here stands one short function for each condition. A sentence counts when its
words match, whether or not a rule keeps it yet: the law wants it said. What is *not* here: legal advice, and whether
what is said is true.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Final, Literal

import msgspec

from wordkept.language import Said, say
from wordkept.law import Answer, Laid, Law, Need, Requirement, Statute, Value, both, holds
from wordkept.policy.checks.needs import local
from wordkept.policy.model import Binding, Clause, Edition
from wordkept.record.holds import plus


class Lack(msgspec.Struct, frozen=True, kw_only=True):
    """Something that the law of a day wants and an edition lacks.

    Attributes:
        statute: its id.
        requirement: the name of the requirement there.
        reference: the article.
        says: what is required.
        lacks: what of it is missing, or wrong.
        clause: where it is wrong, none where nothing says it.
        condition: what is unknown of the operator, on which it hangs whether this applies; empty if it does.
        source: ``memory`` if anything that this stands on must be checked first.
    """

    statute: str
    requirement: str
    reference: str
    says: str
    lacks: tuple[str, ...] = ()
    clause: str | None = None
    condition: str = ""
    source: Literal["retrieved", "memory"]


class _Miss(msgspec.Struct, frozen=True):
    """A need that is not met, where, and whether memory was needed to say so."""

    said: str
    clause: str | None = None
    memory: bool = False


class _Point(msgspec.Struct, frozen=True):
    """One statute on one day, and the edition that is held against it."""

    edition: Edition
    law: Law
    day: date
    statute: Statute

    def parameter(self, name: str | None) -> Value:
        """A parameter of the same statute on that day; LookupError if it has no value."""
        return self.law.parameter(f"{self.statute.statute}.{name}", self.day)


class _Asked(msgspec.Struct, frozen=True):
    """One need, by the name that it is called, and the clause that it stands beside."""

    at: _Point
    called: Said
    need: Need
    beside: Clause | None

    def missing(self) -> _Miss:
        """The plain answer: it is not there."""
        return _Miss(self.called, self.beside.number if self.beside else None)

    def because(self, why: Said) -> Said:
        """What it is called, and what is wrong with it."""
        return say("{called}: {why}", called=self.called, why=why)


def lacking(edition: Edition, laid: Laid, law: Law) -> tuple[Lack, ...]:
    """All that an edition lacks, in the order of the statutes and of what they require.

    Args:
        edition: compiled.
        laid: the statutes of a day.
        law: all statutes on file, for what other clauses rely on.
    """
    found: list[Lack] = []
    for statute in laid.statutes:
        for name, versions in statute.requires.items():
            for one in (version for version in versions if version.holds_on(laid.day)):
                if told := _told(edition, laid.day, statute, name, one):
                    found += _lacks(_Point(edition, law, laid.day, statute), told, one.needs)
    return tuple(found)


def giving_way(edition: Edition, laid: Laid) -> tuple[Statute, ...]:
    """The statutes that ask nothing of this operator on that day, because another went before them."""
    return tuple(one for one in laid.statutes if _first(edition, one, laid.day).holds)


def _first(edition: Edition, statute: Statute, day: date) -> Answer:
    """Whether another statute goes before one on a day."""
    way = statute.gives_way
    return Answer(holds=False) if way is None or day > way.to else holds(way.applies_if, edition.operator)


def _told(edition: Edition, day: date, statute: Statute, name: str, required: Requirement) -> Lack | None:
    """What is said of a requirement whatever it lacks; none if it asks nothing of this operator."""
    own, first = holds(required.applies_if, edition.operator), _first(edition, statute, day)
    if own.holds is False or first.holds:
        return None
    unless = say("not ({what})", what=first.hangs_on) if first.hangs_on else ""
    memory = unless and statute.gives_way is not None and statute.gives_way.source == "memory"
    return Lack(
        statute=statute.statute,
        requirement=name,
        reference=required.reference,
        says=Said(required.says),
        condition=both((own.hangs_on, unless)),
        source="memory" if memory else required.source,
    )


def _lacks(point: _Point, told: Lack, needs: Mapping[str, Need]) -> Iterator[Lack]:
    """One for each clause that is wrong, and one for all that no clause says."""
    by_clause: dict[str | None, list[_Miss]] = {}
    for called, need in needs.items():
        beside = _beside(point.edition, need)
        if beside is None and need.beside:
            continue
        for miss in _CONDITIONS[need.condition()](_Asked(point, Said(called), need, beside)):
            by_clause.setdefault(miss.clause, []).append(miss)
    for clause, misses in by_clause.items():
        source = "memory" if any(one.memory for one in misses) else told.source
        lacks = tuple(one.said for one in misses)
        yield msgspec.structs.replace(told, lacks=lacks, clause=clause, source=source)


def _beside(edition: Edition, need: Need) -> Clause | None:
    """The first clause with one of the rules or declarations that a need is asked beside."""
    for clause in edition.clauses.values():
        if any(one.rule.name in need.beside for one in clause.bindings):
            return clause
    where = {number for (kind, _), number in edition.declared_at.items() if kind in need.beside}
    return next((clause for clause in edition.clauses.values() if clause.number in where), None)


def _bindings(edition: Edition, rules: tuple[str, ...]) -> Iterator[Binding]:
    for clause in edition.clauses.values():
        yield from (one for one in clause.bindings if one.rule.name in rules)


def _declares(asked: _Asked) -> Iterator[_Miss]:
    if not any(kind in (asked.need.declares or ()) for kind, _ in asked.at.edition.declared_at):
        yield asked.missing()


def _binds(asked: _Asked) -> Iterator[_Miss]:
    if not any(_bindings(asked.at.edition, asked.need.binds or ())):
        yield asked.missing()


def _speaks(asked: _Asked) -> Iterator[_Miss]:
    patterns = [re.compile(one, re.IGNORECASE) for one in asked.need.speaks or ()]
    for clause in asked.at.edition.clauses.values():
        if asked.beside and clause.chapter != asked.beside.chapter:
            continue
        text = " ".join(clause.text.split())
        if any(one.search(text) for one in patterns):
            return
    yield asked.missing()


def _keeps(asked: _Asked) -> Iterator[_Miss]:
    ref = f"{asked.at.statute.statute}.{asked.need.keeps}"
    if not any(getattr(one.params, "for_", None) == ref for one in asked.at.edition.holders):
        yield asked.missing()


def _within(asked: _Asked) -> Iterator[_Miss]:
    try:
        limit = asked.at.parameter(asked.need.within)
    except LookupError:
        return
    for binding in _bindings(asked.at.edition, asked.need.of):
        for word, own in _times(asked.at.edition, binding):
            if plus(asked.at.day, own) > plus(asked.at.day, str(limit.value)):
                longest = str(limit.value)
                why = say("“{word}” is {own} here, and at most {law} by law", word=word, own=own, law=longest)
                yield _Miss(asked.because(why), binding.clause, limit.source == "memory")


def _times(edition: Edition, binding: Binding) -> Iterator[tuple[str, str]]:
    """What a clause calls its time, with the period that it stands for: of its rule, and of its vague words."""
    own = getattr(binding.params, "within", None)
    if own:
        yield own, edition.words.get(own, own)
    text = " ".join(edition.clauses[binding.clause].text.lower().split())
    yield from ((word, period) for word, period in edition.words.items() if word in text and word != own)


def _reachable(asked: _Asked) -> Iterator[_Miss]:
    number = asked.at.parameter(asked.need.reachable)
    places = {_digits(one.telephone) for one in asked.at.edition.places.values()}
    if _digits(str(number.value)) not in places:
        said = say("{called} ({number})", called=asked.called, number=str(number.value))
        yield _Miss(said, None, number.source == "memory")


def _digits(telephone: str) -> str:
    return "".join(char for char in telephone if char.isdigit())


def _consented(asked: _Asked) -> Iterator[_Miss]:
    for name, purpose in asked.at.edition.purposes.items():
        if local(purpose.personal) in (asked.need.consented or ()) and not (purpose.consent or purpose.by_law):
            said = say("{called} for {purpose}", called=asked.called, purpose=name)
            yield _Miss(said, asked.at.edition.clause_of("purpose", name))


def _grounded(asked: _Asked) -> Iterator[_Miss]:
    """By consent of its own, by law, or under a rule that wants a statute cited."""
    by_statute = [one.params.items for one in _bindings(asked.at.edition, ("collection.only-by-statute",))]
    free = {item for items in by_statute for item in items}
    for name, purpose in asked.at.edition.purposes.items():
        for item in () if purpose.consent or purpose.by_law else purpose.items:
            if local(asked.at.edition.items[item].personal) in (asked.need.grounded or ()) and item not in free:
                where = asked.at.edition.clause_of("purpose", name)
                said = say("{called} for {item}, collected for {purpose}", called=asked.called, item=item, purpose=name)
                yield _Miss(said, where)


def _as_law_counts(asked: _Asked) -> Iterator[_Miss]:
    for binding in asked.at.edition.holders:
        ref, own = getattr(binding.params, "for_", None), getattr(binding.params, "lasts", None)
        if ref is None:
            continue
        try:
            value = asked.at.law.parameter(ref, asked.at.day)
        except LookupError as error:
            yield _Miss(asked.because(error.args[0]), binding.clause)
            continue
        cited = f"{ref.partition('.')[0]} {value.reference}"
        if own and plus(asked.at.day, own) < plus(asked.at.day, str(value.value)):
            law = str(value.value)
            why = say("{own} is shorter than {law} ({reference})", own=own, law=law, reference=cited)
            yield _Miss(asked.because(why), binding.clause, value.source == "memory")
        yield from _started(asked, binding, f"{ref}.counts-from", cited)


def _started(asked: _Asked, binding: Binding, ref: str, cited: str) -> Iterator[_Miss]:
    """That a period does not start before the event from which the law counts it, where that event is on file."""
    try:
        event = asked.at.law.parameter(ref, asked.at.day)
    except LookupError:
        return
    span = asked.at.edition.spans.get(binding.params.from_.removesuffix(".ended"))
    if event.value != (span.closes if span else "collected"):
        why = say(
            "it starts at {start}, the law's at {event}, which may be later ({reference})",
            start=binding.params.from_,
            event=str(event.value),
            reference=cited,
        )
        yield _Miss(asked.because(why), binding.clause, event.source == "memory")


_CONDITIONS: Final[dict[str, Callable[[_Asked], Iterator[_Miss]]]] = {
    "declares": _declares,
    "binds": _binds,
    "speaks": _speaks,
    "keeps": _keeps,
    "within": _within,
    "reachable": _reachable,
    "consented": _consented,
    "grounded": _grounded,
    "as_law_counts": _as_law_counts,
}
