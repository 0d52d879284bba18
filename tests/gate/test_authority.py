"""Requests of authorities and written reasons on a real vault: what they open, for whom, and what they leave behind."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
from tests.gate.conftest import START, Someone, at, told

from wordkept.gate import Authorities, Gate
from wordkept.record import Actor, ImpossibleEventError
from wordkept.terms import Act, Reason, Role, UnavailableError, ValueRejectedError

GROUND = "kr/communications-secrets-act art. 13"
WARRANT = b"%PDF warrant"
ALONE = Actor(Role.STAFF, name="kim-2")


@pytest.fixture
def register(gate: Gate) -> Iterator[Authorities]:
    with Authorities(gate.installation, gate.policy) as opened:
        yield opened


@pytest.fixture
def someone(gate: Gate) -> Someone:
    found = Someone(gate)
    found.collects("identification", "applicant_name", "address", "email", "birthdate")
    return found


def entered(register: Authorities, someone: Someone, *items: str, **more: Any) -> str:
    given = {"office": "Seoul police", "ground": GROUND, "paper": WARRANT, "by": "kim-2", "now": at(START), **more}
    return register.enter(someone.subject, items=items or ("applicant_name", "address"), **given)


def test_only_what_a_second_person_granted_is_provided(register: Authorities, someone: Someone) -> None:
    request = entered(register, someone)
    how = {"to": "authority", "legal_request": request, "by": ALONE}
    assert someone.refused(Act.PROVIDE, "applicant_name", **how).reason is Reason.NO_CONSENT
    with pytest.raises(ValueRejectedError, match="does not review"):
        register.review(request, ["applicant_name"], None, "kim-2", at(START))
    with pytest.raises(ValueRejectedError, match="no more is granted"):
        register.review(request, ["applicant_name", "email"], None, "lee-3", at(START))
    register.review(request, ["applicant_name"], None, "lee-3", at(START))
    assert someone.does(Act.PROVIDE, "applicant_name", **how).text("applicant_name") == "Kim Minji"
    someone.refused(Act.PROVIDE, "applicant_name", "address", **how)
    someone.refused(Act.PROVIDE, "applicant_name", to="authority", legal_request="0" * 32, by=ALONE)
    other = Someone(someone.gate)
    other.collects("identification", "applicant_name")
    other.refused(Act.PROVIDE, "applicant_name", **how)
    with pytest.raises(ValueRejectedError, match="reviewed before"):
        register.review(request, ["address"], None, "park-4", at(START))
    register.close(request, "kim-2", at(START))
    someone.refused(Act.PROVIDE, "applicant_name", **how)
    found = register.find(request)
    assert (found.asked, found.granted, found.closed_on) == (("applicant_name", "address"), ("applicant_name",), START)
    said = [body for predicate, body in told(someone.gate, subject=someone.subject) if predicate == "attested"]
    assert [(one.rule, one.actor, one.items) for one in said] == [
        ("authority.entered", "kim-2", ("applicant_name", "address")),
        ("authority.granted", "lee-3", ("applicant_name",)),
        ("authority.closed", "kim-2", ("applicant_name",)),
    ]
    assert {one.digest for one in said} == {sha256(WARRANT).hexdigest()}


def test_a_refused_request_opens_nothing(register: Authorities, someone: Someone) -> None:
    request = entered(register, someone)
    register.review(request, [], None, "lee-3", at(START))
    someone.refused(Act.PROVIDE, "applicant_name", to="authority", legal_request=request, by=ALONE)
    assert register.find(request).granted == ()


def test_a_person_is_told_in_time_or_late_by_law(register: Authorities, someone: Someone) -> None:
    request, week = entered(register, someone), timedelta(days=7)
    register.review(request, ["address"], START + week, "lee-3", at(START))
    assert not register.find(request).late(START + week)
    assert register.find(request).late(START + 2 * week)
    with pytest.raises(ValueRejectedError):
        register.delay(request, START + week, "lee-3", at(START))
    register.delay(request, START + 3 * week, "lee-3", at(START))
    assert not register.find(request).late(START + 2 * week)
    register.told(request, "kim-2", at(START + 2 * week))
    assert not register.find(request).late(START + 9 * week)
    with pytest.raises(ValueRejectedError):
        register.told(request, "kim-2", at(START + 2 * week))


@pytest.mark.parametrize(
    "more",
    [
        {"ground": "kr/no-such-act art. 1"},
        {"ground": "because"},
        {"office": ""},
        {"office": "two\nlines"},
        {"items": ("unheard_of",)},
        {"items": ("email", "email")},
        {"items": ()},
        {"by": "Kim Minji"},
    ],
)
def test_what_cannot_be_is_not_entered(register: Authorities, someone: Someone, more: dict[str, Any]) -> None:
    before = len(register.listed())
    given = {"office": "police", "ground": GROUND, "items": ("email",), "paper": b"never filed", "by": "kim-2", **more}
    with pytest.raises(ValueRejectedError):
        register.enter(someone.subject, now=at(START), **given)
    assert len(register.listed()) == before
    assert not (register.installation.folder / "papers" / sha256(b"never filed").hexdigest()).exists()


def test_there_is_no_request_of_another_id(register: Authorities) -> None:
    for request, error in (("0" * 32, UnavailableError), ("x", ValueRejectedError)):
        with pytest.raises(error):
            register.close(request, "kim-2", at(START))


def test_a_written_reason_names_two_people_a_purpose_and_its_paper(register: Authorities, someone: Someone) -> None:
    def write(purpose: str, reason: str = "economic", second: str = "lee-3", who: Someone = someone) -> None:
        register.write_down(who.subject, purpose, reason, b"why", "kim-2", second, at(START))

    for wrong in (("marketing",), ("unheard-of",), ("bill-sending", "whim"), ("bill-sending", "economic", "kim-2")):
        with pytest.raises(ValueRejectedError):
            write(*wrong)
    with pytest.raises(ImpossibleEventError):
        write("bill-sending", who=Someone(someone.gate, member=False))
    write("bill-sending")
    assert someone.gate.history(someone.subject).open_matters("hardship") == {"bill-sending:economic"}
    said = [body for predicate, body in told(someone.gate, subject=someone.subject) if predicate == "attested"]
    assert [(one.actor, one.second, one.purpose, one.digest) for one in said] == [
        ("kim-2", "lee-3", "bill-sending", sha256(b"why").hexdigest())
    ]
