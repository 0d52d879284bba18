"""What the compiler finds: one data file for each code, and the holes that the reference policy keeps."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest

from wordkept.law import Law, folder, load
from wordkept.policy import affirm, compile_text, findings
from wordkept.policy import load as load_policy
from wordkept.policy.checks import CODES, examine
from wordkept.policy.finding import Finding
from wordkept.rules import RULES

ROOT = Path(__file__).parents[2]
VECTORS = ROOT / "tests" / "vectors" / "policy"
EXPECTED: dict[str, dict[str, Any]] = tomllib.loads((VECTORS / "findings.toml").read_text("utf-8"))
MENDED: dict[str, dict[str, str]] = tomllib.loads((VECTORS / "mended.toml").read_text("utf-8"))
OF_AFFIRMATIONS = {"WK301", "WK302", "WK303", "WK602"}
"""Found beside a file of affirmations; their tests are in test_policy_affirmed."""


@pytest.fixture(scope="module")
def law() -> Law:
    return load(folder())


@pytest.fixture(scope="module")
def reference(law: Law) -> tuple[Finding, ...]:
    return examine(load_policy(ROOT / "policies" / "bizmeka-ez" / "2016-08-31", RULES, law).editions[0])


def test_every_code_has_an_example() -> None:
    assert {name[:5] for name in EXPECTED} == set(CODES) - OF_AFFIRMATIONS
    assert {path.stem for path in VECTORS.glob("findings/*.md")} == set(EXPECTED)


def test_every_code_has_a_page_that_starts_with_its_title() -> None:
    pages = ROOT / "docs" / "findings"
    assert {path.stem for path in pages.glob("WK*.md")} == set(CODES)
    for code, meaning in CODES.items():
        first = (pages / f"{code}.md").read_text("utf-8").splitlines()[0]
        assert first == f"# {code}: {meaning.title} ({meaning.severity})"


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_one_hole_is_one_finding(name: str, law: Law) -> None:
    edition = compile_text((VECTORS / "findings" / f"{name}.md").read_bytes(), "policy.md", RULES, law)
    about_all = {"WK109", "WK601"} - {name[:5]}  # most examples keep something, and say no more than they must
    found = [one for one in examine(edition) if one.code not in about_all]
    assert [one.code for one in found] == [name[:5]]
    told = {key: getattr(found[0], key) for key in ("severity", "clause", "line", "message")}
    assert {key: value for key, value in told.items() if value is not None} == EXPECTED[name]


@pytest.mark.parametrize("name", sorted(MENDED))
def test_a_hole_that_is_mended_is_found_no_more(name: str, law: Law) -> None:
    text = (VECTORS / "findings" / f"{name}.md").read_text("utf-8")
    this, by = MENDED[name]["this"], MENDED[name]["by"]
    assert text.count(this) == 1
    edition = compile_text(text.replace(this, by).encode(), "policy.md", RULES, law)
    assert name[:5] not in {one.code for one in examine(edition)}


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("Nobody sees it, save where a law provides for it.", True),
        ("We save it for as long as a law provides.", False),
        ("Nobody sees it, unless § 12 of the law on libraries provides for it.", False),
        ("Nobody sees it, except your group; what the law says about it stands on page two.", False),
    ],
)
def test_an_exception_for_a_law_is_known_by_its_words(sentence: str, found: bool, law: Law) -> None:  # noqa: FBT001
    text = (VECTORS / "findings" / "WK405-as-the-law-says-otherwise.md").read_text("utf-8")
    text = text.replace("Nobody else sees it, except as the law says otherwise.", sentence)
    edition = compile_text(text.encode(), "policy.md", RULES, law)
    assert ("WK405" in {one.code for one in examine(edition)}) is found


FOUND_BY_WORDS = {name[:5] for name in MENDED}


@pytest.mark.parametrize(
    "name", sorted(path.name for path in (ROOT / "policies").iterdir() if path.is_dir() and path.name != "bizmeka-ez")
)
def test_what_is_found_by_words_is_found_in_no_policy_that_avoids_them(name: str, law: Law) -> None:
    for edition in load_policy(ROOT / "policies" / name, RULES, law).editions:
        assert not [one for one in examine(edition) if one.code in FOUND_BY_WORDS or one.severity in ("error", "high")]


def test_what_an_office_accepts_is_still_shown_and_marked(law: Law) -> None:
    text = (VECTORS / "findings" / "WK403-open-list.md").read_text("utf-8")
    accepted = "[2.2] We use"
    note = "```accept\nfinding: WK403\nby: reading room\nwhy: the list is closed by what is declared\n```\n\n"
    edition = compile_text(text.replace(accepted, note + accepted).encode(), "policy.md", RULES, law)
    assert [(one.code, one.accepted) for one in examine(edition) if one.code == "WK403"] == [("WK403", True)]


def test_findings_serialise_with_the_keys_that_check_promises(reference: tuple[Finding, ...]) -> None:
    keys = {"code", "severity", "clause", "message", "file", "line", "column"}
    assert keys <= set(msgspec.structs.asdict(reference[0]))


def says(*words: str) -> Callable[[Finding], bool]:
    return lambda one: all(word in one.message for word in words)


TAX = ("rrn", "charged_amt", "bill_dates", "pay_method", "service_provided", "discount", "billing_address")


@pytest.mark.parametrize(
    ("hole", "code", "clause", "such"),
    [
        ("A01: an exception that Chapter 9 does not know", "WK501", "7.2.f", says("9.0", "9.1 and 9.2")),
        ("A03: two events start six months", "WK102", "5.1.B", says("service", "charge")),
        ("A09: recipient and processor at once", "WK208", "7.1.R2", says("kmc")),
        ("A11: digits that only a statute opens", "WK209", "2.3.F", says("birth_last_digits")),
        ("A12: a family relation for billing", "WK204", "2.2.3", says("relationship", "charging")),
        ("A13: delivery without an address", "WK203", "2.3.B.06", says("address")),
        ("A13: demographics without age or gender", "WK203", "2.3.B.07", says("age", "gender", "location")),
        ("A13: behaviour without usage data", "WK203", "2.3.B.08", says("usage")),
        ("A14: provided but never collected", "WK201", "7.1.R2", says("domestic_foreign")),
        ("A14: provided but never collected", "WK201", "7.1.R3", says("card_expiry", "card_pw2", "card_company")),
        ("A14: provided but never collected", "WK201", "7.1.R4", says("holder_name", "holder_contact", "bank_name")),
        ("A19: no home page", "WK402", "1.4.b", says("( )")),
        ("A19: a blank before the comma", "WK402", "2.3.F", says(" ,")),
        ("A19: an open list", "WK403", "5.2.A", says("and so forth")),
        ("A19: an officer without e-mail", "WK401", "13.1.A", says("e-mail")),
        ("seven items kept for tax and never collected", "WK202", "5.2.B", says(*TAX)),
        ("held beyond its aim", "WK205", "5.1.B", says("spam_original", "gender")),
        ("no limit for an abandoned sign-up", "WK103", "5.1.A", says("P1M")),
    ],
)
def test_the_reference_policys_holes_are_found(
    hole: str, code: str, clause: str, such: Callable[[Finding], bool], reference: tuple[Finding, ...]
) -> None:
    assert [one for one in reference if (one.code, one.clause) == (code, clause) and such(one)], hole


def test_the_reference_policy_has_no_other_contradiction_and_keeps_nothing_else_uncollected(
    reference: tuple[Finding, ...],
) -> None:
    assert [one.clause for one in reference if one.code == "WK501"] == ["7.2.f"]
    tax = next(one for one in reference if (one.code, one.clause) == ("WK202", "5.2.B"))
    assert tax.message.startswith(", ".join(TAX[:-1]) + f" and {TAX[-1]} must")
    assert not [one for one in reference if one.severity == "error"]


def test_an_error_cannot_be_accepted(tmp_path: Path, law: Law) -> None:
    text = (VECTORS / "clean.md").read_text("utf-8")
    file = tmp_path / "policy.md"
    file.write_text(text, "utf-8")
    affirm(load_policy(file, RULES, law).editions[0], None, "reading room", date(2020, 2, 1))
    note = "```accept\nfinding: WK302\nby: reading room\nwhy: no time\n```\n"
    file.write_text(text.replace("[2.3] We collect", "[2.3] We hardly collect").replace("# 3 How", note + "\n# 3 How"))
    found = {one.code: one for one in findings(load_policy(file, RULES, law).editions[0])}
    assert not found["WK302"].accepted
    assert (found["WK602"].severity, found["WK602"].clause) == ("error", "2.3")
