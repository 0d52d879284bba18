"""Apart: what the gate knows of the separate store and opens in it, each time for the reason that a request names.

Every opening is stated in the separate store's own log, in the transaction that opens. What is *not* here: moving
records there and destroying them there (``vault.separation``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from wordkept.evidence import Body
from wordkept.gate import telling
from wordkept.record import Record, Request
from wordkept.terms import Act, UnavailableError
from wordkept.vault.separation import Separation
from wordkept.vault.statements import statements
from wordkept.vault.values import Held, held_of, record_of

_SQL: Final = statements("apart.sql", "wordkept.gate")


def known(separation: Separation, subjects: Sequence[str]) -> Mapping[str, list[Record]]:
    """What is said about people's separated records, without values."""
    found: dict[str, list[Record]] = {subject: [] for subject in subjects}
    rows = separation.keeper.execute(_SQL["known"], {"people": list(subjects)}, binary=True)
    for row in rows.fetchall():
        found[row[0]].append(record_of(row[1:19]))
    return found


def count(separation: Separation) -> int:
    """How many records are kept apart."""
    with separation.separate.transaction():
        row = separation.separate.execute(_SQL["count"]).fetchone()
    return row[0] if row else 0


def opened(
    separation: Separation, subject: str, ask: Request, records: Sequence[Record], now: datetime, body: Body
) -> dict[str, bytes]:
    """Open separated records and state it there.

    Args:
        separation: both stores.
        subject: whose.
        ask: names the reason: the person's own view, a legal request, or a dispute.
        records: which.
        now: the operation's reference time.
        body: what the statement says.

    Returns:
        Plain values by record id.

    Raises:
        GenerationGoneError: a key was replaced meanwhile; ask again, once.
        UnavailableError: a record is not there any more, or the store does not answer.
    """
    wanted = {record.id for record in records}
    journal = separation.keeper_journal
    with journal.transaction(separation.keeper):
        held = [one for one in _held(separation, subject, ask, sorted(wanted)) if one.record.id in wanted]
        if len(held) != len(wanted):
            raise UnavailableError("a separated record went while it was asked for; ask again")
        values = separation.keeper_keys.open_many([(one.named, one.value) for one in held])
        named = [(one.record.id, one.record.version, one.value.digest) for one in held]
        statement = telling.of_records(telling.PREDICATES[ask.act], now, body, subject, named)
        journal.append(separation.keeper.cursor(), [statement])
    return {one.record.id: value for one, value in zip(held, values, strict=True)}


def _held(separation: Separation, subject: str, ask: Request, wanted: list[str]) -> list[Held]:
    name = "own_view" if ask.act is Act.VIEW else "legal_request" if ask.legal_request else "dispute"
    first = ask.by.name or ask.by.role.value
    asked = {"person": subject, "wanted": wanted, "document": ask.legal_request, "first": first}
    rows = separation.keeper.execute(_SQL[name], {**asked, "second": ask.by.second}, binary=True)
    return list(held_of(rows.fetchall()))
