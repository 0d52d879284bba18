"""The receiver: a small HTTP server in front of a partner, for those who have none, for trying out and for tests.

One path, one method. What is *not* here: TLS (put it behind what serves your other pages).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from wordkept.orders.message import LARGEST, SIGNATURE, Message, Reply
from wordkept.orders.partner import Partner
from wordkept.terms import Answer, BrokenError


class Receiver(ThreadingHTTPServer):
    """Takes orders on this machine.

    Args:
        partner: checks them and remembers.
        handle: does one; returns what to answer, none to answer when it is asked again. What it raises becomes 500,
            and the order comes again.
        clock: what time it is, with its zone.
        port: to listen on, 0 for any that is free.
    """

    daemon_threads = True

    def __init__(
        self,
        partner: Partner,
        handle: Callable[[Message], Answer | Reply | None],
        clock: Callable[[], datetime],
        port: int = 0,
    ) -> None:
        super().__init__(("127.0.0.1", port), _Door)
        self.partner, self.handle, self.clock = partner, handle, clock

    @property
    def url(self) -> str:
        """Where it takes orders."""
        return f"http://127.0.0.1:{self.server_port}/orders"


class _Door(BaseHTTPRequestHandler):
    server: Receiver
    timeout = 20

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        if not length.isascii() or not length.isdigit() or int(length) > LARGEST:
            self._reply(413, b"")
            return
        body, signature = self.rfile.read(int(length)), self.headers.get(SIGNATURE, "")
        status, said = 500, b""  # what a handler raises is its own to see; the order comes again
        try:
            reply = self.server.partner.answer(body, signature, self.server.clock(), self.server.handle)
            status, said = reply.status, reply.body()
        except BrokenError:
            status = 400
        finally:
            self._reply(status, said)

    def _reply(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing: what is asked here is nobody's to read."""
