"""An old copy of the data folder, with everything the installation still has: what opens and what does not."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from tests.vault.conftest import BODY, DAY, NOW, Desk, checkpoint, named, new_id, record, served
from tests.vault.test_epoch import turn

from wordkept.vault import changes
from wordkept.vault.formats import Store
from wordkept.vault.hunt import Tried, attack, index_tells
from wordkept.vault.installation import Installation
from wordkept.vault.separation import Separation
from wordkept.vault.server import Server

RANGE = [f"010-0000-{number:04d}" for number in range(10_000)]


@pytest.fixture(scope="module")
def server(room: Path) -> Iterator[Server]:
    """A server of its own, so that the copies are small."""
    yield from served(room / "copied")


def copied(installation: Installation, to: Path) -> Path:
    """A copy of the data folder as a thief or a backup takes it: while the server runs."""
    checkpoint(installation)
    assert installation.config.data

    def copy(file: str, there: str) -> None:
        with suppress(FileNotFoundError):  # the server dropped it meanwhile
            shutil.copyfile(file, there)

    left_out = shutil.ignore_patterns("postmaster.*", "pg_stat_tmp", "run")
    shutil.copytree(installation.config.data, to, ignore=left_out, copy_function=copy)
    return to


def opened(tried: tuple[Tried, ...]) -> dict[str, set[bool]]:
    found: dict[str, set[bool]] = {}
    for one in tried:
        found.setdefault(one.record, set()).add(one.opened is not None)
    return found


def test_after_an_epoch_an_old_copy_opens_what_still_lives_and_nothing_else(
    installation: Installation, desk: Desk, tmp_path: Path
) -> None:
    gone, corrected, moved, alone = record(), record("gender"), record("address"), record("mobile_phone")
    stays = [record("mobile_phone") for _ in range(20)]
    subject = desk.keep(gone, corrected, moved, *stays)
    with_a_file = record("attachment")
    desk.keep(with_a_file, subject=subject, value=bytes(200_000))
    other = desk.keep(alone)
    everything = {one.id for one in (gone, corrected, moved, alone, with_a_file, *stays)}

    old = copied(installation, tmp_path / "old")
    assert opened(attack(old, installation)) == {one: {True} for one in everything}

    desk.destroy(subject, gone)
    desk.destroy(other, alone)
    new = record("gender", id=corrected.id, version=2)
    with desk.transaction():
        assert changes.correct(desk.cursor, subject, new, desk.keys.seal(named(subject, new), b"other"))
    with Separation(installation) as mover:
        assert mover.separate_batch([(subject, moved.id)], DAY, NOW, BODY).separated == {moved.id}
    checkpoint(installation)
    assert opened(attack(old, installation)) == {one: {True} for one in everything}, "not yet final"

    turn(installation, desk.keys)
    checkpoint(installation)
    found = opened(attack(old, installation))
    assert {one for one, answers in found.items() if answers == {True}} == {one.id for one in (with_a_file, *stays)}
    assert {one for one, answers in found.items() if answers == {False}} == {
        one.id for one in (gone, corrected, moved, alone)
    }


def test_an_epoch_of_the_separate_store_ends_what_was_destroyed_there(
    installation: Installation, desk: Desk, tmp_path: Path
) -> None:
    gone, stays = record(keep_until=DAY), record("gender")
    subject = desk.keep(gone, stays)
    with Separation(installation) as mover:
        mover.separate_batch([(subject, gone.id), (subject, stays.id)], DAY, NOW, BODY)
        turn(installation, desk.keys, mover.live_keys)
        old = copied(installation, tmp_path / "old")
        assert {one.record for one in attack(old, installation) if one.opened is Store.SEPARATE} == {gone.id, stays.id}
        over = DAY.replace(day=DAY.day + 1)
        mover.keeper.execute(
            "SELECT * FROM destroy_in_separate(%s::uuid[], %s::uuid[], %s, false)", ([subject], [gone.id], over)
        )
        mover.keeper.commit()
        turn(installation, mover.separate_keys, mover.keeper_keys, store=Store.SEPARATE)
    checkpoint(installation)
    assert {one.record for one in attack(old, installation) if one.opened} == {stays.id}


def test_after_an_epoch_the_old_index_answers_for_no_number(
    installation: Installation, desk: Desk, tmp_path: Path
) -> None:
    gone, stays = record("mobile_phone"), record("mobile_phone")
    numbers = {gone.id: RANGE[1188], stays.id: RANGE[4711]}
    for one in (gone, stays):
        subject = new_id()
        indexes, number = desk.keys.indexes, numbers[one.id]
        desk.keep(one, subject=subject, value=number.encode())
        with desk.transaction():
            changes.insert(desk.cursor, (), changes.entries_of(indexes, subject, one, number, "phone"))
        if one is gone:
            owner = subject
    old = copied(installation, tmp_path / "old")
    assert index_tells(old, installation, "mobile_phone", RANGE, "phone") == (RANGE[1188], RANGE[4711])
    desk.destroy(owner, gone)
    assert index_tells(old, installation, "mobile_phone", RANGE, "phone") == (RANGE[1188], RANGE[4711])
    turn(installation, desk.keys)
    checkpoint(installation)
    assert index_tells(old, installation, "mobile_phone", RANGE, "phone") == ()
    today = copied(installation, tmp_path / "today")
    assert index_tells(today, installation, "mobile_phone", RANGE, "phone") == (RANGE[4711],)
