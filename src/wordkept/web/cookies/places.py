"""Places: the two addresses that the guard answers itself: the page of choices, and ``/.well-known/gpc.json``.

The first is https://www.w3.org/TR/gpc/ in what it says; the second keeps what was chosen in the declared cookie. What
is *not* here: the words (``banner``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final
from urllib.parse import parse_qsl

import msgspec

from wordkept.record import plus
from wordkept.web.cookies import banner
from wordkept.web.cookies.choice import Answers
from wordkept.web.cookies.guard import Guard, Visit
from wordkept.web.cookies.permits import called, optional, remembering

SIGNAL: Final = "/.well-known/gpc.json"
LONGEST: Final = 8192
"""Bytes of a form; of more, nothing is read."""
_BACK: Final = re.compile(r"/(?![/\\])[!-\[\]-~]{0,2000}")
_HTML: Final = "text/html; charset=utf-8"
_FORM: Final = "application/x-www-form-urlencoded"
_PLAIN: Final = {"cache-control": "no-store", "x-content-type-options": "nosniff"}


class Answer(msgspec.Struct, frozen=True):
    """A whole answer; header names are in small letters."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""


def is_own(guard: Guard, path: str) -> bool:
    """Whether the guard answers at a path, and the program is not asked."""
    return path in {guard.place, SIGNAL}


def answer(guard: Guard, visit: Visit, method: str, path: str, header: Callable[[str], str], body: bytes) -> Answer:
    """The answer at one of the own places.

    Args:
        guard: of the site.
        visit: the request as read.
        method: as sent.
        path: one of the own places.
        header: a header of the request by its name in small letters, empty if there is none.
        body: of a POST, no more than one byte above ``LONGEST``.
    """
    if method in {"GET", "HEAD"}:
        return _signal(visit) if path == SIGNAL else _page(guard, visit)
    if method != "POST" or path == SIGNAL:
        return Answer(405, (("allow", "GET, HEAD" if path == SIGNAL else "GET, HEAD, POST"),))
    if not same_site(header):
        return Answer(403)
    if len(body) > LONGEST:
        return Answer(413)
    if header("content-type").partition(";")[0].strip().lower() != _FORM:
        return Answer(415)
    return _chosen(guard, visit, form_of(body))


def _signal(visit: Visit) -> Answer:
    """What a site says of the signal: that it obeys it, since the edition took effect."""
    if visit.edition is None:
        return Answer(404)
    told = {"gpc": True, "lastUpdate": str(visit.edition.effective)}
    return Answer(200, (("content-type", "application/json"),), msgspec.json.encode(told))


def _page(guard: Guard, visit: Visit) -> Answer:
    if visit.edition is None:
        return Answer(404)
    html = banner.page(visit.edition, visit.asked.languages, visit.answers, guard.place, "/", signal=visit.signal)
    policy = f"default-src 'none'; style-src '{banner.style_hash()}'; form-action 'self'; frame-ancestors 'none'"
    told = {**_PLAIN, "content-type": _HTML, "content-security-policy": policy}
    return Answer(200, tuple(told.items()), html.encode())


def same_site(header: Callable[[str], str]) -> bool:
    """Whether a form was sent from a page of this site: nobody else fills it in for a person."""
    if came := header("sec-fetch-site"):
        return came in {"same-origin", "none"}
    origin = header("origin")
    return not origin or origin.partition("://")[2] == header("host")


def form_of(body: bytes) -> Mapping[str, str]:
    """The fields of a form, each once; none if it is no form or says one twice."""
    try:
        said = parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=200)
    except ValueError:
        return {}
    return dict(said) if len(dict(said)) == len(said) else {}


def _chosen(guard: Guard, visit: Visit, form: Mapping[str, str]) -> Answer:
    """Remember what was chosen, and go back."""
    edition = visit.edition
    remembers = remembering(edition) if edition else None
    if edition is None or remembers is None:
        return Answer(404)
    asked = optional(edition)
    said = dict.fromkeys(asked, form["all"]) if "all" in form else {one: form[one] for one in asked if one in form}
    if not said or set(said.values()) - {"yes", "no"}:
        return Answer(400)
    before = visit.answers.by if visit.answers and visit.answers.shown == edition.effective else {}
    by = {
        name: said[name] == "yes" if name in said else before[name] for name in asked if name in said or name in before
    }
    answers = Answers(edition.effective, by)
    after = guard.chosen(visit.asked, visit.sent, visit.day, answers)
    lasts = f"; Max-Age={(plus(visit.day, remembers.lasts) - visit.day).days * 86400}" if remembers.lasts else ""
    secure = "; Secure" if visit.asked.secure else ""
    kept = f"{called(remembers)}={answers.written()}; Path=/{lasts}; HttpOnly; SameSite=Lax{secure}"
    told = [("location", _back(form)), *_PLAIN.items()]
    told += [("set-cookie", one) for one in (kept, *guard.set_cookies(after, ()))]
    return Answer(303, tuple(told))


def _back(form: Mapping[str, str]) -> str:
    """Where to go then: a path of this site, whatever was sent."""
    back = form.get("back", "/")
    return back if _BACK.fullmatch(back) else "/"
