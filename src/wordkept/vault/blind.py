"""Blind index: finding people by a value without knowing any value.

An entry is one AES-256 block: the first 16 bytes of HMAC-SHA256(search key, item ‖ normalised value), encrypted under
the index key of its epoch. The next epoch's entries are made from the blocks alone, without any plaintext, and the old
index key dies with its epoch: an entry in an old copy then tells nothing. Equality only. What is *not* here: the table
(``values``) and its turn (``turn_index``).
"""

from __future__ import annotations

import hmac
import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from wordkept.vault.formats import item_field

BLOCK: Final = 16
"""Bytes of an entry."""
_NOT_DIGITS = re.compile(r"[^0-9]+")


def normalise(value: str, kind: str) -> str:
    """The form of a value under which it is found again.

    Args:
        value: as stored.
        kind: the item's type: ``email`` (case and outer space do not matter), ``phone`` (digits only, +82 is 0), any
            other (exact but for outer space).
    """
    text = unicodedata.normalize("NFC", value).strip()
    if kind == "email":
        return unicodedata.normalize("NFC", text.casefold())
    if kind == "phone":
        digits = _NOT_DIGITS.sub("", text)
        if text.startswith("+82"):
            return "0" + digits[2:].removeprefix("0")
        return digits
    return text


class BlindIndex:
    """The index of one epoch.

    Args:
        epoch: its number; the generation of its entries.
        index: the epoch's index key, 32 bytes.
        search: the key that values are hashed under, 32 bytes.
    """

    __slots__ = ("_decrypt", "_encrypt", "_search", "epoch")

    def __init__(self, epoch: int, index: bytes, search: bytes) -> None:
        # One block is encrypted on its own: ECB is the plain block cipher here, not a mode for messages.
        cipher = Cipher(algorithms.AES(index), modes.ECB())  # noqa: S305
        self.epoch, self._search = epoch, search
        self._encrypt, self._decrypt = cipher.encryptor(), cipher.decryptor()

    def entry(self, item: str, value: str, kind: str) -> bytes:
        """Entry of a value, 16 bytes."""
        message = item_field(item) + normalise(value, kind).encode()
        return self._encrypt.update(hmac.digest(self._search, message, "sha256")[:BLOCK])

    def search_key(self) -> bytes:
        """The key that values are hashed under; it outlives epochs and is wrapped anew in each."""
        return self._search

    def moved_from(self, older: BlindIndex, entries: Sequence[bytes]) -> list[bytes]:
        """The entries of another epoch's index as they are in this one."""
        blocks = self._encrypt.update(older._decrypt.update(b"".join(entries)))
        return [blocks[at : at + BLOCK] for at in range(0, len(blocks), BLOCK)]
