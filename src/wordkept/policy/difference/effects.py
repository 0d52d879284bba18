"""Effects: what the operator may do more of (*widens*), less of (*narrows*), or otherwise (*changes*), and to whom.

Read from what was compiled: declarations, and rules with their parameters; never from sentences. What is *not* here:
which way a key counts (``directions``) and for how long records are kept (``periods``).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import msgspec

from wordkept.language import Said, say
from wordkept.policy.declarations import DECLARATIONS
from wordkept.policy.difference import people
from wordkept.policy.difference.directions import Way, directed, known
from wordkept.policy.difference.periods import OPEN, kept
from wordkept.policy.model import Binding, Edition

KINDS: Final = ("period", "rule", "word", "edition")
"""What may be otherwise besides declarations."""


class Effect(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is otherwise.

    Attributes:
        way: whether the operator may do more, less, or something else.
        kind: ``purpose``, ``item``, ``recipient`` …, ``period``, ``rule``, ``word`` or ``edition``.
        name: of what is declared; of a rule, its own; of a period, the event from which it is counted.
        said: one phrase.
        clause: where it stands now, or stood last; none for the front matter.
        affected: who it concerns, in words.
    """

    way: Way
    kind: str
    name: str
    said: str
    clause: str | None
    affected: str


def effects(before: Edition, after: Edition) -> Iterator[Effect]:
    """All effects: of declarations, then of periods, of rules, of the front matter."""
    for kind, (_, place) in DECLARATIONS.items():
        yield from _of_declarations(before, after, kind, place)
    yield from _of_periods(before, after)
    yield from _of_rules(before, after)
    yield from _of_front(before, after)


def _of_declarations(before: Edition, after: Edition, kind: str, place: str) -> Iterator[Effect]:
    olds, news = getattr(before, place), getattr(after, place)
    for name in dict.fromkeys([*news, *olds]):
        there = after if name in news else before
        clause, affected = there.clause_of(kind, name), people.affected(there, kind, name)
        for way, said in _of_one(kind, olds.get(name), news.get(name), after):
            yield Effect(way=way, kind=kind, name=name, said=said, clause=clause, affected=affected)


def _of_one(kind: str, old: Any, new: Any, edition: Edition) -> Iterator[tuple[Way, Said]]:
    if old is None:
        yield known(kind, new=True), say("is new")
    elif new is None:
        yield known(kind, new=False), say("is gone")
    else:
        for field in msgspec.structs.fields(new):
            was, now = getattr(old, field.name), getattr(new, field.name)
            if was != now:
                yield from directed(f"{kind}.{field.encode_name}", was, now, edition.effective)


def _of_periods(before: Edition, after: Edition) -> Iterator[Effect]:
    for one in kept(before, after):
        affected = people.joined(people.affected(after, "purpose", purpose) for purpose in one.purposes)
        groups = dict.fromkeys(after.group(purpose) for purpose in one.purposes)
        said = say(
            "{before} → {after}: {items} ({groups})",
            before=_length(one.before),
            after=_length(one.after),
            items=", ".join(one.items),
            groups=", ".join(groups),
        )
        yield Effect(
            way=one.way,
            kind="period",
            name=one.start,
            said=say("{what} (from memory)", what=said) if one.memory else said,
            clause=one.clause,
            affected=affected,
        )


def _length(period: str | None) -> str:
    return say("open") if period == OPEN else period or say("none")


def _of_rules(before: Edition, after: Edition) -> Iterator[Effect]:
    olds, news = _rules(before), _rules(after)
    gone = {key: one for key, one in olds.items() if key not in news}
    new = {key: one for key, one in news.items() if key not in olds}
    for key, one in news.items():
        if key in olds:
            yield from (_rule(way, one, said) for way, said in _of_binding(olds[key], one, after))
    for (name, *_), one in new.items():
        same = next((at for at, other in gone.items() if at[0] == name and _said(other) == _said(one)), None)
        if same is not None:  # under another clause, which is no effect
            del gone[same]
        else:
            yield _rule("widens" if one.rule.permits else "narrows", one, say("is new"))
    for one in gone.values():
        yield _rule("narrows" if one.rule.permits else "widens", one, say("is gone"))


def _rules(edition: Edition) -> dict[tuple[str, str, int], Binding]:
    """Bindings by rule, clause and place among equals; not what is declared, nor how long records are kept."""
    found: dict[tuple[str, str, int], Binding] = {}
    for clause in edition.clauses.values():
        for one in clause.bindings:
            if one.rule.name not in DECLARATIONS and one.rule.holds is None:
                place = sum(key[:2] == (one.rule.name, clause.number) for key in found)
                found[one.rule.name, clause.number, place] = one
    return found


def _said(binding: Binding) -> tuple[Any, ...]:
    return binding.params, binding.unless


def _of_binding(old: Binding, new: Binding, edition: Edition) -> Iterator[tuple[Way, Said]]:
    if old.unless != new.unless:
        yield from directed("rule.unless", old.unless, new.unless, edition.effective)
    for field in msgspec.structs.fields(new.params):
        was, now = getattr(old.params, field.name), getattr(new.params, field.name)
        if was != now:
            whose = "permit" if new.rule.permits else "rule"
            yield from directed(f"{whose}.{field.encode_name}", was, now, edition.effective)


def _rule(way: Way, binding: Binding, said: Said) -> Effect:
    return Effect(
        way=way, kind="rule", name=binding.rule.name, said=said, clause=binding.clause, affected=people.EVERYBODY
    )


def _of_front(before: Edition, after: Edition) -> Iterator[Effect]:
    for word in dict.fromkeys([*after.words, *before.words]):
        was, now = before.words.get(word), after.words.get(word)
        if was != now:
            for way, said in directed("word.period", was, now, after.effective):
                yield Effect(way=way, kind="word", name=word, said=said, clause=None, affected=people.EVERYBODY)
    for key in ("law", "timezone"):
        yield from _of_key(f"edition.{key}", getattr(before, key), getattr(after, key), after)
    for field in msgspec.structs.fields(after.operator):
        was, now = getattr(before.operator, field.name), getattr(after.operator, field.name)
        yield from _of_key(f"operator.{field.encode_name}", was, now, after)


def _of_key(key: str, was: Any, now: Any, after: Edition) -> Iterator[Effect]:
    if was != now:
        name = key.removeprefix("edition.").partition(".")[0]
        for way, said in directed(key, was, now, after.effective):
            yield Effect(way=way, kind="edition", name=name, said=said, clause=None, affected=people.EVERYBODY)
