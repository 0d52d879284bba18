"""Rows: what one record, key, index entry or event is as a row of the live store.

As parameters for one row, in binary for many. What is *not* here: the statements they go into (``changes``).
"""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from typing import Final, NamedTuple

import msgspec

from wordkept.record.events import Event
from wordkept.record.facts import Record
from wordkept.vault import binary
from wordkept.vault.values import Held


class Entry(NamedTuple):
    """An entry of the blind index: its generation, and whose record it finds."""

    generation: int
    item: str
    entry: bytes
    subject: str
    record: str


_PLAIN: Final = tuple(name for name in msgspec.structs.asdict(Record(id="", item="", purpose="", on=date.min, after=0,
    edition=date.min)) if name not in {"id", "on", "state"})  # fmt: skip


_RECORD: Final = (22).to_bytes(2)
"""How a row of ``record`` begins: with its number of columns."""


def record_values(one: Held, seq: int) -> dict[str, object]:
    """A record and its key as parameters of ``insert_record``."""
    record, value = one.record, one.value
    return {
        "subject": one.subject, "record": record.id, "collected_on": record.on, "told": seq, "digest": value.digest,
        "sealed": value.sealed, "shard": value.shard, "generation": value.generation, "wrapped": value.wrapped,
        **{name: getattr(record, name) for name in _PLAIN}, "state": record.state.value,
    }  # fmt: skip


def record_row(one: Held, seq: int) -> bytes:
    """A row of ``record``."""
    r = one.record
    said = _said(
        (r.item, r.purpose, r.matter, r.method, r.source, r.statute), (r.version, r.rev), r.state.value,
        (r.frozen,), (r.released_on, r.edition, r.on), r.after, (r.use_until, r.keep_until, r.not_before), seq,
    )  # fmt: skip
    value = binary.blob(one.value.digest) + binary.blob(one.value.sealed)
    return _RECORD + binary.identifier(one.subject) + binary.identifier(r.id) + said + value


@lru_cache(maxsize=8192)
def _said(
    names: tuple[str | None, ...],
    counts: tuple[int, ...],
    state: str,
    flags: tuple[bool, ...],
    days: tuple[date | None, ...],
    after: int,
    term: tuple[date | None, ...],
    seq: int,
) -> bytes:
    """The fields between a record's identifiers and its value; kept, because in a batch few differ."""
    text, day, number = binary.text, binary.day, binary.integer
    return b"".join(
        [
            *map(text, names), *map(number, counts), text(state),
            *(binary.boolean(value=one) for one in flags), *map(day, days), number(after), *map(day, term), number(seq),
        ]
    )  # fmt: skip


def key_row(one: Held) -> bytes:
    """A row of ``value_key``."""
    value = one.value
    return binary.row(
        binary.identifier(one.subject), binary.identifier(one.record.id), binary.integer(one.record.version),
        binary.bigint(value.shard), binary.bigint(value.generation), binary.blob(value.wrapped),
    )  # fmt: skip


def entry_row(entry: Entry) -> bytes:
    """A row of ``blind``."""
    return binary.row(
        binary.bigint(entry.generation), binary.text(entry.item), binary.blob(entry.entry),
        binary.identifier(entry.subject), binary.identifier(entry.record),
    )  # fmt: skip


def event_row(subject: str, event: Event, at: datetime) -> bytes:
    """A row of ``event``."""
    return binary.row(
        binary.identifier(subject), binary.integer(event.number), binary.day(event.on), binary.instant(at),
        binary.text(event.kind), binary.text(event.matter), binary.text(event.to), binary.text(event.choice),
        binary.day(event.edition), binary.boolean(value=event.narrow), *_shown(event),
    )  # fmt: skip


def shown_values(event: Event) -> dict[str, object]:
    """What was shown, as parameters of ``insert_event``."""
    shown = event.shown
    return {
        "text_digest": bytes.fromhex(shown.digest) if shown else None,
        "language": shown.language if shown else None,
        "channel": shown.channel if shown else None,
        "signature": event.signature,
    }


def _shown(event: Event) -> tuple[bytes, ...]:
    shown, signature = event.shown, event.signature
    signed = binary.NULL if signature is None else binary.blob(signature)
    if shown is None:
        return (binary.NULL, binary.NULL, binary.NULL, signed)
    return (binary.blob(bytes.fromhex(shown.digest)), binary.text(shown.language), binary.text(shown.channel), signed)
