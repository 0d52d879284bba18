"""The people of the demonstration: made up, the same each time, and lawful under the policy they live under."""

from __future__ import annotations

import re
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from wordkept import law
from wordkept.cli.demo.lives import GOODBYE, HEROINE, Asks, Happens, day_of, life, run_of, waves
from wordkept.cli.demo.people import person
from wordkept.policy import load
from wordkept.policy.model import Policy
from wordkept.policy.values import fit
from wordkept.rules import RULES
from wordkept.terms import Act, Effect, Role, State
from wordkept.trace.kernel import Kernel

ROOT = Path(__file__).resolve().parents[2]
MONTHS = 72


@pytest.fixture(scope="module")
def policy() -> Policy:
    return load(ROOT / "policies" / "bizmeka-ez", RULES, law.load(law.folder()))


def test_the_same_seed_and_number_are_the_same_person_with_the_same_life() -> None:
    assert person(1, 7) == person(1, 7)
    assert life(1, 7, MONTHS) == life(1, 7, MONTHS)
    assert person(1, 7) != person(2, 7)
    assert [life(1, number, MONTHS) for number in range(20)] != [life(2, number, MONTHS) for number in range(20)]


def test_nobody_can_be_reached() -> None:
    for number in range(300):
        who = person(3, number)
        assert re.fullmatch(r"010-0000-\d{4}", who.phone)
        assert re.fullmatch(r"[a-z]+\d+@(example\.(com|net|org)|[a-z]+\.example)", who.email)
        assert who.business.startswith("000-")
    assert len({person(3, number).email for number in range(300)}) == 300


def test_everything_falls_due_on_the_day_of_a_run() -> None:
    assert [day_of(month).day for month in range(MONTHS)] == [10] * MONTHS
    assert run_of(0) == day_of(0) + timedelta(days=1)
    assert day_of(MONTHS).year - day_of(0).year == 6


def test_a_life_is_told_in_waves_that_keep_its_order() -> None:
    for number in range(50):
        for deeds in life(1, number, MONTHS).values():
            told = list(waves(deeds))
            assert [deed for _, deed in told] == deeds
            assert [wave for wave, _ in told] == sorted(wave for wave, _ in told)
            assert all(isinstance(deed, Happens) == (wave % 4 == 0) for wave, deed in told)
            asks = [(wave, deed.act) for wave, deed in told if isinstance(deed, Asks)]
            assert all(
                (act == "collect") == (wave % 4 == 1) and (act == "use") == (wave % 4 == 3) for wave, act in asks
            )


def test_two_changes_of_one_person_are_two_waves() -> None:
    freeze = Asks(act=Act.FREEZE, items=("address",), by=Role.MEMBER)
    correct = Asks(act=Act.CORRECT, items=("address",), by=Role.MEMBER)
    collect = Asks(act=Act.COLLECT, items=("address",), by=Role.MEMBER)
    told = [wave for wave, _ in waves([collect, collect, freeze, correct, Happens("service.terminated")])]
    assert told == [1, 1, 2, 6, 8]


@pytest.mark.parametrize(("seed", "months"), [(1, MONTHS), (2, 12), (9, 24)])
def test_every_life_is_lawful(policy: Policy, seed: int, months: int) -> None:
    kernel, happened = Kernel(policy), Counter[str]()
    everybody = {str(number): life(seed, number, months) for number in range(60)}
    for month in range(months):
        day = day_of(month)
        for who, deeds in everybody.items():
            for deed in deeds.get(month, ()):
                if isinstance(deed, Asks):
                    decision = kernel.ask(who, deed.request(day), deed.values)
                    assert decision.effect is Effect.ALLOW, (who, deed, decision.reason, decision.because)
                    happened[deed.act] += 1
                elif deed.to and deed.choice:
                    kernel.consent(who, day, deed.to, deed.choice)
                else:
                    kernel.event(who, day, deed.kind, deed.matter)
                    happened[deed.kind] += 1
        kernel.run(run_of(month))
    assert happened["service.subscribed"] > 40
    assert happened["account.settled"] > 10


def test_all_that_is_collected_fits_its_item(policy: Policy) -> None:
    (edition,) = policy.editions
    for number in range(100):
        for deeds in life(4, number, MONTHS).values():
            for deed in deeds:
                for item, value in deed.values.items() if isinstance(deed, Asks) else ():
                    assert fit(edition.items[item], value)


def test_over_a_hundred_lives_show_everything_that_is_promised() -> None:
    deeds = [deed for number in range(150) for some in life(1, number, MONTHS).values() for deed in some]
    kinds = {deed.kind for deed in deeds if isinstance(deed, Happens)}
    assert {"dispute.opened", "dispute.resolved", "etax.enabled", "etax.disabled", "service.terminated"} <= kinds
    assert {deed.choice for deed in deeds if isinstance(deed, Happens) and deed.choice} == {
        "given",
        "refused",
        "withdrawn",
    }
    assert {deed.act for deed in deeds if isinstance(deed, Asks)} == {
        "collect",
        "use",
        "correct",
        "freeze",
        "lift",
        "destroy",
    }


@pytest.mark.parametrize("months", [12, 24, MONTHS])
def test_the_heroine_leaves_and_is_forgotten_in_time(policy: Policy, months: int) -> None:
    kernel, hers = Kernel(policy), life(1, HEROINE, months)
    states = []
    for month in range(months):
        for deed in hers.get(month, ()):
            if isinstance(deed, Asks):
                kernel.ask("her", deed.request(day_of(month)), deed.values)
            elif deed.to and deed.choice:
                kernel.consent("her", day_of(month), deed.to, deed.choice)
            else:
                kernel.event("her", day_of(month), deed.kind, deed.matter)
        kernel.run(run_of(month))
        states.append(kernel.state("her", "email", None))
    gone = months - GOODBYE
    assert states[gone - 1] is State.LIVE
    assert states[gone:-1] == [State.SEPARATED] * (GOODBYE - 1)
    assert states[-1] is State.DESTROYED
    assert kernel.state("her", "applicant_name", None) is State.SEPARATED
