"""Periods: for how long something is kept, read from the rules that hold records.

A rule is known by the keys of its parameters (``items``, ``purposes``, ``lasts``, ``at_most``, ``settled``,
``for``, ``from``), so a rule that this module has never heard of gets a row too.
What is *not* here: which day a period ends for one person.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from wordkept.policy.declared import Purpose
from wordkept.policy.model import Binding, Edition
from wordkept.texts.tongue import Tongue


class Cell(msgspec.Struct, frozen=True):
    """One cell: a text, and clauses that it links to."""

    text: str = ""
    clauses: tuple[str, ...] = ()


def holding(edition: Edition) -> Iterator[Binding]:
    """The bindings that hold records for a time, in the document's order."""
    for binding in edition.holders:
        if not isinstance(binding.params, Purpose) or binding.params.ends_with or binding.params.at_most:
            yield binding


def how_long(binding: Binding, tongue: Tongue) -> str:
    """The period of a binding in words; what the law says from memory only says so."""
    said, ref = _how_long(binding, tongue), getattr(binding.params, "for_", None)
    memory = ref and tongue.edition.from_memory(ref, tongue.edition.effective)
    return tongue.say("periods", "from-memory", said=said) if memory else said


def _how_long(binding: Binding, tongue: Tongue) -> str:
    params, name = binding.params, binding.rule.name
    stated = lasting(binding, tongue.edition)
    period = tongue.period(stated) if stated else ""
    if isinstance(params, Purpose):
        until = "purpose-consent" if "consent" in params.ends_with else "purpose"
        return tongue.say("periods", "purpose-at-most" if period else until, period=period)
    if getattr(params, "from_", None):
        return tongue.say(
            "periods", "collected-by-law" if params.from_ == "collected" else "ended-by-law", period=period
        )
    if getattr(params, "settled", None):
        return tongue.say("periods", "after-settlement", period=period)
    if name in tongue.words["periods"]:
        return tongue.say("periods", name, period=period)
    return tongue.say("periods", "other" if period else "unstated", period=period)


def lasting(binding: Binding, edition: Edition) -> str | None:
    """The duration that a rule states, or that the law states for it on the edition's first day."""
    params = binding.params
    for key in ("lasts", "at_most"):
        if found := getattr(params, key, None):
            return str(found)
    ref = getattr(params, "for_", None)
    return edition.law_value(ref, edition.effective) if ref else None


def concerns(binding: Binding, purpose: Purpose, edition: Edition) -> bool:
    """Whether a binding holds records collected for a purpose."""
    params = binding.params
    if isinstance(params, Purpose):
        return params.name == purpose.name
    listed = set(getattr(params, "purposes", ()))
    items = getattr(params, "items", purpose.items)
    return bool(listed & {purpose.name, edition.group(purpose.name)} and set(items) & set(purpose.items))


def of_purpose(purpose: Purpose, tongue: Tongue) -> Cell:
    """All periods of what is collected for a purpose, each once, with their clauses."""
    found = [one for one in holding(tongue.edition) if concerns(one, purpose, tongue.edition)]
    if not found:
        return Cell(tongue.say("not-stated"))
    said = dict.fromkeys(how_long(one, tongue) for one in found)
    return Cell("; ".join(said), tuple(dict.fromkeys(one.clause for one in found)))


def of_recipients(tongue: Tongue) -> Cell:
    """For how long a recipient has what it was given, with the clauses that say so."""
    edition = tongue.edition
    found = [one for one in edition.sharing if one.rule.keeps or one.rule.name in tongue.words["recipients"]]
    said = dict.fromkeys(_of_recipient(one, tongue) for one in found)
    return Cell("; ".join(said) or tongue.say("not-stated"), tuple(dict.fromkeys(one.clause for one in found)))


def _of_recipient(binding: Binding, tongue: Tongue) -> str:
    period = lasting(binding, tongue.edition)
    known = tongue.words["recipients"].get(binding.rule.name)
    own = tongue.sentence(binding.rule.sentence)
    return known.format(period=tongue.period(period or "")) if known else own


def rows(tongue: Tongue) -> Iterator[tuple[Cell, ...]]:
    """The table of periods: what, how long, the clause."""
    for binding in holding(tongue.edition):
        yield Cell(_what(binding, tongue)), Cell(how_long(binding, tongue)), Cell("", (binding.clause,))


def _what(binding: Binding, tongue: Tongue) -> str:
    edition, params = tongue.edition, binding.params
    if isinstance(params, Purpose):
        return edition.purposes[params.name].title
    if items := getattr(params, "items", ()):
        return tongue.titles(edition.items, items)
    listed = set(getattr(params, "purposes", ()))
    names = [name for name in edition.purposes if listed & {name, edition.group(name)}]
    return tongue.titles(edition.purposes, names) or tongue.say("as-named")
