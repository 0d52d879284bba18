"""Checkpoints and keys: what is signed is exactly what is read, and everything else is broken."""

from __future__ import annotations

import base64
import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from wordkept.evidence import checkpoint
from wordkept.evidence.checkpoint import Checkpoint
from wordkept.evidence.note import Signer, load_signer, new_signer, read_verifier
from wordkept.terms import BrokenError, UnavailableError

VECTORS: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "vectors" / "evidence" / "checkpoint.json").read_text()
)
ORIGIN = "wordkept/seoul/live"
ROOT = sha256(b"root").digest()


def test_the_known_checkpoint_is_made_and_read() -> None:
    signer = Signer(ORIGIN, bytes.fromhex(VECTORS["seed"]))
    assert str(signer.verifier()) == VECTORS["verifier"]
    made = checkpoint.sign(Checkpoint(ORIGIN, 109482, ROOT), signer)
    assert made.decode() == VECTORS["note"]
    assert checkpoint.read(made, read_verifier(VECTORS["verifier"])) == Checkpoint(ORIGIN, 109482, ROOT)


@pytest.mark.parametrize("vector", VECTORS["accepted"], ids=lambda vector: str(vector["is"]))
def test_what_the_specification_allows_is_read(vector: dict[str, str]) -> None:
    read = checkpoint.read(vector["note"].encode(), read_verifier(VECTORS["verifier"]))
    assert read.size == 109482


@pytest.mark.parametrize("vector", VECTORS["rejected"], ids=lambda vector: str(vector["is"]))
def test_what_the_specification_does_not_allow_is_broken(vector: dict[str, str]) -> None:
    raw = base64.b64decode(vector["base64"]) if "base64" in vector else vector["note"].encode()
    with pytest.raises(BrokenError):
        checkpoint.read(raw, read_verifier(VECTORS["verifier"]))


@pytest.mark.parametrize("vector", VECTORS["no_verifiers"], ids=lambda vector: str(vector["is"]))
def test_what_is_no_verifier_key_is_broken(vector: dict[str, str]) -> None:
    with pytest.raises(BrokenError):
        read_verifier(vector["key"])


def test_another_key_of_the_same_name_is_not_trusted() -> None:
    made = checkpoint.sign(Checkpoint(ORIGIN, 1, ROOT), new_signer(ORIGIN))
    with pytest.raises(BrokenError, match="no signature"):
        checkpoint.read(made, new_signer(ORIGIN).verifier())


def test_a_key_signs_only_for_the_log_it_is_named_after() -> None:
    signer = new_signer(ORIGIN)
    with pytest.raises(ValueError, match="origin"):
        checkpoint.sign(Checkpoint("wordkept/seoul/separate", 1, ROOT), signer)
    second = signer.named(checkpoint.numbered(ORIGIN, 2))
    made = checkpoint.sign(Checkpoint(f"{ORIGIN}/2", 1, ROOT), second)
    assert checkpoint.read(made, signer.verifier().named(f"{ORIGIN}/2")).size == 1
    with pytest.raises(BrokenError):
        checkpoint.read(made, signer.verifier())


def test_origins_are_closed() -> None:
    assert checkpoint.origin("seoul", "live") == ORIGIN
    assert checkpoint.origin("seoul", "separate", 3) == "wordkept/seoul/separate/3"
    assert checkpoint.numbered(f"{ORIGIN}/7", 1) == ORIGIN
    for name in ("", "Seoul", "a b", "a+b", "a\n"):
        with pytest.raises(ValueError, match="installation"):
            checkpoint.origin(name, "live")
    with pytest.raises(ValueError, match="origin"):
        checkpoint.numbered("example.org/log", 2)


def test_a_saved_key_is_its_owners_alone_and_comes_back(tmp_path: Path) -> None:
    signer, path = new_signer(ORIGIN), tmp_path / "log.key"
    signer.save(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert load_signer(path).verifier() == signer.verifier()
    with pytest.raises(FileExistsError):
        new_signer(ORIGIN).save(path)


@pytest.mark.parametrize("fault", ["missing", "readable", "empty", "renamed", "cut", "noise", "another-key"])
def test_a_damaged_or_readable_key_file_is_refused(tmp_path: Path, fault: str) -> None:
    path = tmp_path / "log.key"
    new_signer(ORIGIN).save(path)
    text = path.read_text()
    other = base64.b64encode(b"\x02" + b"k" * 32).decode()
    change = {
        "empty": "",
        "renamed": text.replace("live", "separate"),
        "cut": text[:-9],
        "noise": "PRIVATE+KEY+a+b+!!!!",
        "another-key": text.rpartition("+")[0] + "+" + other,
    }
    if fault == "missing":
        path.unlink()
    elif fault == "readable":
        path.chmod(0o640)
    else:
        path.write_text(change[fault])
    with pytest.raises(UnavailableError, match="signing key"):
        load_signer(path)


def test_a_text_without_its_last_newline_is_not_signed() -> None:
    with pytest.raises(ValueError, match="newline"):
        new_signer(ORIGIN).sign("open")
