"""The page as PDF: its text comes out again in both languages, it is tagged, and nothing in it is markup."""

from __future__ import annotations

import io
import re

import pytest
from pypdf import PdfReader
from tests.notice.conftest import Compiled

from wordkept.notice.page import page_of
from wordkept.notice.pdf import page_pdf
from wordkept.policy.model import Edition
from wordkept.terms import MalformedPolicyError
from wordkept.texts.tongue import Tongue, tongues

EVIL = '#panic("x") *a* _b_ $c$ `d` <e> @f \\ ] #link("//g")[h] = i'


def reader(edition: Edition) -> PdfReader:
    return PdfReader(io.BytesIO(page_pdf(page_of(Tongue(edition)), "policy.md")))


def text(found: PdfReader) -> str:
    """All text without any white space: where a line breaks is the typesetter's."""
    return "".join("".join(page.extract_text().split()) for page in found.pages)


@pytest.mark.parametrize("language", ["en", "ko"])
def test_every_clause_can_be_taken_out_of_the_pdf_again(language: str, reference: Edition) -> None:
    (tongue,) = tongues(reference, [language])
    found = reader(tongue.edition)
    said = re.sub(r"[0-9]+/[0-9]+", "", text(found))
    assert "".join(page_of(tongue).title.split()) in said
    missing = [one.number for one in tongue.edition.clauses.values() if "".join(one.text.split()) not in said]
    assert not missing
    assert str(found.root_object["/Lang"]) == language
    assert "'/Marked': True" in str(found.root_object["/MarkInfo"])
    assert found.metadata
    assert found.metadata.title == page_of(tongue).title


def test_every_label_and_chapter_leads_to_a_place_in_the_document(reference: Edition) -> None:
    found = reader(reference)
    links = [one for page in found.pages for one in page.get("/Annots", [])]
    assert len(links) > len(reference.clauses)
    assert not [one for one in links if "/URI" in one.get_object().get("/A", {})]


@pytest.mark.parametrize(
    "place",
    [
        ("We know your name", f"We know {EVIL} your name"),
        ("title: reminders", "title: >-\n  " + EVIL),
        ("what: the form of the request", "what: >-\n  " + EVIL),
    ],
    ids=["clause", "purpose", "owed"],
)
def test_nothing_that_an_author_writes_is_the_typesetters(place: tuple[str, str], compiled: Compiled) -> None:
    assert "".join(EVIL.split()) in text(reader(compiled("", place)))


def test_a_character_that_no_font_has_is_one_clear_error(compiled: Compiled) -> None:
    with pytest.raises(
        MalformedPolicyError, match=r"no PDF can be made: the text .*ก.* could not be displayed"
    ) as said:
        reader(compiled("", ("We know your name", "We know กิน your name")))
    assert said.value.file == "policy.md"
    assert "--format" in said.value.hint
