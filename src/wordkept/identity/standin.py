"""A stand-in for a provider of mobile identity, on this machine, for trying out and for tests: it recognises nobody.

It believes whoever says a name, and says so in every answer (``stand_in``). What is *not* here: anything to build on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final

import msgspec

from wordkept.identity.mobile import LARGEST, SIGNATURE, Answer, Question
from wordkept.orders.message import public_key, signature_of


class Asked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What it is sent: a question, and who the person says they are."""

    question: Question
    person: str


_asked: Final = msgspec.json.Decoder(Asked)


class StandIn(ThreadingHTTPServer):
    """Answers questions on this machine.

    Args:
        people: the CI of made-up people, by name.
        seed: the private key of 32 bytes that signs.
        clock: what time it is, with its zone.
        port: to listen on, 0 for any that is free.
    """

    daemon_threads = True

    def __init__(self, people: Mapping[str, str], seed: bytes, clock: Callable[[], datetime], port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), _Door)
        self.people, self.seed, self.clock = people, seed, clock

    @property
    def url(self) -> str:
        """Where it is asked."""
        return f"http://127.0.0.1:{self.server_port}/"

    @property
    def key(self) -> str:
        """Its public key."""
        return public_key(self.seed)

    def answered(self, raw: bytes) -> tuple[int, bytes]:
        """The status and body for a question: 404 for a person who is not made up here."""
        try:
            asked = _asked.decode(raw)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            return 400, b""
        ci = self.people.get(asked.person)
        if ci is None:
            return 404, b""
        one = asked.question
        said = Answer(format=one.format, to=one.to, nonce=one.nonce, ci=ci, sent=self.clock(), stand_in=True)
        return 200, msgspec.json.encode(said)


class _Door(BaseHTTPRequestHandler):
    server: StandIn
    timeout = 20

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        if not length.isascii() or not length.isdigit() or int(length) > LARGEST:
            self._reply(413, b"")
            return
        self._reply(*self.server.answered(self.rfile.read(int(length))))

    def _reply(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.send_header(SIGNATURE, signature_of(body, self.server.seed))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing: who asks here is nobody's to read."""
