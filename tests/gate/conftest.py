"""One embedded server for each test process; on it a vault that tests share, and fresh ones for those that count."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import msgspec
import pytest

from wordkept import law
from wordkept.decision import Decision
from wordkept.evidence.statement import Body, read_body, read_header
from wordkept.gate import Asked, Gate, Happening, Outcome, Refused, Temporary
from wordkept.person import agreed
from wordkept.policy.editions import load
from wordkept.policy.model import Policy
from wordkept.record import Actor, ImpossibleEventError, Record, Request
from wordkept.rules import RULES
from wordkept.terms import Act, Choice, Role, State
from wordkept.texts import shown_on
from wordkept.vault import values
from wordkept.vault.access import AUDITOR
from wordkept.vault.formats import Store
from wordkept.vault.server import OWNER

ROOT = Path(__file__).resolve().parents[2]
POLICY = load(ROOT / "policies" / "bizmeka-ez", RULES, law.load(ROOT / "law"))
START = date(2019, 3, 4)
"""A day on which most lives here begin."""
VALUES: dict[str, str | bytes] = {
    "applicant_name": "Kim Minji", "email": "minji@example.kr", "mobile_phone": "010-1234-5678",
    "payer_name": "Kim Minji", "card_no": "1234-5678-1234-5678", "rrn": "900101-2000000", "access_ip": "192.0.2.7",
    "access_log": "front page", "cookie": "c-1", "cookie_id": "c-2", "payment_record": "paid 33000",
    "contract_record": "signed", "ceo_name": "Lee Jiho", "relationship": "mother", "id_card_copy": b"\x00scan",
    "poa_doc": b"scan", "seal_cert": b"scan", "advertisement_record": "shown", "content_used": "news",
    "birth_last_digits": "1234567", "birthdate": "1985-02-02", "gender": "w", "address": "Seoul",
}  # fmt: skip
"""A value that fits each item that tests here collect."""


def at(day: date, hour: int = 12) -> datetime:
    return datetime.combine(day, time(hour), ZoneInfo("Asia/Seoul"))


def new_id() -> str:
    return uuid4().hex


class Someone:
    """One person in a vault, and a day on which things are done."""

    def __init__(self, gate: Gate, day: date = START, *, member: bool = True) -> None:
        self.gate, self.day = gate, day
        self.subject = gate.new_subject(at(day))
        if member:
            self.consents("table", Choice.GIVEN)
            self.happens("service.subscribed")

    @property
    def now(self) -> datetime:
        return at(self.day)

    def happens(self, kind: str, matter: str | None = None, request_id: str | None = None) -> int:
        (done,) = self.gate.happen([Happening(self.subject, kind, matter, request_id=request_id)], self.now)
        if isinstance(done, ImpossibleEventError):
            raise done
        return done

    def consents(self, to: str, choice: Choice = Choice.GIVEN) -> None:
        shown = shown_on(self.gate.policy, self.day, to)
        by = Actor(Role.MEMBER, name="test-member")
        self.gate.happen([Happening(self.subject, "consent", None, to, choice, by=by, shown=shown)], self.now)

    def asks(self, act: Act, *items: str, **more: Any) -> Asked:
        """A request: by staff for readings, by the member otherwise; ``values``, ``request_id`` and ``by`` as given."""
        by = more.pop("by", Role.STAFF if act in {Act.USE, Act.PROVIDE, Act.ENTRUST, Act.LIFT} else Role.MEMBER)
        actor = by if isinstance(by, Actor) else Actor(by, name=f"test-{by}")
        values, request_id = more.pop("values", {}), more.pop("request_id", None)
        return Asked(self.subject, Request(act=act, items=items, by=actor, on=self.day, **more), values, request_id)

    def does(self, act: Act, *items: str, **more: Any) -> Outcome:
        return self.gate.perform(self.asks(act, *items, **more), self.now)

    def refused(self, act: Act, *items: str, **more: Any) -> Decision:
        with pytest.raises(Refused) as refusal:
            self.does(act, *items, **more)
        return refusal.value.decision

    def gives(self, purpose: str, *items: str, **more: Any) -> Asked:
        given = {item: VALUES[item] for item in items} | more.pop("values", {})
        return self.asks(Act.COLLECT, *items, purpose=purpose, **{"method": "website", "values": given, **more})

    def collects(self, purpose: str, *items: str, **more: Any) -> Outcome:
        return self.gate.perform(self.gives(purpose, *items, **more), self.now)

    def sees(self, *items: str) -> dict[str, tuple[bytes, ...]]:
        """What the person is shown of some items; nothing where there is nothing."""
        try:
            return dict(self.does(Act.VIEW, *items).values)
        except Refused:
            return {}

    @property
    def records(self) -> tuple[Record, ...]:
        return self.gate.records(self.subject)

    def states(self) -> dict[str, list[State]]:
        found: dict[str, list[State]] = {}
        for one in self.records:
            found.setdefault(one.item, []).append(one.state)
        return found


def sweep(gate: Gate, day: date) -> Any:
    """The run of a day, without a file."""
    gate.settle(at(day, 0))
    return gate.sweep(list(gate.due(at(day, 0))), at(day, 0))


def told(gate: Gate, store: Store = Store.LIVE, subject: str | None = None) -> list[tuple[str, Body]]:
    """Predicates and bodies of the statements about a person, or of all, in the order in which they were written."""
    with gate.installation.connect(store, OWNER) as owner:
        rows = owner.execute(
            "SELECT header, body FROM statement WHERE %(who)s::uuid IS NULL OR subject_id = %(who)s::uuid"
            " ORDER BY ctid, connection, number",
            {"who": subject},
        ).fetchall()
    return [(read_header(bytes(header)).predicate.value, read_body(bytes(body))) for header, body in rows]


def predicates(gate: Gate, store: Store = Store.LIVE, subject: str | None = None) -> list[str]:
    return sorted(predicate for predicate, _ in told(gate, store, subject))


def assert_whole(gate: Gate, day: date = date(2039, 1, 1)) -> None:
    """Evidence holds, records are counted, each has its key and index entry, and nothing is in both stores."""
    gate.seal(at(day))
    for name, checked in gate.verify().items():
        assert not checked.report.findings, (name, checked.report.findings)
        assert checked.census is not None
        assert not checked.census.mismatches, (name, checked.census.mismatches)
    for store in Store:
        with gate.installation.connect(store, OWNER) as owner:
            assert values.unpaired(owner.cursor()) == [], store
    assert not in_both(gate)
    with gate.installation.connect(Store.LIVE, OWNER) as owner:
        orphans = owner.execute(
            "SELECT count(*) FROM blind b WHERE NOT EXISTS (SELECT FROM record r WHERE r.subject_id = b.subject_id"
            " AND r.record_id = b.record_id)"
        ).fetchone()
        assert orphans == (0,), "an index entry without its record"
        lost = owner.execute(
            "SELECT count(*) FROM record r WHERE item = ANY (%s) AND NOT EXISTS (SELECT FROM blind b"
            " WHERE b.subject_id = r.subject_id AND b.record_id = r.record_id)",
            (["email", "mobile_phone", "ci"],),
        ).fetchone()
        assert lost == (0,), "a record that cannot be found"


def in_both(gate: Gate) -> set[str]:
    """Records that are in both stores and not on their way between them."""
    there: list[set[str]] = []
    for store in Store:
        with gate.installation.connect(store, AUDITOR) as auditor:
            rows = auditor.execute("SELECT record_id, state FROM record").fetchall()
            there.append({record for record, state in rows if state != "leaving"})
    return there[0] & there[1]


@pytest.fixture(scope="session")
def temporary() -> Iterator[Temporary]:
    with Temporary() as opened:
        yield opened


@pytest.fixture(scope="session")
def gate(temporary: Temporary) -> Iterator[Gate]:
    """A vault that tests share: they mind their own people only."""
    with temporary.gate(POLICY) as opened:
        parties = (*POLICY.editions[0].recipients, *POLICY.editions[0].processors)
        kinds = agreed(POLICY.editions[0])
        opened.happen([Happening(None, kind.opens, one) for kind in kinds for one in parties], at(START))
        yield opened


@pytest.fixture
def fresh(temporary: Temporary) -> Iterator[Gate]:
    """A vault of the test's own."""
    with temporary.gate(POLICY) as opened:
        yield opened


def amended(policy: Policy, **changes: Any) -> Policy:
    """A policy whose only edition was changed."""
    (edition,) = policy.editions
    return msgspec.structs.replace(policy, editions=(msgspec.structs.replace(edition, **changes),))
