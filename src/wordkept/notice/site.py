"""A site of policies as files: ``<service>/<first day in force>/<language>/``, and an index of editions.

An edition's address is permanent: it holds the edition's first day, and a later edition has another. Files are written
whole; the same policy gives the same bytes. What is *not* here: what is in a file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Final

import msgspec

from wordkept.language import say
from wordkept.notice.content import Page
from wordkept.notice.html import Listed, Other, editions_html, page_html
from wordkept.notice.linked import page_linked
from wordkept.notice.markdown import page_markdown
from wordkept.notice.page import page_of
from wordkept.notice.pdf import page_pdf
from wordkept.notice.processing import record_csv, record_markdown
from wordkept.policy.model import Edition, Policy
from wordkept.terms import MalformedPolicyError, UnavailableError
from wordkept.texts import Text, texts_in
from wordkept.texts.tongue import Tongue, tongues, wording
from wordkept.written import files

_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Form(msgspec.Struct, frozen=True):
    """A form in which a page can be had: the key of its name, its media type, its file, and what draws it."""

    key: str
    type: str
    file: str
    drawn: Callable[[Page, Tongue], bytes]


FORMS: Final[Mapping[str, tuple[Form, ...]]] = {
    "md": (Form("md", "text/markdown", "policy.md", lambda page, _: page_markdown(page).encode()),),
    "pdf": (Form("pdf", "application/pdf", "policy.pdf", lambda page, own: page_pdf(page, own.edition.file)),),
    "json-ld": (Form("linked", "application/ld+json", "policy.jsonld", page_linked),),
    "consents": (Form("consents", "text/plain", "consents.sha256", lambda _, own: _sums(own)),),
    "ropa": (
        Form("record-md", "text/markdown", "record-of-processing.md", record_markdown),
        Form("record-csv", "text/csv", "record-of-processing.csv", record_csv),
    ),
}
"""By the name that the command line uses; HTML is not among them, since it links to all the others."""

CONSENTS: Final = "consents"
"""The folder of the texts of consents; beside it their digests, as ``sha256sum -c`` reads them."""
FORMATS: Final = ("html", *FORMS)


def render(policy: Policy, to: Path, *, languages: Iterable[str] = (), formats: Iterable[str] = ()) -> list[Path]:
    """Write a policy's pages.

    Args:
        policy: its editions.
        to: the folder of the site; made if it is not there.
        languages: tags; all that each edition has if left out.
        formats: of ``FORMATS``; all if left out.

    Returns:
        The files written, in order.

    Raises:
        MalformedPolicyError: an edition lacks a language, or a text in it.
        UnavailableError: the folder cannot be written.
    """
    service = folder_of(policy.editions[-1])
    chosen = tuple(formats) or FORMATS
    made = [
        (Path(service, str(edition.effective), language, name), data)
        for edition in policy.editions
        for name, language, data in _edition(edition, tuple(languages), chosen)
    ]
    try:
        written = [_write(to / path, data) for path, data in made]
        if "html" in chosen:
            written.append(_write(to / service / "index.html", _index(to / service, policy.editions[-1])))
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise UnavailableError(
            say("{file} cannot be written: {why}", file=str(error.filename or to), why=why)
        ) from error
    return written


def folder_of(edition: Edition) -> str:
    """The service's name as a folder: letters and digits of any script, in lower case, hyphens between.

    Raises:
        MalformedPolicyError: it has neither.
    """
    found = "-".join(re.findall(r"[^\W_]+", edition.service.lower()))
    if not found:
        said = say("service: no address can be made of this name")
        hint = say("give the service a name with a letter or a digit in it")
        raise MalformedPolicyError(said, file=edition.file, hint=hint)
    return found


def _edition(edition: Edition, asked: tuple[str, ...], formats: tuple[str, ...]) -> Iterable[tuple[str, str, bytes]]:
    """File name, language and bytes of everything that one edition becomes."""
    spoken = tongues(edition, asked)
    forms = [form for name in formats if name in FORMS for form in FORMS[name]]
    for tongue in spoken:
        page = page_of(tongue)
        for form in forms:
            yield form.file, tongue.language, form.drawn(page, tongue)
        if CONSENTS in formats:
            yield from ((_consent(one), tongue.language, one.body.encode()) for one in texts_in(tongue))
        if "html" in formats:
            links = [Other(tongue.say("forms", one.key), one.file, type=one.type) for one in forms]
            elsewhere = [one.language for one in spoken if one is not tongue]
            others = [Other(wording()[one]["language"], f"../{one}/index.html", one) for one in elsewhere]
            yield "index.html", tongue.language, page_html(page, others, links).encode()


def _consent(text: Text) -> str:
    """The file of a text below its language: ``consents/provision/kmc.txt``."""
    return f"{CONSENTS}/{text.to.replace(':', '/')}.txt"


def _sums(tongue: Tongue) -> bytes:
    return "".join(f"{one.digest}  {_consent(one)}\n" for one in texts_in(tongue)).encode()


def _index(folder: Path, newest: Edition) -> bytes:
    """The index of all editions in a folder, the newest first: those of earlier runs have kept their addresses."""
    found: dict[str, list[str]] = {}
    for file in sorted(folder.glob("*/*/index.html"), reverse=True):
        day, language = file.parts[-3:-1]
        if _DAY.fullmatch(day) and language in wording():
            found.setdefault(language, []).append(day)
    parts = []
    for language in (one for one in wording() if one in found):
        words, edition = wording()[language], newest.translations.get(language, newest)
        listed = [Other(words["edition"].format(day=day), f"{day}/{language}/index.html") for day in found[language]]
        parts.append(
            Listed(language, words["title"].format(service=edition.service, title=edition.title), tuple(listed))
        )
    return editions_html(newest.service, parts).encode()


def _write(file: Path, data: bytes) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    with files.whole(file, 0o644) as stream:
        stream.write(data)
    return file
