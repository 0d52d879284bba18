"""The closed world: every name under a clause must be declared, every period a period, every law on file.

Fields are known by their key, the same in every rule (``items`` names items, ``lasts`` is a period, ``for`` a law
parameter …; ``docs/policy-language.md`` lists them). What is *not* here: whether what is named makes sense (findings).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final, cast

import msgspec

from wordkept.language import Said, say
from wordkept.law.reading import meant_period
from wordkept.policy.body import Placed
from wordkept.policy.declared import StandsFor
from wordkept.policy.model import Edition
from wordkept.policy.vocabulary import is_of_dpv, published
from wordkept.record.claim import Ground
from wordkept.record.holds import period
from wordkept.terms import MalformedPolicyError
from wordkept.written.typed import fields, nearest

_SPANS: Final = "span"
_ENDS: Final = "span or consent"
_START: Final = "end of a span"

_OF_RULES: Final[Mapping[str, str]] = {
    "items": "item",
    "item": "item",
    "document": "item",
    "category": "category",
    "purposes": "purpose or group",
    "collected-for": "purpose or group",
    "of": "purpose",
    "group": "purpose or group",
    "groups": "purpose or group",
    "opens": "purpose or group",
    "agreed": "purpose or group",
    "service": _SPANS,
    "settled": _SPANS,
    "dispute": _SPANS,
    "owed": _SPANS,
    "request": _SPANS,
    "accepted": _SPANS,
    "postponed": _SPANS,
    "during": _SPANS,
    "until": _SPANS,
    "used-while": _SPANS,
    "ticked": _SPANS,
    "granted": _SPANS,
    "written": _SPANS,
    "used-until": _ENDS,
    "ends-with": _ENDS,
    "from": _START,
    "for": "law parameter",
    "listed": "law list",
    "law": "statute",
    "recipients": "recipient",
    "recipient": "recipient",
    "processors": "processor",
    "named": "clause or chapter",
    "lasts": "period",
    "at-most": "period",
    "within": "word or period",
    "clauses": "clause or chapter",
    "personal": "term",
}
"""What a key names, under a rule."""

_OF_DECLARATIONS: Final[Mapping[tuple[str, str], str]] = {
    ("item", "at-most"): "",
    ("recipient", "group"): _SPANS,
    ("recipient", "purpose"): "",
    ("processor", "purposes"): "purpose",
    ("cookie", "purposes"): "purpose",
    ("tool", "purposes"): "purpose",
    ("store", "purposes"): "purpose",
    ("store", "owner"): "processor",
    ("event", "opens"): "",
    ("event", "within"): _SPANS,
    ("event", "after"): _SPANS,
    ("event", "outside"): _SPANS,
    ("purpose", "group"): "",
}
"""Where a declaration's key names something else than the same key of a rule."""

_LOOKED_UP: Final = frozenset({"period", "word or period", "law parameter", "law list", "statute", "term"})
"""What is not declared in the policy but known otherwise."""
KINDS: Final = frozenset({"clause", *_OF_RULES.values(), *_OF_DECLARATIONS.values()}) - _LOOKED_UP - {""}
"""What a declared name may be the name of."""


def check(edition: Edition, everything: Iterable[Placed]) -> None:
    """Look every name up.

    Raises:
        MalformedPolicyError: at the first that is not there, with the nearest that is.
    """
    world = _World(edition)
    for placed in everything:
        for at, clause in enumerate(placed.unless):
            world.look("clause", clause, placed, ("unless", at))
        for kind, name, steps in _named(placed.value, placed):
            if isinstance(name, str):
                world.look(kind, name, placed, steps)


def _named(value: Any, placed: Placed, steps: tuple[str | int, ...] = ()) -> Iterator[tuple[str, Any, tuple[Any, ...]]]:
    """Every name in a body, with what it names and where."""
    for field in fields(value.__class__):
        key, inner, at = field.encode_name, getattr(value, field.name), (*steps, field.encode_name)
        kind = _OF_DECLARATIONS.get((placed.kind, key), _OF_RULES.get(key, "")) if inner is not None else ""
        if isinstance(inner, msgspec.Struct):
            yield from _named(inner, placed, at)
        elif isinstance(inner, tuple):
            for number, one in enumerate(inner):
                if isinstance(one, msgspec.Struct):
                    yield from _named(one, placed, (*at, number))
                elif kind:
                    yield kind, one, (*at, number)
        elif kind and inner != field.default:
            yield kind, inner, at


class _World:
    """What an edition declares, as sets."""

    def __init__(self, edition: Edition) -> None:
        self.edition = edition
        purposes = set(edition.purposes)
        groups = {one.group for one in edition.purposes.values() if one.group}
        ended = {f"{name}.ended" for name in edition.spans}
        self.known: dict[str, set[str]] = {
            "item": set(edition.items),
            "category": set(edition.categories),
            "purpose": purposes,
            "purpose or group": purposes | groups,
            _SPANS: set(edition.spans),
            _ENDS: {*edition.spans, "consent"},
            _START: ended | {"collected"},
            "recipient": set(edition.recipients),
            "processor": set(edition.processors),
            "clause": set(edition.clauses),
            "clause or chapter": set(_under(edition)),
        }
        self.special: dict[str, Callable[[str], Said | None]] = {
            "period": _no_period,
            "word or period": self._period,
            "law parameter": self._parameter,
            "law list": self._law_list,
            "statute": self._statute,
            "term": _unpublished,
        }

    def look(self, kind: str, name: str, placed: Placed, steps: tuple[Any, ...]) -> None:
        if kind in self.special:
            said = self.special[kind](name)
            hint = self._hint(kind, name) if said else ""
        else:
            known = name in self.known[kind]
            said = None if known else say("no {kind} {name!r} is declared", kind=Said(kind), name=name[:64])
            hint = "" if known else nearest(name, self.known[kind])
        if said:
            line, column = placed.at(*steps)
            raise MalformedPolicyError(said, file=self.edition.file, line=line, column=column, hint=hint)

    def _hint(self, kind: str, ref: str) -> str:
        if kind == "term":
            return nearest(ref, published()) or say("write a published term, or one with a prefix of your own")
        if kind == "word or period" and not any(one.isdigit() for one in ref):
            return say("write a period such as P5D, or give {word!r} its days in the front matter (words:)", word=ref)
        if kind not in ("law parameter", "law list", "statute"):
            return "" if ref.startswith("P") else meant_period(ref) or ""
        names = self.edition.statutes.names() if self.edition.statutes else ()
        if ref in names:
            return "" if ref.partition(".")[0] in self.edition.law else say("add it there")
        return nearest(ref, names)

    def _period(self, text: str) -> Said | None:
        return None if text in self.edition.words else _no_period(text)

    def _parameter(self, ref: str) -> Said | None:
        try:
            text = self.edition.statutes.value(ref, self.edition.effective) if self.edition.statutes else ""
        except LookupError as error:
            return cast("Said", error.args[0])
        statute = ref.partition(".")[0]
        if statute not in self.edition.law:
            return say("{statute} is not among the statutes of the front matter (law:)", statute=statute)
        return _no_period(text)

    def _law_list(self, ref: str) -> Said | None:
        """A list of grounds; one that nobody could be told in words would refuse without a reason."""
        listed = self.edition.statutes.listed(ref, self.edition.effective) if self.edition.statutes else ()
        if not listed or not set(listed) <= {str(one) for one in Ground}:
            return say("{ref} lists no grounds on which something is refused", ref=ref[:64])
        statute = ref.partition(".")[0]
        known = statute in self.edition.law
        return None if known else say("{statute} is not among the statutes of the front matter (law:)", statute=statute)

    def _statute(self, citation: str) -> Said | None:
        statutes = self.edition.statutes
        known = statutes is not None and statutes.knows(citation)
        return None if known else say("no statute {statute!r} is on file", statute=citation[:64])


def _unpublished(term: str) -> Said | None:
    if not is_of_dpv(term) or term in published():
        return None
    return say("DPV 2.3 has no term {term!r}", term=term[:64])


def _no_period(text: str) -> Said | None:
    try:
        months, days = period(text)
    except ValueError:
        return say("{text!r} is not a duration of days, weeks, months or years, such as P6M", text=text)
    fits = months <= 12 * 999 and days <= 366 * 999
    return None if fits else say("{text!r} is longer than the calendar", text=text)


def words(edition: Edition, at: Callable[[str], tuple[int, int]]) -> None:
    """Every vague word's number must be a period.

    Raises:
        MalformedPolicyError: at the first that is none.
    """
    for word, text in edition.words.items():
        if said := _no_period(text):
            line, column = at(word)
            raise MalformedPolicyError(said, file=edition.file, line=line, column=column, hint=say("such as P5D"))


def no_cycles(edition: Edition, everything: Iterable[Placed]) -> None:
    """Nothing may stand for, lift or lie within itself, by whatever detour.

    Raises:
        MalformedPolicyError: at the first place that closes a circle.
    """
    under = _under(edition)
    stands: dict[str, set[str]] = {}
    lifts: dict[str, set[str]] = {}
    for placed in everything:
        lifts.setdefault(placed.clause, set()).update(placed.unless)
        if isinstance(placed.value, StandsFor):
            own, named = placed.clause, placed.value.clauses
            there = {clause for name in named for clause in under.get(name, ()) if own == name or clause != own}
            stands.setdefault(own, set()).update(there)
    lies = {name: {one for one in (span.within, span.after) if one} for name, span in edition.spans.items()}
    where = {name: edition.declared_at["event", name] for name in edition.spans}
    _acyclic(
        edition, stands, lambda name: name, lambda name, way: say("{name} stands for itself: {way}", name=name, way=way)
    )
    _acyclic(
        edition,
        lifts,
        lambda name: name,
        lambda name, way: say("{name} is an exception to itself: {way}", name=name, way=way),
    )
    _acyclic(
        edition,
        lies,
        lambda name: where[name],
        lambda name, way: say("{name} lies within itself: {way}", name=name, way=way),
    )


def _under(edition: Edition) -> dict[str, list[str]]:
    """By each name that an umbrella may use, of a clause, a section or a chapter: the clauses that it means."""
    under: dict[str, list[str]] = {}
    for number, clause in edition.clauses.items():
        sections = (number.rsplit(".", drop)[0] for drop in range(number.count(".") + 1))
        for name in {clause.chapter, *sections} - {""}:
            under.setdefault(name, []).append(number)
    return under


def _acyclic(
    edition: Edition, graph: Mapping[str, set[str]], clause_of: Callable[[str], str], said: Callable[[str, str], Said]
) -> None:
    done: set[str] = set()
    for start in graph:
        trail: list[tuple[str, Iterator[str]]] = [(start, iter(sorted(graph[start])))]
        on_trail = {start}
        while trail:
            name, rest = trail[-1]
            following = next(rest, None)
            if following is None:
                trail.pop()
                on_trail.discard(name)
                done.add(name)
            elif following in on_trail:
                circle = " → ".join([*(one for one, _ in trail), following][-8:])
                line = edition.clauses[clause_of(following)].line
                raise MalformedPolicyError(said(following, circle), file=edition.file, line=line, column=1)
            elif following not in done:
                trail.append((following, iter(sorted(graph.get(following, ())))))
                on_trail.add(following)
