"""Every rule of the table is proved: by a test that names it, and that fails where the rule is silent."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.promises.conftest import World, policy_of, silent

from wordkept.rules import RULES
from wordkept.terms import WordkeptError

HERE = Path(__file__).parent
CASES = {"parametrize", "proves"}


def marked() -> Iterator[tuple[str, Callable[..., None], list[dict[str, Any]]]]:
    """Rule, test and the arguments of its cases."""
    for file in sorted(HERE.glob("test_*.py")):
        if file.stem == Path(__file__).stem:
            continue
        module = importlib.import_module(f"tests.promises.{file.stem}")
        for name, test in inspect.getmembers(module, inspect.isfunction):
            marks = getattr(test, "pytestmark", []) if name.startswith("test_") else []
            cases = [case for mark in marks if mark.name == "parametrize" for case in arguments(*mark.args)] or [{}]
            yield from ((str(mark.args[0]), test, cases) for mark in marks if mark.name == "proves")


def arguments(names: str | tuple[str, ...], values: list[Any]) -> list[dict[str, Any]]:
    if isinstance(names, str):
        return [{names: value} for value in values]
    return [dict(zip(names, value, strict=True)) for value in values]


def test_every_rule_of_the_table_has_a_test_that_names_it() -> None:
    proved = {rule for rule, _, _ in marked()}
    assert not set(RULES) - proved, "rules without a proof"
    assert not proved - set(RULES), "proofs of no rule"


@pytest.mark.parametrize("rule", sorted(RULES))
def test_where_a_rule_is_silent_a_test_that_proves_it_fails(rule: str) -> None:
    proofs = [(test, case) for name, test, cases in marked() if name == rule for case in cases]
    assert any(fails(test, World(silent(policy_of(world_of(test)), rule)), case) for test, case in proofs)


def world_of(test: Callable[..., None]) -> str:
    """The name of the world that a test takes: its first parameter."""
    return next(iter(inspect.signature(test).parameters))


def fails(test: Callable[..., None], world: World, case: dict[str, Any]) -> bool:
    try:
        test(world, **case)
    except (AssertionError, WordkeptError):
        return True
    return False
