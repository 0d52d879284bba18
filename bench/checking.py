"""Checking: finding what is due among much that is not, and verifying a million entries of evidence.

What is *not* here: doing what is due (``storing``, ``moving``).
"""

from __future__ import annotations

from typing import Final
from uuid import uuid4

from figures import Figure, alternating, middle, paired, timed
from ground import NOW, Ground, later, owner, rested, strangers

from wordkept.evidence import Body, Predicate, template
from wordkept.gate import Gate

_NOT_DUE: Final = """
INSERT INTO record (subject_id, record_id, item, purpose, method, version, rev, state, frozen, released_on,
                    edition, collected_on, after, use_until, keep_until, not_before, told, digest, sealed)
SELECT gen_random_uuid(), gen_random_uuid(), 'email', 'identification', 'website', 1, 1, 'live', false, null,
       '2016-08-31', '2017-03-01', 1, day, day, '0001-01-01', 1, '\\x00'::bytea, '\\x00'::bytea
FROM generate_series(1, %(many)s) AS one, LATERAL (SELECT date '2018-01-01' + one %% 2000 AS day) AS chosen
"""
"""Records that are kept for years to come; the scan reads neither values nor keys of what is not due."""


def due_scan(ground: Ground) -> list[Figure]:
    """The same records are due in both; around them are ten thousand that are not, then a million."""
    few, many = ground.size(10_000, 1_000), ground.size(1_000_000, 10_000)
    with ground.gate() as small, ground.gate() as large:
        for gate, others in ((small, few), (large, many)):
            strangers(gate, ground.size(200, 20), NOW)
            with owner(gate) as connection:
                connection.execute(_NOT_DUE, {"many": others})
            rested(gate)
        slices = {
            "few": lambda: timed(lambda: _scan(small)),
            "many": lambda: timed(lambda: _scan(large)),
        }
        assert _scan(small) == _scan(large) == ground.size(2000, 200)
        found = alternating(ground.size(15, 3), slices)
    seen = {f"{name} ms": middle(times) * 1e3 for name, times in found.items()}
    name = "due scan, 10⁶ records not due against 10⁴"
    return [Figure(name=name, value=paired(found["many"], found["few"]), unit="", bar=1.5, most=True, beside=seen)]


def verifying(ground: Ground) -> list[Figure]:
    """All entries recomputed from their bytes: leaves, roots, tiles, checkpoint; records are not counted."""
    entries = ground.size(1_000_000, 20_000)
    with ground.gate() as gate:
        sealing = _evidence(gate, entries)
        rested(gate)
        found = [timed(lambda: _verify(gate, entries)) for _ in range(ground.size(3, 1))]
    seen = {"sealing, entries/s": entries / sealing, "slowest": max(found), "quickest": min(found)}
    scaled = middle(found) * 1_000_000 / entries
    return [Figure(name="verify of 10⁶ entries", value=scaled, unit="s", bar=10, most=True, beside=seen)]


def _scan(gate: Gate) -> int:
    return sum(1 for _ in gate.due(later(60)))


def _evidence(gate: Gate, entries: int) -> float:
    """State and seal many acts; returns the seconds of sealing."""
    about = template(Predicate.USED, NOW, Body(clauses=("2.1.A",), items=("email",), purpose="notification"))
    subject = gate.new_subject(NOW)
    stores = gate._stores  # noqa: SLF001  (evidence without acts: only a bench wants that)
    for at in range(0, entries, 10_000):
        rows = [(subject, uuid4().hex, 1) for _ in range(min(10_000, entries - at))]
        with stores.transaction() as cursor:
            stores.journal.append(cursor, about.fill(rows))
    return timed(lambda: gate.seal(NOW))


def _verify(gate: Gate, entries: int) -> None:
    found = gate.verify(count=False)
    assert found["live"].report.entries == entries
    assert all(one.holds for one in found.values()), found
