"""The whole demonstration, small, on a real vault: every line is true, and every command it prints can be given."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import msgspec
import pytest
from click.testing import CliRunner, Result

from wordkept.cli import main
from wordkept.cli.demo.ground import cleared
from wordkept.cli.demo.people import person
from wordkept.cli.named import REFERENCE

ROOT = Path(__file__).resolve().parents[2]


class Seen(msgspec.Struct):
    """What one demonstration printed, and where it stands."""

    home: Path
    lines: list[str]


@pytest.fixture(scope="module")
def seen() -> Iterator[Seen]:
    home = Path(tempfile.mkdtemp(prefix="wk-demo-"))
    home.chmod(0o711)
    (home / "policies").mkdir()
    shutil.copytree(ROOT / REFERENCE, home / REFERENCE)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(home)
        found = CliRunner().invoke(main, ["demo", "--members", "12", "--picture", "copy.svg"], catch_exceptions=False)
        assert found.exit_code == 0, found.output
        yield Seen(home, found.stdout.splitlines())
        with cleared(home / ".wordkept-demo"):
            pass  # stops nothing that runs; clears the server's data, wherever that is
    shutil.rmtree(home)


def given(command: str) -> Result:
    """Give a command as a shell would, standard input from a file if it says so."""
    command, _, source = command.partition(" < ")
    _, *words = shlex.split(command)
    value = Path(*shlex.split(source)).read_text("utf-8") if source else ""
    return CliRunner().invoke(main, words, input=value, catch_exceptions=False)


def commands(seen: Seen, name: str) -> list[str]:
    found = re.findall(rf"\$ (wordkept {name} .*)$", "\n".join(seen.lines), re.MULTILINE)
    assert found, name
    return list(dict.fromkeys(found))


def test_it_fits_forty_lines(seen: Seen) -> None:
    assert len(seen.lines) <= 40
    assert len([line for line in seen.lines[1:] if re.match(r"[ 1]\d [^\[]", line)]) == 18


def test_every_quotation_is_from_the_policy(seen: Seen) -> None:
    text = " ".join((seen.home / REFERENCE / "2016-08-31" / "policy.md").read_text(encoding="utf-8").split())
    quoted = re.findall(r"^   \[([^\]]+)\] “(.*)”", "\n".join(seen.lines), re.MULTILINE)
    assert len(quoted) == 18
    for number, quote in quoted:
        assert f"[{number}] {quote.removesuffix(' …')}" in text


def test_nobodys_value_is_printed(seen: Seen) -> None:
    printed = "\n".join(seen.lines)
    for number in range(12):
        who = person(1, number)
        for value in (who.name, who.email, who.phone, who.address, who.account, who.ci, who.birthdate):
            assert value not in printed


def test_what_must_be_refused_was_and_the_rest_was_not(seen: Seen) -> None:
    printed = "\n".join(seen.lines)
    assert printed.count(": refused (") == 4
    for reason in ("no-consent", "undeclared", "forbidden-category", "separated"):
        assert f"refused ({reason})" in printed
    assert printed.count(": allowed: ") == 2


def test_a_value_is_openable_until_its_epoch_is_over_and_dead_afterwards(seen: Seen) -> None:
    hunts = [line for line in seen.lines if re.search(r"\d+ files, [\d,]+ MB\)", line)]
    assert [re.search(r": (plain|sealed, openable|sealed and dead|not found) \(", line)[1] for line in hunts] == [  # type: ignore[index]
        "sealed, openable",
        "sealed, openable",
        "sealed and dead",
        "plain",
    ]


def test_the_evidence_holds_and_a_flipped_byte_is_found_at_its_entry(seen: Seen) -> None:
    printed = "\n".join(seen.lines)
    assert "the evidence is verified: it holds" in printed
    (entry, where) = re.findall(
        r"one byte of entry ([\d,]+) is flipped: the verification FAILS: log 1, entry (\d+)", printed
    )[0]
    assert entry.replace(",", "") == where


def test_the_pure_policy_gives_the_same_answers_as_the_gate_did(seen: Seen) -> None:
    for at, line in enumerate(seen.lines):
        if "$ wordkept decide" in line:
            said = seen.lines[at - 1]
            answer = json.loads(given(line.partition("$ ")[2]).stdout)
            assert (answer["effect"] == "allow") == (": allowed: " in said)
            if because := re.search(r"because of (.*)$", said):
                assert answer["because"] == because[1].split(", ")


def test_the_other_commands_can_be_given_too(seen: Seen) -> None:
    for command in [*commands(seen, "check"), *commands(seen, "explain"), *commands(seen, "verify")]:
        assert given(command).exit_code == 0, command
    assert "0 not due" in given(commands(seen, "apply")[0]).stdout


def test_the_hunts_can_be_repeated_by_whoever_has_the_folder(seen: Seen) -> None:
    hunt, planted = commands(seen, "hunt")
    assert given(hunt).stdout.startswith("sealed and dead: ")
    found = given(planted)
    assert found.exit_code == 1
    assert found.stdout.startswith("plain: ")
    assert ".wordkept-demo/note.txt:0: plain" in found.stdout
    assert found.stdout.count(": plain") == 1, "nowhere else"
    note = seen.home / ".wordkept-demo" / "note.txt"
    assert note.read_text("utf-8") == f"{person(1, 0).email}\n"
    assert note.stat().st_mode & 0o777 == 0o600


def test_the_plan_under_four_years_can_be_made_again(seen: Seen) -> None:
    (said,) = re.findall(r"under five years, and under four: 0 records, and (\d+)", "\n".join(seen.lines))
    assert int(said) > 0
    command = commands(seen, "plan")[-1]
    assert f": {said} records for 2022-08-11" in given(command).stdout
    assert ": 0 records for 2022-08-11" in given(re.sub(r" --policy \S+", "", command)).stdout


def test_the_picture_shows_what_the_last_run_left(seen: Seen) -> None:
    picture = (seen.home / ".wordkept-demo" / "six-years.svg").read_text(encoding="utf-8")
    assert (seen.home / "copy.svg").read_text(encoding="utf-8") == picture
    assert "are live" in (ET.fromstring(picture).findtext("{http://www.w3.org/2000/svg}desc") or "")  # noqa: S314  (ours)


def test_again_and_as_one_value_for_programs(seen: Seen) -> None:
    found = given("wordkept demo --members 3 --years 1 --seed 5 --json")
    told: dict[str, Any] = json.loads(found.stdout)
    assert found.exit_code == 0
    assert (told["members"], told["years"], told["seed"]) == (3, 1, 5)
    assert len(told["steps"]) == 18
    assert all({"title", "clause", "sentence", "said", "command", "figures"} <= step.keys() for step in told["steps"])
    assert Path(told["picture"]).is_file()
    assert told["folder"] == str(seen.home / ".wordkept-demo")
