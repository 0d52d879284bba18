"""A wrong policy gets one clear error with its place and a hint: data files, one failure each."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from wordkept.law import Law, folder, load
from wordkept.policy import compile_text
from wordkept.policy.source import LIMIT, LINES
from wordkept.rules import RULES
from wordkept.terms import MalformedPolicyError

VECTORS = Path(__file__).parents[1] / "vectors" / "policy"
EXPECTED: dict[str, dict[str, Any]] = tomllib.loads((VECTORS / "errors.toml").read_text("utf-8"))
CLEAN = (VECTORS / "clean.md").read_bytes()
FRONT = CLEAN[: CLEAN.index(b"# 1")]


@pytest.fixture(scope="module")
def law() -> Law:
    return load(folder())


def refused(data: bytes, law: Law) -> MalformedPolicyError:
    with pytest.raises(MalformedPolicyError) as caught:
        compile_text(data, "policy.md", RULES, law)
    return caught.value


def test_the_policy_that_all_vectors_start_from_compiles(law: Law) -> None:
    assert list(compile_text(CLEAN, "policy.md", RULES, law).clauses) == [
        "1.1",
        "2.1",
        "2.2",
        "2.3",
        "3.1",
        "3.2",
        "3.3",
    ]


def test_every_vector_says_what_is_expected_of_it() -> None:
    assert {path.stem for path in VECTORS.glob("errors/*.md")} == set(EXPECTED)


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_wrong_policy_gets_one_clear_error(name: str, law: Law) -> None:
    error = refused((VECTORS / "errors" / f"{name}.md").read_bytes(), law)
    found = {"line": error.line, "column": error.column, "message": error.message}
    if error.hint:
        found["hint"] = error.hint
    assert found == EXPECTED[name]
    assert error.file == "policy.md"


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_an_error_points_into_the_file(name: str) -> None:
    lines = (VECTORS / "errors" / f"{name}.md").read_bytes().decode("utf-8", errors="replace").split("\n")
    line, column = EXPECTED[name]["line"], EXPECTED[name]["column"]
    assert 1 <= line <= len(lines)
    assert 1 <= column <= len(lines[line - 1]) + 1


def test_five_megabytes_are_refused_before_they_are_read(law: Law) -> None:
    error = refused(b"\xff" * (5 * 1024 * 1024), law)
    assert str(LIMIT) in error.message


@pytest.mark.parametrize("noise", [b"[", b"{", b"> ", b"* ", b"`", b"[x]", b"\xc2\xa0", b"- ", b"&a ", b"<a "])
def test_noise_of_almost_the_largest_size_is_one_error_too(noise: bytes, law: Law) -> None:
    body = FRONT + b"[1.1] Kept.\n\n```owed\nmissing: rule\nwhat: " + noise * ((LIMIT - 2048) // len(noise))
    refused(body, law)


def test_more_lines_than_a_policy_has_are_refused(law: Law) -> None:
    error = refused(FRONT + b"\n" * (LINES + 1), law)
    assert error.line == LINES + 1


def test_line_ends_of_other_systems_change_nothing_but_the_digest(law: Law) -> None:
    ours = compile_text(CLEAN, "policy.md", RULES, law)
    theirs = compile_text(CLEAN.replace(b"\n", b"\r\n"), "policy.md", RULES, law)
    assert {number: one.text for number, one in ours.clauses.items()} == {
        number: one.text for number, one in theirs.clauses.items()
    }
    assert ours.digest != theirs.digest


def test_a_hint_is_given_wherever_a_known_word_is_near() -> None:
    misspelt = ("unknown-rule", "unknown-note", "misspelt-key", "unknown-word", "undeclared-item", "no-such-statute")
    assert all(EXPECTED[name]["hint"].startswith("did you mean") for name in misspelt)
