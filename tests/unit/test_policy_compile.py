"""What a policy compiles to: kinds, bindings, the index of guards, the law it stands on."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from wordkept.law import Law, folder, load
from wordkept.policy import compile_text
from wordkept.policy import load as load_policy
from wordkept.policy.declared import Item
from wordkept.policy.model import Edition
from wordkept.rules import RULES
from wordkept.terms import Act, Kind, MalformedPolicyError
from wordkept.written.typed import typed
from wordkept.written.yaml import load as load_yaml

CLEAN = (Path(__file__).parents[1] / "vectors" / "policy" / "clean.md").read_text("utf-8")
DAY = date(2020, 2, 1)


@pytest.fixture(scope="module")
def law() -> Law:
    return load(folder())


def compiled(law: Law, more: str = "", *changes: tuple[str, str]) -> Edition:
    text = CLEAN + more
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return compile_text(text.encode(), "policy.md", RULES, law)


def kind(law: Law, body: str) -> Kind:
    return compiled(law, f"\n[9.9] Something is said.\n\n{body}\n").clauses["9.9"].kind


RULE = "```collection.declared-pairs-only\n```"
PERMIT = "```provision.by-law\n```"
OWED = "```owed\nmissing: rule\nwhat: it\n```"
OWED_PERMIT = "```owed\nmissing: rule\nwhat: it\npermit: yes\n```"
DATA = "```role\nname: clerk\ntitle: Clerk\n```"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (RULE, Kind.PROMISE),
        (PERMIT, Kind.PERMIT),
        (OWED, Kind.PROMISE),
        (OWED_PERMIT, Kind.PERMIT),
        (DATA, Kind.DATA),
        ("```category\nname: creed\ntitle: Creed\n```", Kind.PROMISE),
        ("```method\nname: fax\ntitle: Fax\n```", Kind.PROMISE),
        ("```statement\nbecause: it only explains\n```", Kind.STATEMENT),
        ("```stands-for\nclauses: [2]\n```", Kind.STANDS_FOR),
        (f"{PERMIT}\n\n{RULE}", Kind.PROMISE),
        (f"{DATA}\n\n{OWED}", Kind.PROMISE),
        (f"{PERMIT}\n\n{OWED}", Kind.PERMIT),
        (f"{DATA}\n\n{RULE}", Kind.PROMISE),
        ("```collection.declared-pairs-only\nas: data\n```", Kind.DATA),
        ("```collection.declared-pairs-only\nas: permit\n```", Kind.PERMIT),
    ],
)
def test_a_clause_is_what_stands_under_it(body: str, expected: Kind, law: Law) -> None:
    assert kind(law, body) is expected


def test_a_weakened_rule_hides_no_promise_beside_it(law: Law) -> None:
    assert (
        kind(law, f"```collection.one-record-per-matter\npurposes: [reminder]\nas: data\n```\n\n{RULE}") is Kind.PROMISE
    )


def test_guards_are_found_by_act_and_by_what_they_are_narrowed_to(law: Law) -> None:
    guards = compiled(law).guards
    assert [one.clause for one in guards[Act.USE, "reminder"]] == ["2.2"]
    assert [one.clause for one in guards[Act.USE, None]] == ["2.3"]
    assert (Act.USE, "marketing") not in guards
    assert [one.clause for one in guards[Act.DESTROY, None]] == ["3.2"]


def test_guards_stand_in_the_order_of_the_document(law: Law) -> None:
    more = "\n[9.2] Later.\n\n" + RULE + "\n\n[9.1] Latest.\n\n" + RULE + "\n"
    assert [one.clause for one in compiled(law, more).guards[Act.USE, None]] == ["2.3", "9.2", "9.1"]


def test_a_purpose_holds_and_declares_at_once(law: Law) -> None:
    edition = compiled(law)
    assert [one.clause for one in edition.holders] == ["2.2"]
    assert edition.clause_of("purpose", "reminder") == "2.2"
    assert edition.purposes["reminder"].items == ("full_name", "email")


def test_several_declarations_stand_in_one_fence(law: Law) -> None:
    assert list(compiled(law).items) == ["full_name", "email"]
    assert compiled(law).items["email"].search


def test_an_exception_is_named_by_the_rule_that_it_lifts(law: Law) -> None:
    edition = compiled(law, "", ("within: without delay", "within: without delay\nunless: [2.3]"))
    assert edition.clauses["3.2"].bindings[0].unless == ("2.3",)


def test_the_same_bytes_are_the_same_edition(law: Law) -> None:
    assert compiled(law).digest == compiled(law).digest != compiled(law, "\n").digest


def test_an_edition_answers_for_its_law(law: Law) -> None:
    edition = compiled(law)
    assert edition.law_value("kr/e-commerce-act.contract", DAY) == "P5Y"
    assert edition.in_force("kr/e-commerce-act art. 6", DAY)
    assert not edition.in_force("kr/e-commerce-act", date(1999, 1, 1))
    assert not edition.in_force("kr/no-such-act", DAY)
    with pytest.raises(MalformedPolicyError):
        edition.law_value("kr/e-commerce-act.nothing", DAY)


def test_yes_and_no_are_text_until_a_rule_asks() -> None:
    data, positions = load_yaml("name: no\ntitle: 2016-08-31\nsearch: no\n", "x.yaml")
    assert data == {"name": "no", "title": "2016-08-31", "search": "no"}
    assert typed(data, Item, positions, "x.yaml") == Item(name="no", title="2016-08-31", search=False)


def test_positions_are_those_of_the_file() -> None:
    _, positions = load_yaml("a:\n  - b\n  - {c: d}\n", "x.yaml", line_offset=10, column_offset=3)
    assert positions.value("a", 1, "c") == (13, 12)
    assert positions.key("a", 1, "c") == (13, 9)
    assert positions.value("a", 1, "nothing") == positions.value("a", 1)


def written(folder: Path, name: str, text: str) -> None:
    (folder / name).mkdir(parents=True)
    (folder / name / "policy.md").write_text(text, "utf-8")


def test_editions_are_read_oldest_first_and_found_by_day(tmp_path: Path, law: Law) -> None:
    written(tmp_path, "2021-05-01", CLEAN.replace("2020-02-01", "2021-05-01"))
    written(tmp_path, "2020-02-01", CLEAN)
    policy = load_policy(tmp_path, RULES, law)
    assert [one.effective for one in policy.editions] == [DAY, date(2021, 5, 1)]
    assert policy.on(date(2020, 1, 31)) is None
    assert policy.on(date(2021, 4, 30)) is policy.editions[0]
    assert policy.on(date(2021, 5, 1)) is policy.editions[1]


def test_one_edition_can_be_read_by_its_folder_or_its_file(tmp_path: Path, law: Law) -> None:
    written(tmp_path, "2020-02-01", CLEAN)
    for path in (tmp_path / "2020-02-01", tmp_path / "2020-02-01" / "policy.md"):
        assert [one.effective for one in load_policy(path, RULES, law).editions] == [DAY]


@pytest.mark.parametrize(
    ("folders", "said"),
    [
        ({}, "no editions"),
        ({"2020-02-02": CLEAN}, "the folder says 2020-02-02"),
        ({"newest": CLEAN}, "not a day"),
        ({"2020-02-01": CLEAN, "20200201": CLEAN}, "two editions take effect"),
        (
            {"2020-02-01": CLEAN, "2020-03-01": CLEAN.replace("2020-02-01", "2020-03-01").replace("Lending", "Other")},
            "this edition is about",
        ),
    ],
)
def test_folders_that_contradict_their_editions_are_refused(
    folders: dict[str, str], said: str, tmp_path: Path, law: Law
) -> None:
    for name, text in folders.items():
        written(tmp_path, name, text)
    with pytest.raises(MalformedPolicyError, match=said):
        load_policy(tmp_path, RULES, law)


def test_a_policy_that_is_not_there_is_an_error(tmp_path: Path, law: Law) -> None:
    with pytest.raises(MalformedPolicyError, match="no such policy"):
        load_policy(tmp_path / "nowhere", RULES, law)


def test_the_headings_of_chapters_are_kept_by_number_in_the_documents_order(law: Law) -> None:
    more = "\n# 9 Last things\n\n## 9.1 A part\n\n# Without a number\n\n[9.1] Something is said.\n\n" + OWED
    edition = compiled(law, more + "\n")
    assert list(edition.chapters)[-1] == "9"
    assert edition.chapters["9"] == "Last things"
    assert set(edition.chapters) >= {clause.chapter for clause in edition.clauses.values()}
