"""Directions: for each key of a declaration or rule, whether more of it lets the operator do more, or less.

A key that is not listed only *changes*. What is *not* here: which keys differ (``effects``).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, Final, Literal

from wordkept.language import Said, say
from wordkept.record.holds import plus

Way = Literal["widens", "narrows", "changes"]

_MORE: Final = frozenset(
    {
        "purpose.items",
        "purpose.opens",
        "purpose.at-most",
        "purpose.early",
        "purpose.late",
        "item.at-most",
        "item.search",
        "recipient.items",
        "recipient.groups",
        "processor.purposes",
        "cookie.purposes",
        "tool.items",
        "tool.purposes",
        "tool.hosts",
        "store.items",
        "store.purposes",
        "rule.unless",
        "rule.within",
        "word.period",
        "permit.items",
        "permit.purposes",
        "permit.recipients",
        "permit.law",
    }
)
"""More of it lets the operator do more; a limit that is gone is the most."""
_LESS: Final = frozenset(
    {
        "purpose.consent",
        "purpose.during",
        "purpose.ends-with",
        "purpose.by-law",
        "item.category",
        "recipient.group",
        "processor.during",
        "method.names-source",
    }
)
"""More of it, or any of it, binds the operator more."""
_NEW: Final[dict[str, Way]] = {
    "item": "widens",
    "purpose": "widens",
    "method": "widens",
    "recipient": "widens",
    "processor": "widens",
    "role": "widens",
    "cookie": "widens",
    "tool": "widens",
    "store": "widens",
    "category": "narrows",
}
_BACK: Final[dict[Way, Way]] = {"widens": "narrows", "narrows": "widens", "changes": "changes"}


def known(kind: str, *, new: bool) -> Way:
    """What it does that something is declared now, or no longer."""
    way = _NEW.get(kind, "changes")
    return way if new else _BACK[way]


def directed(key: str, was: Any, now: Any, day: date) -> Iterator[tuple[Way, Said]]:
    """What it does that a key says something else.

    Args:
        key: ``<kind>.<key>``, such as ``purpose.items``.
        was: its value before.
        now: its value after.
        day: the day from which periods are compared.
    """
    more: Way = "widens" if key in _MORE else "narrows" if key in _LESS else "changes"
    name = key.partition(".")[2]
    if isinstance(was, tuple) and isinstance(now, tuple) and all(isinstance(one, str) for one in was + now):
        if gained := [one for one in now if one not in was]:
            yield more, say("{name} gains {names}", name=name, names=", ".join(gained))
        if lost := [one for one in was if one not in now]:
            yield _BACK[more], say("{name} loses {names}", name=name, names=", ".join(lost))
        if not gained and not lost:
            yield "changes", say("{name} stands in another order", name=name)
    else:
        way = more if _is_more(key, was, now, day) else _BACK[more]
        yield way, say("{name}: {was} → {now}", name=name, was=_told(was), now=_told(now))


def longer(one: str | None, other: str | None, day: date) -> bool:
    """Whether a period is longer than another from a day on; none is the longest."""
    if one is None or other is None:
        return one is None
    return plus(day, one) > plus(day, other)


def _is_more(key: str, was: Any, now: Any, day: date) -> bool:
    if isinstance(now, bool | int) and isinstance(was, bool | int):
        return now > was
    if key in ("purpose.at-most", "rule.within", "word.period"):
        return _is_longer(now, was, day)
    return now is not None


def _is_longer(now: Any, was: Any, day: date) -> bool:
    try:
        return longer(now, was, day)
    except ValueError:  # a word of the front matter, whose period is compared there
        return False


def _told(value: Any) -> str:
    if isinstance(value, bool):
        return say("yes") if value else say("no")
    if isinstance(value, tuple):
        return "[" + ", ".join(map(_told, value)) + "]"
    return say("none") if value is None or value == "" else " ".join(str(value).split())
