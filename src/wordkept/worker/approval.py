"""Approvals: a large plan is applied only when a second person signed its digest with a key of their own.

Approvers are people whose public keys an installation lists (``approvers.json``); the private key is a file of mode
0600 that the approver keeps. The signature (Ed25519) stands beside the plan. An approver goes by a pseudonym, because
it enters the evidence. What is *not* here: the plan (``plan``).
"""

from __future__ import annotations

import os
from pathlib import Path

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from wordkept.gate.telling import pseudonym
from wordkept.terms import UnavailableError, ValueRejectedError
from wordkept.written import files

_CONTEXT = b"wordkept approval\n"


class Approval(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A signature of ``name`` under the digest of a plan (hex)."""

    name: str
    digest: str
    signature: str


def named(name: str) -> str:
    """The name of an approver, if it may stand in evidence.

    Raises:
        ValueRejectedError: it is no pseudonym.
    """
    if not (found := pseudonym(name)):
        raise ValueRejectedError("actor: an approver needs a pseudonym")
    return found


def new_key(private: Path) -> str:
    """Make an approver's key; the private half goes to a new file of mode 0600.

    Returns:
        The public half, 64 hex digits.

    Raises:
        UnavailableError: the file is there already.
    """
    key = Ed25519PrivateKey.generate()
    try:
        handle = os.open(private, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise UnavailableError(f"{private} is there already; a key is never overwritten") from error
    with os.fdopen(handle, "wb") as out:
        out.write(key.private_bytes_raw().hex().encode() + b"\n")
        out.flush()
        os.fsync(out.fileno())
    return key.public_key().public_bytes_raw().hex()


def register(folder: Path, name: str, public: str) -> None:
    """List an approver in an installation.

    Raises:
        ValueRejectedError: the name is no pseudonym.
        UnavailableError: that name is listed with another key.
    """
    named(name)
    known = approvers(folder)
    if known.get(name, public) != public:
        raise UnavailableError(f"{name} is listed with another key")
    file = folder / "approvers.json"
    with files.whole(file) as out:
        out.write(msgspec.json.format(msgspec.json.encode({**known, name: public})))


def approvers(folder: Path) -> dict[str, str]:
    """Public keys by name.

    Raises:
        UnavailableError: the list is damaged.
    """
    try:
        return msgspec.json.decode((folder / "approvers.json").read_bytes(), type=dict[str, str])
    except FileNotFoundError:
        return {}
    except msgspec.MsgspecError as error:
        raise UnavailableError("approvers.json is damaged") from error


def sign(plan: Path, digest: str, name: str, private: Path, folder: Path) -> Approval:
    """Approve a plan by its digest; an approval that could not hold is not made, so none that holds is lost to it.

    Raises:
        ValueRejectedError: the name is no pseudonym.
        UnavailableError: the key cannot be read, others could read it too, or it is not the one listed in ``folder``.
    """
    named(name)
    try:
        if private.stat().st_mode & 0o077:
            raise UnavailableError(f"{private} can be read by others; chmod 600 it, or better make a new key")
        key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(private.read_text().strip()))
    except FileNotFoundError as error:
        hint = "--key names the file of a key of yours; --new makes one, the first time"
        raise UnavailableError(f"there is no key {private}", hint=hint) from error
    except (OSError, ValueError) as error:
        raise UnavailableError(f"{private} is not a key that can be read") from error
    if approvers(folder).get(name) != key.public_key().public_bytes_raw().hex():
        raise UnavailableError(f"{name} is not listed here with that key", hint="--new lists a new name with a new key")
    made = Approval(name, digest, key.sign(_CONTEXT + bytes.fromhex(digest)).hex())
    with files.whole(beside(plan)) as out:
        out.write(msgspec.json.encode(made) + b"\n")
    return made


def beside(plan: Path) -> Path:
    """Where a plan's approval stands."""
    return plan.with_name(plan.name + ".approval")


def approved_by(plan: Path, digest: str, folder: Path) -> str:
    """Name of who approved a plan.

    Raises:
        ValueRejectedError: the name in the approval is no pseudonym.
        UnavailableError: nobody did, or the approval is of another plan, by a stranger, or forged.
    """
    try:
        given = msgspec.json.decode(beside(plan).read_bytes(), type=Approval)
    except FileNotFoundError:
        raise UnavailableError("this plan is large and nobody approved it; see wordkept approve") from None
    except msgspec.MsgspecError as error:
        raise UnavailableError("the approval is damaged") from error
    public = approvers(folder).get(named(given.name))
    if public is None:
        raise UnavailableError(f"{given.name} is not an approver of this installation")
    if given.digest != digest:
        raise UnavailableError("the approval is of another plan")
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)).verify(
            bytes.fromhex(given.signature), _CONTEXT + bytes.fromhex(digest)
        )
    except (InvalidSignature, ValueError) as error:
        raise UnavailableError("the approval's signature does not hold") from error
    return given.name
