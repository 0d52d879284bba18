"""Reading: what a guarded read costs above a bare one, one at a time and sixty-four together.

The bare reader selects the same rows that the gate reads, sealed as they are, and inserts into a table of what was
read; nothing else. Beside it stands a reader of plain values in a table made for just that. What is *not* here: what a
decision alone costs (``deciding``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import cycle
from typing import Final

from figures import Figure, alternating, middle, paired, timed
from ground import ITEMS, NOW, SYSTEM, Ground, members, owner, rested, session, values

from wordkept.gate import Asked, Gate
from wordkept.record import Request
from wordkept.terms import Act
from wordkept.vault.access import GATE, Connection

_TABLES: Final = (
    "CREATE TABLE plain (subject_id uuid, item text, value text, PRIMARY KEY (subject_id, item))",
    "CREATE TABLE bare_log (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, subject_id uuid, item text)",
    f"GRANT SELECT, INSERT ON plain, bare_log TO {GATE}",
)
_BARE: Final = "SELECT record_id, sealed FROM record WHERE subject_id = %s AND item = %s AND state = 'live'"
_PLAIN: Final = "SELECT value FROM plain WHERE subject_id = %s AND item = %s"
_INSERT: Final = "INSERT INTO bare_log (subject_id, item) VALUES (%s, %s)"
_BARE_MANY: Final = (
    "SELECT subject_id, record_id, sealed FROM record"
    " WHERE subject_id = ANY (%s::uuid[]) AND item = %s AND state = 'live'"
)
_PLAIN_MANY: Final = "SELECT subject_id, value FROM plain WHERE subject_id = ANY (%s::uuid[]) AND item = %s"
_TOGETHER: Final = 64
_ITEM: Final = "email"


def guarded_read(ground: Ground) -> list[Figure]:
    """One guarded read against a bare transaction, without waiting for the disk and with."""
    with ground.gate() as gate, _tables(gate) as bare:
        subjects = _people(gate, bare, ground.size(2000, 200))
        slices = {
            "plain": _bare(bare, _PLAIN, subjects),
            "bare": _bare(bare, _BARE, subjects),
            "guarded": _guarded(gate, subjects),
        }
        figures = []
        for durable in (False, True):
            _durable(gate, bare, durable=durable)
            each = ground.size(200 if durable else 800, 40)
            runs = {name: _slice(run, each) for name, run in slices.items()}
            found = alternating(ground.size(15, 3), runs)
            seen = {f"{name} µs": middle(times) * 1e6 for name, times in found.items()}
            if durable:
                ratio = paired(found["bare"], found["guarded"])
                figures.append(
                    Figure(name="guarded read, durable, share of bare", value=ratio, unit="", bar=0.45, beside=seen)
                )
            else:
                above = middle(g - b for b, g in zip(found["bare"], found["guarded"], strict=True)) * 1e6
                name = "guarded read above bare, synchronous_commit=off"
                figures.append(Figure(name=name, value=above, unit="µs", bar=300, most=True, beside=seen))
        return figures


def read_many(ground: Ground) -> list[Figure]:
    """Sixty-four guarded reads in one batch, durable, against one bare SELECT of as many without any evidence."""
    with ground.gate() as gate, _tables(gate) as bare:
        subjects = _people(gate, bare, ground.size(2048, 256))
        _durable(gate, bare, durable=True)
        places = cycle(range(0, len(subjects), _TOGETHER))
        ask = _ask(gate)

        def bare_many(select: str) -> None:
            at = next(places)
            rows = bare.execute(select, (subjects[at : at + _TOGETHER], _ITEM)).fetchall()
            assert len(rows) == _TOGETHER

        def guarded_many() -> None:
            at = next(places)
            done = gate.read_many([Asked(one, ask) for one in subjects[at : at + _TOGETHER]], NOW)
            assert all(one.values for one in done)

        runs = {
            "plain": _slice(partial(bare_many, _PLAIN_MANY), ground.size(100, 10)),
            "bare": _slice(partial(bare_many, _BARE_MANY), ground.size(100, 10)),
            "guarded": _slice(guarded_many, ground.size(25, 5)),
        }
        found = alternating(ground.size(15, 3), runs)
        seen = {f"{name} µs": middle(times) * 1e6 for name, times in found.items()}
        ratio = paired(found["bare"], found["guarded"])
        return [Figure(name="read_many of 64, share of bare", value=ratio, unit="", bar=0.10, beside=seen)]


def _ask(gate: Gate) -> Request:
    return Request(act=Act.USE, items=(_ITEM,), by=SYSTEM, on=gate.day(NOW), purpose="notification")


@contextmanager
def _tables(gate: Gate) -> Iterator[Connection]:
    with owner(gate) as connection:
        for statement in _TABLES:
            connection.execute(statement)
    with session(gate) as bare:
        yield bare


def _people(gate: Gate, bare: Connection, count: int) -> list[str]:
    subjects = members(gate, count, NOW)
    with bare.cursor() as cursor, cursor.copy("COPY plain FROM STDIN") as copy:
        for number, subject in enumerate(subjects):
            for item in ITEMS:
                copy.write_row((subject, item, values(number)[item]))
    rested(gate)
    return subjects


def _durable(gate: Gate, bare: Connection, *, durable: bool) -> None:
    for connection in (gate._stores.live, bare):  # noqa: SLF001  (the door has no such switch, and must not)
        connection.execute(f"SET synchronous_commit = {'on' if durable else 'off'}")
        connection.commit()


def _bare(connection: Connection, select: str, subjects: Sequence[str]) -> Callable[[], None]:
    source, cursor = cycle(subjects), connection.cursor()

    def run() -> None:
        subject = next(source)
        with connection.transaction():
            row = cursor.execute(select, (subject, _ITEM)).fetchone()
            cursor.execute(_INSERT, (subject, _ITEM))
        assert row

    return run


def _guarded(gate: Gate, subjects: Sequence[str]) -> Callable[[], None]:
    source, ask = cycle(subjects), _ask(gate)

    def run() -> None:
        done = gate.perform(Asked(next(source), ask), NOW)
        assert done.values[_ITEM]

    return run


def _slice(run: Callable[[], None], each: int) -> Callable[[], float]:
    """Seconds of one of ``each`` runs."""
    return lambda: timed(run, each)
