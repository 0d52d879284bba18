"""What a later edition drops: it is still corrected and told, and what was written for it still goes."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from typing import TypeVar

import msgspec
import pytest
from tests.gate.conftest import POLICY, START, Someone, at, sweep, told

from wordkept.gate import Gate, Temporary
from wordkept.policy.declared import Purpose, Recipient
from wordkept.policy.model import Edition, Policy
from wordkept.terms import Act, Choice, ValueRejectedError
from wordkept.vault.formats import Store
from wordkept.vault.server import OWNER

LATER = date(2019, 6, 1)
Listing = TypeVar("Listing", Purpose, Recipient)


def second(edition: Edition) -> Edition:
    """An edition that drops gender, does not search for e-mails any more and searches for addresses."""
    items = {name: one for name, one in edition.items.items() if name != "gender"}
    items["email"] = msgspec.structs.replace(items["email"], search=False)
    items["address"] = msgspec.structs.replace(items["address"], search=True)
    purposes = {name: _of(one, items) for name, one in edition.purposes.items()}
    recipients = {name: _of(one, items) for name, one in edition.recipients.items()}
    return msgspec.structs.replace(
        edition,
        announced=START,
        effective=LATER,
        digest="e" * 64,
        items=items,
        purposes=purposes,
        recipients=recipients,
    )


def _of(one: Listing, items: Collection[str]) -> Listing:
    return msgspec.structs.replace(one, items=tuple(item for item in one.items if item in items))


TWO: Policy = msgspec.structs.replace(POLICY, editions=(POLICY.editions[0], second(POLICY.editions[0])))


@pytest.fixture
def changed(temporary: Temporary) -> Iterator[Gate]:
    with temporary.gate(TWO) as opened:
        yield opened


def entries(gate: Gate) -> int:
    with gate.installation.connect(Store.LIVE, OWNER) as owner:
        row = owner.execute("SELECT count(*) FROM blind").fetchone()
    assert row
    return int(row[0])


def test_no_index_entry_outlives_its_record_under_a_later_edition(changed: Gate) -> None:
    someone = Someone(changed)
    someone.consents("marketing")
    someone.collects("marketing", "email")
    assert entries(changed) == 1
    someone.day = date(2019, 6, 2)
    changed.settle(someone.now)
    someone.consents("marketing", Choice.WITHDRAWN)
    sweep(changed, date(2019, 6, 3))
    assert someone.states() == {}
    assert entries(changed) == 0


def test_an_item_that_was_dropped_is_corrected_and_told(changed: Gate) -> None:
    someone = Someone(changed)
    someone.collects("identification", "gender")
    someone.day = date(2019, 6, 2)
    someone.does(Act.CORRECT, "gender", values={"gender": "m"})
    assert someone.sees("gender") == {"gender": (b"m",)}
    assert told(changed, subject=someone.subject)[-1][1].items == ("gender",)


def test_an_item_is_found_by_under_any_edition_up_to_now_and_by_none_announced(changed: Gate) -> None:
    someone = Someone(changed)
    someone.collects("identification", "email")
    with pytest.raises(ValueRejectedError, match="no index"):
        changed.find("address", "Seoul", at(START))
    assert changed.find("email", "minji@example.kr", at(START)) == [someone.subject]
    assert changed.find("email", "minji@example.kr", at(LATER)) == [someone.subject]
    assert changed.find("address", "Seoul", at(LATER)) == []
