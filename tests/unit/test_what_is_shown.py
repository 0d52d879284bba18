"""What a traceback, a log or a prompt shows of requests and answers is short, and never a value."""

from __future__ import annotations

import traceback

import pytest
from tests.unit.test_asked import policy

from wordkept.decision import Decision, decide
from wordkept.gate import Asked, Outcome, Receipt
from wordkept.record import Actor, Facts, History, Record, Request
from wordkept.terms import Act, Role

VALUES = ("010-1234-5678", "minji@example.kr")
SUBJECT = "01a20c97102b0beaa87182ba9c4f107f"
DAY = policy().editions[0].effective
ASK = Request(act=Act.COLLECT, items=("mobile_phone", "email"), by=Actor(Role.MEMBER), on=DAY, purpose="identification")


def decided() -> Decision:
    held = Record(
        id="a" * 32,
        item="email",
        purpose="identification",
        on=DAY,
        after=0,
        edition=DAY,
        use_until=None,
        keep_until=None,
    )
    facts = Facts(history=History(), records={"email": (held,)})
    use = Request(act=Act.USE, items=("email",), by=Actor(Role.STAFF), on=DAY, purpose="bill-sending")
    found = decide(policy(), use, facts)
    assert found.edition is policy().editions[0]
    assert found.records
    return found


def rich(shown: object) -> str:
    """As a prettier prompt asks for it: it prefers this to ``repr``."""
    return " ".join(told for _, told in shown.__rich_repr__())  # type: ignore[attr-defined]


def test_a_request_shows_what_is_asked_and_no_value() -> None:
    asked = Asked(SUBJECT, ASK, dict(zip(ASK.items, VALUES, strict=True)))
    for shown in (repr(asked), str(asked), f"{asked}", rich(asked), repr([asked])):
        assert f"<Asked to collect mobile_phone, email of {SUBJECT} by member, with values of mobile_phone" in shown
        assert not any(value in shown for value in VALUES)
    assert "values" not in repr(Asked(SUBJECT, ASK))


def test_an_answer_shows_what_was_decided_and_no_value() -> None:
    decision = decided()
    opened = {"email": (VALUES[1].encode(),)}
    outcome = Outcome(decision, opened, Receipt(1, 2))
    because = ", ".join(decision.because)
    for shown in (repr(outcome), str(outcome), rich(outcome), repr({"a": outcome})):
        assert f"<Outcome: deny, {decision.reason}, because of {because}, with values of email>" in shown
        assert not any(value in shown for value in VALUES)
    assert "repeated>" in repr(Outcome(decision, repeated=True))


def test_a_decision_shows_its_edition_by_name_and_not_its_policy() -> None:
    (edition,) = policy().editions
    short = f"<Edition of {edition.service}, effective {DAY}, {edition.digest[:8]}>"
    assert repr(edition) == rich(edition) == short
    assert short in repr(decided())
    assert len(repr(decided())) < 1500
    assert len(repr(policy())) < 200


def test_no_value_is_in_a_traceback_that_shows_what_functions_held() -> None:
    def fail(asked: Asked, outcome: Outcome) -> None:
        raise ZeroDivisionError(asked.subject, outcome.receipt)

    opened = {"email": (VALUES[1].encode(),)}
    with pytest.raises(ZeroDivisionError) as caught:
        fail(Asked(SUBJECT, ASK, {"email": VALUES[1]}), Outcome(decided(), opened))
    told = "".join(traceback.TracebackException.from_exception(caught.value, capture_locals=True).format())
    assert "<Asked to collect" in told
    assert "<Outcome: deny" in told
    inside = told[told.index("in fail\n") :]
    assert VALUES[1] not in inside
