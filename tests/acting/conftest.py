"""A vault that the tests of this folder share, and people in it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from wordkept import law
from wordkept.acting import Gates, Kept
from wordkept.gate import Gate, Temporary
from wordkept.policy.editions import load
from wordkept.record import Actor
from wordkept.rules import RULES
from wordkept.terms import Channel, Choice, Role

ROOT = Path(__file__).resolve().parents[2]
POLICY = load(ROOT / "policies" / "bizmeka-ez", RULES, law.load(ROOT / "law"))
NOON = datetime(2019, 3, 4, 3, tzinfo=UTC)
MEMBER, STAFF = Actor(Role.MEMBER, name="member"), Actor(Role.STAFF, name="desk-7")
ADDRESS = "minji@example.kr"


@pytest.fixture(scope="session")
def temporary() -> Iterator[Temporary]:
    with Temporary() as opened:
        yield opened


@pytest.fixture(scope="session")
def gate(temporary: Temporary) -> Iterator[Gate]:
    with temporary.gate(POLICY) as opened:
        yield opened


@pytest.fixture
def fresh(temporary: Temporary) -> Iterator[Gate]:
    """A vault of the test's own."""
    with temporary.gate(POLICY) as opened:
        yield opened


@pytest.fixture(scope="session")
def kept(gate: Gate) -> Iterator[Kept]:
    with Gates(gate, 4) as gates:
        yield Kept(gates, lambda: NOON)


@pytest.fixture
def minji(kept: Kept) -> str:
    """A member with an address."""
    subject = kept.new_subject()
    with kept.acting(MEMBER, purpose="identification"):
        kept.consent(subject, "table", Choice.GIVEN, kept.text("table", "en").shown(Channel.WEB))
        kept.happened(subject, "service.subscribed")
        kept.collect(subject, {"email": ADDRESS}, method="website")
    return subject
