"""``wordkept import``: what would become of people who lived elsewhere, and what does; no value is ever printed."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from wordkept.cli import main
from wordkept.cli.named import read_policy
from wordkept.cli.place import CLOCK
from wordkept.gate import opened

ROOT = Path(__file__).resolve().parents[2]
POLICY = ROOT / "policies" / "bizmeka-ez"
VALUE = "minji@example.kr"
CSV = f"""person,on,event,consent,choice,purpose,method,item,value
7,2017-01-09,,table,given,,,,
7,2017-01-09,service.subscribed,,,,,,
7,2017-01-09,,,,identification,website,email,{VALUE}
7,2017-01-09,,,,identification,website,applicant_name,Kim Minji
8,2016-10-01,,table,given,,,,
8,2016-10-01,service.subscribed,,,,,,
8,2016-10-01,,,,identification,website,email,kim@example.kr
8,2018-05-02,service.terminated,,,,,,
9,2017-03-01,,,,marketing,website,email,lee@example.kr
"""
JSONL = "\n".join(
    json.dumps(one)
    for one in (
        {"person": "7", "on": "2017-01-09", "consent": "table", "choice": "given"},
        {"person": "7", "on": "2017-01-09", "event": "service.subscribed"},
        {
            "person": "7", "on": "2017-01-09", "purpose": "identification", "method": "website",
            "items": {"email": VALUE, "applicant_name": "Kim Minji"},
        },
    )
)  # fmt: skip


def run(*words: object, code: int = 0, lang: str = "en") -> Result:
    found = CliRunner().invoke(main, ["import", *map(str, words), "--lang", lang], catch_exceptions=False)
    assert found.exit_code == code, found.output
    for value in (VALUE, "Kim Minji", "lee@example.kr"):
        assert value not in found.output
    return found


def tried(
    tmp_path: Path, text: str, *more: object, name: str = "people.csv", code: int = 0, lang: str = "en"
) -> Result:
    (tmp_path / name).write_text(text, "utf-8")
    words = (tmp_path / name, "--dry-run", "--policy", POLICY, "--folder", tmp_path / "none", *more)
    return run(*words, code=code, lang=lang)


def test_a_dry_run_says_what_would_become_of_everybody_and_what_is_overdue(tmp_path: Path) -> None:
    said = tried(tmp_path, CSV).stdout
    assert said.startswith("3 people, 5 events, 3 records\n2 consents unproved")
    assert "1 stay out: email for marketing, because of 2.3.B.12" in said
    assert "(first in line 10)" in said
    assert "1 overdue: email should be gone since 2018-11-03" in said


def test_csv_and_json_lines_say_the_same(tmp_path: Path) -> None:
    one = json.loads(tried(tmp_path, "\n".join(CSV.splitlines()[:5]), "--json").stdout)
    other = json.loads(tried(tmp_path, JSONL, "--json", name="people.jsonl").stdout)
    assert one == other
    assert (one["people"], one["events"], one["unproved"]) == (1, 2, 1)
    assert one["records"] == {"email": 1, "applicant_name": 1}


def test_it_is_said_in_korean_too(tmp_path: Path) -> None:
    assert tried(tmp_path, CSV, lang="ko").stdout.startswith("사람 3명, 사건 5건, 기록 3건")


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("7,2017-01-09,,,,identification,website,email,no address", "email: not of type email"),
        ("7,2017-01-09,service.terminated,,,,,,", "service"),
        ("7,2039-01-09,service.subscribed,,,,,,", "yet to come"),
    ],
)
def test_lines_that_do_not_fit_are_named_and_nothing_comes_in(tmp_path: Path, line: str, why: str) -> None:
    found = tried(tmp_path, "\n".join([*CSV.splitlines()[:2], line]), code=2)
    assert "line 3: " in found.stdout
    assert why in found.stdout
    assert "people.csv:3: 1 lines do not fit" in found.stderr


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("{", 1), ("7", 1), (f'{{"person":"{VALUE}"}}', 1), ('{"person":"7","on":"2017-02-30","event":"x"}', 1),
        ('{"person":"7","on":"2017-02-03"}', 1), ('{"person":"7","on":"2017-02-03","event":"x","consent":"y"}', 1),
        ('{"person":"7","on":"2017-02-03","consent":"y"}', 1), ('{"person":"7","on":"2017-02-03","purpose":"y"}', 1),
        (f'{{"person":"7","on":"2017-02-03","event":"x","{VALUE}":1}}', 1), ("[" * 100_000, 1),
        ('{"person":"7","on":"2017-02-03","event":"x"}\n\n{"person":"8","on":"2017-02-03","role":"king"}', 3),
        ("\n".join(f'{{"person":"{one}","on":"2017-02-03","event":"service.subscribed"}}' for one in (7, 8, 7)), 3),
    ],
)  # fmt: skip
def test_what_is_no_such_file_is_said_to_be_none_with_its_line(tmp_path: Path, text: str, line: int) -> None:
    found = tried(tmp_path, text, name="people.jsonl", code=2)
    assert f"people.jsonl:{line}: " in found.stderr


@pytest.mark.parametrize(
    "text", ["person,on\n7,2017-01-09,more,cells", 'person,on\n7,"2017', "a,b\n1,2", "person\n\x00"]
)
def test_what_is_no_such_table_is_said_to_be_none(tmp_path: Path, text: str) -> None:
    assert "people.csv:" in tried(tmp_path, text, code=2).stderr
    (tmp_path / "people.csv").write_bytes(b"person,on\n\xff\xfe")


def test_people_are_brought_in_once_and_their_names_stay_outside(tmp_path: Path) -> None:
    store, file, names = tmp_path / "store", tmp_path / "people.csv", tmp_path / "names.jsonl"
    with opened(store, read_policy(POLICY)):
        (store / CLOCK).write_text("2019-03-04T12:00:00+09:00")
    file.write_text(CSV, "utf-8")
    words = (file, "--folder", store)
    assert "3 people" in run(*words, "--dry-run").stdout
    assert "--people" in run(*words, code=2).stderr
    run(*words, "--people", names)
    run(*words, "--people", names)
    assert stat.S_IMODE(names.stat().st_mode) == 0o600
    known = {one["person"]: one["subject"] for one in map(json.loads, names.read_text().splitlines())}
    assert list(known) == ["7", "8", "9"]
    with opened(store, read_policy(POLICY)) as gate:
        assert gate.counts()["live"] == 3
        assert {one.item for one in gate.records(known["7"])} == {"email", "applicant_name"}
    shown = CliRunner().invoke(main, ["explain", known["7"], "--folder", str(store)], catch_exceptions=False).stdout
    assert "2017-01-09 consent table: given (unproved)" in shown
    names.chmod(0o644)
    assert "others may read" in run(*words, "--people", names, code=2).stderr
    names.chmod(0o600)
    names.write_text("hello\n")
    assert "no file of pseudonyms" in run(*words, "--people", names, code=2).stderr
