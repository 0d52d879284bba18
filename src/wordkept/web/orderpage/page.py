"""Page: the open orders of a partner in words, Korean or English, as HTML that works without script.

A person is shown by the pseudonym that the partner knows. A value stands here only where somebody asked for it. What is
*not* here: who may see it (``places``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from wordkept.drawing import Templates
from wordkept.gate import Open
from wordkept.language import SOURCE, catalogue, languages, say
from wordkept.policy.model import Edition
from wordkept.terms import Answer, OrderKind

_TEMPLATES: Final = Templates("wordkept.web.orderpage", "orders.css")
_WORDS: Final = {
    "title": say("What you are ordered to do"),
    "about": say("You hold this about people on our behalf or with our word. Do what stands here, then say so."),
    "person": say("Person, as you know them"),
    "what": say("What"),
    "kind": say("To do"),
    "due": say("Answer by"),
    "show": say("Show the new value"),
    "none": say("There is no new value for you: do not use the old one."),
    "value": say("New value"),
    "answer": say("Your answer"),
    "law": say("The law that has you keep it, if you cannot"),
    "send": say("Send"),
    "ended": say("This link has ended"),
    "gone": say("Nothing waits for you here, or the link was never one of ours. Ask whoever sent it for a new one."),
    "down": say("This cannot be shown just now"),
    "again": say("Try again in a few minutes; nothing is lost."),
}
_ANSWERS: Final = {
    Answer.DONE: say("Done"),
    Answer.NOTHING_HELD: say("We hold nothing of it"),
    Answer.CANNOT: say("We cannot"),
}
_KINDS: Final = {
    OrderKind.CORRECT: say("Replace it by the new value"),
    OrderKind.FREEZE: say("Neither use it nor hand it on until you hear more"),
    OrderKind.LIFT: say("You may use it again"),
    OrderKind.STOP_USE: say("Stop using it; keep what you may keep"),
    OrderKind.ERASE: say("Erase it"),
    OrderKind.RETURN: say("Hand it back, then erase it"),
}


def orders(
    edition: Edition, accepted: str, partner: str, waiting: Iterable[Open], values: Mapping[str, Mapping[str, object]]
) -> str:
    """The page.

    Args:
        edition: says what items and the partner are called.
        accepted: the ``Accept-Language`` header.
        partner: as the policy calls it.
        waiting: its open orders, oldest first.
        values: by order that was asked for, by item.
    """
    language = _language(accepted)
    spoken, speak = edition.translations.get(language, edition), catalogue(language)

    def called(item: str) -> str:
        return spoken.items[item].title if item in spoken.items else item

    rows = [
        {
            "id": one.order.id,
            "person": one.order.alias,
            "kind": speak(_KINDS[one.order.kind]),
            "items": [called(item) for item in one.order.items],
            "due": str(one.order.answer_by or one.order.tell_by),
            "corrects": one.order.kind is OrderKind.CORRECT,
            "shown": one.order.id in values,
            "values": [(called(item), found) for item, found in values.get(one.order.id, {}).items()],
        }
        for one in waiting
    ]
    named = spoken.recipients.get(partner) or spoken.processors.get(partner) or spoken.stores.get(partner)
    answers = [(str(answer), speak(said)) for answer, said in _ANSWERS.items()]
    to = named.title if named else partner
    return _drawn("orders.html", language, rows=rows, answers=answers, to=to, service=spoken.service)


def ended(accepted: str) -> str:
    """What whoever has no token that opens anything is shown; it is the same for all of them."""
    return _drawn("notice.html", _language(accepted), head="ended", text="gone")


def down(accepted: str) -> str:
    """What is shown while a store is down."""
    return _drawn("notice.html", _language(accepted), head="down", text="again")


def style_hash() -> str:
    """What allows the page's own style, and no other, as a content security policy has it."""
    return _TEMPLATES.style_hash


def _drawn(template: str, language: str, **what: object) -> str:
    speak = catalogue(language)
    words = {key: speak(said) for key, said in _WORDS.items()}
    return _TEMPLATES.draw(template, language=language, words=words, **what)


def _language(accepted: str) -> str:
    """The first language that is wanted and that the software speaks."""
    wanted = (one.partition(";")[0].strip().lower()[:2] for one in accepted[:200].split(","))
    return next((one for one in wanted if one in languages()), SOURCE)
