"""A first policy: what is asked, what is written, that it is checked, tested and proved, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from wordkept.cli import main
from wordkept.cli.named import read_policy
from wordkept.policy.affirmed import NAME, read

ASKED = {"service": "Lending desk", "email": "office@mail.example", "country": "kr"}
ALL = {
    **ASKED,
    "country": "eu",
    "office": "reading room",
    "telephone": "02-555-0100",
    "collects": "name, phone,address,birthdate,usage",
    "newsletter": "yes",
    "processors": "Acme Hosting: runs our servers; Mail & Co.: sends mail",
    "keeps": "1",
}
DAY = "2030-01-31"


@pytest.fixture(autouse=True)
def _somewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def run(*words: object, given: str | bytes = "") -> Result:
    return CliRunner().invoke(main, [str(word) for word in words], input=given, catch_exceptions=False)


def start(folder: str = "desk", /, *more: str, **answers: str) -> Result:
    options = [f"--{key}={text}" for key, text in answers.items()]
    return run("init", folder, "--effective", DAY, *options, *more)


def refused(found: Result) -> str:
    """The one line of the error; nothing was written."""
    assert (found.exit_code, found.stdout) == (2, "")
    assert list(Path().iterdir()) == []
    first, *more = found.stderr.splitlines()
    assert all(line.startswith("wordkept: hint: ") for line in more)
    return first.removeprefix("wordkept: error: ")


def holds(folder: str) -> None:
    """``check``, ``test`` and ``prove`` pass: no error, nothing high, no failing story, none empty; it is drawn."""
    checked = json.loads(run("check", folder, "--json").stdout)
    (edition,) = checked["editions"]
    assert not [one for one in edition["findings"] if one["severity"] in ("error", "high")]
    tested = run("test", folder)
    assert tested.exit_code == 0, tested.stdout
    proved = run("prove", folder, "--jobs", 1)
    assert proved.exit_code == 0, proved.stdout
    assert proved.stdout.endswith("\n0 empty\n")
    assert run("fmt", "--check", folder).exit_code == 0
    drawn = run("render", folder, "--to", "site", "--format", "json-ld", "--format", "html")
    assert drawn.exit_code == 0, drawn.stderr


@pytest.mark.parametrize(
    "answers",
    [ASKED, ALL, {**ASKED, "keeps": "0"}, {**ALL, "country": "kr", "newsletter": "no"}, {**ALL, "keeps": "0"}],
    ids=["little", "all", "nothing-kept", "no-newsletter", "all-but-kept"],
)
def test_what_is_written_is_checked_tested_proved_and_affirmed(answers: dict[str, str]) -> None:
    found = start(**answers)
    assert found.exit_code == 0, found.stderr
    holds("desk")
    (edition,) = read_policy(Path("desk")).editions
    assert len(list(Path("desk", DAY, "stories").glob("*.story.yaml"))) >= 8
    affirmed = read(Path("desk", DAY, NAME))
    assert list(affirmed) == list(edition.clauses)
    assert {one.office for one in affirmed.values()} == {answers.get("office", "privacy office")}


def test_the_answers_stand_in_the_policy() -> None:
    assert start(**ALL).exit_code == 0
    (edition,) = read_policy(Path("desk")).editions
    assert (edition.service, edition.timezone, edition.law) == ("Lending desk", "Europe/Brussels", ("eu/gdpr",))
    assert list(edition.items) == ["email", "password", "name", "phone", "address", "birthdate", "usage"]
    assert [(one.title, one.tasks) for one in edition.processors.values()] == [
        ("Acme Hosting", ("runs our servers",)),
        ("Mail & Co.", ("sends mail",)),
    ]
    assert edition.officers["privacy-office"].telephone == "02-555-0100"
    assert "for 1 month after" in " ".join(edition.clauses["3.2"].text.split())


def test_questions_are_asked_and_what_is_not_said_has_a_default() -> None:
    found = run("init", "desk", given="Lending desk\noffice@mail.example\n\nkr\n\n\n\n\n")
    assert found.exit_code == 0, found.stderr
    assert found.stderr.startswith("The policy is written in English; ")
    assert "\nWhat is the service called? " in found.stderr
    assert found.stderr.count("?") == 8
    (edition,) = read_policy(Path("desk")).editions
    assert (list(edition.items), list(edition.processors)) == (["email", "password"], [])
    assert (edition.effective - edition.announced).days == 7


def test_an_end_of_input_is_one_error() -> None:
    found = run("init", "desk", given="Lending desk\n")
    assert found.exit_code == 2
    assert found.stderr.splitlines()[-2].endswith("no answer for email; give --email, or --answers with a file")


def test_answers_come_from_a_file_too_and_options_go_before_it(tmp_path: Path) -> None:
    file = tmp_path / "answers.yaml"
    file.write_text(
        "service: Lending desk\nemail: office@mail.example\ncountry: kr\ncollects: [name]\nkeeps: 3\n"
        "processors: ['Acme: runs our servers']\n",
        "utf-8",
    )
    found = start("desk", "--answers", str(file), "--json", keeps="12")
    assert found.exit_code == 0, found.stderr
    told = json.loads(found.stdout)
    assert told["policy"] == f"desk/{DAY}"
    assert told["office"] == "privacy office"
    assert told["stories"][0] == "01-declared.story.yaml"
    assert "for 12 months after" in " ".join(read_policy(Path("desk")).editions[0].clauses["3.2"].text.split())
    file.write_text("service: Lending desk\nemail: office@mail.example\ncountry: fr\n", "utf-8")
    found = start("other", "--answers", str(file))
    assert found.exit_code == 2
    assert found.stderr.startswith(f"wordkept: error: {file}:3:")


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"service": "a\nb: c"}, "service: only printable characters in one line, in Unicode's composed form (NFC)"),
        ({"service": "\x1b[31mred"}, "service: only printable characters in one line"),
        ({"service": "x" * 10_000}, "service: more than 200 characters"),
        ({"service": "# [1.1] <b>"}, "service: it has a sign that means something in Markdown"),
        ({"office": " "}, "office: a name has letters or digits"),
        ({"email": "nobody"}, "email: not an e-mail address such as privacy@example.kr"),
        ({"email": "a@b.kr, c@d.kr"}, "email: not an e-mail address"),
        ({"telephone": "call me"}, "telephone: not a telephone number"),
        ({"country": "us"}, "country: not one of the known words: 'us'"),
        ({"collects": "name, soul"}, "collects.1: not one of the known words: 'soul'"),
        ({"collects": "name,name"}, "collects: something is named twice"),
        ({"newsletter": "perhaps"}, "newsletter: expected yes or no"),
        ({"processors": "Acme"}, "processors: a name has letters or digits; write 'Acme: runs our servers'"),
        ({"processors": ";".join(["Acme: mail"] * 21)}, "processors: more than 20"),
        ({"keeps": "121"}, "keeps: expected a whole number <= 120"),
        ({"keeps": "P6M"}, "keeps: expected a whole number"),
        ({"timezone": "Mars/Base"}, "timezone: not a time zone such as Asia/Seoul"),
    ],
)
def test_an_answer_that_is_none_is_one_error(answers: dict[str, str], said: str) -> None:
    assert refused(start(**{**ASKED, **answers})).startswith(said)


def test_a_missing_answer_is_one_error() -> None:
    assert refused(start(service="Lending desk")).startswith("missing key `email`")


def test_a_file_that_holds_no_answers_is_one_error(tmp_path: Path) -> None:
    file = tmp_path / "answers"
    for text, said in (("- a", "answers are a mapping"), ("x" * 70_000, "more than 65536 bytes are no answers")):
        file.write_text(text, "utf-8")
        found = start("desk", "--answers", str(file))
        assert found.exit_code == 2
        assert said in found.stderr.splitlines()[0]
        assert not Path("desk").exists()


@pytest.mark.parametrize("what", ["folder", "file", "link"])
def test_what_is_there_already_is_not_touched(what: str) -> None:
    if what == "folder":
        Path("desk").mkdir()
        Path("desk/kept").write_text("mine", "utf-8")
    elif what == "file":
        Path("desk").write_text("mine", "utf-8")
    else:
        Path("desk").symlink_to("nowhere")
    found = start(**ASKED)
    assert (found.exit_code, found.stdout) == (2, "")
    assert found.stderr.splitlines()[0] == "wordkept: error: desk: there is something here already"
    assert [one.name for one in Path().iterdir()] == ["desk"]
    assert what != "folder" or Path("desk/kept").read_text("utf-8") == "mine"


def test_a_first_day_beyond_all_others_is_one_error() -> None:
    found = start(**{**ASKED, "keeps": "120", "effective": "9990-12-31"})
    assert refused(found) == "effective: 9990-12-31 is too far ahead"


def test_a_folder_that_cannot_be_written_is_one_error_about_it() -> None:
    assert refused(start("x" * 300, **ASKED)) == f"{'x' * 300} cannot be written: file name too long"
    Path("file").write_text("mine", "utf-8")
    found = start("file/desk", **ASKED)
    assert (found.exit_code, found.stderr) == (2, "wordkept: error: file/desk cannot be written: file exists\n")


def test_what_comes_next_can_be_typed_as_it_is_told() -> None:
    assert start("my desk", **ASKED).stdout.splitlines()[-1].startswith("next: wordkept check 'my desk' && ")


def test_an_answer_that_is_none_is_asked_for_again_at_once() -> None:
    found = run("init", "desk", given="Lending desk\nnowhere\noffice@mail.example\n\nde\nkr\n\n\n\n\n")
    assert found.exit_code == 0, found.stderr
    assert found.stderr.count("Which e-mail address") == found.stderr.count("Whose law") == 2
    assert "wordkept: error: email: not an e-mail address" in found.stderr


def test_the_first_day_is_told_and_so_is_one_that_is_past() -> None:
    found = start(**{**ASKED, "effective": "2020-01-01"})
    assert "\nit takes effect on 2020-01-01; " in found.stdout
    assert found.stderr.startswith("wordkept: note: 2020-01-01 is past; ")


def test_a_folder_that_cannot_be_named_is_one_error() -> None:
    assert refused(start("de\nsk", **ASKED)) == "a folder's name has printable characters only"


def test_the_folder_may_be_anywhere_and_named_anyhow(tmp_path: Path) -> None:
    place = str(tmp_path / "one: two" / "#desk 'a'")
    assert start(place, **ASKED).exit_code == 0
    assert run("test", place).exit_code == 0
    assert [one.name for one in (tmp_path / "one: two").iterdir()] == ["#desk 'a'"]
