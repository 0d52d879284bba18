"""Copies of documents: taken masked and plain, looked at by staff, and gone after the decision."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.gate.conftest import Someone, predicates, sweep, told
from tests.identity.pictures import pdf, png
from tests.identity.test_files import BAD

from wordkept.gate import Gate, Proofs, Refused
from wordkept.identity.documents import Copy, Documents, Seen
from wordkept.record import Actor
from wordkept.terms import Act, Level, Reason, Role, State, ValueRejectedError

STAFF = Actor(Role.STAFF, "desk-7")
MEMBER = Actor(Role.MEMBER, "session-1", level=Level.SESSION)


@pytest.fixture
def documents(gate: Gate, proofs: Proofs) -> Documents:
    return Documents(gate, proofs)


def copy(someone: Someone, *, masked: bool = True) -> Copy:
    return Copy(someone.subject, "id_card_copy", "request:id-1", masked)


def test_a_copy_is_taken_looked_at_and_gone_after_the_decision(
    documents: Documents, proofs: Proofs, someone: Someone
) -> None:
    mine = copy(someone)
    documents.hand_in(mine, [png()[:50], png()[50:]], MEMBER, someone.now)
    assert documents.look(mine, STAFF, someone.now) == png()
    proof = documents.decide(mine, Seen.THEIRS, STAFF, someone.now)
    assert proof is not None
    assert proofs.level(someone.subject, proof.token, someone.now) is Level.DOCUMENT
    assert someone.states()["id_card_copy"] == [State.LIVE]
    someone.day += timedelta(days=1)
    sweep(documents.gate, someone.day)
    assert "id_card_copy" not in someone.states()
    with pytest.raises(Refused):
        documents.look(mine, STAFF, someone.now)


@pytest.mark.parametrize("seen", [one for one in Seen if one is not Seen.THEIRS])
def test_who_is_not_known_from_it_proves_nothing(documents: Documents, someone: Someone, seen: Seen) -> None:
    mine = copy(someone)
    documents.hand_in(mine, [png()], MEMBER, someone.now)
    assert documents.decide(mine, seen, STAFF, someone.now) is None
    said = [
        (body.event, body.actor) for what, body in told(documents.gate, subject=someone.subject) if what == "refused"
    ]
    assert said == [(f"identity.{seen}", "desk-7")]
    someone.day += timedelta(days=1)
    sweep(documents.gate, someone.day)
    assert "id_card_copy" not in someone.states()


def test_without_a_decision_it_is_gone_after_ten_days(documents: Documents, someone: Someone) -> None:
    documents.hand_in(copy(someone), [pdf()], MEMBER, someone.now)
    someone.day += timedelta(days=10)
    sweep(documents.gate, someone.day)
    assert someone.states()["id_card_copy"] == [State.LIVE]
    someone.day += timedelta(days=1)
    sweep(documents.gate, someone.day)
    assert "id_card_copy" not in someone.states()


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_document_leaves_evidence_and_nothing_else(
    documents: Documents, someone: Someone, name: str
) -> None:
    with pytest.raises(ValueRejectedError):
        documents.hand_in(copy(someone), [BAD[name]], MEMBER, someone.now)
    _nothing(documents, someone)


def test_an_unmasked_copy_leaves_evidence_and_nothing_else(documents: Documents, someone: Someone) -> None:
    with pytest.raises(ValueRejectedError, match="masked"):
        documents.hand_in(copy(someone, masked=False), [png()], MEMBER, someone.now)
    _nothing(documents, someone)


def _nothing(documents: Documents, someone: Someone) -> None:
    assert "id_card_copy" not in someone.states()
    assert not documents.gate.history(someone.subject).ever("request")
    assert predicates(documents.gate, subject=someone.subject).count("refused") == 1


def test_only_a_person_of_the_staff_decides(documents: Documents, someone: Someone) -> None:
    mine = copy(someone)
    documents.hand_in(mine, [png()], MEMBER, someone.now)
    for by in (MEMBER, Actor(Role.SYSTEM, "robot"), Actor(Role.STAFF)):
        with pytest.raises(ValueRejectedError):
            documents.decide(mine, Seen.THEIRS, by, someone.now)
    with pytest.raises(Refused):
        documents.decide(mine, Seen.THEIRS, Actor(Role.STAFF, "desk-8", training=False), someone.now)
    assert documents.gate.history(someone.subject).is_open("request")


def test_it_is_decided_once_and_only_where_there_is_a_document(documents: Documents, someone: Someone) -> None:
    with pytest.raises(Refused):
        documents.decide(copy(someone), Seen.THEIRS, STAFF, someone.now)
    documents.hand_in(copy(someone), [png()], MEMBER, someone.now)
    documents.decide(copy(someone), Seen.OF_ANOTHER, STAFF, someone.now)
    with pytest.raises(ValueRejectedError, match="before"):
        documents.decide(copy(someone), Seen.THEIRS, STAFF, someone.now)
    assert someone.refused(Act.DESTROY, "email", by=MEMBER).reason is Reason.UNIDENTIFIED
