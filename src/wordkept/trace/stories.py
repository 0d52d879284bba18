"""Stories: a policy's scenario tests as data, read with positions.

A story is a list of steps with a pinned day each (``docs/stories.md`` has the format). What is *not* here: playing
one (``play``) and what a step does to people (``kernel``, ``stored``).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Final, Literal

import msgspec

from wordkept.policy.declared import Method
from wordkept.policy.editions import NAME as POLICY
from wordkept.record import Ground, Right, Turn
from wordkept.terms import (
    LAST_DAY,
    Act,
    Answer,
    Channel,
    Choice,
    Effect,
    Level,
    MalformedPolicyError,
    OrderKind,
    Role,
    State,
)
from wordkept.written.typed import nearest, typed
from wordkept.written.yaml import Positions, load

NAME: Final = "*.story.yaml"
"""The name of every story."""
_LARGEST = 1024 * 1024


class _Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Every part of a story is closed: an unknown key is an error."""


class Consent(_Part, frozen=True, kw_only=True):
    """A choice about one consent."""

    to: str
    choice: Literal["given", "refused", "withdrawn"]
    channel: Channel = Channel.WEB

    def chosen(self) -> Choice:
        """The choice in the closed vocabulary."""
        return Choice(self.choice)


class Collect(_Part, frozen=True, kw_only=True):
    """A collection of values for one purpose."""

    purpose: str
    items: Mapping[str, str]
    method: str | None = None
    by: Role | None = None
    from_: str | None = msgspec.field(name="from", default=None)
    statute: str | None = None
    cookie: str | None = None

    def asked_by(self, methods: Mapping[str, Method]) -> Role:
        """Who collects: the member, or the system for what arises by itself."""
        method = methods.get(self.method or "")
        return self.by or (Role.SYSTEM if method and method.arises else Role.MEMBER)


class ActStep(_Part, frozen=True, kw_only=True):
    """An act on records; a correction may carry the new values."""

    do: Literal["use", "provide", "entrust", "view", "correct", "freeze", "lift", "destroy"]
    items: Mapping[str, str] | tuple[str, ...]
    by: Role
    purpose: str | None = None
    to: str | None = None
    reason: str | None = None
    legal_request: str | None = None

    def act(self) -> Act:
        """The verb in the closed vocabulary."""
        return Act(self.do)


class AnswerStep(_Part, frozen=True, kw_only=True):
    """What a partner says to every order about the person that it has not settled."""

    by: str
    says: Answer
    law: str | None = None


class RequestStep(_Part, frozen=True, kw_only=True):
    """What a person asks of right, by a channel; or what becomes of what they asked, the last of its kind."""

    kind: Right
    channel: Channel | None = None
    items: tuple[str, ...] = ()
    consents: tuple[str, ...] = ()
    turn: Turn | None = None
    ground: Ground | None = None


class Expect(_Part, frozen=True, kw_only=True):
    """What must be true at the end of a step."""

    effect: Effect | None = None
    because: tuple[str, ...] = ()
    state: Mapping[str, State] = {}
    frozen: tuple[str, ...] | None = None
    final: tuple[str, ...] = ()
    ordered: Mapping[str, Mapping[OrderKind, tuple[str, ...]]] | None = None
    overdue: tuple[str, ...] | None = None
    answer_by: Mapping[Right, date] = {}
    late: tuple[Right, ...] | None = None
    impossible: bool = False


class Staff(_Part, frozen=True, kw_only=True):
    """What has expired of the staff that act in this step, and the processor that employs them, if one does."""

    pledge: Literal["expired", "valid"] = "valid"
    training: Literal["expired", "valid"] = "valid"
    grant: Literal["expired", "valid"] = "valid"
    employer: str | None = None


class Member(_Part, frozen=True, kw_only=True):
    """Whether the member is identified in this step, and how."""

    identified: bool = True
    level: Level = Level.DOCUMENT

    def verified(self) -> Level:
        """The level in the closed vocabulary."""
        return self.level if self.identified else Level.NONE


class Browser(_Part, frozen=True, kw_only=True):
    """Whether the browser refuses by a signal of its own in this step, and whether it is set to keep no cookie."""

    refuses: bool = False
    blocks: bool = False


class Step(_Part, frozen=True, kw_only=True):
    """One day's part of a story, in the order: run, event, consent, collect, act, request, answer, expect."""

    on: date
    who: str | None = None
    matter: str | None = None
    event: str | None = None
    consent: Consent | None = None
    collect: Collect | None = None
    act: ActStep | None = None
    request: RequestStep | None = None
    answer: AnswerStep | None = None
    expect: Expect | None = None
    staff: Staff = Staff()
    member: Member = Member()
    browser: Browser = Browser()


class Amended(_Part, frozen=True, kw_only=True):
    """A later edition: from which day, what it lists for purposes and recipients, how it calls what they are for."""

    on: date
    purposes: Mapping[str, tuple[str, ...]] = {}
    recipients: Mapping[str, tuple[str, ...]] = {}
    titles: Mapping[str, str] = {}


class Story(_Part, frozen=True, kw_only=True):
    """A title, what happens, and the policy, which a story that stands beside one need not name."""

    story: str
    steps: tuple[Step, ...]
    policy: str | None = None
    amended: Amended | None = None

    def expects_final(self) -> bool:
        """Whether it asks anywhere that something is final: then epochs matter."""
        return any(step.expect is not None and step.expect.final for step in self.steps)


class Script(msgspec.Struct, frozen=True):
    """A story with the places of its steps, for errors."""

    file: str
    story: Story
    positions: Positions

    def error(self, message: str, step: int, *path: str | int, hint: str = "") -> MalformedPolicyError:
        """An error at a place in a step."""
        return self.wrong(message, "steps", step, *path, hint=hint)

    def wrong(self, message: str, *path: str | int, hint: str = "") -> MalformedPolicyError:
        """An error at a place in the story."""
        line, column = self.positions.value(*path)
        return MalformedPolicyError(message, file=self.file, line=line, column=column, hint=hint)

    def unknown(self, what: str, name: str, known: object, step: int, *path: str | int) -> MalformedPolicyError:
        """An error about a name that the policy does not declare."""
        names = [str(one) for one in known] if isinstance(known, Mapping | frozenset | set) else []
        return self.error(f"{what} {name!r} is not in the policy", step, *path, hint=nearest(name, names))

    def people(self) -> list[str]:
        """Every person named, first named first; one unnamed person if none is."""
        return list(dict.fromkeys(step.who for step in self.story.steps if step.who)) or ["member"]


def read(file: Path) -> Script:
    """Read one story.

    Raises:
        MalformedPolicyError: not a story; with file, line and column.
    """
    name = str(file)
    with file.open("rb") as stream:
        data = stream.read(_LARGEST + 1)
    if len(data) > _LARGEST:
        raise MalformedPolicyError("a story is at most 1 MiB", file=name, hint="split it")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise MalformedPolicyError("not UTF-8 text", file=name, line=line, column=1) from error
    found, positions = load(text, name)
    story = typed(found, Story, positions, name)
    script = Script(name, story, positions)
    if not story.steps:
        line, column = positions.value("steps")
        hint = "a story needs one step at least"
        raise MalformedPolicyError(
            "a story without steps expects nothing", file=name, line=line, column=column, hint=hint
        )
    if (last := story.steps[-1].on) > LAST_DAY:
        hint = f"{LAST_DAY} is the last day"
        raise script.error(f"{last} is too far ahead", len(story.steps) - 1, "on", hint=hint)
    for at, (before, after) in enumerate(zip(story.steps, story.steps[1:], strict=False)):
        if after.on < before.on:
            raise script.error(f"day {after.on} comes before {before.on}, and days never go back", at + 1, "on")
    return script


def beside(file: Path) -> Path | None:
    """The folder of the policy beside which a story stands, at any depth below an edition's folder."""
    return next((one.parent for one in file.absolute().parents if (one / POLICY).is_file()), None)


def find(paths: list[Path]) -> list[Path]:
    """Every ``*.story.yaml`` at or below some paths, sorted.

    Raises:
        MalformedPolicyError: a path that is not there, or nothing found at all.
    """
    files: list[Path] = []
    for path in paths:
        if not (path.is_dir() or path.is_file()):
            raise MalformedPolicyError("there is no such file or folder", file=str(path))
        files += sorted(path.rglob(NAME)) if path.is_dir() else [path]
    if not files:
        raise MalformedPolicyError("no *.story.yaml below it", file=str(paths[0]) if paths else ".")
    return list(dict.fromkeys(files))
