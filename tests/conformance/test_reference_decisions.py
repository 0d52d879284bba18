"""The reference policy does and finds what its source says: exactly 170 pairs, thirteen provisions, and its own holes.

Asked as ``wordkept decide`` asks, with every fact at its most open, so that what is denied is denied by a clause. What
is *not* here: time (the stories), and what the policy declares (``test_reference_policy``).
"""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from wordkept import law
from wordkept.decision import Decision
from wordkept.policy import findings, load
from wordkept.policy.finding import Finding
from wordkept.policy.model import Policy
from wordkept.rules import RULES
from wordkept.terms import Effect, Reason
from wordkept.trace.asked import answer

ROOT = Path(__file__).resolve().parents[2]
FACTS = ROOT / "tests" / "vectors" / "reference"
SYSTEM_ONLY = {
    "etax_pw", "hometax_cert", "hometax_cert_pw", "cfa_pw", "card_company_pw", "account_pw", "rrn", "birth_last_digits",
}  # fmt: skip


def facts(name: str) -> list[dict[str, str]]:
    with (FACTS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def policy() -> Policy:
    return load(ROOT / "policies" / "bizmeka-ez", RULES, law.load(ROOT / "law"))


@pytest.fixture(scope="module")
def found(policy: Policy) -> list[Finding]:
    return list(findings(policy.editions[0]))


def asked(policy: Policy, **question: Any) -> Decision:
    return answer(policy, json.dumps(question))


@pytest.mark.parametrize(("by", "kept_from"), [("system", set()), ("staff", SYSTEM_ONLY)])
def test_exactly_the_declared_pairs_are_used(policy: Policy, by: str, kept_from: set[str]) -> None:
    edition = policy.editions[0]
    decisions = {
        (purpose, item): asked(policy, do="use", purpose=purpose, items=[item], by=by)
        for purpose in edition.purposes
        for item in edition.items
    }
    assert len(decisions) == 30 * 68
    allowed = {pair for pair, one in decisions.items() if one.effect is Effect.ALLOW}
    assert allowed == {(row["purpose"], row["item"]) for row in facts("pairs") if row["item"] not in kept_from}
    assert all(one.because for one in decisions.values())
    declared = {(row["purpose"], row["item"]) for row in facts("pairs")}
    assert all("2.3.0" in one.because for pair, one in decisions.items() if pair not in declared)
    assert all("12.T1.b" in decisions[pair].because for pair in declared - allowed)


@pytest.mark.parametrize("row", facts("purposes"), ids=lambda row: row["name"])
def test_without_its_consent_or_add_on_a_purpose_is_closed_and_every_other_is_open(
    policy: Policy, row: dict[str, str]
) -> None:
    item = policy.editions[0].purposes[row["name"]].items[0]
    closed: dict[str, Any] = {"consents": [], "add_ons": []}
    decision = asked(policy, do="use", purpose=row["name"], items=[item], by="system", facts=closed)
    if row["basis"] in {"consent", "add-on"}:
        reason = Reason.NO_CONSENT if row["basis"] == "consent" else Reason.SERVICE_OFF
        assert (decision.effect, decision.reason, decision.because) == (Effect.DENY, reason, (row["clause"],))
    else:
        assert decision.effect is Effect.ALLOW


def test_an_item_that_the_policy_does_not_know_is_denied_and_no_error(policy: Policy) -> None:
    decision = asked(policy, do="use", purpose="identification", items=["shoe_size"], by="system")
    assert (decision.effect, decision.reason) == (Effect.DENY, Reason.UNDECLARED)
    assert "2.3.0" in decision.because


def test_thirteen_of_twenty_items_can_be_provided_and_the_rest_names_7_0_b(policy: Policy) -> None:
    decisions = [
        asked(policy, do="provide", to=row["name"], items=[item], by="system")
        for row in facts("recipients")
        for item in row["items"].split()
    ]
    assert len(decisions) == 20
    assert sum(one.effect is Effect.ALLOW for one in decisions) == 13
    assert {one.because for one in decisions if one.effect is Effect.DENY} == {("7.0.b",)}


@pytest.mark.parametrize("row", facts("recipients"), ids=lambda row: row["name"])
def test_each_of_the_thirteen_goes_with_consent_to_its_recipient_and_only_with_that(
    policy: Policy, row: dict[str, str]
) -> None:
    mine, others = f"provision:{row['name']}", [f"provision:{one['name']}" for one in facts("recipients")]
    others.remove(mine)
    for item in row["items"].split():
        ask = {"do": "provide", "to": row["name"], "items": [item], "by": "system"}
        with_it = asked(policy, **ask, facts={"consents": [mine]})
        without = asked(policy, **ask, facts={"consents": others})
        can_go = asked(policy, **ask).effect is Effect.ALLOW
        assert with_it.effect is (Effect.ALLOW if can_go else Effect.DENY)
        assert without.effect is Effect.DENY
        assert "9.0" in without.because


def test_no_recipient_is_given_an_item_of_anothers_list(policy: Policy) -> None:
    edition = policy.editions[0]
    lists = {row["name"]: row["items"].split() for row in facts("recipients")}
    pairs = [(to, item) for to in (*lists, "data-broker", "ktis") for item in edition.items]
    wrong = [pair for pair in pairs if pair[1] not in lists.get(pair[0], ())]
    assert len(wrong) == 6 * 68 - 20
    decisions = [asked(policy, do="provide", to=to, items=[item], by="system") for to, item in wrong]
    assert all(one.effect is Effect.DENY and "7.0.b" in one.because for one in decisions)


def test_the_five_items_that_nobody_collects_are_found_by_name(policy: Policy, found: list[Finding]) -> None:
    edition = policy.editions[0]
    collected = {item for purpose in edition.purposes.values() for item in purpose.items}
    listed = [item for row in facts("recipients") for item in row["items"].split()]
    nobody = {item for item in listed if item not in collected}
    assert nobody == {"domestic_foreign", "card_expiry", "card_pw2", "holder_name", "holder_contact"}
    messages = " ".join(one.message for one in found if one.code == "WK201")
    assert [item for item in sorted(nobody) if item not in messages] == []


@pytest.mark.parametrize("row", facts("findings"), ids=lambda row: f"{row['code']}-{row['clause']}-{row['about']}")
def test_the_compiler_finds_a_hole_of_the_source_by_itself(found: list[Finding], row: dict[str, str]) -> None:
    messages = [one.message for one in found if (one.clause, one.code) == (row["clause"], row["code"])]
    assert any(row["about"] in message for message in messages)


def test_the_reference_policy_has_no_errors_and_every_sentence_is_affirmed(found: list[Finding]) -> None:
    assert [one.message for one in found if one.severity == "error"] == []
    assert [one.message for one in found if one.code.startswith("WK3")] == []
