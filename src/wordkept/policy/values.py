"""Values: whether what somebody typed fits an item's type. One clear error, which never repeats the value.

What is *not* here: sealing and storing.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import Final

from wordkept.policy.declared import Item
from wordkept.terms import ValueRejectedError

_EMAIL: Final = re.compile(r"^[^\s@]{1,64}@[^\s@]{1,255}\Z")
_PHONE: Final = re.compile(r"^\+?[0-9][0-9 ().-]{1,31}\Z")
_NUMBER: Final = re.compile(r"^[+-]?[0-9]{1,30}(\.[0-9]{1,30})?\Z")


def fit(item: Item, value: str | bytes) -> bytes:
    """The bytes to seal for a value of an item.

    Args:
        item: the declaration.
        value: text for every type but ``file``, which takes bytes (text is taken as its UTF-8 bytes).

    Raises:
        ValueRejectedError: names the item and what does not fit.
    """
    if item.type == "file":
        data = value.encode() if isinstance(value, str) else value
        if not 0 < len(data) <= item.at_most:
            raise _rejected(item, f"a file has 1 to {item.at_most} bytes, this one has {len(data)}")
        return data
    if not isinstance(value, str):
        raise _rejected(item, "text is wanted, not bytes")
    _is_clean(item, value)
    if not _is_of_type(item, value):
        raise _rejected(item, f"not of type {item.type}")
    return value.encode()


def _is_clean(item: Item, value: str) -> None:
    if not 0 < len(value) <= item.at_most:
        raise _rejected(item, f"text has 1 to {item.at_most} characters, this one has {len(value)}")
    if "\x00" in value:
        raise _rejected(item, "a NUL character cannot be stored")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise _rejected(item, "half a surrogate pair is not text") from None
    if not unicodedata.is_normalized("NFC", value):
        raise _rejected(item, "text must be in Unicode normal form C")


def _is_of_type(item: Item, value: str) -> bool:
    if item.type == "email":
        return bool(_EMAIL.match(value))
    if item.type == "phone":
        return bool(_PHONE.match(value))
    if item.type == "number":
        return bool(_NUMBER.match(value))
    if item.type == "date":
        try:
            date.fromisoformat(value)
        except ValueError:
            return False
    return True


def _rejected(item: Item, why: str) -> ValueRejectedError:
    return ValueRejectedError(f"{item.name}: {why}")
