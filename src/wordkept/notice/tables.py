"""Tables: everything that a policy declares of one kind, in the document's order, each row with its clause.

A table stands in the chapter that declares most of its rows. What is *not* here: how it is drawn (``html``,
``markdown``, ``pdf``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from wordkept.notice.content import Table
from wordkept.policy.declared import (
    Category,
    Cookie,
    Item,
    Method,
    Officer,
    OutsideStore,
    Place,
    Processor,
    Purpose,
    Recipient,
    RoleHolder,
    Tool,
)
from wordkept.texts import periods
from wordkept.texts.grounds import ground
from wordkept.texts.periods import Cell
from wordkept.texts.tongue import Tongue

Row = tuple[Cell, ...]


def tables(tongue: Tongue) -> tuple[Table, ...]:
    """All tables that have rows."""
    found = [_declared(tongue, name, *what) for name, what in _KINDS.items()]
    place = next(at for at, table in enumerate(found) if table.kind == "purposes") + 1
    found.insert(place, _table(tongue, "periods", ("what", "period", "clause"), periods.rows(tongue)))
    return tuple(table for table in found if table.rows)


def home(tongue: Tongue, clauses: Iterable[str]) -> str:
    """The chapter to which most of these clauses belong, the first of equals; empty for none."""
    counts = Counter(tongue.edition.clauses[number].chapter for number in clauses)
    return max(counts, key=lambda chapter: counts[chapter], default="")


def _declared(
    tongue: Tongue, kind: str, heads: tuple[str, ...], word: str, row: Callable[[Any, Tongue], Iterator[Cell]]
) -> Table:
    """The table of one kind; ``word`` is the kind's info string."""
    declared = getattr(tongue.edition, kind).values()
    clause = {one.name: tongue.edition.clause_of(word, one.name) for one in declared}
    rows = ((Cell(one.title), *row(one, tongue), Cell("", (clause[one.name],))) for one in declared)
    return _table(tongue, kind, (word, *heads, "clause"), rows)


def _table(tongue: Tongue, kind: str, heads: tuple[str, ...], rows: Iterable[Row]) -> Table:
    made = tuple(rows)
    return Table(
        kind=kind,
        title=tongue.say("tables", kind),
        chapter=home(tongue, (row[-1].clauses[0] for row in made)),
        heads=tuple(tongue.say("heads", head) for head in heads),
        rows=made,
    )


def _item(one: Item, tongue: Tongue) -> Iterator[Cell]:
    yield Cell(tongue.say("types", one.type))
    category = tongue.edition.categories.get(one.category or "")
    yield Cell(category.title if category else "")


def _purpose(one: Purpose, tongue: Tongue) -> Iterator[Cell]:
    yield Cell(tongue.titles(tongue.edition.items, one.items))
    yield Cell(tongue.say("consents", ground(one, tongue.edition)))
    yield periods.of_purpose(one, tongue)


def _recipient(one: Recipient, tongue: Tongue) -> Iterator[Cell]:
    yield Cell(one.purpose)
    yield Cell(tongue.titles(tongue.edition.items, one.items))


def _processor(one: Processor, tongue: Tongue) -> Iterator[Cell]:
    yield Cell(tongue.joined(one.tasks))
    yield Cell(tongue.titles(tongue.edition.purposes, one.purposes))


def _officer(one: Officer, tongue: Tongue) -> Iterator[Cell]:
    blank = tongue.say("not-stated")
    yield Cell(one.office)
    yield Cell(one.telephone or blank)
    yield Cell(one.email or blank)


def _place(one: Place, tongue: Tongue) -> Iterator[Cell]:
    blank = tongue.say("not-stated")
    yield Cell(one.address or blank)
    yield Cell(one.telephone or blank)


def _cookie(one: Cookie, tongue: Tongue) -> Iterator[Cell]:
    yield Cell(tongue.titles(tongue.edition.items, (one.item,) if one.item else ()))
    yield Cell(tongue.titles(tongue.edition.purposes, one.purposes))


def _tool(one: Tool, tongue: Tongue) -> Iterator[Cell]:
    yield Cell(tongue.titles(tongue.edition.items, one.items))
    yield Cell(tongue.titles(tongue.edition.purposes, one.purposes))


def _store(one: OutsideStore, tongue: Tongue) -> Iterator[Cell]:
    yield Cell(tongue.titles(tongue.edition.items, one.items))
    yield Cell(tongue.titles(tongue.edition.purposes, one.purposes))
    yield Cell(tongue.titles(tongue.edition.processors, (one.owner,)) if one.owner else "")


def _title_only(_: Method | Category | RoleHolder, __: Tongue) -> Iterator[Cell]:
    return iter(())


_KINDS: Final[dict[str, tuple[tuple[str, ...], str, Callable[[Any, Tongue], Iterator[Cell]]]]] = {
    "items": (("kind", "category"), "item", _item),
    "purposes": (("items", "consent", "period"), "purpose", _purpose),
    "categories": ((), "category", _title_only),
    "methods": ((), "method", _title_only),
    "recipients": (("purpose", "items"), "recipient", _recipient),
    "processors": (("tasks", "purposes"), "processor", _processor),
    "cookies": (("items", "purposes"), "cookie", _cookie),
    "tools": (("items", "purposes"), "tool", _tool),
    "roles": ((), "role", _title_only),
    "stores": (("items", "purposes", "owner"), "store", _store),
    "officers": (("office", "telephone", "email"), "officer", _officer),
    "places": (("address", "telephone"), "place", _place),
}
"""By where an edition keeps them: further columns, the info string, and the cells of those columns."""
