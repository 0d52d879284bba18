"""Doctor: whether an installation can keep its word as it stands, check by check, each with what to do.

What is *not* here: mending anything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, Literal

import msgspec

from wordkept.gate.stores import Stores
from wordkept.terms import UnavailableError
from wordkept.vault import privileges, values
from wordkept.vault.access import AUDITOR, GATE, durable
from wordkept.vault.formats import Store
from wordkept.vault.server import OWNER
from wordkept.vault.statements import statements

_SQL: Final = statements("looking.sql", "wordkept.gate")
_LAG: Final = 2.0
"""Seconds after which unsealed evidence is late."""


class Check(msgspec.Struct, frozen=True):
    """One check: ``ok``, ``at risk`` or ``broken``, what was seen, and what to do about it."""

    name: str
    state: Literal["ok", "at risk", "broken"]
    seen: str
    hint: str = ""


def examine(stores: Stores) -> list[Check]:
    """Every check, in a fixed order; one that cannot be made is broken."""
    found: list[Check] = []
    for store in Store:
        for name, look in (
            ("durable", _durable),
            ("privileges", _privileges),
            ("root", _root),
            ("pairs", _pairs),
            ("sealing", _sealing),
        ):
            found += _tried(f"{store.name.lower()}: {name}", look, stores, store)
    found += _people(stores)
    return found


def _tried(
    name: str, look: Callable[[Stores, Store, str], Iterator[Check]], stores: Stores, store: Store
) -> list[Check]:
    try:
        return list(look(stores, store, name))
    except UnavailableError as error:
        return [Check(name, "broken", str(error))]


def _durable(stores: Stores, store: Store, name: str) -> Iterator[Check]:
    with stores.installation.connect(store, OWNER, autocommit=True) as connection:
        durable(connection)
    yield Check(name, "ok", "fsync, full_page_writes and synchronous_commit are on")


def _privileges(stores: Stores, store: Store, name: str) -> Iterator[Check]:
    with stores.installation.connect(store, OWNER, autocommit=True) as connection:
        privileges.check(connection, store)
    if stores.installation.access.embedded(store):
        hint = "use a database server of another account (--dsn-live, --dsn-separate)"
        yield Check(name, "at risk", "as declared, but one account of this machine owns both stores", hint)
    else:
        yield Check(name, "ok", "as declared")


def _root(stores: Stores, store: Store, name: str) -> Iterator[Check]:
    holder = stores.installation.roots(store)
    grade, epochs = holder.grade(), holder.epochs()
    seen = f"epoch {max(epochs, default=0)}, {len(epochs)} root(s) in one file holder"
    if grade.reasons:
        yield Check(name, "at risk", f"{seen}; {'; '.join(grade.reasons)}", "see docs/limits.md")
    else:
        yield Check(name, "ok", seen)


def _pairs(stores: Stores, store: Store, name: str) -> Iterator[Check]:
    with stores.installation.connect(store, OWNER, autocommit=True) as connection, connection.cursor() as cursor:
        alone = values.unpaired(cursor)
    if alone:
        yield Check(name, "broken", f"{len(alone)} or more records and keys are without the other")
    else:
        yield Check(name, "ok", "every record has its key, every key its record")


def _sealing(stores: Stores, store: Store, name: str) -> Iterator[Check]:
    with stores.installation.connect(store, AUDITOR, autocommit=True) as connection:
        count, lag = connection.execute(_SQL["oldest_pending"]).fetchone() or (0, None)
    if count and lag is not None and lag > _LAG:
        yield Check(name, "at risk", f"evidence waits for {lag:.0f} s to be sealed", "run wordkept seal")
    else:
        yield Check(name, "ok", "no evidence waits to be sealed")


def _people(stores: Stores) -> Iterator[Check]:
    with stores.installation.connect(Store.LIVE, GATE, autocommit=True) as connection, connection.cursor() as cursor:
        stale, leaving = values.stale_people(cursor, most=1), values.leaving(cursor, most=1)
    if stale or leaving:
        yield Check("between the stores", "at risk", "something is under way or was interrupted", "run wordkept plan")
    else:
        yield Check("between the stores", "ok", "nothing is under way")
