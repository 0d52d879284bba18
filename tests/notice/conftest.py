"""What the tests of pages share: the law on file, the reference edition, and a policy to change."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from wordkept.cli.named import read_policy
from wordkept.law import folder, load
from wordkept.policy import compile_text
from wordkept.policy.model import Edition
from wordkept.rules import RULES

ROOT = Path(__file__).resolve().parents[2]
CLEAN = (ROOT / "tests" / "vectors" / "policy" / "clean.md").read_text("utf-8")

Compiled = Callable[..., Edition]


@pytest.fixture(scope="session")
def reference() -> Edition:
    return read_policy(ROOT / "policies" / "bizmeka-ez").editions[-1]


@pytest.fixture(scope="session")
def compiled() -> Compiled:
    """The lending desk's policy, with changes and with more at its end."""
    law = load(folder())

    def compiled_with(more: str = "", *changes: tuple[str, str]) -> Edition:
        text = CLEAN + more
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        return compile_text(text.encode(), "policy.md", RULES, law)

    return compiled_with
