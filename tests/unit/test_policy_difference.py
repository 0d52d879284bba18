"""Two editions compared: each kind of change has its effect, concerns whom it should, and asks for what it must."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner, Result

from wordkept.cli import main
from wordkept.law import Law, Operator, Value, folder, load
from wordkept.policy import compile_text
from wordkept.policy.difference import Difference, compare
from wordkept.policy.difference.words import LONGEST
from wordkept.policy.model import Edition
from wordkept.rules import RULES

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "policies" / "bizmeka-ez" / "2016-08-31" / "policy.md").read_text("utf-8")
DAYS = ("announced: 2016-08-25\neffective: 2016-08-31", "announced: 2026-12-20\neffective: 2027-01-01")
CONTACT = "items: [applicant_name, contact_no, mobile_phone, email]"
MARKETING = f"name: marketing\ntitle: marketing and care of customers\n{CONTACT}\n"
MEMBERS = "items: [email, mobile_phone, applicant_name]\ngroups: [table]\ngroup: group\n"
FORM = "```method\nname: phone\ntitle: by telephone\n```"
DISPUTE = """```retention.during-dispute
dispute: dispute
narrowed:
  group: table
  of: [identification, charging]
  purposes: [tax-record]
  items: [payment_record]
```"""
OWED = "```owed\nmissing: rule\nwhat: nothing here\n```"
AGAIN = "\n\n```consent.asked-again-when-changed\n```"
BOUND = f"```consent.to-published-terms\nunless: [7.2.f]\n```{AGAIN}"
UNBOUND = "```statement\nbecause: it binds nobody here\n```"


@cache
def law() -> Law:
    return load(folder())


def edition(*changes: tuple[str, str], known: Law | None = None) -> Edition:
    text = TEXT
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return compile_text(text.encode(), "policy.md", RULES, known or law())


@cache
def reference() -> Edition:
    return edition()


def difference(*changes: tuple[str, str]) -> Difference:
    return compare(reference(), edition(*changes))


def lines(found: Difference) -> list[str]:
    return [f"{one.way} {one.kind} {one.name} [{one.clause}] {one.said}" for one in found.effects]


CHANGES: Mapping[str, tuple[list[tuple[str, str]], str, str]] = {
    "an item more in a purpose": (
        [(MARKETING, MARKETING.replace("[", "[birthdate, "))],
        "widens purpose marketing [2.3.B.12] items gains birthdate",
        "who consented to marketing",
    ),
    "a purpose that asks for no consent any more": (
        [(MARKETING + "consent: yes\n", MARKETING)],
        "widens purpose marketing [2.3.B.12] consent: yes → no",
        "everybody",
    ),
    "a recipient outside of the group": (
        [(MEMBERS, MEMBERS.removesuffix("group: group\n"))],
        "widens recipient group-members [7.1.R1] group: group → none",
        "who consented to provision:group-members",
    ),
    "a processor for fewer purposes": (
        [("purposes: [bill-collection, bill-notice, settlement]\n", "purposes: [bill-collection]\n")],
        "narrows processor korea-investors-service [8.T03] purposes loses bill-notice, settlement",
        "who consented to entrustment and has charge open",
    ),
    "a way of collecting less": (
        [(FORM, OWED)],
        "narrows method phone [3.A.4] is gone",
        "everybody",
    ),
    "a longer time after the service": (
        [("lasts: P6M", "lasts: P9M")],
        "widens period service.ended [5.1.B] P6M → P9M: representative_name, business_reg_no, …",
        "who consented to table",
    ),
    "a shorter time by law": (
        [("lasts: P5Y", "lasts: P4Y")],
        "narrows period service.ended [5.2.B] P5Y → P4Y: applicant_name, mobile_phone, contact_no, …",
        "everybody",
    ),
    "a longer wait for the service": (
        [("at-most: P1M, assumed", "at-most: P2M, assumed")],
        "widens period before service [5.1.A] P1M → P2M: applicant_name, …",
        "everybody",
    ),
    "nothing kept for disputes": (
        [
            (
                DISPUTE,
                OWED,
            ),
            ("unless: [5.1.C, 9.2, 10.6.g]", "unless: [9.2, 10.6.g]"),
        ],
        "narrows period during dispute [5.1.C] open → none: …",
        "everybody",
    ),
    "a category that is not closed any more": (
        [("```category\nname: creed\ntitle: belief\nunless: [2.2.7, 2.2.8]\n```", OWED), ("category: creed\n", "")],
        "widens category creed [2.2.2] is gone",
        "who consented to category:creed",
    ),
    "an exception less": (
        [("unless: [9.1, 9.2]", "unless: [9.1]")],
        "narrows rule provision.with-consent-only [7.1.0] unless loses 9.2",
        "everybody",
    ),
    "a rule that is taken out": (
        [("```consent.refusal-is-obeyed\n```", OWED)],
        "widens rule consent.refusal-is-obeyed [4.2.a] is gone",
        "everybody",
    ),
    "another reading of a vague word": (
        [("without delay: P5D", "without delay: P1W")],
        "widens word without delay [None] period: P5D → P1W",
        "everybody",
    ),
    "a statute less": (
        [("  - kr/safety-measures\n", "")],
        "changes edition law [None] law loses kr/safety-measures",
        "everybody",
    ),
    "another fact about the operator": (
        [("operator:\n", "operator:\n  subjects: 1000\n")],
        "changes edition operator [None] subjects: none → 1000",
        "everybody",
    ),
    "people who can be found": (
        [("type: date, personal: pd:BirthDate", "type: date, search: yes, personal: pd:BirthDate")],
        "widens item birthdate [2.3.A] search: no → yes",
        "who consented to table, or who has scraping open",
    ),
}


def has(said: list[str], wanted: str) -> bool:
    start, more, _ = wanted.partition("…")
    return any(one.startswith(start) if more else one == wanted for one in said)


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_has_its_effect_and_concerns_whom_it_should(name: str) -> None:
    changes, wanted, affected = CHANGES[name]
    changed = edition(*changes)
    found = compare(reference(), changed)
    assert has(lines(found), wanted), lines(found)
    assert affected in [
        one.affected for one, line in zip(found.effects, lines(found), strict=True) if has([line], wanted)
    ]
    back = compare(changed, reference())
    mirror = {"widens": "narrows", "narrows": "widens", "changes": "changes"}
    forth = sorted((mirror[one.way], one.kind, one.name) for one in found.effects)
    assert sorted((one.way, one.kind, one.name) for one in back.effects) == forth


def test_an_edition_differs_in_nothing_from_itself() -> None:
    found = difference()
    assert (found.words, found.effects, found.asks) == ((), (), ())


def test_words_are_compared_one_by_one() -> None:
    (one,) = difference(("for five years after your service", "for four years after the service")).words
    assert (one.way, one.number) == ("changed", "5.2.B")
    assert [(piece.way, piece.text) for piece in one.pieces if piece.way != "same"] == [
        ("gone", "five"),
        ("new", "four"),
        ("gone", "your"),
        ("new", "the"),
    ]


def test_how_lines_are_broken_is_no_change() -> None:
    assert difference(("keep it\nsafe.", "keep\nit safe.")).words == ()


def test_a_very_long_sentence_is_shown_whole() -> None:
    (one,) = difference(("for five years after", "word " * LONGEST + "for four years after")).words
    assert [piece.way for piece in one.pieces] == ["gone", "new"]


def test_a_new_a_gone_and_a_renumbered_clause_are_told_apart() -> None:
    more = "[0.9] A new sentence.\n\n```statement\nbecause: it is new\n```\n\n"
    found = difference(
        ("[0.3] On a small", "[0.4] On a small"), ("[0.2] Three links", f"{more}[0.2] Three other links")
    )
    assert [(one.way, one.before, one.after) for one in found.words] == [
        ("added", None, "0.9"),
        ("changed", "0.2", "0.2"),
        ("renumbered", "0.3", "0.4"),
    ]
    back = compare(edition(("[0.2] Three links", f"{more}[0.2] Three links")), reference())
    assert [(one.way, one.number) for one in back.words] == [("removed", "0.9")]


def test_other_rules_under_the_same_words_are_told() -> None:
    found = difference(("lasts: P6M", "lasts: P9M"))
    assert [(one.way, one.number) for one in found.words] == [("rules", "5.1.B")]


def test_a_rule_that_only_moves_to_another_clause_has_no_effect() -> None:
    rule, other = "```consent.refused-provision-is-obeyed\n```\n\n", "```consent.refusal-is-obeyed\n```"
    assert difference((rule, ""), (other, rule + other)).effects == ()


def asked(*changes: tuple[str, str]) -> list[tuple[str, bool, tuple[str, ...], str, str]]:
    return [(one.consent, one.again, one.items, one.rule, one.clause) for one in difference(*changes).asks]


TERMS = ("consent.to-published-terms", "4.2.d")


def test_a_wider_purpose_is_asked_about_again_by_whoever_consented() -> None:
    change = (MARKETING, MARKETING.replace("[", "[birthdate, gender, "))
    assert asked(change) == [("marketing", True, ("birthdate", "gender"), *TERMS)]


def test_a_wider_group_is_agreed_to_again() -> None:
    old = "name: inquiry\ntitle: to answer questions and complaints\n" + CONTACT
    assert asked((old, old.replace("[", "[birthdate, "))) == [("table", True, ("birthdate",), *TERMS)]


def test_a_wider_recipient_is_asked_about_again() -> None:
    change = (MEMBERS, MEMBERS.replace("[email", "[gender, email"))
    assert asked(change) == [("provision:group-members", True, ("gender",), *TERMS)]


def test_nothing_is_asked_again_where_no_rule_says_so() -> None:
    changes = ((MARKETING, MARKETING.replace("[", "[birthdate, ")), (BOUND, OWED))
    assert asked(*changes) == []


def test_nothing_is_asked_for_what_narrows() -> None:
    assert asked((MARKETING, MARKETING.replace(", email", ""))) == []


def test_a_new_recipient_is_asked_about_for_the_first_time() -> None:
    new = "```recipient\nname: post\ntitle: The post\npurpose: delivery\nitems: [address]\ngroups: [table]\n```\n\n"
    change = ("[7.1.R2] To Korea", f"[7.1.R0] To the post.\n\n{new}[7.1.R2] To Korea")
    assert asked(change) == [("provision:post", False, ("address",), "provision.with-consent-only", "7.1.0")]


def test_a_purpose_that_newly_asks_is_asked_about_for_the_first_time() -> None:
    old = "name: opinion\ntitle: to confirm an opinion\n" + CONTACT + "\ngroup: table\n"
    new = old.replace("group: table", "consent: yes")
    items = ("purpose", "2.3.B.03")
    assert asked((old, new)) == [("opinion", False, (), *items)]


def with_notice(period: str) -> Law:
    """The law on file, and one parameter more."""
    wanted = Value(value=period, reference="a made-up article", last_checked_on=date(2026, 11, 24), source="memory")
    pipa = law().statutes["kr/pipa"]
    more = msgspec.structs.replace(pipa, parameters={**pipa.parameters, "policy-change.notice": (wanted,)})
    return Law({**law().statutes, "kr/pipa": more})


@pytest.mark.parametrize(("period", "given"), [("P12D", True), ("P13D", False), ("P1M", False), ("P1W", True)])
def test_notice_is_held_against_the_law_where_it_has_a_number(period: str, given: bool) -> None:  # noqa: FBT001
    found = compare(reference(), edition(DAYS, known=with_notice(period)))
    assert found.notice.days == 12
    (one,) = found.law.notice
    assert (one.ref, one.period, one.given) == ("kr/pipa.policy-change.notice", period, given)
    assert (one.reference, one.source) == ("a made-up article", "memory")


LATER, EARLIER = DAYS, (DAYS[0], "announced: 2017-01-01\neffective: 2017-02-01")


@pytest.mark.parametrize(
    ("day", "ref", "reference_", "source"),
    [
        (LATER, "kr/pipa.consent.collect.again", "art. 15 (2)", "retrieved"),
        (EARLIER, "kr/network-act.consent.collect.again", "art. 22 (1)", "memory"),
    ],
)
def test_the_law_of_the_later_day_says_which_consent_it_wants_again(
    day: tuple[str, str], ref: str, reference_: str, source: str
) -> None:
    found = compare(reference(), edition(day, (MARKETING, MARKETING.replace("[", "[birthdate, ")))).law
    (one,) = found.again
    assert (one.consent, one.changed) == ("marketing", ("items",))
    assert (one.ref, one.reference, one.source, one.condition) == (ref, reference_, source, "")
    assert ("kr/network-act" in found.statutes, "kr/pipa" in found.statutes) == (True, day is LATER)


@pytest.mark.parametrize(
    ("change", "consent", "changed"),
    [
        (("lasts: P6M", "lasts: P9M"), "table", ("period",)),
        (("title: marketing and care of customers", "title: marketing"), "marketing", ("purpose",)),
        ((MEMBERS, MEMBERS.replace("[email", "[gender, email")), "provision:group-members", ("items",)),
        (("title: other members of the same group", "title: everybody"), "provision:group-members", ("recipient",)),
    ],
)
def test_the_law_wants_a_consent_again_for_each_thing_that_it_names(
    change: tuple[str, str], consent: str, changed: tuple[str, ...]
) -> None:
    found = compare(reference(), edition(LATER, change)).law.again
    assert [(one.consent, one.changed) for one in found] == [(consent, changed)]


@pytest.mark.parametrize("change", [("lasts: P6M", "lasts: P3M"), (MARKETING, MARKETING.replace(", email", ""))])
def test_the_law_wants_nothing_again_for_what_narrows(change: tuple[str, str]) -> None:
    assert compare(reference(), edition(LATER, change)).law.again == ()


def test_the_law_of_the_operators_country_is_asked_beside_that_of_the_front_matter() -> None:
    whole, others = edition(LATER), tuple(one for one in edition(LATER).law if one != "kr/pipa")
    less = msgspec.structs.replace(whole, law=others)
    assert "kr/pipa" in compare(reference(), less).law.statutes
    nowhere = msgspec.structs.replace(less, operator=msgspec.structs.replace(whole.operator, country=None))
    assert "kr/pipa" not in compare(reference(), nowhere).law.statutes


def test_what_hangs_on_an_unknown_fact_says_on_which() -> None:
    pipa = with_notice("P7D").statutes["kr/pipa"]
    (value,) = pipa.parameters["policy-change.notice"]
    some = msgspec.structs.replace(value, applies_if=(Operator(subjects=1_000_000), Operator(sells=True)))
    changed = msgspec.structs.replace(pipa, parameters={**pipa.parameters, "policy-change.notice": (some,)})
    known = Law({**law().statutes, "kr/pipa": changed})
    (one,) = compare(reference(), edition(LATER, known=known)).law.notice
    assert one.condition == "subjects >= 1,000,000 or sells"
    few = edition(LATER, ("operator:\n", "operator:\n  subjects: 9\n  sells: no\n"), known=known)
    assert compare(reference(), few).law.notice == ()


def diff(*words: object) -> Result:
    return CliRunner().invoke(main, ["diff", *map(str, words)], catch_exceptions=False)


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    for day, text in (("2016-08-31", TEXT), ("2027-01-01", TEXT.replace(*DAYS).replace("lasts: P6M", "lasts: P9M", 1))):
        (tmp_path / day).mkdir()
        (tmp_path / day / "policy.md").write_text(text, "utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("language", "said", "beside"),
    [
        (
            "en",
            "Consent: the policy's own rules ask for none, but the law does (below)",
            "wants marketing asked for",
        ),
        ("ko", "동의: 처리방침의 규칙으로는 새로 받을 것이 없으나, 법률로는 있음(아래)", "kr/pipa 제15조제2항: "),
    ],
)
def test_what_only_the_law_asks_for_again_is_no_consent_that_nobody_wants(
    desk: Path, language: str, said: str, beside: str
) -> None:
    for day in ("2016-08-31", "2027-01-01"):
        text = (desk / day / "policy.md").read_text("utf-8").replace(BOUND, UNBOUND)
        wider = text.replace(MARKETING, MARKETING.replace("[", "[birthdate, ")) if day > "2020" else text
        (desk / day / "policy.md").write_text(wider, "utf-8")
    told = diff(desk / "2016-08-31", desk / "2027-01-01", "--lang", language).stdout
    assert f"\n{said}\n" in told
    assert beside in told


def test_the_command_compares_two_folders_and_two_days_alike(desk: Path) -> None:
    by_folder = diff(desk / "2016-08-31", desk / "2027-01-01" / "policy.md")
    by_day = diff(desk, "--from", "2020-02-29", "--to", "2027-01-01")
    assert by_folder.exit_code == by_day.exit_code == 0
    assert by_folder.stdout == by_day.stdout
    assert by_folder.stdout.startswith("bizmeka EZ: 2016-08-31 → 2027-01-01\n\nWords: 1 rules\n  [5.1.B] rules: We may")
    assert "Effects: 1 widens\n  widens period service.ended [5.1.B]: P6M → P9M: " in by_folder.stdout
    *_, notice, statutes, again, days = by_folder.stdout.splitlines()
    assert notice.endswith("12 days before 2027-01-01")
    assert statutes.startswith("Law in force on 2027-01-01: kr/communications-secrets-act, ")
    assert again == "  kr/pipa art. 15 (2): wants table asked for again: period"
    assert days == "  no statute on file says how many days of notice"
    found = json.loads(diff(desk / "2016-08-31", desk / "2027-01-01", "--json").stdout)
    assert list(found) == ["service", "before", "after", "words", "effects", "asks", "notice", "law"]
    assert found["notice"] == {"announced": "2026-12-20", "effective": "2027-01-01", "days": 12}
    assert list(found["law"]) == ["day", "statutes", "again", "notice"]


def test_a_period_that_a_law_has_from_memory_says_so() -> None:
    act = law().statutes["kr/credit-information-act"]
    (value,) = act.parameters["handling"]
    longer = msgspec.structs.replace(value, value="P4Y")
    known = Law({**law().statutes, act.statute: msgspec.structs.replace(act, parameters={"handling": (longer,)})})
    (one,) = compare(reference(), edition(known=known)).effects
    assert one.said == "P3Y → P4Y: credit_handling_record (statutory-record) (from memory)"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nowhere", "."], "nowhere: there is no such policy"),
        ([".", "2016-08-31"], ".: 2 editions are here"),
        ([".", "--from", "2016-08-30", "--to", "2027-01-01"], ".: no edition is in force on 2016-08-30"),
        ([".", "--from", "2016-08-31"], "name two editions, or one policy with --from and --to"),
        ([".", "2016-08-31", "--to", "2016-08-31"], "name two editions, or one policy with --from and --to"),
        (["2016-08-31", "other"], "other/policy.md: this edition is about 'other', the one before about 'bizmeka EZ'"),
    ],
)
def test_what_cannot_be_compared_is_one_error(
    desk: Path, words: list[str], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(desk)
    if "other" in words:
        Path("other").mkdir()
        Path("other/policy.md").write_text(TEXT.replace("service: bizmeka EZ", "service: other", 1), "utf-8")
    found = diff(*words)
    assert (found.exit_code, found.stdout) == (2, "")
    assert found.stderr.splitlines()[0] == f"wordkept: error: {said}"
    assert len(found.stderr.splitlines()) == 2
