"""The stored world: the same stories on a real vault, opened for one story and thrown away after it.

Its clock is the story's: noon of each day in the policy's time zone. What is *not* here: reading and checking stories.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

from wordkept.claims import Wanted
from wordkept.decision import Decision
from wordkept.gate import Answered, Asked, Gate, Happening, Outbox, Refused, Register, Temporary
from wordkept.policy.model import Policy
from wordkept.record import CONSENT, Actor, Claim, Ground, History, ImpossibleEventError, Order, Request, Turn
from wordkept.terms import Answer, Channel, Choice, Level, Role, State
from wordkept.texts import shown_on
from wordkept.trace.amend import amended
from wordkept.trace.play import Outcome, play
from wordkept.trace.stories import Script
from wordkept.worker import run


class Stored:
    """A world of people in a vault; ``epochs``: whether the run of a day turns the epoch too, which takes its time."""

    def __init__(self, gate: Gate, folder: Path, *, epochs: bool = False) -> None:
        self.gate, self.folder, self.epochs = gate, folder, epochs
        self._over: set[tuple[str, str]] = set()
        self.subjects: dict[str, str] = {}
        self._known: dict[str, set[tuple[str, str | None]]] = {}

    def run(self, day: date) -> None:
        """The worker's run of a day; before the first edition there is nothing to obey."""
        if self.gate.policy.on(day) is None:
            return
        now = self._at(day)
        file = self.folder / f"plan-{day}.jsonl"
        run.make(self.gate, file, now)
        run.apply(self.gate, file, now)
        if self.epochs:
            self.gate.turn_epoch(now)
            known = {(who, item) for who, its in self._known.items() for item, _ in its}
            self._over = {(who, item) for who, item in known if self._gone(who, item)}

    def event(self, who: str | None, day: date, kind: str, matter: str | None = None) -> None:
        """Something happens to a person, or to the operator."""
        subject = None if who is None else self._subject(who)
        (done,) = self.gate.happen([Happening(subject, kind, matter)], self._at(day))
        if isinstance(done, ImpossibleEventError):
            raise done

    def consent(
        self, who: str, day: date, to: str, choice: Choice, channel: Channel = Channel.WEB, *, identified: bool = True
    ) -> None:
        """A person chooses, under the text of the day; somebody known signs."""
        shown = shown_on(self.gate.policy, day, to, channel)
        by = Actor(Role.MEMBER, level=Level.DOCUMENT if identified else Level.NONE)
        happening = Happening(self._subject(who), CONSENT, None, to, choice, by=by, shown=shown)
        (done,) = self.gate.happen([happening], self._at(day))
        if isinstance(done, ImpossibleEventError):
            raise done

    def ask(self, who: str, ask: Request, values: Mapping[str, str]) -> Decision:
        """A request goes through the gate."""
        asked = Asked(self._subject(who), ask, values)
        try:
            decision = self.gate.perform(asked, self._at(ask.on)).decision
        except Refused as refused:
            return refused.decision
        if ask.act == "collect":
            self._known.setdefault(who, set()).update((item, ask.matter) for item in ask.items)
        return decision

    def state(self, who: str, item: str, matter: str | None) -> State:
        """The most alive state in either store; what was collected and is in neither was destroyed."""
        found = {
            one.state
            for one in self.gate.records(self._subject(who))
            if one.item == item and matter in {None, one.matter}
        }
        for state in (State.LIVE, State.LEAVING, State.SEPARATED):
            if state in found:
                return state
        known = self._known.get(who, set())
        was = any(one == item and matter in {None, its} for one, its in known)
        return State.DESTROYED if was else State.ABSENT

    def frozen(self, who: str) -> frozenset[str]:
        """The live frozen items."""
        return frozenset(
            one.item for one in self.gate.records(self._subject(who)) if one.frozen and one.state is State.LIVE
        )

    def final(self, who: str) -> frozenset[str]:
        """Items that were gone when an epoch was turned, and are still."""
        return frozenset(item for one, item in self._over if one == who and self._gone(who, item))

    def orders(self, who: str) -> tuple[Order, ...]:
        """What partners were ordered about a person and have not settled."""
        with Outbox(self.gate.installation, self.gate.policy) as outbox:
            return tuple(one.order for one in outbox.open(self._subject(who)))

    def answer(self, who: str, order: Order, answer: Answer, day: date, law: str | None = None) -> None:
        """A partner answers an order."""
        del who
        with Outbox(self.gate.installation, self.gate.policy) as outbox:
            outbox.answered(outbox.find(order.id), answer, self._at(day), Actor(Role.RECIPIENT, name=order.to), law)

    def claim(self, who: str, wanted: Wanted, day: date) -> Decision:
        """A person asks something of right."""
        by = Actor(Role.MEMBER, name="story-member")
        return self._heard(day, lambda register, now: register.take(self._subject(who), wanted, now, by))

    def turn(self, who: str, claim: Claim, turn: Turn, ground: Ground | None, day: date) -> Decision:
        """Something becomes of what a person asked."""
        by, whose = Actor(Role.STAFF, name="story-staff"), self._subject(who)
        return self._heard(day, lambda register, now: register.turn(whose, claim.id, turn, now, by, ground))

    def claims(self, who: str) -> tuple[Claim, ...]:
        """What a person ever asked."""
        with Register(self.gate.installation, self.gate.policy) as register:
            return tuple(register.of(self._subject(who)))

    def _heard(self, day: date, act: Callable[[Register, datetime], Answered]) -> Decision:
        with Register(self.gate.installation, self.gate.policy) as register:
            try:
                return act(register, self._at(day)).decision
            except Refused as refused:
                return refused.decision

    def _gone(self, who: str, item: str) -> bool:
        return self.state(who, item, None) is State.DESTROYED

    def history(self, who: str) -> History:
        """A person's past, as the vault folded it."""
        return self.gate.history(self._subject(who))

    def _subject(self, who: str) -> str:
        if who not in self.subjects:
            self.subjects[who] = self.gate.new_subject(datetime(2000, 1, 1, tzinfo=ZoneInfo("UTC")))
        return self.subjects[who]

    def _at(self, day: date) -> datetime:
        return datetime.combine(day, time(12), ZoneInfo(self.gate.timezone))


def on_store(script: Script, policy: Policy, temporary: Temporary) -> Outcome:
    """Play a story on a vault of its own, under the policy as the story amends it; the vault is gone at the end.

    Raises:
        MalformedPolicyError: it amends what is not there.
    """
    policy = amended(policy, script)
    with temporary.gate(policy) as gate:
        return play(script, policy, Stored(gate, gate.installation.folder, epochs=script.story.expects_final()))
