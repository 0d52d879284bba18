"""Orders that are forged, replayed, misdirected, oversized or no orders, answers that are none, and bad addresses."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import msgspec
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from tests.orders.conftest import DAY, Town

from wordkept.orders import sending
from wordkept.orders.addresses import FILE, addresses
from wordkept.orders.delivery import FIRST_WAIT, LONGEST_WAIT, wait
from wordkept.orders.message import (
    FORMAT,
    LARGEST,
    SIGNATURE,
    Message,
    Reply,
    public_key,
    read_reply,
    signature_of,
    signed,
)
from wordkept.orders.partner import Done, Partner
from wordkept.orders.receiver import Receiver
from wordkept.orders.sandbox import KEY, tried
from wordkept.orders.sending import Address, Replied, post
from wordkept.terms import Act, Answer, BrokenError, MalformedPolicyError, OrderKind, UnavailableError

SEED = bytes(range(32))
NOW = datetime(2019, 3, 4, 12, tzinfo=UTC)


def message(**more: object) -> Message:
    plain = Message(
        format=FORMAT, order="a" * 32, to="kmc", role="recipient", subject="b" * 32, kind=OrderKind.ERASE,
        items=("email",), sent=NOW,
    )  # fmt: skip
    return msgspec.structs.replace(plain, **more)


@pytest.fixture
def partner(tmp_path: Path) -> Partner:
    return Partner("kmc", public_key(SEED), Done(tmp_path / "done"))


def refuse(_: Message) -> Answer:
    raise AssertionError("it was done")


def changed(body: bytes) -> bytes:
    return body.replace(b"erase", b"lift")


GOOD, GOOD_SIGNATURE = signed(message(), SEED)
BAD = {
    "forged": (GOOD, signature_of(GOOD, bytes(32))),
    "changed": (changed(GOOD), GOOD_SIGNATURE),
    "unsigned": (GOOD, ""),
    "signature-of-another": (GOOD, signature_of(b"{}", SEED)),
    "signature-no-base64": (GOOD, "é" * 88),
    "signature-too-short": (GOOD, "AAAA"),
    "to-somebody-else": signed(message(to="kibnet"), SEED),
    "late": signed(message(sent=NOW - timedelta(minutes=6)), SEED),
    "early": signed(message(sent=NOW + timedelta(minutes=6)), SEED),
    "no-zone": signed(message(sent=NOW.replace(tzinfo=None)), SEED),
    "no-json": (b"{", signature_of(b"{", SEED)),
    "no-utf-8": (b"\xff", signature_of(b"\xff", SEED)),
    "empty": (b"", signature_of(b"", SEED)),
    "another-format": ((other := GOOD.replace(b"order/1", b"order/9")), signature_of(other, SEED)),
    "unknown-kind": ((kind := GOOD.replace(b"erase", b"forget")), signature_of(kind, SEED)),
    "an-id-that-is-a-path": ((path := GOOD.replace(b"a" * 32, b"../" + b"a" * 29)), signature_of(path, SEED)),
    "more-than-there-is": ((more := GOOD[:-1] + b',"also":1}'), signature_of(more, SEED)),
    "too-large": (b" " * (LARGEST + 1), ""),
}


@pytest.mark.parametrize("name", sorted(BAD))
def test_what_is_no_order_to_us_is_refused_and_nothing_is_done(partner: Partner, name: str, tmp_path: Path) -> None:
    body, signature = BAD[name]
    with pytest.raises(BrokenError) as refusal:
        partner.answer(body, signature, NOW, refuse)
    assert "email" not in str(refusal.value)
    assert list((tmp_path / "done").iterdir()) == []


def test_an_order_that_comes_again_is_answered_again_and_not_done_again(partner: Partner) -> None:
    did: list[Message] = []

    def handle(one: Message) -> Answer:
        did.append(one)
        return Answer.DONE

    first = partner.answer(GOOD, GOOD_SIGNATURE, NOW, handle)
    again = partner.answer(*signed(message(sent=NOW + timedelta(hours=1)), SEED), NOW + timedelta(hours=1), handle)
    assert (first, len(did)) == (again, 1)
    assert (first.status, read_reply(first.body(), "a" * 32)) == (200, Reply("a" * 32, Answer.DONE))


def test_who_cannot_is_asked_again(partner: Partner) -> None:
    assert partner.answer(GOOD, GOOD_SIGNATURE, NOW, lambda _: Answer.CANNOT).answer is Answer.CANNOT
    assert partner.answer(GOOD, GOOD_SIGNATURE, NOW, lambda _: None).status == 202
    assert partner.answer(GOOD, GOOD_SIGNATURE, NOW, lambda _: Answer.DONE).answer is Answer.DONE


def test_a_value_is_not_shown_where_a_message_is() -> None:
    assert "secret" not in repr(message(values={"email": ("secret",)}))


@pytest.mark.parametrize("body", [b"", b"[]", b"\xff", b'{"order":"x"}', b'{"order":"' + b"c" * 32 + b'"}', b"null"])
def test_what_is_no_answer_to_this_order_is_none(body: bytes) -> None:
    assert read_reply(body, "a" * 32) is None


def test_waits_grow_and_end_at_six_hours() -> None:
    assert wait(1) == FIRST_WAIT
    assert wait(2) == 2 * FIRST_WAIT
    assert wait(40) == wait(4000) == LONGEST_WAIT


@contextmanager
def serving(handler: type[BaseHTTPRequestHandler], context: ssl.SSLContext | None = None) -> Iterator[int]:
    with HTTPServer(("127.0.0.1", 0), handler) as server:
        if context:
            server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()


class Answering(BaseHTTPRequestHandler):
    status, body = 200, b"x" * 200_000
    headers_sent: tuple[tuple[str, str], ...] = ()

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(self.status)
        for name, value in self.headers_sent:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, *_: object) -> None:
        pass


class Redirecting(Answering):
    status = 307
    headers_sent = (("Location", "http://127.0.0.1:1/"),)


def test_a_long_answer_is_read_in_part_and_a_redirection_not_followed() -> None:
    with serving(Answering) as port:
        assert len(post(Address(f"http://127.0.0.1:{port}/x"), b"{}", {}).body) == 64 * 1024
    with serving(Redirecting) as port:
        assert post(Address(f"http://127.0.0.1:{port}/x"), b"{}", {}).status == 307


def test_nobody_there_is_unavailable() -> None:
    with serving(Answering) as port:
        pass
    with pytest.raises(UnavailableError):
        post(Address(f"http://127.0.0.1:{port}/"), b"{}", {})


def test_a_certificate_that_nobody_vouches_for_is_not_spoken_to(tmp_path: Path) -> None:
    file = certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    with serving(Answering, context) as port:
        with pytest.raises(UnavailableError):
            post(Address(f"https://localhost:{port}/"), b"{}", {})
        assert post(Address(f"https://localhost:{port}/", str(file)), b"{}", {}).status == 200
        with pytest.raises(UnavailableError):
            post(Address(f"https://127.0.0.1:{port}/", str(file)), b"{}", {})


def certificate(folder: Path) -> Path:
    """A certificate for ``localhost`` that vouches for itself, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file = folder / "localhost.pem"
    file.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return file


@pytest.mark.parametrize(
    "text",
    [
        "kmc = 1",
        "[kmc",
        '[kmc]\nurl = "http://orders.kmc.example/"',
        '[kmc]\nurl = "https://user:word@orders.kmc.example/"',
        '[kmc]\nurl = "ftp://orders.kmc.example/"',
        '[kmc]\nurl = "https://[::1"',
        '[kmc]\nurl = "https://x.example:99999/"',
        '[kmc]\nurl = "https://orders.kmc.example/"\nverify = false',
        '[data-broker]\nurl = "https://x.example/"',
    ],
)
def test_a_bad_list_of_partners_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text)
    with pytest.raises(MalformedPolicyError) as refusal:
        addresses(tmp_path, {"kmc"})
    assert "word@" not in str(refusal.value)


def test_where_partners_take_orders_is_read(tmp_path: Path) -> None:
    assert addresses(tmp_path, {"kmc"}) == {}
    (tmp_path / FILE).write_text('[kmc]\nurl = "https://orders.kmc.example/wordkept"\n')
    assert addresses(tmp_path, {"kmc"})["kmc"].url == "https://orders.kmc.example/wordkept"


def test_the_receiver_refuses_what_has_no_length_or_too_much(partner: Partner) -> None:
    with Receiver(partner, refuse, lambda: NOW) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            for length in ("-1", "x", str(LARGEST + 1), "²"):
                connection = HTTPConnection("127.0.0.1", server.server_port, timeout=10)
                connection.putrequest("POST", "/orders")
                connection.putheader("Content-Length", length.encode())
                connection.endheaders()
                assert connection.getresponse().status == 413
                connection.close()
        finally:
            server.shutdown()
            thread.join()


def test_the_sandbox_passes_a_good_partner_and_names_what_is_wrong_with_a_bad_one(tmp_path: Path) -> None:
    good = Partner("kmc", KEY, Done(tmp_path / "done"))

    def honest(_: Address, body: bytes, headers: object) -> Replied:
        try:
            reply = good.answer(body, dict(headers)[SIGNATURE], NOW, lambda _: Answer.DONE)  # type: ignore[call-overload]
        except BrokenError:
            return Replied(400, b"")
        return Replied(reply.status, reply.body())

    def trusting(_: Address, body: bytes, __: object) -> Replied:
        try:
            return Replied(200, Reply(json.loads(body)["order"], Answer.DONE).body())
        except ValueError:
            return Replied(500, b"")

    def absent(*_: object) -> Replied:
        raise UnavailableError("nobody")

    there = Address("http://127.0.0.1:1/")
    assert [one.what for one in tried(there, "kmc", NOW, honest) if not one.holds] == []
    assert sum(not one.holds for one in tried(there, "kmc", NOW, trusting)) == 6
    assert not any(one.holds for one in tried(there, "kmc", NOW, absent))


def test_a_partner_that_answers_nonsense_is_asked_again_and_nothing_is_believed(town: Town) -> None:
    someone = town.member("provision:kmc")
    someone.collects("identification", "email")
    someone.does(Act.PROVIDE, "email", to="kmc")
    someone.does(Act.DESTROY, "email")
    nonsense = [
        Replied(200, b""), Replied(200, b"{}"), Replied(404, b""), Replied(302, b""),
        Replied(200, Reply("c" * 32, Answer.DONE).body()), Replied(200, b'{"order":1}'),
    ]  # fmt: skip
    town.addresses["kmc"] = Address("http://127.0.0.1:1/")
    for replied in nonsense:
        town.courier._send = lambda *_, replied=replied: replied
        assert town.courier.deliver(town.clock.now).failed == 1
        town.clock.wait(timedelta(hours=7))
    (one,) = town.outbox.open(someone.subject)
    assert (one.tries, one.told_at, one.answer) == (6, None, None)
    assert town.outbox.held(someone.subject)[0].ended_on is None
    assert one.late(DAY + timedelta(days=2))


def test_sending_has_a_time_limit() -> None:
    assert 0 < sending.TIMEOUT < 60
