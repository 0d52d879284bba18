"""What people hand in as YAML and as files: nothing unseen comes in by an escape, and nothing is waited for."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from wordkept.cli.main import main
from wordkept.terms import MalformedPolicyError
from wordkept.written import files, yaml


@pytest.mark.parametrize("escape", [r"\e[2J", r"\a", r"\0", r"\u202e", r"\u2066", r"\x9b", r"\ufeff"])
@pytest.mark.parametrize("text", ['a: 1\nb: "x{}y"', 'a: 1\n"x{}": 2', 'a: 1\n  # so\nb: [c, "{}"]'])
def test_an_escape_brings_in_no_character_that_cannot_be_seen(escape: str, text: str) -> None:
    with pytest.raises(MalformedPolicyError, match="cannot be seen") as caught:
        yaml.load(text.format(escape), "policy.md", line_offset=10)
    assert (caught.value.file, caught.value.hint) == ("policy.md", "take it out")
    assert caught.value.line == 10 + 1 + text.rpartition("{}")[0].count("\n")


def test_a_quoted_text_is_one_line_and_a_block_has_many() -> None:
    with pytest.raises(MalformedPolicyError, match="one line"):
        yaml.load(r'service: "x\npolicy.md:1:1: error"', "policy.md")
    assert yaml.load("a: |\n  one\n  two\n", "policy.md")[0] == {"a": "one\ntwo\n"}


def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    pipe, device = tmp_path / "pipe", Path(os.devnull)
    os.mkfifo(pipe)
    for file in (pipe, device, tmp_path):
        with pytest.raises(OSError, match=r"regular|directory"):
            files.read(file, 10)
    (tmp_path / "link").symlink_to(tmp_path / "file")
    (tmp_path / "file").write_text("a long text")
    assert files.read(tmp_path / "link", 3) == b"a lo"


@pytest.mark.parametrize("name", ["policy.md", "affirmed.toml"])
def test_a_pipe_in_the_place_of_a_policys_file_is_an_error(tmp_path: Path, name: str) -> None:
    edition = tmp_path / "shop" / "2025-03-01"
    shutil.copytree(Path(__file__).parents[2] / "policies" / "papierboot" / "2025-03-01", edition)
    (edition / name).unlink()
    os.mkfifo(edition / name)
    run = CliRunner().invoke(main, ["check", str(edition.parent)])
    assert run.exit_code == 2
    assert run.stderr.count("error:") == 1
