"""The schema stays distributable by ``subject_id``: a lint over every ``.sql`` file of the package."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "wordkept"
FILES = sorted(SOURCE.rglob("*.sql"))
MIGRATIONS = sorted((SOURCE / "vault" / "migrations").glob("*.sql"))
PER_PERSON = {
    "subject", "event", "request", "record", "value_key", "arrival", "peer", "wish", "given", "partner_order",
    "identity_challenge", "identity_proof", "claim", "authority_request",
}  # fmt: skip
"""Distributed by subject_id; ``blind`` is distributed by its entry, all others are local or reference tables."""
NOT_PER_PERSON = {
    "epoch", "epoch_key", "index_key", "shard", "shard_generation", "destruction_mark", "lease", "blind", "migration",
    "projected", "obeyed", "consent_text", "agreement", "agreement_tick", "agreement_inspection",
    "statement", "statement_dropped", "pending", "log_head", "log_entry",
}  # fmt: skip


def plain(text: str) -> str:
    """SQL without comments."""
    return re.sub(r"--[^\n]*", "", text)


def tables() -> dict[str, str]:
    pattern = re.compile(r"CREATE TABLE (?:IF NOT EXISTS )?(\w+) \((.*?)\n\s*\)", re.DOTALL)
    return dict(found for file in FILES for found in pattern.findall(plain(file.read_text())))


def statements() -> list[tuple[str, str]]:
    return [
        (f"{file.relative_to(SOURCE)}:{name}", plain(body))
        for file in FILES
        for name, body in re.findall(r"-- name: (\w+)\n(.*?)(?=-- name: |\Z)", file.read_text(), re.DOTALL)
    ]


STATEMENTS = statements()


def test_every_table_is_said_to_be_per_person_or_not() -> None:
    assert set(tables()) == PER_PERSON | NOT_PER_PERSON


@pytest.mark.parametrize("table", sorted(PER_PERSON))
def test_subject_id_is_in_every_key_of_a_per_person_table(table: str) -> None:
    body = tables()[table]
    keys = re.findall(r"(?:PRIMARY KEY|UNIQUE)\s*\(([^)]*)\)", body)
    inline = re.findall(r"(\w+) uuid PRIMARY KEY", body)
    assert keys or inline
    assert all("subject_id" in key for key in [*keys, *inline])
    for columns, target in re.findall(r"FOREIGN KEY \(([^)]*)\) REFERENCES (\w+)", body):
        assert "subject_id" in columns or target in NOT_PER_PERSON


def test_unique_indexes_of_per_person_tables_hold_subject_id() -> None:
    for file in FILES:
        for table, columns in re.findall(r"CREATE UNIQUE INDEX \w+ ON (\w+) \(([^)]*)\)", plain(file.read_text())):
            assert table not in PER_PERSON or "subject_id" in columns


def test_no_reference_table_points_at_a_distributed_one() -> None:
    for name, body in tables().items():
        if name in NOT_PER_PERSON:
            assert not set(re.findall(r"REFERENCES (\w+)", body)) & PER_PERSON


@pytest.mark.parametrize(("name", "text"), STATEMENTS, ids=[name for name, _ in STATEMENTS])
def test_a_statement_is_one_that_can_be_distributed(name: str, text: str) -> None:
    assert not re.search(r"CREATE (CONSTRAINT )?TRIGGER", text), "no row triggers"
    assert "ON DELETE SET NULL" not in text
    assert not re.search(r"DETACH PARTITION \w+ CONCURRENTLY", text)
    assert not re.search(r"SET\s[^;]*?(?<![.\w])subject_id\s*=", text.partition("WHERE")[0]), "it never moves"
    for update in re.findall(r"\bUPDATE (\w+)(.*?)(?:WHERE|RETURNING|;|\Z)", text, re.DOTALL):
        if update[0] in PER_PERSON:
            assert not re.search(r"\b(now|random|clock_timestamp|gen_random_uuid)\s*\(", update[1]), "volatile UPDATE"
    assert name


LOCKS = {
    "vault/values.sql:lock": "one person, by a parameter",
    "vault/changes.sql:lock_many": "a batch's people in one order; distributed, the caller locks one after another",
    "vault/separation.sql:mark_away": "as lock_many",
    "vault/separation.sql:lock_people": "as lock_many",
    "vault/keyring.sql:reserve": "a local table",
}


def test_rows_are_locked_only_where_it_is_known_why() -> None:
    """An allow-list that may only shrink; evidence locks its own local head."""
    found = {name for name, text in STATEMENTS if re.search(r"FOR (NO KEY )?UPDATE|FOR (KEY )?SHARE|SKIP LOCKED", text)}
    assert {name for name in found if not name.startswith("evidence/")} == set(LOCKS)
