"""A receipt says what was shown, chosen and when; it is verified without us, and whatever is changed in it is found."""

from __future__ import annotations

import base64
import json
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner
from tests.gate.conftest import VALUES, Someone, told

from wordkept.cli import main
from wordkept.gate import Gate, Happening, Receipts
from wordkept.policy.vocabulary import published
from wordkept.record import Actor
from wordkept.terms import BrokenError, Channel, Choice, Role
from wordkept.texts import text_of
from wordkept.texts.receipt import LARGEST, Receipt, verified


@pytest.fixture
def someone(gate: Gate) -> Someone:
    person = Someone(gate)
    person.collects("identification", "email", "applicant_name")
    person.consents("provision:kmc")
    person.consents("marketing", Choice.REFUSED)
    person.consents("category:family-relations")
    person.consents("entrustment")
    person.consents("marketing", Choice.WITHDRAWN)
    return person


def issued(someone: Someone) -> tuple[list[Receipt], str]:
    with Receipts(someone.gate.installation, someone.gate.policy) as receipts:
        return receipts.of(someone.subject, someone.now, "test"), receipts.key()


def test_every_choice_has_one_with_its_text_and_it_holds(gate: Gate, someone: Someone) -> None:
    found, key = issued(someone)
    assert [one.choosing.to for one in found] == [
        *("table", "provision:kmc", "marketing", "category:family-relations", "entrustment", "marketing")
    ]
    assert [one.choosing.choice for one in found] == ["given", "given", "refused", "given", "given", "withdrawn"]
    for one in found:
        assert verified(msgspec.json.encode(one), key) == one
        assert one.text == text_of(gate.policy.editions[0], one.choosing.to, "en").body
        assert one.chosen is not None
    said = [body for _, body in told(gate, subject=someone.subject) if body.rule == "consent.receipt"]
    assert [one.counts for one in said] == [{"found": 6}]


def test_it_has_the_fields_of_the_standard_in_published_terms_and_no_value(someone: Someone) -> None:
    found, _ = issued(someone)
    kmc = found[1].receipt
    assert kmc["@type"] == "dpv:ConsentReceipt"
    assert kmc["dct:conformsTo"]["@id"].endswith("dpv-27560#receipt")
    assert kmc["dpv:hasConsentStatus"] == {"@type": "dpv:ConsentGiven"}
    assert kmc["dpv:hasRecipient"]["dct:title"]["@value"] == "Korea Mobile Certification Inc."
    assert len(kmc["dpv:hasPersonalData"]) == 5
    assert kmc["dpv:isIndicatedAtTime"]["@value"] == found[1].choosing.at
    assert {"dct:identifier", "dpv:hasDataSubject", "dpv:hasDataController", "dpv:hasPurpose"} <= set(kmc)
    used = {term for one in found for term in terms(one.receipt) if term.startswith("dpv:")}
    assert "dpv:hasNotice" in used
    assert used <= published()
    said = msgspec.json.encode(found).decode()
    assert not [value for value in VALUES.values() if len(str(value)) > 3 and str(value) in said]


def terms(node: Any) -> list[str]:
    if isinstance(node, dict):
        own = [*node, *([node["@type"]] if isinstance(node.get("@type"), str) else [])]
        return [*own, *(term for one in node.values() for term in terms(one))]
    return [term for one in node for term in terms(one)] if isinstance(node, list) else []


def test_whatever_is_changed_in_it_is_found(someone: Someone) -> None:
    found, key = issued(someone)
    raw = json.loads(msgspec.json.encode(found[1]))
    other = json.loads(msgspec.json.encode(found[2]))
    wrong_ones: list[Any] = [
        raw | {"text": raw["text"] + " "},
        raw | {"choosing": raw["choosing"] | {"choice": "refused"}},
        raw | {"choosing": raw["choosing"] | {"at": "2030-01-01T00:00:00.000000+00:00"}},
        raw | {"receipt": raw["receipt"] | {"dpv:hasConsentStatus": {"@type": "dpv:ConsentRefused"}}},
        raw | {"chosen": other["chosen"]},
        raw | {"chosen": None},
        raw | {"signature": other["signature"]},
        raw | {"signature": "!"},
        raw | {"more": "x"},
        {},
        [],
    ]
    for changed in wrong_ones:
        with pytest.raises(BrokenError):
            verified(json.dumps(changed).encode(), key)
    for wrong in (b"", b"\xff", b"[" * 100_000, b"x" * (LARGEST + 1)):
        with pytest.raises(BrokenError):
            verified(wrong, key)
    for stranger in ("", "AAAA", base64.b64encode(bytes(32)).decode(), "\u00e4" * 44):
        with pytest.raises(BrokenError):
            verified(json.dumps(raw).encode(), stranger)


def test_nobody_known_has_a_receipt_without_a_signature_of_the_choice(gate: Gate) -> None:
    someone = Someone(gate, member=False)
    shown = text_of(gate.policy.editions[0], "marketing", "ko").shown(Channel.TELEPHONE)
    by = Actor(Role.STAFF, name="desk-7")
    gate.happen(
        [Happening(someone.subject, "consent", None, "marketing", Choice.GIVEN, by=by, shown=shown)], someone.now
    )
    (one,), key = issued(someone)
    assert one.chosen is None
    assert verified(msgspec.json.encode(one), key).choosing.language == "ko"
    assert one.receipt["dpv:hasPurpose"][0]["dct:title"]["@language"] == "ko"


def test_the_command_verifies_a_file_and_finds_a_changed_one(someone: Someone, tmp_path: Any) -> None:
    found, key = issued(someone)
    file = tmp_path / "receipt.json"
    file.write_bytes(msgspec.json.encode(found[1]))
    good = CliRunner().invoke(main, ["consent", "verify", str(file), "--key", key])
    assert good.exit_code == 0
    assert good.output.endswith(" provision:kmc: given\n")
    file.write_bytes(msgspec.json.encode(found[1]).replace(b"dpv:ConsentGiven", b"dpv:ConsentRefused"))
    bad = CliRunner().invoke(main, ["consent", "verify", str(file), "--key", key])
    assert (bad.exit_code, bad.stdout) == (1, "")
