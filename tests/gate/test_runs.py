"""Plans and runs over real stores: what was planned, by this installation, today, once, and approved if large."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from threading import Thread
from typing import Any

import msgspec
import pytest
from tests.gate.conftest import POLICY, START, Someone, assert_whole, at, predicates

from wordkept.gate import Gate, Owed, Temporary
from wordkept.terms import Act, MalformedPolicyError, Role, State, UnavailableError, ValueRejectedError
from wordkept.vault import points
from wordkept.vault.formats import Store
from wordkept.vault.server import OWNER
from wordkept.worker import approval, plan, run

LEFT = START + timedelta(days=10)
DUE = LEFT + timedelta(days=1)


class _Stopped(BaseException):
    """Stands for a kill: it is no Exception, so nothing handles it."""


def leavers(gate: Gate, count: int) -> list[Someone]:
    """People who left, of each of whom one record is to be separated and one to be destroyed."""
    people = []
    for _ in range(count):
        one = Someone(gate)
        one.consents("marketing")
        one.collects("identification", "email")
        one.collects("marketing", "mobile_phone")
        one.day = LEFT
        one.happens("service.terminated")
        one.day = DUE
        people.append(one)
    return people


@pytest.fixture(scope="module")
def own(temporary: Temporary) -> Iterator[Gate]:
    """A vault of this module's: a run is about everybody."""
    with temporary.gate(POLICY) as opened:
        yield opened


def made(gate: Gate, folder: Path, day: date = DUE) -> Path:
    file = folder / "plan.jsonl"
    run.make(gate, file, at(day, 0))
    return file


def test_a_plan_is_exactly_what_is_done(own: Gate, tmp_path: Path) -> None:
    people = leavers(own, 3)
    file = made(own, tmp_path)
    mine = {one.subject for one in people}
    lines = [line for line in plan.lines(file) if line.subject in mine]
    assert sorted(line.deed for line in lines) == ["destroy"] * 3 + ["separate"] * 3
    assert {line.item for line in lines if line.deed == "separate"} == {"email"}
    assert {clause for line in lines for clause in line.clauses} == {"5.1.A", "2.3.B.12"}
    assert all(set(one.states()) == {"email", "mobile_phone"} for one in people), "a plan changes nothing"
    applied = run.apply(own, file, at(DUE, 0))
    assert (applied.swept.not_due, applied.swept.gone) == (0, 0)
    assert all(one.states() == {"email": [State.SEPARATED]} for one in people)
    assert run.make(own, file, at(DUE, 1)).foot.records == 0
    assert_whole(own)


def test_applying_twice_does_it_once_and_says_that_it_is_gone(own: Gate, tmp_path: Path) -> None:
    leavers(own, 2)
    file = made(own, tmp_path)
    first = run.apply(own, file, at(DUE, 0)).swept
    again = run.apply(own, file, at(DUE, 1)).swept
    assert (first.destroyed, first.separated) == (2, 2)
    assert (again.destroyed, again.separated, again.gone, again.not_due) == (0, 0, 4, 0)
    assert_whole(own)


def test_a_stale_altered_or_foreign_plan_is_refused(own: Gate, fresh: Gate, tmp_path: Path) -> None:
    people = leavers(own, 1)
    file = made(own, tmp_path)
    with pytest.raises(UnavailableError, match="stale"):
        run.apply(own, file, at(DUE + timedelta(days=1)))
    with pytest.raises(UnavailableError, match="installation"):
        run.apply(fresh, file, at(DUE))
    whole = file.read_bytes()
    for wrong in (
        whole.replace(b'"separate"', b'"destroy"', 1),
        whole.replace(people[0].subject.encode(), b"f" * 32, 1),
        whole[: whole.rindex(b'{"type":"foot"')],
        whole + b"{}\n",
        b"\n".join(whole.splitlines()[1:]) + b"\n",
        b"",
    ):
        file.write_bytes(wrong)
        with pytest.raises(MalformedPolicyError):
            run.apply(own, file, at(DUE))
    assert set(people[0].states()) == {"email", "mobile_phone"}
    file.write_bytes(whole)
    run.apply(own, file, at(DUE))
    assert people[0].states() == {"email": [State.SEPARATED]}


def test_a_plan_with_a_made_up_foot_is_refused(own: Gate, tmp_path: Path) -> None:
    """Whoever can write a plan but has not the installation's key cannot seal one."""
    one = Someone(own)
    one.collects("identification", "email")
    head = plan.Head(installation=own.installation.config.installation, policy=own.edition(DUE).digest, day=DUE,
                     made_at=at(DUE))  # fmt: skip
    line = plan.Line(
        deed="destroy", store="live", subject=one.subject, record=one.records[0].id, item="email", version=1
    )
    file = tmp_path / "plan.jsonl"
    plan.write(file, head, [line], os.urandom(32))
    with pytest.raises(UnavailableError, match="seal"):
        run.apply(own, file, at(DUE))
    assert one.states() == {"email": [State.LIVE]}


def test_what_no_longer_qualifies_is_left_alone_reported_and_stated(own: Gate, tmp_path: Path) -> None:
    saved, corrected = leavers(own, 2)
    saved.day = LEFT
    file = made(own, tmp_path)
    saved.happens("dispute.opened")
    corrected.day = DUE
    corrected.does(Act.DESTROY, "email")
    applied = run.apply(own, file, at(DUE, 13))
    assert (applied.swept.gone, applied.swept.not_due, applied.swept.destroyed) == (1, 1, 1)
    assert saved.states() == {"email": [State.SEPARATED], "mobile_phone": [State.LIVE]}
    assert predicates(own, subject=saved.subject).count("not-due") == 1
    run.apply(own, made(own, tmp_path), at(DUE, 14))
    assert saved.states() == {"email": [State.SEPARATED], "mobile_phone": [State.SEPARATED]}
    saved.day = DUE + timedelta(days=3)
    saved.happens("dispute.resolved")
    assert_whole(own)


def test_a_large_plan_needs_a_second_person(own: Gate, tmp_path: Path) -> None:
    people = leavers(own, 2)
    file = made(own, tmp_path)
    digest = plan.check(file, run.plan_key(own)).foot.digest
    with pytest.raises(UnavailableError, match="nobody approved"):
        run.apply(own, file, at(DUE), above=1)
    here, elsewhere = own.installation.folder, tmp_path / "elsewhere"
    elsewhere.mkdir()
    second, stranger = (tmp_path / f"{name}.key" for name in ("second", "stranger"))
    public = approval.new_key(second)
    approval.register(elsewhere, "second", public)
    with pytest.raises(UnavailableError, match="not listed"):
        approval.sign(file, digest, "second", second, here)
    assert not approval.beside(file).exists()
    approval.sign(file, digest, "second", second, elsewhere)
    with pytest.raises(UnavailableError, match="not an approver"):
        run.apply(own, file, at(DUE), above=1)
    approval.register(here, "second", public)
    (elsewhere / "approvers.json").unlink()
    approval.register(elsewhere, "second", approval.new_key(stranger))
    approval.sign(file, digest, "second", stranger, elsewhere)
    with pytest.raises(UnavailableError, match="signature"):
        run.apply(own, file, at(DUE), above=1)
    approval.sign(file, "0" * 64, "second", second, here)
    with pytest.raises(UnavailableError, match="another plan"):
        run.apply(own, file, at(DUE), above=1)
    approval.sign(file, digest, "second", second, here)
    for name, key in (("second", stranger), ("stranger", second)):  # the one that holds is not lost to one that cannot
        with pytest.raises(UnavailableError, match="not listed"):
            approval.sign(file, digest, name, key, here)
    assert all(set(one.states()) == {"email", "mobile_phone"} for one in people)
    assert run.apply(own, file, at(DUE), above=1).approved_by == "second"
    assert all(one.states() == {"email": [State.SEPARATED]} for one in people)


@pytest.mark.parametrize("point", ["separation.marked", "separation.arrived", "separation.compared", "separation.left"])
def test_a_run_that_was_stopped_is_finished_by_the_next_application(
    own: Gate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    people = leavers(own, 2)
    file = made(own, tmp_path)

    def stop(here: str) -> None:
        if here == point:
            raise _Stopped

    monkeypatch.setattr(points, "hook", stop)
    with pytest.raises(_Stopped):
        run.apply(own, file, at(DUE))
    monkeypatch.undo()
    own.close()
    run.apply(own, file, at(DUE))
    assert all(one.states() == {"email": [State.SEPARATED]} for one in people)
    assert_whole(own)


def test_a_late_worker_makes_no_use_lawful(own: Gate) -> None:
    (one,) = leavers(own, 1)
    for item, purpose in (("email", "bill-sending"), ("mobile_phone", "marketing")):
        assert one.states()[item] == [State.LIVE], "nothing ran"
        one.refused(Act.USE, item, purpose=purpose, by=Role.SYSTEM)
    assert set(one.sees("email", "mobile_phone")) == set(), "what is over is seen by nobody"
    assert set(one.sees("email")) == {"email"}


def test_nothing_goes_before_its_day_whoever_asks(own: Gate, tmp_path: Path) -> None:
    one = Someone(own)
    one.collects("tax-record", "rrn", by=Role.SYSTEM)
    one.day = LEFT
    one.happens("service.terminated")
    last = date(LEFT.year + 5, LEFT.month, LEFT.day)
    run.apply(own, made(own, tmp_path, DUE), at(DUE))
    for by in (Role.MEMBER, Role.STAFF, Role.SYSTEM):
        one.day = DUE
        assert "5.2.B" in one.refused(Act.DESTROY, "rrn", by=by).because
    run.apply(own, made(own, tmp_path, last), at(last))
    assert one.states() == {"rrn": [State.SEPARATED]}
    line = Owed(deed="destroy", store="separate", subject=one.subject, record=one.records[0].id, item="rrn", version=1)
    own.sweep([line], at(last))
    assert one.states() == {"rrn": [State.SEPARATED]}, "a plan of somebody's own is no reason either"
    after = last + timedelta(days=1)
    run.apply(own, made(own, tmp_path, after), at(after))
    assert one.records == ()
    assert predicates(own, Store.SEPARATE, one.subject) == ["arrived", "destroyed"]


def test_a_plan_that_is_exchanged_after_it_was_checked_changes_nothing(
    own: Gate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (one,) = leavers(own, 1)
    file = made(own, tmp_path)
    whole, in_time = file.read_bytes(), plan.in_time

    def exchanged(*given: Any) -> None:
        file.write_bytes(whole.replace(one.subject.encode(), b"f" * 32))
        in_time(*given)

    monkeypatch.setattr(plan, "in_time", exchanged)
    swept = run.apply(own, file, at(DUE)).swept
    assert (swept.separated, swept.destroyed, swept.gone) == (1, 1, 0)
    assert one.states() == {"email": [State.SEPARATED]}
    assert not list(own.installation.folder.glob(".plan.*")), "the copy is removed"


def test_a_plan_is_read_once_so_a_pipe_will_do(own: Gate, tmp_path: Path) -> None:
    (one,) = leavers(own, 1)
    whole = made(own, tmp_path).read_bytes()
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = Thread(target=pipe.write_bytes, args=(whole,))
    writer.start()
    run.apply(own, pipe, at(DUE))
    writer.join()
    assert one.states() == {"email": [State.SEPARATED]}


@pytest.mark.parametrize("name", ["", "Kim Minji", "김민지", "010-1234-5678", "../kim", "kim\n", "k" * 97])
def test_an_approver_has_a_pseudonym_or_nothing_is_done(own: Gate, tmp_path: Path, name: str) -> None:
    (one,) = leavers(own, 1)
    file = made(own, tmp_path)
    digest = plan.check(file, run.plan_key(own)).foot.digest
    public = approval.new_key(tmp_path / "second.key")
    for act in (
        lambda: approval.register(own.installation.folder, name, public),
        lambda: approval.sign(file, digest, name, tmp_path / "second.key", own.installation.folder),
    ):
        with pytest.raises(ValueRejectedError, match="pseudonym"):
            act()
    assert name not in approval.approvers(own.installation.folder)
    assert not approval.beside(file).exists()
    approval.beside(file).write_bytes(msgspec.json.encode(approval.Approval(name, digest, "00")))
    with pytest.raises(ValueRejectedError, match="pseudonym") as caught:
        run.apply(own, file, at(DUE), above=0)
    assert not name or name not in str(caught.value)
    assert set(one.states()) == {"email", "mobile_phone"}
    run.apply(own, file, at(DUE))


def test_a_key_of_plans_is_there_whole_or_not_at_all(fresh: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(_: object) -> None:
        raise _Stopped

    file = fresh.installation.folder / "plan.key"
    monkeypatch.setattr(os, "fsync", stop)
    with pytest.raises(_Stopped):
        run.plan_key(fresh)
    monkeypatch.undo()
    assert not file.exists()
    key = run.plan_key(fresh)
    assert (len(key), run.plan_key(fresh), file.stat().st_mode & 0o777) == (32, key, 0o600)
    assert not list(fresh.installation.folder.glob(".plan.*"))


def broken(gate: Gate) -> dict[str, str]:
    """What the doctor finds broken, and what it says to do."""
    return {one.name: one.hint for one in gate.examine(at(START)) if one.state == "broken"}


def seen(gate: Gate, name: str) -> str:
    return next(one.state for one in gate.examine(at(START)) if one.name == name)


def test_a_root_that_does_not_open_the_epoch_is_broken(fresh: Gate) -> None:
    folder = fresh.installation.folder / "live"
    (root,) = folder.glob("root-*")
    assert broken(fresh) == {}
    whole = root.read_bytes()
    root.write_bytes(bytes(32))
    assert "put back" in broken(fresh)["live: root"]
    moved = root.rename(folder / "root-00000000000000000002")
    assert "put back" in broken(fresh)["live: root"]
    root.write_bytes(whole)
    assert seen(fresh, "live: root") == "at risk", "the next root may be there before the turn has begun"
    moved.unlink()
    fresh.turn_epoch(at(DUE))
    assert broken(fresh) == {}
    root.write_bytes(whole)
    assert "destroyed" in broken(fresh)["live: root"], "the root of an epoch that is over"


def test_a_log_that_is_shorter_than_its_checkpoint_outside_is_broken(fresh: Gate) -> None:
    assert seen(fresh, "live: log") == "ok"
    Someone(fresh)
    fresh.seal(at(START))
    outside = fresh.installation.folder / "log" / "live" / "1" / "checkpoint"
    kept = outside.read_bytes()
    Someone(fresh)
    fresh.seal(at(START))
    newest = outside.read_bytes()
    assert seen(fresh, "live: log") == "ok"
    with fresh.installation.connect(Store.LIVE, OWNER, autocommit=True) as owner:
        head = owner.execute("SELECT size, root FROM log_head").fetchone()
        assert head is not None
        owner.execute("UPDATE log_head SET size = size - 1")
        assert "put back" in broken(fresh)["live: log"]
        owner.execute("UPDATE log_head SET size = %s, root = %s", (head[0], bytes(32)))
        assert "verify" in broken(fresh)["live: log"]
        owner.execute("UPDATE log_head SET root = %s", (head[1],))
    outside.write_bytes(kept)
    assert seen(fresh, "live: log") == "ok", "sealed, and not signed yet"
    outside.write_bytes(newest[:-9] + b"AAAAAAA=\n")
    assert "live: log" in broken(fresh)
    outside.unlink()
    assert seen(fresh, "live: log") == "at risk"


def test_a_new_log_hides_no_older_one_from_the_doctor(fresh: Gate) -> None:
    Someone(fresh)
    fresh.seal(at(START))
    log = fresh.installation.folder / "log" / "live"
    with fresh.installation.connect(Store.LIVE, OWNER, autocommit=True) as owner:
        before = owner.execute("SELECT size, root, frontier FROM log_head").fetchone()
        assert before is not None
        Someone(fresh)
        fresh.seal(at(START))
        owner.execute("DELETE FROM log_entry WHERE position >= %s", (before[0],))
        owner.execute("UPDATE log_head SET size = %s, root = %s, frontier = %s", before)
    assert fresh.seal(at(START))["live"].opened
    told = [one for one in fresh.examine(at(START)) if one.name == "live: log"]
    assert [(one.state, one.seen.endswith(f"entries of log 1, the database {before[0]}")) for one in told] == [
        ("broken", True)
    ], "as evidence says too"
    assert ("truncated", 1) in {(one.kind, one.log) for one in fresh.verify()["live"].report.findings}
    (log / "2" / "checkpoint").rename(log / "kept")
    assert sorted(one.state for one in fresh.examine(at(START)) if one.name == "live: log") == ["at risk", "broken"]
    (log / "kept").rename(log / "2" / "checkpoint")
    (log / "1" / "checkpoint").unlink()
    assert seen(fresh, "live: log") == "at risk", "only a checkpoint kept elsewhere can tell"


def test_a_log_that_is_not_in_the_database_is_missed_by_the_doctor(fresh: Gate) -> None:
    Someone(fresh)
    fresh.seal(at(START))
    with fresh.installation.connect(Store.LIVE, OWNER, autocommit=True) as owner:
        owner.execute("DELETE FROM log_entry")
        owner.execute("DELETE FROM log_head")
    assert "put back" in broken(fresh)["live: log"]
    fresh.seal(at(START))
    assert "put back" in broken(fresh)["live: log"]


def test_a_plan_is_written_through_nobodys_link(own: Gate, tmp_path: Path) -> None:
    """What lies beside it under a name that could be guessed is left alone."""
    leavers(own, 1)
    victim = tmp_path / "victim"
    victim.write_text("mine")
    for name in (f".monday.jsonl.{os.getpid()}", ".monday.jsonl"):
        (tmp_path / name).symlink_to(victim)
    file = tmp_path / "monday.jsonl"
    run.make(own, file, at(DUE))
    assert victim.read_text() == "mine"
    assert not file.is_symlink()
    assert file.stat().st_mode & 0o777 == 0o600
