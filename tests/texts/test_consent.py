"""The text of each choice: it says what the law wants said, in each language, and is what the site publishes."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner

from wordkept import law
from wordkept.cli import main
from wordkept.notice import render
from wordkept.policy.editions import load
from wordkept.policy.model import Edition, Policy
from wordkept.rules import RULES
from wordkept.terms import ValueRejectedError
from wordkept.texts import Tongue, text_of, texts_of

ROOT = Path(__file__).resolve().parents[2]
LAW = law.load(ROOT / "law")
POLICIES = {one.name: load(one, RULES, LAW) for one in sorted((ROOT / "policies").iterdir()) if one.is_dir()}
POLICY = POLICIES["bizmeka-ez"]
EDITION = POLICY.editions[0]


@pytest.mark.parametrize("name", POLICIES)
def test_every_choice_has_a_text_in_every_language(name: str) -> None:
    for edition in POLICIES[name].editions:
        texts = texts_of(edition)
        assert set(texts) == {(to, one) for to in edition.consents for one in (edition.language, *edition.translations)}
        for (to, language), text in texts.items():
            assert (text.to, text.language, text.edition) == (to, language, edition.effective)
            assert text.digest == sha256(text.body.encode()).hexdigest()
        assert len({one.digest for one in texts.values()}) == len(texts)


@pytest.mark.parametrize("language", ["en", "ko"])
def test_a_collection_says_purpose_items_period_and_what_a_refusal_costs(language: str) -> None:
    spoken = EDITION.translations.get(language, EDITION)
    tongue = Tongue(spoken)
    for name, purpose in spoken.purposes.items():
        to = name if purpose.consent else purpose.group
        if to is None:
            continue
        body = text_of(EDITION, to, language).body
        assert purpose.title in body
        assert all(spoken.items[item].title in body for item in purpose.items)
        for key in ("purpose", "items", "period"):
            assert f"\n{tongue.say('heads', key)}: " in body
        assert tongue.say("asked", "costs", "optional" if purpose.consent else "required") in body


@pytest.mark.parametrize("language", ["en", "ko"])
def test_a_provision_says_who_gets_what_for_what_and_how_long(language: str) -> None:
    spoken = EDITION.translations.get(language, EDITION)
    tongue = Tongue(spoken)
    for name, recipient in spoken.recipients.items():
        body = text_of(EDITION, f"provision:{name}", language).body
        assert f": {recipient.title}\n" in body
        assert f": {recipient.purpose}\n" in body
        assert tongue.titles(spoken.items, recipient.items) in body
        assert tongue.say("asked", "its-period") in body
        assert "7.2.b" in body
        assert spoken.clauses["9.1"].text.split()[0] in body
        assert tongue.say("asked", "costs", "provision") in body


def test_needed_and_free_are_told_apart_and_only_the_table_is_needed() -> None:
    assert {one.to for one in texts_of(EDITION).values() if one.required} == {"table"}
    assert (
        "Items only with a consent of their own: Relationship with the applicant"
        in text_of(EDITION, "table", "en").body
    )


def test_an_optional_text_says_none_of_what_only_the_table_collects() -> None:
    body = text_of(EDITION, "marketing", "en").body
    assert "Connecting information" not in body
    assert "until you take the consent back" in body


def _amended(edition: Edition, **more: object) -> Edition:
    return msgspec.structs.replace(edition, **more)


def test_another_item_period_or_first_day_is_another_text() -> None:
    before = text_of(EDITION, "provision:kmc", "ko").digest
    kmc = EDITION.translations["ko"].recipients["kmc"]
    fewer = {**EDITION.translations["ko"].recipients, "kmc": msgspec.structs.replace(kmc, items=kmc.items[:2])}
    korean = _amended(EDITION.translations["ko"], recipients=fewer)
    later = _amended(EDITION, translations={"ko": korean})
    assert text_of(later, "provision:kmc", "ko").digest != before
    moved = _amended(EDITION.translations["ko"], effective=EDITION.effective.replace(year=2020))
    assert text_of(_amended(EDITION, translations={"ko": moved}), "provision:kmc", "ko").digest != before


@pytest.mark.parametrize(("to", "language"), [("marketting", "en"), ("marketing", "fr"), ("", "")])
def test_what_nobody_is_asked_has_no_text(to: str, language: str) -> None:
    with pytest.raises(ValueRejectedError, match="no text"):
        text_of(EDITION, to, language)


def test_the_site_publishes_the_same_bytes_under_the_same_digests(tmp_path: Path) -> None:
    render(Policy(path="", editions=(EDITION,)), tmp_path, formats=["consents"])
    for (to, language), text in texts_of(EDITION).items():
        folder = tmp_path / "bizmeka-ez" / "2016-08-31" / language
        file = f"consents/{to.replace(':', '/')}.txt"
        assert (folder / file).read_bytes() == text.body.encode()
        assert f"{text.digest}  {file}" in (folder / "consents.sha256").read_text().splitlines()


def test_the_command_prints_the_published_bytes() -> None:
    done = CliRunner().invoke(
        main, ["consent", "texts", "provision:kmc", "--in", "ko", "--policy", str(ROOT / POLICY.path)]
    )
    assert done.exit_code == 0
    assert done.output == text_of(EDITION, "provision:kmc", "ko").body
    listed = CliRunner().invoke(main, ["consent", "texts", "--json", "--policy", str(ROOT / POLICY.path)])
    assert {one["digest"] for one in msgspec.json.decode(listed.output)} == {
        one.digest for one in texts_of(EDITION).values()
    }
    wrong = CliRunner().invoke(main, ["consent", "texts", "nobody", "--policy", str(ROOT / POLICY.path)])
    assert (wrong.exit_code, wrong.stdout) == (2, "")
