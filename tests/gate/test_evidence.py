"""What the gate leaves behind: evidence that holds, is found broken where it was touched, and has no value in it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.gate.conftest import POLICY, START, Someone, assert_whole, at, sweep, told

from wordkept.gate import Gate, Refused, Temporary
from wordkept.record import ImpossibleEventError
from wordkept.terms import Act, Role, ValueRejectedError, WordkeptError
from wordkept.vault.formats import Store
from wordkept.vault.server import OWNER
from wordkept.worker import run

DUE = START + timedelta(days=1)


@pytest.fixture(scope="module")
def own(temporary: Temporary) -> Iterator[Gate]:
    with temporary.gate(POLICY) as opened:
        yield opened


def lived(gate: Gate) -> Someone:
    """A life that leaves every kind of statement."""
    one = Someone(gate)
    one.consents("marketing")
    one.collects("identification", "email", "gender", "applicant_name")
    one.collects("tax-record", "rrn", by=Role.SYSTEM)
    one.collects("marketing", "mobile_phone")
    one.does(Act.USE, "email", purpose="bill-sending")
    one.refused(Act.USE, "rrn", purpose="tax-record")
    one.does(Act.CORRECT, "email")
    one.does(Act.FREEZE, "gender")
    one.does(Act.LIFT, "gender", reason="asked")
    one.refused(Act.DESTROY, "rrn")
    one.does(Act.DESTROY, "gender")
    one.happens("service.terminated")
    one.day = DUE
    sweep(gate, DUE)
    one.sees("email")
    gate.turn_epoch(at(DUE))
    return one


def test_what_a_whole_life_leaves_behind_holds(own: Gate) -> None:
    lived(own)
    assert_whole(own)


@pytest.mark.parametrize("column", ["body", "salt", "header", "digest"])
def test_a_flipped_byte_is_found_at_its_entry(fresh: Gate, column: str) -> None:
    lived(fresh)
    fresh.seal(at(DUE))
    table = "statement" if column in {"body", "salt"} else "log_entry"
    with fresh.installation.connect(Store.LIVE, OWNER, autocommit=True) as owner:
        [(position, connection, number)] = owner.execute(
            "SELECT position, connection, number FROM log_entry WHERE log = 1 ORDER BY position OFFSET 7 LIMIT 1"
        ).fetchall()
        changed = owner.execute(
            f"UPDATE {table} SET {column} = set_byte({column}, 5, get_byte({column}, 5) # 1)"  # noqa: S608
            " WHERE connection = %s AND number = %s",
            (connection, number),
        )
        assert changed.rowcount == 1
    checked = fresh.verify(count=False)
    assert position in {one.position for one in checked["live"].report.findings}
    assert not checked["live"].holds
    assert checked["separate"].holds


def test_a_record_that_vanishes_or_appears_is_counted(fresh: Gate) -> None:
    one = Someone(fresh)
    one.collects("identification", "email", "gender")
    fresh.seal(at(START))
    with fresh.installation.connect(Store.LIVE, OWNER, autocommit=True) as owner:
        owner.execute("DELETE FROM record WHERE item = 'email'")
        owner.execute("UPDATE record SET version = 2")
    census = fresh.verify()["live"].census
    assert census is not None
    assert sorted(one.kind for one in census.mismatches) == ["another-version", "missing"]


MARKERS = st.text(st.sampled_from("QZXJ"), min_size=9, max_size=14)


WRONG: dict[str, Callable[[str], str]] = {
    "no address": str, "nul": "{}\x00".format, "half a pair": "\ud800{}".format, "not NFC": "e\u0301{}".format,
    "too long": lambda marker: marker * 5000,
}  # fmt: skip


def everything_written(gate: Gate) -> str:
    """Every statement of evidence, and every file that the gate keeps beside the stores and says of."""
    said = [str(one) for store in Store for one in told(gate, store)]
    for store in Store:
        with gate.installation.connect(store, OWNER) as owner:
            for table in ("event", "request", "arrival") if store is Store.LIVE else ("arrival",):
                there = owner.execute("SELECT to_regclass(%s)", (table,)).fetchone()
                if there and there[0]:
                    said += [str(row) for row in owner.execute(f"SELECT t::text FROM {table} t")]  # noqa: S608
    files = [file for file in gate.installation.folder.rglob("*") if file.is_file()]
    return "\n".join(said) + "\n".join(file.read_bytes().decode("latin-1") for file in files)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(marker=MARKERS, wrong=st.sampled_from(sorted(WRONG)))
def test_no_value_is_in_any_log_line_statement_plan_or_error(
    own: Gate, tmp_path_factory: pytest.TempPathFactory, caplog: pytest.LogCaptureFixture, marker: str, wrong: str
) -> None:
    caplog.set_level(logging.DEBUG)
    folder: Path = tmp_path_factory.mktemp("plan")
    one = Someone(own)
    value = {"email": f"{marker}@example.kr", "applicant_name": marker}
    one.collects("identification", "email", "applicant_name", values=value)
    one.does(Act.CORRECT, "applicant_name", values={"applicant_name": f"x{marker}"})
    errors: list[BaseException] = []
    for act, more in (
        (Act.COLLECT, {"purpose": "marketing", "method": "website", "values": value}),
        (Act.COLLECT, {"purpose": "identification", "method": "website",
                       "values": {"email": WRONG[wrong](marker), "applicant_name": WRONG[wrong](marker)}}),
        (Act.CORRECT, {"values": {"email": WRONG[wrong](marker)}}),
        (Act.PROVIDE, {"to": "kmc", "reason": marker, "legal_request": marker}),
        (Act.USE, {"purpose": marker}),
    ):  # fmt: skip
        try:
            one.does(act, "email", "applicant_name", **more)
        except (Refused, ValueRejectedError) as error:
            errors.append(error)
    assert len(errors) >= 4
    for kind, matter in ((marker, None), ("charge.raised", f"\x00{marker}")):
        try:
            one.happens(kind, matter)
        except (ImpossibleEventError, WordkeptError) as error:
            errors.append(error)
    one.happens("service.terminated")
    run.make(own, folder / "plan.jsonl", at(DUE))
    run.apply(own, folder / "plan.jsonl", at(DUE))
    one.day = DUE
    assert any(marker.encode() in some for given in one.sees("email").values() for some in given)
    own.seal(at(DUE))
    said = everything_written(own) + (folder / "plan.jsonl").read_text() + caplog.text
    assert marker not in said
    assert not any(marker in str(error) for error in errors if not isinstance(error, ImpossibleEventError))
