"""Packed arrays say to the database what the driver's own would."""

from __future__ import annotations

import os

import pytest
from tests.vault.conftest import Desk, new_id

from wordkept.vault.arrays import Blobs, Identifiers


@pytest.mark.parametrize("count", [0, 1, 3, 5000])
def test_identifiers_come_back_as_they_went(desk: Desk, count: int) -> None:
    sent = [new_id() for _ in range(count)]
    for binary in (False, True):
        row = desk.cursor.execute("SELECT %s::uuid[], %s::uuid[]", (Identifiers(sent), sent), binary=binary).fetchone()
        assert row == (sent, sent)


@pytest.mark.parametrize("sizes", [(), (0,), (1, 0, 70_000)])
def test_byte_strings_come_back_as_they_went(desk: Desk, sizes: tuple[int, ...]) -> None:
    sent = [os.urandom(size) for size in sizes]
    row = desk.cursor.execute("SELECT %s::bytea[], %s::bytea[]", (Blobs(sent), sent), binary=True).fetchone()
    assert row == (sent, sent)
