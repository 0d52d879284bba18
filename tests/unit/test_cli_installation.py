"""The command line in an installation: the one that the developer's page makes, on a real vault.

What is *not* here: what the commands mean (``tests/gate``, ``tests/vault``, ``tests/evidence``).
"""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import pytest
from click.testing import CliRunner, Result

from wordkept.cli import main
from wordkept.cli.asking import _print_explanation
from wordkept.cli.named import REFERENCE, read_policy
from wordkept.cli.place import CLOCK
from wordkept.gate import Asked, Explained, Explanation, Happening, opened
from wordkept.language import catalogue
from wordkept.record import NEVER, Actor, Request
from wordkept.terms import Act, Choice, Role, State, UnavailableError
from wordkept.texts import shown_on

ROOT = Path(__file__).resolve().parents[2]
VALUE = "minji@example.kr"


class Here(msgspec.Struct):
    """What the developer's page made: the folder, and the pseudonym that it printed."""

    home: Path
    subject: str

    @property
    def store(self) -> Path:
        return self.home / ".wordkept"


@pytest.fixture(scope="module")
def here() -> Iterator[Here]:
    home = Path(tempfile.mkdtemp(prefix="wk-cli-"))
    home.chmod(0o711)
    (home / "policies").mkdir()
    shutil.copytree(ROOT / REFERENCE, home / REFERENCE, ignore=shutil.ignore_patterns("stories"))
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(home)
        yield Here(home, first_example())
    shutil.rmtree(home)


def first_example() -> str:
    """Run the developer's page as it stands, compare what it prints, and return the pseudonym."""
    page = (ROOT / "docs" / "developer.md").read_text("utf-8")
    (program,) = re.findall(r"^```python\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
    printed: list[str] = []
    exec(compile(program, "first.py", "exec"), {"print": lambda *words: printed.append(" ".join(map(str, words)))})  # noqa: S102
    *said, last = printed
    assert "\n".join(said) in page
    assert last.startswith("look further: wordkept explain ")
    return last.rpartition(" ")[2]


def run(*words: object, given: str = "", code: int = 0) -> Result:
    """Give a command; whatever it says, the value is not in it."""
    found = CliRunner().invoke(main, [str(word) for word in words], input=given, catch_exceptions=False)
    assert found.exit_code == code, found.output
    assert VALUE not in found.output
    if code == 2:
        assert found.stdout == ""
        assert found.stderr.startswith("wordkept: error: ")
    else:
        assert "wordkept: error" not in found.stderr
    return found


@pytest.fixture
def tomorrow(here: Here) -> Iterator[datetime]:
    """The installation's clock, moved on, so that something is due; put back afterwards."""
    then = datetime.now(UTC) + timedelta(days=40)
    (here.store / CLOCK).write_text(then.isoformat())
    yield then
    (here.store / CLOCK).unlink()


def test_explain_says_why_each_record_is_held_and_what_happened_to_it(here: Here) -> None:
    said = run("explain", here.subject).stdout
    assert "service.subscribed" in said
    assert re.search(r"^email [0-9a-f]{8}: live$", said, re.MULTILINE)
    assert "used with no end yet by 5.1.A" in said
    assert "collected because of 2.3.A" in said
    assert "used because of 2.3.B.05" in said
    found = json.loads(run("explain", here.subject, "--json").stdout)
    assert found.keys() == {"subject", "on", "events", "records"}
    assert [one["state"] for one in found["records"]] == ["live"]


def test_explain_says_of_a_record_that_it_should_be_gone(here: Here) -> None:
    now = datetime.now(UTC)
    policy = read_policy(REFERENCE)
    with opened(here.store, policy) as gate:
        subject = gate.new_subject(now)
        shown = shown_on(policy, gate.day(now), "table")
        gate.happen([Happening(subject, "consent", to="table", choice=Choice.GIVEN, shown=shown)], now)
        gate.happen([Happening(subject, "service.subscribed")], now)
        address = Request(
            act=Act.COLLECT, items=("email",), by=Actor(Role.MEMBER), on=gate.day(now), purpose="identification",
            method="website",
        )  # fmt: skip
        gate.perform(Asked(subject, address, {"email": VALUE}), now)
        gate.happen([Happening(subject, "service.terminated")], now)
        (record,) = gate.records(subject)
    last = record.keep_until
    assert last is not None
    try:
        for days, late in ((0, False), (1, False), (2, True), (400, True)):
            noon = datetime.combine(last + timedelta(days=days), time(12), ZoneInfo("Asia/Seoul"))
            (here.store / CLOCK).write_text(noon.isoformat())
            said = run("explain", subject).stdout
            assert (f"    overdue: no hold since {last}, and it is still there\n" in said) is late, days
            assert "overdue" not in run("explain", here.subject).stdout
            found = json.loads(run("explain", subject, "--json").stdout)
            assert [one["overdue"] for one in found["records"]] == [late]
        assert "1 destroyed" in run("apply").stdout
        said = run("explain", subject).stdout
        assert ": destroyed\n" in said
        assert "overdue" not in said
    finally:
        (here.store / CLOCK).unlink()


def test_explain_says_so_of_what_nothing_ever_held(capsys: pytest.CaptureFixture[str]) -> None:
    held = Explained(record="f" * 32, item="email", state=State.LIVE, keep_until=NEVER)
    _print_explanation(Explanation("0" * 32, date(2020, 1, 1), (), (held,)), catalogue("en"))
    assert "    overdue: nothing ever held it, and it is still there\n" in capsys.readouterr().out


def test_explain_says_it_in_korean_too(here: Here) -> None:
    english, korean = (run("explain", here.subject, "--lang", one).stdout for one in ("en", "ko"))
    assert len(english.splitlines()) == len(korean.splitlines())
    assert "이용 중" in korean
    assert not re.search(r"\b(used|kept|until|because|collected)\b", korean)


@pytest.mark.parametrize("who", ["0" * 31 + "1", "nobody", "' OR 1=1 --"])
def test_explain_knows_only_people_who_are_here(here: Here, who: str) -> None:
    assert here.store.is_dir()
    run("explain", who, code=2)


def test_a_plan_is_written_and_applied_and_names_no_value(here: Here) -> None:
    assert "plan.jsonl: 0 records for " in run("plan").stdout
    head, foot = (here.home / "plan.jsonl").read_text("utf-8").splitlines()
    assert json.loads(head)["type"] == "head"
    assert json.loads(foot)["records"] == 0
    assert "0 separated, 0 destroyed" in run("apply", "plan.jsonl").stdout
    assert json.loads(run("apply", "--json").stdout)["swept"]["destroyed"] == 0


def test_a_plan_of_another_day_is_refused(here: Here, tomorrow: datetime) -> None:
    run("plan", "later.jsonl")
    (here.store / CLOCK).write_text((tomorrow + timedelta(days=1)).isoformat())
    assert "stale" in run("apply", "later.jsonl", code=2).stderr


@pytest.mark.parametrize("contents", [b"", b"\x00\xff", b"{}\n", b'{"type":"head"}\n', b"dear sir\n"])
def test_what_is_no_plan_is_refused_with_its_name(here: Here, contents: bytes) -> None:
    (here.home / "no-plan.jsonl").write_bytes(contents)
    assert "no-plan.jsonl" in run("apply", "no-plan.jsonl", code=2).stderr
    assert "no-plan.jsonl" in run("approve", "no-plan.jsonl", "--name", "kim-2", code=2).stderr


def test_what_is_not_there_is_refused_with_its_name(here: Here) -> None:
    assert not (here.home / "none").exists()
    for words in (
        ("apply", "none"),
        ("verify", "--since", "none"),
        ("plan", "none/plan.jsonl"),
        ("hunt", "--also", "none"),
    ):
        assert "none" in run(*words, given=f"{VALUE}\n", code=2).stderr


def test_a_plan_is_approved_with_a_key_of_ones_own(here: Here) -> None:
    run("plan", "large.jsonl")
    lacking = run("approve", "large.jsonl", "--name", "kim-2", code=2).stderr
    assert "there is no key kim-2.key" in lacking
    assert "wordkept: hint: --key names the file of a key of yours; --new makes one" in lacking
    (here.home / "no.key").write_text("not hex")
    (here.home / "no.key").chmod(0o600)
    assert "no.key is not a key" in run("approve", "large.jsonl", "--name", "kim-2", "--key", "no.key", code=2).stderr
    assert run("approve", "large.jsonl", "--name", "kim-2", "--new").stdout.startswith("kim-2 approved large.jsonl")
    assert json.loads(run("approve", "large.jsonl", "--name", "kim-2", "--json").stdout)["name"] == "kim-2"
    run("approve", "large.jsonl", "--name", "kim-2", "--new", code=2)
    (here.home / "kim-2.key").chmod(0o644)
    assert "read by others" in run("approve", "large.jsonl", "--name", "kim-2", code=2).stderr


def test_an_approver_without_a_pseudonym_gets_no_key(here: Here) -> None:
    run("plan", "named.jsonl")
    for name in ("Kim Minji", "../kim", ""):
        assert "pseudonym" in run("approve", "named.jsonl", "--name", name, "--new", code=2).stderr
    run("approve", "named.jsonl", "--name", "Kim Minji", "--key", "other.key", "--new", code=2)
    assert not (here.home / "other.key").exists()
    assert not list(here.home.parent.glob("kim.key"))


def test_a_plan_of_today_that_was_approved_is_the_one_that_is_applied(here: Here) -> None:
    file = Path(json.loads(run("apply", "--json").stdout)["file"])
    assert file.resolve().parent == here.store.resolve()
    before = file.read_bytes()
    run("apply")
    assert file.read_bytes() != before, "made anew"
    before = file.read_bytes()
    run("approve", file, "--name", "park-2", "--new")
    run("apply")
    assert file.read_bytes() == before


def test_asking_what_another_policy_would_owe_changes_nothing_for_the_next_command(here: Here) -> None:
    shutil.copytree(here.home / REFERENCE, here.home / "other")
    remembered = (here.store / "installation.json").read_bytes()
    assert "obeys another policy" in run("plan", "other.jsonl", "--policy", "other", code=2).stderr
    (here.store / "demonstration-clock").write_text(datetime.now(UTC).isoformat())
    run("plan", "other.jsonl", "--policy", "other")
    assert (here.store / "installation.json").read_bytes() == remembered


def test_the_remembered_policy_is_found_from_elsewhere(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(here.home / "policies")
    run("explain", here.subject, "--folder", here.store)


def test_an_installation_obeys_no_other_policy_in_the_place_of_its_own(here: Here) -> None:
    (here.home / "policies").rename(here.home / "elsewhere")
    try:
        assert "policies/bizmeka-ez: there is no such policy" in run("plan", "none.jsonl", code=2).stderr
        run("check")
    finally:
        (here.home / "elsewhere").rename(here.home / "policies")


def test_a_policy_of_the_same_name_in_the_callers_folder_is_not_obeyed(
    here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    (here.store / CLOCK).unlink(missing_ok=True)
    elsewhere = here.home / "elsewhere"
    shutil.copytree(here.home / REFERENCE, elsewhere / REFERENCE)
    remembered = (here.store / "installation.json").read_bytes()
    altered(elsewhere)
    monkeypatch.chdir(elsewhere)
    try:
        run("plan", "own.jsonl", "--folder", here.store)
        assert "ok  policy: that of bizmeka EZ" in run("doctor", "--folder", here.store).stdout
        assert (here.store / "installation.json").read_bytes() == remembered
    finally:
        shutil.rmtree(elsewhere)


def test_an_edition_that_was_obeyed_is_not_altered_before_an_operator_says_so(here: Here) -> None:
    (here.store / CLOCK).unlink(missing_ok=True)
    policy = here.home / REFERENCE
    before = {file: file.read_bytes() for file in policy.rglob("*.md")}
    run("plan", "altered.jsonl")
    altered(here.home)
    try:
        refused = run("plan", "altered.jsonl", code=2).stderr
        assert "the edition in force from 2016-08-31 is not as this installation obeyed it" in refused
        assert "wordkept doctor --obey" in refused
        assert "  broken  policy: the edition" in run("doctor", code=1).stdout
        run("doctor", "--obey")
        run("plan", "altered.jsonl")
        run("plan", "altered.jsonl")
    finally:
        for file, text in before.items():
            file.write_bytes(text)
    run("plan", "altered.jsonl", code=2)
    run("doctor", "--obey")
    policy.rename(here.home / "moved")
    try:
        run("plan", "moved.jsonl", "--policy", "moved", code=2)
        run("doctor", "--policy", "moved", "--obey")
        run("plan", "moved.jsonl")
    finally:
        (here.home / "moved").rename(policy)
        run("doctor", "--policy", REFERENCE, "--obey")


def test_a_policy_that_lacks_an_edition_that_was_obeyed_is_refused(here: Here) -> None:
    (here.store / CLOCK).unlink(missing_ok=True)
    run("plan")
    policy = read_policy(REFERENCE)
    later = msgspec.structs.replace(policy.editions[0], effective=date(2018, 1, 1))
    other = msgspec.structs.replace(policy, path="evil", editions=(later,))
    lacking = pytest.raises(UnavailableError, match=r"from 2016-08-31, which evil does not have")
    with lacking, opened(here.store, other):
        pass
    assert b"evil" not in (here.store / "installation.json").read_bytes()


def altered(home: Path) -> None:
    """The reference policy there says something else."""
    file = home / REFERENCE / "2016-08-31" / "policy.md"
    file.write_text(file.read_text("utf-8") + "\nOne more line.\n", "utf-8")


def test_evidence_is_sealed_verified_and_compared_with_a_checkpoint_kept_elsewhere(here: Here) -> None:
    assert re.search(r"^live: \d+ sealed, \d+ in log 1$", run("seal").stdout, re.MULTILINE)
    kept = here.home / "kept.checkpoint"
    shutil.copyfile(here.store / "log" / "live" / "1" / "checkpoint", kept)
    run("plan")
    said = run("verify", "--since", kept).stdout
    assert re.search(r"^live: \d+ entries hold; 0 not sealed yet", said)
    assert "  census: 1 records, 0 do not fit their statements" in said
    found = json.loads(run("verify", "--since", kept, "--no-census", "--json").stdout)
    assert len(found["live"]["report"]["logs"][0]["agreed_at"]) == 2
    assert found["live"]["census"] is None


def test_a_checkpoint_of_somebody_else_does_not_pass(here: Here) -> None:
    run("seal")
    text = (here.store / "log" / "live" / "1" / "checkpoint").read_text("utf-8")
    ours = f"its first line is wordkept/{text[9:41]}/…"
    for name, other, said, hint in (
        ("stranger", text.replace(text[9:41], "f" * 32), "stranger is a checkpoint of another installation", ours),
        ("letter", "dear sir\n", "letter is no checkpoint", ours),
        ("empty", "", "empty is no checkpoint", ours),
        ("forged", text.replace("\n", "\n9", 1), "the checkpoint given cannot be relied on", "look at another copy"),
        ("cut off", text[:60], "the checkpoint given cannot be relied on", "look at another copy"),
    ):
        (here.home / name).write_text(other, "utf-8")
        found = CliRunner().invoke(main, ["verify", "--since", str(here.home / name)], catch_exceptions=False)
        assert (found.exit_code, found.stdout) == (1, ""), name
        first, second = found.stderr.splitlines()
        assert said in first
        assert hint in second
        assert "auditor" not in second or name in {"forged", "cut off"}


def test_a_hunt_finds_a_value_sealed_or_in_plain_and_never_prints_it(here: Here) -> None:
    assert run("hunt", "--item", "email", here.subject, given=f"{VALUE}\n").stdout.startswith("sealed, openable: ")
    note = here.home / "note.txt"
    note.write_text(f"call {VALUE}\n", "utf-8")
    said = run("hunt", "--also", note, given=f"{VALUE}\n", code=1).stdout
    assert said.startswith("plain: ")
    assert f"{note}:5: plain" in said
    assert json.loads(run("hunt", "--json", given="nobody-has-this@example.kr\n").stdout)["verdict"] == "not found"


@pytest.mark.parametrize(("item", "subject"), [("emial", None), ("email", "0" * 31 + "7")])
def test_a_hunt_for_what_nobody_had_is_no_clean_answer(here: Here, item: str, subject: str | None) -> None:
    said = run("hunt", "--item", item, subject or here.subject, given=f"{VALUE}\n", code=2)
    assert f"no evidence says that this person had {item}" in said.stderr
    assert VALUE not in said.stderr


def test_a_hunt_needs_a_value_and_a_person_for_an_item(here: Here) -> None:
    assert here.store.is_dir()
    run("hunt", given="abc\n", code=2)
    run("hunt", given="", code=2)
    assert "SUBJECT" in run("hunt", "--item", "email", given=f"{VALUE}\n", code=2).stderr


def test_the_doctor_tells_weaknesses_and_is_not_alarmed(here: Here) -> None:
    assert here.store.is_dir()
    said = run("doctor").stdout
    assert re.search(r"^ +ok  live: durable: ", said, re.MULTILINE)
    assert re.search(r"^ at risk  live: privileges: .*\(use ", said, re.MULTILINE)
    assert {one["state"] for one in json.loads(run("doctor", "--json").stdout)} <= {"ok", "at risk"}


def test_an_epoch_turns_and_nothing_that_lives_is_lost(here: Here) -> None:
    before = json.loads(run("epoch", "--json").stdout)
    after = run("epoch").stdout
    assert f"live: epoch {before['live']['epoch'] + 1} began" in after
    assert run("hunt", "--item", "email", here.subject, given=f"{VALUE}\n").stdout.startswith("sealed, openable: ")
    run("verify")


def test_a_clock_that_does_not_say_a_time_is_refused(here: Here) -> None:
    try:
        for wrong, said in (("noon", "time"), ("2019-12-05T12:00:00", "time zone"), ("2019-12-05", "time zone")):
            (here.store / CLOCK).write_text(wrong)
            refusal = run("plan", code=2).stderr
            assert CLOCK in refusal
            assert said in refusal
    finally:
        (here.store / CLOCK).unlink()


def test_whoever_seals_is_warned_of_a_log_that_was_not_continued(here: Here) -> None:
    """The last one here: the log that others look at is the first."""
    assert run("seal").stderr == ""
    (here.store / "log" / "live" / "1" / "checkpoint").unlink()
    found = run("seal", "--json")
    assert [json.loads(found.stdout)[store]["opened"] for store in ("live", "separate")] == [True, False]
    warning, hint = found.stderr.splitlines()
    assert warning.startswith("wordkept: warning: live: the database does not continue what was signed last")
    assert warning.endswith("log 2 was opened")
    assert hint.startswith("wordkept: hint: was it put back from an older copy")
    assert run("seal").stderr == ""
    assert " at risk  live: log: no checkpoint of log 1 is outside the database" in run("doctor").stdout
    for words in (("plan",), ("apply",), ("epoch",), ("explain", here.subject)):
        newest = max((here.store / "log" / "live").glob("[0-9]*"), key=lambda path: int(path.name))
        (newest / "checkpoint").unlink()
        assert "wordkept: warning: live: " in run(*words).stderr, words
