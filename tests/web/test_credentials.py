"""Who is let in: secrets are kept as digests, what is not granted is denied, and only the owner reads the list."""

from __future__ import annotations

import stat
from pathlib import Path
from threading import Thread

import pytest
from tests.web.conftest import MEMBER, POLICY, STAFF

from wordkept.terms import Choice, Level, Role, UnavailableError, ValueRejectedError
from wordkept.web.api.credentials import FILE, Credential, Credentials
from wordkept.web.api.messages import Asking, Collect, Consent, Event, Request, Use, View

S = "a" * 32
ASKED: dict[str, Asking] = {
    "collect:identification": Collect(subject=S, by=STAFF, purpose="identification", method="website"),
    "use:bill-sending": Use(subject=S, by=STAFF, items=("email",), purpose="bill-sending"),
    "view": View(subject=S, by=STAFF, items=("email",)),
    "consent:table": Consent(subject=S, by=STAFF, to="table", choice=Choice.GIVEN),
    "event:service.subscribed": Event(subject=S, by=STAFF, kind="service.subscribed"),
    "correct": Request(subject=S, by=STAFF, act="correct", items=("email",)),
    "freeze": Request(subject=S, by=STAFF, act="freeze", items=("email",)),
    "destroy": Request(subject=S, by=STAFF, act="destroy", items=("email",)),
    "provide:kwic": Request(subject=S, by=STAFF, act="provide", items=("email",), to="kwic"),
}


@pytest.fixture
def known(tmp_path: Path) -> Credentials:
    return Credentials(tmp_path)


def add(known: Credentials, name: str, *may: str) -> str:
    return known.add(name, may or ("view",), [Role.MEMBER], POLICY)


@pytest.mark.parametrize("granted", ASKED)
@pytest.mark.parametrize("asked", ASKED)
def test_a_grant_is_for_itself_alone(granted: str, asked: str) -> None:
    one = Credential("shop", "0" * 64, (granted,), (Role.STAFF,))
    assert one.grants(ASKED[asked]) is (granted == asked)


@pytest.mark.parametrize("asked", ASKED)
def test_nothing_is_granted_to_whom_nothing_is_or_in_another_role(asked: str) -> None:
    assert not Credential("shop", "0" * 64, (), (Role.STAFF,)).grants(ASKED[asked])
    assert not Credential("shop", "0" * 64, tuple(ASKED), (Role.MEMBER,)).grants(ASKED[asked])
    assert not Credential("shop", "0" * 64, tuple(ASKED), ()).grants(ASKED[asked])


def test_a_passing_on_to_nobody_is_never_granted() -> None:
    everything = Credential("shop", "0" * 64, tuple(ASKED), (Role.STAFF,))
    assert not everything.grants(Request(subject=S, by=STAFF, act="provide", items=("email",)))


def test_a_secret_is_known_by_its_digest_and_stands_nowhere(known: Credentials, tmp_path: Path) -> None:
    secret, other = add(known, "shop"), add(known, "desk")
    assert len(secret) == 43
    assert secret != other
    found = known.of(secret)
    assert found
    assert found.name == "shop"
    assert known.of(secret[:-1]) is None
    assert known.of(found.digest) is None
    assert secret not in (tmp_path / FILE).read_text()
    assert secret not in repr(found)
    assert found.digest not in repr(found)


def test_the_list_is_its_owners_alone(known: Credentials, tmp_path: Path) -> None:
    add(known, "shop")
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600
    (tmp_path / FILE).chmod(0o640)
    with pytest.raises(UnavailableError, match="owner"):
        known.all()


def test_a_damaged_list_lets_nobody_in(known: Credentials, tmp_path: Path) -> None:
    secret = add(known, "shop")
    (tmp_path / FILE).write_bytes((tmp_path / FILE).read_bytes()[:-9])
    with pytest.raises(UnavailableError, match="damaged"):
        known.of(secret)


def test_a_list_that_is_a_link_is_not_followed(known: Credentials, tmp_path: Path) -> None:
    add(known, "shop")
    (tmp_path / FILE).rename(tmp_path / "elsewhere")
    (tmp_path / FILE).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(UnavailableError):
        known.all()


def test_who_is_revoked_is_not_known_any_more_to_anybody(known: Credentials, tmp_path: Path) -> None:
    elsewhere = Credentials(tmp_path)
    secret = add(known, "shop")
    assert elsewhere.of(secret)
    known.revoke("shop")
    assert elsewhere.of(secret) is None
    with pytest.raises(ValueRejectedError, match="no program"):
        known.revoke("shop")


def test_two_at_once_lose_no_change(known: Credentials, tmp_path: Path) -> None:
    threads = [Thread(target=add, args=(Credentials(tmp_path), f"shop-{number}")) for number in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert {one.name for one in known.all()} == {f"shop-{number}" for number in range(8)}


@pytest.mark.parametrize(
    "grant",
    ["", "use", "use:", "view:email", "use:bill-sendin", "own", "use:*", "event:agreement.signed", "consent:tabel",
     "USE:bill-sending", "lift:x", "provide:authority"],
)  # fmt: skip
def test_a_grant_that_means_nothing_is_rejected(known: Credentials, tmp_path: Path, grant: str) -> None:
    with pytest.raises(ValueRejectedError, match="grant"):
        add(known, "shop", "view", grant)
    assert not (tmp_path / FILE).exists()


@pytest.mark.parametrize("name", ["", "Shop", "kim minji", "1shop", "shop.desk", "x" * 41, "../x"])
def test_a_program_has_a_plain_name_that_is_not_taken(known: Credentials, name: str) -> None:
    with pytest.raises(ValueRejectedError, match="name"):
        add(known, name)
    add(known, "shop")
    with pytest.raises(ValueRejectedError, match="let in already"):
        add(known, "shop")


def test_members_say_nothing_that_is_not_stated() -> None:
    assert not MEMBER.pledge
    assert not Use(subject=S, by=type(MEMBER)(Role.MEMBER), items=("email",), purpose="x").by.level.suffices(
        Level.SESSION
    )
