"""The record of processing: one activity for each purpose, nothing guessed, safe in a spreadsheet."""

from __future__ import annotations

import csv
import io

from markdown_it import MarkdownIt
from tests.notice.conftest import Compiled

from wordkept.notice.page import page_of
from wordkept.notice.processing import record_csv, record_markdown
from wordkept.policy.model import Edition
from wordkept.texts.tongue import Tongue


def rows(edition: Edition) -> list[dict[str, str]]:
    tongue = Tongue(edition)
    said = record_csv(page_of(tongue), tongue).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(said)))


def test_there_is_an_activity_for_each_purpose(reference: Edition) -> None:
    assert [one["Purpose"] for one in rows(reference)] == [one.title for one in reference.purposes.values()]
    korean = reference.translations["ko"]
    assert [one["목적"] for one in rows(korean)] == [one.title for one in korean.purposes.values()]


def test_a_recipient_stands_only_where_it_may_be_given_something(reference: Edition) -> None:
    given = {one["Clause"]: one["Recipient"] for one in rows(reference)}
    assert given["2.3.B.01"] == "other members of the same group; Korea Mobile Certification Inc."
    assert "DAOU Tech., Inc." in given["2.3.C.5"]
    assert given["10.3"] == "none"


def test_processors_periods_and_measures_are_those_declared(reference: Edition) -> None:
    charging = next(one for one in rows(reference) if one["Clause"] == "2.3.C.3")
    assert "KTCS" in charging["Processor"]
    assert charging["Period"].endswith("(5.1.A, 5.1.B, 5.2.B)")
    assert "12.A2.b" in charging["Measures of protection, by clause"]


def test_what_a_policy_does_not_declare_is_said_to_be_not_stated(compiled: Compiled) -> None:
    (only,) = rows(compiled())
    assert {
        one for head, one in only.items() if head.split()[0] in {"Contact", "Categories", "Transfers", "Measures"}
    } == {"not stated"}


def test_no_cell_is_a_formula(compiled: Compiled) -> None:
    edition = compiled("", ("title: reminders", "title: '=1+1'"), ("service: Lending desk", "service: '@desk'"))
    (only,) = rows(edition)
    assert (only["Purpose"], only["Service"]) == ("'=1+1", "'@desk")


def test_the_table_in_markdown_has_the_same_activities(reference: Edition) -> None:
    tongue = Tongue(reference)
    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(record_markdown(page_of(tongue), tongue).decode())
    assert sum(one.type == "tr_open" for one in tokens) == len(reference.purposes) + 1
