"""The documentation shows what happens: its examples are run, and what they print is compared with what it says.

An example is a ``console`` block: commands after ``$``, each with what it prints below. Three dots stand for anything;
alone on a line, for any lines. What is *not* here: examples in an installation (``text`` blocks), whose ids and counts
differ each time; ``test_cli_installation`` and ``test_demo_show`` give those commands.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from wordkept.cli import main

ROOT = Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.DOTALL | re.MULTILINE)
PAGES = ["README.md", *sorted(str(path.relative_to(ROOT)) for path in (ROOT / "docs").rglob("*.md"))]


def examples(page: str) -> Iterator[tuple[str, str]]:
    """Each command of a page with what the page says that it prints; ``make`` is left to people."""
    for block in BLOCK.findall((ROOT / page).read_text("utf-8")):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, printed = part.partition("\n")
            if not command.startswith("make "):
                yield command, printed


def told(command: str) -> str:
    """What a command prints: one of ours, with a line that is echoed into it, or a file."""
    given = ""
    if command.startswith("echo "):
        echo, _, command = command.partition(" | ")
        (given,) = shlex.split(echo)[1:]
    program, *words = shlex.split(command)
    if program == "cat":
        return "".join(Path(word).read_text("utf-8") for word in words)
    assert program == "wordkept", command
    found = CliRunner().invoke(main, words, input=given, catch_exceptions=False)
    return found.stdout + found.stderr


def pattern(printed: str) -> re.Pattern[str]:
    lines = [
        "(?:.*\n)*" if line == "…\n" else re.escape(line).replace("…", ".*")
        for line in printed.splitlines(keepends=True)
    ]
    return re.compile("".join(lines))


@pytest.mark.parametrize("page", [page for page in PAGES if any(examples(page))])
def test_every_example_prints_what_its_page_says(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    for command, printed in examples(page):
        assert pattern(printed).fullmatch(told(command)), f"{command}\n{told(command)}"


def test_an_example_that_prints_something_else_is_found() -> None:
    assert pattern("PASS …\n").fullmatch("PASS 1/1\n")
    assert pattern("a\n…\nz\n").fullmatch("a\nb\nc\nz\n")
    assert not pattern("PASS …\n").fullmatch("FAIL 0/1\n")


def test_the_readme_quotes_eleven_lines_of_the_policy_as_they_are() -> None:
    (quoted,) = re.findall(
        r"^~~~~markdown\n(.*?)^~~~~$", (ROOT / "README.md").read_text("utf-8"), re.DOTALL | re.MULTILINE
    )
    assert len(quoted.splitlines()) == 11
    assert quoted in (ROOT / "policies" / "bizmeka-ez" / "2016-08-31" / "policy.md").read_text("utf-8")


def test_the_story_that_explains_stories_is_the_one_that_is_played() -> None:
    (shown,) = re.findall(
        r"^```yaml\n(.*?)^```$", (ROOT / "docs" / "stories.md").read_text("utf-8"), re.DOTALL | re.MULTILINE
    )
    assert shown == (ROOT / "docs" / "examples" / "five-years.story.yaml").read_text("utf-8")


def test_the_officers_story_fails_by_one_day_as_the_page_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = (ROOT / "docs" / "officer.md").read_text("utf-8")
    chapter = page[page.index("as a story") : page.index("Ask a single question")]
    copied, asked, again = re.findall(r"^\$ (.*\n(?:(?!\$|```).*\n)*)", chapter, re.MULTILINE)
    ((wrong, right),) = re.findall(r"write `(.*)` instead of\n`(.*)`", chapter)
    _, source, name = copied.split()
    monkeypatch.chdir(tmp_path)
    (tmp_path / "policies").symlink_to(ROOT / "policies")
    story = (ROOT / source).read_text("utf-8").splitlines(keepends=True)
    for lines, said in ((story, asked), ([*story[:11], story[11].replace(right, wrong), *story[12:]], again)):
        (tmp_path / name).write_text("".join(lines), "utf-8")
        command, _, printed = said.partition("\n")
        assert told(command) == printed


def test_the_readme_leads_to_what_is_not_protected() -> None:
    first_screen = (ROOT / "README.md").read_text("utf-8")
    assert "**What it does not protect against**" in first_screen
    assert "(docs/limits.md)" in first_screen
