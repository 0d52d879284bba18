"""Representatives: accepted by a person who looked, for a reason, in some acts and until a day; revoked at once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.gate.conftest import START, Someone, told
from tests.identity.pictures import pdf, png

from wordkept.gate import Gate, Proofs, Refused
from wordkept.identity.documents import Copy, Documents
from wordkept.identity.representatives import Ground, Representatives
from wordkept.record import Actor, Representation, Standing
from wordkept.terms import Act, Reason, Role, ValueRejectedError

STAFF = Actor(Role.STAFF, "desk-7")
AGENT = Actor(Role.REPRESENTATIVE, "agent-7")
MATTER = "request:r-1"
ONE = Representation(Standing.DELEGATE, "agent-7", (Act.VIEW,), START + timedelta(days=5))


@pytest.fixture
def representatives(gate: Gate, proofs: Proofs) -> Representatives:
    return Representatives(gate, proofs)


def hand_in(someone: Someone, proofs: Proofs, *items: str) -> None:
    documents = Documents(someone.gate, proofs)
    for item in items or ("poa_doc", "id_card_copy", "seal_cert"):
        copy = Copy(someone.subject, item, MATTER, masked=True, purpose="representative-verification", method="form")
        documents.hand_in(copy, [pdf() if item == "poa_doc" else png()], STAFF, someone.now)


def test_a_representative_is_accepted_heard_and_revoked(
    representatives: Representatives, proofs: Proofs, someone: Someone
) -> None:
    hand_in(someone, proofs)
    assert someone.refused(Act.VIEW, "email", by=AGENT).because == ("10.4.a",)
    assert representatives.look(someone.subject, MATTER, STAFF, someone.now)["poa_doc"] == pdf()
    representatives.decide(someone.subject, ONE, Ground.POWER_OF_ATTORNEY, MATTER, STAFF, someone.now)
    assert someone.does(Act.VIEW, "email", by=AGENT).values
    assert someone.refused(Act.DESTROY, "email", by=AGENT).reason is Reason.NOT_AUTHORISED
    assert someone.refused(Act.VIEW, "email", by=Actor(Role.REPRESENTATIVE, "agent-8")).because == ("10.4.a",)
    assert representatives.revoke(someone.subject, "agent-7", STAFF, someone.now) == [ONE]
    assert someone.refused(Act.VIEW, "email", by=AGENT).because == ("10.4.a",)
    with pytest.raises(ValueRejectedError):
        representatives.revoke(someone.subject, "agent-7", STAFF, someone.now)


def test_a_representative_is_heard_to_the_last_day(
    representatives: Representatives, proofs: Proofs, someone: Someone
) -> None:
    hand_in(someone, proofs)
    representatives.decide(someone.subject, ONE, Ground.POWER_OF_ATTORNEY, MATTER, STAFF, someone.now)
    someone.day = ONE.until
    assert someone.does(Act.VIEW, "email", by=AGENT).values
    someone.day += timedelta(days=1)
    assert someone.refused(Act.VIEW, "email", by=AGENT).because == ("10.4.a",)


def test_a_parent_shows_only_who_they_are(representatives: Representatives, proofs: Proofs, someone: Someone) -> None:
    hand_in(someone, proofs, "id_card_copy")
    parent = msgspec.structs.replace(ONE, standing=Standing.STATUTORY)
    representatives.decide(someone.subject, parent, Ground.PARENT, MATTER, STAFF, someone.now)
    assert someone.does(Act.VIEW, "email", by=AGENT).values


@pytest.mark.parametrize("ground", [one for one in Ground if not one.accepts])
def test_who_is_not_accepted_is_not_heard(
    representatives: Representatives, proofs: Proofs, someone: Someone, ground: Ground
) -> None:
    hand_in(someone, proofs)
    representatives.decide(someone.subject, ONE, ground, MATTER, STAFF, someone.now)
    assert someone.refused(Act.VIEW, "email", by=AGENT).because == ("10.4.a",)


def test_nobody_accepts_without_having_something_to_look_at(representatives: Representatives, someone: Someone) -> None:
    with pytest.raises(ValueRejectedError, match="nothing was handed in"):
        representatives.decide(someone.subject, ONE, Ground.POWER_OF_ATTORNEY, MATTER, STAFF, someone.now)


@pytest.mark.parametrize(
    "by",
    [
        Actor(Role.MEMBER, "session-1"),
        Actor(Role.SYSTEM, "robot"),
        Actor(Role.STAFF),
        Actor(Role.STAFF, "agent-7"),
        AGENT,
    ],
)
def test_only_a_person_of_the_staff_decides_and_not_about_themselves(
    representatives: Representatives, proofs: Proofs, someone: Someone, by: Actor
) -> None:
    hand_in(someone, proofs)
    with pytest.raises(ValueRejectedError):
        representatives.decide(someone.subject, ONE, Ground.POWER_OF_ATTORNEY, MATTER, by, someone.now)
    assert not representatives.gate.history(someone.subject).ever("representation")


def test_staff_who_may_not_look_do_not_decide(
    representatives: Representatives, proofs: Proofs, someone: Someone
) -> None:
    hand_in(someone, proofs)
    unfit = Actor(Role.STAFF, "desk-8", grant=False)
    with pytest.raises(Refused):
        representatives.decide(someone.subject, ONE, Ground.POWER_OF_ATTORNEY, MATTER, unfit, someone.now)
    assert not representatives.gate.history(someone.subject).ever("representation")


@pytest.mark.parametrize(
    "changed", [{"until": START - timedelta(days=1)}, {"acts": ()}, {"name": "Kim Minji"}, {"name": ""}]
)
def test_what_is_no_representation_is_not_accepted(
    representatives: Representatives, proofs: Proofs, someone: Someone, changed: dict[str, Any]
) -> None:
    hand_in(someone, proofs)
    one = msgspec.structs.replace(ONE, **changed)
    with pytest.raises(ValueRejectedError):
        representatives.decide(someone.subject, one, Ground.POWER_OF_ATTORNEY, MATTER, STAFF, someone.now)
    assert not representatives.gate.history(someone.subject).ever("representation")


def test_evidence_says_who_accepted_whom_and_why(
    representatives: Representatives, proofs: Proofs, someone: Someone
) -> None:
    hand_in(someone, proofs)
    representatives.decide(someone.subject, ONE, Ground.DOUBTED, MATTER, STAFF, someone.now)
    representatives.decide(someone.subject, ONE, Ground.POWER_OF_ATTORNEY, MATTER, STAFF, someone.now)
    said = {
        (what, body.event, body.rule, body.actor, body.second)
        for what, body in told(representatives.gate, subject=someone.subject)
    }
    assert ("approved", "identity.representative-accepted", "identity.power-of-attorney", "desk-7", "agent-7") in said
    assert ("refused", "identity.representative-not-accepted", "identity.doubted", "desk-7", "agent-7") in said


acts = st.lists(st.sampled_from(Act), min_size=1, unique=True).map(tuple)
names = st.from_regex(r"[a-z][a-z0-9_-]{0,20}([.:][a-z0-9_-]{1,10})?", fullmatch=True)


@given(st.sampled_from(Standing), names, acts, st.dates())
def test_a_matter_says_what_was_accepted(standing: Standing, name: str, some: tuple[Act, ...], until: Any) -> None:
    one = Representation(standing, name, some, until)
    assert Representation.said(one.matter) == one


@given(st.one_of(st.none(), st.text(), st.from_regex(r"[a-z]+:[a-z]+ [a-z,]+ until [0-9-]+")))
def test_what_says_nothing_in_full_lets_nobody_do_anything(matter: str | None) -> None:
    said = Representation.said(matter)
    assert said is None or said.matter == matter
