"""Judged: what of all that was seen the policy does not allow. Pure.

A browser's store of any kind is judged as a cookie: what is kept under a name must be declared under that name, and
permitted by what was chosen. Another host must belong to a declared tool that may be loaded then. What a browser was
asked to keep and did not is judged too: it is what a person who confirms each cookie would be shown. What is *not*
here: deciding (``cookies.permits``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from hashlib import sha256
from typing import Final

import msgspec

from wordkept.policy.model import Edition, Policy
from wordkept.web.cookies.choice import Answers
from wordkept.web.cookies.permits import Permits, Site, called, optional, remembering
from wordkept.web.crawl.seen import Left, Seen, Way

ASKED: Final = "asked"
_RULES: Final = "cookies."


class Wrong(msgspec.Struct, frozen=True, order=True):
    """One thing that a website does and its policy does not allow.

    Attributes:
        way: in which visit.
        what: ``keeps``, ``loads``, ``offers-no-choice`` or ``does-not-answer``.
        name: of what is kept or asked to be, the host, or the path.
        where: where it is kept.
        declared: the policy names it, but does not allow it then.
    """

    way: Way
    what: str
    name: str = ""
    where: str = ""
    declared: bool = False


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What a crawl found.

    Attributes:
        site: scheme and host that were visited.
        on: the day in the policy's time zone.
        edition: hex SHA-256 of the edition in force.
        clauses: the clauses about cookies that were probed.
        browser: which browser saw it.
        seen: every visit.
        wrong: what is not allowed; empty where the site keeps its word.
    """

    site: str
    on: date
    edition: str
    clauses: tuple[str, ...]
    browser: str
    seen: tuple[Seen, ...]
    wrong: tuple[Wrong, ...]

    def written(self) -> bytes:
        """The report as it is kept."""
        return msgspec.json.format(msgspec.json.encode(self), indent=2) + b"\n"

    @property
    def digest(self) -> str:
        """Hex SHA-256 of it as it is kept."""
        return sha256(self.written()).hexdigest()


def report(policy: Policy, edition: Edition, day: date, site: str, browser: str, seen: Iterable[Seen]) -> Report:
    """Judge what was seen of a site under the edition in force on a day."""
    visits = tuple(seen)
    wrong = sorted({one for visit in visits for one in judged(policy, edition, day, visit)})
    return Report(
        site=site, on=day, edition=edition.digest, clauses=probed(edition), browser=browser, seen=visits,
        wrong=tuple(wrong),
    )  # fmt: skip


def probed(edition: Edition) -> tuple[str, ...]:
    """The clauses that a crawl probes: those with a rule about cookies."""
    bindings = [one for clause in edition.clauses.values() for one in clause.bindings]
    return tuple(dict.fromkeys(one.clause for one in bindings if one.rule.name.startswith(_RULES)))


def judged(policy: Policy, edition: Edition, day: date, seen: Seen) -> Iterator[Wrong]:
    """What is wrong with one visit."""
    site, answers = Site(policy), _answers(edition, seen.way)
    permits = site.permits(answers, day, signal=seen.way is Way.SIGNALLED, blocks=seen.way is Way.BLOCKED)
    unset = site.permits(answers, day, signal=seen.way is Way.SIGNALLED)
    names = {called(one) for one in edition.cookies.values()}
    for one in seen.left:
        if one.name not in _may(edition, unset if one.where == ASKED else permits, seen.way):
            yield Wrong(seen.way, "keeps", one.name, one.where, one.name in names)
    hosts = {host for name in permits.tools for host in edition.tools[name].hosts}
    declared = {host for tool in edition.tools.values() for host in tool.hosts}
    yield from (Wrong(seen.way, "loads", host, "", host in declared) for host in seen.hosts if host not in hosts)
    yield from (Wrong(seen.way, "does-not-answer", path) for path in seen.unanswered)
    if not seen.chose and optional(edition):
        yield Wrong(seen.way, "offers-no-choice")


def _answers(edition: Edition, way: Way) -> Answers | None:
    if way not in {Way.REFUSED, Way.ACCEPTED}:
        return None
    return Answers(edition.effective, dict.fromkeys(optional(edition), way is Way.ACCEPTED))


def _may(edition: Edition, permits: Permits, way: Way) -> frozenset[str]:
    """The names that a browser may keep; the choice too, once there is one."""
    choice = remembering(edition)
    remembered = {called(choice)} if choice and way in {Way.REFUSED, Way.ACCEPTED} else set()
    return permits.names | remembered


def shown(left: Left) -> str:
    """Something that was left, in one word."""
    return left.name if left.where == "cookie" else f"{left.name} ({left.where})"
