"""Receipts: two files that prove a statement to anyone, without a server."""

from __future__ import annotations

import json
from uuid import UUID

import pytest
from tests.evidence.conftest import Installation

from wordkept.evidence.note import new_signer
from wordkept.evidence.predicate import Predicate
from wordkept.evidence.receipt import Receipt, check_receipt, read_proof, receipt, write_proof
from wordkept.terms import BrokenError, UnavailableError


def of(installation: Installation, number: int) -> Receipt:
    verifier = installation.signer.verifier()
    return receipt(installation.connection, installation.folder, verifier, installation.journal.connection, number)


@pytest.mark.parametrize("sizes", [(1,), (2, 1), (255, 1, 1), (300, 400)])
def test_every_sealed_statement_has_a_receipt_that_anyone_can_check(
    installation: Installation, sizes: tuple[int, ...]
) -> None:
    installation.fill(*sizes)
    installation.say(Predicate.DESTROYED, subject=UUID(int=7))
    installation.seal()
    last = sum(sizes) + 1
    for number in sorted({1, 2, last // 2 + 1, last - 1, last} & set(range(1, last + 1))):
        given = of(installation, number)
        proven = check_receipt(given.statement, given.proof, installation.signer.verifier())
        assert (proven.index, proven.checkpoint.size) == (number - 1, last)
    assert proven.header.predicate is Predicate.DESTROYED
    assert proven.body.subject == UUID(int=7).hex


def test_a_receipt_of_a_log_after_a_restore_is_checked_by_the_same_key(installation: Installation) -> None:
    installation.fill(2)
    installation.folder = installation.folder.with_name("empty")
    installation.fill(1)
    given = of(installation, 3)
    proven = check_receipt(given.statement, given.proof, installation.signer.verifier())
    assert (proven.checkpoint.origin, proven.index) == ("wordkept/seoul/live/2", 1)


def test_there_is_no_receipt_before_the_seal(installation: Installation) -> None:
    installation.say(Predicate.USED)
    with pytest.raises(UnavailableError, match="not sealed"):
        of(installation, 1)


def test_there_is_no_receipt_without_tiles(installation: Installation) -> None:
    installation.fill(2)
    (installation.folder / "1" / "tile" / "0" / "000.p" / "2").unlink()
    with pytest.raises(BrokenError, match="tiles"):
        of(installation, 1)


@pytest.mark.parametrize(
    "fault", ["body", "salt", "header", "noise", "extra-key", "index", "path", "checkpoint", "cut", "key"]
)
def test_a_receipt_with_any_fault_proves_nothing(installation: Installation, fault: str) -> None:
    installation.fill(3)
    given = of(installation, 2)
    written = json.loads(given.statement)
    index, path, note = read_proof(given.proof)
    verifier, proof = installation.signer.verifier(), given.proof
    if fault in ("body", "header"):
        written[fault] = (
            written[fault].replace("3", "4") if fault == "body" else written[fault].replace("used", "viewed")
        )
    elif fault == "salt":
        written["salt"] = "0" * 32
    elif fault == "extra-key":
        written["more"] = "x"
    elif fault == "index":
        proof = write_proof(index + 1, path, note)
    elif fault == "path":
        proof = write_proof(index, path[:-1], note)
    elif fault == "checkpoint":
        proof = write_proof(index, path, note.replace(b"\n3\n", b"\n4\n"))
    elif fault == "cut":
        proof = proof[:-20]
    elif fault == "key":
        verifier = new_signer("wordkept/seoul/live").verifier()
    statement = b"{" if fault == "noise" else json.dumps(written).encode()
    with pytest.raises(BrokenError):
        check_receipt(statement, proof, verifier)


@pytest.mark.parametrize(
    "proof",
    [
        b"",
        b"c2sp.org/tlog-proof@v2\nindex 0\n\nnote",
        b"c2sp.org/tlog-proof@v1\n\nnote",
        b"c2sp.org/tlog-proof@v1\nindex 00\n\nnote",
        b"c2sp.org/tlog-proof@v1\nindex -1\n\nnote",
        b"c2sp.org/tlog-proof@v1\nindex 0\nAAAA\n\nnote",
        b"c2sp.org/tlog-proof@v1\nindex 0\n!\n\nnote",
        b"c2sp.org/tlog-proof@v1\nextra !\nindex 0\n\nnote",
        b"c2sp.org/tlog-proof@v1\nindex 0\n\n",
        b"c2sp.org/tlog-proof@v1\nindex 0\n" + (b"A" * 43 + b"=\n") * 64 + b"\nnote",
        b"c2sp.org/tlog-proof@v1\nindex \xef\xbc\x90\n\nnote",
    ],
)
def test_what_is_no_proof_is_broken(proof: bytes) -> None:
    with pytest.raises(BrokenError):
        read_proof(proof)


def test_extra_data_in_a_proof_is_ignored() -> None:
    assert read_proof(b"c2sp.org/tlog-proof@v1\nextra AAAA\nindex 5\n\nnote") == (5, [], b"note")
