"""Headers: the names in ``Cookie`` and ``Set-Cookie``, read as browsers read them (RFC 6265, sections 4 and 5).

Text is Latin-1, as both gateway interfaces have it. What is *not* here: which names are permitted (``permits``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

LONGEST: Final = 16 * 1024
"""Characters of all ``Cookie`` headers of a request; of more, nothing is read."""
_TOKEN: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_BREAKS: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_SECONDS: Final = re.compile(r"-?[0-9]+")

_LIFETIME: Final = frozenset({"max-age", "expires"})

Pair = tuple[str, str]


def pairs(headers: Iterable[str]) -> list[Pair]:
    """Names and values that a browser sent, in its order; what is none, and all of what is too long, is left out."""
    whole = ";".join(headers)
    if len(whole) > LONGEST:
        return []
    split = (part.strip(" \t").partition("=") for part in whole.split(";"))
    return [(name, value) for name, equals, value in split if equals and _TOKEN.fullmatch(name)]


def joined(sent: Iterable[Pair]) -> str:
    """The header of some pairs."""
    return "; ".join(f"{name}={value}" for name, value in sent)


def name_of(header: str) -> str | None:
    """The name that a ``Set-Cookie`` header would have kept; none if browsers or servers could read it otherwise."""
    name, equals, _ = header.partition(";")[0].partition("=")
    name = name.strip(" \t")
    sound = equals and _TOKEN.fullmatch(name) and not _BREAKS.search(header) and header.isascii()
    return name if sound else None


def takes_back(header: str) -> bool:
    """Whether a ``Set-Cookie`` header only has the browser forget: its last ``Max-Age`` is not above zero."""
    ages = [value for key, value in _attributes(header) if key == "max-age" and _SECONDS.fullmatch(value)]
    return bool(ages) and (ages[-1].startswith("-") or not ages[-1].strip("0"))


def shortened(header: str, most: int, now: datetime) -> str:
    """A ``Set-Cookie`` header that has the browser keep the cookie no longer than so many seconds from now.

    What would last until the browser closes still does. What is longer, or no time that we can read, becomes the most.
    """
    said = list(_attributes(header))
    ages = [value for key, value in said if key == "max-age" and _SECONDS.fullmatch(value)]
    ends = [value for key, value in said if key == "expires"]
    if ages and _at_most(ages[-1], most):
        return header
    if not ages and (not ends or all(_ends_by(value, now + timedelta(seconds=most)) for value in ends)):
        return header
    parts = [part for part in header.split(";") if part.partition("=")[0].strip(" \t").lower() not in _LIFETIME]
    return f"{';'.join(parts)}; Max-Age={most}"


def _at_most(age: str, most: int) -> bool:
    """Whether seconds in digits, however many, are no more than some."""
    digits = age.lstrip("0")
    return age.startswith("-") or len(digits) < len(str(most)) or (len(digits) == len(str(most)) and int(age) <= most)


def _ends_by(text: str, last: datetime) -> bool:
    try:
        ends = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return False
    return ends.replace(tzinfo=ends.tzinfo or UTC) <= last


def _attributes(header: str) -> Iterator[Pair]:
    for part in header.split(";")[1:]:
        key, _, value = part.partition("=")
        yield key.strip(" \t").lower(), value.strip(" \t")
