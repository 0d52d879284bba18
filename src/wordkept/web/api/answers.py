"""Answers: what a program is answered over HTTP: that it is done, or a problem.

OpenAPI and the client are drawn from these types too. What holds values shows none where a program shows it. What is
*not* here: what is asked (``messages``).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

import msgspec

from wordkept.terms import Level
from wordkept.texts import Text
from wordkept.web.api.messages import Identifier


class Answer(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True, tag_field="outcome", tag="done"):
    """What was asked is done.

    Attributes:
        clauses: numbers of the clauses that permit it.
        edition: effective day of the policy's edition that was asked.
        decision: finds the statement of evidence about it.
        values: texts by item, where values are handed out.
        files: files by item, in base64.
        number: of an event, its number among those of the person.
        repeated: it had been done before under this request id; without values.
        alias: of what is provided or entrusted, the person's pseudonym towards that partner: orders name it.
        ordered: partners that were ordered to do the same with their copies; until they answer, a deletion is partial.
        challenge: of a code that was sent, what it answers.
        proof: of a person who proved who they are, what they bring with what they ask.
        level: how well they did.
        until: when the proof ends.
    """

    clauses: tuple[str, ...] = ()
    edition: date | None = None
    decision: str | None = None
    values: Mapping[str, tuple[str, ...]] = {}
    files: Mapping[str, tuple[bytes, ...]] = {}
    number: int | None = None
    repeated: bool = False
    alias: str | None = None
    ordered: tuple[str, ...] = ()
    challenge: str | None = None
    proof: str | None = None
    level: Level | None = None
    until: datetime | None = None

    def __repr__(self) -> str:
        return f"<Answer with values of {', '.join([*self.values, *self.files]) or 'nothing'}>"

    def __rich_repr__(self) -> list[tuple[str, str]]:
        return [("", repr(self))]


class Subject(msgspec.Struct, frozen=True):
    """A fresh pseudonym; the person is there from their first event or record on."""

    subject: Identifier


class ConsentText(Text, frozen=True, kw_only=True):
    """The text to show for one choice, word for word, in one language.

    Attributes:
        to: what the choice is about.
        language: tag of the language.
        edition: effective day of the edition that it is drawn from.
        required: the service rests on it; every other choice is free.
        body: the text.
        digest: hex SHA-256 of its bytes in UTF-8.
    """


Texts = list[ConsentText]


class Problem(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True, tag_field="outcome", tag="problem"):
    """What was asked is not done (RFC 9457).

    Attributes:
        type: what kind of problem, ``urn:wordkept:…``.
        title: the kind in a few words, in English.
        status: of HTTP.
        detail: what is wrong here; never repeats what was sent.
        instance: the id of the request, as a URN.
        reason: of a refusal, why, as a word.
        why: of a refusal, why, as a sentence.
        clauses: of a refusal, numbers of the clauses that determined it.
        edition: of a refusal, effective day of the policy's edition that was asked.
        decision: finds the statement of evidence about it.
    """

    type: str
    title: str
    status: int
    detail: str = ""
    instance: str = ""
    reason: str | None = None
    why: str | None = None
    clauses: tuple[str, ...] = ()
    edition: date | None = None
    decision: str | None = None


Answers = list[Answer | Problem]
