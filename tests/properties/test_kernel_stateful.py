"""The kernel world against a second reading of the same promises, over random lives.

``Diary`` keeps one person's raw log and, for each record and each day, asks anew which reasons to keep it stand: no
spans, no intervals, no terms, nothing of the engine but the addition of a period to a day. It was written from the
reference reading of purposes and periods alone; its lists of pairs come from the vectors, not from the policy. What is
*not* here: more than one person, provision and entrustment.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from wordkept import law
from wordkept.decision import Decision, term_of
from wordkept.policy.editions import load
from wordkept.record import Actor, ImpossibleEventError, Record, Request, plus
from wordkept.rules import RULES
from wordkept.terms import Act, Choice, Effect, Reason, Role, State
from wordkept.trace.kernel import Kernel

ROOT: Final = Path(__file__).resolve().parents[2]
POLICY: Final = load(ROOT / "policies" / "bizmeka-ez", RULES, law.load(ROOT / "law"))
EDITION: Final = POLICY.editions[0]


def _rows(name: str) -> list[dict[str, str]]:
    with (ROOT / "tests" / "vectors" / "reference" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


PAIRS: Final = {(row["purpose"], row["item"]) for row in _rows("pairs")}
CLAUSE: Final = {row["name"]: row["clause"] for row in _rows("purposes")}
OPTIONAL: Final = {row["name"] for row in _rows("purposes") if row["basis"] == "consent"}
ADD_ONS: Final = {"etax-invoice": "etax", "scraping": "scraping"}
LAWS_OWN: Final = {"tax-record", "statutory-record"}
DOCUMENTS: Final = {"id-verification", "representative-verification"}
COOKIES: Final = {"site-operation", "interest-information", "frequency-analysis"}
WISHES: Final = OPTIONAL - COOKIES
TABLE: Final = {
    name for name, clause in CLAUSE.items() if clause[:5] in {"2.3.A", "2.3.B", "2.3.C", "2.3.D"}
} - OPTIONAL
ADDING: Final = LAWS_OWN | COOKIES | {"service-record"}
TAX: Final = {item for purpose, item in PAIRS if purpose == "tax-record"}
CONCERNED: Final = {item for purpose, item in PAIRS if purpose in {"identification", "charging"}}
KEPT_BY_LAW: Final = {
    "advertisement_record": "P6M", "contract_record": "P5Y", "payment_record": "P5Y", "complaint_record": "P3Y",
    "credit_handling_record": "P3Y",
}  # fmt: skip
NO: Final = {"refused", "withdrawn"}


class Kept:
    """A record in the diary: what was collected, when, and how far it has gone."""

    def __init__(self, item: str, purpose: str, matter: str | None, day: date, at: int) -> None:
        self.item, self.purpose, self.matter, self.day, self.at = item, purpose, matter, day, at
        self.stage = "live"
        self.frozen = self.released = self.settled = False

    @property
    def group(self) -> str:
        return "table" if self.purpose in TABLE else self.purpose

    def serves(self, purpose: str) -> bool:
        """Whether a purpose reads it: one of its own group, or an optional one what the table collected."""
        return purpose in (TABLE if self.group == "table" else {self.purpose}) or (
            purpose in OPTIONAL and self.group == "table"
        )


class Diary:
    """One person's raw log, ``(day, word, matter, narrow)`` in order, read again for every question."""

    def __init__(self, today: date) -> None:
        self.today = today
        self.log: list[tuple[date, str, str | None, bool]] = []
        self.records: dict[str, Kept] = {}

    def write(self, word: str, matter: str | None = None) -> None:
        named = matter is not None and any(
            one.matter == matter and one.stage != "gone" for one in self.records.values()
        )
        self.log.append((self.today, word, matter, named))

    def sleep_until(self, day: date) -> None:
        """Every midnight on the way, one by one."""
        while self.today < day:
            self.today += timedelta(days=1)
            for one in self.records.values():
                if one.stage != "gone":
                    self.midnight(one)

    def midnight(self, one: Kept) -> None:
        use, keep, _ = self.reasons(one)
        if not keep and one.stage == "apart":
            one.stage = "gone"
        elif not use or one.stage == "apart":
            one.stage, one.frozen = ("apart" if keep or use else "gone"), False
        if self.settlement(one) is False:
            one.settled = True

    # What happened, in the plainest words.

    def first(self, word: str, after: int, matter: str | None = None) -> int | None:
        for at in range(after, len(self.log)):
            if self.log[at][1] == word and (matter is None or self.log[at][2] == matter):
                return at
        return None

    def last(self, word: str, before: int) -> int | None:
        return max((at for at in range(before) if self.log[at][1] == word), default=None)

    def says(self, to: str) -> str | None:
        said = [word.partition("=")[2] for _, word, _, _ in self.log if word.startswith(f"{to}=")]
        return said[-1] if said else None

    def given(self, to: str) -> bool:
        """Said, and not ended since by the end of the service or by coming back."""
        said = self.last(f"{to}=given", len(self.log))
        if said is None or self.says(to) != "given":
            return False
        served_before = self.first("service.subscribed", 0)
        back = self.first("service.subscribed", said) if served_before is not None and served_before < said else None
        return back is None and self.first("service.terminated", said) is None

    def served(self) -> bool:
        ends = [word for _, word, _, _ in self.log if word in {"service.subscribed", "service.terminated"}]
        return bool(ends) and ends[-1] == "service.subscribed"

    def on(self, add_on: str) -> bool:
        words = {f"{add_on}.enabled", f"{add_on}.disabled", "service.terminated"}
        ends = [word for _, word, _, _ in self.log if word in words]
        return bool(ends) and ends[-1] == f"{add_on}.enabled"

    def not_over(self, *ends: int | None, limit: date | None = None) -> bool:
        """Whether today is no later than the first of these ends."""
        days = [self.log[at][0] for at in ends if at is not None] + ([limit] if limit else [])
        return all(self.today <= day for day in days)

    # Whose service, and its end.

    def own_service(self, one: Kept) -> int | None:
        began = self.last("service.subscribed", one.at)
        return began if began is not None else self.first("service.subscribed", one.at)

    def own_end(self, one: Kept) -> int | None:
        began = self.own_service(one)
        return None if began is None else self.first("service.terminated", began)

    def next_service(self, one: Kept) -> int:
        began = self.own_service(one)
        again = None if began is None else self.first("service.subscribed", began + 1)
        return len(self.log) if again is None else again

    def table_refused(self, one: Kept) -> int | None:
        for at in range(one.at, self.next_service(one)):
            if self.log[at][1] in {"table=refused", "table=withdrawn"}:
                return at
        return None

    # The reasons, clause by clause: (use, keep, strict) today.

    def reasons(self, one: Kept) -> tuple[bool, bool, bool]:
        use = not one.released and one.stage == "live" and (self.service_runs(one) or self.wanted(one))
        strict = self.disputed(one) or self.tax(one) or self.own_law(one)
        soft = not one.released and self.six_months(one)
        return use, use or strict or soft, strict

    def service_runs(self, one: Kept) -> bool:
        """5.1.A, with the wait of a sign-up."""
        if one.group not in {"table", "tax-record"}:
            return False
        refused = self.table_refused(one)
        if self.last("service.subscribed", one.at) is None:
            limit = plus(one.day, "P1M")
            began, left = self.first("service.subscribed", one.at), self.first("signup.abandoned", one.at)
            in_time = began is not None and self.log[began][0] <= limit and (left is None or left > began)
            if not in_time:
                return self.not_over(left, refused, limit=limit)
        return self.not_over(self.own_end(one), refused)

    def settlement(self, one: Kept) -> bool | None:
        """Whether the six months of 5.1.B run or have not begun to; none before the service has ended."""
        end, began = self.own_end(one), self.own_service(one)
        if one.group != "table" or end is None or began is None:
            return None
        owed: set[str | None] = set()
        start = self.log[end][0]
        for at in range(began + 1, len(self.log)):
            day, word, matter, _ = self.log[at]
            if word == "charge.raised" and at < self.next_service(one):
                owed.add(matter)
            elif word == "account.settled" and owed:
                owed = set() if matter is None else owed - {matter}
                if not owed and at > end:
                    start = day
        return bool(owed) or self.today <= plus(start, "P6M")

    def six_months(self, one: Kept) -> bool:
        """5.1.B."""
        refused, end = self.table_refused(one), self.own_end(one)
        if refused is not None and end is not None and (refused < end or self.today > self.log[refused][0]):
            return False
        return bool(self.settlement(one)) and not one.settled

    def disputed(self, one: Kept) -> bool:
        """5.1.C."""
        for at, (_, word, matter, narrow) in enumerate(self.log):
            if word != "dispute.opened":
                continue
            end = next((n for n in range(at, len(self.log)) if self.log[n][1:3] == ("dispute.resolved", matter)), None)
            if end is not None and (end < one.at or self.today > self.log[end][0]):
                continue
            about = one.matter == matter or one.purpose == "tax-record" or one.item == "payment_record"
            if not narrow or about or (one.group == "table" and one.item in CONCERNED):
                return True
        return False

    def tax(self, one: Kept) -> bool:
        """5.2.B."""
        if one.item not in TAX or one.group not in {"table", "tax-record"}:
            return False
        end = self.own_end(one)
        if end is None:
            return one.group == "tax-record"
        return self.today <= plus(self.log[end][0], "P5Y")

    def own_law(self, one: Kept) -> bool:
        """5.3, and what communications law has kept of visits."""
        if one.purpose == "statutory-record":
            return self.today <= plus(one.day, KEPT_BY_LAW[one.item])
        if one.purpose in COOKIES and one.item in {"access_ip", "access_log"}:
            return self.today <= plus(one.day, "P3M")
        return False

    def wanted(self, one: Kept) -> bool:
        """The purpose's own clause: wishes, add-ons, documents, cookies, law's records while the service lasts."""
        left = self.first("service.terminated", one.at)
        no = [self.first(f"{one.purpose}={word}", one.at) for word in sorted(NO)]
        if one.purpose in WISHES:
            return self.not_over(left, *no)
        if one.purpose in ADD_ONS:
            return self.not_over(left, self.first(f"{ADD_ONS[one.purpose]}.disabled", one.at))
        if one.purpose in DOCUMENTS:
            return self.not_over(self.first("request.decided", one.at, one.matter), limit=plus(one.day, "P10D"))
        if one.purpose in COOKIES:
            return self.not_over(left, *no, limit=plus(one.day, "P3M"))
        if one.purpose == "statutory-record":
            began, over = self.last("service.subscribed", one.at), self.last("service.terminated", one.at)
            if began is None or (over is not None and over > began):
                return self.today <= one.day
            return self.not_over(left, limit=plus(one.day, KEPT_BY_LAW[one.item]))
        return False

    # What may be done today.

    def is_live(self, one: Kept) -> bool:
        return one.stage == "live" and self.reasons(one)[0]

    def may_collect(self, purpose: str, item: str, matter: str | None, role: Role) -> bool:
        ever = self.first("service.subscribed", 0) is not None
        early = purpose in {"identification", "statutory-record"} | DOCUMENTS | COOKIES | WISHES
        left_today = any(day == self.today and word == "service.terminated" for day, word, _, _ in self.log[-20:])
        late = purpose in LAWS_OWN | DOCUMENTS or (purpose == "service-record" and left_today)
        same = [
            one for one in self.records.values() if (one.item, one.matter) == (item, matter) and one.stage != "gone"
        ]
        return (
            (purpose, item) in PAIRS
            and (self.served() or (late if ever else early))
            and (purpose not in OPTIONAL or self.given(purpose))
            and (purpose not in ADD_ONS or self.on(ADD_ONS[purpose]))
            and (purpose not in TABLE or self.says("table") not in NO)
            and (purpose not in LAWS_OWN or role is not Role.MEMBER)
            and (item != "relationship" or self.given("category:family-relations"))
            and item != "birth_last_digits"
            and (purpose not in DOCUMENTS or (matter or "").startswith("request:"))
            and (purpose not in DOCUMENTS or self.first("request.decided", 0, matter) is None)
            and not (purpose == "statutory-record" and (matter is None or any(x.purpose == purpose for x in same)))
        )

    def collect(self, purpose: str, item: str, matter: str | None, name: str) -> None:
        if purpose in DOCUMENTS:
            self.write("request.opened", matter)
        new = Kept(item, purpose, matter, self.today, len(self.log))
        for one in self.records.values():
            same = (one.item, one.matter, one.group) == (item, matter, new.group)
            if same and purpose not in ADDING and self.is_live(one):
                one.stage = "gone"
        self.records[name] = new

    def may_use(self, purpose: str, item: str) -> bool:
        mine = [one for one in self.records.values() if one.item == item]
        found = [one for one in mine if self.is_live(one) and one.serves(purpose)]
        return (
            (purpose, item) in PAIRS
            and bool(found)
            and not any(one.frozen for one in found)
            and (purpose not in OPTIONAL or self.given(purpose))
            and (purpose not in ADD_ONS or self.on(ADD_ONS[purpose]))
            and (purpose not in TABLE or self.says("table") not in NO)
            and (item != "relationship" or self.given("category:family-relations"))
        )

    def delete(self, item: str) -> bool:
        """The person asks; whether all went."""
        whole = True
        for one in self.records.values():
            if one.item == item and one.stage != "gone":
                one.released, one.frozen = True, False
                strict = self.reasons(one)[2]
                one.stage = "apart" if strict else "gone"
                whole = whole and not strict
        return whole


EVENTS: Final = (
    "service.subscribed", "service.terminated", "signup.abandoned", "etax.enabled", "etax.disabled", "scraping.enabled",
    "scraping.disabled", "dispute.opened", "dispute.resolved", "charge.raised", "account.settled", "request.decided",
)  # fmt: skip
DISPUTES: Final = ("dispute.opened", "dispute.opened", "dispute.resolved", "dispute.resolved", *EVENTS[:2])
WITH_MATTER: Final = {"dispute.opened", "dispute.resolved", "charge.raised", "account.settled", "request.decided"}
MATTERS: Final = (None, "payment:1", "payment:2", "request:1", "request:2")
CONSENTS: Final = ("table", "marketing", "introduction", "interest-information", "category:family-relations")
DRAWN: Final = (
    ("identification", "applicant_name"), ("identification", "email"), ("charging", "payer_name"),
    ("charging", "card_no"), ("charging", "relationship"), ("bill-sending", "email"), ("service-record", "access_ip"),
    ("service-record", "payment_record"), ("service-record", "cookie"), ("marketing", "email"),
    ("introduction", "applicant_name"), ("etax-invoice", "ceo_name"), ("etax-invoice", "email"),
    ("scraping", "card_no"), ("scraping", "birth_last_digits"), ("tax-record", "applicant_name"), ("tax-record", "rrn"),
    ("statutory-record", "advertisement_record"), ("statutory-record", "payment_record"),
    ("id-verification", "id_card_copy"), ("representative-verification", "poa_doc"), ("site-operation", "access_ip"),
    ("site-operation", "cookie_id"), ("interest-information", "access_log"), ("interest-information", "content_used"),
)  # fmt: skip
"""Of each way to be held a few pairs: few enough that a random life meets the same record again."""
WATCHED: Final = tuple(sorted({item for _, item in DRAWN}))
pairs = st.sampled_from(DRAWN)
USABLE: Final = sorted(pair for pair in PAIRS if pair[1] in WATCHED)
JUMPS: Final = (1, 1, 1, 1, 2, 9, 10, 11, 28, 30, 31, 91, 92, 93, 181, 184, 185, 365, 1096, 1826)
START_DAYS: Final = (date(2016, 8, 31), date(2019, 2, 28), date(2019, 8, 31), date(2019, 11, 30), date(2020, 2, 29))
CHOICES: Final = (Choice.GIVEN, Choice.GIVEN, Choice.REFUSED, Choice.WITHDRAWN)
usable = st.sampled_from(USABLE)
matters = st.sampled_from(MATTERS)
jumps = st.sampled_from(JUMPS)
starts = st.sampled_from(START_DAYS)
WHO: Final = "someone"


def standing(kernel: Kernel) -> dict[str, Record]:
    return {one.id: one for one in kernel.people[WHO].records} if WHO in kernel.people else {}


class Lives(RuleBasedStateMachine):
    """One person under the reference policy; the kernel and the diary are told the same and must agree each day."""

    def __init__(self) -> None:
        super().__init__()
        self.kernel = Kernel(POLICY)
        self.late = False
        self.once: dict[str, State] = {}

    @initialize(day=starts, at_once=st.booleans(), late=st.booleans())
    def begin(self, day: date, at_once: bool, late: bool) -> None:  # noqa: FBT001  (drawn, not called)
        self.diary, self.late = Diary(day), late
        self.choose("table", Choice.GIVEN)
        if at_once:
            self.happen("service.subscribed", None)

    def ask(self, act: Act, item: str, role: Role, **more: Any) -> Decision:
        ask = Request(act=act, items=(item,), by=Actor(role), on=self.diary.today, **more)
        before = self.seen()
        decision = self.kernel.ask(WHO, ask, {})
        person = role is Role.MEMBER and act is Act.DESTROY
        if decision.effect is Effect.DENY and not person:
            assert self.seen() == before, "a refusal changed something"
        assert (decision.reason is Reason.PERMITTED) == (decision.effect is Effect.ALLOW)
        return decision

    def seen(self) -> dict[str, tuple[object, ...]]:
        """The records as a decision sees them today; where the store stands is the late worker's affair."""
        day = self.diary.today
        return {
            name: (one.state_on(day), one.frozen and one.state_on(day) is State.LIVE, one.released_on, one.not_before)
            for name, one in standing(self.kernel).items()
        }

    @rule(days=jumps)
    def sleep(self, days: int) -> None:
        day = self.diary.today + timedelta(days=days)
        if day.year < 2040:
            self.diary.sleep_until(day)
            self.run_of_the_day()

    def run_of_the_day(self) -> None:
        before = standing(self.kernel)
        if not self.late:
            self.kernel.run(self.diary.today)
        for name, now in standing(self.kernel).items():
            was = before[name]
            if now.state is State.DESTROYED is not was.state:
                assert was.not_before is not None, "destroyed although something holds it with no end in sight"
                assert was.not_before < self.diary.today, "destroyed before its day"

    @rule(kind=st.sampled_from(EVENTS), matter=matters)
    def happen(self, kind: str, matter: str | None) -> None:
        matter = matter if kind in WITH_MATTER else None
        try:
            self.kernel.event(WHO, self.diary.today, kind, matter)
        except ImpossibleEventError:
            return
        if kind == "dispute.opened" and self.already(matter):
            return
        back = kind == "service.subscribed" and self.diary.first("service.subscribed", 0) is not None
        self.diary.write(kind, matter)
        if back:  # whoever comes back agrees to the table again
            self.kernel.consent(WHO, self.diary.today, "table", Choice.GIVEN)
            self.diary.write("table=given")

    def already(self, matter: str | None) -> bool:
        words = [word for _, word, about, _ in self.diary.log if about == matter and word.startswith("dispute.")]
        return bool(words) and words[-1] == "dispute.opened"

    @rule(to=st.sampled_from(CONSENTS), choice=st.sampled_from(CHOICES))
    def choose(self, to: str, choice: Choice) -> None:
        self.kernel.consent(WHO, self.diary.today, to, choice)
        self.diary.write(f"{to}={choice}")

    @rule(pair=pairs, matter=matters, role=st.sampled_from([Role.MEMBER, Role.SYSTEM, Role.SYSTEM]))
    def collect(self, pair: tuple[str, str], matter: str | None, role: Role) -> None:
        purpose, item = pair
        known = set(standing(self.kernel))
        expected = self.diary.may_collect(purpose, item, matter, role)
        decision = self.ask(Act.COLLECT, item, role, purpose=purpose, matter=matter, method="website")
        assert (decision.effect is Effect.ALLOW) == expected, (pair, matter, decision.reason, decision.because)
        for name in set(standing(self.kernel)) - known:
            self.diary.collect(purpose, item, matter, name)

    @rule(pair=usable)
    def use(self, pair: tuple[str, str]) -> None:
        purpose, item = pair
        decision = self.ask(Act.USE, item, Role.SYSTEM, purpose=purpose)
        assert (decision.effect is Effect.ALLOW) == self.diary.may_use(purpose, item), (pair, decision.reason)

    @rule(purpose=st.sampled_from(sorted(CLAUSE)), item=st.sampled_from(sorted({item for _, item in PAIRS})))
    def use_what_is_not_declared(self, purpose: str, item: str) -> None:
        if (purpose, item) not in PAIRS:
            assert self.ask(Act.USE, item, Role.SYSTEM, purpose=purpose).effect is Effect.DENY
            assert self.ask(Act.COLLECT, item, Role.SYSTEM, purpose=purpose, method="form").effect is Effect.DENY

    @rule(item=st.sampled_from(WATCHED))
    def delete(self, item: str) -> None:
        held = [one for one in self.diary.records.values() if one.item == item and one.stage != "gone"]
        decision = self.ask(Act.DESTROY, item, Role.MEMBER)
        whole = self.diary.delete(item)
        assert (decision.effect is Effect.ALLOW) == (bool(held) and whole), decision
        if not held:
            assert decision.reason is Reason.IMPOSSIBLE

    @rule(item=st.sampled_from(WATCHED), role=st.sampled_from([Role.STAFF, Role.SYSTEM]))
    def destroy(self, item: str, role: Role) -> None:
        held = [one for one in self.diary.records.values() if one.item == item and one.stage != "gone"]
        required = any(self.diary.is_live(one) or self.diary.reasons(one)[2] for one in held)
        decision = self.ask(Act.DESTROY, item, role)
        assert (decision.effect is Effect.ALLOW) == (bool(held) and not required), decision
        for one in held if decision.effect is Effect.ALLOW else ():
            one.stage = "gone"

    @rule(item=st.sampled_from(WATCHED), act=st.sampled_from([Act.FREEZE, Act.CORRECT, Act.LIFT]))
    def freeze(self, item: str, act: Act) -> None:
        live = [one for one in self.diary.records.values() if one.item == item and self.diary.is_live(one)]
        decision = self.ask(act, item, Role.MEMBER)
        possible = bool(live) and (act is not Act.LIFT or any(one.frozen for one in live))
        assert (decision.effect is Effect.ALLOW) == possible, (act, decision.reason)
        for one in live if possible else ():
            one.frozen = act is Act.FREEZE

    @precondition(lambda self: WHO in self.kernel.people)
    @invariant()
    def the_two_agree_on_every_record(self) -> None:
        day = self.diary.today
        name: Callable[[State], str] = {
            State.LIVE: "live", State.LEAVING: "apart", State.SEPARATED: "apart", State.DESTROYED: "gone",
        }.__getitem__  # fmt: skip
        for record in standing(self.kernel).values():
            kept = self.diary.records[record.id]
            said = name(record.state_on(day))
            reasons = (*self.diary.reasons(kept)[:2], self.diary.reasons(kept)[2])
            where = (record, kept.stage, reasons, self.diary.log)
            if kept.stage == "live" and not reasons[0]:  # collected after its service: the store follows with a run
                assert said == ("apart" if reasons[1] else "gone"), where
            else:
                assert said == kept.stage, where
            if said != "gone":
                strict = record.not_before is None or record.not_before >= day
                assert strict == reasons[2], where
                assert record.frozen == kept.frozen or said == "apart", where

    @precondition(lambda self: WHO in self.kernel.people)
    @invariant()
    def the_stored_days_are_the_days_that_follow(self) -> None:
        person = self.kernel.people[WHO]
        for record in person.records:
            if record.state is not State.DESTROYED:
                term = term_of(POLICY, record, person.history, EDITION)
                assert (record.use_until, record.keep_until, record.not_before) == (
                    term.use_until,
                    term.keep_until,
                    term.not_before,
                )

    @precondition(lambda self: WHO in self.kernel.people)
    @invariant()
    def no_record_ever_goes_back(self) -> None:
        order = [State.LIVE, State.LEAVING, State.SEPARATED, State.DESTROYED]
        for record in standing(self.kernel).values():
            for state, key in ((record.state, record.id), (record.state_on(self.diary.today), f"{record.id} by day")):
                if record.on < self.diary.today:  # on its first day a dispute may still come to hold it
                    assert order.index(state) >= order.index(self.once.get(key, State.LIVE))
                    self.once[key] = state


def lived(*steps: tuple[Any, ...]) -> Lives:
    """A life told step by step, on which the two agreed each day."""
    lives = Lives()
    lives.begin(date(2019, 8, 31), at_once=True, late=False)
    for word, *what in steps:
        getattr(lives, word)(*what)
        lives.the_two_agree_on_every_record()
    return lives


def test_refusing_the_table_after_leaving_ends_six_months_with_the_day() -> None:
    lives = lived(
        ("collect", ("identification", "email"), None, Role.MEMBER),
        ("happen", "service.terminated", None),
        ("sleep", 2),
    )
    lives.kernel.consent(WHO, lives.diary.today, "table", Choice.REFUSED)
    assert standing(lives.kernel)["1"].state_on(lives.diary.today) is State.SEPARATED


@pytest.mark.parametrize(("days", "kind", "then"), [
    (0, "dispute.opened", State.SEPARATED), (1, "dispute.opened", State.DESTROYED),
    (5, "dispute.opened", State.DESTROYED), (5, "service.terminated", State.DESTROYED),
])  # fmt: skip
def test_what_comes_later_saves_nothing_that_was_to_be_deleted_while_the_worker_was_late(
    days: int, kind: str, then: State
) -> None:
    lives = Lives()
    lives.begin(date(2019, 8, 31), at_once=True, late=True)
    lives.collect(("identification", "applicant_name"), None, Role.MEMBER)
    lives.happen("dispute.opened", "m:1")
    lives.delete("applicant_name")
    lives.happen("dispute.resolved", "m:1")
    lives.sleep(days)
    lives.kernel.event(WHO, lives.diary.today, kind, "m:2")
    assert standing(lives.kernel)["1"].state_on(lives.diary.today) is then


def test_a_tax_record_outlives_a_table_that_was_refused_before_the_service_ended() -> None:
    lives = lived(("collect", ("tax-record", "rrn"), None, Role.SYSTEM))
    lives.kernel.consent(WHO, lives.diary.today, "table", Choice.WITHDRAWN)
    tomorrow = lives.diary.today + timedelta(days=1)
    lives.kernel.run(tomorrow)
    lives.kernel.event(WHO, tomorrow, "service.terminated")
    lives.kernel.run(tomorrow + timedelta(days=1))
    assert standing(lives.kernel)["1"].state is State.SEPARATED


TestLives = Lives.TestCase
TestLives.settings = settings(stateful_step_count=40)


def wander(seed: int, steps: int) -> Lives:
    """A longer and less even walk than a search takes: most days near the last, most lives members.

    Where the worker is late, few kinds of records, many disputes and many deletions: what is over must stay so.
    """
    draw = random.Random(seed)
    lives = Lives()
    lives.begin(draw.choice(START_DAYS), draw.random() < 0.8, draw.random() < 0.3)
    pairs, kinds, asked = (draw.sample(DRAWN, 5), DISPUTES, 0.95) if lives.late else (DRAWN, EVENTS, 0.91)
    for _ in range(steps):
        turn = draw.random()
        if turn < 0.22:
            lives.sleep(draw.choice(JUMPS))
        elif turn < 0.42:
            lives.happen(draw.choice(kinds), draw.choice(MATTERS[:3] if draw.random() < 0.7 else MATTERS))
        elif turn < 0.54:
            lives.choose(draw.choice(CONSENTS), draw.choice(CHOICES))
        elif turn < 0.78:
            lives.collect(draw.choice(pairs), draw.choice(MATTERS), draw.choice([Role.MEMBER, Role.SYSTEM]))
        elif turn < 0.86 and not lives.late:
            lives.use(draw.choice(USABLE))
        elif turn < asked:
            lives.delete(draw.choice([item for _, item in pairs]))
        elif turn < 0.96:
            lives.destroy(draw.choice(WATCHED), draw.choice([Role.STAFF, Role.SYSTEM]))
        else:
            lives.freeze(draw.choice(WATCHED), draw.choice([Act.FREEZE, Act.CORRECT, Act.LIFT]))
        if WHO in lives.kernel.people:
            lives.the_two_agree_on_every_record()
            lives.the_stored_days_are_the_days_that_follow()
            lives.no_record_ever_goes_back()
    return lives


@pytest.mark.parametrize("seed", range(8))
def test_many_long_lives_agree_with_their_diaries(seed: int) -> None:
    for life in range(20):
        wander(seed * 1000 + life, 60)
