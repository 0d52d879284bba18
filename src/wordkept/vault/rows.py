"""Rows: what one record, key, index entry or event is as a row of the live store.

As parameters for one row, in binary for many. What is *not* here: the statements they go into (``changes``).
"""

from __future__ import annotations

from datetime import date, datetime
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
    record, text, day, number = one.record, binary.text, binary.day, binary.integer
    return binary.row(
        binary.identifier(one.subject), binary.identifier(record.id), text(record.item), text(record.purpose),
        text(record.matter), text(record.method), text(record.source), text(record.statute), number(record.version),
        number(record.rev), text(record.state.value), binary.boolean(value=record.frozen),
        binary.boolean(value=record.released), day(record.edition), day(record.on), number(record.after),
        day(record.use_until), day(record.keep_until), day(record.not_before), number(seq),
        binary.blob(one.value.digest), binary.blob(one.value.sealed),
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
        binary.day(event.edition), binary.boolean(value=event.narrow),
    )  # fmt: skip
