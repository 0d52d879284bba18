"""Who acts is said once, holds for what is called inside, in this thread or task alone, and is in the evidence."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Barrier, Event, Thread

import pytest
from tests.acting.conftest import ADDRESS, MEMBER, NOON, POLICY, STAFF
from tests.gate.conftest import told

from wordkept.acting import Acting, Gates, Kept
from wordkept.acting.kept import carried
from wordkept.gate import Gate, Refused
from wordkept.record import ImpossibleEventError
from wordkept.terms import Act, Channel, Choice, UnavailableError, ValueRejectedError
from wordkept.vault.formats import Store
from wordkept.vault.server import OWNER


def test_who_acts_and_what_for_is_decided_and_stated(kept: Kept, gate: Gate, minji: str) -> None:
    with kept.acting(STAFF, purpose="bill-sending"):
        used = kept.use(minji, "email")
    assert used.text("email") == ADDRESS
    assert used.decision.because == ("2.3.B.05",)
    said = [body for predicate, body in told(gate, subject=minji) if predicate == "used"]
    assert [(body.actor, body.role, body.purpose) for body in said] == [("desk-7", "staff", "bill-sending")]


def test_where_nobody_acts_nothing_is_done(kept: Kept, gate: Gate, minji: str) -> None:
    before = len(told(gate))
    asks: list[Callable[[], object]] = [
        lambda: kept.use(minji, "email"),
        lambda: kept.view(minji, "email"),
        lambda: kept.collect(minji, {"email": ADDRESS}, method="website"),
        lambda: kept.ask(Act.DESTROY, minji, "email"),
        lambda: kept.consent(minji, "marketing", Choice.GIVEN),
        lambda: kept.happened(minji, "service.terminated"),
    ]
    for ask in asks:
        with pytest.raises(ValueRejectedError, match="nobody acts"):
            ask()
        with kept.acting(STAFF, purpose="bill-sending"), carried(None), pytest.raises(ValueRejectedError):
            ask()
    assert len(told(gate)) == before


def test_without_a_purpose_nothing_is_used(kept: Kept, minji: str) -> None:
    with kept.acting(STAFF), pytest.raises(Refused) as refusal:
        kept.use(minji, "email")
    assert refusal.value.decision.reason == "undeclared"


def test_inside_counts_what_was_said_inside_and_outside_again_what_was_said_there(kept: Kept, minji: str) -> None:
    with kept.acting(STAFF, purpose="bill-sending"):
        with kept.acting(STAFF), pytest.raises(Refused):
            kept.use(minji, "email")
        with pytest.raises(RuntimeError), kept.acting(MEMBER):
            raise RuntimeError
        assert kept.use(minji, "email").values
    with pytest.raises(ValueRejectedError):
        kept.use(minji, "email")


def test_a_thread_inherits_nobody(kept: Kept, minji: str) -> None:
    found: list[BaseException] = []

    def run() -> None:
        try:
            kept.use(minji, "email")
        except ValueRejectedError as error:
            found.append(error)

    with kept.acting(STAFF, purpose="bill-sending"):
        thread = Thread(target=run)
        thread.start()
        thread.join()
    assert found


def test_threads_act_each_as_themselves_at_the_same_time(kept: Kept, gate: Gate, minji: str) -> None:
    together = Barrier(8)

    def run(number: int) -> str:
        actor = type(STAFF)(STAFF.role, f"desk-{number}")
        together.wait()
        with kept.acting(actor, purpose="bill-sending"):
            for _ in range(5):
                assert kept.use(minji, "email").text("email") == ADDRESS
        return f"desk-{number}"

    with ThreadPoolExecutor(8) as threads:
        names = list(threads.map(run, range(100, 108)))
    said = [body.actor for predicate, body in told(gate, subject=minji) if predicate == "used"]
    assert {name: said.count(name) for name in names} == dict.fromkeys(names, 5)


def test_tasks_act_each_as_themselves_though_they_take_turns(kept: Kept, minji: str) -> None:
    async def run(number: int) -> bool:
        with carried(Acting(STAFF, "bill-sending") if number % 2 else None):
            await asyncio.sleep(0.01)
            try:
                return bool((await asyncio.to_thread(kept.use, minji, "email")).values)
            except ValueRejectedError:
                return False

    async def all_of_them() -> list[bool]:
        return await asyncio.gather(*(run(number) for number in range(10)))

    assert asyncio.run(all_of_them()) == [False, True] * 5


def test_a_reason_is_carried_too(kept: Kept, minji: str) -> None:
    with kept.acting(MEMBER):
        kept.ask(Act.FREEZE, minji, "email")
    with kept.acting(STAFF), pytest.raises(Refused) as refusal:
        kept.ask(Act.LIFT, minji, "email")
    assert refusal.value.decision.reason == "reason-required"
    with kept.acting(STAFF, reason="nothing was wrong"):
        kept.ask(Act.LIFT, minji, "email")


def test_a_person_corrects_views_and_deletes(kept: Kept, minji: str) -> None:
    with kept.acting(MEMBER):
        kept.ask(Act.CORRECT, minji, "email", values={"email": "kim@example.kr"})
        assert kept.view(minji, "email").text("email") == "kim@example.kr"
        kept.ask(Act.DESTROY, minji, "email")
        with pytest.raises(Refused):
            kept.view(minji, "email")
        with pytest.raises(ImpossibleEventError):
            kept.happened(minji, "service.subscribed")


def test_text_is_that_of_one_value(kept: Kept, minji: str) -> None:
    with kept.acting(STAFF, purpose="bill-sending"):
        used = kept.use(minji, "email")
    with pytest.raises(LookupError, match="0 values"):
        used.text("mobile_phone")


def test_a_gate_is_lent_to_one_thread_at_a_time_and_no_longer_waited_for_than_said(gate: Gate) -> None:
    with Gates(gate, 1, patience=0.05) as gates:
        with gates.lent() as one:
            assert one is not gate
            with pytest.raises(UnavailableError, match="at work"), gates.lent():
                pass
        with gates.lent() as again:
            assert again is one


def test_a_gate_in_whose_hands_something_unforeseen_happened_is_not_lent_again(gate: Gate) -> None:
    with Gates(gate, 1) as gates:
        with pytest.raises(ZeroDivisionError), gates.lent() as one:
            raise ZeroDivisionError
        with gates.lent() as other:
            assert other is not one
        with pytest.raises(UnavailableError), gates.lent() as same:
            raise UnavailableError
        with gates.lent() as again:
            assert again is same is other


def test_a_gate_that_comes_back_after_the_end_is_closed(gate: Gate) -> None:
    gates, held, go = Gates(gate, 1), Event(), Event()
    lent: list[Gate] = []

    def hold() -> None:
        with gates.lent() as one:
            one.counts()
            lent.append(one)
            held.set()
            go.wait()

    thread = Thread(target=hold)
    thread.start()
    held.wait()
    gates.close()
    connection = lent[0]._stores.live
    go.set()
    thread.join()
    assert connection.closed


def test_a_gate_that_rests_gives_its_lease_back_and_no_epoch_waits_for_it(fresh: Gate) -> None:
    with Gates(fresh, 2, rests=0.05) as gates:
        kept = Kept(gates, lambda: NOON)
        subject = kept.new_subject()
        with kept.acting(MEMBER, purpose="identification"):
            kept.consent(subject, "table", Choice.GIVEN, kept.text("table", "en").shown(Channel.WEB))
            kept.collect(subject, {"email": ADDRESS}, method="website")
            deadline = time.monotonic() + 60
            while leases(fresh) and time.monotonic() < deadline:
                time.sleep(0.01)
            assert leases(fresh) == 0
            fresh.turn_epoch(NOON)
            assert kept.view(subject, "email").text("email") == ADDRESS


def leases(gate: Gate) -> int:
    with gate.installation.connect(Store.LIVE, OWNER) as owner:
        (count,) = owner.execute("SELECT count(*) FROM lease").fetchone() or (0,)
    return int(count)


def test_an_installation_is_opened_sealed_and_closed(tmp_path: Path) -> None:
    with Kept.open(tmp_path / "store", POLICY, clock=lambda: NOON + timedelta(days=1)) as kept:
        subject = kept.new_subject()
        with kept.acting(MEMBER):
            assert kept.consent(subject, "table", Choice.GIVEN, kept.text("table", "en").shown(Channel.WEB)) == 1
    assert list((tmp_path / "store" / "log" / "live").rglob("checkpoint"))
