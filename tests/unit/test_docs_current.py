"""Pages that say what the code says are drawn from it, or compared with it."""

from __future__ import annotations

import re
from pathlib import Path

from wordkept.record.lifecycle import STEPS
from wordkept.terms import Reason
from wordkept.trace.pictures import lifecycle_page
from wordkept.trace.promises import promises_page
from wordkept.trace.words import words_page
from wordkept.web.api.description import document

DOCS = Path(__file__).resolve().parents[2] / "docs"


def test_the_lifecycle_page_is_drawn_from_the_table() -> None:
    said = (DOCS / "lifecycle.md").read_text("utf-8")
    assert said == lifecycle_page(), "write it anew: python -m wordkept.trace.pictures > docs/lifecycle.md"


def test_the_page_of_words_is_drawn_from_the_rules() -> None:
    said = (DOCS / "words.md").read_text("utf-8")
    assert said == words_page(), "write it anew: python -m wordkept.trace.words > docs/words.md"


def test_the_page_of_promises_is_drawn_from_the_policies() -> None:
    said = (DOCS / "promises.md").read_text("utf-8")
    assert said == promises_page(DOCS.parent), "write it anew: python -m wordkept.trace.promises > docs/promises.md"


def test_the_description_of_the_api_is_drawn_from_its_types() -> None:
    said = (DOCS / "openapi.json").read_text("utf-8")
    assert said == document(), "write it anew: python -m wordkept.web.api.description > docs/openapi.json"


def test_the_picture_has_an_arrow_for_every_step() -> None:
    arrows = re.findall(r"^    (\S+) --> (\S+): (\S+)$", lifecycle_page(), re.MULTILINE)
    drawn = {(start.replace("[*]", "absent"), by): end for start, end, by in arrows}
    assert drawn == {(str(state), by): str(to) for (state, by), to in STEPS.items()}


def test_the_page_about_decisions_lists_every_reason_in_its_order() -> None:
    said = re.findall(r"^\| `([a-z-]+)` \|", (DOCS / "decisions.md").read_text("utf-8"), re.MULTILINE)
    against = [str(reason) for reason in Reason if reason is not Reason.PERMITTED]
    assert said[: len(against)] == against
