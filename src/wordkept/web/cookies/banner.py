"""Banner: asking about cookies in a person's language, without script; both answers are the same size and form.

The words of purposes and cookies are the policy's own; those around them are the catalogue's. What is *not* here: what
an answer does (``guard``).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from wordkept.drawing import Templates
from wordkept.language import SOURCE, catalogue, languages, say
from wordkept.policy.model import Edition
from wordkept.web.cookies.choice import Answers
from wordkept.web.cookies.permits import optional, served

_TEMPLATES: Final = Templates("wordkept.web.cookies", "choices.css")
_WORDS: Final = {
    "title": say("Cookies"),
    "asks": say("May your browser keep something for us, and may we use it for this?"),
    "without": say("Without a yes nothing is kept or used for it."),
    "yes": say("Accept"),
    "no": say("Reject"),
    "each": say("Choose each by itself"),
    "needed": say("Not asked: the site cannot run without it"),
    "signal": say(
        "Your browser refuses for you by a signal (Global Privacy Control). We obey it whatever stands here."
    ),
    "save": say("Save"),
    "cookie": say("What your browser keeps"),
    "tool": say("What else collects in the page"),
    "back": say("Back"),
}
"""What the banner and the page say themselves."""


def banner(edition: Edition, accepted: str, place: str, back: str) -> str:
    """The banner, to stand in a page.

    Args:
        edition: asks.
        accepted: the ``Accept-Language`` header.
        place: the path of the page of choices.
        back: the path to come back to.
    """
    return _drawn("banner.html", edition, accepted, {"place": place, "back": back})


def page(edition: Edition, accepted: str, answers: Answers | None, place: str, back: str, *, signal: bool) -> str:
    """The page on which each purpose is chosen by itself, and changed later."""
    chosen = answers.by if answers else {}
    return _drawn("choices.html", edition, accepted, {"place": place, "back": back, "chosen": chosen, "signal": signal})


def style_hash() -> str:
    """What allows the page's own style, and no other, as a content security policy has it."""
    return _TEMPLATES.style_hash


def _drawn(template: str, edition: Edition, accepted: str, what: Mapping[str, object]) -> str:
    language = _language(edition, accepted)
    spoken = edition.translations.get(language, edition)
    asked = optional(edition)
    rows = [
        {
            "name": name,
            "title": purpose.title,
            "asked": name in asked,
            "cookies": [one.title for one in spoken.cookies.values() if name in one.purposes],
            "tools": [one.title for one in spoken.tools.values() if name in one.purposes],
        }
        for name, purpose in spoken.purposes.items()
        if name in served(edition)
    ]
    speak = catalogue(language)
    words = {key: speak(said) for key, said in _WORDS.items()}
    return _TEMPLATES.draw(template, words=words, language=language, rows=rows, service=spoken.service, **what)


def _language(edition: Edition, accepted: str) -> str:
    """The first language that is wanted and that edition and software have; the edition's own if there is none."""
    known = {edition.language, *edition.translations} & set(languages())
    wanted = (one.partition(";")[0].strip().lower()[:2] for one in accepted[:200].split(","))
    own = edition.language if edition.language in known else SOURCE
    return next((one for one in wanted if one in known), own)
