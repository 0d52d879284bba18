"""The kernel world: people in memory, moved by the same pure functions as the real vault.

For stories and for proofs of the policy, not for data: values are dropped. What is *not* here: reading stories
(``stories``) and checking expectations (``play``).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from wordkept.claims import Heard, Wanted, opened, turned
from wordkept.decision import Decision, decide, owed
from wordkept.person import Person, without_agreement, work_over
from wordkept.policy.model import Deed, Policy
from wordkept.record import Claim, Ground, History, Order, Request, Shown, Turn
from wordkept.terms import Act, Answer, Channel, Choice, State
from wordkept.trace.amend import amended
from wordkept.trace.play import Outcome, play
from wordkept.trace.stories import Script


class Kernel:
    """A world of people under one policy."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.people: dict[str, Person] = {}
        self.operator = Person(policy)
        self._made = 0
        self._claims: dict[str, dict[str, Claim]] = {}
        self._forgotten: set[tuple[str, str]] = set()

    def run(self, day: date) -> None:
        """The run of a day: separate and destroy what is due, and forget what is destroyed where a clause says so."""
        for name, person in self.people.items():
            edition = person.edition(day)
            gone = work_over(edition, without_agreement(edition, self.operator.history))
            person.run(day, self._new_id, gone)
            for record in person.records:
                due = owed(edition, record, day) if record.state is State.DESTROYED else None
                if due is not None and due[0] is Deed.FORGET:
                    self._forgotten.add((name, record.id))

    def event(self, who: str | None, day: date, kind: str, matter: str | None = None) -> None:
        """Something happens to a person, or to the operator if nobody is named.

        Raises:
            ImpossibleEventError: it cannot follow what happened before.
        """
        self._person(who).happen(day, kind, matter)

    def consent(
        self, who: str, day: date, to: str, choice: Choice, channel: Channel = Channel.WEB, *, identified: bool = True
    ) -> None:
        """A person chooses, under the text of the day; somebody known signs."""
        signature = b"" if identified else None
        self._person(who).choose(day, to, choice, shown=Shown("", "", channel), signature=signature)

    def ask(self, who: str, ask: Request, values: Mapping[str, str]) -> Decision:
        """Decide a request and do what is allowed of it. ``values`` are not kept."""
        del values
        person = self._person(who)
        edition = person.edition(ask.on)
        operator = self.operator.history
        facts = person.facts(ask, without_agreement(edition, operator), self._peers(who, ask), operator)
        decision = decide(self.policy, ask, facts)
        person.do(ask, decision, self._new_id)
        if ask.act is Act.DESTROY and any(one.released_on for one in person.records):
            person.run(ask.on, self._new_id)
        return decision

    def state(self, who: str, item: str, matter: str | None) -> State:
        """The most alive state of a person's records of an item, in one matter if one is named."""
        order = (State.LIVE, State.SEPARATED, State.DESTROYED)
        found = {one.state for one in self._person(who).records if one.item == item and matter in {None, one.matter}}
        return next((state for state in order if state in found), State.ABSENT)

    def frozen(self, who: str) -> frozenset[str]:
        """A person's live frozen items."""
        return frozenset(one.item for one in self._person(who).records if one.frozen and one.state is State.LIVE)

    def final(self, who: str) -> frozenset[str]:
        """Items of which every record is destroyed and was forgotten by a run."""
        records = self._person(who).records
        open_still = {one.item for one in records if (who, one.id) not in self._forgotten}
        return frozenset(one.item for one in records) - open_still

    def history(self, who: str) -> History:
        """A person's past."""
        return self._person(who).history

    def orders(self, who: str) -> tuple[Order, ...]:
        """What partners were ordered about a person and have not settled."""
        return tuple(self._person(who).ordered)

    def answer(self, who: str, order: Order, answer: Answer, day: date, law: str | None = None) -> None:
        """A partner answers an order."""
        self._person(who).answered(order, answer, day, law)

    def claim(self, who: str, wanted: Wanted, day: date) -> Decision:
        """A person asks something of right."""
        return self._heard(who, opened(self._person(who), wanted, day, self._new_id(), self._new_id))

    def turn(self, who: str, claim: Claim, turn: Turn, ground: Ground | None, day: date) -> Decision:
        """Something becomes of what a person asked."""
        return self._heard(who, turned(self._person(who), claim, turn, ground, day, self._new_id))

    def claims(self, who: str) -> tuple[Claim, ...]:
        """What a person ever asked."""
        return tuple(self._claims.get(who, {}).values())

    def _heard(self, who: str, heard: Heard) -> Decision:
        if heard.claim is not None:
            self._claims.setdefault(who, {})[heard.claim.id] = heard.claim
        return heard.decision

    def _person(self, who: str | None) -> Person:
        return self.operator if who is None else self.people.setdefault(who, Person(self.policy))

    def _new_id(self) -> str:
        self._made += 1
        return str(self._made)

    def _peers(self, who: str, ask: Request) -> frozenset[str | None]:
        edition = self._person(who).edition(ask.on)
        recipient = edition.recipients.get(ask.to or "")
        if recipient is None or recipient.group is None:
            return frozenset()
        others = (person for name, person in self.people.items() if name != who)
        return frozenset[str | None]().union(*(person.open_matters(recipient.group) for person in others))


def on_kernel(script: Script, policy: Policy) -> Outcome:
    """Play a story on the kernel, under the policy as the story amends it.

    Raises:
        MalformedPolicyError: it amends what is not there.
    """
    policy = amended(policy, script)
    return play(script, policy, Kernel(policy))
