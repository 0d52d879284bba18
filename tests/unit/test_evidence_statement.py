"""Statements: their bytes are fixed for ever, and nothing but the closed vocabulary gets into them."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
import pytest

from wordkept.evidence.batch import form, template
from wordkept.evidence.predicate import CLOSES, OPENS, Predicate, Retained, retained
from wordkept.evidence.statement import (
    Body,
    Named,
    digest_of,
    encode,
    header,
    leaf,
    read_body,
    read_header,
    state,
)
from wordkept.terms import BrokenError

FOLDER = Path(__file__).parents[1] / "vectors" / "evidence"
VECTORS: list[dict[str, Any]] = json.loads((FOLDER / "leaves.json").read_text())["leaves"]
NOW = datetime(2026, 11, 24, 7, 12, 1, 5, tzinfo=UTC)
ALIKE = Body(act="collect", clauses=("2.3.1",), counts={"b": 2, "a": 2**53 - 1}, purpose="billing", role="system")  # type: ignore[arg-type]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: str(vector["is"]))
def test_the_leaf_format_never_changes(vector: dict[str, Any]) -> None:
    top = header(Predicate(vector["predicate"]), datetime.fromisoformat(vector["now"]))
    body = encode(msgspec.convert(vector["said"], Body))
    assert top.raw.decode() == vector["header"]
    assert body.decode() == vector["body"]
    assert leaf(top.raw, digest_of(bytes.fromhex(vector["salt"]), body)).hex() == vector["leaf"]


def test_the_fields_of_a_body_stand_in_the_order_in_which_they_are_written() -> None:
    for kind in (Body, Named):
        names = [field.encode_name for field in msgspec.structs.fields(kind)]
        assert names == sorted(names)


def test_a_statement_is_hashed_as_it_is_stored() -> None:
    made = state(Predicate.USED, NOW, Body(subject="0" * 31 + "1", purpose="billing"))
    assert made.digest == sha256(made.salt + made.body).digest()
    assert made.leaf() == sha256(b"\x00" + made.header.raw + made.digest).digest()
    assert made.subject == "0" * 31 + "1"
    assert len(made.salt) == 16


def test_two_statements_of_the_same_words_have_different_leaves() -> None:
    assert state(Predicate.USED, NOW, Body()).leaf() != state(Predicate.USED, NOW, Body()).leaf()


def test_a_header_tells_the_hour_and_no_more_of_the_time() -> None:
    assert header(Predicate.USED, NOW).raw == header(Predicate.USED, NOW + timedelta(minutes=47)).raw
    assert header(Predicate.USED, NOW).hour == datetime(2026, 11, 24, 7, tzinfo=UTC)
    assert header(Predicate.USED, NOW.astimezone(timezone(timedelta(hours=9)))) == header(Predicate.USED, NOW)


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        header(Predicate.USED, datetime(2026, 1, 1))  # noqa: DTZ001 - the point


def test_no_predicate_ever_changes_its_name_or_class() -> None:
    kept = json.loads((FOLDER / "predicates.json").read_text())["predicates"]
    assert {predicate.value: retained(predicate).value for predicate in Predicate} == kept


def test_every_predicate_has_one_class_and_headers_read_back() -> None:
    for predicate in Predicate:
        made = header(predicate, NOW)
        assert made.retained is retained(predicate)
        assert read_header(made.raw) == made
    assert retained(Predicate.DESTROYED) is Retained.DESTRUCTION
    assert retained(Predicate.REFUSED) is Retained.REFUSAL
    assert retained(Predicate.PLAN_MADE) is Retained.SYSTEM
    assert {retained(predicate) for predicate in OPENS} == {Retained.ACT}
    assert {retained(predicate) for predicate in CLOSES} == {Retained.DESTRUCTION}


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{}",
        b"\xff",
        b'{"class":"system","format":"wordkept/1","hour":"2026-11-24T07Z","predicate":"used"}',
        b'{"class":"act","format":"wordkept/2","hour":"2026-11-24T07Z","predicate":"used"}',
        b'{"class":"act","format":"wordkept/1","hour":"2026-11-24T25Z","predicate":"used"}',
        b'{"class":"act","format":"wordkept/1","hour":"2026-11-24T07Z","predicate":"peeked"}',
        b'{"class":"act", "format":"wordkept/1","hour":"2026-11-24T07Z","predicate":"used"}',
        b'{"class":"act","format":"wordkept/1","hour":"2026-11-24T07Z","predicate":"used","who":"x"}',
    ],
)
def test_what_is_no_header_is_broken(raw: bytes) -> None:
    with pytest.raises(BrokenError, match="header"):
        read_header(raw)


@pytest.mark.parametrize(
    "said",
    [
        {"actor": "Kim Minsu"},
        {"actor": "01012345678"},
        {"actor": "staff-1\n"},
        {"choice": "perhaps"},
        {"clauses": ("see the contract",)},
        {"clauses": ("5.2.B\n",)},
        {"counts": {"how many": 1}},
        {"counts": {"records": -1}},
        {"digest": "ab" * 31},
        {"edition": "AB" * 32},
        {"event": "called the customer"},
        {"items": ("minsu@example.org",)},
        {"items": ("x" * 65,)},
        {"log": "wordkept/A B/live"},
        {"number": 2**53},
        {"on": "2026-1-1"},
        {"purpose": "to phone 010-1234"},
        {"reason": "because"},
        {"records": (Named("7"),)},
        {"records": (Named("0" * 32, "x"),)},
        {"request": "r1"},
        {"second": "김민수"},
        {"subject": "minsu"},
        {"to": "a b"},
    ],
    ids=lambda said: str(next(iter(said))),
)
def test_no_free_text_enters_a_body(said: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="body") as caught:
        encode(Body(**said))
    for text in said.values():
        assert not isinstance(text, str) or text not in str(caught.value)


@pytest.mark.parametrize("raw", [b"", b"[]", b"\xff\xff", b'{"who":"x"}', b'{ "act":"use"}', b'{"to":"a","act":"use"}'])
def test_what_is_no_body_is_broken(raw: bytes) -> None:
    with pytest.raises(BrokenError, match="body"):
        read_body(raw)


def test_a_filled_template_or_form_is_the_statement_made_one_by_one() -> None:
    subject, record, sealed = os.urandom(16).hex(), os.urandom(16).hex(), os.urandom(32)
    made = form(Predicate.COLLECTED, NOW, ALIKE).fill(subject, [(record, 3, sealed), (subject, 4, None)])
    named = (Named(record, sealed.hex(), 3), Named(subject, None, 4))
    said = msgspec.structs.replace(ALIKE, subject=subject, records=named)
    assert made.body == encode(said)
    assert made.digest == digest_of(made.salt, made.body)
    assert made.subject == subject
    (made,) = template(Predicate.DESTROYED, NOW, ALIKE).fill([(subject, record, 2**53 - 1)])
    assert made.body == encode(msgspec.structs.replace(said, records=(Named(record, None, 2**53 - 1),)))


def test_salts_of_a_batch_differ() -> None:
    rows = [("1" * 32, "2" * 32, 1)] * 100
    assert len({made.salt for made in template(Predicate.DESTROYED, NOW, ALIKE).fill(rows)}) == 100


def test_a_template_names_no_one() -> None:
    for kind in (template, form):
        with pytest.raises(ValueError, match="no subject"):
            kind(Predicate.USED, NOW, Body(subject="0" * 32))
