"""Kept: the gate for a program with many threads, in which who acts and what for is said once.

``with kept.acting(actor, purpose=…)`` says it for all that is called inside, in this thread or task alone. Where nobody
acts, nothing is done. A thread that is started inside inherits nobody; a task of asyncio goes on as who started it.
What is *not* here: how a web framework says it (``asgi``, ``flask``, ``django``), and several people in one transaction
(``gate``).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Self

import msgspec

from wordkept.acting.gates import Gates
from wordkept.acting.sealing import sealing
from wordkept.evidence.log import Sealed
from wordkept.gate import Asked, Happening, Outcome, opened
from wordkept.gate.deciding import new_id
from wordkept.policy.model import Policy
from wordkept.record import CONSENT, Actor, ImpossibleEventError, Request, Shown
from wordkept.terms import Act, Choice, ValueRejectedError, WordkeptError
from wordkept.texts import Text, text_of

_LOG: Final = logging.getLogger("wordkept")


class Acting(msgspec.Struct, frozen=True):
    """Who acts, what for, and why where that must be said.

    Attributes:
        by: as the program established it.
        purpose: one that the policy declares.
        reason: ``settlement``, ``dispute``, or why staff lift a freeze.
    """

    by: Actor
    purpose: str | None = None
    reason: str | None = None


_ACTING: Final[ContextVar[Acting | None]] = ContextVar("wordkept.acting", default=None)


@contextmanager
def carried(acting: Acting | None) -> Iterator[None]:
    """Who acts in this thread or task from here to the end; none is nobody, whoever acted outside."""
    before = _ACTING.set(acting)
    try:
        yield
    finally:
        _ACTING.reset(before)


def _now() -> datetime:
    return datetime.now(UTC)


class Kept:
    """An installation in a program; threads share it. A context manager.

    Args:
        gates: to the installation.
        clock: says what time it is.
    """

    def __init__(self, gates: Gates, clock: Callable[[], datetime] = _now) -> None:
        self._gates, self._clock, self._held = gates, clock, ExitStack()

    @classmethod
    def open(
        cls,
        folder: Path,
        policy: Policy,
        *,
        dsn_live: str | None = None,
        dsn_separate: str | None = None,
        gates: int = 8,
        clock: Callable[[], datetime] = _now,
    ) -> Self:
        """Open an installation, made if it is not there, and seal its evidence every two seconds.

        Args:
            folder: the installation's.
            policy: all editions.
            dsn_live: a PostgreSQL for the live store instead of the embedded server.
            dsn_separate: one for the separate store.
            gates: how many threads are at the gate at once, each with connections of its own.
            clock: says what time it is.

        Raises:
            UnavailableError: something of it cannot be had.
        """
        with ExitStack() as stack:
            gate = stack.enter_context(opened(folder, policy, dsn_live=dsn_live, dsn_separate=dsn_separate))
            stack.enter_context(sealing(gate, clock, _heard, _failed))
            made = cls(stack.enter_context(Gates(gate, gates)), clock)
            made._held = stack.pop_all()
        return made

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close every gate, seal what is left, let go of the installation."""
        self._held.close()

    @contextmanager
    def acting(self, by: Actor, *, purpose: str | None = None, reason: str | None = None) -> Iterator[None]:
        """Who acts from here to the end of the block, what for and why; what was said outside does not count inside."""
        with carried(Acting(by, purpose, reason)):
            yield

    def new_subject(self) -> str:
        """A fresh pseudonym; keep it where the program keeps its own people."""
        return new_id(self._clock())

    def collect(
        self,
        subject: str,
        values: Mapping[str, str | bytes],
        *,
        method: str,
        matter: str | None = None,
        source: str | None = None,
        statute: str | None = None,
        request_id: str | None = None,
    ) -> Outcome:
        """Collect values for the purpose of whoever acts.

        Args:
            subject: pseudonym.
            values: by item.
            method: how they came in.
            matter: what they belong to.
            source: of a collection by affiliate, which.
            statute: the law cited.
            request_id: 32 hex digits; asked again under the same id, it is done once.

        Raises:
            Refused: the policy says no.
            ValueRejectedError: a value does not fit its item, or nobody acts.
            UnavailableError: a store is down, or it is unknown whether it took effect.
        """
        ask = self._request(Act.COLLECT, tuple(values), method=method, matter=matter, source=source, statute=statute)
        return self._perform(Asked(subject, ask, values, request_id))

    def use(self, subject: str, *items: str, matter: str | None = None) -> Outcome:
        """Use items for the purpose of whoever acts; errors as ``collect``."""
        return self.ask(Act.USE, subject, *items, matter=matter)

    def view(self, subject: str, *items: str, matter: str | None = None) -> Outcome:
        """Show a person, who acts, their own data; errors as ``collect``."""
        return self.ask(Act.VIEW, subject, *items, matter=matter)

    def ask(
        self,
        act: Act,
        subject: str,
        *items: str,
        values: Mapping[str, str | bytes] | None = None,
        to: str | None = None,
        matter: str | None = None,
        request_id: str | None = None,
    ) -> Outcome:
        """Do an act: correct (with new values), freeze, lift, destroy, provide or entrust (``to`` whom).

        Errors as ``collect``.
        """
        ask = self._request(act, items, to=to, matter=matter)
        return self._perform(Asked(subject, ask, values or {}, request_id))

    def text(self, to: str, language: str) -> Text:
        """The text to show for a choice today, word for word.

        Raises:
            ValueRejectedError: the policy asks for no such consent, or not in that language.
            UnavailableError: no edition is in force.
        """
        with self._gates.lent() as gate:
            return text_of(gate.edition(gate.day(self._clock())), to, language)

    def consent(
        self, subject: str, to: str, choice: Choice, shown: Shown | None = None, *, request_id: str | None = None
    ) -> int:
        """Write down a person's choice; returns the event's number.

        Args:
            subject: pseudonym.
            to: what it is to.
            choice: given, refused or withdrawn.
            shown: the text that was shown, ``text(…).shown(channel)``; to withdraw needs none.
            request_id: as of ``collect``.

        Raises:
            ImpossibleEventError: the policy asks for no such consent.
            ValueRejectedError: a name is none, nobody acts, or what was shown is not today's text.
            UnavailableError: as ``collect``.
        """
        by = _who().by
        return self._happen(Happening(subject, CONSENT, None, to, choice, request_id, by, shown))

    def happened(self, subject: str, kind: str, matter: str | None = None, *, request_id: str | None = None) -> int:
        """Write down what happened to a person; returns the event's number. Errors as ``consent``."""
        by = _who().by
        return self._happen(Happening(subject, kind, matter, request_id=request_id, by=by))

    def _request(self, act: Act, items: tuple[str, ...], **more: str | None) -> Request:
        who = _who()
        on = self._clock().date()  # replaced by the gate, in the policy's time zone
        return Request(act=act, items=items, by=who.by, on=on, purpose=who.purpose, reason=who.reason, **more)

    def _perform(self, asked: Asked) -> Outcome:
        with self._gates.lent() as gate:
            return gate.perform(asked, self._clock())

    def _happen(self, what: Happening) -> int:
        with self._gates.lent() as gate:
            (done,) = gate.happen([what], self._clock())
        if isinstance(done, ImpossibleEventError):
            raise done
        return done


def _who() -> Acting:
    acting = _ACTING.get()
    if acting is None:
        raise ValueRejectedError("nobody acts here", hint="with kept.acting(actor, purpose=…): say who, and what for")
    return acting


def _heard(sealed: Mapping[str, Sealed]) -> None:
    for store, one in sealed.items():
        if one.opened:
            _LOG.warning("%s: the database does not continue what was signed last: log %s was opened", store, one.log)


def _failed(error: WordkeptError) -> None:
    _LOG.warning("not sealed: %s", error)
