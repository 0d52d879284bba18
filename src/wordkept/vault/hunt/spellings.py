"""Spellings: the forms in which a value may stand in plain bytes.

UTF-8 and UTF-16, composed and decomposed, Korean code page, hex, base64 at each of its three alignments, URL-quoted,
JSON- and SQL-escaped; case does not matter where the spelling allows it. Of a telephone number the digits, whatever
parts them, without its first zero (so a country code hides nothing). What is *not* here: compressed
or encrypted forms, and numbers in other bases.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from contextlib import suppress
from typing import Final, NamedTuple
from urllib.parse import quote, quote_plus

from wordkept.terms import ValueRejectedError

SHORTEST: Final = 4
"""Bytes; what is shorter stands everywhere by chance."""
LONGEST: Final = 512
"""Bytes of a value that are looked for; of a longer one its beginning."""
_PHONE: Final = re.compile(r"^\+?[0-9][0-9 ().-]{6,}$")
_ALPHABET: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_URL_ALPHABET: Final = _ALPHABET[:-2] + b"-_"
_PARTED: Final = rb"(?:[-. ()]|%20){0,2}"
_PARTED_WIDE: Final = rb"(?:[-. ()]\0){0,2}"
_PARTED_HEX: Final = rb"(?:2[dDeE089]){0,2}"
_NOT_DIGITS: Final = re.compile(r"[^0-9]")


class Spelling(NamedTuple):
    """One form of a value.

    Attributes:
        how: its name, as reported.
        needle: what to look for, in bytes that were put in lower case; empty where the proof itself is looked for.
        proof: what must match where the needle stands, in the bytes as they are, where case does matter.
        before: how many bytes before the needle the proof begins.
    """

    how: str
    needle: bytes = b""
    proof: re.Pattern[bytes] | None = None
    before: int = 0


def spellings(value: str) -> tuple[Spelling, ...]:
    """All forms of a value, each once.

    Raises:
        ValueRejectedError: it is too short to tell anything.
    """
    if len(value.encode()) < SHORTEST:
        raise ValueRejectedError(f"what is shorter than {SHORTEST} bytes stands everywhere by chance")
    if _PHONE.match(value.strip()):
        return tuple(_number(_NOT_DIGITS.sub("", value.strip().removeprefix("+82")).removeprefix("0")))
    value = value.encode()[:LONGEST].decode(errors="ignore")
    found: dict[bytes, Spelling] = {}
    for how, needle in _forms(value):
        found.setdefault(needle, Spelling(how, needle))
    for text in _cases(value):
        found.update(
            (one.needle, one) for one in (Spelling("hex", text.encode().hex().encode()), *_base64(text.encode()))
        )
    return tuple(found.values())


def spellings_of_bytes(raw: bytes) -> tuple[Spelling, ...]:
    """A secret's bytes: raw, hex, base64."""
    return (
        Spelling("raw", raw.lower(), re.compile(re.escape(raw))), Spelling("hex", raw.hex().encode()), *_base64(raw),
    )  # fmt: skip


def spelled(lowered: bytes, data: bytes, low: int, high: int, forms: tuple[Spelling, ...]) -> Iterator[tuple[str, int]]:
    """Where any of the forms begins.

    Args:
        lowered: ``data`` in lower case.
        data: the bytes.
        low: first place where it may begin.
        high: after the last.
        forms: what to look for.

    Yields:
        The form's name and the place.
    """
    for how, needle, proof, before in forms:
        if proof and not needle:
            for match in proof.finditer(data, low):
                if match.start() >= high:
                    break
                yield how, match.start()
            continue
        end = high + len(needle) - 1
        at = lowered.find(needle, low, end)
        while at >= 0:
            if proof is None or (at >= before and proof.match(data, at - before)):
                yield how, at
            at = lowered.find(needle, at + 1, end)


def _forms(value: str) -> Iterator[tuple[str, bytes]]:
    """Forms in which the case of letters does not matter."""
    for text in _cases(value):
        yield "utf-8", text.encode().lower()
    for text in _cases(value):
        # Without its last byte the little-endian form is also the big-endian one of text that is mostly ASCII.
        yield "utf-16", text.encode("utf-16-le").lower().removesuffix(b"\0")
        yield "utf-16", text.encode("utf-16-be").lower().removeprefix(b"\0")
        yield "url", quote(text, safe="").encode().lower()
        yield "url", quote_plus(text).encode().lower()
        yield "json", json.dumps(text)[1:-1].encode().lower()
        yield "json", json.dumps(text, ensure_ascii=False)[1:-1].replace("/", "\\/").encode().lower()
        yield "sql", text.replace("'", "''").encode().lower()
        with suppress(UnicodeEncodeError):
            yield "cp949", text.encode("cp949").lower()


def _number(digits: str) -> Iterator[Spelling]:
    """A telephone number, whatever parts its digits."""
    plain = [re.escape(digit).encode() for digit in digits]
    yield Spelling("digits", proof=re.compile(_PARTED.join(plain)))
    yield Spelling("utf-16", proof=re.compile((rb"\0" + _PARTED_WIDE).join(plain)))
    yield Spelling("hex", proof=re.compile(_PARTED_HEX.join(digit.hex().encode() for digit in plain)))
    for parted in dict.fromkeys((digits, "-".join(part for part in (digits[:-8], digits[-8:-4], digits[-4:]) if part))):
        yield from _base64(parted.encode())


def _base64(raw: bytes) -> Iterator[Spelling]:
    """Bytes at each of the three alignments, in both alphabets.

    A character carries six bits. Those that carry a neighbour's bits too are not in the needle; of them, as many bits
    as are the value's own must be right.
    """
    for lead in range(3):
        bits = "".join(f"{byte:08b}" for byte in raw)
        head, bits = bits[: -8 * lead % 6], bits[-8 * lead % 6 :]
        whole = len(bits) // 6 * 6
        sixes = [bits[at : at + 6] for at in range(0, whole, 6)]
        proof = "".join(
            [_characters("", head), *(_characters(six, "") for six in sixes), _characters(bits[whole:], "")]
        )
        plain, url = (bytes(one[int(six, 2)] for six in sixes).lower() for one in (_ALPHABET, _URL_ALPHABET))
        for needle in dict.fromkeys((plain, url)):
            yield Spelling("base64", needle, re.compile(proof.encode()), int(bool(head)))


def _characters(first: str, last: str) -> str:
    """A pattern of the characters that begin and end with some bits; nothing for no bits."""
    if not first and not last:
        return ""
    fit = [number for number in range(64) if (bits := f"{number:06b}").startswith(first) and bits.endswith(last)]
    both = {alphabet[number : number + 1] for number in fit for alphabet in (_ALPHABET, _URL_ALPHABET)}
    return f"[{re.escape(b''.join(sorted(both)).decode())}]"


def _cases(value: str) -> list[str]:
    """A value as given, composed, decomposed and without case; ASCII case is no matter afterwards."""
    texts = [value, unicodedata.normalize("NFC", value), unicodedata.normalize("NFD", value), value.casefold()]
    if not value.isascii():
        texts += [value.upper(), value.lower()]
    unique: dict[str, str] = {}
    for text in texts:
        unique.setdefault(text.encode().lower().decode(errors="surrogateescape"), text)
    return list(unique.values())
