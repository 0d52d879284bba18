"""The remains: what is left of one value on the disks after each step, and of one byte that somebody changed.

What is *not* here: the way there (``tour``), and the other members (``town``).
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from wordkept.cli.asking import ASKER
from wordkept.cli.demo.forger import flipped
from wordkept.cli.demo.ground import STORE, near
from wordkept.cli.demo.lives import GOODBYE, HEROINE, day_of, run_of
from wordkept.cli.demo.people import person
from wordkept.cli.demo.stage import Stage
from wordkept.cli.demo.steps import masked
from wordkept.cli.demo.town import Town
from wordkept.gate import Hunted
from wordkept.record import Record

ITEM: Final = "email"
"""What is hunted: an item that no tax law keeps, so that six months after her leaving nothing holds it."""

NOTE: Final = "note.txt"
"""Name of the file, in the demonstration's folder and closed to others, in which the hunted value is left."""


class Remains:
    """The steps about what remains, in one town and on one stage."""

    def __init__(self, town: Town, stage: Stage) -> None:
        self.gate, self.town, self.steps, self.folder = town.gate, town, stage.steps, stage.folder
        self.value = person(town.seed, HEROINE).email
        self.records: tuple[Record, ...] = ()

    def alive(self) -> None:
        """While she is a member."""
        self.records = self._hers()
        found = self._hunt(self.town.months - GOODBYE - 1)
        self._take(f"a hunt for {masked(self.value)} on the disk", "12.T1.b", found)

    def destroyed(self) -> None:
        """After the last run destroyed it, before the epoch is over."""
        left = day_of(self.town.months - GOODBYE)
        found = self._hunt(self.town.months - 1)
        title = f"it was destroyed six months after {left}; the same hunt, before its epoch ends"
        self._take(title, "5.1.B", found, here=len(self._hers()))

    def dead(self) -> None:
        """After the epoch."""
        turned = self.gate.turn_epoch(self.town.at(run_of(self.town.months - 1), 1))
        moved = {name: one.epoch for name, one in turned.items()}
        found = self._hunt(self.town.months - 1)
        self._take("the epoch ends, its root is destroyed; the same hunt", "6.2.B", found, epochs=moved)

    def planted(self) -> None:
        """Somebody wrote the value down where it does not belong. The note stays: every hunt is repeated with it."""
        handle = os.open(self._note, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as note:
            note.write(f"{self.value}\n")
        found = self._hunt(self.town.months - 1)
        places = [f"{near(Path(one.file))}, byte {one.offset}" for one in found.spots if one.verdict == "plain"]
        title = "somebody noted it in a text file; the same hunt"
        self._take(title, "6.2.B", found, also=f" --also {near(self._note)}", places=places)

    def verified(self) -> None:
        """All evidence, from the bytes up."""
        self.gate.seal(self.town.at(run_of(self.town.months - 1), 2))
        checked = self.gate.verify()
        holds = all(one.holds for one in checked.values())
        entries = sum(one.report.entries for one in checked.values())
        counted = sum(one.census.records for one in checked.values() if one.census)
        self.steps.take(
            "the evidence is verified",
            "1.0.c",
            f"{'it holds' if holds else 'IT DOES NOT HOLD'}: {entries:,} entries; {counted:,} records, "
            "each with exactly one open statement",
            f"wordkept verify --folder {near(self.folder / STORE)}",
            holds=holds,
            entries=entries,
            records=counted,
        )

    def flipped(self) -> None:
        """The same evidence while one byte of it is another one; it is put back afterwards."""
        with flipped(self.gate) as position:
            report = self.gate.verify(count=False)["live"].report
        found = report.findings[0] if report.findings else None
        said = str(found) if found else "nothing was found"
        self.steps.take(
            f"one byte of entry {position:,} is flipped",
            "1.0.c",
            f"the verification {'holds' if report.holds else 'FAILS'}: {said}; the byte was put back",
            f"wordkept verify --folder {near(self.folder / STORE)}",
            position=position,
            holds=report.holds,
            finding=said,
            restored=self.gate.verify(count=False)["live"].report.holds,
        )

    @property
    def _note(self) -> Path:
        """Beside the installation, so that a hunt through it meets the note only when told to."""
        return self.folder / NOTE

    def _take(self, title: str, clause: str, found: Hunted, also: str = "", **figures: object) -> None:
        counts = ", ".join(f"{number} {name}" for name, number in found.counts.items()) or "nothing"
        self.steps.take(
            title,
            clause,
            f"{found.verdict} ({counts}; {found.files} files, {found.bytes / 1e6:,.0f} MB)",
            f"wordkept hunt --folder {near(self.folder / STORE)} --item {ITEM} {self.town.subject(HEROINE)}{also}"
            f" < {near(self._note)}",
            verdict=found.verdict,
            counts=found.counts,
            files=found.files,
            bytes=found.bytes,
            **figures,
        )

    def _hers(self) -> tuple[Record, ...]:
        every = self.gate.records(self.town.subject(HEROINE))
        return tuple(one for one in every if one.item == ITEM)

    def _hunt(self, month: int) -> Hunted:
        now = self.town.at(run_of(month), 1)
        who = self.town.subject(HEROINE)
        return self.gate.hunt(self.value, who, self.records, extra=[self.folder], now=now, by=ASKER)
