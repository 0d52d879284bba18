"""Serving: what a guarded read over HTTP costs beside a bare handler, for sixteen programs at once.

The bare handler is Starlette too, under the same uvicorn with TLS, with as many processes and threads: one SELECT of
the row that the gate reads, one durable INSERT. The sixteen ask from this process, on the same cores. What is *not*
here: what the gate costs without HTTP (``reading``).
"""

from __future__ import annotations

import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from urllib.parse import urlsplit

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from figures import Figure, alternating, middle, paired
from ground import NOW, Ground, members, owner, rested
from server import ITEM, TABLE

from wordkept.terms import Role
from wordkept.web.api.credentials import Credentials
from wordkept.web.api.messages import By, Use

_CONNECTIONS: Final = 16


def over_http(ground: Ground) -> list[Figure]:
    """Guarded reads per second over HTTP, as a share of what bare handlers do."""
    with ground.gate(pinned=False) as gate, TemporaryDirectory() as folder, ExitStack() as stack:
        subjects = members(gate, ground.size(2000, 200), NOW)
        with owner(gate) as connection:
            connection.execute(TABLE)
        rested(gate)
        vault, paper = gate.installation.folder, _certificate(Path(folder))
        secret = Credentials(vault).add("bench", ["use:notification"], [Role.SYSTEM], gate.policy)
        slices: dict[str, Callable[[], float]] = {}
        for kind in ("bare", "guarded"):
            address = stack.enter_context(_server(kind, ground.server_folder, vault, *paper))
            programs = [stack.enter_context(_connected(address, paper[0])) for _ in range(_CONNECTIONS)]
            asks = cycle([_request(subject, secret) for subject in subjects])
            slices[kind] = _slice(programs, asks, ground.size(40, 5))
        found = alternating(ground.size(15, 3), slices)
        seen = {f"{name} per s": middle(values) for name, values in found.items()}
        ratio = paired(found["guarded"], found["bare"])
        return [Figure(name="guarded read over HTTP, share of bare", value=ratio, unit="", bar=0.5, beside=seen)]


def _slice(programs: Sequence[ssl.SSLSocket], asks: Iterator[bytes], each: int) -> Callable[[], float]:
    """Requests per second of sixteen programs at once."""

    def run() -> float:
        work = [[next(asks) for _ in range(each)] for _ in programs]
        threads = [threading.Thread(target=_ask, args=pair) for pair in zip(programs, work, strict=True)]
        start = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return len(programs) * each / (time.perf_counter() - start)

    return run


def _ask(program: ssl.SSLSocket, asks: Sequence[bytes]) -> None:
    for ask in asks:
        program.sendall(ask)
        answer = program.recv(65536)
        while b"\r\n\r\n" not in answer or not answer.endswith(b"}"):
            more = program.recv(65536)
            assert more, "the server hung up"
            answer += more
        assert answer.startswith(b"HTTP/1.1 200"), answer[:200]


def _request(subject: str, secret: str) -> bytes:
    body = msgspec.json.encode(Use(subject=subject, by=By(Role.SYSTEM), items=(ITEM,), purpose="notification"))
    head = (
        "POST /v1/use HTTP/1.1", "host: bench", f"authorization: Bearer {secret}", "content-type: application/json",
        f"content-length: {len(body)}",
    )  # fmt: skip
    return "\r\n".join((*head, "", "")).encode() + body


@contextmanager
def _server(kind: str, *paths: Path) -> Iterator[str]:
    command = [sys.executable, str(Path(__file__).with_name("server.py")), kind, *map(str, paths)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


@contextmanager
def _connected(address: str, authority: Path) -> Iterator[ssl.SSLSocket]:
    parts = urlsplit(address)
    assert parts.port, "the server did not begin"
    plain = socket.create_connection((parts.hostname, parts.port), timeout=60)
    with ssl.create_default_context(cafile=authority).wrap_socket(plain, server_hostname="127.0.0.1") as program:
        yield program


def _certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for this machine's own address, signed with its own key."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "bench")])
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True).sign(key, hashes.SHA256())
    )  # fmt: skip
    certificate, secret = folder / "cert.pem", folder / "key.pem"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.touch(0o600)
    form = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    secret.write_bytes(key.private_bytes(serialization.Encoding.PEM, *form))
    return certificate, secret
