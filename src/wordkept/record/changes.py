"""Changes: what an allowed act makes of a record. One place, so that every store does the same.

A correction is a new version of the same record under a new key; collecting again replaces it. Each change raises
``rev``. What is *not* here: whether the act is allowed (``decision``) and the values.
"""

from __future__ import annotations

from datetime import date

import msgspec

from wordkept.record.facts import Record, Request
from wordkept.record.history import History
from wordkept.record.holds import Term
from wordkept.record.lifecycle import step
from wordkept.terms import State


def collected(ask: Request, record_id: str, item: str, edition: date, history: History) -> Record:
    """The record that collecting one item makes; its three days are still to be set (``with_term``)."""
    return Record(
        id=record_id,
        item=item,
        purpose=ask.purpose or "",
        on=ask.on,
        after=history.number,
        edition=edition,
        matter=ask.matter,
        method=ask.method,
        source=ask.source,
        statute=ask.statute,
    )


def with_term(record: Record, term: Term) -> Record:
    """The record with its three days; ``rev`` rises only if they changed."""
    days = (record.use_until, record.keep_until, record.not_before)
    new = (term.use_until, term.keep_until, term.not_before)
    if days == new:
        return record
    return msgspec.structs.replace(record, use_until=new[0], keep_until=new[1], not_before=new[2], rev=record.rev + 1)


def corrected(record: Record) -> Record:
    """After a correction, with or without a new value: not frozen any more."""
    state = step(record.state, "correct")
    return msgspec.structs.replace(record, state=state, version=record.version + 1, rev=record.rev + 1, frozen=False)


def frozen(record: Record, *, is_frozen: bool) -> Record:
    """Under a freeze, or after it was lifted."""
    return msgspec.structs.replace(record, frozen=is_frozen, rev=record.rev + 1)


def released(record: Record, day: date) -> Record:
    """After its person asked for deletion although something still requires it; the first time counts."""
    return msgspec.structs.replace(record, released_on=record.released_on or day, rev=record.rev + 1)


def separated(record: Record) -> Record:
    """In the separate store: a freeze ends with separation."""
    state = step(step(record.state, "leave") if record.state is State.LIVE else record.state, "arrive")
    return msgspec.structs.replace(record, state=state, version=record.version + 1, frozen=False)


def destroyed(record: Record) -> Record:
    """Gone."""
    return msgspec.structs.replace(record, state=step(record.state, "destroy"), frozen=False)


def alike(one: Record, other: Record) -> bool:
    """Whether two stores say the same of a record, whatever state each says it is in."""
    return msgspec.structs.replace(one, state=State.LIVE) == msgspec.structs.replace(other, state=State.LIVE)
