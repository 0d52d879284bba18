"""A sentence is locked to its rules: a changed word or parameter makes exactly that clause red."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from wordkept.law import Law, folder, load
from wordkept.policy import affirm
from wordkept.policy import load as load_policy
from wordkept.policy.affirmed import NAME, check
from wordkept.policy.model import Edition
from wordkept.rules import RULES
from wordkept.terms import MalformedPolicyError

CLEAN = (Path(__file__).parents[1] / "vectors" / "policy" / "clean.md").read_text("utf-8")
DAY = date(2020, 2, 1)


class Desk:
    """A policy on disk, and the office that re-reads it."""

    def __init__(self, path: Path, law: Law) -> None:
        self.file, self.law = path / "policy.md", law
        self.write()

    def write(self, *changes: tuple[str, str]) -> None:
        text = CLEAN
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        self.file.write_text(text, "utf-8")

    def edition(self) -> Edition:
        return load_policy(self.file, RULES, self.law).editions[0]

    def red(self) -> list[tuple[str, str | None]]:
        return [(one.code, one.clause) for one in check(self.edition())]

    def affirm(self, *clauses: str, on: date = DAY) -> tuple[str, ...]:
        return affirm(self.edition(), clauses or None, "reading room", on)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path, load(folder()))


def test_without_a_file_nothing_was_affirmed(desk: Desk) -> None:
    assert desk.red() == [("WK301", None)]


def test_what_was_affirmed_is_not_red(desk: Desk) -> None:
    assert len(desk.affirm()) == 7
    assert desk.red() == []


@pytest.mark.parametrize(
    ("old", "new", "clause"),
    [
        ("nothing else.", "next to nothing else.", "2.3"),
        ("ends-with: [loan]", "ends-with: [loan]\nat-most: P1Y", "2.2"),
        ("within: without delay", "within: P1Y", "3.2"),
        ("within: without delay", "within: without delay\nunless: [2.3]", "3.2"),
        ("within: without delay", "within: without delay\nas: permit", "3.2"),
        ("items: [full_name, email]", "items: [email, full_name]", "2.2"),
        ("title: E-mail address", "title: Address", "2.1"),
        ("missing: paper", "missing: rule", "3.3"),
        ("clauses: [2, 3]", "clauses: [2]", "1.1"),
        ("A loan lasts", "A loan may last", "3.1"),
    ],
)
def test_one_changed_word_or_parameter_makes_exactly_that_clause_red(
    old: str, new: str, clause: str, desk: Desk
) -> None:
    desk.affirm()
    desk.write((old, new))
    assert desk.red() == [("WK302", clause)]
    assert desk.affirm(clause) == (clause,)
    assert desk.red() == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("how to reach you", "how to\nreach you"),
        ("missing: paper\nwhat: the form of the request", "what: the form of the request\nmissing: paper"),
        ("missing: paper", 'missing: "paper"  # not yet printed'),
        ("ends-with: [loan]", "ends-with:\n- loan\nconsent: no"),
        ("# 2 What we collect", "# 2 What we collect\n\nThis is how it works."),
    ],
)
def test_what_changes_no_meaning_turns_nothing_red(old: str, new: str, desk: Desk) -> None:
    desk.affirm()
    desk.write((old, new))
    assert desk.red() == []


def test_accepting_a_finding_turns_nothing_red(desk: Desk) -> None:
    desk.affirm()
    desk.write(("# 3 How", "```accept\nfinding: WK403\nby: desk\nwhy: known\n```\n\n# 3 How"))
    assert desk.red() == []


def test_a_new_clause_is_red_until_it_is_affirmed(desk: Desk) -> None:
    desk.affirm()
    desk.write(("[3.3] A lawful", "[3.4] New.\n\n```owed\nmissing: rule\nwhat: it\n```\n\n[3.3] A lawful"))
    assert desk.red() == [("WK301", "3.4")]


def test_a_clause_that_is_gone_is_said_to_be(desk: Desk) -> None:
    desk.affirm()
    desk.write(("[3.3] A lawful", "[3.5] A lawful"))
    assert desk.red() == [("WK301", "3.5"), ("WK303", None)]
    desk.affirm("3.5")
    assert desk.red() == []


def test_affirming_again_keeps_the_day_of_what_did_not_change(desk: Desk) -> None:
    desk.affirm()
    before = (desk.file.parent / NAME).read_text("utf-8")
    assert desk.affirm(on=date(2021, 1, 1)) == ()
    assert (desk.file.parent / NAME).read_text("utf-8") == before
    desk.write(("nothing else.", "next to nothing else."))
    desk.affirm(on=date(2021, 1, 1))
    after = (desk.file.parent / NAME).read_text("utf-8")
    assert sum(one != other for one, other in zip(before.splitlines(), after.splitlines(), strict=True)) == 1


def test_affirmations_stand_in_the_order_of_the_document_however_they_came(desk: Desk) -> None:
    for clause in ("3.1", "2.1", "3.3", "1.1"):
        desk.affirm(clause)
    lines = (desk.file.parent / NAME).read_text("utf-8").splitlines()[1:]
    assert [line.split('"')[1] for line in lines] == ["1.1", "2.1", "3.1", "3.3"]


def test_only_the_file_itself_is_left_behind(desk: Desk) -> None:
    desk.affirm()
    assert sorted(path.name for path in desk.file.parent.iterdir()) == [NAME, "policy.md"]


@pytest.mark.parametrize("clause", ["9.9", "", "2"])
def test_what_is_not_there_cannot_be_affirmed(clause: str, desk: Desk) -> None:
    with pytest.raises(MalformedPolicyError, match="to affirm"):
        desk.affirm(clause)
    assert not (desk.file.parent / NAME).exists()


@pytest.mark.parametrize("office", ["", "  ", "privacy\noffice"])
def test_an_affirmation_names_an_office(office: str, desk: Desk) -> None:
    with pytest.raises(MalformedPolicyError, match="office"):
        affirm(desk.edition(), None, office, DAY)


def test_affirmations_that_cannot_be_read_are_not_told_to_be_malformed(desk: Desk) -> None:
    (desk.file.parent / NAME).mkdir()
    with pytest.raises(MalformedPolicyError, match="cannot be read: is a directory") as caught:
        desk.red()
    assert caught.value.hint == ""  # least of all to remove them


@pytest.mark.parametrize(
    "data",
    [
        b"\xff",
        b"a = ",
        b'"2.1" = 1',
        b'"2.1" = { digest = "x", office = "y" }',
        b'"2.1" = { digest = "x", office = "y", on = 2020-01-01, by = "z" }',
        b"a = " + b"[" * 100_000,
    ],
)
def test_malformed_affirmations_are_an_error_and_never_a_traceback(data: bytes, desk: Desk) -> None:
    (desk.file.parent / NAME).write_bytes(data)
    with pytest.raises(MalformedPolicyError, match="not a list of affirmations"):
        desk.red()
