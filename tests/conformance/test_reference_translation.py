"""The Korean reference policy says what the English one says, as far as a machine can tell.

Numbers, periods, vague words, open lists and blanks stand in both or in neither. What is *not* here: whether the
sentences mean the same, which an office affirms.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from wordkept import law
from wordkept.policy.editions import load
from wordkept.policy.model import Edition
from wordkept.rules import RULES

ROOT = Path(__file__).resolve().parents[2]
COUNTS = {"six": "6", "five": "5", "three": "3", "two": "2"}
UNITS = {"day": "일", "month": "개월", "year": "년"}
HANGUL = re.compile("[가-힣]")
POLITE = re.compile(r"(니다|십시오)\.$")
CONTACT = re.compile(r"전화 [0-9-]+(\(국번 없이\))?$")


@pytest.fixture(scope="module")
def english() -> Edition:
    (edition,) = load(ROOT / "policies" / "bizmeka-ez", RULES, law.load(ROOT / "law")).editions
    return edition


@pytest.fixture(scope="module")
def korean(english: Edition) -> Edition:
    return english.translations["ko"]


def pairs(english: Edition, korean: Edition) -> list[tuple[str, str, str]]:
    assert len(korean.clauses) == 205
    texts = {number: " ".join(clause.text.split()) for number, clause in korean.clauses.items()}
    return [(number, " ".join(one.text.split()), texts[number]) for number, one in english.clauses.items()]


def test_the_page_has_its_korean_name(korean: Edition) -> None:
    assert korean.title == "개인정보 처리방침"
    assert "개인정보 처리방침" in korean.clauses["0.1"].text


def test_every_sentence_is_polite_korean(english: Edition, korean: Edition) -> None:
    for number, _, text in pairs(english, korean):
        assert HANGUL.search(text), number
        assert POLITE.search(text) or CONTACT.search(text), number
    assert all(HANGUL.search(name) for name in korean.chapters.values())


def test_every_name_is_korean_but_those_of_companies(korean: Edition) -> None:
    tables = (korean.items, korean.purposes, korean.categories, korean.methods, korean.roles, korean.officers)
    names = [one.title for table in (*tables, korean.places, korean.cookies) for one in table.values()]
    names += [task for one in korean.processors.values() for task in one.tasks]
    assert all(HANGUL.search(name) for name in names)


def test_periods_are_the_same(english: Edition, korean: Edition) -> None:
    for number, ours, theirs in pairs(english, korean):
        said = re.findall(r"\b(\d+|six|five|three) (day|month|year)s?\b", ours)
        undated = re.sub(r"\d+년 \d+월 \d+일", "", theirs)
        told = re.findall(r"(\d+)(일|개월|년)", undated)
        assert [(COUNTS.get(count, count), UNITS[unit]) for count, unit in said] == told, number


def test_telephone_numbers_and_dates_are_the_same(english: Edition, korean: Edition) -> None:
    for number, ours, theirs in pairs(english, korean):
        numbers = r"\b\d+(?:-\d+)+|\b\d{3,4}\b"
        assert sorted(re.findall(numbers, ours.replace("85-3", ""))) == sorted(
            re.findall(r"\d+(?:-\d+)+|\d{3,4}", theirs)
        ), number


def test_vague_words_and_open_lists_are_the_same(english: Edition, korean: Edition) -> None:
    words = dict(zip(english.words, korean.words, strict=True))
    assert list(english.words.values()) == list(korean.words.values())
    for number, ours, theirs in pairs(english, korean):
        said = [words[word] for word in words if word in ours]
        assert sorted(said) == sorted(re.findall("|".join(sorted(korean.words, key=len, reverse=True)), theirs)), number
        assert bool(re.search(r"\betc\b|\band so forth\b", ours)) == bool(re.search(" 등[ .)에과입]", theirs)), number


def test_the_holes_are_the_same(english: Edition, korean: Edition) -> None:
    for number, ours, theirs in pairs(english, korean):
        for hole in ("( )", ", ,", " ,"):
            assert ours.count(hole) == theirs.count(hole), number
