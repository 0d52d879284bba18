"""Each act through the gate, over real stores: what it changes, what it states, and what a refusal leaves behind."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from hashlib import sha256
from typing import Any

import msgspec
import pytest
from tests.gate.conftest import (
    POLICY,
    START,
    VALUES,
    Someone,
    amended,
    assert_whole,
    at,
    new_id,
    predicates,
    sweep,
    told,
)

from wordkept.gate import Asked, Gate, Happening, Refused, Temporary
from wordkept.person import agreed
from wordkept.policy.model import Policy
from wordkept.record import Actor, ImpossibleEventError, Record, Request
from wordkept.terms import Act, Choice, Effect, Level, Reason, Role, State, ValueRejectedError
from wordkept.texts import shown_on
from wordkept.vault.access import AUDITOR
from wordkept.vault.formats import Store
from wordkept.vault.server import OWNER


def test_what_is_collected_is_there_sealed_and_stated(gate: Gate) -> None:
    someone = Someone(gate)
    someone.collects("identification", "applicant_name", "email")
    assert someone.states() == {"applicant_name": [State.LIVE], "email": [State.LIVE]}
    assert someone.sees("email") == {"email": (b"minji@example.kr",)}
    said = [body for predicate, body in told(gate, subject=someone.subject) if predicate == "collected"]
    assert {(body.items, body.records[0].version) for body in said} == {(("applicant_name",), 1), (("email",), 1)}
    assert all(body.records[0].sealed and body.clauses for body in said)


def test_many_are_collected_in_one_batch(gate: Gate) -> None:
    people = [Someone(gate) for _ in range(5)]
    asks = [one.gives("identification", "applicant_name", "email") for one in people]
    assert all(one.decision.effect is Effect.ALLOW for one in gate.perform_many(asks, at(START)))
    assert all(set(one.states()) == {"applicant_name", "email"} for one in people)


def test_people_alike_get_in_a_batch_what_each_of_them_gets_alone(gate: Gate) -> None:
    """The same request of many people: of the same past, of another, of those who refused, and of some twice."""
    ask = Someone(gate).gives("identification", "gender", "email").ask
    alike, later, unwilling = [Someone(gate) for _ in range(4)], Someone(gate), Someone(gate)
    later.happens("service.terminated")
    later.happens("service.subscribed")
    unwilling.consents("table", Choice.REFUSED)
    people = [*alike, later, unwilling]

    def asked(one: Someone, number: int) -> Asked:
        return Asked(one.subject, ask, {"gender": "f", "email": f"person{number}@example.org"})

    def bare(records: Iterable[Record]) -> list[Record]:
        return sorted((msgspec.structs.replace(one, id="") for one in records), key=lambda one: one.item)

    together = [asked(one, number) for number, one in enumerate([*people, alike[0], unwilling])]
    done = [one.decision.effect for one in gate.perform_many(together, alike[0].now)]
    assert done == [Effect.ALLOW] * 4 + [Effect.DENY] * 2 + [Effect.ALLOW, Effect.DENY]
    alone = Someone(gate)
    gate.perform(asked(alone, 9), alone.now)
    assert [predicates(gate, subject=one.subject) for one in alike[1:]] == [predicates(gate, subject=alone.subject)] * 3
    found = [record for one in alike for record in one.records if record.state is State.LIVE]
    assert len({one.id for one in found}) == len(found) == 2 * len(alike)
    assert bare(alike[1].records) == bare(alone.records)
    shown = [(b"person%d@example.org" % number,) for number in (6, 1, 2, 3)]
    assert [one.sees("email")["email"] for one in alike] == shown
    assert not [*later.records, *unwilling.records]
    assert_whole(gate)


def test_two_people_collect_and_one_corrects_in_one_batch(gate: Gate) -> None:
    one, other = Someone(gate), Someone(gate)
    correction = Request(act=Act.CORRECT, items=("email",), by=Actor(Role.MEMBER, name="m"), on=START)
    asks = [one.gives("identification", "email"), other.gives("identification", "email")]
    asks.append(Asked(one.subject, correction, {"email": "new@example.kr"}))
    assert all(done.decision.effect is Effect.ALLOW for done in gate.perform_many(asks, at(START)))
    assert one.sees("email") == {"email": (b"new@example.kr",)}
    assert other.sees("email") == {"email": (b"minji@example.kr",)}


def test_collecting_again_replaces_and_the_old_value_is_destroyed(gate: Gate) -> None:
    someone = Someone(gate)
    someone.collects("identification", "email")
    (old,) = someone.records
    someone.collects("bill-sending", "email", values={"email": "new@example.kr"})
    (new,) = someone.records
    assert new.id != old.id
    assert someone.sees("email") == {"email": (b"new@example.kr",)}
    gone = [body for predicate, body in told(gate, subject=someone.subject) if predicate == "destroyed"]
    assert [body.records[0].id for body in gone] == [old.id]


def test_what_is_added_replaces_nothing(gate: Gate) -> None:
    someone = Someone(gate)
    for _ in range(2):
        someone.collects("service-record", "access_ip", by=Role.SYSTEM, method="tool")
    assert someone.states() == {"access_ip": [State.LIVE, State.LIVE]}


@pytest.mark.parametrize(
    ("item", "value", "what"),
    [
        ("email", "nobody", "email"),
        ("mobile_phone", "call me", "mobile_phone"),
        ("applicant_name", "", "applicant_name"),
        ("applicant_name", "a\x00b", "applicant_name"),
        ("applicant_name", "\ud800", "applicant_name"),
        ("applicant_name", "Ame\u0301lie", "applicant_name"),
        ("applicant_name", b"bytes", "applicant_name"),
        ("applicant_name", "x" * 100_000, "applicant_name"),
    ],
)
def test_a_value_that_does_not_fit_is_one_clear_error_and_stores_nothing(
    gate: Gate, item: str, value: str | bytes, what: str
) -> None:
    someone, other = Someone(gate), Someone(gate)
    before = predicates(gate, subject=someone.subject)
    asks = [other.gives("identification", "gender"), someone.gives("identification", item, values={item: value})]
    with pytest.raises(ValueRejectedError, match=what) as error:
        gate.perform_many(asks, at(START))
    assert not isinstance(value, str) or len(value) < 2 or value not in str(error.value)
    assert someone.records == ()
    assert other.records == ()
    assert predicates(gate, subject=someone.subject) == before


def test_a_collection_without_its_value_is_an_error_and_stores_nothing(gate: Gate) -> None:
    someone = Someone(gate)
    with pytest.raises(ValueRejectedError, match="email"):
        gate.perform(someone.asks(Act.COLLECT, "email", purpose="identification", method="website"), at(START))
    assert someone.records == ()


def test_an_item_that_no_policy_declares_is_refused_and_not_named_in_evidence(gate: Gate) -> None:
    someone = Someone(gate)
    decision = someone.refused(
        Act.COLLECT, "shoe_size", purpose="identification", method="website", values={"shoe_size": "38"}
    )
    assert decision.reason is Reason.UNDECLARED
    assert "2.3.0" in decision.because
    (said,) = [body for predicate, body in told(gate, subject=someone.subject) if predicate == "refused"]
    assert said.items == ()


@pytest.mark.parametrize("part", ["subject", "request_id", "matter", "source", "statute", "reason"])
def test_what_has_not_its_form_is_not_let_in(gate: Gate, part: str) -> None:
    someone = Someone(gate)
    asked = someone.gives("identification", "email")
    if part in {"subject", "request_id"}:
        given = {"subject": asked.subject, "request_id": None, part: "'; DROP"}
        asked = Asked(str(given["subject"]), asked.ask, asked.values, given["request_id"])
    else:
        asked = someone.gives("identification", "email", **{part: "a\x00b"})
    with pytest.raises(ValueRejectedError, match=part.replace("_", " ")):
        gate.perform(asked, at(START))
    with pytest.raises(ValueRejectedError, match="matter"):
        gate.happen([Happening(someone.subject, "charge.raised", "a\nb")], at(START))
    assert someone.records == ()


def test_a_use_opens_the_value_and_says_which_sealed_bytes(gate: Gate) -> None:
    someone = Someone(gate)
    someone.collects("identification", "email")
    outcome = someone.does(Act.USE, "email", purpose="bill-sending")
    assert outcome.values == {"email": (b"minji@example.kr",)}
    (said,) = [body for predicate, body in told(gate, subject=someone.subject) if predicate == "used"]
    (record,) = someone.records
    assert (said.purpose, said.role, said.actor) == ("bill-sending", Role.STAFF, "test-staff")
    assert [(one.id, one.version) for one in said.records] == [(record.id, 1)]
    assert outcome.receipt is not None


def test_one_refusal_in_a_batch_rolls_nothing_back(gate: Gate) -> None:
    someone, other = Someone(gate), Someone(gate)
    asks = [
        someone.gives("identification", "email"),
        someone.gives("marketing", "email"),
        other.gives("identification", "email"),
    ]
    outcomes = gate.perform_many(asks, at(START))
    assert [one.decision.effect for one in outcomes] == [Effect.ALLOW, Effect.DENY, Effect.ALLOW]
    assert predicates(gate, subject=someone.subject).count("refused") == 1
    reads = [
        someone.asks(Act.USE, "email", purpose="marketing"),
        other.asks(Act.USE, "email", purpose="bill-sending"),
    ]
    outcomes = gate.read_many(reads, at(START))
    assert [(one.decision.effect, bool(one.values)) for one in outcomes] == [(Effect.DENY, False), (Effect.ALLOW, True)]


def test_a_refusal_is_committed_before_it_is_raised(gate: Gate) -> None:
    someone = Someone(gate)
    with pytest.raises(Refused) as refusal:
        someone.does(Act.USE, "email", purpose="marketing")
    receipt = refusal.value.receipt
    assert receipt is not None
    with gate.installation.connect(Store.LIVE, AUDITOR) as elsewhere:
        found = elsewhere.execute(
            "SELECT subject_id FROM statement WHERE connection = %s AND number = %s",
            (receipt.connection, receipt.number),
        ).fetchall()
    assert found == [(someone.subject,)]


@pytest.mark.parametrize("act", [Act.USE, Act.VIEW, Act.CORRECT, Act.FREEZE, Act.LIFT, Act.DESTROY])
def test_nothing_can_be_done_about_nobody(gate: Gate, act: Act) -> None:
    nobody = Someone(gate, member=False)
    decision = nobody.refused(act, "email", purpose="bill-sending" if act is Act.USE else None, reason="asked")
    assert decision.effect is Effect.DENY
    assert predicates(gate, subject=nobody.subject) == ["refused"]
    assert nobody.records == ()


def test_providing_needs_consent_and_agreement(gate: Gate) -> None:
    someone = Someone(gate)
    someone.collects("identification", "applicant_name", "mobile_phone")
    assert "9.0" in someone.refused(Act.PROVIDE, "mobile_phone", to="kmc", by=Role.SYSTEM).because
    someone.consents("provision:kmc")
    outcome = someone.does(Act.PROVIDE, "mobile_phone", to="kmc", by=Role.SYSTEM)
    assert outcome.values == {"mobile_phone": (b"010-1234-5678",)}
    said = [body for predicate, body in told(gate, subject=someone.subject) if predicate == "provided"]
    assert [body.to for body in said] == ["kmc"]


def test_without_an_agreement_nothing_is_entrusted(fresh: Gate) -> None:
    someone = Someone(fresh)
    someone.consents("entrustment")
    someone.collects("identification", "email")
    assert someone.refused(Act.ENTRUST, "email", to="ktis", by=Role.SYSTEM).reason is Reason.NO_AGREEMENT
    fresh.happen([Happening(None, kind.opens, "ktis") for kind in agreed(POLICY.editions[0])], at(START))
    assert someone.does(Act.ENTRUST, "email", to="ktis", by=Role.SYSTEM).values == {"email": (b"minji@example.kr",)}
    fresh.happen([Happening(None, "agreement.ended", "ktis")], at(START))
    assert someone.refused(Act.ENTRUST, "email", to="ktis", by=Role.SYSTEM).reason is Reason.NO_AGREEMENT


def test_members_of_a_group_see_each_other_while_both_are_in_it(gate: Gate) -> None:
    one, other = Someone(gate), Someone(gate)
    for someone in (one, other):
        someone.collects("identification", "email")
        someone.consents("provision:group-members")
    group = f"group:{new_id()}"
    one.happens("group.joined", group)
    assert one.refused(Act.PROVIDE, "email", to="group-members", by=Role.SYSTEM).effect is Effect.DENY
    other.happens("group.joined", group)
    assert one.does(Act.PROVIDE, "email", to="group-members", by=Role.SYSTEM).values
    other.happens("group.left", group)
    assert one.refused(Act.PROVIDE, "email", to="group-members", by=Role.SYSTEM).effect is Effect.DENY


def key_of(gate: Gate, record: str) -> list[tuple[int, bytes, int, int]]:
    with gate.installation.connect(Store.LIVE, OWNER) as owner:
        return owner.execute(
            "SELECT version, wrapped, shard, generation FROM value_key WHERE record_id = %s", (record,)
        ).fetchall()


def test_a_correction_is_a_new_version_under_a_new_key_and_lifts_the_freeze(gate: Gate) -> None:
    someone = Someone(gate)
    someone.collects("identification", "email")
    (record,) = someone.records
    [(_, wrapped, shard, generation)] = key_of(gate, record.id)
    someone.does(Act.FREEZE, "email")
    assert someone.refused(Act.USE, "email", purpose="bill-sending").reason is Reason.FROZEN
    someone.does(Act.CORRECT, "email", values={"email": "minji.kim@example.kr"})
    (record,) = someone.records
    assert (record.version, record.frozen) == (2, False)
    [(version, new_wrapped, _, _)] = key_of(gate, record.id)
    assert version == 2
    assert new_wrapped != wrapped
    with gate.installation.connect(Store.LIVE, AUDITOR) as auditor:
        marks = auditor.execute("SELECT shard, generation FROM destruction_mark").fetchall()
    assert (shard, generation) in marks
    assert someone.does(Act.USE, "email", purpose="bill-sending").values == {"email": (b"minji.kim@example.kr",)}


def test_a_correction_without_a_value_keeps_the_value_under_a_new_key(gate: Gate) -> None:
    someone = Someone(gate)
    someone.collects("identification", "email")
    (record,) = someone.records
    [(_, wrapped, _, _)] = key_of(gate, record.id)
    someone.does(Act.CORRECT, "email")
    [(version, new_wrapped, _, _)] = key_of(gate, record.id)
    assert (version, new_wrapped != wrapped) == (2, True)
    assert someone.sees("email") == {"email": (b"minji@example.kr",)}


def test_a_freeze_is_lifted_by_staff_only_with_a_reason(gate: Gate) -> None:
    someone = Someone(gate)
    someone.collects("identification", "email")
    someone.does(Act.FREEZE, "email")
    assert someone.sees("email"), "a freeze does not bar one's own view"
    assert someone.refused(Act.LIFT, "email").because == ("10.6.b",)
    someone.does(Act.LIFT, "email", reason="it was right")
    assert someone.does(Act.USE, "email", purpose="bill-sending").values
    assert someone.refused(Act.LIFT, "email", reason="again").effect is Effect.DENY
    assert {"frozen", "lifted"} <= set(predicates(gate, subject=someone.subject))


def test_a_member_has_deleted_what_nothing_requires(gate: Gate) -> None:
    someone = Someone(gate)
    someone.collects("identification", "email", "gender")
    outcome = someone.does(Act.DESTROY, "email", "gender")
    assert outcome.decision.effect is Effect.ALLOW
    assert someone.records == ()
    (said,) = [body for predicate, body in told(gate, subject=someone.subject) if predicate == "destroyed"]
    assert len(said.records) == 2
    assert someone.refused(Act.DESTROY, "email").reason is Reason.IMPOSSIBLE


def test_what_a_law_requires_is_separated_at_once_when_its_person_wants_it_deleted(gate: Gate) -> None:
    someone = Someone(gate)
    someone.collects("identification", "email")
    someone.collects("tax-record", "rrn", by=Role.SYSTEM)
    decision = someone.refused(Act.DESTROY, "email", "rrn")
    assert (decision.reason, decision.because) == (Reason.HELD, ("5.2.B",))
    assert someone.states() == {"rrn": [State.SEPARATED]}
    assert {"released", "destroyed", "separated", "refused"} <= set(predicates(gate, subject=someone.subject))
    assert someone.sees("rrn") == {"rrn": (b"900101-2000000",)}
    decision = someone.refused(Act.USE, "rrn", purpose="tax-record", by=Role.SYSTEM)
    assert decision.reason is Reason.SEPARATED
    assert "6.1.B" in decision.because


def test_a_separated_record_is_deleted_there_when_its_person_asks(gate: Gate) -> None:
    someone = Someone(gate)
    someone.collects("identification", "email")
    someone.happens("service.terminated")
    someone.day += timedelta(days=1)
    sweep(gate, someone.day)
    assert someone.states() == {"email": [State.SEPARATED]}
    assert someone.does(Act.DESTROY, "email").decision.effect is Effect.ALLOW
    assert someone.records == ()
    assert predicates(gate, Store.SEPARATE, someone.subject) == ["arrived", "destroyed"]
    assert someone.sees("email") == {}


def test_staff_may_destroy_what_no_use_needs_and_no_law_requires(gate: Gate) -> None:
    someone = Someone(gate)
    someone.collects("identification", "email", "applicant_name")
    assert someone.refused(Act.DESTROY, "email", by=Role.STAFF).reason is Reason.HELD
    someone.happens("service.terminated")
    someone.day += timedelta(days=1)
    sweep(gate, someone.day)
    assert someone.refused(Act.DESTROY, "applicant_name", by=Role.STAFF).because == ("5.2.B",)
    someone.does(Act.DESTROY, "email", by=Role.STAFF)
    assert someone.states() == {"applicant_name": [State.SEPARATED]}


def test_a_wish_is_remembered_for_what_is_held_apart_by_a_law_alone(gate: Gate) -> None:
    """Six months would keep it beyond the dispute; the person asked for deletion, so only the dispute does."""
    someone = Someone(gate)
    someone.collects("identification", "email")
    someone.happens("dispute.opened", "payment:1")
    someone.happens("service.terminated")
    someone.day += timedelta(days=1)
    sweep(gate, someone.day)
    assert someone.refused(Act.DESTROY, "email").because == ("5.1.C",)
    assert [(one.released_on, one.keep_until) for one in someone.records] == [(someone.day, None)]
    someone.day += timedelta(days=10)
    someone.happens("dispute.resolved", "payment:1")
    sweep(gate, someone.day)
    assert someone.states() == {"email": [State.SEPARATED]}
    sweep(gate, someone.day + timedelta(days=1))
    assert someone.records == ()


def test_no_later_dispute_saves_what_its_person_wanted_gone_when_the_worker_is_late(gate: Gate) -> None:
    someone = Someone(gate)
    someone.collects("identification", "email")
    someone.happens("dispute.opened", "payment:1")
    asked = someone.day
    assert someone.refused(Act.DESTROY, "email").because == ("5.1.C",)
    someone.day += timedelta(days=10)
    someone.happens("dispute.opened", "payment:2")
    assert someone.refused(Act.DESTROY, "email").because == ("5.1.C",)
    someone.happens("dispute.resolved", "payment:1")
    someone.happens("dispute.resolved", "payment:2")
    assert [(one.released_on, one.keep_until) for one in someone.records] == [(asked, someone.day)]
    someone.day += timedelta(days=2)
    someone.happens("dispute.opened", "payment:3")
    assert someone.sees("email") == {}
    sweep(gate, someone.day)
    assert someone.records == ()


def test_legal_requests_and_disputes_open_what_is_apart_before_two_people(gate: Gate) -> None:
    someone = Someone(gate)
    someone.collects("identification", "email")
    someone.happens("dispute.opened", "payment:7")
    someone.happens("service.terminated")
    someone.day += timedelta(days=1)
    sweep(gate, someone.day)
    alone, same = Actor(Role.STAFF, name="test-staff"), Actor(Role.STAFF, name="test-staff", second="test-staff")
    two = Actor(Role.STAFF, name="test-staff", second="test-other")
    for how in ({"legal_request": "2019-77"}, {"reason": "dispute", "purpose": "bill-sending"}):
        for by in (alone, same):
            decision = someone.refused(Act.USE, "email", by=by, **how)
            assert decision.reason is Reason.SECOND_PERSON_REQUIRED
            assert "6.1.B" in decision.because
        assert someone.does(Act.USE, "email", by=two, **how).values == {"email": (b"minji@example.kr",)}
    opened = [body for predicate, body in told(gate, Store.SEPARATE, someone.subject) if predicate == "used"]
    assert [body.second for body in opened] == ["test-other", "test-other"]
    assert [body.digest for body in opened] == [sha256(b"2019-77").hexdigest(), None]


def test_two_people_are_needed_too_when_the_worker_is_late(gate: Gate) -> None:
    someone = Someone(gate)
    someone.collects("identification", "email")
    someone.happens("service.terminated")
    someone.day += timedelta(days=1)
    assert someone.refused(Act.USE, "email", purpose="bill-sending").reason is Reason.SEPARATED
    alone = Actor(Role.STAFF, name="test-staff")
    decision = someone.refused(Act.USE, "email", by=alone, legal_request="2019-78")
    assert decision.reason is Reason.SECOND_PERSON_REQUIRED


def test_ones_own_view_opens_both_stores(gate: Gate) -> None:
    someone = Someone(gate)
    someone.collects("identification", "email")
    someone.consents("marketing")
    someone.collects("marketing", "email", values={"email": "ads@example.kr"})
    someone.consents("marketing", Choice.WITHDRAWN)
    someone.happens("dispute.opened", None)
    someone.day += timedelta(days=1)
    sweep(gate, someone.day)
    assert sorted(someone.states()["email"]) == [State.LIVE, State.SEPARATED]
    assert sorted(someone.sees("email")["email"]) == [b"ads@example.kr", b"minji@example.kr"]
    assert predicates(gate, Store.SEPARATE, someone.subject).count("viewed") == 1


def test_an_unidentified_member_sees_nothing(gate: Gate) -> None:
    someone = Someone(gate)
    someone.collects("identification", "email")
    stranger = Actor(Role.MEMBER, name="test-member", level=Level.NONE)
    assert someone.refused(Act.VIEW, "email", by=stranger).reason is Reason.UNIDENTIFIED


def test_a_representative_acts_while_all_documents_are_held(gate: Gate) -> None:
    someone = Someone(gate)
    someone.collects("identification", "email")
    assert someone.refused(Act.VIEW, "email", by=Role.REPRESENTATIVE).reason is Reason.NOT_AUTHORISED
    for item in ("id_card_copy", "poa_doc", "seal_cert"):
        someone.collects("representative-verification", item, method="form", matter="request:1")
    assert someone.refused(Act.VIEW, "email", by=Role.REPRESENTATIVE).because == ("10.4.a",)
    someone.happens("representation.accepted", "delegate:test-representative view until 2019-12-31")
    assert someone.does(Act.VIEW, "email", by=Role.REPRESENTATIVE).values
    assert gate.history(someone.subject).is_open("request")
    assert "request.opened" in {body.event for _, body in told(gate, subject=someone.subject)}
    someone.happens("request.decided", "request:1")
    someone.day += timedelta(days=1)
    assert someone.refused(Act.VIEW, "email", by=Role.REPRESENTATIVE).reason is Reason.NOT_AUTHORISED


@pytest.mark.parametrize("again", [False, True])
def test_the_first_document_opens_its_request_and_the_second_belongs_to_it(
    temporary: Temporary, *, again: bool
) -> None:
    with temporary.gate(_requests(again=again)) as gate:
        someone = Someone(gate)
        for item in ("id_card_copy", "poa_doc"):
            someone.collects("representative-verification", item, method="form", matter="request:1")
        assert {one.item for one in someone.records} == {"id_card_copy", "poa_doc"}
        assert [body.event for _, body in told(gate, subject=someone.subject)].count("request.opened") == 1


def test_a_document_whose_request_cannot_open_is_refused(temporary: Temporary) -> None:
    with temporary.gate(_requests(outside="service")) as gate:
        someone = Someone(gate)
        with pytest.raises(Refused) as refusal:
            someone.collects("id-verification", "id_card_copy", method="scan", matter="request:1")
        assert refusal.value.decision.reason is Reason.IMPOSSIBLE
        assert someone.records == ()


def _requests(**changes: Any) -> Policy:
    """The reference policy, in which requests are declared otherwise."""
    spans = POLICY.editions[0].spans
    return amended(POLICY, spans={**spans, "request": msgspec.structs.replace(spans["request"], **changes)})


# Batches in which one request meets what another of the same batch did.


def test_two_corrections_of_one_record_in_a_batch_are_two_versions(gate: Gate) -> None:
    someone = Someone(gate)
    someone.collects("identification", "email")
    asks = [
        someone.asks(Act.CORRECT, "email", values={"email": "second@example.kr"}),
        someone.asks(Act.CORRECT, "email"),
    ]
    gate.perform_many(asks, at(START))
    assert [one.version for one in someone.records] == [3]
    assert someone.sees("email") == {"email": (b"second@example.kr",)}
    said = [
        body.records[0].version for predicate, body in told(gate, subject=someone.subject) if predicate == "corrected"
    ]
    assert sorted(one for one in said if one) == [2, 3]


def test_what_is_collected_and_changed_in_one_batch_is_as_if_it_were_two(fresh: Gate) -> None:
    someone = Someone(fresh)
    asks = [
        someone.gives("identification", "email", "gender", "applicant_name", "mobile_phone"),
        someone.asks(Act.CORRECT, "email", values={"email": "second@example.kr"}),
        someone.asks(Act.FREEZE, "gender"),
        someone.asks(Act.DESTROY, "applicant_name"),
        someone.gives("identification", "mobile_phone", values={"mobile_phone": "010-9999-9999"}),
        someone.gives("identification", "mobile_phone", values={"mobile_phone": "010-8888-8888"}),
        someone.asks(Act.DESTROY, "email"),
    ]
    outcomes = fresh.perform_many(asks, at(START))
    assert [one.decision.effect for one in outcomes] == [Effect.ALLOW] * 7
    assert {one.item: one.frozen for one in someone.records} == {"gender": True, "mobile_phone": False}
    assert someone.sees("mobile_phone") == {"mobile_phone": (b"010-8888-8888",)}
    assert fresh.find("mobile_phone", "010-8888-8888", someone.now) == [someone.subject]
    assert fresh.find("mobile_phone", "010-9999-9999", someone.now) == []
    assert_whole(fresh)


# Request ids.


def test_a_request_that_is_asked_again_is_one_act(gate: Gate) -> None:
    someone, request_id = Someone(gate), new_id()
    first = gate.perform(someone.gives("service-record", "access_ip", request_id=request_id), at(START))
    again = gate.perform(someone.gives("service-record", "access_ip", request_id=request_id), at(START))
    assert (first.repeated, again.repeated) == (False, True)
    assert again.decision.effect is Effect.ALLOW
    assert len(someone.records) == 1


def test_a_refusal_that_is_asked_again_is_the_same_refusal(gate: Gate) -> None:
    someone, request_id = Someone(gate), new_id()
    with pytest.raises(Refused):
        gate.perform(someone.gives("marketing", "email", request_id=request_id), at(START))
    someone.consents("marketing")
    with pytest.raises(Refused) as again:
        gate.perform(someone.gives("marketing", "email", request_id=request_id), at(START))
    assert again.value.decision.reason is Reason.NO_CONSENT
    assert someone.records == ()


def test_one_request_id_twice_in_a_batch_is_one_act(gate: Gate) -> None:
    someone, request_id = Someone(gate), new_id()
    asks = [someone.gives("service-record", "access_ip", request_id=request_id) for _ in range(2)]
    assert [one.repeated for one in gate.perform_many(asks, at(START))] == [False, True]
    assert len(someone.records) == 1


def test_an_event_that_is_told_again_is_one_event(gate: Gate) -> None:
    someone, request_id = Someone(gate), new_id()
    first = someone.happens("charge.raised", "payment:1", request_id)
    again = someone.happens("charge.raised", "payment:1", request_id)
    assert first == again
    assert len(gate.history(someone.subject).spans["charge"]) == 1
    batch = [Happening(someone.subject, "charge.raised", "payment:2", request_id=new_id())] * 2
    one, two = gate.happen(batch, at(START))
    assert one == two
    with pytest.raises(ValueRejectedError, match="request id"):
        gate.perform(someone.gives("identification", "email", request_id=request_id), at(START))


# Events.


def test_an_impossible_event_in_a_batch_changes_nothing_else(gate: Gate) -> None:
    someone, other = Someone(gate), Someone(gate)
    done = gate.happen(
        [
            Happening(someone.subject, "dispute.resolved", "payment:1"),
            Happening(other.subject, "charge.raised", "payment:1"),
            Happening(someone.subject, "service.subscribed"),
            Happening(someone.subject, "weather.changed"),
            Happening(someone.subject, "service.terminated"),
        ],
        at(START),
    )
    kinds = [isinstance(one, ImpossibleEventError) for one in done]
    assert kinds == [True, False, True, True, False]
    assert not gate.history(someone.subject).is_open("service")
    assert [one.kind for one in gate.events(someone.subject)] == ["consent", "service.subscribed", "service.terminated"]


def test_a_consent_to_what_no_policy_knows_is_impossible_and_leaves_nothing(gate: Gate) -> None:
    someone = Someone(gate)
    names = ("kim.minji", "provision:kim-minji", "identification", "provision:kmc")
    shown = shown_on(gate.policy, someone.day, "provision:kmc")
    asked = [Happening(someone.subject, "consent", None, to, Choice.GIVEN, shown=shown) for to in names]
    done = gate.happen(asked, someone.now)
    assert [isinstance(one, ImpossibleEventError) for one in done] == [True, True, True, False]
    said = [body.to for predicate, body in told(gate, subject=someone.subject) if predicate == "event" and body.choice]
    assert sorted(said, key=str) == ["provision:kmc", "table"]


def test_before_the_first_edition_everything_is_refused(gate: Gate) -> None:
    early = Someone(gate, date(2016, 8, 30), member=False)
    with pytest.raises(Refused) as refusal:
        early.collects("identification", "email")
    assert refusal.value.decision.reason is Reason.NO_POLICY
    assert str(refusal.value) == "no-policy"


def test_every_declared_item_can_be_collected_somewhere_and_shown(fresh: Gate) -> None:
    """One collection per purpose of the table; what was stored opens to what was given."""
    someone = Someone(fresh)
    edition = POLICY.editions[0]
    asks = []
    for purpose in edition.purposes.values():
        if purpose.group and not purpose.consent:
            items = [
                item for item in purpose.items if item in VALUES and item not in {"birth_last_digits", "relationship"}
            ]
            asks += [someone.gives(purpose.name, item, by=Role.SYSTEM) for item in items]
    outcomes = fresh.perform_many(asks, at(START))
    assert all(one.decision.effect is Effect.ALLOW for one in outcomes)
    shown = fresh.read_many([someone.asks(Act.VIEW, item) for item in {a.ask.items[0] for a in asks}], at(START))
    plain = {item: value.encode() if isinstance(value, str) else value for item, value in VALUES.items()}
    assert all(set(some) == {plain[item]} for one in shown for item, some in one.values.items())
    assert_whole(fresh)


def test_the_day_is_the_days_of_the_clock_not_the_callers(gate: Gate) -> None:
    someone = Someone(gate)
    asked = someone.gives("identification", "email")
    wrong = Request(**{**{f: getattr(asked.ask, f) for f in asked.ask.__struct_fields__}, "on": date(2001, 1, 1)})
    gate.perform(Asked(asked.subject, wrong, asked.values), at(START))
    assert [one.on for one in someone.records] == [START]
