"""``wordkept agreement`` on a real vault, and the end of an agreement whatever is killed when."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.gate.conftest import POLICY, Someone, at, told
from tests.orders.conftest import DAY

from wordkept.cli import main
from wordkept.cli.place import CLOCK
from wordkept.gate import Agreements, Gate, Outbox, Signed
from wordkept.person import agreed
from wordkept.terms import Act, OrderKind, Role
from wordkept.vault.installation import Installation

ROOT = Path(__file__).parents[2]
CLAUSES = tuple(kind.name for kind in agreed(POLICY.editions[0]) if kind.within)
PEOPLE = 3


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    found = tmp_path_factory.mktemp("agreements") / "store"
    with Installation.open(found) as opened:
        opened.remember(ROOT / "policies" / "bizmeka-ez")
    yield found
    shutil.rmtree(found)


def asks(folder: Path, *args: str, day: date = DAY) -> Result:
    (folder / CLOCK).write_text(at(day).isoformat())
    return CliRunner().invoke(main, ["agreement", *args, "--folder", str(folder)], catch_exceptions=False)


def shared(gate: Gate) -> Someone:
    someone = Someone(gate, DAY)
    someone.consents("entrustment")
    someone.collects("identification", "email")
    someone.does(Act.ENTRUST, "email", to="ktis", by=Role.SYSTEM)
    return someone


def test_an_agreement_from_the_pen_to_the_certificate(folder: Path, tmp_path: Path) -> None:
    paper = tmp_path / "paper.pdf"
    paper.write_bytes(b"%PDF")
    signs = ("sign", "ktis", "--document", str(paper), "--from", "2019-01-01", "--country", "KR", "--by", "procurement")
    ticks = [part for one in CLAUSES for part in ("--tick", one)]
    assert asks(folder, *signs, *ticks[2:], "--inspect-by", "2019-12-31", "--sub", "ktcs").exit_code == 0
    found = asks(folder, "list")
    line = "ktis: not in force; clauses that the policy wants are not ticked; clauses that a law wants are not ticked"
    assert (found.exit_code, line in found.stdout.splitlines()) == (1, True)
    assert asks(folder, "tick", "ktis", CLAUSES[0], "--by", "legal").exit_code == 0
    shown = asks(folder, "show", "ktis")
    assert "  [x] agreement-law (2019-03-04, legal)" in shown.stdout.splitlines()
    assert "  [ ] kr/pipa:re-entrustment" in shown.stdout.splitlines()
    assert "  may hand work on to ktcs" in shown.stdout.splitlines()
    assert "유효함" in asks(folder, "show", "ktis", "--lang", "ko").stdout
    law = json.loads(asks(folder, "show", "ktis", "--json").stdout)["standing"]["lacks_law"]
    assert (len(law), asks(folder, "tick", "ktis", *law, "--by", "legal").exit_code) == (7, 0)
    assert (asks(folder, "list").exit_code, asks(folder, "list", day=date(2020, 1, 1)).exit_code) == (0, 1)
    inspected = ("inspect", "ktis", "--report", str(paper), "--next", "2020-12-31", "--by", "audit")
    assert asks(folder, *inspected, day=date(2019, 3, 5)).exit_code == 0
    assert asks(folder, "list", day=date(2020, 1, 1)).exit_code == 0
    assert asks(folder, "end", "ktis", "--by", "procurement", day=date(2019, 3, 6)).exit_code == 0
    assert asks(folder, "list", day=date(2019, 3, 7)).exit_code == 0
    late = asks(folder, "list", day=date(2019, 3, 8))
    assert (late.exit_code, "ktis: not in force; no certificate" in late.stdout) == (1, True)
    certified = asks(
        folder, "certify", "ktis", "--certificate", str(paper), "--by", "procurement", day=date(2019, 3, 8)
    )
    assert (certified.stdout, asks(folder, "list", day=date(2019, 3, 8)).exit_code) == ("0 settled\n", 0)


@pytest.mark.parametrize(
    "wrong",
    [
        ("sign", "hanbit-calls", "--document", "PAPER", "--from", "2019-01-01", "--country", "KR", "--by", "x"),
        ("sign", "ktis", "--document", "nowhere", "--from", "2019-01-01", "--country", "KR", "--by", "x"),
        ("sign", "ktis", "--document", "PAPER", "--from", "today", "--country", "KR", "--by", "x"),
        ("end", "brenex", "--by", "x"),
        ("show", "hanbit-calls"),
        ("tick", "brenex", "agreement-law", "--by", "x"),
        ("inspect", "brenex", "--report", "PAPER", "--by", "x"),
        ("certify", "brenex", "--certificate", "PAPER", "--by", "x"),
    ],
)
def test_what_cannot_be_is_one_clear_error(folder: Path, tmp_path: Path, wrong: tuple[str, ...]) -> None:
    (tmp_path / "paper").write_bytes(b"paper")
    found = asks(folder, *(str(tmp_path / "paper") if one == "PAPER" else one for one in wrong))
    assert (found.exit_code, found.stderr.count("wordkept: error: ")) == (2, 1)


@pytest.mark.parametrize("kill", ["event.written:1", "event.committed:1", "orders.written:1"])
def test_whatever_is_killed_when_all_is_ordered_back_once(tmp_path_factory: pytest.TempPathFactory, kill: str) -> None:
    folder = tmp_path_factory.mktemp("killed") / "store"
    with Installation.open(folder) as opened, Gate(opened, POLICY) as gate, Agreements(opened, POLICY) as register:
        entered = Signed(party="ktis", country="KR", begins=DAY, ends=DAY, clauses=CLAUSES)
        register.sign(entered, b"paper", "procurement", at(DAY))
        people = [shared(gate) for _ in range(PEOPLE)]
        command = [sys.executable, "-m", "tests.orders.kill_ending", str(folder), kill]
        path = os.pathsep.join([str(ROOT / "src"), *sys.path])
        env = {**os.environ, "PYTHONPATH": path}
        ended = subprocess.run(command, capture_output=True, check=False, cwd=ROOT, env=env, timeout=120)
        assert ended.returncode == -9
        following = DAY + timedelta(days=1)
        for _ in range(2):
            gate.settle(at(following))
        with Outbox(opened, POLICY) as outbox:
            orders = outbox.open()
        assert Counter(one.subject for one in orders) == Counter(one.subject for one in people)
        assert {(one.order.to, one.order.kind) for one in orders} == {("ktis", OrderKind.RETURN)}
        said = [body.request for predicate, body in told(gate) if predicate == "ordered"]
        assert Counter(said) == Counter(one.order.id for one in orders)
        assert sum(body.rule == "agreement.ended" for _, body in told(gate)) == 1
    shutil.rmtree(folder)
