"""Steps of the demonstration: quoted truly, short, and without a value."""

from __future__ import annotations

from pathlib import Path

import pytest

from wordkept import law
from wordkept.cli.demo.steps import WIDTH, Step, Steps, masked, told
from wordkept.policy import load
from wordkept.rules import RULES

POLICY = Path(__file__).resolve().parents[2] / "policies" / "bizmeka-ez"


def step(**changed: str) -> Step:
    given = {"title": "it is done", "clause": "6.0", "sentence": "As a principle " * 20, "said": "12 destroyed"}
    return Step(**{**given, **changed})  # type: ignore[arg-type]


def test_a_long_sentence_is_cut_with_an_ellipsis_so_that_the_command_stays_whole() -> None:
    command = "wordkept apply " + "x" * 40
    *_, line = told(3, step(command=command))
    assert line.endswith(f" …”  $ {command}")
    assert len(line) <= WIDTH


def test_a_short_sentence_is_quoted_whole() -> None:
    assert told(3, step(sentence="We obey it."))[-1] == "   [6.0] “We obey it.”"


def test_a_second_line_of_what_came_out_stands_between() -> None:
    first, second, _ = told(12, step(said="12 destroyed\nby law: 3"))
    assert first == "12 it is done: 12 destroyed"
    assert second == "   by law: 3"


def test_a_step_quotes_the_sentence_that_the_policy_has() -> None:
    (edition,) = load(POLICY, RULES, law.load(law.folder())).editions
    lines: list[str] = []
    steps = Steps(edition, lines.append)
    steps.take("the plan", "6.0", "nothing", count=1)
    assert steps.done[0].sentence == " ".join(edition.clauses["6.0"].text.split())
    assert steps.done[0].figures == {"count": 1}
    assert len(lines) == 2
    with pytest.raises(KeyError):
        steps.take("the plan", "99.9", "nothing")


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("010-1234-5678", "010-****-5678"),
        ("minji7@example.com", "mi****@example.com"),
        ("a@example.com", "a*@example.com"),
        ("김민지", "김**"),
        ("", "*"),
    ],
)
def test_a_masked_value_can_be_known_again_but_not_read(value: str, shown: str) -> None:
    assert masked(value) == shown
