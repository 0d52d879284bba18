"""HTML: one file without script, with its style inside, that asks nobody for anything.

The style is allowed by its digest, all else by nothing. What is *not* here: how texts are escaped (``drawing``), and
where the file goes (``site``).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import msgspec

from wordkept.drawing import Templates
from wordkept.notice.content import Page

_TEMPLATES: Final = Templates("wordkept.notice", "page.css")


class Other(msgspec.Struct, frozen=True):
    """The same page somewhere else: in another language, or in another form (then ``type`` is its media type)."""

    name: str
    href: str
    language: str = ""
    type: str = ""


class Listed(msgspec.Struct, frozen=True):
    """The editions in one language, as the index lists them."""

    language: str
    title: str
    editions: tuple[Other, ...]


def page_html(page: Page, others: Iterable[Other] = (), forms: Iterable[Other] = ()) -> str:
    """The page; ``others`` are its other languages, ``forms`` its other forms."""
    return _TEMPLATES.draw("page.html", language=page.language, page=page, others=tuple(others), forms=tuple(forms))


def editions_html(service: str, parts: Iterable[Listed]) -> str:
    """The index of editions, one section for each language; the page is in the first one's."""
    listed = tuple(parts)
    return _TEMPLATES.draw("editions.html", language=listed[0].language, service=service, parts=listed)
