"""The layout of a policy's text: what is arranged, what is left alone, and what the command says of it."""

from __future__ import annotations

import json
from pathlib import Path
from textwrap import dedent

import pytest
from click.testing import CliRunner, Result

from wordkept.cli import main
from wordkept.policy.layout import laid_out
from wordkept.rules import RULES

ROOT = Path(__file__).resolve().parents[2]
CLEAN = (ROOT / "tests" / "vectors" / "policy" / "clean.md").read_text("utf-8")
FRONT = "---\nservice: Desk\nannounced: 2020-01-01\neffective: 2020-02-01\ntimezone: Asia/Seoul\n---\n"


def arranged(body: str) -> str:
    text = laid_out((FRONT + body).encode(), "policy.md", RULES)
    assert text.startswith(FRONT + "\n")
    return text.removeprefix(FRONT + "\n")


def fenced(info: str, body: str) -> str:
    text = arranged(f"[1.1] A sentence.\n\n```{info}\n{dedent(body)}```\n")
    return text.removeprefix(f"[1.1] A sentence.\n\n```{info}\n").removesuffix("```\n")


def fmt(*words: object) -> Result:
    return CliRunner().invoke(main, ["fmt", *map(str, words)], catch_exceptions=False)


@pytest.mark.parametrize("folder", sorted((ROOT / "policies").glob("*/*/policy.md")), ids=str)
def test_a_policy_of_this_repository_is_laid_out(folder: Path) -> None:
    found = fmt("--check", folder)
    assert found.exit_code == 0, f"lay it out: wordkept fmt {folder.parent}"


def test_prose_is_wrapped_at_the_width_of_the_house() -> None:
    words = ["word"] * 60
    text = arranged(" ".join(words) + "\n")
    assert [len(line) for line in text.splitlines()] == [114, 114, 69]
    assert text.split() == words


def test_wide_letters_count_as_two_columns() -> None:
    assert [len(line) for line in arranged(" ".join(["개인정보"] * 20)).splitlines()] == [64, 34]


def test_blocks_stand_one_empty_line_apart() -> None:
    sentence = "[5.1]   A   sentence\n  of two lines.\n```statement\nbecause: it is one\n```"
    assert arranged(f"\n\n\n#  5   How long\n\n\n{sentence}\n\n\n\nEnd.\n\n") == (
        "# 5 How long\n\n[5.1] A sentence of two lines.\n\n```statement\nbecause: it is one\n```\n\nEnd.\n"
    )


def test_a_word_that_means_something_at_the_start_of_a_line_does_not_get_there() -> None:
    text = arranged(" ".join(["word"] * 22) + " number 12. - # [5.1] > " + " ".join(["word"] * 9))
    assert text.splitlines()[0].endswith("word word")
    assert text.splitlines()[1].startswith("number 12. - # [5.1] > word")


@pytest.mark.parametrize(
    "block",
    [
        "- a list  of things\n- that   stays",
        "> a quotation\n>   that stays",
        "| a | table |\n|---|---|\n| that  | stays |",
        "<p>\nsome   HTML</p>",
        "    indented   code",
        "a break  \nthat stays,\\\nand another",
        "[a link]: https://example.kr/  'its title'",
        "***",
        "A heading\n=========",
    ],
)
def test_what_markdown_reads_by_its_lines_stays(block: str) -> None:
    assert arranged(f"Before.\n\n{block}\n\nAfter.\n") == f"Before.\n\n{block}\n\nAfter.\n"


def test_keys_stand_in_the_order_of_their_type() -> None:
    body = "unless: [1.1]\nas: permit\nlasts: P1Y\nfor: kr/x.y\nfrom: collected\npurposes: [p]\nitems: [a]\n"
    keys = [line.partition(":")[0] for line in fenced("retention.by-law", body).splitlines()]
    assert keys == ["items", "purposes", "from", "for", "lasts", "unless", "as"]


def test_answers_are_yes_and_no_and_quotes_stand_only_where_they_are_needed() -> None:
    body = 'by-law: "true"\nname: "p"\nadds: No\ntitle: "what: a title"\nitems: ["a"]\n'
    assert fenced("purpose", body) == 'name: p\ntitle: "what: a title"\nitems: [a]\nadds: no\nby-law: yes\n'


def test_lists_are_written_in_brackets_and_wrapped_under_their_first_part() -> None:
    items = [f"item_{number:02}" for number in range(20)]
    lines = fenced("purpose", "name: p\ntitle: t\nitems:\n" + "".join(f"  - {one}\n" for one in items)).splitlines()
    assert lines[2].startswith("items: [item_00, item_01")
    assert lines[3].startswith("        item_1")
    assert lines[3].endswith("item_19]")
    assert all(len(line) <= 120 for line in lines)


def test_each_of_several_declarations_has_a_line_of_its_own() -> None:
    body = "- name: a\n  title: A\n- type: secret\n  name: b\n  title: B, or so\n"
    assert fenced("item", body) == '- {name: a, title: A}\n- {name: b, title: "B, or so", type: secret}\n'


def test_a_long_text_is_folded() -> None:
    lines = fenced("statement", f"because: {'word ' * 40}\n").splitlines()
    assert [len(line) for line in lines] == [118, 91]
    assert lines[1].startswith("  word")


@pytest.mark.parametrize(
    "body", ["# why\nbecause: it   is so\n", "because:   it is  # so\n", "because: |\n  two\n  lines\n"]
)
def test_a_body_with_a_comment_or_a_text_of_several_lines_stays(body: str) -> None:
    assert fenced("statement", body) == body


def test_the_command_writes_and_then_has_nothing_to_write(tmp_path: Path) -> None:
    file = tmp_path / "policy.md"
    file.write_text(CLEAN.replace("\n", "\r\n"), "utf-8", newline="")
    found = fmt("--check", file)
    assert (found.exit_code, found.stdout) == (1, f"{file}: would be laid out otherwise\n")
    assert "\r" in file.read_bytes().decode()
    found = fmt(file)
    assert (found.exit_code, found.stdout) == (0, f"{file}: laid out\n")
    assert "\r" not in file.read_bytes().decode()
    found = fmt("--json", "--check", file)
    assert found.exit_code == 0
    assert json.loads(found.stdout) == {"editions": [{"file": str(file), "changed": False}]}


def test_what_does_not_compile_is_not_touched(tmp_path: Path) -> None:
    file = tmp_path / "policy.md"
    file.write_text(FRONT + "[1.1]   A sentence.\n", "utf-8")
    found = fmt(file)
    assert found.exit_code == 2
    assert found.stderr.startswith(f"wordkept: error: {file}:7:1: clause 1.1 has no fence under it")
    assert "[1.1]   A sentence." in file.read_text("utf-8")
