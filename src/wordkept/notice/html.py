"""HTML: one file without script, with its style inside, that asks nobody for anything.

Every text is escaped by the template engine; the only markup let through is the style of our own. The style is allowed
by its digest, all else by nothing. What is *not* here: where the file goes (``site``).
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files

import msgspec
from jinja2 import Environment, PackageLoader, StrictUndefined

from wordkept.notice.content import Page


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
    return _drawn("page.html", page.language, {"page": page, "others": tuple(others), "forms": tuple(forms)})


def editions_html(service: str, parts: Iterable[Listed]) -> str:
    """The index of editions, one section for each language; the page is in the first one's."""
    listed = tuple(parts)
    return _drawn("editions.html", listed[0].language, {"service": service, "parts": listed})


def _drawn(template: str, language: str, what: Mapping[str, object]) -> str:
    style = files("wordkept.notice").joinpath("templates/page.css").read_text("utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    given = {"language": language, "style": style, "style_hash": f"sha256-{digest}"}
    return _engine().get_template(template).render(**given, **what)


@cache
def _engine() -> Environment:
    return Environment(
        loader=PackageLoader("wordkept.notice"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
