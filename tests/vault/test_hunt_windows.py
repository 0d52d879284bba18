"""Windows cover every byte once, and a write-ahead log's as if its pages had no headers."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wordkept.vault.hunt import windows
from wordkept.vault.hunt.windows import Stream, streams

PAGE = 8192
ONE, TWO = "000000010000000000000001", "000000010000000000000002"


def segment(payload: bytes) -> tuple[bytes, bytes]:
    """Two pages of a segment that carry the payload's beginning, and the rest of it."""
    first, second = payload[: PAGE - 40], payload[PAGE - 40 : 2 * PAGE - 64]
    return b"H" * 40 + first + b"h" * 24 + second, payload[2 * PAGE - 64 :]


@given(sizes=st.lists(st.integers(0, 300), min_size=1, max_size=4), piece=st.integers(1, 97))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_place_is_the_anchor_of_one_window(
    sizes: list[int], piece: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(windows, "PIECE", piece)
    monkeypatch.setattr(windows, "BEHIND", 7)
    monkeypatch.setattr(windows, "AHEAD", 30)
    paths, whole = [], b""
    for number, size in enumerate(sizes):
        paths.append(tmp_path / str(number))
        paths[-1].write_bytes(part := os.urandom(size))
        whole += part
    seen = []
    stream = Stream(paths)
    assert sum(window.high - window.low for window in stream.windows()) == len(whole)
    for window in stream.windows():  # once more: every reading is a first one
        for at in range(window.low, window.high):
            place = window.start + at
            seen.append(place)
            assert window.data[at : at + 30] == whole[place : place + 30]
            assert window.data[max(0, at - 7) : at] == whole[max(0, place - 7) : place]
            file, offset = window.where(at)
            assert Path(file).read_bytes()[offset] == whole[place]
    assert seen == list(range(len(whole)))


def test_what_crosses_a_page_or_a_segment_of_the_log_is_in_one_piece(tmp_path: Path) -> None:
    payload = bytearray(os.urandom(4 * PAGE - 128))
    across = {"page": PAGE - 40 - 5, "segment": 2 * PAGE - 64 - 5}
    for name, at in across.items():
        payload[at : at + 20] = name.encode().ljust(20, b".")
    log = tmp_path / "pg_wal"
    log.mkdir()
    first, rest = segment(bytes(payload))
    second, _ = segment(rest)
    (log / ONE).write_bytes(first)
    (log / TWO).write_bytes(second)
    [stream] = streams([tmp_path])
    found = {}
    for window in stream.windows():
        for name in across:
            at = window.data.find(name.encode().ljust(20, b"."), window.low)
            if window.low <= at < window.high:
                found[name] = window.where(at), window.where(at + 5)
    assert found == {
        "page": ((str(log / ONE), PAGE - 5), (str(log / ONE), PAGE + 24)),
        "segment": ((str(log / ONE), 2 * PAGE - 5), (str(log / TWO), 40)),
    }


def test_logs_are_read_before_the_tables_they_are_written_to(tmp_path: Path) -> None:
    for name in ("base/1/2", "pg_wal/" + ONE, "pg_wal/archive_status/x"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"-")
    found = [[str(path.relative_to(tmp_path)) for path in stream.paths] for stream in streams([tmp_path])]
    assert found[0] == ["pg_wal/" + ONE]
    assert sorted(found[1:]) == [["base/1/2"], ["pg_wal/archive_status/x"]]


def test_links_are_followed_once_and_what_is_no_file_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "file").write_bytes(b"-")
    (tmp_path / "in" / "round").symlink_to(tmp_path)
    (tmp_path / "again").symlink_to(tmp_path / "in" / "file")
    os.mkfifo(tmp_path / "pipe")
    assert len(streams([tmp_path, tmp_path / "in", tmp_path / "missing"])) == 1


def test_a_file_that_vanishes_or_cannot_be_read_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "there").write_bytes(b"here")
    stream = Stream([tmp_path / "gone", tmp_path, tmp_path / "there"])
    assert [window.data for window in stream.windows()] == [b"here"]
    assert stream.unread == 1
