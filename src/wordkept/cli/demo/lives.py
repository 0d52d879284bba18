"""Lives: what happens to each person of the demonstration, month by month, drawn from the seed alone.

Everything happens on the tenth of a month, so that whatever a period ends or a run owes falls due on an eleventh: the
worker's run of that day is on time, and the runs between have nothing to do. A life is derived again whenever it is
needed and never kept. What is *not* here: doing it (``town``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from random import Random
from typing import Final

import msgspec

from wordkept.cli.demo.people import Person, person
from wordkept.record import CONSENT, Actor, Request
from wordkept.terms import Act, Choice, Role

FIRST: Final = date(2016, 9, 10)
"""The first day of the demonstration: the first tenth on which the reference edition is in force."""

HEROINE: Final = 0
"""The number of the person whose life the tour follows; hers is written, not drawn."""

GOODBYE: Final = 7
"""Months before the end in which she leaves: her six months are over in the last run."""

BY: Final[Mapping[Role, Actor]] = {role: Actor(role, name=f"demo-{role}") for role in Role}


class Happens(msgspec.Struct, frozen=True):
    """Something that happens to a person."""

    kind: str
    matter: str | None = None
    to: str | None = None
    choice: Choice | None = None


class Asks(msgspec.Struct, frozen=True, kw_only=True):
    """An act that is asked of a person's records; ``values`` of a collection or correction."""

    act: Act
    items: tuple[str, ...]
    by: Role
    purpose: str | None = None
    matter: str | None = None
    method: str | None = None
    reason: str | None = None
    values: Mapping[str, str] = {}

    def request(self, day: date) -> Request:
        """As the kernel and the gate take it."""
        return Request(
            act=self.act,
            items=self.items,
            by=BY[self.by],
            on=day,
            purpose=self.purpose,
            matter=self.matter,
            method=self.method,
            reason=self.reason,
        )


Deed = Happens | Asks


def day_of(month: int) -> date:
    """The day on which everything of a month happens; month 0 is the first."""
    years, at = divmod(FIRST.month - 1 + month, 12)
    return FIRST.replace(year=FIRST.year + years, month=at + 1)


def run_of(month: int) -> date:
    """The day of the run that is owed after it."""
    return day_of(month).replace(day=FIRST.day + 1)


def life(seed: int, number: int, months: int) -> dict[int, list[Deed]]:
    """What happens to one person in each month, in order.

    Args:
        seed: of the demonstration.
        number: of the person.
        months: how long the demonstration goes on.
    """
    drawn = _Life(person(seed, number), Random(f"wordkept life {seed} {number}"), months)
    if number == HEROINE:
        drawn.heroine()
    else:
        drawn.somebody()
    return {month: deeds for month, deeds in drawn.deeds.items() if month < months}


def waves(deeds: Iterable[Deed]) -> Iterator[tuple[int, Deed]]:
    """Each deed with its wave, in the life's own order; a wave has deeds of one kind, of each person one other change.

    All people's deeds of one wave can go through the gate together: events, collections, other changes, or readings.
    """
    wave, before = 0, 0
    for deed in deeds:
        kind = _kind(deed)
        wave += (kind - wave) % _KINDS or (_KINDS if kind == before == _CHANGE else 0)
        before = kind
        yield wave, deed


_KINDS: Final = 4
_CHANGE: Final = 2


def _kind(deed: Deed) -> int:
    if isinstance(deed, Happens):
        return 0
    if deed.act is Act.COLLECT:
        return 1
    return 3 if deed.act in {Act.USE, Act.VIEW} else _CHANGE


class _Life:
    """A life while it is drawn; what comes later in a month is appended later."""

    def __init__(self, who: Person, draw: Random, months: int) -> None:
        self.who, self.draw, self.months = who, draw, months
        self.deeds: dict[int, list[Deed]] = {}
        self.bills = 0

    def heroine(self) -> None:
        """A member who refuses marketing, pays her bill, and leaves in time for the tour to see the end of it."""
        leave = self.months - GOODBYE
        start = max(0, leave - 20)
        self._sign_up(start, marketing=Choice.REFUSED)
        self._bill(start, settle=start + 1)
        self._leave(leave)

    def somebody(self) -> None:
        """Most become members; a few only enter for a giveaway, or never finish signing up."""
        start = self.draw.randrange(max(1, self.months * 4 // 5))
        chance = self.draw.random()
        if chance < 0.04:  # noqa: PLR2004
            return self._entrant(start)
        if chance < 0.08:  # noqa: PLR2004
            return self._abandons(start)
        again = False
        while start < self.months:
            leave = start + 2 + int(self.draw.expovariate(1 / 30))
            self._serve(start, leave, again=again)
            if self._odds(85):
                break
            start, again = leave + self.draw.randrange(3, 15), True
        return None

    def _serve(self, start: int, leave: int, *, again: bool) -> None:
        wants = self.draw.choice((Choice.GIVEN, Choice.REFUSED))
        self._sign_up(start, marketing=wants, again=again)
        for month in range(start, min(leave, self.months), 12):
            self._bill(month, settle=month + (4 if self._odds(8) else 1))
        for odds, some in ((25, self._complains), (15, self._moves_house), (4, self._doubts), (20, self._etax)):
            if self._odds(odds) and leave - start > 3:  # noqa: PLR2004
                some(start, leave)
        if wants is Choice.GIVEN:
            self._enjoys_marketing(start, leave)
        self._leave(leave)
        if self._odds(10):
            items = ("email", "birthdate", "gender", "ci", "address")
            self._add(leave + 2, Asks(act=Act.DESTROY, items=items, by=Role.MEMBER))

    def _odds(self, of_hundred: int) -> bool:
        return self.draw.randrange(100) < of_hundred

    def _between(self, start: int, leave: int) -> int:
        return self.draw.randrange(start + 1, leave - 1)

    def _add(self, month: int, *deeds: Deed) -> None:
        self.deeds.setdefault(month, []).extend(deeds)

    def _collects(self, purpose: str, values: Mapping[str, str], matter: str | None = None, **how: str) -> Asks:
        by = Role(how.get("by", Role.MEMBER))
        method = how.get("method", "website" if by is Role.MEMBER else "generated")
        items = tuple(values)
        return Asks(act=Act.COLLECT, items=items, by=by, purpose=purpose, matter=matter, method=method, values=values)

    def _consents(self, to: str, choice: Choice) -> Happens:
        return Happens(CONSENT, None, to, choice)

    def _identification(self) -> Asks:
        who = self.who
        values = {
            "applicant_name": who.name,
            "mobile_phone": who.phone,
            "email": who.email,
            "birthdate": who.birthdate,
            "gender": who.gender,
            "ci": who.ci,
            "address": who.address,
            "business_reg_no": who.business,
        }
        return self._collects("identification", values)

    def _sign_up(self, month: int, *, marketing: Choice, again: bool = False) -> None:
        who, contract = self.who, f"contract:{self.who.number}-{month}"
        consents: list[Deed] = [
            self._consents("table", Choice.GIVEN),
            self._consents("entrustment", Choice.GIVEN),
            self._consents("marketing", marketing),
        ]
        joins, identification = Happens("service.subscribed"), self._identification()
        self._add(month, *([joins, *consents, identification] if again else [*consents, identification, joins]))
        self._add(
            month,
            self._collects("bill-consulting", {"payer_name": who.name, "account_no": who.account}),
            self._collects("statutory-record", {"contract_record": f"계약 {contract}"}, contract, by=Role.SYSTEM),
        )

    def _bill(self, month: int, *, settle: int) -> None:
        self.bills += 1
        matter = f"payment:{self.who.number}-{self.bills}"
        amount = {"charged_amt": f"{33_000 + 1_100 * self.bills}원", "bill_dates": day_of(month).isoformat()}
        self._add(
            month,
            Happens("charge.raised", matter),
            self._collects("tax-record", amount, matter, by=Role.SYSTEM),
            Asks(act=Act.USE, items=("email",), by=Role.SYSTEM, purpose="bill-sending"),
        )
        if self.who.number != HEROINE and self._odds(3):
            self._add(month + 2, Happens("dispute.opened", matter))
            self._add(month + self.draw.randrange(3, 12), Happens("dispute.resolved", matter))
        elif self.who.number != HEROINE and self._odds(2):
            return
        paid = self._collects("statutory-record", {"payment_record": f"납부 {matter}"}, matter, by=Role.SYSTEM)
        self._add(settle, Happens("account.settled", matter), paid)

    def _leave(self, month: int) -> None:
        if month < self.months:
            self._add(month, Happens("service.terminated"))

    def _entrant(self, month: int) -> None:
        values = {"applicant_name": self.who.name, "mobile_phone": self.who.phone}
        self._add(month, self._consents("marketing", Choice.GIVEN))
        self._add(month, self._collects("marketing", values, method="giveaway"))
        self._add(month + self.draw.randrange(1, 20), self._consents("marketing", Choice.WITHDRAWN))

    def _abandons(self, month: int) -> None:
        self._add(month, self._consents("table", Choice.GIVEN), self._identification())

    def _complains(self, start: int, leave: int) -> None:
        month = self._between(start, leave)
        matter = f"complaint:{self.who.number}-{month}"
        heard = {"complaint_record": f"민원 {matter}"}
        self._add(month, self._collects("statutory-record", heard, matter, by=Role.STAFF, method="phone"))

    def _moves_house(self, start: int, leave: int) -> None:
        new = {"address": self.who.next_address}
        self._add(self._between(start, leave), Asks(act=Act.CORRECT, items=("address",), by=Role.MEMBER, values=new))

    def _doubts(self, start: int, leave: int) -> None:
        month = self._between(start, leave)
        if month + 1 < leave and month % 12 != start % 12:
            self._add(month, Asks(act=Act.FREEZE, items=("birthdate",), by=Role.MEMBER))
            self._add(month + 1, Asks(act=Act.LIFT, items=("birthdate",), by=Role.STAFF, reason="found correct"))

    def _etax(self, start: int, leave: int) -> None:
        who, month = self.who, self._between(start, leave)
        values = {"ceo_name": who.name, "etax_id": f"etax{who.number}", "etax_pw": who.ci[:12], "email": who.email}
        self._add(month, Happens("etax.enabled"), self._collects("etax-invoice", values))
        if self._odds(50):
            self._add(self.draw.randrange(month + 1, leave), Happens("etax.disabled"))

    def _enjoys_marketing(self, start: int, leave: int) -> None:
        if leave - start < 4:  # noqa: PLR2004
            return
        self._add(start + 1, Asks(act=Act.USE, items=("email",), by=Role.STAFF, purpose="marketing"))
        if self._odds(30):
            self._add(self.draw.randrange(start + 2, leave), self._consents("marketing", Choice.WITHDRAWN))
