"""The page as Markdown: the same clauses, and nothing in it is markup but ours."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token
from tests.notice.conftest import Compiled

from wordkept.notice.markdown import page_markdown, plain
from wordkept.notice.page import page_of
from wordkept.policy.model import Edition
from wordkept.texts.tongue import Tongue

EVIL = "<script>x</script> [a](//b) ![c](d) | `e` *f* _g_ https://h.example <!-- i --> &lt; ~~j~~ \\"
OURS = re.compile(r'<a id="[A-Za-z0-9.-]+">|</a>')


def parsed(text: str) -> list[Token]:
    return MarkdownIt("gfm-like", {"linkify": False, "html": True}).parse(text)


def inner(tokens: list[Token]) -> list[Token]:
    return [child for token in tokens for child in token.children or []]


def test_every_clause_is_there_with_its_anchor_and_rules(reference: Edition) -> None:
    text = page_markdown(page_of(Tongue(reference)))
    for clause in reference.clauses.values():
        assert f'<a id="{clause.number}"></a>**{clause.number}** ' in text
        assert all(f"- `{binding.rule.name}`: " in text for binding in clause.bindings)
    anchors = re.findall(r'<a id="([^"]+)">', text)
    assert len(anchors) == len(set(anchors))
    assert set(re.findall(r"\]\(#([^)]+)\)", text)) <= set(anchors)


def test_tables_have_as_many_rows_as_declarations(reference: Edition) -> None:
    tokens = parsed(page_markdown(page_of(Tongue(reference))))
    rows = [sum(one.type == "tr_open" for one in part) for part in _tables(tokens)]
    assert rows[:2] == [len(reference.items) + 1, len(reference.purposes) + 1]


def _tables(tokens: list[Token]) -> list[list[Token]]:
    starts = [at for at, one in enumerate(tokens) if one.type == "table_open"]
    ends = [at for at, one in enumerate(tokens) if one.type == "table_close"]
    return [tokens[start:end] for start, end in zip(starts, ends, strict=True)]


@pytest.mark.parametrize(
    "place",
    [
        ("We know your name", f"We know {EVIL} your name"),
        ("title: reminders", "title: >-\n  " + EVIL),
        ("service: Lending desk", "service: >-\n  " + EVIL),
        ("what: the form of the request", "what: >-\n  " + EVIL),
        ("# 3 How long", f"# 3 How {EVIL}"),
    ],
    ids=["clause", "purpose", "service", "owed", "chapter"],
)
def test_nothing_that_an_author_writes_becomes_markup(place: tuple[str, str], compiled: Compiled) -> None:
    tokens = parsed(page_markdown(page_of(Tongue(compiled("", place)))))
    clean = parsed(page_markdown(page_of(Tongue(compiled()))))
    assert [one.type for one in tokens] == [one.type for one in clean]
    assert all(OURS.fullmatch(one.content) for one in inner(tokens) if one.type == "html_inline")
    kinds = {"text", "html_inline", "link_open", "image", "code_inline", "em_open", "s_open"}
    counted = [sorted(one.type for one in inner(each) if one.type in kinds - {"text"}) for each in (tokens, clean)]
    assert counted[0] == counted[1]


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zs", "Zl", "Zp"]), min_size=1))
def test_any_text_reads_as_itself(text: str) -> None:
    paragraph, inline, end = parsed(plain(text))
    assert (paragraph.type, end.type) == ("paragraph_open", "paragraph_close")
    said = "".join(one.content for one in inline.children or [])
    assert {one.type for one in inline.children or []} <= {"text", "text_special"}
    assert said == text
