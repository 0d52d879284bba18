"""Messages: what a program may ask of the gate over HTTP.

OpenAPI and the client are drawn from these types. What a message does not say is not assumed: nobody is identified and
no pledge is signed unless it is stated. A second person and the day cannot be stated at all. What holds values shows
none where a program shows it. What is *not* here: who may send which (``credentials``), and the answers (``answers``).
"""

from __future__ import annotations

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
Token = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{32}\.[0-9A-Za-z_-]{43}$", max_length=76)]
Code = Annotated[str, msgspec.Meta(min_length=1, max_length=40, description="As the person typed it.")]
Names = Annotated[tuple[Name, ...], msgspec.Meta(min_length=1, max_length=100)]


Digest = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$", max_length=64, description="64 hex digits.")]
Language = Annotated[str, msgspec.Meta(pattern="^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$", max_length=35)]


class By(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who asks, as the program established it.

    Attributes:
        role: one that the program's credential allows.
        name: pseudonym of the person or program; evidence has it after the credential's name.
        level: how the program itself verified who the person is; counts as far as its credential vouches.
        proof: what the person was given when they proved who they are; counts without the program's word.
        pledge: of staff, the yearly pledge is signed.
        training: of staff, training is in date.
        grant: of staff, a grant for this work is in force.
    """

    role: Role
    name: Pseudonym | None = None
    level: Level = Level.NONE
    proof: Token | None = None
    pledge: bool = False
    training: bool = False
    grant: bool = False

    def __repr__(self) -> str:
        return f"<By {self.role} {self.name or ''}>"

    def __rich_repr__(self) -> list[tuple[str, str]]:
        return [("", repr(self))]


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


class SendCode(Message, frozen=True, forbid_unknown_fields=True, kw_only=True, tag="code"):
    """Mail a person a code that proves who they are; the answer has the challenge that it answers."""


class Prove(Message, frozen=True, forbid_unknown_fields=True, kw_only=True, tag="prove"):
    """A person says back the code they were mailed; the answer has their proof.

    Attributes:
        challenge: as it was answered when the code was sent.
        code: what they typed.
    """

    challenge: Identifier
    code: Code

    def __repr__(self) -> str:
        return f"<Prove of {self.subject}>"

    def __rich_repr__(self) -> list[tuple[str, str]]:
        return [("", repr(self))]


Batched = Collect | Use | View | Consent | Event | Request
"""What may be asked together; ``ask`` says which one it is."""
Asking = Batched | SendCode | Prove
"""Every message."""
KINDS = (Collect, Use, View, Consent, Event, Request, SendCode, Prove)
LARGEST_BATCH = 500
Batch = Annotated[list[Batched], msgspec.Meta(min_length=1, max_length=LARGEST_BATCH)]
