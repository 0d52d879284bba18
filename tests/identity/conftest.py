"""A vault, proofs beside it, and a mail server of this machine's own: TLS from the start or by STARTTLS."""

from __future__ import annotations

import re
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import cast

import pytest
from tests.gate.conftest import Someone, gate, temporary
from tests.web.conftest import certificate

from wordkept.gate import Gate, Proofs
from wordkept.identity.codes import Codes
from wordkept.identity.mail import Letter, Server

__all__ = ["gate", "temporary"]


class Post(socketserver.ThreadingTCPServer):
    """As much of a mail server (RFC 5321, RFC 3207) as takes a letter; everything it was told is kept."""

    daemon_threads = True

    def __init__(self, paper: Path, key: Path, *, wrapped: bool, takes: bool = True, tls: bool = True) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(paper, key)
        self.wrapped, self.takes, self.tls = wrapped, takes, tls
        self.letters: list[EmailMessage] = []
        self.to: list[str] = []
        self.in_clear: list[bytes] = []

    def handle_error(self, *_: object) -> None:
        """A client that hangs up is no news."""


class _Talk(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        post = cast("Post", self.server)
        self.safe = post.wrapped
        self.lines = self.request.makefile("rb")
        if post.wrapped:
            self.request = post.context.wrap_socket(self.request, server_side=True)
            self.lines = self.request.makefile("rb")
        self.says("220 here")
        while line := self.lines.readline():
            if not self.safe:
                post.in_clear.append(line.strip())
            if not self.answers(post, line.strip()):
                return

    def finish(self) -> None:
        self.lines.close()
        self.request.close()

    def says(self, line: str) -> None:
        self.request.sendall(f"{line}\r\n".encode())

    def answers(self, post: Post, line: bytes) -> bool:
        verb = line[:4].upper()
        if verb == b"EHLO":
            self.says("250-here")
            if post.tls and not self.safe:
                self.says("250-STARTTLS")
            self.says("250 8BITMIME")
        elif line.upper() == b"STARTTLS" and post.tls:
            self.says("220 go on")
            self.lines.close()
            self.request = post.context.wrap_socket(self.request, server_side=True)
            self.lines, self.safe = self.request.makefile("rb"), True
        elif verb == b"RCPT":
            post.to.append(line.decode())
            self.says("250 ok" if post.takes else f"550 nobody at {line.decode()}")
        elif verb == b"DATA":
            self.says("354 go on")
            raw = b""
            while (line := self.lines.readline()) != b".\r\n":
                raw += line
            post.letters.append(message_from_bytes(raw, policy=policy.default))
            self.says("250 taken")
        elif verb == b"QUIT":
            self.says("221 bye")
            return False
        else:
            self.says("250 ok" if verb in {b"MAIL", b"RSET", b"NOOP"} else "502 what")
        return True


@contextmanager
def post_office(folder: Path, *, wrapped: bool, takes: bool = True, tls: bool = True) -> Iterator[tuple[Post, Server]]:
    paper = certificate(folder)
    with Post(paper.certificate, paper.key, wrapped=wrapped, takes=takes, tls=tls) as post:
        thread = threading.Thread(target=post.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            port = post.server_address[1]
            yield (
                post,
                Server("127.0.0.1", "no-reply@example.kr", port, authority=str(paper.certificate), wrapped=wrapped),
            )
        finally:
            post.shutdown()
            thread.join()


@pytest.fixture
def proofs(gate: Gate) -> Iterator[Proofs]:
    with Proofs(gate.installation) as opened:
        yield opened


class Box:
    """What was sent, where no server is needed."""

    def __init__(self) -> None:
        self.letters: list[Letter] = []

    def __call__(self, letter: Letter) -> None:
        self.letters.append(letter)

    @property
    def code(self) -> str:
        return code_in(self.letters[-1].text)


def code_in(text: str) -> str:
    """The code that a letter says, the same in both languages."""
    (code,) = set(re.findall(r"\b\d{8}\b|\d{8}(?=입)", text))
    return str(code)


@pytest.fixture
def box() -> Box:
    return Box()


@pytest.fixture
def codes(gate: Gate, proofs: Proofs, box: Box) -> Codes:
    return Codes(gate, proofs, box)


@pytest.fixture
def someone(gate: Gate) -> Someone:
    found = Someone(gate)
    found.collects("identification", "email")
    return found
