"""The town: everybody's lives lived through the gate, month by month, and what its stores hold after each run.

People are derived batch by batch and dropped; what stays in memory is a pseudonym of sixteen bytes for each, which
months are busy for whom, and counters. What is *not* here: what happens to whom (``lives``), and printing.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from wordkept.cli.demo.lives import Asks, Deed, Happens, day_of, life, run_of, waves
from wordkept.cli.demo.picture import Count
from wordkept.gate import Asked, Gate, Happening, Outcome
from wordkept.person import agreed
from wordkept.record import Actor, ImpossibleEventError, Record
from wordkept.terms import Act, Effect, Reason, Role, State
from wordkept.texts import shown_on
from wordkept.worker import approval, plan, run

BATCH: Final = 250
"""People whose deeds go through the gate together."""

SECOND: Final = "demo-second-person"
"""Who approves large plans, with a key of their own."""

_PSEUDONYM: Final = 16


class Tally:
    """Where the records are, counted from what the gate answered; ``acts`` counts everything by its name."""

    def __init__(self) -> None:
        self.live = self.separated = self.destroyed = 0
        self.acts: Counter[str] = Counter()

    def answered(self, deed: Asks, outcome: Outcome, *, adds: bool) -> None:
        """One answer of the gate; ``adds`` tells that a collection replaces nothing."""
        decision = outcome.decision
        self.acts[f"{deed.act}.{decision.effect}"] += 1
        if deed.act is Act.DESTROY:
            for part in decision.parts:
                if part.effect is Effect.ALLOW:
                    self._gone(part.record)
                elif part.reason is Reason.HELD and part.record.state is State.LIVE:
                    self.live, self.separated = self.live - 1, self.separated + 1
        elif deed.act is Act.COLLECT and decision.effect is Effect.ALLOW:
            self.live += len(deed.items)
            for record in () if adds else decision.records:
                if record.state is State.LIVE:
                    self._gone(record)

    def ran(self, line: plan.Line) -> None:
        """One line of a plan that was done."""
        if line.store == "live":
            self.live -= 1
        else:
            self.separated -= 1
        if line.deed == "separate":
            self.separated += 1
        else:
            self.destroyed += 1

    def _gone(self, record: Record) -> None:
        self.destroyed += 1
        if record.state is State.LIVE:
            self.live -= 1
        else:
            self.separated -= 1


class Ran(msgspec.Struct, frozen=True):
    """One run: the plan it made and what applying it came to."""

    file: Path
    applied: run.Applied


class Town:
    """All people of one demonstration in one installation.

    Args:
        gate: of the installation.
        seed: everything is drawn from it.
        members: how many people.
        months: how long they live here.
        folder: where plans and the second person's key are kept.
    """

    def __init__(self, gate: Gate, seed: int, members: int, months: int, folder: Path) -> None:
        self.gate, self.seed, self.members, self.months, self.folder = gate, seed, members, months, folder
        self.tally = Tally()
        self.counts: list[Count] = []
        self._zone = ZoneInfo(gate.timezone)
        self._pseudonyms = bytearray()
        self._busy = [array("I") for _ in range(months)]
        self._key = folder / "second-person.key"

    def found(self) -> None:
        """Give everybody a pseudonym, note who is busy when, sign the partners' agreements, make the second key."""
        now = self.at(day_of(0))
        for number in range(self.members):
            self._pseudonyms += bytes.fromhex(self.gate.new_subject(now))
            for month in life(self.seed, number, self.months):
                self._busy[month].append(number)
        edition = self.gate.edition(day_of(0))
        partners = dict.fromkeys((*edition.recipients, *edition.processors))
        self._happen([Happening(None, kind.opens, name) for kind in agreed(edition) for name in partners], now)
        public = approval.new_key(self._key)
        approval.register(self.gate.installation.folder, SECOND, public)

    def subject(self, number: int) -> str:
        """The pseudonym of a person."""
        return self._pseudonyms[number * _PSEUDONYM : (number + 1) * _PSEUDONYM].hex()

    def at(self, day: date, hour: int = 12) -> datetime:
        """A time of a day in the policy's time zone."""
        return datetime.combine(day, time(hour), self._zone)

    def live(self, month: int) -> None:
        """Everything that happens in a month, through the gate."""
        now = self.at(day_of(month))
        busy = self._busy[month]
        for start in range(0, len(busy), BATCH):
            for wave in _by_wave(self.seed, busy[start : start + BATCH], month, self.months):
                self._through(wave, now)

    def sweep(self, month: int) -> Ran:
        """The run of the day after: what is owed is written down, approved where it is much, and done."""
        return self.apply(self.plan(month), month)

    def plan(self, month: int) -> Path:
        """Write down what the run owes."""
        file = self.folder / f"plan-{run_of(month)}.jsonl"
        run.make(self.gate, file, self.at(run_of(month), 0))
        return file

    def approve(self, file: Path) -> approval.Approval:
        """The second person looks at a plan and signs it."""
        digest = plan.check(file, run.plan_key(self.gate)).foot.digest
        return approval.sign(file, digest, SECOND, self._key, self.gate.installation.folder)

    def apply(self, file: Path, month: int, *, above: int = run.APPROVAL_ABOVE) -> Ran:
        """Do what a plan says, approved by the second person if it is large, and count."""
        if plan.check(file, run.plan_key(self.gate)).foot.records > above:
            self.approve(file)
        applied = run.apply(self.gate, file, self.at(run_of(month), 0), above=above)
        for line in plan.lines(file):
            self.tally.ran(line)
        tally = self.tally
        self.counts.append(Count(run_of(month), tally.live, tally.separated, tally.destroyed))
        return Ran(file, applied)

    def _through(self, wave: Sequence[tuple[int, Deed]], now: datetime) -> None:
        happens = [(number, deed) for number, deed in wave if isinstance(deed, Happens)]
        asks = [(number, deed) for number, deed in wave if isinstance(deed, Asks)]
        self._happen([self._happening(number, one, now) for number, one in happens], now)
        asked = [Asked(self.subject(n), one.request(now.date()), one.values) for n, one in asks]
        purposes = self.gate.edition(now.date()).purposes
        for (_, deed), outcome in zip(asks, self.gate.perform_many(asked, now), strict=True):
            adds = deed.purpose is not None and purposes[deed.purpose].adds
            self.tally.answered(deed, outcome, adds=adds)

    def _happening(self, number: int, one: Happens, now: datetime) -> Happening:
        shown = shown_on(self.gate.policy, self.gate.day(now), one.to) if one.to else None
        by = Actor(Role.MEMBER)
        return Happening(self.subject(number), one.kind, one.matter, one.to, one.choice, by=by, shown=shown)

    def _happen(self, happenings: list[Happening], now: datetime) -> None:
        for what, done in zip(happenings, self.gate.happen(happenings, now), strict=True):
            if isinstance(done, ImpossibleEventError):
                raise done
            self.tally.acts[what.kind] += 1


def _by_wave(seed: int, numbers: Sequence[int], month: int, months: int) -> Iterator[list[tuple[int, Deed]]]:
    """The deeds of some people in a month, wave by wave."""
    sorted_: dict[int, list[tuple[int, Deed]]] = {}
    for number in numbers:
        for wave, deed in waves(life(seed, number, months)[month]):
            sorted_.setdefault(wave, []).append((number, deed))
    for wave in sorted(sorted_):
        yield sorted_[wave]
