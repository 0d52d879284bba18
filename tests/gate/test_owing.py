"""The store does what a rule of the policy owes, and nothing that no rule does; as the kernel does."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import msgspec
import pytest
from tests.gate.conftest import POLICY, START, Someone, at

from wordkept.gate import Gate, Temporary
from wordkept.policy.model import Policy
from wordkept.terms import State


def without(rule: str) -> Policy:
    """The reference policy, in which nothing owes what a rule did."""
    (edition,) = POLICY.editions
    owers = tuple(one for one in edition.owers if one.rule.name != rule)
    return msgspec.structs.replace(POLICY, editions=(msgspec.structs.replace(edition, owers=owers),))


@pytest.fixture(scope="module")
def temporary() -> object:
    with Temporary() as made:
        yield made


@pytest.mark.parametrize(
    ("rule", "day_after", "later"),
    [
        ("", State.SEPARATED, None),
        ("destruction.separated-when-use-ends", State.LIVE, None),
        ("destruction.when-its-time-is-over", State.SEPARATED, State.SEPARATED),
    ],
)
def test_what_no_rule_owes_is_not_done(
    temporary: Temporary, tmp_path: Path, rule: str, day_after: State, later: State | None
) -> None:
    from wordkept.worker import run  # noqa: PLC0415  (only this test runs one)

    def settled(gate: Gate, day: date) -> list[State]:
        run.make(gate, tmp_path / "plan", at(day))
        run.apply(gate, tmp_path / "plan", at(day))
        return [one.state for one in gate.records(someone.subject)]

    with temporary.gate(without(rule)) as gate:
        someone = Someone(gate)
        someone.collects("identification", "email")
        someone.happens("service.terminated")
        assert settled(gate, START + timedelta(days=1)) == [day_after]
        assert settled(gate, START + timedelta(days=400)) == ([later] if later else [])
