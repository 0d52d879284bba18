"""Permits: what a browser may keep and a website may collect through it, decided by the policy as any collection is.

A browser is somebody of whom nothing is known but what they chose about cookies, and whether their browser refuses by
itself. Answers are kept, for there are few of them; no store is asked. What is *not* here: headers, and pages.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Final

import msgspec

from wordkept.decision import decide
from wordkept.policy.declared import Cookie
from wordkept.policy.model import Edition, Policy
from wordkept.record import Actor, Facts, History, Request
from wordkept.terms import Act, Effect, Role
from wordkept.web.cookies.choice import Answers

_KEPT: Final = 1024


class Permits(msgspec.Struct, frozen=True, kw_only=True):
    """What is permitted to one browser on one day.

    Attributes:
        names: cookies that it may keep, as browsers call them.
        pairs: purposes and items that may be collected through it, for analyses and for the log.
        tools: declared tools that may stand in its pages.
        asks: it may be asked to choose: something is left to choice, and was not chosen yet.
    """

    names: frozenset[str] = frozenset()
    pairs: frozenset[tuple[str, str]] = frozenset()
    tools: frozenset[str] = frozenset()
    asks: bool = False

    def may(self, purpose: str, item: str) -> bool:
        """Whether an item may be collected for a purpose; for what no cookie or tool serves it may not."""
        return (purpose, item) in self.pairs


def called(cookie: Cookie) -> str:
    """How browsers call a cookie."""
    return cookie.called or cookie.name


def remembering(edition: Edition) -> Cookie | None:
    """The cookie that remembers the choice, none if the policy declares none; then nothing is left to choice."""
    return next((one for one in edition.cookies.values() if one.choice), None)


def served(edition: Edition) -> tuple[str, ...]:
    """The purposes of cookies and tools, in the order of their declaration."""
    named = {name for one in edition.cookies.values() for name in one.purposes}
    named |= {name for one in edition.tools.values() for name in one.purposes}
    return tuple(name for name in edition.purposes if name in named)


def optional(edition: Edition) -> tuple[str, ...]:
    """Those of them that are left to choice."""
    return tuple(name for name in served(edition) if edition.purposes[name].consent)


class Site:
    """What a policy permits to browsers; threads share it."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self._known = lru_cache(_KEPT)(self._decided)

    def permits(self, answers: Answers | None, day: date, *, signal: bool, blocks: bool = False) -> Permits:
        """What is permitted to a browser; ``blocks``: it is set to keep no cookie."""
        edition = self.policy.on(day)
        if edition is None:
            return Permits()
        asked = optional(edition)
        shown = {one.effective for one in self.policy.until(day)}
        known = answers if answers and answers.shown in shown and remembering(edition) else None
        said = tuple((name, known.by[name]) for name in asked if name in known.by) if known else ()
        by = Actor(Role.SYSTEM, name="website", signal=signal, blocks=blocks)
        return self._known(day, known.shown if known else edition.effective, said, by)

    def _decided(self, day: date, shown: date, said: tuple[tuple[str, bool], ...], by: Actor) -> Permits:
        edition = self.policy.on(day)
        if edition is None:
            return Permits()
        history = Answers(shown, dict(said)).history(day)
        pairs = frozenset(
            (purpose, item)
            for purpose in served(edition)
            for item in edition.purposes[purpose].items
            if self._may(by, edition, day, history, purpose, item)
        )
        names = frozenset(
            called(cookie)
            for cookie in edition.cookies.values()
            for purpose in cookie.purposes
            if cookie.item and self._may(by, edition, day, history, purpose, cookie.item, cookie.name)
        )
        tools = frozenset(
            name
            for name, tool in edition.tools.items()
            if all((purpose, item) in pairs for purpose in tool.purposes for item in tool.items)
        )
        collected = {purpose for purpose, _ in pairs}
        refused = {name for name, yes in said if not yes}
        open_still = [name for name in optional(edition) if name not in refused | collected]
        asks = bool(open_still and remembering(edition) and not by.signal)
        return Permits(names=names, pairs=pairs, tools=tools, asks=asks)

    def _may(
        self,
        by: Actor,
        edition: Edition,
        day: date,
        history: History,
        purpose: str,
        item: str,
        cookie: str | None = None,
    ) -> bool:
        method = next((one.name for one in edition.methods.values() if one.arises), None)
        ask = Request(act=Act.COLLECT, items=(item,), by=by, on=day, purpose=purpose, method=method, cookie=cookie)
        return decide(self.policy, ask, Facts(history=history, records={})).effect is Effect.ALLOW
