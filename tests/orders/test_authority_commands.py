"""``wordkept authority`` and ``wordkept hardship`` on a real vault: what they print, and with which exit code."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner, Result
from tests.gate.conftest import POLICY, Someone, at
from tests.orders.conftest import DAY

from wordkept.cli import main
from wordkept.cli.place import CLOCK
from wordkept.gate import Gate
from wordkept.vault.installation import Installation

ROOT = Path(__file__).parents[2]
GROUND = "kr/communications-secrets-act art. 13"


class Desk(msgspec.Struct):
    """An installation with one customer, and a paper."""

    folder: Path
    subject: str
    paper: Path

    def asks(self, *args: str, day: date = DAY) -> Result:
        (self.folder / CLOCK).write_text(at(day).isoformat())
        return CliRunner().invoke(main, [*args, "--folder", str(self.folder)], catch_exceptions=False)

    def enters(self, *items: str, ground: str = GROUND) -> Result:
        how = ("--authority", "police", "--ground", ground, "--document", str(self.paper), "--by", "kim-2")
        return self.asks("authority", "enter", self.subject, *items, *how)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    home = tmp_path_factory.mktemp("authority")
    (home / "paper").write_bytes(b"warrant")
    with Installation.open(home / "store") as opened:
        opened.remember(ROOT / "policies" / "bizmeka-ez")
        with Gate(opened, POLICY) as gate:
            subject = Someone(gate, DAY).subject
        yield Desk(home / "store", subject, home / "paper")
    shutil.rmtree(home / "store")


def test_a_request_from_its_paper_to_its_end(desk: Desk) -> None:
    request = desk.enters("applicant_name", "address").stdout.strip()
    line = f"{request} police, {GROUND}: asked applicant_name and address; not reviewed"
    assert desk.asks("authority", "list").stdout.splitlines() == [line]
    assert "검토하지 않음" in desk.asks("authority", "list", "--lang", "ko").stdout
    review = ("authority", "review", request, "--grant", "address", "--tell-by", "2019-04-04")
    assert [desk.asks(*review, "--by", by).exit_code for by in ("kim-2", "lee-3")] == [2, 0]
    late = desk.asks("authority", "list", day=date(2019, 4, 5))
    assert (late.exit_code, "granted address; the person is to be told: overdue since" in late.stdout) == (1, True)
    delay = ("authority", "delay", request, "--until", "2019-05-04", "--by", "lee-3")
    assert (desk.asks(*delay).exit_code, desk.asks("authority", "list", day=date(2019, 4, 5)).exit_code) == (0, 0)
    assert desk.asks("authority", "told", request, "--by", "kim-2").exit_code == 0
    assert desk.asks("authority", "close", request, "--by", "kim-2").exit_code == 0
    (found,) = json.loads(desk.asks("authority", "list", "--json").stdout)
    assert (found["granted"], found["told_on"], found["overdue"]) == (["address"], "2019-03-04", False)


def test_a_written_reason_is_taken_down(desk: Desk) -> None:
    how = ("--because", "economic", "--document", str(desk.paper), "--by", "privacy-office", "--second")
    assert desk.asks("hardship", desk.subject, "bill-sending", *how, "lee-3").exit_code == 0
    said = json.loads(desk.asks("hardship", desk.subject, "charging", *how, "lee-3", "--json").stdout)
    assert said["because"] == "economic"
    for purpose, second in (("bill-sending", "privacy-office"), ("marketing", "lee-3")):
        found = desk.asks("hardship", desk.subject, purpose, *how, second)
        assert (found.exit_code, found.stderr.count("wordkept: error: ")) == (2, 1)


def test_what_cannot_be_is_one_clear_error(desk: Desk) -> None:
    for found in (
        desk.enters("unheard_of"),
        desk.enters("email", ground="kr/no-act"),
        desk.asks("authority", "close", "0" * 32, "--by", "kim-2"),
        desk.asks("authority", "told", "x", "--by", "kim-2"),
    ):
        assert (found.exit_code, found.stderr.count("wordkept: error: ")) == (2, 1)
