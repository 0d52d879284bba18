"""A store outside gets its copies through the gate and obeys orders as a partner does; any other gets none."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from tests.gate.conftest import ROOT, Someone, assert_whole, at, sweep
from tests.orders.conftest import Town

from wordkept import law
from wordkept.gate import Gate, Temporary
from wordkept.policy.editions import load
from wordkept.rules import RULES
from wordkept.terms import Act, Choice, OrderKind, Reason, Role

SHOP = load(ROOT / "policies" / "papierboot", RULES, law.load(ROOT / "law"))
OPENED, LATER = date(2025, 3, 10), date(2025, 3, 12)
SOLD = {"email": "lena@example.org", "favourites": "paper cranes"}


def customer(gate: Gate) -> Someone:
    someone = Someone(gate, OPENED, member=False)
    someone.happens("account.opened")
    asked = someone.asks(Act.COLLECT, *SOLD, purpose="running-the-account", method="shop", values=SOLD)
    gate.perform(asked, someone.now)
    return someone


def test_a_store_is_corrected_and_erased_by_orders_over_http(temporary: Temporary, tmp_path: Path) -> None:
    with temporary.gate(SHOP) as gate:
        town = Town(gate, tmp_path)
        town.clock.now = at(OPENED)
        with town.outbox:
            someone = customer(gate)
            system = {"by": Role.SYSTEM, "purpose": "recommendation"}
            outcome = someone.does(Act.ENTRUST, "favourites", to="recommender", **system)
            assert outcome.values == {"favourites": (b"paper cranes",)}
            assert outcome.alias not in {None, someone.subject}
            someone.does(Act.CORRECT, "favourites", values={"favourites": "paper boats"})
            house = town.house("recommender")
            with house.open() as address:
                town.addresses["recommender"] = address
                assert town.courier.deliver(town.clock.now).settled == 1
                someone.consents("recommendation", Choice.REFUSED)
                sweep(gate, LATER)
                town.clock.now = at(LATER)
                assert town.courier.deliver(town.clock.now).settled == 1
            assert [(one.kind, one.role, one.values) for one in house.did] == [
                (OrderKind.CORRECT, "store", {"favourites": ("paper boats",)}),
                (OrderKind.ERASE, "store", {}),
            ]
            assert {one.subject for one in house.did} == {outcome.alias}
            assert [one.ended_on for one in town.outbox.held(someone.subject)] == [LATER]
            assert_whole(gate)


@pytest.mark.parametrize("store", ["warehouse", "recommender-2", "mailing-tool"])
def test_what_the_policy_does_not_declare_is_copied_nowhere(temporary: Temporary, tmp_path: Path, store: str) -> None:
    with temporary.gate(SHOP) as gate:
        town = Town(gate, tmp_path)
        with town.outbox:
            someone = customer(gate)
            said = someone.refused(Act.ENTRUST, "favourites", to=store, by=Role.SYSTEM, purpose="recommendation")
            assert said.reason is Reason.NOT_FOR_RECIPIENT
            assert town.outbox.held(someone.subject) == []
