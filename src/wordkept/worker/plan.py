"""Plans: exactly what a run will do, written down before it is done.

A plan is a text file of JSON lines: a head (whose, made when, for which day, under which edition), one line for each
record (the deed, the ids, the clauses whose holds ended), and a foot (counts, SHA-256 of all lines before it, a seal).
It is written and read as a stream. The seal is an HMAC under a key of the installation, so an altered or foreign plan
is refused; a plan for another day or edition is stale. What is *not* here: finding what is due and doing it (``gate``).
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import IO, Annotated, Final, Literal

import msgspec

from wordkept.terms import MalformedPolicyError, UnavailableError
from wordkept.written import files

Hex32 = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{32}\Z")]
Hex64 = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}\Z")]


class Head(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="head"):
    """Whose plan it is.

    Attributes:
        installation: 32 hex digits.
        policy: hex SHA-256 of the edition in force.
        day: the day whose run it is, in the policy's time zone.
        made_at: the clock it was made at.
    """

    installation: Hex32
    policy: Hex64
    day: date
    made_at: datetime


class Line(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="do"):
    """One record's deed.

    Attributes:
        deed: what is owed.
        store: where the record is.
        subject: pseudonym, 32 hex digits.
        record: 32 hex digits.
        item: the declared item.
        version: of its value.
        clauses: whose holds ended.
        law: the law parameters among them.
    """

    deed: Literal["separate", "destroy"]
    store: Literal["live", "separate"]
    subject: Hex32
    record: Hex32
    item: str
    version: int
    clauses: tuple[str, ...] = ()
    law: tuple[str, ...] = ()


class Foot(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="foot"):
    """What it comes to; ``digest`` of all bytes before, ``seal`` over the digest."""

    records: int
    counts: dict[str, int]
    digest: Hex64
    seal: Hex64


class Summary(msgspec.Struct, frozen=True):
    """A plan that was checked: its head and foot."""

    head: Head
    foot: Foot


def write(file: Path, head: Head, lines: Iterable[Line], key: bytes) -> Summary:
    """Write a plan, whole or not at all.

    Args:
        file: where to; an existing one is replaced when the new one is complete.
        head: whose.
        lines: what is due, in the order in which it will be done.
        key: the installation's, 32 bytes.

    Returns:
        Head and foot.

    Raises:
        UnavailableError: something else is there.
    """
    if file.exists() and not _is_a_plan(file):
        raise UnavailableError(f"{file} is there and is no plan; it is not written over")
    digest, counts, records = hashlib.sha256(), Counter[str](), 0
    with files.whole(file) as out:
        _put(out, head, digest)
        for line in lines:
            _put(out, line, digest)
            records += 1
            counts[line.deed] += 1
            counts.update(f"{line.deed} by {clause}" for clause in line.clauses)
            counts.update(f"{line.deed} by {law}" for law in line.law)
        foot = Foot(
            records=records,
            counts=dict(sorted(counts.items())),
            digest=digest.hexdigest(),
            seal=_seal(key, digest.digest()),
        )
        out.write(msgspec.json.encode(foot) + b"\n")
    return Summary(head, foot)


def check(file: Path, key: bytes) -> Summary:
    """Read a plan through and check its digest and seal, before anything of it is done.

    Raises:
        MalformedPolicyError: it is not a plan, or was altered; with its line.
        UnavailableError: it is another installation's (its seal is under another key).
    """
    digest = hashlib.sha256()
    head: Head | None = None
    foot: Foot | None = None
    records = 0
    with _opened(file) as source:
        for number, raw in enumerate(source, 1):
            if foot is not None:
                raise _malformed(file, number, "something follows its end")
            part = _part(file, number, raw)
            if (number == 1) != isinstance(part, Head):
                raise _malformed(file, number, "a plan has one head, in its first line")
            head = part if isinstance(part, Head) else head
            if isinstance(part, Foot):
                foot = part
                continue
            records += isinstance(part, Line)
            digest.update(raw)
    if head is None or foot is None:
        raise _malformed(file, 0, "it has no end: it was cut off, or is not a plan")
    if foot.digest != digest.hexdigest() or foot.records != records:
        raise _malformed(file, 0, "it was altered: its digest does not match")
    if not hmac.compare_digest(foot.seal, _seal(key, digest.digest())):
        raise UnavailableError("this plan was made elsewhere, or by other hands: its seal is not this installation's")
    return Summary(head, foot)


def lines(file: Path) -> Iterator[Line]:
    """The lines of a plan that was checked, one at a time."""
    with _opened(file) as source:
        for number, raw in enumerate(source, 1):
            part = _part(file, number, raw)
            if isinstance(part, Line):
                yield part


def in_time(summary: Summary, installation: str, policy: str, day: date) -> None:
    """Refuse a plan that is not for here and now.

    Raises:
        UnavailableError: foreign or stale; says which and what to do.
    """
    if summary.head.installation != installation:
        raise UnavailableError("this plan belongs to another installation")
    if summary.head.day != day:
        raise UnavailableError(
            f"this plan is stale: it was made for {summary.head.day}, today is {day}; make a new one"
        )
    if summary.head.policy != policy:
        raise UnavailableError("this plan is stale: another edition of the policy is in force; make a new one")


def _is_a_plan(file: Path) -> bool:
    with _opened(file) as source:
        return source.read(14) == b'{"type":"head"'


def _put(out: IO[bytes], part: Head | Line, digest: hashlib._Hash) -> None:
    raw = msgspec.json.encode(part) + b"\n"
    digest.update(raw)
    out.write(raw)


def _seal(key: bytes, digest: bytes) -> str:
    return hmac.new(key, b"wordkept plan\n" + digest, hashlib.sha256).hexdigest()


_PLACE: Final = re.compile(r" - at `(\$[.\w\[\]]*)`\Z", re.ASCII)
_parts: msgspec.json.Decoder[Head | Line | Foot] = msgspec.json.Decoder(Head | Line | Foot)


def _part(file: Path, number: int, raw: bytes) -> Head | Line | Foot:
    try:
        return _parts.decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise _malformed(file, number, f"not a line of a plan{_where(error)}") from None


def _where(error: Exception) -> str:
    """The place in the line; what stands there is not repeated, for a plan may have been written by anybody."""
    found = _PLACE.search(str(error))
    return f" ({found[1]})" if found else ""


@contextmanager
def _opened(file: Path) -> Iterator[IO[bytes]]:
    try:
        with file.open("rb") as source:
            yield source
    except OSError as error:
        raise MalformedPolicyError(f"the plan cannot be read: {error.strerror}", file=str(file)) from error


def _malformed(file: Path, line: int, message: str) -> MalformedPolicyError:
    return MalformedPolicyError(message, file=str(file), line=line, hint="make a new one with wordkept plan")
