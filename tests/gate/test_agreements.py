"""The register of agreements on a real vault: who may be handed what because of it, and how an agreement ends."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from tests.gate.conftest import POLICY, START, Someone, at, told

from wordkept.gate import Agreements, Gate, Outbox, Signed, Standing
from wordkept.gate.papers import MOST, seen
from wordkept.gate.standing import Wrong, wanted_by_law
from wordkept.person import agreed
from wordkept.record import Actor
from wordkept.terms import Act, Answer, OrderKind, Reason, Role, ValueRejectedError

EDITION = POLICY.editions[0]
CLAUSES = tuple(kind.name for kind in agreed(EDITION) if kind.within)
LAW = wanted_by_law(EDITION, START)
PAPER = b"%PDF signed"
NEXT = START + timedelta(days=1)


@contextmanager
def register(gate: Gate) -> Iterator[Agreements]:
    with Agreements(gate.installation, gate.policy) as opened:
        yield opened


def signed(gate: Gate, party: str = "ktis", day: date = START, **more: Any) -> None:
    entered = Signed(**{"party": party, "country": "KR", "begins": day, "clauses": (*CLAUSES, *LAW), **more})
    with register(gate) as opened:
        opened.sign(entered, PAPER, "procurement", at(day))


def stands(gate: Gate, party: str = "ktis", day: date = START) -> Standing:
    with register(gate) as opened:
        return next(one for one in opened.listed(at(day)) if one.party == party)


def customer(gate: Gate) -> Someone:
    someone = Someone(gate)
    someone.consents("entrustment")
    someone.collects("identification", "email")
    return someone


def test_an_agreement_in_the_register_opens_the_gate_and_says_which_office_entered_it(fresh: Gate) -> None:
    someone = customer(fresh)
    assert someone.refused(Act.ENTRUST, "email", to="ktis", by=Role.SYSTEM).reason is Reason.NO_AGREEMENT
    signed(fresh)
    someone.does(Act.ENTRUST, "email", to="ktis", by=Role.SYSTEM)
    assert someone.refused(Act.ENTRUST, "email", to="ktcs", by=Role.SYSTEM).reason is Reason.NO_AGREEMENT
    digest = sha256(PAPER).hexdigest()
    assert (fresh.installation.folder / "papers" / digest).read_bytes() == PAPER
    said = [body for predicate, body in told(fresh) if predicate == "attested"]
    assert [(one.rule, one.to, one.actor, one.digest) for one in said] == [
        ("agreement.signed", "ktis", "procurement", digest)
    ]
    found = stands(fresh)
    assert (found.in_force, found.lacks, found.lacks_law, found.wrong) == (True, (), (), ())


@pytest.mark.parametrize("missing", CLAUSES)
def test_a_clause_that_nobody_ticked_keeps_everything_here(fresh: Gate, missing: str) -> None:
    someone = customer(fresh)
    signed(fresh, clauses=tuple(one for one in CLAUSES if one != missing))
    assert someone.refused(Act.ENTRUST, "email", to="ktis", by=Role.SYSTEM).reason is Reason.NO_AGREEMENT
    found = stands(fresh)
    assert (found.in_force, found.lacks, found.lacks_law) == (False, (missing,), LAW)
    assert found.wrong == (Wrong.LACKS, Wrong.LACKS_LAW)
    with register(fresh) as opened:
        opened.tick("ktis", [missing, *LAW], "legal", at(START))
        someone.does(Act.ENTRUST, "email", to="ktis", by=Role.SYSTEM)
        opened.tick("ktis", [missing], "legal", at(START), back=True)
    assert someone.refused(Act.ENTRUST, "email", to="ktis", by=Role.SYSTEM).reason is Reason.NO_AGREEMENT
    assert stands(fresh).lacks == (missing,)


def test_the_law_wants_seven_things_and_the_policy_five() -> None:
    assert (len(CLAUSES), len(LAW)) == (5, 7)
    assert {one.partition(":")[0] for one in LAW} == {"kr/pipa"}


def test_outside_its_term_an_agreement_opens_nothing_though_no_run_came(fresh: Gate) -> None:
    someone = customer(fresh)
    signed(fresh, ends=NEXT)
    someone.day = NEXT
    someone.does(Act.ENTRUST, "email", to="ktis", by=Role.SYSTEM)
    someone.day = after = NEXT + timedelta(days=1)
    assert someone.refused(Act.ENTRUST, "email", to="ktis", by=Role.SYSTEM).reason is Reason.NO_AGREEMENT
    found = stands(fresh, day=after)
    assert (found.in_force, found.wrong) == (False, (Wrong.OUT_OF_TERM,))
    fresh.settle(at(after))
    found = stands(fresh, day=after)
    assert (found.in_force, found.wrong, found.unsettled) == (False, (), 1)
    assert found.agreement
    assert (found.agreement.ended_by, found.agreement.ended_on) == ("term", after)


def test_a_new_agreement_replaces_the_old_one_and_nothing_is_given_back(fresh: Gate) -> None:
    someone = customer(fresh)
    signed(fresh)
    someone.does(Act.ENTRUST, "email", to="ktis", by=Role.SYSTEM)
    signed(fresh, clauses=CLAUSES[1:])
    assert someone.refused(Act.ENTRUST, "email", to="ktis", by=Role.SYSTEM).reason is Reason.NO_AGREEMENT
    signed(fresh)
    someone.does(Act.ENTRUST, "email", to="ktis", by=Role.SYSTEM)
    fresh.settle(at(NEXT))
    assert stands(fresh, day=NEXT).unsettled == 0


def test_a_certificate_of_an_end_answers_nothing_that_somebody_asked_for_since(fresh: Gate) -> None:
    first, second = customer(fresh), customer(fresh)
    signed(fresh)
    first.does(Act.ENTRUST, "email", to="ktis", by=Role.SYSTEM)
    with register(fresh) as opened:
        opened.end("ktis", "procurement", at(START))
    signed(fresh)
    second.does(Act.ENTRUST, "email", to="ktis", by=Role.SYSTEM)
    second.does(Act.DESTROY, "email")
    with register(fresh) as opened:
        assert opened.certify("ktis", b"all destroyed", "procurement", at(START)) == 1
    with Outbox(fresh.installation, fresh.policy) as outbox:
        assert [one.order.kind for one in outbox.open()] == [OrderKind.ERASE]


def test_at_the_end_all_is_to_be_given_back_and_certified_in_time(fresh: Gate) -> None:
    people = [customer(fresh) for _ in range(3)]
    signed(fresh)
    signed(fresh, "ktcs")
    for someone in people:
        someone.does(Act.ENTRUST, "email", to="ktis", by=Role.SYSTEM)
        someone.does(Act.ENTRUST, "email", to="ktcs", by=Role.SYSTEM)
    with register(fresh) as opened:
        opened.end("ktis", "procurement", at(START))
        with pytest.raises(ValueRejectedError, match="no agreement stands"):
            opened.end("ktis", "procurement", at(START))
    with Outbox(fresh.installation, fresh.policy) as outbox:
        found = outbox.open()
        assert [(one.order.to, one.order.kind, one.order.answer_by) for one in found] == [
            ("ktis", OrderKind.RETURN, NEXT)
        ] * 3
        outbox.answered(found[0], Answer.DONE, at(START), Actor(Role.PROCESSOR, name="ktis"))
    assert (stands(fresh).unsettled, stands(fresh).wrong) == (2, ())
    fresh.settle(at(NEXT))
    late = NEXT + timedelta(days=1)
    assert stands(fresh, day=late).wrong == (Wrong.NOT_CERTIFIED, Wrong.NOT_RETURNED)
    with register(fresh) as opened:
        assert opened.certify("ktis", b"all destroyed", "procurement", at(late)) == 2
        with pytest.raises(ValueRejectedError, match="no certificate"):
            opened.certify("ktis", b"all destroyed", "procurement", at(late))
    assert (stands(fresh, day=late).wrong, stands(fresh, day=late).unsettled) == ((), 0)
    certified = [body.digest for predicate, body in told(fresh) if body.rule == "agreement.certified"]
    assert certified == [sha256(b"all destroyed").hexdigest()]
    with Outbox(fresh.installation, fresh.policy) as outbox:
        for someone in people:
            assert [one.to for one in outbox.held(someone.subject) if one.held] == ["ktcs"]


def test_staff_of_a_processor_touch_what_might_be_handed_to_it(fresh: Gate) -> None:
    someone, theirs = customer(fresh), Actor(Role.STAFF, name="lee-7", employer="ktis")
    how = {"purpose": "inquiry", "by": theirs}
    assert someone.refused(Act.USE, "email", **how).reason is Reason.NO_AGREEMENT
    signed(fresh)
    assert someone.does(Act.USE, "email", **how).text("email") == "minji@example.kr"
    assert someone.refused(Act.USE, "email", purpose="bill-sending", by=theirs).reason is Reason.NOT_FOR_RECIPIENT
    with register(fresh) as opened:
        opened.end("ktis", "procurement", at(START))
    for act in (Act.USE, Act.CORRECT, Act.FREEZE, Act.DESTROY):
        purpose = "inquiry" if act is Act.USE else None
        found = someone.refused(act, "email", purpose=purpose, by=theirs)
        assert found.reason is Reason.NO_AGREEMENT, act
    assert someone.does(Act.USE, "email", purpose="inquiry").text("email") == "minji@example.kr"


def test_an_inspection_that_is_overdue_is_wrong_until_it_is_made(fresh: Gate) -> None:
    signed(fresh, inspect_by=NEXT)
    late = NEXT + timedelta(days=1)
    assert (stands(fresh, day=NEXT).wrong, stands(fresh, day=late).wrong) == ((), (Wrong.UNINSPECTED,))
    with register(fresh) as opened:
        opened.inspect("ktis", b"report", late + timedelta(days=365), "audit", at(late))
    found = stands(fresh, day=late)
    assert found.wrong == ()
    assert found.agreement
    assert [(one.by, one.report) for one in found.agreement.inspections] == [("audit", sha256(b"report").hexdigest())]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"party": "hanbit-calls"}, "no such recipient or processor"),
        ({"begins": NEXT}, "its term does not hold today"),
        ({"ends": START - timedelta(days=1)}, "its term does not hold today"),
        ({"country": "Korea"}, "two capital letters"),
        ({"inspect_by": START}, "after today"),
        ({"subprocessors": ("hanbit-calls",)}, "no work may be handed on"),
        ({"subprocessors": ("ktis",)}, "no work may be handed on"),
        ({"clauses": ("agreement-lore",)}, "no clause 'agreement-lore' is wanted"),
        ({"clauses": ("agreement",)}, "no clause 'agreement' is wanted"),
    ],
)
def test_what_cannot_be_is_not_entered(fresh: Gate, more: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueRejectedError, match=said):
        signed(fresh, **more)
    assert not (fresh.installation.folder / "papers").exists()
    assert not [predicate for predicate, _ in told(fresh) if predicate in {"attested", "event"}]


def test_an_office_goes_by_a_pseudonym(fresh: Gate) -> None:
    with register(fresh) as opened:
        for by in ("", "Kim Minji", "x" * 97):
            with pytest.raises(ValueRejectedError):
                opened.sign(Signed(party="ktis", country="KR", begins=START), PAPER, by, at(START))


def test_a_paper_is_a_file_that_is_neither_empty_nor_large(tmp_path: Path) -> None:
    (tmp_path / "none").write_bytes(b"")
    with (tmp_path / "large").open("wb") as large:
        large.truncate(1024**3)
    (tmp_path / "most").write_bytes(b"x" * MOST)
    assert len(seen(tmp_path / "most")) == MOST
    for name in ("none", "large", "nowhere"):
        with pytest.raises(ValueRejectedError):
            seen(tmp_path / name)
    with pytest.raises(ValueRejectedError):
        seen(tmp_path)
