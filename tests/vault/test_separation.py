"""Protocol C over both real databases: nothing is lost, nothing is in both, nothing comes back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import psycopg
import pytest
from tests.vault.conftest import BODY, DAY, NOW, Desk, record

from wordkept.evidence import census
from wordkept.evidence.predicate import Predicate
from wordkept.record.holds import NEVER, Term
from wordkept.terms import State, UnavailableError
from wordkept.vault import changes, keeper, points, values
from wordkept.vault.access import AUDITOR, KEEPER
from wordkept.vault.changes import Projection
from wordkept.vault.formats import Store
from wordkept.vault.installation import Installation
from wordkept.vault.separation import Separation
from wordkept.vault.server import OWNER


@pytest.fixture
def mover(installation: Installation) -> Iterator[Separation]:
    with Separation(installation) as opened:
        yield opened


def where(installation: Installation) -> tuple[dict[str, int], dict[str, int]]:
    with installation.connect(Store.LIVE, AUDITOR) as live, installation.connect(Store.SEPARATE, AUDITOR) as separate:
        return values.counts(live.cursor()), values.counts(separate.cursor())


def view(installation: Installation, subject: str) -> dict[str, bytes]:
    with installation.connect(Store.SEPARATE, KEEPER) as there, installation.keyring(Store.SEPARATE, KEEPER) as keys:
        rows = there.execute("SELECT * FROM open_own_view(%s)", (subject,)).fetchall()
        held = list(values.held_of(rows))
        return {
            one.record.id: value
            for one, value in zip(held, keys.open_many([(h.named, h.value) for h in held]), strict=True)
        }


def test_a_due_record_is_in_the_separate_store_alone(installation: Installation, desk: Desk, mover: Separation) -> None:
    one = record()
    subject = desk.keep(one)
    done = mover.separate_batch([(subject, one.id)], DAY, NOW, BODY)
    assert done.separated == {one.id}
    assert where(installation) == ({}, {"separated": 1})
    assert view(installation, subject) == {one.id: b"kim@example.org"}
    person = values.read(desk.cursor, subject)
    assert person is not None
    assert person.away
    assert not person.held
    assert not values.find(desk.cursor, desk.keys.indexes[0], "email", "kim@example.org", "email")


def test_what_is_not_due_stays(installation: Installation, desk: Desk, mover: Separation) -> None:
    in_use, over = record(use_until=DAY), record(keep_until=date(2020, 5, 31))
    subject = desk.keep(in_use, over)
    assert mover.separate_batch([(subject, in_use.id), (subject, over.id)], DAY, NOW, BODY).separated == frozenset()
    assert where(installation) == ({"live": 2}, {})


def test_the_key_of_the_separate_store_is_another(installation: Installation, desk: Desk, mover: Separation) -> None:
    one = record()
    subject = desk.keep(one)
    before = values.read(desk.cursor, subject)
    desk.connection.commit()
    mover.separate_batch([(subject, one.id)], DAY, NOW, BODY)
    with installation.connect(Store.SEPARATE, OWNER) as owner:
        row = owner.execute("SELECT sealed FROM record").fetchone()
    assert before is not None
    assert row is not None
    assert row[0] != before.held[0].value.sealed


def test_the_live_keys_mark_remembers_that_a_key_went(
    installation: Installation, desk: Desk, mover: Separation
) -> None:
    one = record()
    mover.separate_batch([(desk.keep(one), one.id)], DAY, NOW, BODY)
    with installation.connect(Store.LIVE, AUDITOR) as auditor:
        assert auditor.execute("SELECT shard, generation FROM destruction_mark").fetchall() == [(1, 1)]


class _Stopped(BaseException):
    """Stands for a kill: it is no Exception, so nothing handles it."""


POINTS = ("separation.marked", "separation.arrived", "separation.compared", "separation.left")


@pytest.mark.parametrize("point", POINTS)
def test_a_stop_at_any_step_is_finished_by_another(
    installation: Installation, desk: Desk, monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    records = [record(), record("gender")]
    subject = desk.keep(*records)

    def stop(here: str) -> None:
        if here == point:
            raise _Stopped

    monkeypatch.setattr(points, "hook", stop)
    with pytest.raises(_Stopped), Separation(installation) as first:
        first.separate_batch([(subject, one.id) for one in records], DAY, NOW, BODY)
    monkeypatch.undo()
    with Separation(installation) as second:
        second.recover(NOW, BODY)
    assert where(installation) == ({}, {"separated": 2})
    assert len(view(installation, subject)) == 2


def test_a_change_of_holds_on_the_way_arrives_too(installation: Installation, desk: Desk, mover: Separation) -> None:
    one = record()
    subject = desk.keep(one)
    mover.mark([(subject, one.id)], DAY, NOW, BODY)
    held, plain, told = mover._read([(subject, one.id)])
    mover._arrive(held, plain, told, NOW, BODY)
    with desk.transaction():
        values.lock_and_read(desk.cursor, subject)
        changes.project(desk.cursor, subject, [Projection(one.id, Term(date(2020, 5, 1), date(2025, 1, 1), NEVER))], 7)
    assert mover._leave(held, Predicate.SEPARATED, NOW, BODY) == set()
    assert mover.recover(NOW, BODY).separated == {one.id}
    with installation.connect(Store.SEPARATE, AUDITOR) as auditor:
        assert values.counts(auditor.cursor()) == {"separated": 1}
    with installation.connect(Store.SEPARATE, OWNER) as owner:
        assert owner.execute("SELECT keep_until, rev, told FROM record").fetchall() == [(date(2025, 1, 1), 2, 7)]
        assert owner.execute("SELECT count(*) FROM value_key").fetchall() == [(1,)]
        assert owner.execute("SELECT count(*) FROM destruction_mark").fetchall() == [(1,)]


def test_a_destroyed_record_never_arrives_again(installation: Installation, desk: Desk, mover: Separation) -> None:
    one = record()
    subject = desk.keep(one)
    mover.mark([(subject, one.id)], DAY, NOW, BODY)
    late = mover._read([(subject, one.id)])
    assert mover.destroy([(subject, one.id)], DAY, NOW, BODY, asked=True) == {one.id}
    assert where(installation) == ({}, {})
    assert mover._arrive(*late, NOW, BODY) == {one.id}
    assert where(installation) == ({}, {})


def test_a_stop_between_closing_and_deleting_is_healed(
    installation: Installation, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = record()
    subject = desk.keep(one)

    def stop(here: str) -> None:
        if here == "separation.closed":
            raise _Stopped

    with Separation(installation) as first:
        first.mark([(subject, one.id)], DAY, NOW, BODY)
        first._arrive(*first._read([(subject, one.id)]), NOW, BODY)
        monkeypatch.setattr(points, "hook", stop)
        with pytest.raises(_Stopped):
            first.destroy([(subject, one.id)], DAY, NOW, BODY, asked=True)
        monkeypatch.undo()
    assert where(installation) == ({"leaving": 1}, {})
    with Separation(installation) as second:
        assert second.recover(NOW, BODY).destroyed == {one.id}
    assert where(installation) == ({}, {})


def test_what_must_be_kept_is_not_destroyed_whoever_asks(
    installation: Installation, desk: Desk, mover: Separation
) -> None:
    kept, strict = record(), record("gender", not_before=date(2021, 1, 1))
    subject = desk.keep(kept, strict)
    mover.separate_batch([(subject, kept.id), (subject, strict.id)], DAY, NOW, BODY)
    pairs = [(subject, kept.id), (subject, strict.id)]
    assert mover.destroy(pairs, DAY, NOW, BODY) == frozenset()
    assert mover.destroy(pairs, DAY, NOW, BODY, asked=True) == {kept.id}
    assert set(view(installation, subject)) == {strict.id}


def test_what_is_over_there_is_due_and_goes(installation: Installation, desk: Desk, mover: Separation) -> None:
    one = record(keep_until=date(2020, 7, 1))
    subject = desk.keep(one)
    mover.separate_batch([(subject, one.id)], DAY, NOW, BODY)
    last = date(2020, 7, 1)
    assert keeper.due(mover, last) == []
    after = date(2020, 7, 2)
    due = keeper.due(mover, after)
    assert [(one.subject, one.record) for one in due] == [(subject, one.id)]
    assert mover.destroy([(subject, one.id)], last, NOW, BODY) == frozenset()
    assert mover.destroy([(subject, one.id)], after, NOW, BODY) == {one.id}
    assert where(installation) == ({}, {})


def test_the_census_of_the_separate_store_is_even(installation: Installation, desk: Desk, mover: Separation) -> None:
    stays, goes, changed = record(), record("gender"), record("mobile_phone")
    subject = desk.keep(stays, goes, changed)
    pairs = [(subject, one.id) for one in (stays, goes, changed)]
    mover.mark(pairs, DAY, NOW, BODY)
    mover._arrive(*mover._read(pairs), NOW, BODY)
    with desk.transaction():
        changes.project(desk.cursor, subject, [Projection(changed.id, Term(date(2020, 5, 1), None, NEVER))], 2)
    mover.recover(NOW, BODY)
    mover.destroy([(subject, goes.id)], DAY, NOW, BODY, asked=True)
    with installation.connect(Store.SEPARATE, AUDITOR, autocommit=True) as auditor:
        found = census(auditor)
    assert found.mismatches == ()


def test_a_later_word_about_holds_is_never_undone_by_an_earlier(desk: Desk, mover: Separation) -> None:
    one = record()
    subject = desk.keep(one)
    mover.separate_batch([(subject, one.id)], DAY, NOW, BODY)
    late, early = (Projection(one.id, Term(None, day, NEVER)) for day in (date(2026, 1, 1), date(2022, 1, 1)))
    assert keeper.tell(mover, [(subject, 9, late)]) == [one.id]
    assert keeper.tell(mover, [(subject, 4, early)]) == []
    assert [due.keep_until for due in keeper.due(mover, date(2027, 1, 1))] == [date(2026, 1, 1)]


def test_a_freeze_ends_with_separation(installation: Installation, desk: Desk, mover: Separation) -> None:
    one = record(frozen=True)
    subject = desk.keep(one)
    assert mover.separate_batch([(subject, one.id)], DAY, NOW, BODY).separated == {one.id}
    with installation.connect(Store.SEPARATE, OWNER) as owner:
        assert owner.execute("SELECT frozen FROM record").fetchall() == [(False,)]


def test_separation_refuses_to_run_where_its_keys_are_gone(installation: Installation, desk: Desk) -> None:
    one = record()
    subject = desk.keep(one)
    installation.roots(Store.SEPARATE).destroy(1)
    with pytest.raises(UnavailableError, match="root of epoch 1"):
        Separation(installation)
    assert values.read(desk.cursor, subject).held[0].record.state is State.LIVE  # type: ignore[union-attr]


@pytest.mark.parametrize(("document", "first", "second"), [("", "a", "b"), ("doc-1", "a", "a"), ("doc-1", "a", None)])
def test_a_legal_request_names_its_document_and_two_people(
    installation: Installation, document: str, first: str, second: str | None
) -> None:
    with installation.connect(Store.SEPARATE, KEEPER) as there, pytest.raises(psycopg.errors.InsufficientPrivilege):
        there.execute(
            "SELECT * FROM open_legal_request(%s, NULL, %s, %s, %s)", ("0" * 32, document, first, second)
        ).fetchall()


@pytest.mark.parametrize(
    "query", ["SELECT sealed FROM record", "SELECT * FROM value_key", "SELECT open_records(NULL, NULL)"]
)
def test_the_keeper_opens_nothing_without_a_reason(installation: Installation, query: str) -> None:
    with installation.connect(Store.SEPARATE, KEEPER) as there, pytest.raises(psycopg.errors.InsufficientPrivilege):
        there.execute(query.encode())
