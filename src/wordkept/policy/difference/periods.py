"""Periods: how long a record of an item and purpose is kept, counted from what, in one edition and in the other.

Only pairs that both editions know are compared; what is collected anew, or no longer, is an effect of its purpose.
What is *not* here: the days of one person's records, which depend on their history (``rules.retention``).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import msgspec

from wordkept.policy.asked import holders_of
from wordkept.policy.declared import Purpose
from wordkept.policy.difference.directions import Way, longer
from wordkept.policy.model import Binding, Edition

OPEN: Final = "open"


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """Records that are kept for another time than before.

    ``start`` is what the time is counted from, or ``during <span>``; ``before`` and ``after`` are periods, ``open`` for
    as long as the span lasts, none where nothing of that kind keeps them; ``memory``: one is a law's, on file from
    memory.
    """

    way: Way
    start: str
    before: str | None
    after: str | None
    clause: str
    items: tuple[str, ...]
    purposes: tuple[str, ...]
    memory: bool


class _Time(msgspec.Struct, frozen=True):
    length: str
    clause: str
    memory: bool


def kept(before: Edition, after: Edition) -> Iterator[Kept]:
    """What is kept longer, shorter, or counted from something else; alike ones together."""
    found: dict[tuple[str, str | None, str | None, str, bool], list[tuple[str, str]]] = {}
    for purpose, declared in after.purposes.items():
        known = before.purposes.get(purpose)
        for item in declared.items if known is not None else ():
            if known is None or item not in known.items:
                continue
            old, new = _times(before, purpose, item), _times(after, purpose, item)
            for start in dict.fromkeys([*new, *old]):
                was, now = old.get(start), new.get(start)
                there = now or was
                if there is not None and (was and was.length) != (now and now.length):
                    memory = any(one.memory for one in (was, now) if one)
                    key = (start, was.length if was else None, now.length if now else None, there.clause, memory)
                    found.setdefault(key, []).append((item, purpose))
    for (start, length, now_length, clause, memory), pairs in found.items():
        yield Kept(
            way=_way(length, now_length, after),
            start=start,
            before=length,
            after=now_length,
            clause=clause,
            items=tuple(dict.fromkeys(item for item, _ in pairs)),
            purposes=tuple(dict.fromkeys(purpose for _, purpose in pairs)),
            memory=memory,
        )


def _way(was: str | None, now: str | None, after: Edition) -> Way:
    """Another reason to keep widens, one that is gone narrows; else the longer period."""
    if was is None or now is None:
        return "widens" if was is None else "narrows"
    return "widens" if longer(_limit(now), _limit(was), after.effective) else "narrows"


def _limit(length: str) -> str | None:
    return None if length == OPEN else length


def _times(edition: Edition, purpose: str, item: str) -> dict[str, _Time]:
    """By what it is counted from: the longest time that any clause keeps such a record."""
    found: dict[str, _Time] = {}
    for holder in holders_of(edition, purpose, item):
        if _covers(edition, holder, purpose):
            for start, length in _counted(edition, holder.params):
                known = found.get(start)
                if known is None or longer(_limit(length), _limit(known.length), edition.effective):
                    found[start] = _Time(length, holder.clause, _from_memory(edition, holder.params))
    return found


def _from_memory(edition: Edition, params: Any) -> bool:
    """Whether a period is the law's, and on file from memory; one that the policy states is its own."""
    ref = getattr(params, "for_", None)
    if ref is None or getattr(params, "lasts", None):
        return False
    return edition.from_memory(ref, edition.effective)


def _covers(edition: Edition, holder: Binding, purpose: str) -> bool:
    named = getattr(holder.params, "purposes", None)
    own = isinstance(holder.params, Purpose)  # what it declares of its own end is an effect of the purpose
    return not own and (named is None or purpose in named or edition.group(purpose) in named)


def _counted(edition: Edition, params: Any) -> Iterator[tuple[str, str]]:
    """What a holder counts from, and how long; the compiler looks such keys up by the same names (``names``)."""
    service, dispute = getattr(params, "service", None), getattr(params, "dispute", None)
    ref = getattr(params, "for_", None)
    lasts = getattr(params, "lasts", None) or (edition.law_value(ref, edition.effective) if ref else None)
    if lasts:
        yield getattr(params, "from_", None) or (f"{service}.ended" if service else "collected"), lasts
    elif service or dispute:
        yield f"during {service or dispute}", OPEN
    wait = getattr(params, "sign_up", None)
    if wait is not None:
        yield f"before {service}", wait.at_most
