"""The ground of a demonstration: only what a demonstration made is cleared, and one stands on it at a time."""

from __future__ import annotations

from pathlib import Path

import pytest

from wordkept.cli.demo.ground import cleared, near
from wordkept.terms import UnavailableError


def test_a_new_folder_is_made_and_left_there(tmp_path: Path) -> None:
    with cleared(tmp_path / "demo") as ground:
        (ground / "kept.txt").write_text("kept")
    assert (tmp_path / "demo" / "kept.txt").exists()
    assert (tmp_path / "demo" / ".gitignore").read_text() == "*\n"


def test_what_an_earlier_demonstration_left_is_cleared(tmp_path: Path) -> None:
    with cleared(tmp_path / "demo") as ground:
        (ground / "store" / "pg").mkdir(parents=True)
        (ground / "old.txt").write_text("old")
    with cleared(tmp_path / "demo") as ground:
        assert {one.name for one in ground.iterdir()} == {"demonstration.lock", ".gitignore"}


def test_a_servers_data_elsewhere_goes_with_it(tmp_path: Path) -> None:
    data = tmp_path / "elsewhere" / "pg"
    with cleared(tmp_path / "demo") as ground:
        (ground / "store").mkdir()
        (ground / "store" / "installation.json").write_text(f'{{"data": "{data}", "installation": "0"}}')
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("17")
    with cleared(tmp_path / "demo"):
        assert not data.exists()


@pytest.mark.parametrize("described", ["{", '{"data": 7}', '{"data": "/nowhere/pg"}', '{"data": null}'])
def test_a_damaged_description_leads_to_no_other_folder(tmp_path: Path, described: str) -> None:
    with cleared(tmp_path / "demo") as ground:
        (ground / "store").mkdir()
        (ground / "store" / "installation.json").write_text(described)
    with cleared(tmp_path / "demo") as ground:
        assert not (ground / "store").exists()


def test_a_data_folder_that_is_no_servers_is_left_alone(tmp_path: Path) -> None:
    treasure = tmp_path / "treasure"
    treasure.mkdir()
    with cleared(tmp_path / "demo") as ground:
        (ground / "store").mkdir()
        (ground / "store" / "installation.json").write_text(f'{{"data": "{treasure}"}}')
    with cleared(tmp_path / "demo"):
        assert treasure.exists()


def test_a_folder_that_somebody_else_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "theirs").mkdir()
    (tmp_path / "theirs" / "letter.txt").write_text("dear")
    with pytest.raises(UnavailableError, match="no demonstration made it"), cleared(tmp_path / "theirs"):
        pass
    assert (tmp_path / "theirs" / "letter.txt").read_text() == "dear"
    (tmp_path / "link").symlink_to(tmp_path / "theirs")
    with pytest.raises(UnavailableError, match="no demonstration made it"), cleared(tmp_path / "link"):
        pass


def test_two_demonstrations_do_not_stand_on_the_same_ground(tmp_path: Path) -> None:
    with cleared(tmp_path / "demo") as ground:
        (ground / "mine.txt").write_text("mine")
        with pytest.raises(UnavailableError, match="another demonstration is running"), cleared(tmp_path / "demo"):
            pass
        assert (ground / "mine.txt").exists()


def test_a_path_is_told_as_it_is_typed_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert near(tmp_path / "demo" / "store") == "demo/store"
    assert near(tmp_path / "two words") == "'two words'"
    assert near(Path("/nowhere/else")) == "/nowhere/else"
