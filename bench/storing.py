"""Storing: collecting in bulk, erasing one person, sweeping what is due.

What is *not* here: the separate store (``moving``).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from figures import Figure, alternating, middle, paired, timed
from ground import ITEMS, MEMBER, NOW, Ground, collect, later, owner, rested, session, sign_ups, strangers

from wordkept.gate import Asked, Gate
from wordkept.record import Request
from wordkept.terms import Act
from wordkept.vault.access import GATE, Connection

_RECORD: Final = "DELETE FROM bare_record WHERE subject_id = %s"
_KEY: Final = "DELETE FROM bare_key WHERE subject_id = %s"
_INSERT: Final = "INSERT INTO bare_erased (subject_id) VALUES (%s)"
_TABLES: Final = (
    "CREATE TABLE bare_record (LIKE record INCLUDING ALL)",
    "CREATE TABLE bare_key (LIKE value_key INCLUDING ALL)",
    "CREATE TABLE bare_erased (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, subject_id uuid)",
    f"GRANT SELECT, INSERT, DELETE ON bare_record, bare_key, bare_erased TO {GATE}",
)


def bulk_collect(ground: Ground) -> list[Figure]:
    """New people with ten records each, three of them searched for, one statement of evidence for each record."""
    people = ground.size(1000, 100)
    with ground.gate() as gate:
        strangers(gate, 20, NOW)

        def one() -> float:
            asks = sign_ups(gate, people, NOW)
            seconds = timed(lambda: collect(gate, asks, NOW))
            return people * len(ITEMS) / seconds

        found = alternating(ground.size(15, 2), {"collect": one})["collect"]
    return [
        Figure(
            name="bulk collect", value=middle(found), unit="records/s", bar=20_000,
            beside={"slowest slice": min(found), "quickest slice": max(found)},
        )
    ]  # fmt: skip


def erasing(ground: Ground) -> list[Figure]:
    """One person's ten records, erased on request, against a pipelined transaction that deletes as many bare rows."""
    rounds, each = ground.size(15, 2), ground.size(40, 10)
    with ground.gate() as gate:
        subjects = strangers(gate, (rounds + 1) * each, NOW)
        with owner(gate) as connection:
            for statement in _TABLES:
                connection.execute(statement)
            connection.execute("INSERT INTO bare_record SELECT * FROM record")
            connection.execute("INSERT INTO bare_key SELECT * FROM value_key")
        rested(gate)
        with session(gate) as bare:
            slices = {
                "bare": _each(subjects, each, lambda one: _erase_bare(bare, one)),
                "guarded": _each(subjects, each, lambda one: _erase(gate, one)),
            }
            found = alternating(rounds, slices)
    seen = {f"{name} µs": middle(times) * 1e6 for name, times in found.items()}
    ratio = paired(found["bare"], found["guarded"])
    return [Figure(name="erasing ten records, share of bare", value=ratio, unit="", bar=0.4, beside=seen)]


def sweeping(ground: Ground) -> list[Figure]:
    """What is due is destroyed: row, key, index entries, touched mark, and a hashed statement for each record."""
    people = ground.size(1000, 50)
    with ground.gate() as gate:

        def one() -> float:
            strangers(gate, people, NOW)
            rested(gate)
            lines = list(gate.due(later(60)))
            assert len(lines) == people * len(ITEMS)
            seconds = timed(lambda: gate.sweep(lines, later(60)))
            return len(lines) / seconds

        found = alternating(ground.size(7, 2), {"sweep": one})["sweep"]
    return [
        Figure(
            name="sweep", value=middle(found), unit="records/s", bar=80_000,
            beside={"slowest slice": min(found), "quickest slice": max(found)},
        )
    ]  # fmt: skip


def _each(subjects: list[str], each: int, erase: Callable[[str], None]) -> Callable[[], float]:
    """Seconds of erasing one of the next few people."""
    source = iter(subjects)

    def run() -> float:
        some = [next(source) for _ in range(each)]
        left = iter(some)
        return timed(lambda: erase(next(left)), each)

    return run


def _erase(gate: Gate, subject: str) -> None:
    ask = Request(act=Act.DESTROY, items=ITEMS, by=MEMBER, on=gate.day(NOW))
    gate.perform(Asked(subject, ask), NOW)


def _erase_bare(connection: Connection, subject: str) -> None:
    with connection.pipeline(), connection.transaction(), connection.cursor() as cursor:
        cursor.execute(_RECORD, (subject,), prepare=True)
        cursor.execute(_KEY, (subject,), prepare=True)
        cursor.execute(_INSERT, (subject,), prepare=True)
