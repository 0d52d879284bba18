"""kill -9 between a correction and its holders' answers: no order is lost, and none is done twice."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest
from tests.gate.conftest import POLICY, assert_whole, at, told
from tests.orders.conftest import DAY, House, Town, with_email
from tests.orders.kill_courier import CORRECTIONS, POINTS

from wordkept.gate import Gate
from wordkept.terms import Act, OrderKind
from wordkept.vault.installation import Installation

ROOT = Path(__file__).parents[2]
SEEDS = range(6)
TORTURE = [range(1000 + part, 1000 + part + 50) for part in range(0, 200, 50)]
NAMES = ("kmc", "kibnet", "ktis")


class Ground:
    """A vault that processes are killed over, with somebody whose address three partners hold."""

    def __init__(self, folder: Path, town: Town, houses: dict[str, House], urls: dict[str, str]) -> None:
        self.folder, self.town, self.houses, self.urls = folder, town, houses, urls
        self.someone = town.member("provision:kmc", "provision:kibnet", "entrustment")
        self.someone.collects("identification", "email")
        for name in NAMES:
            act = Act.ENTRUST if name == "ktis" else Act.PROVIDE
            self.someone.does(act, "email", to=name)
        self.next = 1
        self.meant: set[int] = set()
        self.done: set[int] = set()

    def run(self, kill: str) -> int:
        """One process; returns how it ended."""
        command = [sys.executable, "-m", "tests.orders.kill_courier", str(self.folder), self.someone.subject]
        partners = [f"{name}={url}" for name, url in self.urls.items()]
        path = os.pathsep.join([str(ROOT / "src"), *sys.path])
        self.town.clock.now = at(DAY) + timedelta(hours=self.next)
        ended = subprocess.run(
            [*command, str(self.next), kill, *partners], capture_output=True, text=True, cwd=ROOT, check=False,
            env={**os.environ, "PYTHONPATH": path}, timeout=120,
        )  # fmt: skip
        for line in ended.stdout.splitlines():
            word, number = line.split()
            (self.meant if word == "meant" else self.done).add(int(number))
        self.next += CORRECTIONS
        assert ended.returncode in {0, -9}, ended.stderr
        return ended.returncode


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    home = tmp_path_factory.mktemp("killed")
    folder = home / "store"
    with Installation.open(folder) as opened, Gate(opened, with_email(POLICY)) as gate, ExitStack() as doors:
        town = Town(gate, home)
        doors.enter_context(town.outbox)
        houses = {name: town.house(name) for name in NAMES}
        urls = {name: doors.enter_context(house.open()).url for name, house in houses.items()}
        yield Ground(folder, town, houses, urls)
    shutil.rmtree(folder)


def killed(ground: Ground, seeds: range) -> None:
    ended = Counter[int]()
    for seed in seeds:
        draw = random.Random(seed)
        point = draw.choice(POINTS)
        ended[ground.run(f"{point}:{draw.randint(1, CORRECTIONS if point.startswith('act') else 5)}")] += 1
    assert ended[-9] > len(seeds) / 2, "hardly anybody was killed"
    assert ground.run("none") == 0
    assert ground.town.outbox.open() == []
    evidence = told(ground.town.gate, subject=ground.someone.subject)
    corrected = sum(predicate == "corrected" for predicate, _ in evidence)
    assert len(ground.done) <= corrected <= len(ground.meant), "a correction was lost, or nobody asked for it"
    ordered = {(body.to, body.request) for predicate, body in evidence if predicate == "ordered"}
    answered = [(body.to, body.request) for predicate, body in evidence if predicate == "acknowledged"]
    assert (len(ordered), set(answered), len(answered)) == (3 * corrected, ordered, len(ordered))
    for name, house in ground.houses.items():
        mine = [order for to, order in ordered if to == name]
        assert Counter(one.order for one in house.did) == Counter(mine), "lost, or done twice"
        assert {one.kind for one in house.did} == {OrderKind.CORRECT}
        values = [int(one.values["email"][0].partition("@")[0][1:]) for one in house.did]
        assert values == sorted(values), "an older value came after a newer one"
        assert values[-1] == max(ground.done)


def test_no_order_is_lost_and_none_is_done_twice(ground: Ground) -> None:
    killed(ground, SEEDS)
    assert_whole(ground.town.gate)


@pytest.mark.torture
@pytest.mark.parametrize("seeds", TORTURE, ids=str)
def test_no_order_is_lost_in_two_hundred_kills(ground: Ground, seeds: range) -> None:
    killed(ground, seeds)
    assert_whole(ground.town.gate)
