"""Keys: sealing and wrapping, pure functions over bytes.

AES-256-GCM throughout. A value has a key of its own that seals exactly once, so its nonces need not be random: the
value is cut into chunks of 64 KiB, and chunk *n* has the nonce *n* (11 bytes) ‖ 1 for the last, 0 before it (the STREAM
construction): chunks cannot be dropped, repeated, reordered or cut off. Keys that wrap many others take a random
12-byte nonce each time. What is *not* here: which keys there are and where they stand (``keyring``), and what their
associated data is made of (``formats``).
"""

from __future__ import annotations

import os
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from wordkept.terms import BrokenError
from wordkept.vault.formats import FORMAT

KEY: Final = 32
"""Bytes of every key."""
CHUNK: Final = 64 * 1024
"""Bytes of plaintext in each chunk but the last."""
_TAG: Final = 16
_NONCE: Final = 12
_LEAD: Final = bytes([FORMAT])
_ONLY: Final = bytes(11) + b"\x01"
WRAPPED: Final = 1 + _NONCE + KEY + _TAG
"""Bytes of a wrapped key: format ‖ nonce ‖ key ‖ tag."""


def new_key() -> bytes:
    """A fresh key, 32 bytes from the operating system."""
    return os.urandom(KEY)


def new_keys(count: int) -> list[bytes]:
    """Fresh keys, drawn at once."""
    drawn = os.urandom(KEY * count)
    return [drawn[at : at + KEY] for at in range(0, len(drawn), KEY)]


def seal(key: bytes, value: bytes, bound: bytes) -> bytes:
    """Seal a value under a key that has never sealed before and never will again.

    Args:
        key: 32 bytes, used for this call only.
        value: the plaintext, any length.
        bound: associated data.

    Returns:
        format ‖ chunk ‖ chunk …, each chunk with its 16-byte tag.
    """
    cipher = AESGCM(key)
    if len(value) <= CHUNK:
        return _LEAD + cipher.encrypt(_ONLY, value, bound)
    parts = [_LEAD]
    last = (len(value) - 1) // CHUNK
    view = memoryview(value)
    for number in range(last + 1):
        chunk = view[number * CHUNK : (number + 1) * CHUNK]
        parts.append(cipher.encrypt(number.to_bytes(11) + bytes([number == last]), chunk, bound))
    return b"".join(parts)


def unseal(key: bytes, sealed: bytes, bound: bytes) -> bytes:
    """Open what ``seal`` made.

    Raises:
        BrokenError: another key, other associated data, or other bytes.
    """
    if sealed[:1] != _LEAD:
        raise BrokenError("a sealed value of an unknown format")
    cipher = AESGCM(key)
    try:
        if len(sealed) <= 1 + CHUNK + _TAG:
            return cipher.decrypt(_ONLY, sealed[1:], bound)
        parts = []
        size = CHUNK + _TAG
        last = (len(sealed) - 2) // size
        view = memoryview(sealed)
        for number in range(last + 1):
            chunk = view[1 + number * size : 1 + (number + 1) * size]
            parts.append(cipher.decrypt(number.to_bytes(11) + bytes([number == last]), chunk, bound))
        return b"".join(parts)
    except InvalidTag as error:
        raise BrokenError("a sealed value does not open") from error


def wrap(under: AESGCM, key: bytes, bound: bytes) -> bytes:
    """Wrap a key under another.

    Args:
        under: the wrapping key's cipher.
        key: 32 bytes.
        bound: associated data.

    Returns:
        ``WRAPPED`` bytes.
    """
    nonce = os.urandom(_NONCE)
    return _LEAD + nonce + under.encrypt(nonce, key, bound)


def unwrap(under: AESGCM, wrapped: bytes, bound: bytes) -> bytes:
    """Unwrap what ``wrap`` made.

    Raises:
        BrokenError: another key, other associated data, or other bytes.
    """
    if len(wrapped) != WRAPPED or wrapped[:1] != _LEAD:
        raise BrokenError("a wrapped key of an unknown format")
    try:
        return under.decrypt(wrapped[1 : 1 + _NONCE], wrapped[1 + _NONCE :], bound)
    except InvalidTag as error:
        raise BrokenError("a wrapped key does not open") from error
