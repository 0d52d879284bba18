"""Checkpoints (C2SP tlog-checkpoint): a log's origin, size and root, signed by the log's key.

An origin is ``wordkept/<installation>/<live|separate>``; the log that is opened after a restore is another log and adds
its number, ``…/2``. What is *not* here: where checkpoints are kept (``tiles``) and when one may be signed (``log``).
"""

from __future__ import annotations

import base64
import re
from typing import Final, Literal

import msgspec

from wordkept.evidence.note import Signer, Verifier, plain_base64
from wordkept.evidence.tree import HASH_BYTES
from wordkept.terms import BrokenError

_ORIGIN: Final = re.compile(r"wordkept/([a-z0-9-]+)/(live|separate)(?:/([2-9]|[1-9][0-9]+))?")
_SIZE: Final = re.compile(r"0|[1-9][0-9]{0,18}")


class Checkpoint(msgspec.Struct, frozen=True):
    """What a log's key signs: at this size, this log has this root (32 bytes)."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """Three lines: origin, size, root in base64."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


def origin(installation: str, store: Literal["live", "separate"], log: int = 1) -> str:
    """The name of a log, and of its key.

    Args:
        installation: lower-case letters, digits and hyphens.
        store: which database.
        log: 1, and one more for each restore.

    Raises:
        ValueError: the installation's name is something else.
    """
    name = f"wordkept/{installation}/{store}" + (f"/{log}" if log > 1 else "")
    if not _ORIGIN.fullmatch(name):
        raise ValueError("an installation's name is made of lower-case letters, digits and hyphens")
    return name


def numbered(name: str, log: int) -> str:
    """The origin of another log of the same database."""
    found = _ORIGIN.fullmatch(name)
    if not found:
        raise ValueError("not the origin of a log")
    base = f"wordkept/{found[1]}/{found[2]}"
    return base if log == 1 else f"{base}/{log}"


def log_of(name: str) -> int | None:
    """The number of the log that an origin names, none if it is no origin."""
    found = _ORIGIN.fullmatch(name)
    return int(found[3] or 1) if found else None


def sign(checkpoint: Checkpoint, signer: Signer) -> bytes:
    """The signed note.

    Raises:
        ValueError: the key goes by another name than the log.
    """
    if signer.name != checkpoint.origin:
        raise ValueError("a log's key goes by the log's origin")
    return signer.sign(checkpoint.text())


def read(note: bytes, verifier: Verifier) -> Checkpoint:
    """The checkpoint in a note that the log's key signed; extension lines are allowed and ignored.

    Raises:
        BrokenError: note, signature or text is wrong, or the origin is not the key's name.
    """
    found = plain(verifier.open(note))
    if found.origin != verifier.name:
        raise BrokenError("checkpoint: of another log")
    return found


def plain(text: str) -> Checkpoint:
    """The checkpoint of which this is the text, whoever signed it.

    Raises:
        BrokenError: the text is no checkpoint's.
    """
    lines = text.removesuffix("\n").split("\n")
    if len(lines) < 3 or not all(lines):  # noqa: PLR2004 - origin, size, root
        raise BrokenError("checkpoint: fewer than three lines, or an empty one")
    if not _SIZE.fullmatch(lines[1]):
        raise BrokenError("checkpoint: the size is not a plain number")
    root = plain_base64(lines[2])
    if len(root) != HASH_BYTES:
        raise BrokenError("checkpoint: the root is not 32 bytes")
    return Checkpoint(lines[0], int(lines[1]), root)
