"""The command line without a store: what it prints where, its exit codes, and how it speaks of what is wrong.

What is *not* here: commands on an installation (``test_cli_installation``) and the demonstration (``test_demo_show``).
"""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

import wordkept
from wordkept.cli import main
from wordkept.cli.named import REFERENCE

ROOT = Path(__file__).resolve().parents[2]
STORIES = REFERENCE / "2016-08-31" / "stories"
USE = {"do": "use", "purpose": "bill-sending", "items": ["email"], "by": "staff"}


@pytest.fixture(autouse=True)
def _at_the_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


def run(*words: object, given: str | bytes = "") -> Result:
    """Run a command; a traceback fails the test, as it would fail a person."""
    found = CliRunner().invoke(main, [str(word) for word in words], input=given, catch_exceptions=False)
    assert "Traceback" not in found.output
    return found


def refused(found: Result) -> str:
    """What standard error says of something asked wrongly, and nothing on standard output."""
    assert found.exit_code == 2
    assert found.stdout == ""
    first, *more = found.stderr.splitlines()
    assert first.startswith("wordkept: error: ")
    assert all(line.startswith("wordkept: hint: ") for line in more)
    said = first.removeprefix("wordkept: error: ")
    assert not said[0].isupper()
    return said


def decided(*questions: object, policy: object = REFERENCE) -> tuple[int, list[dict[str, Any]]]:
    lines = [one if isinstance(one, str) else json.dumps(one) for one in questions]
    found = run("decide", "--policy", policy, given="\n".join(lines) + "\n")
    assert found.stderr == ""
    return found.exit_code, [json.loads(line) for line in found.stdout.splitlines()]


@pytest.fixture
def story(tmp_path: Path) -> Path:
    file = tmp_path / "one.story.yaml"
    shutil.copyfile(ROOT / STORIES / "hold-complaint-record.story.yaml", file)
    return file


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copytree(REFERENCE, tmp_path / "policy", ignore=shutil.ignore_patterns("stories"))
    return tmp_path / "policy"


LEAD_ON = {"orders", "agreement", "authority", "consent", "request", "identity"}
"""Groups of commands that only lead on to those."""


class TestEveryCommand:
    @pytest.mark.parametrize("name", list(main.commands))
    def test_says_how_it_is_used(self, name: str) -> None:
        found = run(name, "--help")
        assert (found.exit_code, found.stderr) == (0, "")
        assert found.stdout.startswith(f"Usage: wordkept {name}") or f" {name} " in found.stdout.splitlines()[0]

    @pytest.mark.parametrize("name", [name for name in main.commands if name not in LEAD_ON])
    def test_can_answer_a_program(self, name: str) -> None:
        assert any("--json" in option.opts for option in main.commands[name].params)

    @pytest.mark.parametrize("name", list(main.commands))
    def test_has_a_short_help_that_is_not_cut_off(self, name: str) -> None:
        assert not main.commands[name].get_short_help_str(64).endswith("...")

    @pytest.mark.parametrize("name", list(main.commands))
    def test_refuses_an_option_that_it_does_not_know(self, name: str) -> None:
        found = run(name, "--no-such-option")
        assert "no such option" in refused(found)
        assert f"{name} --help" in found.stderr

    def test_that_is_none_is_refused(self) -> None:
        assert refused(run("destroy-everything")) == "no such command 'destroy-everything'"

    def test_before_it_comes_an_option_nobody_knows(self) -> None:
        assert "no such option" in refused(run("--quiet"))

    def test_is_listed_when_nothing_is_asked(self) -> None:
        found = run()
        assert (found.exit_code, found.stdout) == (2, "")
        assert all(f"  {name} " in found.stderr for name in main.commands)

    @pytest.mark.parametrize("name", list(main.commands))
    def test_is_called_what_it_is_listed_as(self, name: str) -> None:
        assert main.commands[name].name == name

    @pytest.mark.parametrize("name", ["check", "affirm", "diff", "fmt"])
    def test_about_a_policy_alone_imports_no_database_and_no_pages(self, name: str) -> None:
        asked = f"from wordkept.cli import main; import sys; main.commands[{name!r}]; print(*sys.modules)"
        seen = subprocess.run([sys.executable, "-c", asked], check=True, capture_output=True, text=True)
        assert not {"psycopg", "jinja2", "wordkept.gate"} & set(seen.stdout.split())

    @pytest.mark.parametrize("name", ["plan", "apply", "seal", "epoch", "verify", "hunt", "doctor"])
    def test_on_an_installation_says_that_there_is_none(self, name: str, tmp_path: Path) -> None:
        said = refused(run(name, "--folder", tmp_path, given="someone@example.kr\n"))
        assert said == f"there is no installation in {tmp_path}; name one with --folder"
        assert not any(tmp_path.iterdir())

    @pytest.mark.parametrize("damage", ["garbage", "{", '{"policy": 5}', "[]", "\udcff"])
    def test_on_a_damaged_installation_says_so(self, damage: str, tmp_path: Path) -> None:
        (tmp_path / "installation.json").write_bytes(damage.encode(errors="surrogateescape"))
        assert refused(run("doctor", "--folder", tmp_path)) == f"{tmp_path / 'installation.json'} is damaged"

    def test_does_not_repeat_a_connection_string_that_is_none(self, tmp_path: Path) -> None:
        (tmp_path / "installation.json").write_text("{}")
        found = run("doctor", "--folder", tmp_path, "--dsn-live", "swordfish without an equals sign")
        assert refused(found) == "--dsn-live is not a PostgreSQL connection string"
        assert "swordfish" not in found.stderr

    def test_that_is_interrupted_says_so_in_a_line(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def interrupt(*_: object, **__: object) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr(main.commands["check"], "callback", interrupt)
        found = run("check")
        assert (found.exit_code, found.stderr.splitlines()[0]) == (130, "wordkept: error: interrupted")

    def test_lets_our_own_bugs_through(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def bug(*_: object, **__: object) -> None:
            raise ZeroDivisionError

        monkeypatch.setattr(main.commands["check"], "callback", bug)
        with pytest.raises(ZeroDivisionError):
            run("check")

    def test_that_is_a_bare_click_error_is_worded_as_ours(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def usage(*_: object, **__: object) -> None:
            raise click.UsageError("This is not how.")

        monkeypatch.setattr(main.commands["check"], "callback", usage)
        assert refused(run("check")) == "this is not how"


@pytest.mark.parametrize("words", [("check",), ("check", "--json"), ("trace",)], ids=" ".join)
def test_a_reader_that_has_enough_is_no_error(words: tuple[str, ...]) -> None:
    script = "from wordkept.cli import main; main(prog_name='wordkept')"
    with subprocess.Popen(
        [sys.executable, "-c", script, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT
    ) as running:
        assert running.stdout
        assert running.stderr
        running.stdout.close()
        assert running.stderr.read() == b""


class TestGarbage:
    @pytest.fixture(params=["missing", "folder", "binary", "empty", "big", "text", "nul"])
    def garbage(self, request: pytest.FixtureRequest, tmp_path: Path) -> Path:
        path = tmp_path / str(request.param)
        contents = {
            "binary": bytes(range(256)) * 40,
            "empty": b"",
            "big": b"\x8f\x00 noise\n" * 700_000,
            "text": b"dear sir or madam\n",
            "nul": b"---\nservice: \x00\n---\n",
        }
        if path.name == "folder":
            path.mkdir()
        elif path.name in contents:
            path.write_bytes(contents[path.name])
        return path

    def test_as_a_policy_is_one_error_with_its_file(self, garbage: Path) -> None:
        for words in (("check",), ("affirm", "--office", "x"), ("trace", "5.2.B", "--policy"), ("decide", "--policy")):
            assert str(garbage) in refused(run(*words, garbage))

    def test_as_a_story_fails_by_its_name(self, garbage: Path) -> None:
        found = run("test", garbage)
        if garbage.name in {"missing", "folder"}:
            assert str(garbage) in refused(found)
        else:
            assert found.exit_code == 1
            assert found.stdout.startswith(f"FAIL {garbage}:")
            assert found.stdout.endswith("FAIL 0/1\n")

    def test_as_questions_is_answered_line_by_line_with_errors(self, garbage: Path) -> None:
        found = run("decide", garbage)
        if garbage.name in {"missing", "folder"}:
            assert str(garbage) in refused(found)
            return
        answers = [json.loads(line) for line in found.stdout.splitlines()]
        assert all(set(one) == {"error"} for one in answers)
        assert found.exit_code == (2 if answers else 0)

    def test_a_policy_that_is_a_folder_is_one_error(self, tmp_path: Path) -> None:
        (tmp_path / "2016-08-31" / "policy.md").mkdir(parents=True)
        assert "is a directory" in refused(run("check", tmp_path)).lower()

    def test_a_folder_with_the_name_of_a_story_fails_alone(self, story: Path) -> None:
        story.with_name("two.story.yaml").mkdir()
        found = run("test", story.parent)
        assert found.exit_code == 1
        assert "two.story.yaml: cannot be read" in found.stdout
        assert found.stdout.endswith("FAIL 1/2\n")


class TestTheReferencePolicy:
    """Whoever names no policy means it, wherever they stand; only a checkout has it below the current folder."""

    @pytest.fixture(params=["checkout", "package"])
    def home(self, request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        monkeypatch.chdir(tmp_path)
        if request.param == "checkout":
            return ROOT / REFERENCE
        package = tmp_path / "site" / "wordkept"
        package.mkdir(parents=True)
        shutil.copytree(ROOT / REFERENCE, package / "_policies" / REFERENCE.name)
        monkeypatch.setattr(wordkept, "__file__", str(package / "__init__.py"))
        return package / "_policies" / REFERENCE.name

    def test_is_found_by_every_command_that_only_asks(self, home: Path) -> None:
        assert str(home) in run("check").stdout
        assert run("check", REFERENCE).stdout == run("check").stdout
        assert run("trace", "5.2.B").stdout.startswith("[5.2.B] promise: ")
        assert "told by" in run("trace", "5.2.B").stdout
        assert decided(USE)[0] == 0
        assert re.search(r"\nPASS (\d+)/\1\n", run("test").stdout)
        assert run("diff", "--from", "2016-08-31", "--to", "2020-01-01").exit_code == 0
        assert run("fmt", "--check").stdout.startswith(str(home))

    def test_is_what_a_story_elsewhere_means_by_its_name(self, home: Path, story: Path) -> None:
        assert home.is_dir()
        assert run("test", story).stdout.endswith("\nPASS 1/1\n")

    def test_is_not_written_to_where_it_is_not_named(self, home: Path) -> None:
        before = (home / "2016-08-31" / "affirmed.toml").read_bytes()
        for words in ((), (REFERENCE,)):
            found = run("affirm", *words, "--office", "somebody", "--clause", "5.2.B")
            assert refused(found) == f"{REFERENCE}: there is no such policy here to write to"
            assert f"cp -r {shlex.quote(str(home))} mine" in found.stderr
            assert refused(run("fmt", *words)) == f"{REFERENCE}: there is no such policy here to write to"
        assert (home / "2016-08-31" / "affirmed.toml").read_bytes() == before

    def test_is_the_one_in_the_current_folder_first(self, home: Path) -> None:
        shutil.copytree(home, REFERENCE)
        assert str(home) not in run("check").stdout
        assert run("affirm", "--office", "somebody").stdout == "nothing had changed\n"

    def test_stands_in_for_no_other(self, home: Path) -> None:
        assert home.is_dir()
        assert refused(run("check", "policies/other")) == "policies/other: there is no such policy"


class TestWhatIsNoPolicy:
    """One error each, from every command that names a policy, and nothing is written."""

    @pytest.mark.parametrize(
        "words",
        [
            ("check", "here"),
            ("check", "here", "--json"),
            ("check", "here", "--law", "kr/pipa@2026-09-11", "--json"),
            ("render", "here", "--to", "site"),
            ("render", "here", "--to", "site", "--json"),
            ("diff", "here", "here"),
            ("diff", "here", "--from", "2020-01-01", "--to", "2021-01-01", "--json"),
            ("fmt", "here"),
            ("affirm", "here", "--office", "somebody"),
            ("prove", "here"),
            ("trace", "--policy", "here"),
            ("decide", "--policy", "here"),
        ],
        ids=" ".join,
    )
    @pytest.mark.parametrize(
        ("what", "said"),
        [
            ("nothing", "here: there is no such policy"),
            ("link to itself", "here: there is no such policy"),
            ("empty folder", "here: no editions are here"),
            ("folder of a folder", "here/2020-01-01/policy.md: cannot be read: is a directory"),
        ],
    )
    def test_is_one_error(
        self, words: tuple[str, ...], what: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        if what == "link to itself":
            Path("here").symlink_to("here")
        elif what != "nothing":
            Path("here", "2020-01-01/policy.md" if what.startswith("folder") else "").mkdir(parents=True)
        before = sorted(tmp_path.rglob("*"))
        found = run(*words)
        assert (refused(found), found.stdout) == (said, "")
        assert found.stderr.splitlines()[1].startswith("wordkept: hint: ")
        assert sorted(tmp_path.rglob("*")) == before


class TestCheck:
    def test_prints_the_shape_that_programs_read(self) -> None:
        found = run("check", "--json")
        (edition,) = json.loads(found.stdout)["editions"]
        assert json.loads(found.stdout).keys() == {"editions"}
        assert edition.keys() == {"effective", "clauses", "findings"}
        assert edition["effective"] == "2016-08-31"
        assert all(one.keys() == {"number", "kind", "rules"} for one in edition["clauses"])
        kinds = {one["kind"] for one in edition["clauses"]}
        assert kinds == {"promise", "data", "permit", "statement", "stands-for"}
        keys = {"code", "severity", "clause", "message", "file", "line", "column"}
        assert all(one.keys() == keys for one in edition["findings"])
        assert (found.exit_code, found.stderr) == (0, "")

    def test_says_of_one_clause_its_kind_its_rules_and_what_was_found_there(self) -> None:
        first, clause, *found, last = run("check", "--clause", "2.2.3").stdout.splitlines()
        assert first == "bizmeka EZ, effective 2016-08-31: 1 of 205 clauses"
        assert clause == "[2.2.3] promise: category"
        assert [line.split(": ")[1] for line in found] == ["high WK204"]
        assert last == "0 error, 1 high, 0 warning, 0 note"
        assert run("check", "--clause", "0.1").stdout.splitlines()[1] == "[0.1] statement"

    def test_tells_a_program_of_some_clauses_what_it_tells_of_all(self) -> None:
        (whole,) = json.loads(run("check", "--json").stdout)["editions"]
        asked = ("5.2.B", "2.2.3")
        words = [word for number in asked for word in ("--clause", number)]
        (some,) = json.loads(run("check", *words, "--json").stdout)["editions"]
        assert some == {
            "effective": whole["effective"],
            "clauses": [one for one in whole["clauses"] if one["number"] in asked],
            "findings": [one for one in whole["findings"] if one["clause"] in asked],
        }
        assert len(some["clauses"]) == 2

    def test_is_red_for_the_clause_that_is_asked_about_only(self, copy: Path) -> None:
        file = copy / "2016-08-31" / "policy.md"
        file.write_text(file.read_text("utf-8").replace("for five years after your service", "for four years after"))
        assert "error WK302" in run("check", copy, "--clause", "5.2.B").stdout
        assert [run("check", copy, "--clause", one).exit_code for one in ("5.2.B", "5.3.A")] == [1, 0]

    def test_leaves_out_editions_without_the_clause(self, copy: Path) -> None:
        later = copy / "2018-01-01" / "policy.md"
        later.parent.mkdir()
        text = (copy / "2016-08-31" / "policy.md").read_text("utf-8")
        later.write_text(text.replace("effective: 2016-08-31", "effective: 2018-01-01").replace("[5.2.B] ", "[5.2.Z] "))
        for number, days in (("5.2.B", ["2016-08-31"]), ("5.2.Z", ["2018-01-01"]), ("5.3.A", 2)):
            found = json.loads(run("check", copy, "--clause", number, "--json").stdout)["editions"]
            assert days in ([one["effective"] for one in found], len(found)), number

    def test_says_that_no_clause_is_called_so(self) -> None:
        found = run("check", "--clause", "5.2.BB")
        assert refused(found) == "policies/bizmeka-ez: no clause is called 5.2.BB"
        assert "did you mean 5.2.B?" in found.stderr

    def test_says_the_worst_first_and_counts_them(self) -> None:
        first, *findings, last = run("check").stdout.splitlines()
        assert "205 clauses" in first
        assert " high " in findings[0]
        assert last.startswith("0 error, ")

    def test_is_red_by_exit_code_when_a_sentence_changed(self, copy: Path) -> None:
        file = copy / "2016-08-31" / "policy.md"
        file.write_text(file.read_text("utf-8").replace("for five years after your service", "for four years after"))
        found = run("check", copy)
        assert found.exit_code == 1
        assert "error WK302" in found.stdout.splitlines()[1]

    def test_is_not_red_for_what_an_office_lives_with(self, copy: Path) -> None:
        file = copy / "2016-08-31" / "policy.md"
        accepted = "```accept\nfinding: WK209\nby: privacy office\nwhy: only where a statute is cited\n```\n"
        file.write_text(
            file.read_text("utf-8").replace("# 3 How we collect it\n", f"{accepted}\n# 3 How we collect it\n", 1)
        )
        (edition,) = json.loads(run("check", "--json", copy).stdout)["editions"]
        assert [one["code"] for one in edition["findings"] if one.get("accepted")] == ["WK209"]
        assert "(accepted)" in run("check", copy).stdout


class TestCheckAgainstLaw:
    def test_says_where_its_knowledge_of_the_law_ends(self) -> None:
        assert "last checked" not in run("check", "--law", "kr/pipa@2026-09-11").stdout
        said = run("check", "--law", "kr/pipa@2099-01-01").stdout.splitlines()[1]
        assert re.fullmatch(r"it was last checked on 20\d\d-\d\d-\d\d: a later change is not on file", said)
        assert "마지막으로 확인" in run("check", "--law", "kr/pipa@2099-01-01", "--lang", "ko").stdout

    def test_tells_clause_article_and_what_is_from_memory(self) -> None:
        found = run("check", "--law", "kr/pipa@2026-09-11")
        first, *lines, last = found.stdout.splitlines()
        assert (found.exit_code, found.stderr) == (0, "")
        assert first.startswith("bizmeka EZ, effective 2016-08-31, against kr/pipa@2026-09-11: 20 lacking, 10 of them")
        assert last.startswith("this is not legal advice")
        contract = "[8.0.b] kr/pipa art. 26 (1), enforcement decree art. 28 (1): the contract with a processor"
        assert [one for one in lines if one.startswith(contract)]
        (tax,) = [one for one in lines if one.startswith("[5.2.B]")]
        assert "kr/national-tax-act art. 85-3 (2)" in tax
        assert tax.endswith("(from memory)")
        assert [
            one
            for one in lines
            if one.startswith("[nothing says it]") and one.endswith("such a section, if overseas (from memory)")
        ]

    def test_tells_which_act_goes_before_which(self) -> None:
        said = run("check", "--law", "kr@2016-08-31", "--law", "kr/pipa@2026-09-11").stdout
        assert said.count("kr/pipa asks nothing here: kr/network-act goes before it (from memory)") == 1
        assert said.count(" lacking, ") == 2

    def test_prints_the_shape_that_programs_read(self) -> None:
        told = json.loads(run("check", "--json", "--law", "kr@2016-08-31").stdout)
        (one,) = told["laws"]
        assert told.keys() == {"laws"}
        assert one.keys() == {"asked", "day", "last-checked-on", "effective", "statutes", "giving-way", "lacks"}
        assert one["giving-way"][0] == {"statute": "kr/pipa", "to": "kr/network-act", "source": "memory"}
        keys = {"statute", "requirement", "reference", "says", "lacks", "clause", "condition", "source"}
        assert all(lack.keys() == keys for lack in one["lacks"])
        assert {lack["source"] for lack in one["lacks"]} == {"memory", "retrieved"}

    def test_takes_the_edition_in_force_on_the_day_or_else_the_first(self) -> None:
        assert "effective 2016-08-31, against kr/pipa@2012-01-01" in run("check", "--law", "kr/pipa@2012-01-01").stdout

    @pytest.mark.parametrize(
        ("asked", "said"),
        [
            ("kr/pip@2026-09-11", "no law 'kr/pip' is on file; did you mean kr/pipa?"),
            ("xx@2026-09-11", "no law 'xx' is on file"),
            ("", "no law '' is on file"),
            ("kr/pipa", "'kr/pipa' names no day; write kr/pipa@2026-09-11"),
            ("kr@2026-02-30", "'kr@2026-02-30' names no day; write kr@2026-09-11"),
            ("kr/pipa@2011-09-29", "kr/pipa is not in force on 2011-09-29"),
            ("us@1999-12-31", "us is not in force on 1999-12-31"),
            ("kr/pipa@9999-12-31", "9999-12-31 is too far ahead; 2999-12-31 is the last day"),
        ],
    )
    def test_says_which_law_or_day_is_unknown(self, asked: str, said: str) -> None:
        assert refused(run("check", "--law", asked)) == f"invalid value for --law: {said}"

    def test_a_law_file_with_overlapping_dates_is_one_error(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        shutil.copytree(ROOT / "law", tmp_path / "law")
        file = tmp_path / "law" / "kr" / "pipa.yaml"
        file.write_text(file.read_text("utf-8").replace("to: 2026-09-10", "to: 2026-09-11", 1), "utf-8")
        monkeypatch.setattr("wordkept.law.folder", lambda: tmp_path / "law")
        said = refused(run("check", "--law", "kr/pipa@2026-09-11"))
        assert re.fullmatch(rf"{re.escape(str(file))}:\d+:\d+: breach.covers says two things on 2026-09-11", said)

    def test_does_not_pass_over_a_clause_that_it_cannot_ask_about(self) -> None:
        said = refused(run("check", "--law", "kr/pipa@2026-09-11", "--clause", "5.2.B"))
        assert said.startswith("--law is asked of the whole policy, --clause of findings")


class TestAffirm:
    def test_makes_a_changed_sentence_green_again(self, copy: Path) -> None:
        file = copy / "2016-08-31" / "policy.md"
        file.write_text(file.read_text("utf-8").replace("We keep the data listed", "We store the data listed"))
        assert run("check", copy).exit_code == 1
        found = run("affirm", copy, "--office", "privacy office", "--clause", "5.2.B", "--on", "2024-01-31")
        assert found.stdout == "1 clause affirmed by privacy office on 2024-01-31\n"
        assert run("check", copy).exit_code == 0
        assert run("affirm", copy, "--office", "privacy office").stdout == "nothing had changed\n"

    def test_needs_an_office(self, copy: Path) -> None:
        assert refused(run("affirm", copy)) == "missing option '--office'"

    @pytest.mark.parametrize("damage", [b"<<<<<<< ours\n", b"\xff", b"#" * (4 * 1024 * 1024 + 1)])
    def test_tells_the_way_out_of_affirmations_that_cannot_be_read(self, copy: Path, damage: bytes) -> None:
        file = copy / "2016-08-31" / "affirmed.toml"
        whole = file.read_bytes()
        file.write_bytes(damage + whole)
        for words in (("check", copy), ("affirm", copy, "--office", "x")):
            found = run(*words)
            assert str(file) in refused(found)
            assert "put its last good version back; if there is none, remove the file" in found.stderr
        file.unlink()
        assert run("affirm", copy, "--office", "x").stdout.startswith("205 clauses affirmed by x on ")
        assert run("check", copy).exit_code == 0

    def test_knows_only_clauses_that_are_there(self, copy: Path) -> None:
        assert "99.1" in refused(run("affirm", copy, "--office", "x", "--clause", "99.1"))

    def test_affirms_a_clause_in_each_edition_that_has_it(self, tmp_path: Path) -> None:
        clean = (ROOT / "tests/vectors/policy/clean.md").read_text("utf-8")
        number = re.findall(r"^\[([0-9.]+)\]", clean, re.MULTILINE)[-1]
        for day, text in (("2020-02-01", clean), ("2021-02-01", clean.replace(f"[{number}]", "[99.9]"))):
            (tmp_path / day).mkdir()
            dated = text.replace("effective: 2020-02-01", f"effective: {day}")
            (tmp_path / day / "policy.md").write_text(dated, "utf-8")
        found = run("affirm", tmp_path, "--office", "x", "--clause", number, "--clause", "99.9", "--json")
        assert json.loads(found.stdout)["affirmed"] == [number, "99.9"]

    def test_knows_only_days_that_exist(self, copy: Path) -> None:
        assert "2024-02-30" in refused(run("affirm", copy, "--office", "x", "--on", "2024-02-30"))


class TestTest:
    def test_says_pass_and_how_many(self, story: Path) -> None:
        found = run("test", story)
        assert (found.exit_code, found.stderr) == (0, "")
        assert re.fullmatch(r"2 of \d+ clauses bound to rules decided something\nPASS 1/1\n", found.stdout)

    def test_says_fail_where_a_story_comes_out_differently(self, story: Path) -> None:
        story.write_text(
            story.read_text("utf-8").replace("complaint_record: live", "complaint_record: separated"), "utf-8"
        )
        found = run("test", story, STORIES / "hold-payment-record.story.yaml")
        assert found.exit_code == 1
        assert found.stdout.startswith(f"FAIL {story}:")
        assert "expected complaint_record separated, got live" in found.stdout
        assert found.stdout.endswith("\nFAIL 1/2\n")

    def test_says_where_a_story_names_what_the_policy_does_not(self, story: Path) -> None:
        story.write_text(story.read_text("utf-8").replace("complaint_record", "complain_record"), "utf-8")
        found = run("test", story)
        assert found.exit_code == 1
        place, _, said = found.stdout.splitlines()[0].removeprefix("FAIL ").partition(": ")
        assert [part.isdigit() for part in place.removeprefix(f"{story}:").split(":")] == [True, True]
        assert "complain_record" in said

    def test_says_where_a_story_names_a_policy_that_is_not_there(self, story: Path) -> None:
        story.write_text(story.read_text("utf-8").replace("policies/bizmeka-ez", "policies/nobody"), "utf-8")
        first = run("test", story).stdout.splitlines()[0]
        assert first.startswith(f"FAIL {story}:2:")
        assert "policies/nobody: there is no such policy" in first

    def test_plays_the_stories_of_a_copy_on_the_copy(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        copy = tmp_path / "mine"
        shutil.copytree(REFERENCE, copy)
        text = copy / "2016-08-31" / "policy.md"
        text.write_text(text.read_text("utf-8").replace("lasts: P5Y", "lasts: P4Y"), "utf-8")
        found = run("test", copy)
        assert found.exit_code == 1
        count = len(list((ROOT / REFERENCE).rglob("*.story.yaml")))
        note = f"wordkept: note: {count} stories name policies/bizmeka-ez; played on {copy}, beside it\n"
        assert found.stderr == note
        monkeypatch.chdir(tmp_path)
        assert run("test", "mine").stdout == found.stdout.replace(f"{copy}", "mine")

    def test_says_what_a_story_that_stands_beside_no_policy_lacks(self, story: Path) -> None:
        story.write_text(story.read_text("utf-8").replace("policy: policies/bizmeka-ez\n", ""), "utf-8")
        assert "a story names its policy, unless it stands beside one (add policy:)" in run("test", story).stdout

    def test_gives_a_program_every_story_and_difference(self, story: Path) -> None:
        said = json.loads(run("test", story, "--json").stdout)
        assert said.keys() == {"passed", "stories", "promises"}
        assert (said["passed"], said["stories"][0]["passed"], said["stories"][0]["differences"]) == (1, True, [])

    def test_does_not_repeat_a_connection_string_that_is_none(self, story: Path) -> None:
        said = refused(run("test", story, "--store", "--dsn", "swordfish without"))
        assert said == "--dsn is not a PostgreSQL connection string"


class TestDecide:
    def test_answers_each_line_in_its_place(self) -> None:
        code, answers = decided(
            USE, {**USE, "purpose": "marketing", "facts": {"consents": []}}, {**USE, "by": "system"}
        )
        assert code == 0
        assert answers == [
            {"effect": "allow", "reason": "permitted", "because": ["2.3.B.05"]},
            {"effect": "deny", "reason": "no-consent", "because": ["2.3.B.12"]},
            {"effect": "allow", "reason": "permitted", "because": ["2.3.B.05"]},
        ]

    @pytest.mark.parametrize(
        "line",
        [
            "nonsense",
            "{",
            "null",
            "[]",
            "5",
            "",
            "   ",
            "[" * 100_000,
            '{"do":"use"}',
            json.dumps({**USE, "items": []}),
            json.dumps({**USE, "do": "fly"}),
            json.dumps({**USE, "by": "nobody"}),
            json.dumps({**USE, "on": "2016-02-30"}),
            json.dumps({**USE, "colour": "red"}),
            json.dumps({**USE, "facts": {"consents": ["telemarketing"]}}),
            json.dumps({**USE, "facts": {"add_ons": {"teleportation": True}}}),
            json.dumps({**USE, "facts": {"records": {"email": "lost"}}}),
            json.dumps({**USE, "on": "9999-12-31", "facts": {"member": "left"}}),
            '{"do":"use","purpose":"bill-sending","items":["\\ud800"],"by":"staff"}',
        ],
        ids=lambda line: line[:60] or "empty",
    )
    def test_says_error_in_the_place_of_a_malformed_line_and_goes_on(self, line: str) -> None:
        code, answers = decided(USE, line, USE)
        assert code == 2
        assert [set(one) for one in answers] == [
            {"effect", "reason", "because"},
            {"error"},
            {"effect", "reason", "because"},
        ]

    def test_takes_bytes_that_are_no_text_as_a_malformed_line(self) -> None:
        found = run("decide", given=b'{"do":"use","items":["\xff"],"by":"staff"}\n')
        assert (found.exit_code, json.loads(found.stdout).keys()) == (2, {"error"})

    def test_takes_empty_lines_at_the_end_as_no_questions(self) -> None:
        code, answers = decided(USE, "", "  ")
        assert (code, len(answers)) == (0, 1)

    def test_answers_nothing_to_nothing(self) -> None:
        found = run("decide", given="")
        assert (found.exit_code, found.stdout) == (0, "")

    def test_denies_an_item_that_the_policy_does_not_know(self) -> None:
        _, (answer,) = decided({**USE, "items": ["shoe_size"]})
        assert answer["effect"] == "deny"
        assert "2.3.0" in answer["because"]

    def test_denies_before_the_first_edition(self) -> None:
        _, (answer,) = decided({**USE, "on": "2016-08-30"})
        assert answer == {"effect": "deny", "reason": "no-policy", "because": []}

    def test_needs_a_policy_that_is_there(self, tmp_path: Path) -> None:
        said = refused(run("decide", "--policy", tmp_path / "none", given=json.dumps(USE)))
        assert said == f"{tmp_path / 'none'}: there is no such policy"


class TestTrace:
    def test_follows_a_clause_to_its_rule_and_stories(self) -> None:
        (link,) = json.loads(run("trace", "5.2.B", "--json").stdout)
        assert (link["clause"], [rule["name"] for rule in link["rules"]]) == ("5.2.B", ["retention.by-law"])
        assert "delete-tax-record" in link["stories"]

    def test_shows_what_would_miss_a_rule_and_what_it_leaves_in_evidence(self) -> None:
        (link,) = json.loads(run("trace", "6.2.B", "--json").stdout)
        (rule,) = link["rules"]
        assert Path(rule["proof"]["story"]).name == "destroy-is-final.story.yaml"
        assert rule["evidence"] == ["separated", "destroyed", "final"]
        (link,) = json.loads(run("trace", "12.A2.c", "--json").stdout)
        (rule,) = link["rules"]
        assert any(test.startswith("tests/promises/test_protection.py:") for test in rule["tests"])
        assert {"used", "refused"} <= set(rule["evidence"])
        shown = run("trace", "12.A2.c").stdout
        assert f"proved by {rule['tests'][0]}" in shown
        assert f"{link['file']}:{link['line']}" in shown

    def test_shows_stories_that_fail_without_proofs(self, tmp_path: Path) -> None:
        shutil.copytree("policies/bizmeka-ez", tmp_path / "policy")
        stories = tmp_path / "policy" / "2016-08-31" / "stories"
        for file in stories.iterdir():
            file.unlink()
        steps = "steps:\n  - {on: 2019-01-02, act: {do: view, items: [email], by: member}, expect: {effect: allow}}\n"
        (stories / "a.story.yaml").write_text(f"story: One\npolicy: policies/bizmeka-ez\n{steps}", "utf-8")
        (link,) = json.loads(run("trace", "6.2.B", "--policy", tmp_path / "policy", "--json").stdout)
        assert link["rules"][0]["proof"] is None

    def test_follows_a_rule_to_its_clauses(self) -> None:
        numbers = {one["clause"] for one in json.loads(run("trace", "retention.by-law", "--json").stdout)}
        assert {"5.2.B", "5.3.A"} <= numbers

    def test_says_that_nothing_has_that_name(self) -> None:
        assert refused(run("trace", "99.1")) == "no clause and no rule is called 99.1"
