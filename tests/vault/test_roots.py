"""Roots as files: durable before they are named, gone when they are destroyed, and honest about the disk."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from wordkept.terms import BrokenError, UnavailableError
from wordkept.vault import disks
from wordkept.vault.roots import FileRoot


def test_a_root_wraps_and_unwraps_and_is_closed_to_others(tmp_path: Path) -> None:
    roots = FileRoot(tmp_path / "live")
    roots.create(1)
    wrapped = roots.wrap(1, b"k" * 32, b"x")
    assert roots.unwrap(1, wrapped, b"x") == b"k" * 32
    with pytest.raises(BrokenError):
        roots.unwrap(1, wrapped, b"y")
    [file] = (tmp_path / "live").iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "live").stat().st_mode & 0o777 == 0o700


def test_a_root_that_is_there_is_kept(tmp_path: Path) -> None:
    roots = FileRoot(tmp_path)
    roots.create(7)
    wrapped = roots.wrap(7, b"k" * 32, b"x")
    roots.create(7)
    assert roots.unwrap(7, wrapped, b"x") == b"k" * 32


def test_a_kill_while_a_root_is_made_leaves_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    roots = FileRoot(tmp_path)

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "rename", die)
    with pytest.raises(KeyboardInterrupt):
        roots.create(1)
    monkeypatch.undo()
    assert roots.epochs() == ()
    roots.create(1)
    assert roots.epochs() == (1,)
    assert [entry.name for entry in tmp_path.iterdir()] == ["root-00000000000000000001"]


def test_a_destroyed_root_was_overwritten_before_it_went(tmp_path: Path) -> None:
    roots = FileRoot(tmp_path)
    roots.create(1)
    [file] = tmp_path.iterdir()
    root = file.read_bytes()
    os.link(file, tmp_path / "seen")
    roots.destroy(1)
    assert root not in (tmp_path / "seen").read_bytes()
    assert roots.epochs() == ()
    with pytest.raises(UnavailableError, match="epoch 1"):
        roots.wrap(1, b"k" * 32, b"x")


def test_destroying_what_is_absent_counts_as_done(tmp_path: Path) -> None:
    FileRoot(tmp_path).destroy(3)


def test_a_damaged_root_is_refused(tmp_path: Path) -> None:
    roots = FileRoot(tmp_path)
    (tmp_path / "root-00000000000000000001").write_bytes(b"short")
    with pytest.raises(UnavailableError, match="damaged"):
        roots.create(1)


def test_a_root_beside_its_data_is_never_final(tmp_path: Path) -> None:
    grade = FileRoot(tmp_path / "roots", tmp_path).grade()
    assert not grade.final
    assert any("same disk" in reason for reason in grade.reasons)


@pytest.mark.parametrize(
    ("kind", "told"),
    [("btrfs", "new place"), ("nfs4", "another machine"), ("tmpfs", "loses the root"), (None, "unknown"), ("ext4", "")],
)
def test_a_file_system_that_keeps_copies_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str | None, told: str
) -> None:
    monkeypatch.setattr(disks, "file_system", lambda _: kind)
    monkeypatch.setattr(disks, "_device_reasons", lambda _: [])
    reasons = disks.file_reasons(tmp_path, None)
    assert bool(reasons) == bool(told)
    assert told in "".join(reasons)
