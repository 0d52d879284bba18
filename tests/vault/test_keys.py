"""Formats and keys: golden bytes that can never change, and one failure for each vector."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from wordkept.terms import BrokenError
from wordkept.vault.blind import BlindIndex, normalise
from wordkept.vault.formats import Binding, Store, place
from wordkept.vault.keys import CHUNK, WRAPPED, new_key, seal, unseal, unwrap, wrap

VECTORS = Path(__file__).parents[1] / "vectors" / "keys"
CASES = sorted(path for path in VECTORS.glob("*.json") if path.name != "bindings.json")
KNOWN: dict[str, Any] = json.loads((VECTORS / "bindings.json").read_text())
CHUNKED = st.integers(0, 3 * CHUNK + 40)


def opened(case: dict[str, str]) -> bytes:
    key, bound, sealed = (bytes.fromhex(case[name]) for name in ("key", "bound", "sealed"))
    return unseal(key, sealed, bound) if case["kind"] == "value" else unwrap(AESGCM(key), sealed, bound)


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_each_vector_opens_or_fails_as_it_says(path: Path) -> None:
    case = json.loads(path.read_text())
    if case["plain"] is None:
        with pytest.raises(BrokenError):
            opened(case)
    else:
        assert opened(case).hex() == case["plain"]


def test_associated_data_is_what_it_always_was() -> None:
    binding = Binding(bytes.fromhex(KNOWN["installation"]), Store.LIVE)
    about = binding.subject(KNOWN["subject"], KNOWN["record"], KNOWN["item"], KNOWN["version"])
    where = place(KNOWN["shard"], KNOWN["generation"])
    assert binding.value(about).hex() == KNOWN["value"]
    assert binding.value_key(about, where).hex() == KNOWN["value_key"]
    assert binding.shard_key(KNOWN["shard"], KNOWN["generation"], KNOWN["epoch"]).hex() == KNOWN["shard_key"]
    assert binding.epoch_key(KNOWN["epoch"]).hex() == KNOWN["epoch_key"]
    assert binding.index_key(KNOWN["epoch"]).hex() == KNOWN["index_key"]
    assert binding.search_key(KNOWN["epoch"]).hex() == KNOWN["search_key"]


@pytest.mark.parametrize("case", KNOWN["entries"], ids=lambda case: case["value"])
def test_index_entries_are_what_they_always_were(case: dict[str, str]) -> None:
    index = BlindIndex(KNOWN["epoch"], bytes.fromhex(KNOWN["index"]), bytes.fromhex(KNOWN["search"]))
    assert index.entry(case["item"], case["value"], case["kind"]).hex() == case["entry"]


ITEMS = st.text("abcdefghijklmnopqrstuvwxyz_", min_size=1, max_size=12)
IDS = st.binary(min_size=16, max_size=16).map(bytes.hex)
NAMES = st.tuples(IDS, IDS, ITEMS, st.integers(1, 2**32 - 1), st.integers(0, 2**64 - 1), st.integers(0, 2**64 - 1))


@given(NAMES, NAMES)
def test_different_names_never_have_the_same_associated_data(one: tuple[Any, ...], other: tuple[Any, ...]) -> None:
    bindings = [Binding(bytes(16), store) for store in Store]
    made = set()
    for names in {one, other}:
        for binding in bindings:
            about = binding.subject(*names[:4])
            made |= {binding.value(about), binding.value_key(about, place(*names[4:]))}
    distinct = len({one, other} | set())
    values = len({one[:4], other[:4]})
    assert len(made) == 2 * distinct + 2 * values


@given(st.sampled_from([0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 1]))
def test_every_length_opens_to_what_was_sealed(length: int) -> None:
    key, value = new_key(), bytes(length)
    sealed = seal(key, value, b"x")
    assert unseal(key, sealed, b"x") == value
    assert len(sealed) == 1 + length + 16 * max(1, -(-length // CHUNK))


@pytest.mark.parametrize("change", ["drop-last", "drop-first", "swap", "repeat", "extend"])
def test_chunks_cannot_be_rearranged(change: str) -> None:
    key, size = new_key(), CHUNK + 16
    sealed = seal(key, bytes(3 * CHUNK), b"x")
    one, two, three = (sealed[1 + at * size : 1 + (at + 1) * size] for at in range(3))
    changed = {
        "drop-last": one + two, "drop-first": two + three, "swap": two + one + three, "repeat": one + one + two + three,
        "extend": one + two + three + three,
    }[change]  # fmt: skip
    with pytest.raises(BrokenError):
        unseal(key, sealed[:1] + changed, b"x")


def test_a_wrapped_key_has_one_length_and_never_the_same_bytes() -> None:
    under, key = AESGCM(new_key()), new_key()
    assert {len(wrap(under, key, b"x")) for _ in range(3)} == {WRAPPED}
    assert wrap(under, key, b"x") != wrap(under, key, b"x")


@given(st.lists(st.binary(min_size=16, max_size=16), min_size=1, max_size=20))
def test_entries_move_to_the_next_epoch_without_any_plaintext(entries: list[bytes]) -> None:
    old, new = BlindIndex(1, bytes(32), bytes(32)), BlindIndex(2, b"\x01" * 32, bytes(32))
    moved = new.moved_from(old, entries)
    assert old.moved_from(new, moved) == entries
    assert set(moved).isdisjoint(entries)


def test_a_moved_entry_is_the_one_the_next_epoch_would_make() -> None:
    old, new = BlindIndex(1, bytes(32), b"\x07" * 32), BlindIndex(2, b"\x01" * 32, b"\x07" * 32)
    entry = old.entry("email", "kim@example.org", "email")
    assert new.moved_from(old, [entry]) == [new.entry("email", "kim@example.org", "email")]


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("email", " Kim@Example.org", "kim@example.ORG"),
        ("email", "e\u0301@x.kr", "\u00e9@x.kr"),
        ("phone", "010-1234-5678", "+82 10 1234 5678"),
        ("phone", "+82-010-1234-5678", "01012345678"),
        ("text", " Ab== ", "Ab=="),
    ],
)
def test_values_that_mean_the_same_are_found_alike(kind: str, one: str, other: str) -> None:
    assert normalise(one, kind) == normalise(other, kind)


def test_an_exact_value_is_found_exactly() -> None:
    assert normalise("Ab==", "text") != normalise("AB==", "text")
    assert normalise("010-1234-5678", "phone") != normalise("010-1234-5679", "phone")


@given(st.integers(0, 100))
def test_an_item_is_part_of_an_entry(at: int) -> None:
    index = BlindIndex(1, bytes(32), bytes(32))
    value = f"{at}"
    assert index.entry("email", value, "text") != index.entry("ci", value, "text")
