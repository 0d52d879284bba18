"""Letters: what a person reads about what they asked, and the form on which they may ask it, in their language.

A letter says what was asked and what came of it, on which ground, by which clauses, and where to turn; it names nobody
and holds no value. What is *not* here: sending it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

import msgspec

from wordkept.claims import permitted
from wordkept.drawing import Templates
from wordkept.language import Catalogue, Said, catalogue, say
from wordkept.policy.model import Edition, Policy
from wordkept.record import GROUNDED, GROUNDS, Asking, Claim, Right, Turn
from wordkept.rules.claims import Listed
from wordkept.terms import Channel, UnavailableError

_TEMPLATES: Final = Templates("wordkept.rights", "letter.css")
_ASKED: Final = {
    Right.ACCESS: say("to see what is held about you"),
    Right.COPY: say("to have a copy of what is held about you"),
    Right.CORRECTION: say("to have something corrected"),
    Right.DELETION: say("to have what is held about you deleted"),
    Right.SUSPENSION: say("that nothing about you be used"),
    Right.WITHDRAWAL: say("to take a consent back"),
    Right.DEPARTURE: say("to end your membership"),
}
_BECAME: Final = {
    Turn.OPENED: say("We have taken it down."),
    Turn.POSTPONED: say("We cannot answer yet."),
    Turn.DONE: say("It was done."),
    Turn.REFUSED: say("It was not done."),
    Turn.OTHERWISE: say("It could not be done. We did something else."),
    Turn.TAKEN_BACK: say("You have taken it back."),
}


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """What is written, in one language.

    Attributes:
        language: its tag.
        title: what it is about.
        said: sentences, in order.
        choices: of a form, what may be ticked.
        lines: of a form, what is filled in.
        because: numbers of clauses and their sentences.
        appeal: where to turn.
        words: the two headings, over clauses and over where to turn.
    """

    language: str
    title: str
    said: tuple[str, ...]
    choices: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    because: tuple[tuple[str, str], ...] = ()
    appeal: tuple[str, ...] = ()
    words: tuple[str, str] = ("", "")

    def html(self) -> str:
        """One file without script, with its style inside."""
        return _TEMPLATES.draw("letter.html", language=self.language, letter=self)

    def text(self) -> str:
        """The same as plain lines."""
        parts = [
            self.title,
            *self.said,
            *(f"[ ] {one}" for one in self.choices),
            *(f"{one}: ____" for one in self.lines),
        ]
        if self.because:
            parts += [self.words[0], *(f"  {number}  {said}" for number, said in self.because)]
        if self.appeal:
            parts += [self.words[1], *(f"  {one}" for one in self.appeal)]
        return "\n".join(parts)


def notice(policy: Policy, claim: Claim, language: str) -> Letter:
    """What a person is told of what became of their request last.

    Raises:
        UnavailableError: the policy is not written in that language.
    """
    edition, speak = _worded(policy, claim.turned_on, language), catalogue(language)
    said = [speak("On {day} you asked {what}.", day=claim.on, what=_ASKED[claim.right]), speak(_BECAME[claim.turn])]
    clauses = claim.clauses
    if claim.turn in GROUNDED:
        asking = Asking(right=claim.right, channel=claim.channel, turn=claim.turn, ground=claim.ground)
        permits = permitted(edition, asking, claim.turned_on)
        clauses = tuple(permits)
        said.append(speak("{ground}.", ground=Said(GROUNDS[claim.ground]) if claim.ground else ""))
        said += _law(edition, list(permits.values()), claim, speak)
    elif claim.turn is Turn.OPENED and claim.answer_by:
        said.append(speak("You have an answer by {day}.", day=claim.answer_by))
    return Letter(
        language=language,
        title=speak("What you asked of us"),
        said=tuple(said),
        because=tuple((one, " ".join(edition.clauses[one].text.split())) for one in clauses if one in edition.clauses),
        appeal=tuple(_appeal(edition, speak)) if claim.turn in GROUNDED else (),
        words=(speak("The policy says"), speak("If you do not agree, turn to")),
    )


def withdrawal_form(policy: Policy, day: date, language: str) -> Letter:
    """The form on which people take consents back, or end their membership: what may be ticked, and what is filled in.

    Raises:
        UnavailableError: the policy is not written in that language, or takes neither on paper.
    """
    edition, speak = _worded(policy, day, language), catalogue(language)
    clauses: dict[str, object] = {}
    for right in (Right.WITHDRAWAL, Right.DEPARTURE):
        clauses |= permitted(edition, Asking(right=right, channel=Channel.PAPER), day)
    if not clauses:
        raise UnavailableError(say("no clause takes such a request on paper"))
    return Letter(
        language=language,
        title=speak("Withdrawal Application"),
        said=(speak("Tick what you want, sign, and hand it in. We verify that it is you."),),
        choices=(speak("I end my membership."), *_consents(edition, speak)),
        lines=tuple(speak(one) for one in (say("Name"), say("Telephone"), say("Day"), say("Signature"))),
        because=tuple((one, " ".join(edition.clauses[one].text.split())) for one in clauses),
        appeal=tuple(f"{one.title}, {one.office}, {one.telephone}" for one in edition.officers.values()),
        words=(speak("The policy says"), speak("Hand it in to")),
    )


def _worded(policy: Policy, day: date, language: str) -> Edition:
    edition = policy.on(day)
    found = {edition.language: edition, **edition.translations}.get(language) if edition else None
    if found is None:
        raise UnavailableError(say("the policy of {day} is not written in {language!r}", day=day, language=language))
    return found


def _consents(edition: Edition, speak: Catalogue) -> Iterator[str]:
    """Each consent apart, by the titles that people know."""
    for name in sorted(edition.consents):
        kind, _, of = name.rpartition(":")
        purpose = edition.purposes.get(name)
        if purpose is not None:
            yield speak("I take back my consent: {what}.", what=purpose.title)
        elif kind == "provision" and of in edition.recipients:
            yield speak("I take back my consent to giving data to {name}.", name=edition.recipients[of].title)
        elif kind == "category" and of in edition.categories:
            yield speak("I take back my consent: {what}.", what=edition.categories[of].title)


def _law(edition: Edition, permits: list[object], claim: Claim, speak: Catalogue) -> Iterator[str]:
    """The statute that lists the ground, with its article."""
    for one in permits:
        if isinstance(one, Listed) and one.listed and edition.statutes and claim.ground not in one.grounds:
            found = edition.statutes.parameter(one.listed, claim.turned_on)
            title = edition.statutes.statutes[one.listed.partition(".")[0]].title
            yield speak("The ground is that of the {statute}, {article}.", statute=title, article=found.reference)


def _appeal(edition: Edition, speak: Catalogue) -> Iterator[str]:
    """The offices that answer for the policy, then the places that it names for redress."""
    for officer in edition.officers.values():
        yield f"{officer.title}, {officer.office}, {speak('telephone')} {officer.telephone}"
    for place in edition.places.values():
        if place.telephone:
            yield f"{place.title}, {speak('telephone')} {place.telephone}"
