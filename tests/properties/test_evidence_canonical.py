"""The quick encoder writes what RFC 8785 asks for: compared with a library made for nothing else."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from wordkept.evidence.batch import form
from wordkept.evidence.predicate import Predicate
from wordkept.evidence.statement import Body, encode, header, read_body

hexes = st.binary(min_size=16, max_size=16).map(bytes.hex)
digests = st.binary(min_size=32, max_size=32).map(bytes.hex)
words = st.from_regex(r"[a-z][a-z0-9_-]{0,20}", fullmatch=True)
dotted = st.from_regex(r"[a-z][a-z0-9_-]{0,9}([.:][a-z0-9_-]{1,9}){0,3}", fullmatch=True)
clauses = st.from_regex(r"[0-9]{1,2}(\.[A-Za-z0-9]{1,3}){0,3}", fullmatch=True)
naturals = st.integers(0, 2**53 - 1)
alike = st.builds(
    Body,
    actor=st.none() | dotted,
    clauses=st.lists(clauses, max_size=4).map(tuple),
    counts=st.dictionaries(dotted, naturals, max_size=4),
    digest=st.none() | digests,
    edition=st.none() | digests,
    epoch=st.none() | naturals,
    event=st.none() | dotted,
    held=st.none() | st.booleans(),
    items=st.lists(words, max_size=4).map(tuple),
    number=st.none() | naturals,
    on=st.none() | st.dates().map(lambda day: day.isoformat()),
    purpose=st.none() | words,
    request=st.none() | hexes,
    to=st.none() | dotted,
)


@given(alike)
def test_a_body_is_written_as_rfc_8785_asks(body: Body) -> None:
    raw = encode(body)
    assert raw == rfc8785.dumps(json.loads(raw))
    assert read_body(raw) == body


@given(alike, st.binary(min_size=16, max_size=16), st.binary(min_size=16, max_size=16), digests, naturals)
def test_a_filled_form_is_written_as_rfc_8785_asks(
    body: Body, subject: bytes, record: bytes, sealed: str, version: int
) -> None:
    now = datetime(2026, 11, 24, 7, tzinfo=UTC)
    named_here = [(record.hex(), version, bytes.fromhex(sealed))]
    made = form(Predicate.COLLECTED, now, body).fill(subject.hex(), named_here)
    assert made.body == rfc8785.dumps(json.loads(made.body))
    (named,) = read_body(made.body).records
    assert (named.id, named.sealed, named.version) == (record.hex(), sealed, version)
    assert read_body(made.body).subject == subject.hex()


@given(st.sampled_from(Predicate), st.datetimes(timezones=st.timezones()))
def test_a_header_is_written_as_rfc_8785_asks(predicate: Predicate, now: datetime) -> None:
    raw = header(predicate, now).raw
    assert raw == rfc8785.dumps(json.loads(raw))
