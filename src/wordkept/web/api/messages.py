"""Messages: what a program may ask of the gate over HTTP, and what it is answered.

OpenAPI and the client are drawn from these types. What a message does not say is not assumed: nobody is identified and
no pledge is signed unless it is stated. A second person and the day cannot be stated at all. What holds values shows
none where a program shows it. What is *not* here: who may send which (``credentials``).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal

import msgspec

from wordkept.terms import Channel, Choice, Level, Role

Identifier = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{32}$", max_length=32, description="32 hex digits.")]
Name = Annotated[
    str,
    msgspec.Meta(min_length=1, max_length=200, description="A name that the policy declares, or a short plain line."),
]
Pseudonym = Annotated[
    str, msgspec.Meta(pattern="^[a-z][a-z0-9_-]*([.:][a-z0-9_-]+)*$", max_length=48, description="Never a real name.")
]
Names = Annotated[tuple[Name, ...], msgspec.Meta(min_length=1, max_length=100)]


Digest = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$", max_length=64, description="64 hex digits.")]
Language = Annotated[str, msgspec.Meta(pattern="^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$", max_length=35)]


class By(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who asks, as the program established it.

    Attributes:
        role: one that the program's credential allows.
        name: pseudonym of the person or program; evidence has it after the credential's name.
        level: how the person's identity was verified for this request.
        pledge: of staff, the yearly pledge is signed.
        training: of staff, training is in date.
        grant: of staff, a grant for this work is in force.
    """

    role: Role
    name: Pseudonym | None = None
    level: Level = Level.NONE
    pledge: bool = False
    training: bool = False
    grant: bool = False


class Message(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="ask"):
    """One thing asked about one person.

    Attributes:
        subject: pseudonym of the person.
        by: who asks.
        request_id: a change that is asked again under the same id is done once.
    """

    subject: Identifier
    by: By
    request_id: Identifier | None = None


class _Giving(Message, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A message with values: text as it is, files in base64."""

    values: Annotated[dict[Name, str], msgspec.Meta(max_length=100)] = {}
    files: Annotated[dict[Name, bytes], msgspec.Meta(max_length=10)] = {}

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self.subject}, with values of {', '.join([*self.values, *self.files])}>"

    def __rich_repr__(self) -> list[tuple[str, str]]:
        return [("", repr(self))]


class Collect(_Giving, frozen=True, forbid_unknown_fields=True, kw_only=True, tag="collect"):
    """Collect values of items for a purpose.

    Attributes:
        purpose: what for.
        method: how it came in.
        matter: what it belongs to.
        source: of a collection by affiliate, which.
        statute: the law cited.
        masked: the numbers on copies of documents are painted over; without it none is taken.
    """

    purpose: Name
    method: Name
    matter: Name | None = None
    source: Name | None = None
    statute: Name | None = None
    masked: bool = False

    __repr__ = _Giving.__repr__


class Use(Message, frozen=True, forbid_unknown_fields=True, kw_only=True, tag="use"):
    """Use items for a purpose; the answer has the values.

    Attributes:
        items: what is used.
        purpose: what for.
        matter: limits it to one matter.
        reason: ``settlement`` or ``dispute``.
    """

    items: Names
    purpose: Name
    matter: Name | None = None
    reason: Name | None = None


class View(Message, frozen=True, forbid_unknown_fields=True, kw_only=True, tag="view"):
    """Show a person their own data; the answer has the values.

    Attributes:
        items: what is shown.
        matter: limits it to one matter.
    """

    items: Names
    matter: Name | None = None


class Shown(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The text that a person was shown before they chose.

    Attributes:
        digest: hex SHA-256 of the text, word for word as ``texts`` gives it.
        language: of the text.
        channel: by which way the choice came.
    """

    digest: Digest
    language: Language
    channel: Channel


class Consent(Message, frozen=True, forbid_unknown_fields=True, kw_only=True, tag="consent"):
    """A person's choice about one consent.

    Attributes:
        to: what it is to.
        choice: given, refused or withdrawn.
        shown: the text under which it was chosen; to withdraw needs none.
    """

    to: Name
    choice: Choice
    shown: Shown | None = None


class Event(Message, frozen=True, forbid_unknown_fields=True, kw_only=True, tag="event"):
    """Something that happened to a person.

    Attributes:
        kind: an event that the policy declares.
        matter: what it was about.
    """

    kind: Name
    matter: Name | None = None


class Request(_Giving, frozen=True, forbid_unknown_fields=True, kw_only=True, tag="request"):
    """What a person asks of their data (correct, freeze, lift, destroy), or a passing on (provide, entrust).

    Attributes:
        act: the verb.
        items: what it is asked of.
        purpose: what for.
        to: recipient or processor.
        matter: limits it to one matter.
        reason: why staff lift a freeze; ``settlement`` or ``dispute``.
    """

    act: Literal["correct", "freeze", "lift", "destroy", "provide", "entrust"]
    items: Names
    purpose: Name | None = None
    to: Name | None = None
    matter: Name | None = None
    reason: Name | None = None

    __repr__ = _Giving.__repr__


Asking = Collect | Use | View | Consent | Event | Request
"""Every message; in a batch, ``ask`` says which one it is."""
KINDS = (Collect, Use, View, Consent, Event, Request)
LARGEST_BATCH = 500
Batch = Annotated[list[Asking], msgspec.Meta(min_length=1, max_length=LARGEST_BATCH)]


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

    def __repr__(self) -> str:
        return f"<Answer with values of {', '.join([*self.values, *self.files]) or 'nothing'}>"

    def __rich_repr__(self) -> list[tuple[str, str]]:
        return [("", repr(self))]


class Subject(msgspec.Struct, frozen=True):
    """A fresh pseudonym; the person is there from their first event or record on."""

    subject: Identifier


class ConsentText(msgspec.Struct, frozen=True, kw_only=True):
    """The text to show for one choice, word for word, in one language.

    Attributes:
        to: what the choice is about.
        language: tag of the language.
        edition: effective day of the edition that it is drawn from.
        required: the service rests on it; every other choice is free.
        body: the text.
        digest: hex SHA-256 of its bytes in UTF-8.
    """

    to: str
    language: str
    edition: date
    required: bool
    body: str
    digest: str


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
