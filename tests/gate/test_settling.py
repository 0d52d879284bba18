"""What a crash, a second gate or a new edition leaves between the stores is finished by the next run."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta

import msgspec
import pytest
from tests.gate.conftest import POLICY, START, Someone, assert_whole, at, new_id, predicates, sweep

from wordkept.gate import Gate, Temporary
from wordkept.policy.model import Edition, Policy
from wordkept.terms import Act, Choice, Effect, Reason, Role, State, UnavailableError, ValueRejectedError
from wordkept.vault import points, values
from wordkept.vault.formats import Store

LEFT = START + timedelta(days=10)
DUE = LEFT + timedelta(days=1)


class _Stopped(BaseException):
    """Stands for a kill: it is no Exception, so nothing handles it."""


@pytest.fixture
def stop_at(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    def arm(point: str) -> None:
        def stop(here: str) -> None:
            if here == point:
                monkeypatch.undo()
                raise _Stopped

        monkeypatch.setattr(points, "hook", stop)

    return arm


@pytest.fixture(scope="module")
def own(temporary: Temporary) -> Iterator[Gate]:
    with temporary.gate(POLICY) as opened:
        yield opened


def apart(gate: Gate, *, held: bool = False) -> Someone:
    """Somebody who left, whose e-mail address is in the separate store; held there by a dispute if asked."""
    one = Someone(gate)
    one.collects("identification", "email")
    if held:
        one.happens("dispute.opened", "payment:1")
    one.day = LEFT
    one.happens("service.terminated")
    one.day = DUE
    sweep(gate, DUE)
    assert one.states() == {"email": [State.SEPARATED]}
    return one


@pytest.mark.parametrize("point", ["act.committed", "person.told", "wish.told", "separation.closed", "wish.done"])
def test_a_wish_to_be_forgotten_outlives_a_crash(own: Gate, stop_at: Callable[[str], None], point: str) -> None:
    one = apart(own)
    stop_at(point)
    with pytest.raises(_Stopped):
        one.does(Act.DESTROY, "email")
    own.close()
    assert one.sees("email") == {}, "decided is decided: nobody is shown it any more"
    assert [check.state for check in own.examine(at(START)) if check.name == "between the stores"] == ["at risk"]
    own.settle(at(DUE, 14))
    assert [check.state for check in own.examine(at(START)) if check.name == "between the stores"] == ["ok"]
    assert one.records == ()
    assert predicates(own, Store.SEPARATE, one.subject) == ["arrived", "destroyed"]
    assert_whole(own)


@pytest.mark.parametrize("point", ["act.committed", "person.told", "wish.told", "wish.done"])
def test_a_wish_that_waits_for_a_dispute_outlives_a_crash(
    own: Gate, stop_at: Callable[[str], None], point: str
) -> None:
    one = apart(own, held=True)
    stop_at(point)
    with pytest.raises(_Stopped):
        one.does(Act.DESTROY, "email")
    own.close()
    one.day = DUE + timedelta(days=3)
    own.settle(at(one.day))
    assert [record.released_on for record in one.records] == [DUE], "the day on which it was asked, not this one"
    one.happens("dispute.resolved", "payment:1")
    sweep(own, one.day + timedelta(days=1))
    assert one.records == ()
    assert_whole(own)


def test_asking_again_under_the_same_id_finishes_what_was_cut_off(own: Gate, stop_at: Callable[[str], None]) -> None:
    one, request_id = apart(own), new_id()
    stop_at("act.committed")
    with pytest.raises(_Stopped):
        one.does(Act.DESTROY, "email", request_id=request_id)
    own.close()
    assert one.does(Act.DESTROY, "email", request_id=request_id).repeated
    assert one.records == ()


@pytest.mark.parametrize("point", ["act.written", "act.committed", "separation.marked", "separation.arrived"])
def test_what_was_released_alive_arrives_or_is_as_it_was(own: Gate, stop_at: Callable[[str], None], point: str) -> None:
    one = Someone(own)
    one.collects("tax-record", "rrn", by=Role.SYSTEM)
    stop_at(point)
    with pytest.raises(_Stopped):
        one.does(Act.DESTROY, "rrn")
    own.close()
    one.day += timedelta(days=1)
    sweep(own, one.day)
    assert one.states() == {"rrn": [State.LIVE if point == "act.written" else State.SEPARATED]}
    assert one.sees("rrn") == {"rrn": (b"900101-2000000",)}


def test_the_separate_store_learns_of_a_dispute_before_anything_there_is_destroyed(
    own: Gate, stop_at: Callable[[str], None]
) -> None:
    """An event that was committed and never told: the run of the day after must not find the record due."""
    one = apart(own)
    (record,) = one.records
    assert record.keep_until is not None
    one.day = record.keep_until
    stop_at("event.committed")
    with pytest.raises(_Stopped):
        one.happens("dispute.opened")
    own.close()
    late = one.day + timedelta(days=1)
    assert one.sees("email"), "its last day"
    one.day = late
    assert one.sees("email"), "the dispute holds it, whatever the separate store knows"
    lines = list(own.due(at(late)))
    assert [line.record for line in lines] == [record.id]
    assert own.sweep(lines, at(late)).not_due == 1
    sweep(own, late)
    assert one.states() == {"email": [State.SEPARATED]}
    one.happens("dispute.resolved")
    sweep(own, late + timedelta(days=1))
    assert one.records == ()


def test_holds_that_change_while_a_record_leaves_arrive_with_it(own: Gate, stop_at: Callable[[str], None]) -> None:
    one = Someone(own)
    one.collects("identification", "email")
    one.day = LEFT
    one.happens("service.terminated")
    one.day = DUE
    stop_at("separation.marked")
    with pytest.raises(_Stopped):
        sweep(own, DUE)
    own.close()
    assert one.states() == {"email": [State.LEAVING]}
    assert one.refused(Act.USE, "email", purpose="bill-sending").reason is Reason.SEPARATED
    one.happens("dispute.opened")
    assert [record.not_before for record in one.records] == [None]
    sweep(own, DUE)
    assert [(record.state, record.not_before) for record in one.records] == [(State.SEPARATED, None)]
    one.happens("dispute.resolved")


def test_what_is_leaving_goes_when_its_person_asks(own: Gate, stop_at: Callable[[str], None]) -> None:
    for point in ("separation.marked", "separation.arrived", "separation.compared"):
        one = Someone(own)
        one.collects("identification", "email")
        one.day = LEFT
        one.happens("service.terminated")
        one.day = DUE
        stop_at(point)
        with pytest.raises(_Stopped):
            sweep(own, DUE)
        own.close()
        assert one.states() == {"email": [State.LEAVING]}
        assert one.does(Act.DESTROY, "email").decision.effect is Effect.ALLOW
        assert one.records == ()
    assert_whole(own)


# A store that goes away.


def test_a_gate_finds_its_stores_again_after_they_were_gone(own: Gate) -> None:
    one = apart(own)
    for database in (own.installation.config.live, own.installation.config.separate):
        with own.installation.access.maintain(Store.LIVE) as owner:
            owner.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()",
                (database,),
            )
        failed = 0
        for _ in range(4):
            try:
                assert one.sees("email") == {"email": (b"minji@example.kr",)}
                break
            except UnavailableError:
                failed += 1
        assert failed == 1, "it is said once, and then it works again"
        one.happens("charge.raised", f"payment:{database}")


# Two gates at once.


def test_two_gates_work_on_the_same_people_at_once(fresh: Gate) -> None:
    people = [Someone(fresh) for _ in range(6)]
    errors: list[BaseException] = []

    def work(name: str) -> None:
        try:
            with Gate(fresh.installation, POLICY) as gate:
                mine = [type(one).__new__(type(one)) for one in people]
                for copy, one in zip(mine, people, strict=True):
                    copy.gate, copy.subject, copy.day = gate, one.subject, one.day
                for turn in range(6):
                    value = {"email": f"{name}{turn}@example.kr"}
                    asks = [one.gives("identification", "email", values=value) for one in mine]
                    gate.perform_many(asks if name == "a" else asks[::-1], at(START))
                    gate.perform_many([one.asks(Act.CORRECT, "email") for one in mine], at(START))
                    for one in mine:
                        one.happens("charge.raised", f"payment:{name}{turn}")
                    gate.perform_many([one.asks(Act.DESTROY, "email") for one in mine[:3]], at(START))
        except BaseException as error:  # noqa: BLE001  (told to the other thread)
            errors.append(error)

    threads = [threading.Thread(target=work, args=(name,)) for name in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors, errors
    assert all(len(one.records) == 1 for one in people[3:])
    assert all(len(fresh.history(one.subject).spans["charge"]) == 12 for one in people)
    assert_whole(fresh)


def test_two_first_sealers_make_one_key(fresh: Gate) -> None:
    Someone(fresh).collects("identification", "email")
    errors: list[BaseException] = []

    def work() -> None:
        try:
            with Gate(fresh.installation, POLICY) as gate:
                gate.seal(at(START))
        except BaseException as error:  # noqa: BLE001  (told to the other thread)
            errors.append(error)

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors, errors
    assert_whole(fresh)


# Finding.


def test_people_are_found_by_what_they_have_now(fresh: Gate) -> None:
    one, other = Someone(fresh), Someone(fresh)
    one.collects("identification", "email", "mobile_phone")
    other.collects("identification", "email", "mobile_phone", values={"email": "MINJI@example.kr"})
    assert sorted(fresh.find("email", "Minji@Example.kr", one.now)) == sorted([one.subject, other.subject])
    assert sorted(fresh.find("mobile_phone", "+82 10 1234 5678", one.now)) == sorted([one.subject, other.subject])
    one.does(Act.CORRECT, "email", values={"email": "kim@example.kr"})
    fresh.turn_epoch(at(START))
    assert fresh.find("email", "minji@example.kr", one.now) == [other.subject]
    assert fresh.find("email", "kim@example.kr", one.now) == [one.subject]
    other.does(Act.DESTROY, "email")
    assert fresh.find("email", "minji@example.kr", one.now) == []
    one.day = LEFT
    one.happens("service.terminated")
    sweep(fresh, DUE)
    fresh.turn_epoch(at(DUE))
    assert fresh.find("email", "kim@example.kr", one.now) == []
    assert fresh.find("mobile_phone", "010-1234-5678", one.now) == [other.subject]
    assert one.sees("email") == {"email": (b"kim@example.kr",)}
    with pytest.raises(ValueRejectedError, match="no index"):
        fresh.find("gender", "w", one.now)
    assert_whole(fresh)


# A new edition.


def shorter(edition: Edition, clause: str, period: str) -> Edition:
    """The same edition with another period in one rule."""
    holders = tuple(
        msgspec.structs.replace(one, params=msgspec.structs.replace(one.params, lasts=period))
        if one.clause == clause and one.rule.name == "retention.after-service"
        else one
        for one in edition.holders
    )
    assert holders != edition.holders
    return msgspec.structs.replace(edition, holders=holders)


def test_a_new_edition_is_computed_for_everybody_before_the_next_plan(fresh: Gate) -> None:
    (first,) = POLICY.editions
    in_force = DUE + timedelta(days=100)
    second = msgspec.structs.replace(shorter(first, "5.1.B", "P1M"), effective=in_force, digest="f" * 64)
    newer: Policy = msgspec.structs.replace(POLICY, editions=(first, second))
    there, stays = apart(fresh), Someone(fresh, DUE)
    stays.collects("identification", "email")
    with Gate(fresh.installation, newer) as gate:
        before = at(in_force - timedelta(days=1))
        gate.settle(before)
        assert list(gate.due(before)) == [], "not in force yet"
        gate.settle(at(in_force))
        assert [line.subject for line in gate.due(at(in_force))] == [there.subject]
        sweep(gate, in_force)
        assert there.records == ()
        assert stays.states() == {"email": [State.LIVE]}
        assert_whole(gate)


def test_computing_for_a_new_edition_is_taken_up_where_it_was_stopped(
    fresh: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    (first,) = POLICY.editions
    other = msgspec.structs.replace(shorter(first, "5.1.B", "P1M"), digest="e" * 64)
    amended: Policy = msgspec.structs.replace(POLICY, editions=(other,))
    people = [apart(fresh) for _ in range(3)]
    monkeypatch.setattr("wordkept.gate.settling._PAGE", 1)
    pages = 0

    def stop(cursor: object, *given: object, **more: object) -> list[str]:
        nonlocal pages
        pages += 1
        if pages == 3:
            raise _Stopped
        return people_page(cursor, *given, **more)  # type: ignore[arg-type]

    people_page = values.people
    monkeypatch.setattr(values, "people", stop)
    with Gate(fresh.installation, amended) as gate:
        with pytest.raises(_Stopped):
            gate.settle(at(DUE))
        monkeypatch.undo()
        gate.settle(at(DUE))
        late = DUE + timedelta(days=32)
        assert {line.subject for line in gate.due(at(late))} == {one.subject for one in people}


# Durability.


def test_a_store_that_may_lose_what_it_acknowledged_is_refused(temporary: Temporary) -> None:
    with temporary.gate(POLICY) as gate:
        Someone(gate).collects("identification", "email")
        found = gate.installation
        with found.access.maintain(Store.LIVE) as owner:
            owner.execute(f'ALTER DATABASE "{found.config.live}" SET synchronous_commit = off'.encode())
        with pytest.raises(UnavailableError, match="synchronous_commit"):
            type(found).open(found.folder, server=found.access._server)
        gate.close()
        with pytest.raises(UnavailableError, match=r"durable|synchronous_commit"):
            gate.seal(at(START))
        with found.access.maintain(Store.LIVE) as owner:
            owner.execute(f'ALTER DATABASE "{found.config.live}" RESET synchronous_commit'.encode())
        with type(found).open(found.folder, server=found.access._server):
            pass


def test_an_own_setting_of_a_role_is_no_way_around_it(temporary: Temporary) -> None:
    with temporary.gate(POLICY) as gate:
        found = gate.installation
        setting = f'ALTER ROLE wordkept_gate IN DATABASE "{found.config.live}"'
        with found.access.maintain(Store.LIVE) as owner:
            owner.execute(f"{setting} SET synchronous_commit = off".encode())
        with pytest.raises(UnavailableError, match="synchronous_commit"), Gate(found, POLICY) as late:
            Someone(late).collects("identification", "email")


def test_a_consent_withdrawn_is_obeyed_by_a_gate_that_was_open_before(fresh: Gate) -> None:
    one = Someone(fresh)
    one.consents("marketing")
    one.collects("marketing", "email")
    with Gate(fresh.installation, POLICY) as other:
        assert other.perform(one.asks(Act.USE, "email", purpose="marketing"), at(START)).values
        one.consents("marketing", Choice.WITHDRAWN)
        (outcome,) = other.perform_many([one.asks(Act.USE, "email", purpose="marketing")], at(START))
        assert outcome.decision.effect is Effect.DENY
