"""Who somebody is, over HTTP: a program is believed as far as its credential vouches; for more, people prove it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.gate.conftest import told
from tests.identity.conftest import Box
from tests.web.conftest import NOON, POLICY, Door, served, text

from wordkept.gate import Temporary
from wordkept.identity.mail import Server, server_in
from wordkept.terms import Choice, Level, MalformedPolicyError, Role, UnavailableError
from wordkept.web.api.client import Client, ProblemError
from wordkept.web.api.messages import By, Collect, Consent, Event, Prove, Request, SendCode, View

MAY = (
    "collect:identification", "consent:table", "event:service.subscribed", "view", "correct", "destroy", "identify",
)  # fmt: skip


class Clock:
    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture(scope="module")
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="module")
def post() -> Box:
    return Box()


@pytest.fixture
def box(post: Box) -> Box:
    post.letters.clear()
    return post


@pytest.fixture(scope="module")
def house(temporary: Temporary, tmp_path_factory: pytest.TempPathFactory, clock: Clock, post: Box) -> Iterator[Door]:
    folder = tmp_path_factory.mktemp("house")
    with temporary.gate(POLICY) as gate, served(gate, folder, clock, send=post) as door:
        yield door


@pytest.fixture(scope="module")
def shop(house: Door) -> Iterator[Client]:
    """A program for people's own sessions: it is believed that they are logged in, and no more."""
    secret = house.credentials.add("shop", MAY, [Role.MEMBER], POLICY)
    with house.client(secret) as client:
        yield client


@pytest.fixture
def minji(shop: Client) -> str:
    return member(shop)


def member(shop: Client) -> str:
    subject, by = shop.new_subject(), By(Role.MEMBER)
    shop.ask(Consent(subject=subject, by=by, to="table", choice=Choice.GIVEN, shown=text("table")))
    shop.ask(Event(subject=subject, by=by, kind="service.subscribed"))
    values = {"email": "minji@example.kr", "address": "Seoul"}
    shop.ask(Collect(subject=subject, by=by, purpose="identification", method="website", values=values))
    return subject


def corrects(subject: str, **by: Any) -> Request:
    return Request(
        subject=subject, by=By(Role.MEMBER, **by), act="correct", items=("address",), values={"address": "Jeju"}
    )


def refused(shop: Client, asked: Any) -> str:
    with pytest.raises(ProblemError) as error:
        shop.ask(asked)
    return error.value.problem.reason or error.value.problem.type


def proved(shop: Client, subject: str, box: Box) -> str:
    by = By(Role.MEMBER)
    challenge = shop.ask(SendCode(subject=subject, by=by)).challenge
    answer = shop.ask(Prove(subject=subject, by=by, challenge=str(challenge), code=box.code))
    assert answer.level is Level.CODE
    return str(answer.proof)


@pytest.mark.parametrize("level", Level)
def test_a_program_is_believed_as_far_as_it_vouches(shop: Client, minji: str, level: Level) -> None:
    view = View(subject=minji, by=By(Role.MEMBER, level=level), items=("address",))
    if level is Level.NONE:
        assert refused(shop, view) == "unidentified"
    else:
        assert shop.ask(view).values == {"address": ("Seoul",)}
    assert refused(shop, corrects(minji, level=level)) == "unidentified"


@pytest.mark.parametrize("vouches", Level)
def test_what_a_credential_vouches_for_is_the_most_that_is_believed(house: Door, minji: str, vouches: Level) -> None:
    secret = house.credentials.add(f"desk-{vouches}", MAY, [Role.MEMBER], POLICY, vouches)
    with house.client(secret) as desk:
        if vouches.suffices(Level.CODE):
            desk.ask(corrects(minji, level=Level.DOCUMENT))
        else:
            assert refused(desk, corrects(minji, level=Level.DOCUMENT)) == "unidentified"
        assert refused(desk, corrects(minji, level=Level.SESSION)) == "unidentified"


def test_a_code_said_back_lets_a_person_change_their_data_and_not_delete_it(shop: Client, minji: str, box: Box) -> None:
    proof = proved(shop, minji, box)
    shop.ask(corrects(minji, proof=proof))
    gone = Request(subject=minji, by=By(Role.MEMBER, proof=proof), act="destroy", items=("address",))
    assert refused(shop, gone) == "unidentified"


def test_a_proof_is_nobody_elses_ends_and_cannot_be_made_up(shop: Client, minji: str, box: Box, clock: Clock) -> None:
    proof = proved(shop, minji, box)
    assert refused(shop, corrects(member(shop), proof=proof)) == "unidentified"
    assert refused(shop, corrects(minji, proof=proof[:-1] + ("x" if proof[-1] != "x" else "y"))) == "unidentified"
    assert refused(shop, corrects(minji, proof="nothing")) == "urn:wordkept:malformed"
    clock.now += timedelta(minutes=10)
    assert refused(shop, corrects(minji, proof=proof)) == "unidentified"


def test_a_wrong_code_and_too_many_are_rejected_with_evidence(house: Door, shop: Client, minji: str, box: Box) -> None:
    by = By(Role.MEMBER)
    challenge = str(shop.ask(SendCode(subject=minji, by=by)).challenge)
    for _ in range(5):
        wrong = Prove(subject=minji, by=by, challenge=challenge, code="0")
        assert refused(shop, wrong) == "urn:wordkept:rejected"
    right = Prove(subject=minji, by=by, challenge=challenge, code=box.code)
    assert refused(shop, right) == "urn:wordkept:rejected"
    for _ in range(4):
        shop.ask(SendCode(subject=minji, by=by))
    assert refused(shop, SendCode(subject=minji, by=by)) == "urn:wordkept:rejected"
    said = [body.event for what, body in told(house.gate, subject=minji) if what == "refused" and body.event]
    assert sorted(said) == ["identity.not-asked", *["identity.not-proved"] * 6]
    assert box.code not in str(told(house.gate, subject=minji))


def test_who_is_not_there_and_who_has_no_address_is_sent_nothing(shop: Client, box: Box) -> None:
    by, subject = By(Role.MEMBER), shop.new_subject()
    assert refused(shop, SendCode(subject=subject, by=by)) == "urn:wordkept:rejected"
    shop.ask(Consent(subject=subject, by=by, to="table", choice=Choice.GIVEN, shown=text("table")))
    assert refused(shop, SendCode(subject=subject, by=by)) in {"absent", "not-a-member", "undeclared"}
    assert not box.letters


def test_codes_are_granted_like_everything_else(house: Door, minji: str) -> None:
    with house.client(house.credentials.add("other", ("view",), [Role.MEMBER], POLICY)) as other:
        assert refused(other, SendCode(subject=minji, by=By(Role.MEMBER))) == "urn:wordkept:not-granted"


def test_codes_are_not_sent_by_the_hundred(shop: Client, minji: str, box: Box) -> None:
    with pytest.raises(ProblemError, match="form"):
        shop.ask_many([SendCode(subject=minji, by=By(Role.MEMBER))] * 2)
    assert not box.letters


def test_without_a_mail_server_there_are_no_codes(door: Door) -> None:
    with door.client(door.program("mute", *MAY)) as shop:
        subject = member(shop)
        with pytest.raises(UnavailableError):
            shop.ask(SendCode(subject=subject, by=By(Role.MEMBER)))


def test_neither_proof_nor_code_is_shown() -> None:
    assert "secret" not in repr(By(Role.MEMBER, proof="secret"))
    assert "1234" not in repr(Prove(subject="a" * 32, by=By(Role.MEMBER), challenge="b" * 32, code="1234"))


def test_the_mail_server_is_named_in_the_folder(tmp_path: Path) -> None:
    assert server_in(tmp_path) is None
    file = tmp_path / "mail.toml"
    file.write_text('host = "mail.example.kr"\nsender = "no-reply@example.kr"\nport = 587\n')
    assert server_in(tmp_path) == Server("mail.example.kr", "no-reply@example.kr", 587)
    file.write_text(file.read_text() + 'user = "u"\npassword = "p"\n')
    file.chmod(0o644)
    with pytest.raises(UnavailableError, match="not its owner's alone"):
        server_in(tmp_path)
    file.chmod(0o600)
    assert server_in(tmp_path) is not None
    file.write_text('host = 5\nhint = "x"')
    with pytest.raises(MalformedPolicyError):
        server_in(tmp_path)
