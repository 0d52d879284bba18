"""The census: every record has exactly one open statement, and the other way round."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest
from tests.evidence.conftest import NOW, Installation

from wordkept.evidence.batch import template
from wordkept.evidence.census import census
from wordkept.evidence.predicate import Predicate
from wordkept.evidence.statement import Body, Named, state
from wordkept.terms import BrokenError

PERSON, ONE, OTHER = UUID(int=1), UUID(int=2), UUID(int=3)


class Office(Installation):
    """An installation with records."""

    def told(self, predicate: Predicate, record: UUID = ONE, version: int = 1) -> Office:
        """State something of a record."""
        made = template(predicate, NOW, Body()).fill([(PERSON.hex, record.hex, version)])
        with self.journal.transaction(self.connection):
            self.journal.append(self.connection.cursor(), made)
        return self

    def kept(self, record: UUID = ONE, version: int = 1) -> Office:
        """Have a record."""
        self.connection.execute("INSERT INTO record VALUES (%s, %s, %s, 'live')", [PERSON, record, version])
        return self

    def found(self) -> dict[UUID, str]:
        """What does not fit, by record."""
        return {one.record: one.kind for one in census(self.connection).mismatches}


@pytest.fixture
def office(installation: Installation) -> Iterator[Office]:
    made = Office(installation.dsn, installation.folder)
    yield made
    made.close()


def test_nothing_at_all_fits(office: Office) -> None:
    counted = census(office.connection)
    assert (counted.records, counted.mismatches) == (0, ())
    counted.require()


@pytest.mark.parametrize("how", [Predicate.COLLECTED, Predicate.REPLACED, Predicate.ARRIVED])
def test_a_record_that_was_stated_fits(office: Office, how: Predicate) -> None:
    office.told(how).kept().told(Predicate.USED).told(Predicate.VIEWED).told(Predicate.LEAVING)
    assert office.found() == {}


def test_the_latest_version_is_the_open_one(office: Office) -> None:
    office.told(Predicate.COLLECTED).told(Predicate.CORRECTED, version=2).told(Predicate.REPLACED, version=3)
    office.kept(version=3)
    assert office.found() == {}
    office.connection.execute("UPDATE record SET version = 2")
    assert office.found() == {ONE: "another-version"}


@pytest.mark.parametrize("how", [Predicate.DESTROYED, Predicate.SEPARATED])
def test_what_was_closed_is_gone(office: Office, how: Predicate) -> None:
    office.told(Predicate.COLLECTED).told(how)
    assert office.found() == {}
    office.kept()
    assert office.found() == {ONE: "closed-but-there"}


def test_a_record_may_arrive_more_than_once(office: Office) -> None:
    office.told(Predicate.ARRIVED).told(Predicate.ARRIVED).kept()
    assert office.found() == {}


def test_each_side_without_the_other_is_found(office: Office) -> None:
    office.kept(ONE).told(Predicate.COLLECTED, OTHER)
    assert office.found() == {ONE: "unstated", OTHER: "missing"}
    with pytest.raises(BrokenError, match="and 1 more"):
        census(office.connection).require()


def test_what_is_said_twice_is_found(office: Office) -> None:
    office.told(Predicate.COLLECTED).told(Predicate.COLLECTED).kept()
    office.told(Predicate.COLLECTED, OTHER).told(Predicate.DESTROYED, OTHER).told(Predicate.DESTROYED, OTHER)
    assert office.found() == {ONE: "opened-twice", OTHER: "closed-twice"}


def test_closing_what_was_never_opened_is_found(office: Office) -> None:
    office.told(Predicate.DESTROYED)
    assert office.found() == {ONE: "closed-but-never-opened"}


def test_one_statement_may_open_many_records(office: Office) -> None:
    body = Body(subject=PERSON.hex, records=(Named(ONE.hex, None, 1), Named(OTHER.hex, None, 1)))
    with office.journal.transaction(office.connection):
        office.journal.append(office.connection.cursor(), [state(Predicate.COLLECTED, NOW, body)])
    office.kept(ONE).kept(OTHER)
    assert office.found() == {}


def test_a_body_that_cannot_be_read_breaks_the_census(office: Office) -> None:
    office.told(Predicate.COLLECTED)
    office.connection.execute("UPDATE statement SET body = '{'")
    with pytest.raises(BrokenError, match="cannot be read"):
        census(office.connection)
