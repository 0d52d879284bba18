"""The tour: one member's way through the policy, from sign-up to the day nobody can bring her data back.

Every line comes from what the gate answered in this run. What is *not* here: what remains of a value on the disks and
in the evidence (``remains``), the other members (``town``), and printing (``steps``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Final

import msgspec

from wordkept.cli.demo.amendment import CLAUSE, amend
from wordkept.cli.demo.ground import STORE, near
from wordkept.cli.demo.lives import BY, GOODBYE, HEROINE, day_of, run_of
from wordkept.cli.demo.people import Person, person
from wordkept.cli.demo.stage import Stage
from wordkept.cli.demo.steps import masked
from wordkept.cli.demo.town import Town
from wordkept.gate import Asked, Gate, Outcome, Refused
from wordkept.policy import findings
from wordkept.record import Request
from wordkept.terms import Act, Role
from wordkept.worker import plan, run

ABOVE: Final = 50
"""Records of a plan above which the demonstration wants a second person; far below the real limit."""

Facts = Mapping[str, object]


class Tour:
    """The steps, in order, in one town and on one stage."""

    def __init__(self, town: Town, stage: Stage) -> None:
        self.gate, self.town, self.steps, self.folder = town.gate, town, stage.steps, stage.folder
        self.read, self.progress = stage.read, stage.progress
        self.goodbye = town.months - GOODBYE

    @property
    def her(self) -> Person:
        """The member whom the tour follows."""
        return person(self.town.seed, HEROINE)

    def compiled(self) -> None:
        """The policy, as its compiler sees it."""
        edition = self.steps.edition
        kinds = Counter(str(one.kind) for one in edition.clauses.values())
        found = Counter(one.severity for one in findings(edition) if not one.accepted)
        self.steps.take(
            "the policy is compiled",
            "1.0.c",
            f"{len(edition.clauses)} clauses, {kinds['promise']} of them promises; {found['error']} errors, "
            f"{sum(found.values()) - found['error']} findings ({found['high']} high)",
            f"wordkept check {near(Path(edition.file).parent.parent)}",
            clauses=len(edition.clauses),
            kinds=kinds,
            findings=found,
        )

    def lived(self) -> None:
        """The years until the month in which she leaves."""
        self.town.found()
        self._months(0, self.goodbye)
        tally, acts = self.town.tally, self.town.tally.acts
        self.steps.take(
            "lives are lived",
            "5.1.A",
            f"{sum(acts.values()):,} acts and events up to {day_of(self.goodbye)}; "
            f"{tally.live:,} records live, {tally.separated:,} separated, {tally.destroyed:,} destroyed",
            f"wordkept explain {self.town.subject(HEROINE)}{self._at}",
            live=tally.live,
            separated=tally.separated,
            destroyed=tally.destroyed,
            acts=dict(sorted(acts.items())),
        )

    def asked(self) -> None:
        """One reading that is allowed, and three acts that are not."""
        now = self._now(day_of(self.goodbye), 9)
        bill = Request(act=Act.USE, items=("email",), by=BY[Role.STAFF], on=now.date(), purpose="bill-sending")
        self._allowed("staff read her e-mail address to send the bill", bill, now)
        marketing = msgspec.structs.replace(bill, purpose="marketing")
        refused = {"consents": {"marketing": "refused"}}
        self._refused("for marketing, which she refused", "2.3.B.12", marketing, now, facts=refused)
        pair = msgspec.structs.replace(bill, items=("birthdate",))
        self._refused("her date of birth, to send the bill", "2.3.0", pair, now)
        creed = Request(
            act=Act.COLLECT, items=("creed",), by=BY[Role.STAFF], on=now.date(), purpose="inquiry", method="phone"
        )
        none = {"consents": {"category:creed": "none"}}
        self._refused("to write down what she believes", "2.2.2", creed, now, values={"creed": "—"}, facts=none)

    def left(self) -> None:
        """She leaves, with others; the next day's plan is made, approved and done."""
        self.town.live(self.goodbye)
        file = self.town.plan(self.goodbye)
        summary = plan.check(file, run.plan_key(self.gate))
        self.steps.take(
            f"she leaves on {day_of(self.goodbye)}; the plan of the next day",
            "6.1.A.1",
            _planned(summary.foot.counts),
            f"wordkept plan {near(self.folder / 'next.jsonl')}{self._at}",
            records=summary.foot.records,
            counts=summary.foot.counts,
        )
        ran = self.town.apply(file, self.goodbye, above=ABOVE)
        swept, by = ran.applied.swept, ran.applied.approved_by
        self.steps.take(
            "the plan is done" + (f", approved by {by}" if by else ""),
            "6.0",
            f"{swept.separated:,} separated, {swept.destroyed:,} destroyed, {swept.gone} gone before, "
            f"{swept.not_due} not due",
            f"wordkept apply{self._at}",
            approved_by=by,
            **msgspec.structs.asdict(swept),
        )

    def apart(self) -> None:
        """What is kept apart is used by nobody, and shown to her."""
        now = self._now(run_of(self.goodbye), 9)
        use = Request(act=Act.USE, items=("email",), by=BY[Role.STAFF], on=now.date(), purpose="bill-sending")
        left = {"member": "left", "left_on": day_of(self.goodbye)}
        self._refused("the separated address, to send a bill", "6.1.B", use, now, facts=left)
        view = Request(act=Act.VIEW, items=("email", "mobile_phone"), by=BY[Role.MEMBER], on=now.date())
        self._allowed("she looks at what is still kept", view, now, clause="10.5.a", facts=left)

    def forgotten(self) -> None:
        """Six more months."""
        self._months(self.goodbye + 1, self.town.months)

    def amended(self) -> None:
        """Five years become four in a copy of the policy; what would the plan say now?"""
        last = self.town.months - 1
        now = self._now(run_of(last), 1)
        amended = amend(self.steps.edition, self.folder / "four-years", self.read, now.date())
        red = ", ".join(f"{one.clause} {one.code}" for one in amended.red)
        self.steps.take(
            "“five years” becomes “four” in a copy",
            CLAUSE,
            f"check was red ({red}) until it was affirmed here; not accepted yet: {', '.join(amended.stays)}",
            f"wordkept check {near(self.folder / 'four-years')}",
            red=[one.code for one in amended.red],
            affirmed=amended.affirmed,
            stays=amended.stays,
        )
        five = run.make(self.gate, self.folder / "plan-five-years.jsonl", now).foot
        with Gate(self.gate.installation, amended.policy) as other:
            four = run.make(other, self.folder / "plan-four-years.jsonl", now).foot
        self.gate.settle(now)  # the policy in force says again how long everything is held
        self.steps.take(
            f"what the run of {now.date()} owes under five years, and under four",
            CLAUSE,
            f"{five.records} records, and {four.records:,}: {_planned(four.counts).splitlines()[0]}",
            f"wordkept plan --policy {near(self.folder / 'four-years')}{self._at}",
            five=five.counts,
            four=four.counts,
        )

    def _months(self, first: int, end: int) -> None:
        for month in range(first, end):
            self.progress(str(day_of(month)))
            self.town.live(month)
            self.town.sweep(month)

    @property
    def _at(self) -> str:
        return f" --folder {near(self.folder / STORE)}"

    def _now(self, day: date, hour: int) -> datetime:
        return self.town.at(day, hour)

    def _ask(self, request: Request, now: datetime, values: Mapping[str, str] | None = None) -> Outcome:
        return self.gate.perform(Asked(self.town.subject(HEROINE), request, values or {}), now)

    def _allowed(
        self, title: str, request: Request, now: datetime, *, clause: str | None = None, facts: Facts | None = None
    ) -> None:
        outcome = self._ask(request, now)
        shown = [f"{item} {masked(one.decode())}" for item, some in sorted(outcome.values.items()) for one in some]
        because = outcome.decision.because
        self.steps.take(
            title,
            clause or because[0],
            f"allowed: {', '.join(shown)}",
            self._question(request, facts),
            effect=outcome.decision.effect,
            because=because,
        )

    def _refused(
        self,
        title: str,
        clause: str,
        request: Request,
        now: datetime,
        *,
        values: Mapping[str, str] | None = None,
        facts: Facts | None = None,
    ) -> None:
        try:
            self._ask(request, now, values)
        except Refused as refused:
            decision = refused.decision
        else:
            msg = f"{title}: this should have been refused"
            raise AssertionError(msg)
        self.steps.take(
            title,
            clause,
            f"refused ({decision.reason}), because of {', '.join(decision.because)}",
            self._question(request, facts),
            effect=decision.effect,
            because=decision.because,
        )

    def _question(self, request: Request, facts: Facts | None) -> str:
        """Write the same question down for the pure policy; returns the command that asks it."""
        asked = {
            "do": request.act,
            "items": request.items,
            "by": request.by.role,
            "purpose": request.purpose,
            "on": request.on,
            "method": request.method,
            "facts": facts or {},
        }
        file = self.folder / f"question-{len(self.steps.done) + 1}.jsonl"
        given = {name: value for name, value in asked.items() if value is not None}
        file.write_bytes(msgspec.json.encode(given) + b"\n")
        return f"wordkept decide {near(file)}"


def _planned(counts: Mapping[str, int]) -> str:
    """What a plan comes to, by deed and clause in one line, by law in the next."""
    deeds = []
    for deed in ("separate", "destroy"):
        by = {
            name.removeprefix(f"{deed} by "): number for name, number in counts.items() if name.startswith(f"{deed} ")
        }
        clauses = ", ".join(f"{clause} {number:,}" for clause, number in by.items() if "/" not in clause)
        if counts.get(deed):
            deeds.append(f"{deed} {counts[deed]:,} ({clauses})")
    laws: Counter[str] = Counter()
    for name, number in counts.items():
        if "/" in name:
            laws[name.partition(" by ")[2]] += number
    by_law = ", ".join(f"{law} {number:,}" for law, number in laws.items())
    return "; ".join(deeds) + (f"\nby law: {by_law}" if by_law else "") or "nothing"
