"""Mobile identity: an answer counts for one question, one person, one receiver, some minutes, and once."""

from __future__ import annotations

import os
import threading
import urllib.request
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

import msgspec
import pytest
from click.testing import CliRunner
from tests.gate.conftest import START, Someone, at, predicates, told

from wordkept.cli import main
from wordkept.gate import Gate, Proofs
from wordkept.identity.mobile import FRESH, LARGEST, SIGNATURE, Answer, Mobile, Provider, Question
from wordkept.identity.standin import StandIn
from wordkept.orders.message import public_key, signature_of
from wordkept.record import Actor
from wordkept.terms import Act, Level, Role, State, ValueRejectedError

SEED = os.urandom(32)
CI = "CI-of-Minji-" + "x" * 76
PROVIDER = Provider(public_key(SEED), "bizmeka")


@pytest.fixture
def mobile(gate: Gate, proofs: Proofs) -> Mobile:
    return Mobile(gate, proofs, PROVIDER)


@pytest.fixture
def minji(gate: Gate) -> Someone:
    return with_ci(gate, CI)


def with_ci(gate: Gate, ci: str) -> Someone:
    found = Someone(gate)
    found.collects("identification", "email")
    how = {"purpose": "identification", "method": "website"}
    found.does(Act.COLLECT, "ci", by=Role.MEMBER, values={"ci": ci}, **how)
    return found


def said(question: Question, **more: Any) -> bytes:
    whole = {"format": question.format, "to": question.to, "nonce": question.nonce, "ci": CI, "sent": at(START)}
    return msgspec.json.encode(Answer(**{**whole, **more}))


def test_a_signed_answer_proves_who_somebody_is(mobile: Mobile, proofs: Proofs, minji: Someone) -> None:
    challenge, question = mobile.ask(minji.subject, minji.now, "shop")
    body = said(question)
    proof = mobile.answer(minji.subject, challenge, body, signature_of(body, SEED), minji.now, "shop")
    assert proof.level is Level.MOBILE
    assert proofs.level(minji.subject, proof.token, minji.now) is Level.MOBILE
    minji.does(Act.DESTROY, "email", by=Actor(Role.MEMBER, "session-1", level=proof.level))
    assert State.LIVE not in minji.states().get("email", [])
    assert CI not in f"{told(mobile.gate, subject=minji.subject)} {question!r} {proof!r}"


WRONG: dict[str, dict[str, Any]] = {
    "another question": {"nonce": "n" * 43},
    "another receiver": {"to": "somebody-else"},
    "another person": {"ci": "CI-of-nobody"},
    "too late": {"sent": at(START) - FRESH - timedelta(seconds=1)},
    "too early": {"sent": at(START) + FRESH + timedelta(seconds=1)},
    "without a zone": {"sent": at(START).replace(tzinfo=None)},
    "a stand-in": {"stand_in": True},
}


@pytest.mark.parametrize("what", WRONG)
def test_an_answer_that_is_signed_and_wrong_proves_nothing(mobile: Mobile, minji: Someone, what: str) -> None:
    challenge, question = mobile.ask(minji.subject, minji.now)
    body = said(question, **WRONG[what])
    with pytest.raises(ValueRejectedError) as error:
        mobile.answer(minji.subject, challenge, body, signature_of(body, SEED), minji.now)
    assert "CI" not in str(error.value)
    assert predicates(mobile.gate, subject=minji.subject).count("refused") == 1


@pytest.mark.parametrize("what", ["forged", "changed", "unsigned", "no signature", "no answer", "empty", "too large"])
def test_what_the_provider_did_not_say_proves_nothing(mobile: Mobile, minji: Someone, what: str) -> None:
    challenge, question = mobile.ask(minji.subject, minji.now)
    body = said(question)
    made = {
        "forged": (body, signature_of(body, os.urandom(32))),
        "changed": (body + b" ", signature_of(body, SEED)),
        "unsigned": (body, ""),
        "no signature": (body, "é" * 88),
        "no answer": (b"\xff{", signature_of(b"\xff{", SEED)),
        "empty": (b"", signature_of(b"", SEED)),
        "too large": (body + b" " * LARGEST, signature_of(body + b" " * LARGEST, SEED)),
    }
    with pytest.raises(ValueRejectedError):
        mobile.answer(minji.subject, challenge, *made[what], minji.now)
    assert predicates(mobile.gate, subject=minji.subject).count("refused") == 1


def test_an_answer_counts_once_and_for_nobody_else(gate: Gate, mobile: Mobile, minji: Someone) -> None:
    other = with_ci(gate, "CI-of-Jiho")
    challenge, question = mobile.ask(minji.subject, minji.now)
    theirs, _ = mobile.ask(other.subject, minji.now)
    body = said(question)
    signature = signature_of(body, SEED)
    for subject, named in ((other.subject, theirs), (other.subject, challenge), (minji.subject, theirs)):
        with pytest.raises(ValueRejectedError):
            mobile.answer(subject, named, body, signature, minji.now)
    assert mobile.answer(minji.subject, challenge, body, signature, minji.now).token
    with pytest.raises(ValueRejectedError):
        mobile.answer(minji.subject, challenge, body, signature, minji.now)


@pytest.fixture
def stand_in() -> Iterator[StandIn]:
    with StandIn({"Minji": CI}, SEED, lambda: at(START)) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_the_stand_in_is_believed_only_where_it_is_said_to_be_one(
    gate: Gate, proofs: Proofs, mobile: Mobile, minji: Someone, stand_in: StandIn
) -> None:
    tried = Mobile(gate, proofs, Provider(stand_in.key, "bizmeka", stand_in=True))
    challenge, question = tried.ask(minji.subject, minji.now)
    raw = msgspec.json.encode({"question": question, "person": "Minji"})
    with urllib.request.urlopen(stand_in.url, raw, timeout=10) as reply:  # noqa: S310  (on this machine)
        body, signature = reply.read(), reply.headers[SIGNATURE]
    assert b'"stand_in":true' in body
    with pytest.raises(ValueRejectedError):
        mobile.answer(minji.subject, challenge, body, signature, minji.now)
    assert tried.answer(minji.subject, challenge, body, signature, minji.now).level is Level.MOBILE


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"{", 400),
        (b"\xff", 400),
        (b'{"question":{"format":"wordkept-mobile/1","to":"a","nonce":"b"},"person":"Nobody"}', 404),
        (b"x" * (LARGEST + 1), 413),
    ],
)
def test_the_stand_in_answers_what_is_no_question(stand_in: StandIn, raw: bytes, status: int) -> None:
    with pytest.raises(HTTPError) as error:
        urllib.request.urlopen(stand_in.url, raw, timeout=10)  # noqa: S310  (on this machine)
    assert error.value.code == status
    error.value.close()


def test_the_command_says_that_it_stands_in_and_what_is_wrong_with_its_people(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(StandIn, "serve_forever", lambda _: None)
    people = tmp_path / "people.toml"
    people.write_text('Minji = "made-up"\n')
    shown = CliRunner().invoke(main, ["identity", "stand-in", str(people)])
    assert shown.exit_code == 0
    assert shown.stdout.startswith("a stand-in, which recognises nobody, at http://127.0.0.1:")
    assert CliRunner().invoke(main, ["identity", "stand-in", str(people), "--json"]).stdout.startswith("{")
    people.write_text("Minji = 5\n")
    wrong = CliRunner().invoke(main, ["identity", "stand-in", str(people)])
    assert wrong.exit_code == 2
    assert "not a list of names" in wrong.stderr
