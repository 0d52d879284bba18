"""Events: everything that happens to a person, appended and never changed.

An event is known by its person and its number; its kind is one that the policy declares (``service.subscribed``) or
one of the five that the gate writes itself. Facts are a pure fold over events (``history``). What is *not* here:
values of personal data, and how events are stored.
"""

from __future__ import annotations

from datetime import date

import msgspec

from wordkept.terms import Channel

CONSENT = "consent"
"""A choice about a consent: ``to`` names what, ``choice`` how it went, ``edition`` the text that was shown."""


class Shown(msgspec.Struct, frozen=True):
    """What was shown to a person who chose.

    Attributes:
        digest: hex SHA-256 of the exact text.
        language: in which.
        channel: by which way the choice came.
    """

    digest: str
    language: str
    channel: Channel


class Event(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing that happened to one person.

    Attributes:
        number: 1, 2, … per person; what happened in what order, also within a day.
        on: the day, in the policy's time zone.
        kind: ``consent`` or a declared event.
        matter: what it was about (``payment:inv-7``); none is a matter of its own.
        to: of a consent, what it is to.
        choice: of a consent, what was chosen.
        edition: of a consent, the effective day of the edition whose text was shown; none where nobody can show it.
        narrow: of an opened dispute, whether its matter named records when it was opened.
        shown: of a consent, the text under which it was chosen; none where nobody can show it.
        signature: of a consent by somebody known, over all of it (``gate.consenting``); in a story, empty.
    """

    number: int
    on: date
    kind: str
    matter: str | None = None
    to: str | None = None
    choice: str | None = None
    edition: date | None = None
    narrow: bool = False
    shown: Shown | None = None
    signature: bytes | None = None
