"""``wordkept request`` on a real vault: what it says, in both languages, and with which exit code."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner, Result
from tests.gate.conftest import POLICY, START, Someone, at

from wordkept.cli import main
from wordkept.cli.place import CLOCK
from wordkept.gate import Gate
from wordkept.vault.installation import Installation

ROOT = Path(__file__).parents[2]


class Counter(msgspec.Struct):
    """An installation with somebody in it."""

    folder: Path
    subject: str

    def asks(self, *args: str, day: date = START, given: str = "") -> Result:
        (self.folder / CLOCK).write_text(at(day).isoformat())
        words = ["request", *args, "--folder", str(self.folder)]
        return CliRunner().invoke(main, words, input=given, catch_exceptions=False)


@pytest.fixture(scope="module")
def counter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counter]:
    folder = tmp_path_factory.mktemp("rights") / "store"
    with Installation.open(folder) as opened:
        opened.remember(ROOT / "policies" / "bizmeka-ez")
        with Gate(opened, POLICY) as gate:
            someone = Someone(gate)
            someone.collects("identification", "applicant_name", "email")
        yield Counter(folder, someone.subject)
    shutil.rmtree(folder)


def test_a_request_is_taken_reminded_of_answered_and_explained(counter: Counter) -> None:
    who = counter.subject
    taken = counter.asks("take", who, "correction", "--channel", "telephone", "--about", "email", "--level", "code")
    assert (taken.exit_code, "due 2019-03-05" in taken.stdout) == (0, True)
    assert "neither used nor handed on until then: email" in taken.stdout
    assert "soon" in counter.asks("list").stdout
    assert "정정" in counter.asks("list", "--lang", "ko").stdout
    late = counter.asks("list", day=date(2019, 3, 6))
    assert (late.exit_code, "overdue since 2019-03-05" in late.stdout) == (1, True)
    (found,) = json.loads(counter.asks("list", "--json").stdout)
    assert (found["subject"], found["overdue"]) == (who, False)
    no = counter.asks("turn", who, found["id"], "refused", "--ground", "public-work")
    assert (no.exit_code, "the policy says no" in no.stderr) == (1, True)
    done = counter.asks("do", who, found["id"], "--item", "email", "--level", "code", given="new@example.kr\n")
    assert (done.exit_code, "new@example.kr" in done.stdout + done.stderr) == (0, False)
    assert "done" in counter.asks("show", who).stdout
    assert "It was done." in counter.asks("notice", who, found["id"]).stdout
    report = counter.asks("report", who, "--level", "session")
    assert (report.exit_code, "new@example.kr" in report.stdout) == (0, False)
    assert "new@example.kr" in counter.asks("report", who, "--level", "session", "--reveal").stdout
    assert counter.asks("report", who).exit_code == 1
    assert counter.asks("list").stdout == ""


def test_what_is_asked_wrongly_is_one_clear_error(counter: Counter) -> None:
    for words in (
        ("take", counter.subject, "correction", "--channel", "telephone"),
        ("take", counter.subject, "correction", "--channel", "telephone", "--about", "<script>"),
        ("take", "0" * 31 + "1", "access", "--channel", "office"),
        ("turn", counter.subject, "f" * 32, "refused", "--ground", "statute"),
    ):
        with pytest.raises(SystemExit) as left:
            main(["request", *words, "--folder", str(counter.folder)])
        assert left.value.code == 2, words
    denied = counter.asks("take", counter.subject, "departure", "--channel", "telephone")
    assert denied.exit_code == 1
