"""The gate behind TLS on a free port of this machine, with a certificate of its own, and programs that ask it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import msgspec
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from uvicorn import Server

from wordkept import law
from wordkept.acting import Gates
from wordkept.gate import Gate, Happening, Temporary
from wordkept.identity.mail import Letter
from wordkept.person import agreed
from wordkept.policy.editions import load
from wordkept.rules import RULES
from wordkept.terms import Choice, Level, Role
from wordkept.texts import shown_on
from wordkept.web.api.application import Application
from wordkept.web.api.client import Client
from wordkept.web.api.credentials import Credentials
from wordkept.web.api.messages import By, Consent, Event, Shown
from wordkept.web.api.serving import Served, configuration, listening

ROOT = Path(__file__).resolve().parents[2]
POLICY = load(ROOT / "policies" / "bizmeka-ez", RULES, law.load(ROOT / "law"))
NOON = datetime(2019, 3, 4, 3, tzinfo=UTC)
MEMBER = By(Role.MEMBER, level=Level.DOCUMENT)
STAFF = By(Role.STAFF, "desk-7", pledge=True, training=True, grant=True)
MAY = (
    "collect:identification", "use:bill-sending", "use:marketing", "view", "consent:table", "consent:marketing",
    "event:service.subscribed", "event:service.terminated", "correct", "freeze", "destroy",
)  # fmt: skip


class Door(msgspec.Struct, frozen=True):
    """Where a gate is served, and how to be let in there."""

    gate: Gate
    address: str
    authority: Path
    credentials: Credentials

    def client(self, secret: str, language: str = "en") -> Client:
        return Client(self.address, secret, authority=self.authority, language=language)

    def program(
        self, name: str, *may: str, roles: tuple[Role, ...] = (Role.MEMBER, Role.STAFF), vouches: Level = Level.DOCUMENT
    ) -> str:
        """The secret of a new program."""
        return self.credentials.add(name, may or MAY, roles, POLICY, vouches)


def certificate(folder: Path) -> Served:
    """A certificate for this machine's own address, signed with its own key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name, now = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")]), datetime.now(UTC)
    alternatives = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1)).add_extension(alternatives, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").touch(0o600)
    form = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    (folder / "key.pem").write_bytes(key.private_bytes(serialization.Encoding.PEM, *form))
    return Served("127.0.0.1", 0, folder / "cert.pem", folder / "key.pem", 1)


@contextmanager
def served(
    gate: Gate,
    folder: Path,
    clock: Callable[[], datetime],
    most: int = 8,
    patience: float = 30.0,
    send: Callable[[Letter], None] | None = None,
) -> Iterator[Door]:
    """The gate served from a thread of this process."""
    paper = certificate(folder)
    with Gates(gate, most, patience) as gates, listening(paper) as place:
        credentials = Credentials(gate.installation.folder)
        made = Application(gates, credentials, clock, send=send)
        server = Server(configuration(lambda: made.asgi, paper))
        thread = threading.Thread(target=server.run, args=([place],))
        thread.start()
        try:
            while not server.started and thread.is_alive():
                time.sleep(0.01)
            address = f"https://127.0.0.1:{place.getsockname()[1]}"
            yield Door(gate, address, paper.certificate, credentials)
        finally:
            server.should_exit = True
            thread.join()
            made.close()


@pytest.fixture(scope="session")
def temporary() -> Iterator[Temporary]:
    with Temporary() as opened:
        yield opened


@pytest.fixture(scope="session")
def door(temporary: Temporary, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    with temporary.gate(POLICY) as gate:
        parties = (*POLICY.editions[0].recipients, *POLICY.editions[0].processors)
        gate.happen([Happening(None, kind.opens, one) for kind in agreed(POLICY.editions[0]) for one in parties], NOON)
        with served(gate, tmp_path_factory.mktemp("door"), lambda: NOON) as opened:
            yield opened


@pytest.fixture(scope="session")
def shop(door: Door) -> Iterator[Client]:
    """A program that may do what a shop does."""
    with door.client(door.program("shop")) as client:
        yield client


def text(to: str) -> Shown:
    """What a program says was shown."""
    return Shown(**msgspec.structs.asdict(shown_on(POLICY, NOON.date(), to)))


def agrees(gate: Gate, subject: str) -> None:
    """Somebody agrees to the table."""
    shown = shown_on(POLICY, NOON.date(), "table")
    gate.happen([Happening(subject, "consent", to="table", choice=Choice.GIVEN, shown=shown)], NOON)


@pytest.fixture
def minji(shop: Client) -> str:
    """A new member."""
    subject = shop.new_subject()
    shop.ask(Consent(subject=subject, by=MEMBER, to="table", choice=Choice.GIVEN, shown=text("table")))
    shop.ask(Event(subject=subject, by=MEMBER, kind="service.subscribed"))
    return subject
