"""What a hunt tells of a value at each stage of its life, over a real server's raw files."""

from __future__ import annotations

import base64
import shutil
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from tests.vault.conftest import BODY, DAY, NOW, Desk, checkpoint, named, record, served
from tests.vault.test_epoch import turn

from wordkept.vault import changes
from wordkept.vault.formats import Store
from wordkept.vault.hunt import Verdict, hunt, hunt_bytes
from wordkept.vault.installation import Installation
from wordkept.vault.separation import Separation
from wordkept.vault.server import OWNER, Server

VALUE = "010-0470-1188"


@pytest.fixture(scope="module")
def server(room: Path) -> Iterator[Server]:
    """A server of its own: whatever other tests wrote need not be read."""
    yield from served(room / "hunted")


def test_a_value_is_openable_until_its_epoch_ends_and_then_dead(installation: Installation, desk: Desk) -> None:
    one, other = record("mobile_phone"), record("mobile_phone")
    subject = desk.keep(one, value=VALUE.encode())
    desk.keep(other, value=b"010-9999-0000")
    asked = [named(subject, one)]

    alive = hunt(installation, VALUE, records=asked)
    assert alive.verdict is Verdict.OPENABLE
    assert alive.records == {one.id: Verdict.OPENABLE}
    assert alive.unread == 0

    desk.destroy(subject, one)
    assert hunt(installation, VALUE, records=asked).verdict is Verdict.OPENABLE
    checkpoint(installation)
    assert hunt(installation, VALUE, records=asked).verdict is Verdict.OPENABLE

    turn(installation, desk.keys)
    after = hunt(installation, VALUE, records=asked)
    assert after.verdict is Verdict.DEAD
    assert set(after.counts) == {Verdict.DEAD}
    assert after.counts[Verdict.DEAD] >= 1
    assert VALUE not in msgspec.json.encode(after).decode()


def test_what_lives_stays_openable_through_an_epoch(installation: Installation, desk: Desk) -> None:
    gone, stays = record("gender"), record("mobile_phone")
    subject = desk.keep(gone, stays, value=VALUE.encode())
    desk.destroy(subject, gone)
    checkpoint(installation)
    turn(installation, desk.keys)
    found = hunt(installation, VALUE, records=[named(subject, gone), named(subject, stays)])
    assert found.records == {gone.id: Verdict.DEAD, stays.id: Verdict.OPENABLE}


def test_a_key_that_only_the_log_has_is_found(installation: Installation, desk: Desk) -> None:
    """Rewrapped and then destroyed before any page was written: the log has of the new key only what changed."""
    gone, one = record("gender"), record("mobile_phone")
    subject = desk.keep(gone, value=VALUE.encode())
    desk.keep(one, subject=subject, value=VALUE.encode())
    checkpoint(installation)
    # The page's image is logged now; the rewrapping that follows is logged as a difference.
    desk.destroy(subject, gone)
    turn(installation, desk.keys)
    assert hunt(installation, VALUE, records=[named(subject, one)]).verdict is Verdict.OPENABLE
    desk.destroy(subject, one)
    assert hunt(installation, VALUE, records=[named(subject, one)]).verdict is Verdict.OPENABLE
    turn(installation, desk.keys)
    assert hunt(installation, VALUE, records=[named(subject, one)]).verdict is Verdict.DEAD


def test_a_shard_key_that_only_the_log_has_is_found(installation: Installation, desk: Desk) -> None:
    one = record("mobile_phone")
    subject = desk.keep(one, value=VALUE.encode())
    checkpoint(installation)
    for _ in range(2):  # the first is logged with the page's image, the second as a difference
        turn(installation, desk.keys)
    assert hunt(installation, VALUE.replace("-", ""), records=[named(subject, one)]).verdict is Verdict.OPENABLE


def test_a_corrected_value_is_told_from_the_one_before(installation: Installation, desk: Desk) -> None:
    one = record("mobile_phone")
    subject = desk.keep(one, value=VALUE.encode())
    new = record("mobile_phone", id=one.id, version=2)
    with desk.transaction():
        sealed = desk.keys.seal(named(subject, new), b"010-1111-2222")
        assert changes.correct(desk.cursor, subject, new, sealed)
    asked = [named(subject, new)]
    assert hunt(installation, VALUE, records=asked).verdict is Verdict.OPENABLE
    assert hunt(installation, "010-1111-2222", records=asked).verdict is Verdict.OPENABLE
    turn(installation, desk.keys)
    assert hunt(installation, "010-1111-2222", records=asked).verdict is Verdict.OPENABLE
    assert hunt(installation, VALUE, records=asked).verdict is Verdict.DEAD


def test_a_large_value_is_put_together_from_its_chunks(installation: Installation, desk: Desk) -> None:
    letter = "".join(f"{number:08d}{VALUE}" for number in range(9000))
    one = record("attachment")
    subject = desk.keep(one, value=letter.encode())
    asked = [named(subject, one)]
    assert hunt(installation, VALUE, records=asked).verdict is Verdict.OPENABLE
    desk.destroy(subject, one)
    assert hunt(installation, VALUE, records=asked).verdict is Verdict.OPENABLE
    turn(installation, desk.keys)
    assert hunt(installation, VALUE, records=asked).verdict is Verdict.DEAD


def test_separation_leaves_the_live_copy_to_its_epoch(installation: Installation, desk: Desk) -> None:
    one = record("mobile_phone")
    subject = desk.keep(one, value=VALUE.encode())
    with Separation(installation) as mover:
        mover.separate_batch([(subject, one.id)], DAY, NOW, BODY)
    asked = [named(subject, one)]
    both = hunt(installation, VALUE, records=asked)
    assert set(both.counts) == {Verdict.OPENABLE}
    turn(installation, desk.keys)
    after = hunt(installation, VALUE, records=asked)
    assert set(after.counts) == {Verdict.OPENABLE, Verdict.DEAD}, "the separate store's opens, the live store's is dead"


def test_a_planted_value_is_found_and_not_told(installation: Installation, tmp_path: Path) -> None:
    raw = VALUE.encode()
    planted = {
        "raw": raw, "digits": raw.replace(b"-", b""), "utf-16": VALUE.encode("utf-16-le"),
        "hex": raw.hex().upper().encode(), "base64": base64.b64encode(b"." + raw),
    }  # fmt: skip
    for name, written in planted.items():
        (installation.folder / "log" / name).write_bytes(b"x" * 70_001 + written + b"\n")
    (tmp_path / "export.csv").write_bytes(raw)
    found = hunt(installation, VALUE, extra=[tmp_path])
    assert found.verdict is Verdict.PLAIN
    assert found.counts == {Verdict.PLAIN: 6}
    inside = {Path(spot.file).name: spot.offset for spot in found.spots if Path(spot.file).parent.name == "log"}
    assert inside.keys() == planted.keys()
    assert all(70_001 <= offset < 70_006 for offset in inside.values()), "the first character may be the zero left out"
    assert VALUE not in msgspec.json.encode(found).decode()
    shutil.rmtree(tmp_path)
    for name in planted:
        (installation.folder / "log" / name).unlink()
    assert hunt(installation, VALUE).verdict is Verdict.ABSENT


def test_a_value_that_someone_wrote_into_the_database_is_found(installation: Installation) -> None:
    with installation.connect(Store.LIVE, OWNER, autocommit=True) as owner:
        owner.execute("CREATE TABLE scribble (note text)")
        owner.execute("INSERT INTO scribble VALUES ('call 010-0470-1188')")
        owner.execute("DROP TABLE scribble")
    found = hunt(installation, VALUE)
    assert found.verdict is Verdict.PLAIN
    assert any("pg_wal" in spot.file for spot in found.spots)


def test_a_root_is_in_no_file_but_its_own(installation: Installation, desk: Desk) -> None:
    [file] = sorted((installation.folder / "live").iterdir())
    root = file.read_bytes()
    assert {spot.file for spot in hunt_bytes(installation, root)} == {str(file)}
    desk.keep(record())
    turn(installation, desk.keys)
    assert hunt_bytes(installation, root) == ()
