"""Turn of the index: the next generation of the blind index, made from the blocks of the one before.

Writers write both generations meanwhile. A copy can be made of an entry that is being deleted; such ghosts are
removed once every transaction that could still delete by an older view has ended. What is *not* here: entries of
values (``blind``), and when the old generation goes (``epoch``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from wordkept.vault.access import Connection
from wordkept.vault.arrays import Blobs, Identifiers
from wordkept.vault.blind import BLOCK, BlindIndex
from wordkept.vault.points import reached
from wordkept.vault.statements import statements
from wordkept.vault.values import FIRST

_SQL: Final = statements("epoch.sql")
_PAGE: Final = 5000


def build(connection: Connection, old: BlindIndex, new: BlindIndex) -> int:
    """Copy every entry of one generation to the next; returns how many there were."""
    copied = 0
    for page in _pages(connection, old.epoch):
        items, entries, subjects, records = (list(column) for column in zip(*page, strict=True))
        connection.execute(
            _SQL["copy_entries"],
            {
                "generation": new.epoch, "items": items, "entries": Blobs(new.moved_from(old, entries)),
                "subjects": Identifiers(subjects), "records": Identifiers(records),
            },
        )  # fmt: skip
        copied += len(page)
        reached("epoch.index-page")
    return copied


def drop_ghosts(connection: Connection, old: BlindIndex, new: BlindIndex) -> int:
    """Remove entries of the next generation that have no counterpart in the one before; returns how many."""
    dropped = 0
    for page in _pages(connection, new.epoch):
        items, entries, _, records = (list(column) for column in zip(*page, strict=True))
        older = old.moved_from(new, entries)
        ghosts = connection.execute(
            _SQL["ghosts"], {"old": old.epoch, **_columns(items, entries, records, older)}, binary=True
        ).fetchall()
        if ghosts:  # there is hardly ever one
            asked = {"new": new.epoch, "old": old.epoch, **_columns(*zip(*ghosts, strict=True))}
            dropped += connection.execute(_SQL["drop_ghosts"], asked).rowcount
    return dropped


def _columns(
    items: Iterable[str], entries: Iterable[bytes], records: Iterable[str], older: Iterable[bytes]
) -> dict[str, object]:
    return {
        "items": list(items),
        "entries": Blobs(entries),
        "records": Identifiers(records),
        "older": Blobs(older),
    }


def _pages(connection: Connection, generation: int) -> Iterator[list[tuple[Any, ...]]]:
    place = {"item": "", "entry": bytes(BLOCK), "record": FIRST}
    while True:
        asked = {"generation": generation, "most": _PAGE, **place}
        page = connection.execute(_SQL["index_page"], asked, binary=True).fetchall()
        if not page:
            return
        yield page
        place = {"item": page[-1][0], "entry": page[-1][1], "record": page[-1][3]}
