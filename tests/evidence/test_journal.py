"""Appending: in the acting transaction, numbered without gaps, however many at a time."""

from __future__ import annotations

import contextlib
import os
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from tests.evidence.conftest import NOW, Installation

from wordkept.evidence.batch import form, template
from wordkept.evidence.journal import Journal
from wordkept.evidence.predicate import Predicate, Retained
from wordkept.evidence.statement import Body, Statement, digest_of, header, state
from wordkept.evidence.told import open_months, told_as, told_of
from wordkept.terms import Act, Role


def numbers(connection: psycopg.Connection[Any]) -> list[int]:
    return [number for (number,) in connection.execute("SELECT number FROM statement ORDER BY number")]


SWEEP = template(Predicate.DESTROYED, NOW, Body(act=Act.DESTROY, clauses=("5.2.B",), role=Role.SYSTEM))


def abandon(journal: Journal, connection: psycopg.Connection[Any], statements: list[Statement]) -> None:
    """An act that fails after its statements were appended."""
    with contextlib.suppress(ZeroDivisionError), journal.transaction(connection):
        journal.append(connection.cursor(), statements)
        raise ZeroDivisionError


@pytest.mark.parametrize("count", [1, 2, 200, 201, 10_001])
def test_what_is_appended_is_stored_as_it_was_hashed(connection: psycopg.Connection[Any], count: int) -> None:
    kind = form(Predicate.COLLECTED, NOW, Body(purpose="billing"))
    made = [kind.fill(uuid4().hex, [(uuid4().hex, at, os.urandom(32))]) for at in range(count)]
    journal = Journal()
    with journal.transaction(connection):
        assert journal.append(connection.cursor(), made) == range(1, count + 1)
    stored = connection.execute(
        "SELECT subject_id, salt, digest, header, body, class, hour FROM statement ORDER BY number"
    )
    for one, (subject, salt, digest, top, body, kept, hour) in zip(made, stored, strict=True):
        assert (one.subject, one.salt, one.digest, one.header.raw, one.body) == (subject.hex, salt, digest, top, body)
        assert (one.header.retained, one.header.hour) == (kept, hour)
    waiting = connection.execute("SELECT sum(last_number - first_number + 1) FROM pending").fetchone()
    assert waiting == (count,)


@pytest.mark.parametrize("count", [1, 300])
def test_one_append_may_mix_people_and_nobody(connection: psycopg.Connection[Any], count: int) -> None:
    made = [state(Predicate.EVENT, NOW, Body(subject=who)) for who in (None, "1" * 32, None, "2" * 32)] * count
    journal = Journal()
    with journal.transaction(connection):
        journal.append(connection.cursor(), made)
    stored = connection.execute("SELECT subject_id, digest FROM statement ORDER BY number").fetchall()
    assert stored == [(one.subject and UUID(one.subject), one.digest) for one in made]


@pytest.mark.parametrize("count", [3, 300])
def test_one_append_may_mix_classes(installation: Installation, count: int) -> None:
    installation.say(*[Predicate.USED, Predicate.REFUSED, Predicate.DESTROYED] * count)
    assert installation.seal().added == 3 * count
    assert installation.verify().holds


def test_a_rolled_back_number_is_given_out_again(connection: psycopg.Connection[Any]) -> None:
    journal = Journal()
    one = state(Predicate.USED, NOW, Body())
    for _ in range(2):
        abandon(journal, connection, [one, one])
        with journal.transaction(connection):
            journal.append(connection.cursor(), [one])
    assert numbers(connection) == [1, 2]


def test_a_statement_of_an_act_that_was_rolled_back_does_not_exist(installation: Installation) -> None:
    abandon(installation.journal, installation.connection, [state(Predicate.USED, NOW, Body())])
    assert installation.seal().added == 0
    assert installation.verify().entries == 0


def test_statements_may_stand_in_a_pipeline(installation: Installation) -> None:
    with installation.connection.pipeline():
        installation.say(Predicate.USED)
        installation.say(Predicate.USED, Predicate.REFUSED)
    assert installation.seal().added == 3


def swept(installation: Installation, gone: list[tuple[UUID, UUID, int]], salts: bytes) -> int:
    """State a sweep in the database, as the gate does in the command that deletes."""
    journal, top = installation.journal, SWEEP.header
    values = [journal.connection, journal.next, top.retained.value, top.hour, top.raw, list(SWEEP.pieces), salts]
    with journal.transaction(installation.connection):
        row = installation.connection.execute(
            "SELECT evidence_swept(%s, %s, %s, %s, %s, %s, %s, %s::uuid[], %s::uuid[], %s::int[])",
            [*values, *([one[at] for one in gone] or None for at in range(3))],
        ).fetchone()
        assert row is not None
        journal.took(row[0])
    return int(row[0])


def test_what_the_database_sweeps_it_states_in_the_same_words(installation: Installation) -> None:
    gone = [(uuid4(), uuid4(), at) for at in range(300)]
    assert swept(installation, gone, os.urandom(16 * 300)) == 300
    stored = installation.connection.execute("SELECT subject_id, salt, body, digest FROM statement").fetchall()
    expected = {one.subject: one.body for one in SWEEP.fill([(who.hex, what.hex, at) for who, what, at in gone])}
    assert {subject.hex: body for subject, _, body, _ in stored} == expected
    assert all(digest == digest_of(salt, body) for _, salt, body, digest in stored)
    assert {len(salt) for _, salt, _, _ in stored} == {16}
    assert len({salt for _, salt, _, _ in stored}) == 300
    assert swept(installation, [], b"") == 0
    installation.say(Predicate.USED)
    assert installation.seal().added == 301
    assert installation.verify().holds


def test_a_sweep_makes_one_statement_for_each_person_that_names_all_their_records(installation: Installation) -> None:
    people = [uuid4() for _ in range(3)]
    gone = [(people[at % 3], uuid4(), at + 1) for at in range(30)]
    assert swept(installation, gone, os.urandom(16 * 30)) == 3
    assert numbers(installation.connection) == [1, 2, 3]
    for person in people:
        (told,) = told_of(installation.connection, person.hex)
        named = {(one.id, one.version) for one in told.body.records}
        assert named == {(record.hex, version) for of, record, version in gone if of == person}
    installation.seal()
    assert installation.verify().holds


def test_months_are_opened_ahead_and_hold_what_falls_in_them(installation: Installation) -> None:
    connection = installation.connection
    installation.say(Predicate.REFUSED)  # lies in the rest, so its month stays there
    for _ in range(2):
        open_months(connection, NOW)
    installation.say(Predicate.USED, Predicate.REFUSED)
    where = connection.execute("SELECT tableoid::regclass::text FROM statement ORDER BY number").fetchall()
    assert where == [("statement_refusal_rest",), ("statement_act_2026_11",), ("statement_refusal_rest",)]
    assert connection.execute("SELECT to_regclass('statement_refusal_2026_12') IS NOT NULL").fetchone() == (True,)
    assert installation.seal().added == 3
    assert installation.verify().holds


def test_what_was_told_of_a_person_is_read_back_in_order(installation: Installation) -> None:
    person = UUID(int=5)
    installation.say(Predicate.COLLECTED, subject=person)
    installation.say(Predicate.USED, subject=UUID(int=6))
    installation.say(Predicate.DESTROYED, subject=person)
    installation.seal()
    installation.say(Predicate.REFUSED, subject=person)
    found = told_of(installation.connection, person.hex)
    assert [(one.header.predicate, one.position) for one in found] == [
        (Predicate.COLLECTED, 0),
        (Predicate.DESTROYED, 2),
        (Predicate.REFUSED, None),
    ]
    assert {one.body.subject for one in found} == {person.hex}
    assert told_of(installation.connection, UUID(int=7).hex) == []


def test_what_was_told_in_a_class_is_read_back_from_an_hour_on(installation: Installation) -> None:
    installation.say(Predicate.PROBE, Predicate.USED, Predicate.EPOCH_ENDED)
    installation.seal()
    found = [one.header.predicate for one in told_as(installation.connection, Retained.SYSTEM)]
    assert found == [Predicate.PROBE, Predicate.EPOCH_ENDED]
    assert not list(told_as(installation.connection, Retained.SYSTEM, NOW))
    assert len(list(told_as(installation.connection, Retained.SYSTEM, NOW.replace(minute=0)))) == 2


def test_who_acts_may_insert_evidence_and_change_none(connection: psycopg.Connection[Any]) -> None:
    connection.execute("DROP ROLE IF EXISTS actor")
    connection.execute("CREATE ROLE actor")
    connection.execute("GRANT INSERT ON statement, pending TO actor")
    connection.execute("GRANT EXECUTE ON FUNCTION evidence_swept TO actor")
    connection.execute("SET ROLE actor")
    journal = Journal()
    top, salts, one = header(Predicate.DESTROYED, NOW), os.urandom(16), [[UUID(int=1)], [UUID(int=2)], [1]]
    with journal.transaction(connection):
        journal.append(connection.cursor(), [state(Predicate.USED, NOW, Body())] * 300)
        connection.execute(
            "SELECT evidence_swept(%s, 301, %s, %s, %s, %s, %s, %s, %s, %s)",
            [journal.connection, "destruction", top.hour, top.raw, [b"a"] * 4, salts, *one],
        )
    for command in (
        "UPDATE statement SET number = 9",
        "DELETE FROM statement",
        "DELETE FROM pending",
        "TRUNCATE statement",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(command)
    connection.execute("RESET ROLE")
    connection.execute("DROP OWNED BY actor")
    connection.execute("DROP ROLE actor")
