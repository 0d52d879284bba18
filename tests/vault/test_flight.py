"""Statements that travel together: their order, their types, and what a failure on the way leaves behind."""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg.pq import TransactionStatus
from tests.vault.conftest import Desk, new_id

from wordkept.vault.flight import Command, Session
from wordkept.vault.formats import Store
from wordkept.vault.installation import Installation
from wordkept.vault.server import OWNER

ADD = b"INSERT INTO subject (subject_id, seq, standing) VALUES (%(subject)s, %(seq)s, %(standing)s)"
SEQ = b"SELECT seq FROM subject WHERE subject_id = %(subject)s"
NAMES = ("uuid", "uuids", "text", "texts", "bytes", "blobs", "day", "at", "small", "big", "flag")
TYPES = b"""SELECT %(uuid)s::uuid, %(uuids)s::uuid[], %(text)s::text, %(texts)s::text[], %(bytes)s::bytea,
    %(blobs)s::bytea[], %(day)s::date, %(at)s::timestamptz, %(small)s::integer, %(big)s::bigint, %(flag)s::boolean,
    %(text)s::text"""


def added(subject: str, seq: int = 0) -> Command:
    return Command(ADD, {"subject": subject, "seq": seq, "standing": b""})


def idle(session: Session) -> bool:
    return session.connection.pgconn.transaction_status == TransactionStatus.IDLE


def test_statements_are_done_in_their_order_within_one_transaction(desk: Desk) -> None:
    one = new_id()
    before, _, after = desk.cursor.ask(Command(SEQ, {"subject": one}), added(one, 7), Command(SEQ, {"subject": one}))
    assert (before, after) == ([], [(7,)])
    assert not idle(desk.cursor)
    desk.cursor.rollback()
    assert desk.cursor.ask(Command(SEQ, {"subject": one})) == [[]]


def test_what_travels_with_the_end_is_committed_with_it(desk: Desk) -> None:
    one, other = new_id(), new_id()
    desk.cursor.ask(added(one, 1))
    desk.cursor.commit(added(other, 2))
    assert idle(desk.cursor)
    rows = desk.cursor.execute("SELECT seq FROM subject WHERE subject_id IN (%s, %s) ORDER BY seq", (one, other))
    assert rows.fetchall() == [(1,), (2,)]


@pytest.mark.parametrize("known", [False, True], ids=["new", "known"])
def test_a_statement_after_the_server_went_away_says_so(desk: Desk, *, known: bool) -> None:
    session, one = desk.cursor, Command(SEQ + b" AND %d <> 0" % (1 + known), {"subject": new_id()})
    if known:
        session.ask(one)
        session.rollback()
    end = socket.socket(fileno=os.dup(session.connection.pgconn.socket))
    end.shutdown(socket.SHUT_RDWR)
    end.close()
    with pytest.raises(psycopg.OperationalError):
        session.ask(one)
    with pytest.raises(psycopg.OperationalError):
        session.rollback()


def test_an_end_of_nothing_is_nothing_and_one_of_something_begins_it(desk: Desk) -> None:
    one = new_id()
    desk.cursor.commit()
    desk.cursor.commit(added(one, 3))
    assert idle(desk.cursor)
    assert desk.cursor.ask(Command(SEQ, {"subject": one})) == [[(3,)]]


def test_a_failure_is_raised_and_nothing_after_it_is_done(desk: Desk) -> None:
    one, other = new_id(), new_id()
    with pytest.raises(psycopg.errors.UniqueViolation) as caught:
        desk.cursor.commit(added(one), added(one), added(other))
    assert caught.value.diag.table_name == "subject"
    desk.cursor.rollback()
    assert desk.cursor.ask(Command(SEQ, {"subject": one}), Command(SEQ, {"subject": other})) == [[], []]


def test_a_failed_transaction_is_never_taken_for_a_committed_one(desk: Desk) -> None:
    with pytest.raises(psycopg.errors.UniqueViolation):
        desk.cursor.ask(*[added(new_id())] * 2)
    for go_on in (lambda: desk.cursor.ask(added(new_id())), desk.cursor.commit):
        with pytest.raises(psycopg.errors.InFailedSqlTransaction):
            go_on()
    assert idle(desk.cursor)


def test_a_statement_the_server_does_not_know_is_an_error_before_anything_is_sent(desk: Desk) -> None:
    one = new_id()
    with pytest.raises(psycopg.errors.UndefinedTable):
        desk.cursor.ask(added(one), Command(b"SELECT 1 FROM nowhere"))
    desk.cursor.rollback()
    assert desk.cursor.ask(Command(SEQ, {"subject": one})) == [[]]


def test_a_server_that_goes_away_is_the_end_of_the_connection(desk: Desk, installation: Installation) -> None:
    desk.cursor.ask(added(new_id()))
    with installation.connect(Store.LIVE, OWNER, autocommit=True) as owner:
        pid = desk.connection.info.backend_pid
        hit = threading.Timer(0.2, lambda: owner.execute("SELECT pg_terminate_backend(%s)", (pid,)))
        hit.start()
        with pytest.raises(psycopg.OperationalError):
            desk.cursor.ask(Command(b"SELECT pg_sleep(30)"))
        hit.join()
    assert desk.connection.closed


@contextmanager
def interrupted_after(seconds: float) -> Iterator[None]:
    """An interrupt from outside, as from a keyboard."""
    before = signal.signal(signal.SIGALRM, signal.default_int_handler)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def test_an_interrupted_flight_leaves_no_connection_that_still_waits_for_answers(desk: Desk) -> None:
    start = time.monotonic()
    with pytest.raises(KeyboardInterrupt), interrupted_after(0.2):
        desk.cursor.ask(Command(b"SELECT pg_sleep(30)"))
    assert time.monotonic() - start < 20
    assert desk.connection.closed


def test_driver_and_flights_share_a_connection(desk: Desk) -> None:
    one = new_id()
    desk.cursor.execute(ADD.decode(), {"subject": one, "seq": 4, "standing": b""})
    assert desk.cursor.ask(Command(SEQ, {"subject": one})) == [[(4,)]]
    assert desk.cursor.execute(SEQ, {"subject": one}, prepare=True).fetchall() == [(4,)]
    desk.cursor.commit()
    assert desk.cursor.execute(SEQ, {"subject": one}).fetchall() == [(4,)]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.fixed_dictionaries(
        {
            "uuid": st.none() | st.uuids().map(lambda one: one.hex),
            "uuids": st.none() | st.lists(st.uuids().map(lambda one: one.hex), max_size=4),
            "text": st.none() | st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])),
            "texts": st.none()
            | st.lists(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])), max_size=4),
            "bytes": st.none() | st.binary(),
            "blobs": st.none() | st.lists(st.binary(), max_size=4),
            "day": st.none() | st.dates(date(1, 1, 1), date(9999, 12, 31)),
            "at": st.none() | st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
            "small": st.none() | st.integers(-(2**31), 2**31 - 1),
            "big": st.none() | st.integers(-(2**63), 2**63 - 1),
            "flag": st.none() | st.booleans(),
        }
    )
)
def test_every_type_comes_back_as_it_went(desk: Desk, sent: dict[str, object]) -> None:
    ((row,),) = desk.cursor.ask(Command(TYPES, sent))
    assert row == tuple(sent[name] for name in (*NAMES, "text"))


def test_a_flight_larger_than_any_buffer_arrives_and_comes_back(desk: Desk) -> None:
    """Neither side may wait for the other to read first."""
    large = "x" * 100_000
    with interrupted_after(60):
        answers = desk.cursor.ask(*[Command(b"SELECT %(text)s::text", {"text": large})] * 200)
        desk.cursor.commit(*[Command(b"SELECT %(text)s::text", {"text": large})] * 200)
    assert answers == [[(large,)]] * 200
