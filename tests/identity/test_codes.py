"""A code by mail: one answer, a few tries, ten minutes, and nobody else's."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path

import pytest
from tests.gate.conftest import VALUES, Someone, told
from tests.identity.conftest import Box, code_in, post_office

from wordkept.gate import Gate, Proof, Proofs, Refused
from wordkept.gate.proving import LASTS, MOST, TRIES, WINDOW
from wordkept.identity.codes import Codes, letter
from wordkept.identity.mail import Letter, Server
from wordkept.record import Actor
from wordkept.terms import Act, Level, Role, UnavailableError, ValueRejectedError
from wordkept.vault.formats import Store
from wordkept.vault.server import OWNER

STRANGER = "f" * 32


def test_a_code_proves_who_somebody_is(codes: Codes, proofs: Proofs, box: Box, someone: Someone) -> None:
    challenge = codes.mail(someone.subject, someone.now)
    assert box.letters[-1].address == VALUES["email"]
    proof = codes.answer(someone.subject, challenge, f" {box.code[:4]}-{box.code[4:]} ", someone.now)
    assert proof.level is Level.CODE
    assert proofs.level(someone.subject, proof.token, someone.now) is Level.CODE
    changes = {"by": Actor(Role.MEMBER, "test-member", level=Level.CODE), "values": {"email": "new@example.kr"}}
    assert someone.does(Act.CORRECT, "email", **changes).receipt


@pytest.mark.parametrize("wrong", ["", "0", "00000000", "\udcff", "१२३४५६७८", "1" * 1000, "12345678\n", "None"])
def test_a_wrong_code_proves_nothing(codes: Codes, box: Box, someone: Someone, wrong: str) -> None:
    challenge = codes.mail(someone.subject, someone.now)
    assert wrong != box.code
    with pytest.raises(ValueRejectedError) as error:
        codes.answer(someone.subject, challenge, wrong, someone.now)
    assert "\n" not in str(error.value)
    assert box.code not in str(error.value)


def test_five_tries_and_no_more(codes: Codes, box: Box, someone: Someone) -> None:
    challenge = codes.mail(someone.subject, someone.now)
    wrong = f"{(int(box.code) + 1) % 10**8:08}"
    for _ in range(TRIES):
        with pytest.raises(ValueRejectedError):
            codes.answer(someone.subject, challenge, wrong, someone.now)
    with pytest.raises(ValueRejectedError):
        codes.answer(someone.subject, challenge, box.code, someone.now)


def test_the_last_try_counts(codes: Codes, box: Box, someone: Someone) -> None:
    challenge = codes.mail(someone.subject, someone.now)
    for _ in range(TRIES - 1):
        with pytest.raises(ValueRejectedError):
            codes.answer(someone.subject, challenge, "none", someone.now)
    assert codes.answer(someone.subject, challenge, box.code, someone.now).token


def test_a_code_counts_once(codes: Codes, box: Box, someone: Someone) -> None:
    challenge = codes.mail(someone.subject, someone.now)
    codes.answer(someone.subject, challenge, box.code, someone.now)
    with pytest.raises(ValueRejectedError):
        codes.answer(someone.subject, challenge, box.code, someone.now)


@pytest.mark.parametrize("late", [LASTS, timedelta(days=1), timedelta(seconds=-1)])
def test_a_code_counts_for_ten_minutes(codes: Codes, box: Box, someone: Someone, late: timedelta) -> None:
    challenge = codes.mail(someone.subject, someone.now)
    with pytest.raises(ValueRejectedError):
        codes.answer(someone.subject, challenge, box.code, someone.now + late)
    assert codes.answer(someone.subject, challenge, box.code, someone.now + LASTS - timedelta(seconds=1)).token


def test_a_code_is_nobody_elses(gate: Gate, codes: Codes, box: Box, someone: Someone) -> None:
    other = Someone(gate)
    other.collects("identification", "email")
    challenge = codes.mail(someone.subject, someone.now)
    mine = box.code
    theirs = codes.mail(other.subject, someone.now)
    for subject, named in ((other.subject, challenge), (someone.subject, theirs), (other.subject, theirs)):
        with pytest.raises(ValueRejectedError):
            codes.answer(subject, named, mine, someone.now)


def test_a_code_is_an_answer_to_nothing_else(codes: Codes, proofs: Proofs, box: Box, someone: Someone) -> None:
    challenge = codes.mail(someone.subject, someone.now)
    with pytest.raises(ValueRejectedError):
        proofs.answer(someone.subject, challenge, Level.MOBILE, box.code, someone.now)


def test_a_person_is_asked_a_few_times_an_hour(codes: Codes, box: Box, someone: Someone) -> None:
    for _ in range(MOST):
        codes.mail(someone.subject, someone.now)
    with pytest.raises(ValueRejectedError, match="wait an hour"):
        codes.mail(someone.subject, someone.now)
    assert len(box.letters) == MOST
    assert codes.mail(someone.subject, someone.now + WINDOW)


def test_of_many_answers_at_once_one_counts(gate: Gate, codes: Codes, box: Box, someone: Someone) -> None:
    challenge = codes.mail(someone.subject, someone.now)
    won: list[Proof] = []

    def answer() -> None:
        with Proofs(gate.installation) as mine:
            try:
                won.append(mine.answer(someone.subject, challenge, Level.CODE, box.code, someone.now))
            except ValueRejectedError:
                return

    threads = [threading.Thread(target=answer) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) == 1


def test_a_token_ends_is_nobody_elses_and_cannot_be_made_up(
    gate: Gate, codes: Codes, proofs: Proofs, box: Box, someone: Someone
) -> None:
    proof = codes.answer(someone.subject, codes.mail(someone.subject, someone.now), box.code, someone.now)
    made, _, secret = proof.token.partition(".")
    for token in ("", ".", made, f"{made}.", f"{made}.{secret[:-1]}x", f"{'0' * 32}.{secret}", "é" * 32, "\x00.\x00"):
        assert proofs.level(someone.subject, token, someone.now) is Level.NONE
    assert proofs.level(Someone(gate).subject, proof.token, someone.now) is Level.NONE
    assert proofs.level(someone.subject, proof.token, proof.until) is Level.NONE
    proofs.end(someone.subject)
    assert proofs.level(someone.subject, proof.token, someone.now) is Level.NONE


def test_nothing_that_was_asked_is_kept_longer_than_it_counts(
    gate: Gate, codes: Codes, box: Box, someone: Someone
) -> None:
    codes.answer(someone.subject, codes.mail(someone.subject, someone.now), box.code, someone.now)
    other = Someone(gate)
    other.collects("identification", "email")
    codes.mail(other.subject, someone.now + WINDOW * 2)
    with gate.installation.connect(Store.LIVE, OWNER) as owner:
        for table in ("identity_challenge", "identity_proof"):
            left = owner.execute(f"SELECT count(*) FROM {table} WHERE subject_id = %s", (someone.subject,))  # noqa: S608
            assert left.fetchone() == (0,)


def test_a_policy_that_lets_no_address_be_used_sends_no_code(
    gate: Gate, codes: Codes, box: Box, someone: Someone
) -> None:
    without = Someone(gate)
    frozen = Someone(gate)
    frozen.collects("identification", "email")
    frozen.does(Act.FREEZE, "email")
    for one in (without, frozen):
        with pytest.raises(Refused):
            codes.mail(one.subject, someone.now)
    with pytest.raises(ValueRejectedError):
        codes.mail(STRANGER, someone.now)
    assert not box.letters


def test_evidence_says_what_was_asked_and_proved_and_never_a_code(
    gate: Gate, codes: Codes, box: Box, someone: Someone
) -> None:
    challenge = codes.mail(someone.subject, someone.now, "shop")
    with pytest.raises(ValueRejectedError):
        codes.answer(someone.subject, challenge, "wrong", someone.now, "shop")
    proof = codes.answer(someone.subject, challenge, box.code, someone.now, "shop")
    said = [(predicate, body) for predicate, body in told(gate, subject=someone.subject) if body.rule]
    assert {(predicate, body.event, body.rule, body.actor) for predicate, body in said} == {
        ("performed", "identity.asked", "identity.code", "shop"),
        ("refused", "identity.not-proved", "identity.code", "shop"),
        ("performed", "identity.proved", "identity.code", "shop"),
    }
    shown = f"{told(gate, subject=someone.subject)} {proof!r} {box.letters[-1]!r}"
    assert box.code not in shown
    assert proof.token not in shown
    assert str(VALUES["email"]) not in shown


def test_a_thief_of_the_database_cannot_try_codes_without_the_key(gate: Gate, codes: Codes) -> None:
    file = codes.gate.installation.folder / "identity.key"
    assert file.parent == gate.installation.folder
    assert file.stat().st_mode & 0o777 == 0o600
    assert len(file.read_bytes()) == 32


def test_the_letter_is_in_both_languages() -> None:
    found = letter("minji@example.kr", "12345678")
    assert "인증 번호는 12345678입니다" in found.text
    assert "Your code is 12345678." in found.text
    assert found.subject == "인증 번호 / Your code"


@pytest.mark.parametrize("wrapped", [True, False])
def test_a_letter_goes_over_tls_and_nothing_before_it(tmp_path: Path, *, wrapped: bool) -> None:
    with post_office(tmp_path, wrapped=wrapped) as (post, server):
        server.send(letter("minji@example.kr", "12345678"))
    (found,) = post.letters
    assert code_in(str(found.get_content())) == "12345678"
    assert found["Subject"] == "인증 번호 / Your code"
    assert [one.partition("<")[2].split(">")[0] for one in post.to] == ["minji@example.kr"]
    assert all(line.upper().startswith((b"EHLO", b"STARTTLS")) for line in post.in_clear)


def test_a_server_without_tls_gets_no_letter(tmp_path: Path) -> None:
    with post_office(tmp_path, wrapped=False, tls=False) as (post, server), pytest.raises(UnavailableError):
        server.send(letter("minji@example.kr", "12345678"))
    assert not post.letters
    assert not post.to


def test_a_server_of_another_name_gets_no_letter(tmp_path: Path) -> None:
    with post_office(tmp_path, wrapped=True) as (post, server), pytest.raises(UnavailableError):
        Server(server.host, server.sender, server.port, wrapped=True).send(letter("minji@example.kr", "12345678"))
    assert not post.letters


def test_an_error_names_neither_address_nor_code(tmp_path: Path) -> None:
    with post_office(tmp_path, wrapped=True, takes=False) as (_, server), pytest.raises(UnavailableError) as error:
        server.send(letter("minji@example.kr", "12345678"))
    assert "minji" not in str(error.value)
    assert error.value.__cause__ is None
    assert error.value.__suppress_context__


def test_an_address_that_would_add_a_header_is_no_address(tmp_path: Path) -> None:
    with post_office(tmp_path, wrapped=True) as (post, server), pytest.raises(ValueRejectedError) as error:
        server.send(Letter("minji@example.kr\nBcc: eve@example.kr", "code", "text"))
    assert not post.letters
    assert "minji" not in str(error.value)
