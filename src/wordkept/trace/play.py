"""Playing stories: step by step in a world, and what came out differently than expected.

Premises that a story need not say are made explicit here, as real events: agreements with everyone the policy names,
and each person's agreement to the table. What is *not* here: the worlds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

import msgspec

from wordkept.decision import Decision
from wordkept.person import agreed
from wordkept.policy.model import Edition, Policy
from wordkept.record import Actor, ImpossibleEventError, Request
from wordkept.terms import Act, Choice, Effect, MalformedPolicyError, Role, ValueRejectedError
from wordkept.trace import turns
from wordkept.trace.stories import ActStep, AnswerStep, Collect, Expect, Script, Step
from wordkept.trace.world import World


class Difference(msgspec.Struct, frozen=True):
    """Something that came out differently, and where the story says so; ``about`` is the key that expected it."""

    file: str
    line: int
    column: int
    message: str
    about: str = ""


class Outcome(msgspec.Struct, frozen=True):
    """How one story went: passed if nothing differs. ``clauses`` are those that decided anything in it."""

    file: str
    title: str
    differences: tuple[Difference, ...]
    clauses: frozenset[str] = frozenset()

    @property
    def passed(self) -> bool:
        """Whether everything came out as expected."""
        return not self.differences


def play(script: Script, policy: Policy, world: World) -> Outcome:
    """Play one story to its end or to its first error; expectations that fail do not stop it."""
    player = _Player(script, policy, world)
    try:
        player.whole()
    except MalformedPolicyError as error:
        player.differences.append(Difference(error.file, error.line, error.column, error.message))
    return Outcome(script.file, script.story.story, tuple(player.differences), frozenset(player.clauses))


class _Player:
    def __init__(self, script: Script, policy: Policy, world: World) -> None:
        self.script, self.policy, self.world = script, policy, world
        self.differences: list[Difference] = []
        self.clauses: set[str] = set()
        self.seen: set[str] = set()
        self.first = script.people()[0]

    def whole(self) -> None:
        today: date | None = None
        for at, step in enumerate(self.script.story.steps):
            if today is None:
                self._premises_of_the_operator(step.on)
            if step.on != today:
                today = step.on
                self.world.run(today)
            self._step(at, step, step.who or self.first)

    def _edition(self, day: date) -> Edition:
        return self.policy.on(day) or self.policy.editions[0]

    def _premises_of_the_operator(self, day: date) -> None:
        edition = self._edition(day)
        for kind in agreed(edition):
            for party in {**edition.recipients, **edition.processors}:
                try:
                    self.world.event(None, day, kind.opens, party)
                except ImpossibleEventError as error:
                    raise self.script.error(str(error), 0, "on") from error

    def _agree(self, who: str, day: date) -> None:
        """Nobody need say that the table was agreed to."""
        edition = self._edition(day)
        for group in dict.fromkeys(one.group for one in edition.purposes.values() if one.group):
            self.world.consent(who, day, group, Choice.GIVEN)

    def _step(self, at: int, step: Step, who: str) -> None:
        if who not in self.seen:
            self.seen.add(who)
            self._agree(who, step.on)
        if step.event:
            self._event(at, step, who)
        if step.consent:
            self._known_consent(at, step)
            how = (step.consent.to, step.consent.chosen(), step.consent.channel)
            self.world.consent(who, step.on, *how, identified=step.member.identified)
        decision = self._collect(at, step, step.collect, who) if step.collect else None
        if step.act:
            decision = self._act(at, step, step.act, who)
        if step.request:
            decision = turns.ask(self.script, at, self.world, who, step.request, step.on, self._edition(step.on))
            self.clauses.update(decision.because)
            if decision.effect is Effect.DENY and (step.expect is None or step.expect.effect is None):
                self._differ(at, f"the request was denied ({_said(decision)})", "request")
        if step.answer:
            self._answer(at, step.answer, step.on, who)
        if step.expect:
            self._expect(at, step, who, decision)

    def _answer(self, at: int, answer: AnswerStep, day: date, who: str) -> None:
        asked = [one for one in self.world.orders(who) if one.to == answer.by]
        if not asked:
            known = {one.to: one for one in self.world.orders(who)}
            raise self.script.unknown("an open order to", answer.by, known, at, "answer", "by")
        for order in asked:
            self.world.answer(who, order, answer.says, day, answer.law)

    def _event(self, at: int, step: Step, who: str) -> None:
        edition, kind = self._edition(step.on), step.event or ""
        known = {one: name for name, span in edition.spans.items() for one in (span.opens, span.closes) if one}
        if kind not in known:
            raise self.script.unknown("event", kind, known, at, "event")
        span = edition.spans[known[kind]]
        parties = {**edition.recipients, **edition.processors}
        if span.operator and span.matters and step.matter not in parties:
            raise self.script.unknown("recipient or processor", step.matter or "", parties, at, "matter")
        expected = step.expect is not None and step.expect.impossible
        back = span.restarts and kind == span.opens and self.world.history(who).ever(span.name)
        try:
            self.world.event(None if span.operator else who, step.on, kind, step.matter)
        except ImpossibleEventError as error:
            if expected:
                return
            raise self.script.error(str(error), at, "event") from error
        if expected:
            self._differ(at, f"expected {kind} to be impossible, and it happened", "expect", "impossible")
        if back:
            self._agree(who, step.on)

    def _known_consent(self, at: int, step: Step) -> None:
        known = self._edition(step.on).consents
        to = step.consent.to if step.consent else ""
        if to not in known:
            raise self.script.unknown("consent to", to, known, at, "consent", "to")

    def _known_items(self, at: int, step: Step, part: str, purpose: str | None, items: tuple[str, ...]) -> None:
        edition = self._edition(step.on)
        if purpose is not None and purpose not in edition.purposes:
            raise self.script.unknown("purpose", purpose, edition.purposes, at, part, "purpose")
        for item in items:
            if item not in edition.items:
                raise self.script.unknown("item", item, edition.items, at, part, "items")

    def _actor(self, step: Step, role: Role) -> Actor:
        valid = {name: getattr(step.staff, name) == "valid" for name in ("pledge", "training", "grant")}
        return Actor(
            role,
            name=f"story-{role}",
            level=step.member.verified(),
            second="story-second",
            signal=step.browser.refuses,
            blocks=step.browser.blocks,
            employer=step.staff.employer,
            **valid,
        )

    def _collect(self, at: int, step: Step, collect: Collect, who: str) -> Decision:
        self._known_items(at, step, "collect", collect.purpose, tuple(collect.items))
        ask = Request(
            act=Act.COLLECT,
            items=tuple(collect.items),
            by=self._actor(step, collect.asked_by(self._edition(step.on).methods)),
            on=step.on,
            purpose=collect.purpose,
            matter=step.matter,
            method=collect.method,
            source=collect.from_,
            statute=collect.statute,
            cookie=collect.cookie,
        )
        decision = self._ask(at, who, ask, collect.items)
        expected = step.expect.effect if step.expect else None
        if decision.effect is Effect.DENY and (expected is None or step.act):
            self._differ(at, f"the collection was denied ({_said(decision)})", "collect")
        return decision

    def _act(self, at: int, step: Step, act: ActStep, who: str) -> Decision:
        self._known_items(at, step, "act", act.purpose, tuple(act.items))
        ask = Request(
            act=act.act(),
            items=tuple(act.items),
            by=self._actor(step, act.by),
            on=step.on,
            purpose=act.purpose,
            to=act.to,
            matter=step.matter,
            reason=act.reason,
            legal_request=act.legal_request,
        )
        return self._ask(at, who, ask, act.items if isinstance(act.items, Mapping) else {})

    def _ask(self, at: int, who: str, ask: Request, values: Mapping[str, str]) -> Decision:
        try:
            decision = self.world.ask(who, ask, values)
        except (ValueRejectedError, ImpossibleEventError) as error:
            raise self.script.error(str(error), at) from error
        self.clauses.update(decision.because)
        return decision

    def _expect(self, at: int, step: Step, who: str, decision: Decision | None) -> None:
        expect = step.expect
        if expect is None:
            return
        if (expect.effect or expect.because) and decision is None:
            raise self.script.error("an effect is expected, but nothing was asked in this step", at, "expect")
        if expect.impossible and step.event is None:
            raise self.script.error("an event cannot be impossible in a step without one", at, "expect")
        if decision is not None and expect.effect and decision.effect is not expect.effect:
            self._differ(at, f"expected {expect.effect}, got {_said(decision)}", "expect", "effect")
        for clause in expect.because if decision else ():
            if decision and clause not in decision.because:
                self._differ(at, f"expected because of {clause}, got {_said(decision)}", "expect", "because")
        self._expect_of_records(at, step, expect, who)

    def _expect_of_records(self, at: int, step: Step, expect: Expect, who: str) -> None:
        for item, state in expect.state.items():
            if item not in self._edition(step.on).items:
                raise self.script.unknown("item", item, self._edition(step.on).items, at, "expect", "state", item)
            found = self.world.state(who, item, step.matter)
            if found is not state:
                self._differ(at, f"expected {item} {state}, got {found}", "expect", "state", item)
        for item in expect.final:
            if item not in self.world.final(who):
                self._differ(at, f"expected {item} final, and it is not", "expect", "final")
        self._expect_of_partners(at, step, expect, who)
        turns.expect(self.world, who, expect, step.on, self._differ, at)
        if expect.frozen is not None and frozenset(expect.frozen) != self.world.frozen(who):
            got = ", ".join(sorted(self.world.frozen(who))) or "none"
            self._differ(at, f"expected frozen {', '.join(expect.frozen) or 'none'}, got {got}", "expect", "frozen")

    def _expect_of_partners(self, at: int, step: Step, expect: Expect, who: str) -> None:
        for party in (*(expect.ordered or ()), *(expect.overdue or ())):
            known = self._edition(step.on).outside
            if party not in known:
                raise self.script.unknown("recipient, processor or store", party, known, at, "expect")
        found = self.world.orders(who)
        wanted = sorted(
            f"{kind} {item} to {to}"
            for to, its in (expect.ordered or {}).items()
            for kind, items in its.items()
            for item in items
        )
        got = sorted(f"{one.kind} {item} to {one.to}" for one in found for item in one.items)
        if expect.ordered is not None and wanted != got:
            self._differ(at, f"expected ordered {_listed(wanted)}, got {_listed(got)}", "expect", "ordered")
        late = sorted({one.to for one in found if one.answer_by is not None and one.answer_by < step.on})
        if expect.overdue is not None and sorted(expect.overdue) != late:
            self._differ(at, f"expected overdue {_listed(expect.overdue)}, got {_listed(late)}", "expect", "overdue")

    def _differ(self, at: int, message: str, *path: str) -> None:
        error = self.script.error(message, at, *path)
        about = path[1] if path[0] == "expect" else path[0]
        self.differences.append(Difference(error.file, error.line, error.column, message, about))


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names) or "none"


def _said(decision: Decision) -> str:
    return f"{decision.effect} ({decision.reason}) because of {', '.join(decision.because) or 'no clause'}"
