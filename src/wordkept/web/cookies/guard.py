"""Guard: what a request says, which of its cookies go in and out, and the answers of the website's own two places.

Both middlewares ask it; it knows neither gateway interface. A cookie passes, in either direction, where the policy and
the person permit it; one that they no longer permit is taken back. What is *not* here: deciding (``permits``).
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from threading import Lock
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from wordkept.policy.model import Edition, Policy
from wordkept.record import plus
from wordkept.web.cookies import banner, choice, headers
from wordkept.web.cookies.choice import Answers
from wordkept.web.cookies.permits import Permits, Site, called, remembering

UNDECLARED: Final = "undeclared"
"""Under this, cookies that the policy does not name, or whose header is none, are counted."""
_LOG: Final = logging.getLogger("wordkept")


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What the guard reads of a request; text is Latin-1, as gateways have it.

    Attributes:
        cookies: the ``Cookie`` headers.
        signals: the ``Sec-GPC`` headers.
        languages: the ``Accept-Language`` header.
        path: the path and query, to come back to.
        secure: it came over TLS.
    """

    cookies: Sequence[str] = ()
    signals: Sequence[str] = ()
    languages: str = ""
    path: str = "/"
    secure: bool = False


class Visit(msgspec.Struct, frozen=True, kw_only=True):
    """One request, as its program may know it.

    Attributes:
        asked: what the guard read.
        sent: the cookies that came.
        day: in the policy's time zone.
        answers: what was chosen.
        signal: the browser refuses by itself.
        permits: what follows.
        edition: in force, none before the first.
        place: the path of the page of choices.
    """

    asked: Asked
    sent: Sequence[headers.Pair]
    day: date
    answers: Answers | None
    signal: bool
    permits: Permits
    edition: Edition | None
    place: str

    def may(self, purpose: str, item: str) -> bool:
        """Whether an item may be collected for a purpose through this browser: written to a log, counted, analysed."""
        return self.permits.may(purpose, item)

    def may_load(self, tool: str) -> bool:
        """Whether a declared tool may stand in this page; one that the policy does not name may not."""
        return tool in self.permits.tools

    @property
    def banner(self) -> str:
        """What asks, as HTML to stand in the page; empty where there is nothing to ask."""
        if self.edition is None or not self.permits.asks:
            return ""
        return banner.banner(self.edition, self.asked.languages, self.place, self.asked.path)

    @property
    def cookie(self) -> str:
        """The ``Cookie`` header that the program gets to see."""
        return headers.joined(pair for pair in self.sent if pair[0] in self.permits.names)


_ANSWERING: Final[ContextVar[Visit | None]] = ContextVar("wordkept.cookies", default=None)


def answering() -> Visit | None:
    """The request that is answered in this task."""
    return _ANSWERING.get()


@contextmanager
def answered(visit: Visit) -> Iterator[None]:
    """This request is answered from here to the end."""
    before = _ANSWERING.set(visit)
    try:
        yield
    finally:
        _ANSWERING.reset(before)


def _now() -> datetime:
    return datetime.now(UTC)


class Guard:
    """The guard of one website; threads share it.

    Args:
        policy: all editions.
        place: the path of the page of choices.
        clock: says what time it is.
    """

    def __init__(self, policy: Policy, place: str = "/cookies", clock: Callable[[], datetime] = _now) -> None:
        self.policy, self.place = policy, place
        self._site, self._clock = Site(policy), clock
        self._zone = ZoneInfo(policy.editions[-1].timezone)
        self._lock, self._dropped, self._cut = Lock(), Counter[str](), Counter[str]()

    @property
    def dropped(self) -> Mapping[str, int]:
        """How many cookies were not let through to browsers, by declared name or as ``undeclared``."""
        with self._lock:
            return dict(self._dropped)

    @property
    def shortened(self) -> Mapping[str, int]:
        """How many cookies would have been kept longer than declared and were not, by declared name."""
        with self._lock:
            return dict(self._cut)

    def visit(self, asked: Asked) -> Visit:
        """Read a request."""
        day, sent = self._clock().astimezone(self._zone).date(), headers.pairs(asked.cookies)
        edition = self.policy.on(day)
        remembers = remembering(edition) if edition else None
        answers = choice.read([value for name, value in sent if remembers and name == called(remembers)])
        return self.chosen(asked, sent, day, answers)

    def chosen(self, asked: Asked, sent: Sequence[headers.Pair], day: date, answers: Answers | None) -> Visit:
        """A request as it would be with some answers."""
        signal = any(one.strip() == "1" for one in asked.signals)
        return Visit(
            asked=asked,
            sent=sent,
            day=day,
            answers=answers,
            signal=signal,
            permits=self._site.permits(answers, day, signal=signal),
            edition=self.policy.on(day),
            place=self.place,
        )

    def set_cookies(self, visit: Visit, wanted: Iterable[str]) -> list[str]:
        """The ``Set-Cookie`` headers that may go out of those that the program wants, and those that take back."""
        kept = []
        for header in wanted:
            name = headers.name_of(header)
            if name is not None and (name in visit.permits.names or headers.takes_back(header)):
                kept.append(self._shortened(visit, name, header))
            else:
                self._drop(visit, name)
        return [*kept, *self._taken_back(visit)]

    def _shortened(self, visit: Visit, name: str | None, header: str) -> str:
        """A header that has the browser keep the cookie no longer than the policy says, if it says so."""
        declared = visit.edition.cookies.values() if visit.edition else ()
        cookie = next((one for one in declared if called(one) == name and one.lasts), None)
        if cookie is None or cookie.lasts is None:
            return header
        most = (plus(visit.day, cookie.lasts) - visit.day).days * 86400
        sent = headers.shortened(header, most, self._clock())
        if sent != header:
            self._count(self._cut, cookie.name, "a cookie would have been kept too long in browsers, and was shortened")
        return sent

    def _taken_back(self, visit: Visit) -> Iterator[str]:
        """What the browser still keeps and may not any more, as far as it stands at the root of the site."""
        declared = visit.edition.cookies.values() if visit.edition else ()
        sent = {name for name, _ in visit.sent}
        for name in (called(one) for one in declared if not one.choice):
            if name in sent and name not in visit.permits.names:
                yield f"{name}=; Path=/; Max-Age=0{'; Secure' if visit.asked.secure else ''}"

    def _drop(self, visit: Visit, name: str | None) -> None:
        declared = visit.edition.cookies.values() if visit.edition else ()
        known = next((one.name for one in declared if called(one) == name), UNDECLARED)
        self._count(self._dropped, known, "a cookie was not let through to a browser")

    def _count(self, counts: Counter[str], name: str, said: str) -> None:
        with self._lock:
            counts[name] += 1
            first = counts[name] == 1
        if first:
            _LOG.warning("%s: %s (told once; see Guard.dropped and Guard.shortened)", said, name)
