"""The page as HTML: complete, safe, and usable by keyboard, screen reader and on any screen.

What needs a browser (axe, the width of what is drawn) is in ``tests/page``; here the text of the page is read.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from importlib.resources import files
from itertools import pairwise

import pytest
from tests.notice.conftest import Compiled

from wordkept.notice.html import Listed, Other, editions_html, page_html
from wordkept.notice.page import page_of
from wordkept.policy.model import Edition
from wordkept.texts.tongue import Tongue

VOID = {"meta", "link", "br", "hr", "img", "input"}
STYLE = files("wordkept.notice").joinpath("templates/page.css").read_text("utf-8")
EVIL = "<script>x</script><img src=//a onerror=b>\" ' {{ 7 * 7 }} {% raw %} [a](//b) | ](x) javascript:x &lt;"


class Element:
    def __init__(self, tag: str, attributes: dict[str, str], within: Element | None) -> None:
        self.tag, self.attributes, self.within = tag, attributes, within
        self.children: list[Element | str] = []

    def all(self, *tags: str) -> Iterator[Element]:
        for child in self.children:
            if isinstance(child, Element):
                if not tags or child.tag in tags:
                    yield child
                yield from child.all(*tags)

    def text(self) -> str:
        return "".join(child if isinstance(child, str) else child.text() for child in self.children)

    def words(self) -> str:
        return " ".join(self.text().split())

    def inside(self, tag: str) -> Element | None:
        return self if self.tag == tag else self.within.inside(tag) if self.within else None


class Reader(HTMLParser):
    """A tree of elements; every element that is opened must be closed, in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.root = self.open = Element("", {}, None)
        self.feed(text)
        self.close()
        assert self.open is self.root

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {key: value or "" for key, value in attrs}, self.open)
        self.open.children.append(element)
        if tag not in VOID:
            self.open = element

    def handle_endtag(self, tag: str) -> None:
        assert self.open.tag == tag, f"{tag} closes {self.open.tag}"
        assert self.open.within is not None
        self.open = self.open.within

    def handle_data(self, data: str) -> None:
        self.open.children.append(data)


@pytest.fixture(scope="module")
def text(reference: Edition) -> str:
    forms = [Other("Markdown", "policy.md", type="text/markdown")]
    return page_html(page_of(Tongue(reference)), [Other("한국어", "../ko/index.html", "ko")], forms)


@pytest.fixture(scope="module")
def page(text: str) -> Element:
    return Reader(text).root


def by_id(page: Element) -> dict[str, Element]:
    found: dict[str, Element] = {}
    for element in page.all():
        if name := element.attributes.get("id"):
            assert name not in found, name
            found[name] = element
    return found


def test_every_clause_has_an_anchor_its_wording_and_how_it_is_kept(page: Element, reference: Edition) -> None:
    places = by_id(page)
    for clause in reference.clauses.values():
        here = places[clause.number]
        assert " ".join(clause.text.split()) in here.words()
        for binding in clause.bindings:
            assert f"{binding.rule.name}: {binding.rule.sentence}" in here.words()
        for note in clause.notes:
            said = getattr(note, "what", getattr(note, "because", ""))
            assert said in here.words()
        assert any(one.attributes.get("class", "").startswith("state") for one in here.all("span"))


def test_every_link_within_the_page_leads_somewhere(page: Element) -> None:
    places = by_id(page)
    links = [one.attributes["href"] for one in page.all("a")]
    assert not [href for href in links if href.startswith("#") and href[1:] not in places]


def test_labels_come_first_and_each_leads_into_a_chapter(page: Element) -> None:
    places = by_id(page)
    labels = next(one for one in page.all("nav") if one.attributes["class"] == "labels")
    said = [link.words().rpartition(" ")[0] for link in labels.all("a")]
    assert said == ["Items", "Purposes", "Periods", "Third parties", "Processors", "Rights", "Officers"]
    for link in labels.all("a"):
        assert places[link.attributes["href"][1:]].inside("section"), link.words()
    body = next(page.all("body"))
    order = [one for one in body.all() if one.tag in {"nav", "section"}]
    assert order[0] is labels


def test_tables_have_every_declaration(page: Element, reference: Edition) -> None:
    places = by_id(page)
    for kind in ("items", "purposes", "recipients", "processors", "methods", "officers", "places", "cookies"):
        table = next(region for region in page.all("div") if region.attributes.get("aria-labelledby") == kind)
        rows = [one.words() for one in table.all("th") if one.attributes["scope"] == "row"]
        assert rows == [one.title for one in getattr(reference, kind).values()]
        assert places[kind].inside("section")


def test_a_period_of_law_stands_in_its_table_in_words(page: Element) -> None:
    table = next(region for region in page.all("div") if region.attributes.get("aria-labelledby") == "periods")
    row = next(one for one in table.all("tr") if one.words().endswith("5.2.B"))
    assert "by law, 5 years from the end that the clause names" in row.words()
    assert "Days of billing and of payment" in row.words()
    after = next(one for one in table.all("tr") if one.words().endswith("5.1.B"))
    assert "after the service and full payment, at most 6 months" in after.words()


def test_landmarks_and_the_way_past_them(page: Element) -> None:
    body = next(page.all("body"))
    assert next(page.all("html")).attributes["lang"] == "en"
    assert [one.tag for one in body.all() if one.tag in {"header", "nav", "main", "footer"}] == [
        *("header", "nav", "nav", "main", "footer")
    ]
    first = next(body.all("a"))
    target = by_id(page)[first.attributes["href"][1:]]
    assert target.tag == "main"
    assert target.attributes["tabindex"] == "-1"
    places = by_id(page)
    for one in [*page.all("nav", "section"), *(each for each in page.all("div") if "role" in each.attributes)]:
        assert places[one.attributes["aria-labelledby"]].words()


def test_headings_are_in_order(page: Element) -> None:
    levels = [int(one.tag[1]) for one in page.all("h1", "h2", "h3", "h4", "h5", "h6")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))


def test_tables_say_which_cell_heads_what_and_scroll_by_keyboard(page: Element) -> None:
    for table in page.all("table"):
        assert all(one.attributes["scope"] in {"col", "row"} for one in table.all("th"))
        columns = [one for one in table.all("th") if one.attributes["scope"] == "col"]
        assert all(len(list(row.all("th", "td"))) == len(columns) for row in table.all("tr"))
        region = table.inside("div")
        assert region is not None
        assert (region.attributes["role"], region.attributes["tabindex"]) == ("region", "0")


def test_a_row_stays_one_where_it_is_shown_as_a_card(page: Element) -> None:
    """A narrow screen lays rows out as cards: roles keep them rows, and each cell names its column."""
    roles = {"table": "table", "thead": "rowgroup", "tbody": "rowgroup", "tr": "row", "td": "cell"}
    assert [one for tag in roles for one in page.all(tag)]
    assert all(one.attributes["role"] == role for tag, role in roles.items() for one in page.all(tag))
    assert all(
        one.attributes["role"] == {"col": "columnheader", "row": "rowheader"}[one.attributes["scope"] or ""]
        for one in page.all("th")
    )
    for table in page.all("table"):
        _, *heads = [one.words() for one in table.all("th") if one.attributes["scope"] == "col"]
        for row in table.all("tr"):
            assert [one.attributes["data-head"] for one in row.all("td")] in ([], heads)


def test_every_link_and_summary_says_where_it_leads(page: Element) -> None:
    summaries = [one.words() for one in page.all("summary")]
    assert len(summaries) == len(set(summaries))
    assert all(one.words() for one in page.all("a"))


def test_nothing_runs_and_nothing_is_fetched(text: str, page: Element) -> None:
    assert not list(page.all("script", "img", "iframe", "object", "embed", "form", "svg"))
    assert not [one.tag for one in page.all() for name in one.attributes if name.startswith("on") or name == "style"]
    used = [one.attributes[name] for one in page.all() for name in ("href", "src") if name in one.attributes]
    assert not [one for one in used if ":" in one or one.startswith("//")]
    assert "url(" not in text
    assert "@import" not in text


def test_the_policy_for_content_allows_the_style_and_nothing_else(page: Element) -> None:
    head = next(page.all("head"))
    metas = [one.attributes for one in head.all("meta")]
    said = next(one["content"] for one in metas if one.get("http-equiv") == "Content-Security-Policy")
    digest = base64.b64encode(hashlib.sha256(next(head.all("style")).text().encode()).digest()).decode()
    assert said.split("; ") == [
        "default-src 'none'",
        f"style-src 'sha256-{digest}'",
        "base-uri 'none'",
        "form-action 'none'",
    ]


@pytest.mark.parametrize(
    "place",
    [
        ("We know your name", f"We know {EVIL} your name"),
        ("title: Name,", f"title: {EVIL!r},".replace("\\'", "''").replace('"', "")),
        ("title: reminders", "title: >-\n  " + EVIL),
        ("service: Lending desk", "service: >-\n  " + EVIL),
        ("what: the form of the request", "what: >-\n  " + EVIL),
        ("# 3 How long", f"# 3 How {EVIL}"),
    ],
    ids=["clause", "item", "purpose", "service", "owed", "chapter"],
)
def test_nothing_that_an_author_writes_becomes_markup(place: tuple[str, str], compiled: Compiled) -> None:
    said = page_html(page_of(Tongue(compiled("", place))))
    page, clean = Reader(said).root, Reader(page_html(page_of(Tongue(compiled())))).root
    assert "<script>x</script>" in page.text()
    assert [(one.tag, sorted(one.attributes)) for one in page.all()] == [
        (one.tag, sorted(one.attributes)) for one in clean.all()
    ]


def test_a_policy_without_something_says_so(compiled: Compiled) -> None:
    page = Reader(page_html(page_of(Tongue(compiled())))).root
    labels = next(one for one in page.all("nav") if one.attributes["class"] == "labels")
    assert [one.words() for one in labels.all("li")] == [
        *("Items 2", "Purposes 1", "Periods 1", "Third parties none"),
        *("Processors none", "Rights none", "Officers none"),
    ]


def test_a_group_of_purposes_is_not_called_a_consent_where_none_is_asked_for(compiled: Compiled) -> None:
    grouped = ("title: reminders", "title: reminders\ngroup: loans")
    assert "one for several purposes" not in page_html(page_of(Tongue(compiled("", grouped))))


def test_a_period_of_many_purposes_names_each(compiled: Compiled) -> None:
    purposes = "".join(
        f"\n[9.{n}] For purpose {n}.\n\n```purpose\nname: many_{n}\ntitle: purpose number {n}\nitems: [email]\n```\n"
        for n in range(8)
    )
    listed = ", ".join(f"many_{n}" for n in range(8))
    year = "\n[9.8] A year ends.\n\n```event\nname: year\nopens: year.begun\ncloses: year.closed\n```\n"
    kept = f"\n[9.9] We keep it.\n\n```retention.during-service\npurposes: [{listed}]\nservice: year\n```\n"
    page = page_html(page_of(Tongue(compiled(purposes + year + kept))))
    assert ", ".join(f"purpose number {n}" for n in range(8)) in page


def test_clauses_before_any_chapter_are_on_the_page(compiled: Compiled) -> None:
    page = Reader(page_html(page_of(Tongue(compiled("", ("# 1 About us\n", "")))))).root
    place = by_id(page)["1.1"].inside("section")
    assert place is not None
    assert place.attributes["aria-labelledby"] == "chapter-none"


def test_a_promise_that_is_still_owed_is_called_both(compiled: Compiled) -> None:
    page = Reader(page_html(page_of(Tongue(compiled())))).root
    here = by_id(page)["3.3"]
    states = [one.words() for one in here.all("span") if one.attributes.get("class", "").startswith("state")]
    assert states == ["promise", "owed"]
    assert "Still owed, on paper: the form of the request" in here.words()


def test_the_index_lists_editions_by_language() -> None:
    parts = [
        Listed("en", "A policy", (Other("of 2020", "2020-01-01/en/index.html"),)),
        Listed("ko", "방침", (Other("2020", "2020-01-01/ko/index.html"),)),
    ]
    page = Reader(editions_html("<b>", parts)).root
    assert next(page.all("h1")).text() == "<b>"
    assert [one.attributes["lang"] for one in page.all("section")] == ["en", "ko"]
    assert [one.attributes["href"] for one in page.all("a")] == ["2020-01-01/en/index.html", "2020-01-01/ko/index.html"]


def colours(style: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z]+): (#[0-9a-f]{6});", style))


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_what_wcag_asks_of_text_in_black_and_white() -> None:
    assert contrast("#ffffff", "#000000") == pytest.approx(21)


@pytest.mark.parametrize("scheme", ["light", "dark", "print"])
def test_every_colour_can_be_read_on_every_ground(scheme: str) -> None:
    light, dark = STYLE.partition("@media (prefers-color-scheme: dark)")[::2]
    on_screen, on_paper = dark.partition("@media print")[::2]
    used = colours({"light": light, "dark": on_screen, "print": on_paper}[scheme])
    assert set(used) == {"paper", "ink", "quiet", "link", "line", "wash", "owed"}
    for ground in ("paper", "wash"):
        for ink in ("ink", "quiet", "link", "owed"):
            assert contrast(used[ink], used[ground]) >= 4.5, (ink, ground)
        assert contrast(used["line"], used[ground]) >= 3, ground


def test_no_colour_but_those_that_are_compared() -> None:
    assert set(re.findall(r"#[0-9a-f]{3,8}\b", STYLE)) == set(re.findall(r"--[a-z]+: (#[0-9a-f]{6})\b", STYLE))
