"""The reference policy says what its source says: numbers, kinds, purposes, pairs, items, parties and periods.

The facts stand in ``tests/vectors/reference``, taken from the source and not from the policy. What is *not* here: what
the policy does to a person's data on a day (its stories).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from wordkept import law
from wordkept.policy.declared import Owed, Purpose
from wordkept.policy.editions import load
from wordkept.policy.model import Clause, Edition
from wordkept.record import plus
from wordkept.rules import RULES
from wordkept.terms import Kind

ROOT = Path(__file__).resolve().parents[2]
POLICY = ROOT / "policies" / "bizmeka-ez"
FACTS = ROOT / "tests" / "vectors" / "reference"
EFFECTIVE = date(2016, 8, 31)

BASIS: dict[str, Callable[[Purpose], bool]] = {
    "consent": lambda purpose: purpose.consent,
    "add-on": lambda purpose: purpose.during is not None,
    "law": lambda purpose: purpose.by_law,
}
UNCOLLECTED = {"domestic_foreign", "card_expiry", "card_pw2", "holder_name", "holder_contact"}
WITNESSES = {"ideology", "creed", "family_relations", "academic_history", "health_condition", "social_activity"}
TAX_ONLY = {"rrn", "charged_amt", "bill_dates", "pay_method", "service_provided", "discount", "billing_address"}
SYSTEM_ONLY = {
    "etax_pw", "hometax_cert", "hometax_cert_pw", "cfa_pw", "card_company_pw", "account_pw", "rrn", "birth_last_digits",
}  # fmt: skip
ON_PAPER = {"3.A.5", "6.1.A.2", "6.2.A"}
BOUND_CHAPTERS = {"2", "3", "5", "6"}


def facts(name: str) -> list[dict[str, str]]:
    with (FACTS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def edition() -> Edition:
    found = load(POLICY, RULES, law.load(ROOT / "law")).on(EFFECTIVE)
    assert found is not None
    return found


def owed(clause: Clause) -> list[Owed]:
    return [note for note in clause.notes if isinstance(note, Owed)]


def periods(clause: Clause, edition: Edition) -> Iterator[str]:
    """Every period that a rule or a purpose under a clause sets, the law's looked up on the first day."""
    for params in (binding.params for binding in clause.bindings):
        if ref := getattr(params, "for_", None):
            yield edition.law_value(ref, edition.effective)
        for one in (params, getattr(params, "sign_up", None)):
            yield from (value for key in ("lasts", "within", "at_most") if (value := getattr(one, key, None)))


def test_the_edition_is_the_one_of_2016(edition: Edition) -> None:
    assert (edition.service, edition.timezone) == ("bizmeka EZ", "Asia/Seoul")
    assert (edition.announced, edition.effective) == (date(2016, 8, 25), EFFECTIVE)


def test_every_clause_of_the_source_is_there_in_its_order_and_is_of_its_kind(edition: Edition) -> None:
    said = [(number, clause.kind.value) for number, clause in edition.clauses.items()]
    assert said == [(row["number"], row["kind"]) for row in facts("clauses")]


def test_the_purposes_are_those_of_the_source_under_their_clauses(edition: Edition) -> None:
    said = [(name, edition.clause_of("purpose", name)) for name in edition.purposes]
    assert sorted(said) == sorted((row["name"], row["clause"]) for row in facts("purposes"))


@pytest.mark.parametrize("row", facts("purposes"), ids=lambda row: row["name"])
def test_a_purpose_rests_on_its_own_ground_and_no_other(edition: Edition, row: dict[str, str]) -> None:
    purpose = edition.purposes[row["name"]]
    assert {ground for ground, rests in BASIS.items() if rests(purpose)} == {row["basis"]} - {"notice"}


def test_the_170_pairs_are_declared_and_no_other(edition: Edition) -> None:
    pairs = [(purpose.name, item) for purpose in edition.purposes.values() for item in purpose.items]
    assert sorted(pairs) == sorted((row["purpose"], row["item"]) for row in facts("pairs"))
    assert (len(pairs), sum(_in_table(edition, name) for name, _ in pairs)) == (170, 138)


def _in_table(edition: Edition, purpose: str) -> bool:
    return edition.clause_of("purpose", purpose).startswith("2.3.")


def test_one_collection_covers_exactly_the_mandatory_purposes_of_rows_a_to_d(edition: Edition) -> None:
    mandatory = {row["name"] for row in facts("purposes") if re.match(r"2\.3\.[A-D]", row["clause"])}
    mandatory -= {row["name"] for row in facts("purposes") if row["basis"] == "consent"}
    assert {name for name in edition.purposes if edition.group(name) == "table"} == mandatory
    assert {purpose.group for purpose in edition.purposes.values()} == {"table", None}


def test_the_items_are_those_of_the_source(edition: Edition) -> None:
    said = {(item.name, item.category or "") for item in edition.items.values()}
    assert said == {(row["name"], row["category"]) for row in facts("items")}
    terms = {row["name"]: row["personal"] for row in facts("items") if row["personal"]}
    assert {name: edition.items[name].personal for name in terms} == terms


def test_an_item_without_a_purpose_is_either_a_witness_or_was_never_collected(edition: Edition) -> None:
    collected = {item for purpose in edition.purposes.values() for item in purpose.items}
    assert set(edition.items) - collected == WITNESSES | UNCOLLECTED


def test_seven_items_are_kept_for_tax_law_that_nothing_else_collects(edition: Edition) -> None:
    tax: Purpose = edition.purposes["tax-record"]
    elsewhere = {item for one in edition.purposes.values() if one is not tax for item in one.items}
    assert set(tax.items) - elsewhere == TAX_ONLY


def test_people_are_found_by_three_items_only(edition: Edition) -> None:
    assert {item.name for item in edition.items.values() if item.search} == {"email", "mobile_phone", "ci"}


def test_secrets_and_numbers_are_left_to_the_system(edition: Edition) -> None:
    (binding,) = (one for one in edition.clauses["12.T1.b"].bindings if one.rule.name.startswith("protection."))
    assert set(binding.params.items) == SYSTEM_ONLY


def test_each_forbidden_category_has_its_clause_and_both_exceptions(edition: Edition) -> None:
    for clause in (edition.clauses[f"2.2.{number}"] for number in range(1, 7)):
        (binding,) = clause.bindings
        assert (binding.rule.name, set(binding.unless)) == ("category", {"2.2.7", "2.2.8"})
        (category, item) = clause.declarations
        assert getattr(item, "category", None) == category.name
    assert len(edition.categories) == 6


def test_the_methods_are_those_of_the_source(edition: Edition) -> None:
    said = [(name, edition.clause_of("method", name)) for name in edition.methods]
    assert said == [(row["name"], row["clause"]) for row in facts("methods")]
    assert [one.name for one in edition.methods.values() if one.names_source] == ["affiliate"]


def test_the_recipients_and_their_twenty_pairs_are_those_of_the_source(edition: Edition) -> None:
    said = [
        (one.name, edition.clause_of("recipient", one.name), one.title, " ".join(one.items))
        for one in edition.recipients.values()
    ]
    assert said == [(row["name"], row["clause"], row["title"], row["items"]) for row in facts("recipients")]


def test_thirteen_of_the_twenty_pairs_can_go(edition: Edition) -> None:
    table = {item for name, one in edition.purposes.items() if edition.group(name) == "table" for item in one.items}
    assert all(one.groups == ("table",) for one in edition.recipients.values())
    assert sum(item in table for one in edition.recipients.values() for item in one.items) == 13


def test_the_processors_and_their_tasks_are_those_of_the_source(edition: Edition) -> None:
    said = [
        (one.name, edition.clause_of("processor", one.name), one.title, "; ".join(one.tasks))
        for one in edition.processors.values()
    ]
    assert said == [(row["name"], row["clause"], row["title"], row["tasks"]) for row in facts("processors")]


def test_the_periods_are_those_of_the_source_and_no_clause_sets_another(edition: Edition) -> None:
    said = {(clause.number, period) for clause in edition.clauses.values() for period in periods(clause, edition)}
    assert said == {(row["clause"], row["period"]) for row in facts("periods")}
    assert all(plus(EFFECTIVE, period) > EFFECTIVE for _, period in said)


@pytest.mark.parametrize("row", facts("holes"), ids=lambda row: f"{row['clause']}-{row['hole']}")
def test_a_hole_of_the_source_is_still_a_hole(edition: Edition, row: dict[str, str]) -> None:
    wording = " ".join(edition.clauses[row["clause"]].text.split())
    assert row["hole"] in wording


def test_the_officers_have_an_office_and_no_address(edition: Edition) -> None:
    said = {(one.office, one.telephone, one.email) for one in edition.officers.values()}
    assert (len(edition.officers), said) == (2, {("KT Business Solution Division", "080-2580-007", "")})


def test_chapters_2_3_5_and_6_are_bound_but_for_what_is_on_paper(edition: Edition) -> None:
    bound = [one for number, one in edition.clauses.items() if number.partition(".")[0] in BOUND_CHAPTERS]
    assert {one.number for one in bound if owed(one)} == ON_PAPER
    assert {note.missing for number in ON_PAPER for note in owed(edition.clauses[number])} == {"paper"}


def test_every_consent_clause_is_bound_to_a_rule(edition: Edition) -> None:
    consent = [one for number, one in edition.clauses.items() if number.startswith("4.")]
    assert len(consent) == 6
    assert all(one.bindings for one in consent)


def test_a_clause_that_binds_is_kept_by_a_rule_or_says_what_is_missing(edition: Edition) -> None:
    binding = [one for one in edition.clauses.values() if one.kind in {Kind.PROMISE, Kind.PERMIT}]
    assert [one.number for one in binding if not one.bindings and not owed(one)] == []


def test_no_two_sentences_are_the_same(edition: Edition) -> None:
    wordings = [" ".join(clause.text.split()).casefold() for clause in edition.clauses.values()]
    assert len(set(wordings)) == len(wordings) == 205


def test_the_page_about_this_policy_counts_right(edition: Edition) -> None:
    page = (ROOT / "docs" / "reference-policy.md").read_text(encoding="utf-8")
    kinds = [sum(one.kind is kind for one in edition.clauses.values()) for kind in Kind]
    promises, data, permits, statements, umbrellas = kinds
    assert f"{promises} promises, {data} pieces of data" in page
    assert f"{permits} exceptions, {statements} statements that bind nobody, and\n{umbrellas} umbrellas" in page
    incomplete = [one for one in edition.clauses.values() if owed(one)]
    ruleless = [one for one in incomplete if not one.bindings]
    assert f"{len(incomplete)} clauses say what is missing before they are kept, {len(ruleless)} of them" in page
    for missing in ("paper", "door", "rule"):
        count = sum(note.missing == missing for one in incomplete for note in owed(one))
        assert f"*{missing}* ({count})" in page
