"""Signed notes (C2SP signed-note): a text that ends in a newline, an empty line, and signature lines.

Keys are Ed25519 and go by name and by the first four bytes of a hash over name and key. The key that signs lies in a
file that only its owner reads; the string that verifies is public. Signatures of keys we do not know (witnesses) are
ignored, as the specification asks. What is *not* here: what the text says (``checkpoint`` does).
"""

from __future__ import annotations

import base64
import binascii
import os
from hashlib import sha256
from pathlib import Path
from typing import Final

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from wordkept.terms import BrokenError, UnavailableError

_ED25519: Final = b"\x01"
_KEY_BYTES: Final = 32
_SIGNATURE_BYTES: Final = 64
_MARK: Final = "\u2014 "
_MOST_SIGNATURES: Final = 100
_LONGEST_NOTE: Final = 1_000_000


def plain_base64(text: str) -> bytes:
    """Decode base64 in its one canonical form.

    Raises:
        BrokenError: it is not.
    """
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise BrokenError("note: base64 expected") from error
    if base64.b64encode(raw).decode() != text:
        raise BrokenError("note: base64 is not in canonical form")
    return raw


def _check_name(name: str) -> None:
    if not name or "+" in name or any(letter.isspace() for letter in name) or not name.isprintable():
        raise BrokenError("note: a key's name is not empty and holds neither spaces nor plus signs")


def key_hash(name: str, public: bytes) -> bytes:
    """The four bytes by which a signature line names its Ed25519 key."""
    return sha256(name.encode() + b"\n" + _ED25519 + public).digest()[:4]


class Verifier(msgspec.Struct, frozen=True):
    """A public key under a name; the name is the log's origin."""

    name: str
    public: bytes

    def __str__(self) -> str:
        """``name+hash+base64``, as C2SP writes it."""
        encoded = base64.b64encode(_ED25519 + self.public).decode()
        return f"{self.name}+{key_hash(self.name, self.public).hex()}+{encoded}"

    def named(self, name: str) -> Verifier:
        """The same key under another name."""
        return Verifier(name, self.public)

    def open(self, note: bytes) -> str:
        """The text of a note that this key signed.

        Raises:
            BrokenError: the note is malformed, this key did not sign it, or its signature is wrong.
        """
        text, signatures = _parts(note)
        mine = [raw[4:] for name, raw in signatures if (name, raw[:4]) == (self.name, key_hash(self.name, self.public))]
        if not mine:
            raise BrokenError(f"note: no signature by {self.name} and this key")
        for signature in mine:
            if len(signature) != _SIGNATURE_BYTES:
                raise BrokenError(f"note: the signature by {self.name} has the wrong length")
            try:
                Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text.encode())
            except InvalidSignature as error:
                raise BrokenError(f"note: the signature by {self.name} does not fit the text") from error
        return text


class Signer:
    """A private key under a name. It is not printed, compared or copied."""

    __slots__ = ("_key", "name")

    def __init__(self, name: str, seed: bytes) -> None:
        _check_name(name)
        self.name = name
        self._key = Ed25519PrivateKey.from_private_bytes(seed)

    def verifier(self) -> Verifier:
        """The public half."""
        return Verifier(self.name, self._key.public_key().public_bytes_raw())

    def named(self, name: str) -> Signer:
        """The same key under another name: a log opened after a restore has an origin of its own."""
        return Signer(name, self._key.private_bytes_raw())

    def sign(self, text: str) -> bytes:
        """The note: text, empty line, one signature line.

        Raises:
            ValueError: the text does not end in a newline.
        """
        if not text.endswith("\n"):
            raise ValueError("a note's text ends in a newline")
        public = self._key.public_key().public_bytes_raw()
        signature = base64.b64encode(key_hash(self.name, public) + self._key.sign(text.encode())).decode()
        return f"{text}\n{_MARK}{self.name} {signature}\n".encode()

    def save(self, path: Path) -> None:
        """Write the key, readable by its owner alone, and make it durable.

        Raises:
            FileExistsError: there is a file of this name; a key is never overwritten.
        """
        seed = self._key.private_bytes_raw()
        digest = key_hash(self.name, self._key.public_key().public_bytes_raw()).hex()
        line = f"PRIVATE+KEY+{self.name}+{digest}+{base64.b64encode(_ED25519 + seed).decode()}\n"
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(line)
            file.flush()
            os.fsync(file.fileno())
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def new_signer(name: str) -> Signer:
    """A fresh key under a name."""
    return Signer(name, os.urandom(_KEY_BYTES))


def load_signer(path: Path) -> Signer:
    """The key in a file that ``Signer.save`` wrote.

    Raises:
        UnavailableError: there is no such file, others may read it, or it holds no such key.
    """
    try:
        if path.stat().st_mode & 0o077:
            raise UnavailableError("signing key: others may read its file; it must be 0600")
        line = path.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise UnavailableError("signing key: its file cannot be read") from error
    fields = line.removesuffix("\n").split("+", 4)
    if len(fields) != 5 or fields[:2] != ["PRIVATE", "KEY"]:  # noqa: PLR2004 - the fields of the line above
        raise UnavailableError("signing key: its file holds something else")
    try:
        raw = plain_base64(fields[4])
        signer = Signer(fields[2], raw[1:])
    except (BrokenError, ValueError) as error:
        raise UnavailableError("signing key: its file is damaged") from error
    if raw[:1] != _ED25519 or f"{signer.verifier()}".split("+")[1] != fields[3]:
        raise UnavailableError("signing key: its file is damaged")
    return signer


def read_verifier(text: str) -> Verifier:
    """The key that ``name+hash+base64`` names.

    Raises:
        BrokenError: it is malformed, of another algorithm, or its hash does not fit.
    """
    name, _, rest = text.strip().partition("+")
    digest, _, encoded = rest.partition("+")
    _check_name(name)
    raw = plain_base64(encoded)
    if raw[:1] != _ED25519 or len(raw) != 1 + _KEY_BYTES:
        raise BrokenError("verifier key: an Ed25519 key is expected")
    found = Verifier(name, raw[1:])
    if digest != key_hash(name, found.public).hex():
        raise BrokenError("verifier key: its hash does not fit its name and key")
    return found


def _parts(note: bytes) -> tuple[str, list[tuple[str, bytes]]]:
    """Text and signatures of a note: name, and key hash with signature."""
    if len(note) > _LONGEST_NOTE:
        raise BrokenError("note: too long")
    try:
        whole = note.decode()
    except UnicodeDecodeError as error:
        raise BrokenError("note: not UTF-8") from error
    if any(letter < " " and letter != "\n" for letter in whole):
        raise BrokenError("note: control characters")
    text, gap, lines = whole.rpartition("\n\n")
    if not gap or not text or not lines.endswith("\n"):
        raise BrokenError("note: no text, empty line and signature lines")
    signatures = []
    for line in lines[:-1].split("\n"):
        name, space, encoded = line.removeprefix(_MARK).partition(" ")
        if not line.startswith(_MARK) or not space:
            raise BrokenError("note: a signature line is malformed")
        _check_name(name)
        raw = plain_base64(encoded)
        if len(raw) <= 4:  # noqa: PLR2004 - the key hash and something
            raise BrokenError("note: a signature is empty")
        signatures.append((name, raw))
    if len(signatures) > _MOST_SIGNATURES:
        raise BrokenError("note: too many signatures")
    return text + "\n", signatures
