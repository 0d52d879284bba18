"""What people read about what they asked, and the form on which they ask."""

from __future__ import annotations

from datetime import date

import pytest
from tests.gate.conftest import POLICY, START

from wordkept.record import Claim, Ground, Right, Turn
from wordkept.rights.letters import notice, withdrawal_form
from wordkept.terms import Channel, UnavailableError


def claim(right: Right, turn: Turn, ground: Ground | None = None) -> Claim:
    return Claim(
        id="0" * 32, right=right, channel=Channel.OFFICE, on=START, clauses=("10.2.a",), own=date(2019, 3, 5),
        statute=date(2019, 3, 14), act_on=START, turn=turn, turned_on=START, ground=ground,
    )  # fmt: skip


@pytest.mark.parametrize("language", ["en", "ko"])
def test_who_is_refused_reads_the_ground_the_law_the_clause_and_where_to_turn(language: str) -> None:
    letter = notice(POLICY, claim(Right.ACCESS, Turn.REFUSED, Ground.HARM_TO_OTHERS), language)
    assert [number for number, _ in letter.because] == ["10.5.a"]
    assert "35 (4)" in letter.text()
    assert any("118" in one for one in letter.appeal), "the report centre"
    assert any("080-2580-007" in one for one in letter.appeal), "the officer"
    assert ("harm the life" in letter.text()) == (language == "en")


def test_who_waits_reads_by_when_there_is_an_answer_and_who_got_it_reads_no_appeal() -> None:
    assert "by 2019-03-05" in notice(POLICY, claim(Right.CORRECTION, Turn.OPENED), "en").text()
    assert notice(POLICY, claim(Right.CORRECTION, Turn.DONE), "en").appeal == ()


def test_what_was_done_instead_is_told() -> None:
    letter = notice(POLICY, claim(Right.CORRECTION, Turn.OTHERWISE, Ground.NOTED), "en")
    assert [number for number, _ in letter.because] == ["10.6.c"]
    assert "we noted beside it" in letter.text()


@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_form_has_a_box_for_each_consent_and_one_for_leaving(language: str) -> None:
    form = withdrawal_form(POLICY, START, language)
    edition = POLICY.editions[0]
    assert len(form.choices) > len(edition.recipients) + 1
    assert [number for number, _ in form.because] == ["10.2.d"]
    page = form.html()
    assert page.count('class="box"') == len(form.choices)
    assert "<script" not in page
    assert "http://" not in page
    assert "https://" not in page


def test_a_language_in_which_the_policy_is_not_written_is_one_clear_error() -> None:
    with pytest.raises(UnavailableError):
        withdrawal_form(POLICY, START, "fr")
    with pytest.raises(UnavailableError):
        notice(POLICY, claim(Right.ACCESS, Turn.DONE), "<script>")
