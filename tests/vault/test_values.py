"""Reading and changing people and records in the live store, and the evidence that a sweep writes with its deletion."""

from __future__ import annotations

import uuid
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.vault.conftest import BODY, DAY, NOW, Desk, new_id, record

from wordkept.evidence.batch import template
from wordkept.evidence.journal import Journal
from wordkept.evidence.predicate import Predicate
from wordkept.record.events import CONSENT, Event
from wordkept.record.facts import Record
from wordkept.record.history import Chosen, History, Span
from wordkept.record.holds import NEVER, Term
from wordkept.terms import Choice
from wordkept.vault import changes, values
from wordkept.vault.access import AUDITOR
from wordkept.vault.changes import Projection
from wordkept.vault.formats import Store
from wordkept.vault.installation import Installation
from wordkept.vault.sealed import Named
from wordkept.vault.statements import statements
from wordkept.vault.values import Held

DAYS = st.one_of(st.none(), st.just(NEVER), st.dates(date(1990, 1, 1), date(2100, 1, 1)))
WORDS = st.one_of(st.none(), st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20))
RECORDS = st.builds(
    Record, id=st.uuids().map(lambda one: one.hex), item=st.sampled_from(["email", "gender"]), purpose=st.just("p"),
    on=st.dates(), after=st.integers(0, 2**31 - 1), edition=st.dates(), matter=WORDS, method=WORDS, source=WORDS,
    statute=WORDS, version=st.integers(1, 2**31 - 1), rev=st.integers(1, 2**31 - 1), frozen=st.booleans(),
    released_on=DAYS, use_until=DAYS, keep_until=DAYS, not_before=DAYS,
)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20)
@given(st.lists(RECORDS, min_size=1, max_size=12, unique_by=lambda one: one.id), st.binary(max_size=100))
def test_what_was_stored_is_what_is_read(desk: Desk, records: list[Record], value: bytes) -> None:
    """One at a time and in bulk alike."""
    subject = new_id()
    sealed = desk.keys.seal_many([(Named(subject, one.id, one.item, one.version), value) for one in records])
    held = [Held(subject, one, key) for one, key in zip(records, sealed, strict=True)]
    with desk.transaction():
        changes.create_people(desk.cursor, [subject])
        changes.insert(desk.cursor, held, seq=3)
    person = values.read(desk.cursor, subject)
    assert person is not None
    assert {one.record.id: one for one in person.held} == {one.record.id: one for one in held}
    many = values.read_many(desk.cursor, [subject, new_id()])
    assert list(many) == [subject]
    assert {one.record.id: one for one in many[subject].held} == {one.record.id: one for one in held}
    assert desk.keys.open_many([(one.named, one.value) for one in person.held]) == [value] * len(records)
    some = values.read(desk.cursor, subject, ["email"])
    assert some is not None
    assert {one.record.id for one in some.held} == {one.id for one in records if one.item == "email"}
    desk.connection.commit()


def test_a_person_without_records_is_a_person(desk: Desk) -> None:
    subject = new_id()
    changes.create_people(desk.cursor, [subject, new_id()])
    person = values.read(desk.cursor, subject, ["email"])
    assert person == values.Person(subject, 0, History(), away=False, stale=False, shared=False)
    assert values.read(desk.cursor, new_id(), ["email"]) is None
    assert values.lock_and_read(desk.cursor, new_id()) is None
    assert len(values.people(desk.cursor)) == 2


@pytest.mark.parametrize("count", [2, 20])
def test_events_come_back_in_their_order(desk: Desk, count: int) -> None:
    subject = new_id()
    changes.create_people(desk.cursor, [subject])
    made = [Event(1, DAY, CONSENT, to="marketing", choice="given", edition=date(2016, 8, 31))]
    made += [Event(at, DAY, "dispute.opened", matter=f"d:{at}", narrow=at % 2 == 0) for at in range(2, count + 1)]
    changes.append_events(desk.cursor, [(subject, event) for event in made], NOW)
    assert values.events(desk.cursor, subject) == tuple(made)
    assert set(values.event_instants(desk.cursor, subject).values()) == {NOW}


def test_a_history_is_read_as_it_was_saved(desk: Desk) -> None:
    one, other = new_id(), new_id()
    changes.create_people(desk.cursor, [one, other])
    history = History(
        7, {"service": (Span(1, DAY, None, 7, DAY),)}, {"marketing": (Chosen(2, DAY, Choice.GIVEN, date(2016, 8, 31)),)}
    )
    changes.save_standing(desk.cursor, {one: history}, stale=True)
    changes.save_standing(desk.cursor, {one: history, other: History(1)})
    person = values.standing(desk.cursor, one)
    assert person is not None
    assert (person.history, person.seq) == (history, 7)
    assert person.stale is False, "who has nothing in the separate store is never stale"


def test_a_retry_of_a_request_finds_the_first_answer(desk: Desk) -> None:
    subject, request = new_id(), new_id()
    assert values.recall(desk.cursor, subject, request) is None
    changes.remember(desk.cursor, subject, request, b"allowed")
    assert values.recall(desk.cursor, subject, request) == b"allowed"
    assert values.recall(desk.cursor, new_id(), request) is None


def test_people_are_found_by_what_means_the_same(desk: Desk) -> None:
    one, other = record(), record()
    subject = desk.keep(one, value=b"Kim@Example.org")
    desk.keep(other, value=b"lee@example.org")
    [index] = desk.keys.indexes
    assert values.find(desk.cursor, index, "email", " kim@example.ORG", "email") == [(subject, one.id)]
    assert values.find(desk.cursor, index, "ci", "kim@example.org", "email") == []


def test_a_corrected_value_is_found_by_its_new_form_alone(desk: Desk) -> None:
    one = record(frozen=True)
    subject = desk.keep(one, value=b"old@example.org")
    new = record(id=one.id, version=2)
    value = desk.keys.seal(Named(subject, new.id, new.item, 2), b"new@example.org")
    entries = changes.entries_of(desk.keys.indexes, subject, new, "new@example.org", "email")
    assert changes.correct(desk.cursor, subject, new, value, entries)
    assert not changes.correct(desk.cursor, subject, new, value, entries), "the version moved on"
    [index] = desk.keys.indexes
    assert values.find(desk.cursor, index, "email", "old@example.org", "email") == []
    assert values.find(desk.cursor, index, "email", "new@example.org", "email") == [(subject, one.id)]
    person = values.read(desk.cursor, subject)
    assert person is not None
    [held] = person.held
    assert (held.record.version, held.record.rev, held.record.frozen) == (2, 2, False)
    assert desk.keys.open(held.named, held.value) == b"new@example.org"
    assert values.unpaired(desk.cursor) == []


def test_a_destroyed_record_takes_key_and_entries_with_it(desk: Desk) -> None:
    one, strict = record(), record("gender", not_before=DAY)
    subject = desk.keep(one, strict)
    gone = changes.destroy(desk.cursor, subject, [one.id, strict.id], DAY)
    assert [row.record for row in gone] == [one.id]
    assert (gone[0].item, gone[0].version, gone[0].shard, gone[0].generation) == ("email", 1, 1, 1)
    assert values.find(desk.cursor, desk.keys.indexes[0], "email", "kim@example.org", "email") == []
    assert values.unpaired(desk.cursor) == []
    assert values.counts(desk.cursor) == {"live": 1}


def test_a_person_cannot_destroy_anothers_record(desk: Desk) -> None:
    one = record()
    desk.keep(one)
    assert changes.destroy(desk.cursor, desk.keep(record()), [one.id]) == []


def test_a_freeze_is_laid_and_lifted_once(desk: Desk) -> None:
    one = record()
    subject = desk.keep(one)
    assert changes.freeze(desk.cursor, subject, [one.id], frozen=True) == [(one.id, "email", 1)]
    assert changes.freeze(desk.cursor, subject, [one.id], frozen=True) == []
    assert changes.freeze(desk.cursor, subject, [one.id], frozen=False) == [(one.id, "email", 1)]


def test_a_projection_moves_the_days_and_the_revision(desk: Desk) -> None:
    one = record()
    subject = desk.keep(one)
    changes.project(desk.cursor, subject, [Projection(one.id, Term(None, None, DAY), released_on=DAY)], 4)
    changes.project_many(desk.cursor, [(subject, 5, Projection(one.id, Term(DAY, None, NEVER)))])
    person = values.read(desk.cursor, subject)
    assert person is not None
    found = person.held[0].record
    assert (found.use_until, found.keep_until, found.not_before) == (DAY, None, NEVER)
    assert (found.released_on, found.rev) == (None, 3)


def test_what_is_due_comes_oldest_first_in_pages(desk: Desk) -> None:
    ends = [date(2020, 5, day) for day in (3, 1, 2, 2, 1)]
    over = [record(use_until=end, keep_until=end) for end in ends]
    kept = [record(use_until=end) for end in ends]
    desk.keep(*over, *kept, record(use_until=DAY, keep_until=DAY), record(use_until=None))
    for scan, wanted in ((values.due_destruction, over), (values.due_separation, kept)):
        found: list[values.Due] = []
        while page := scan(desk.cursor, DAY, after=found[-1] if found else None, most=2):
            found += page
        assert {one.record for one in found} == {one.id for one in wanted}
        assert [one.use_until for one in found] == sorted(ends)


def test_a_sweep_checks_again_and_says_what_it_did(installation: Installation, desk: Desk) -> None:
    due = [record(item, keep_until=date(2020, 5, 31)) for item in ("email", "gender", "mobile_phone")]
    not_due = [record(keep_until=DAY), record(keep_until=None), record(keep_until=date(2020, 1, 1), not_before=DAY)]
    subject = desk.keep(*due, *not_due)
    journal = Journal()
    with journal.transaction(desk.connection):
        asked = [(subject, one.id) for one in (*due, *not_due)] + [(subject, new_id())]
        went = changes.sweep(desk.cursor, asked, DAY, journal, template(Predicate.DESTROYED, NOW, BODY), ["email"])
    assert went == {one.id for one in due}
    assert journal.next == 2, "one statement names all of a person's records"
    assert values.counts(desk.cursor) == {"live": 3}
    assert len(values.find(desk.cursor, desk.keys.indexes[0], "email", "kim@example.org", "email")) == 3
    desk.connection.commit()
    with installation.connect(Store.LIVE, AUDITOR) as auditor:
        rows = auditor.execute("SELECT subject_id, body FROM statement ORDER BY number").fetchall()
        assert {row[0] for row in rows} == {subject}
        assert all(one.id.encode() in rows[0][1] for one in due)
        assert not any(one.id.encode() in rows[0][1] for one in not_due)
        assert auditor.execute("SELECT count(*) FROM destruction_mark").fetchone() == (1,)


def test_a_sweep_is_a_look_up_and_not_a_search() -> None:
    """Where the planner believes that nearly nothing is due, it must not compare everything with everything."""
    text = statements("changes.sql")["sweep"].decode()
    assert "r.keep_until + 0 <" in text
    assert "r.state || '' =" in text


def test_identifiers_are_thirty_two_digits(desk: Desk) -> None:
    desk.keep(record())
    [found] = values.people(desk.cursor)
    assert uuid.UUID(found).hex == found
