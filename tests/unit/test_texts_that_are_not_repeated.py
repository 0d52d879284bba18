"""Errors say what is wrong and where; what somebody wrote into a question or a plan may be personal and stays there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.unit.test_asked import USE, asked, policy

from wordkept.terms import MalformedPolicyError
from wordkept.trace.asked import answer
from wordkept.worker import plan

TOLD = "Kim Minji's `010-1234-5678`"
QUOTED = "Kim 'Minji' \"010\" - at `$.kim`"


@pytest.mark.parametrize(
    ("question", "said"),
    [
        (USE | {"do": TOLD}, "Invalid enum value - at `$.do`"),
        (USE | {"do": QUOTED}, "Invalid enum value - at `$.do`"),
        (USE | {QUOTED: 1}, "Object contains unknown field"),
        (USE | {"by": TOLD}, "Invalid enum value - at `$.by`"),
        (USE | {"facts": {"member": TOLD}}, "Invalid enum value - at `$.facts.member`"),
        (USE | {TOLD: 1}, "Object contains unknown field"),
        (USE | {"facts": {TOLD: 1}}, "Object contains unknown field - at `$.facts`"),
        (USE | {"facts": {"records": {TOLD: 7}}}, "records"),
        (USE | {"facts": {"records": {"email": TOLD}}}, "facts.records: Invalid enum value - at `$.state`"),
        (USE | {"facts": {"consents": {TOLD: True}}}, "facts.consents: it names what is no consent of this policy"),
        (USE | {"facts": {"add_ons": [TOLD]}}, "facts.add_ons: it names what is no add-on of this policy"),
        ({"by": TOLD, "do": "use"}, "`$.by`"),
        ({"by": "staff", "do": "use"}, "Object missing required field `items`"),
        (USE | {"on": TOLD}, "`$.on`"),
        (USE | {"items": TOLD}, "Expected `array`, got `str` - at `$.items`"),
    ],
)
def test_a_malformed_question_is_not_repeated(question: dict[str, Any], said: str) -> None:
    with pytest.raises(MalformedPolicyError) as caught:
        asked(question)
    message = str(caught.value)
    assert said in message
    assert not any(part in message for part in ("Kim", "Minji", "010"))
    assert caught.value.__cause__ is None


@pytest.mark.parametrize(
    ("question", "words"),
    [
        (USE | {"by": "sytem"}, ": one of member, representative, staff, "),
        (USE | {"purposes": "x"}, ": one of do, items, by, purpose, to, on, matter, method, from, "),
        (USE | {"facts": {"member": "actve"}}, "`$.facts.member`: one of active, none, left"),
        (USE | {"facts": {"staff": {"plegde": "valid"}}}, "`$.facts.staff`: one of pledge, training, grant"),
    ],
)
def test_what_may_stand_there_is_listed(question: dict[str, Any], words: str) -> None:
    with pytest.raises(MalformedPolicyError) as caught:
        asked(question)
    assert words in str(caught.value)


@pytest.mark.parametrize("line", [b"\xff Kim", b"{Kim Minji", b'"Kim Minji"', b'{"do": "use", Kim}'])
def test_what_is_no_question_at_all_is_not_repeated(line: bytes) -> None:
    with pytest.raises(MalformedPolicyError) as caught:
        answer(policy(), line)
    assert "Kim" not in str(caught.value)


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
def test_a_day_whose_terms_leave_the_calendar_is_the_authors(day: str) -> None:
    with pytest.raises(MalformedPolicyError, match="beyond the calendar"):
        asked(USE | {"on": day}, member="left")


@pytest.mark.parametrize(
    ("line", "where"),
    [
        ({"type": "do", "deed": TOLD}, " ($.deed)"),
        ({"type": TOLD}, " ($.type)"),
        ({"type": "head", TOLD: 1}, ""),
    ],
)
def test_a_line_that_is_no_plans_is_named_by_its_place_only(tmp_path: Path, line: dict[str, Any], where: str) -> None:
    file = tmp_path / "plan.jsonl"
    file.write_text(json.dumps(line) + "\n", encoding="utf-8")
    with pytest.raises(MalformedPolicyError) as caught:
        plan.check(file, bytes(32))
    assert caught.value.message == f"not a line of a plan{where}"
    assert caught.value.line == 1
