"""The gate: the only way to personal data.

Facts → decision → act → evidence, in one database transaction of its own; default deny; a refusal is written and
committed before it is raised; a value is handed out only after the commit returned. One gate belongs to one thread.
What is *not* here: how each of these is done (the modules beside this one).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from functools import wraps
from itertools import groupby, islice
from pathlib import Path
from typing import Concatenate, Final, ParamSpec, TypeVar

from wordkept.evidence.log import Sealed
from wordkept.gate import (
    acts,
    admitting,
    doctor,
    happenings,
    importing,
    looking,
    readings,
    reliving,
    settling,
    sweeping,
    telling,
    upkeep,
)
from wordkept.gate.asking import Asked, Happening, Outcome, Refused, Swept
from wordkept.gate.attached import Attached
from wordkept.gate.deciding import CHANGES, new_id
from wordkept.policy.model import Edition
from wordkept.record import Event, History, ImpossibleEventError, Record
from wordkept.terms import Effect, UnavailableError
from wordkept.vault import values
from wordkept.vault.epoch import Turned
from wordkept.vault.hunt import Hunted

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")
BATCH: Final = 500
"""Most requests, or events, of one transaction."""


def _guarded(
    method: Callable[Concatenate[Gate, Parameters], Result],
) -> Callable[Concatenate[Gate, Parameters], Result]:
    """A store that goes away while a method works is an operator's matter, and forgotten before the next act."""

    @wraps(method)
    def guarded(gate: Gate, /, *args: Parameters.args, **more: Parameters.kwargs) -> Result:
        with gate._stores.guarded():  # noqa: SLF001  (its own)
            return method(gate, *args, **more)

    return guarded


class Gate(Attached):
    """The gate of one installation under one policy; a context manager."""

    def close(self) -> None:
        """Close every connection and forget every key."""
        self._stores.close()

    @property
    def timezone(self) -> str:
        """The policy's time zone; all days are in it."""
        return self._zone.key

    def edition(self, day: date) -> Edition:
        """The edition in force.

        Raises:
            UnavailableError: none is, on that day.
        """
        found = self.policy.on(day)
        if found is None:
            raise UnavailableError(f"no edition of the policy is in force on {day}")
        return found

    def new_subject(self, now: datetime) -> str:
        """A fresh pseudonym; the person is there from their first event or record on."""
        return new_id(now)

    def perform(self, asked: Asked, now: datetime) -> Outcome:
        """Do one act.

        Raises:
            Refused: the policy says no; written and committed before.
            ValueRejectedError: a value does not fit its item; nothing was stored.
            UnavailableError: a store is down, or it is unknown whether the act took effect.
        """
        (outcome,) = self.perform_many([asked], now)
        if outcome.decision.effect is Effect.DENY:
            raise Refused(outcome.decision, outcome.receipt)
        return outcome

    @_guarded
    def perform_many(self, asks: Sequence[Asked], now: datetime) -> list[Outcome]:
        """Do many acts, in order; one refusal rolls nothing else back.

        Raises:
            ValueRejectedError: of a form that is none, or a request id of something else; its batch was not done.
            UnavailableError: as ``perform``; batches before were done.
        """
        context, done = self._context(now), list[Outcome]()
        admitted = admitting.asked(self.policy, context.day, asks)
        for changes, run in groupby(admitted, key=lambda one: one.ask.act in CHANGES):
            act = acts.change if changes else readings.read
            while batch := list(islice(run, BATCH)):
                done += act(context, batch)
        return done

    def read_many(self, asks: Sequence[Asked], now: datetime) -> list[Outcome]:
        """Use, view, provide or entrust many in as few transactions; as ``perform_many``."""
        return self.perform_many(asks, now)

    @_guarded
    def happen(self, what: Sequence[Happening], now: datetime) -> list[int | ImpossibleEventError]:
        """Write down events, in order.

        Returns:
            The number of each, or why it cannot have happened (and did not).

        Raises:
            ValueRejectedError: a name is no short plain line, or an identifier none.
            UnavailableError: as ``perform``.
        """
        for one in what:
            admitting.happening(one)
        context, done = self._context(now), list[int | ImpossibleEventError]()
        source = iter(what)
        while batch := list(islice(source, BATCH)):
            done += happenings.happen(context, batch)
        return done

    @_guarded
    def find(self, item: str, value: str, now: datetime, by: str = "") -> list[str]:
        """The people who have a value, by the blind index; equality only. Who (``by``) looked is stated.

        Raises:
            ValueRejectedError: no edition up to now gave the item an index.
        """
        return looking.find(self._context(now), item, value, by)

    @_guarded
    def history(self, subject: str) -> History:
        """What happened to a person, folded. For the operator's own programs: facts, no value, and not stated."""
        admitting.identifier(subject, "subject")
        with self._stores.transaction() as session:
            found = values.standing(session, subject)
        return found.history if found else History()

    @_guarded
    def events(self, subject: str) -> tuple[Event, ...]:
        """What happened to a person, event by event; as ``history``, not stated."""
        admitting.identifier(subject, "subject")
        with self._stores.transaction() as session:
            return values.events(session, subject)

    @_guarded
    def records(self, subject: str) -> tuple[Record, ...]:
        """What is said about a person's records in both stores, without values; as ``history``, not stated."""
        admitting.identifier(subject, "subject")
        with self._stores.transaction() as session:
            found = values.read(session, subject)
        if found is None:
            return ()
        here = {held.record.id: held.record for held in found.held}
        apart = self._stores.known_apart([subject])[subject] if found.away else []
        return (*here.values(), *(one for one in apart if one.id not in here))

    @_guarded
    def counts(self) -> dict[str, int]:
        """How many records stand in which state, over both stores; as ``history``, not stated."""
        with self._stores.transaction() as session:
            live = values.counts(session)
        apart = self._stores.count_apart()
        return {"live": live.get("live", 0), "leaving": live.get("leaving", 0), "separated": apart}

    def due(self, now: datetime) -> Iterator[sweeping.Owed]:
        """Everything that the run of ``now``'s day owes, as a stream."""
        with self._stores.guarded():
            yield from sweeping.due(self._context(now))

    @_guarded
    def sweep(self, lines: Iterable[sweeping.Owed], now: datetime) -> Swept:
        """Do exactly these deeds; each is checked again in the statement that does it."""
        return sweeping.sweep(self._context(now), lines)

    @_guarded
    def settle(self, now: datetime) -> int:
        """Finish what a crash left undone between the stores, or a new edition; returns of how many people it told."""
        return settling.settle(self._context(now))

    @_guarded
    def turn_epoch(self, now: datetime) -> dict[str, Turned]:
        """Replace the roots of both stores; what was destroyed before is final afterwards."""
        return upkeep.turn_epoch(self._stores, now)

    def seal(self, now: datetime) -> dict[str, Sealed]:
        """Seal and sign what evidence is pending in both stores."""
        return upkeep.seal_all(self.installation, now)

    def verify(self, since: bytes | None = None, *, count: bool = True) -> dict[str, upkeep.Checked]:
        """Check all evidence, and records against it."""
        return upkeep.verify_all(self.installation, since, count=count)

    @_guarded
    def explain(self, subject: str, now: datetime, by: str = "") -> looking.Explanation:
        """Why each record of a person is held, until when, and what happened to it. Who (``by``) looked is stated."""
        admitting.identifier(subject, "subject")
        return looking.explain(self._context(now), subject, by)

    @_guarded
    def hunt(
        self,
        value: str,
        subject: str | None = None,
        records: Sequence[Record] = (),
        *,
        extra: Sequence[Path] = (),
        now: datetime,
        by: str = "",
    ) -> Hunted:
        """Look for a value on the disks, in plain and as the sealed value of a person's records; stated before.

        Raises:
            ValueRejectedError: the value is too short to tell anything.
        """
        admitting.identifier(subject, "subject")
        said = telling.probed(now, "hunt", by, subject=subject)
        return looking.hunted(self._stores, value, subject, records, extra, said)

    @_guarded
    def hunted_records(self, subject: str, item: str) -> tuple[Record, ...]:
        """Records of an item that a person has or had, as far as evidence names them; to be hunted for."""
        admitting.identifier(subject, "subject")
        return looking.hunted_records(self._stores, subject, item)

    @_guarded
    def examine(self, now: datetime) -> list[doctor.Check]:
        """Whether this installation can keep its word as it stands."""
        return doctor.examine(self._stores, self.policy, self.day(now))

    @_guarded
    def bring(self, people: Sequence[tuple[str, Sequence[reliving.Past]]], now: datetime) -> list[reliving.Relived]:
        """Write down what people who are new here lived through before, on its true days; at most ``BATCH`` of them.

        Returns:
            What became of each part of it, in order; of people who are not new, nothing.

        Raises:
            ValueRejectedError, UnavailableError: as ``perform``.
        """
        return importing.bring(self._context(now), people)

    @_guarded
    def planned(self, digest: str, records: int, now: datetime) -> None:
        """State that a plan was made."""
        upkeep.planned(self._stores, digest, records, now)

    @_guarded
    def applied(self, digest: str, swept: Swept, by: str | None, now: datetime) -> None:
        """State that a plan was applied, and who approved it."""
        upkeep.applied(self._stores, digest, swept, by, now)

    @_guarded
    def turned_away(self, why: str, now: datetime, by: str = "", subject: str | None = None, requests: int = 1) -> None:
        """State that a door turned requests away before anything was asked here: whose, if known, and of whom."""
        upkeep.turned_away(self._stores, why, now, by, subject, requests)
