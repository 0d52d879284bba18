"""A server of its own: answers over HTTP with TLS in two processes, through the gate or barely, until its input ends.

Arguments: ``guarded`` or ``bare``, the server's folder, the vault's folder, certificate, key. Prints its address. Both
kinds run under the same uvicorn, with the same threads and the same messages. What is *not* here: measuring.
"""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import msgspec
from ground import NOW, reference_policy
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from wordkept.acting import Gates
from wordkept.gate import Gate
from wordkept.vault.formats import Store
from wordkept.vault.installation import Installation
from wordkept.vault.server import OWNER
from wordkept.web.api.application import Application
from wordkept.web.api.credentials import Credentials
from wordkept.web.api.messages import Use
from wordkept.web.api.serving import Served, serve

PROCESSES, THREADS, ITEM = 2, 8, "email"
TABLE = "CREATE TABLE bare_log (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, subject_id uuid, item text)"
"""The owner's: a grant that is not declared would let no installation open."""
_BARE = "SELECT record_id, sealed FROM record WHERE subject_id = %s AND item = %s AND state = 'live'"
_INSERT = "INSERT INTO bare_log (subject_id, item) VALUES (%s, %s)"


def guarded(server: Path, vault: Path) -> Starlette:
    """The application that ``wordkept serve`` serves."""
    installation, stack = _opened(server, vault)
    gate = stack.enter_context(Gate(installation, reference_policy()))
    gates = stack.enter_context(Gates(gate, THREADS))
    made = Application(gates, Credentials(vault), lambda: NOW, THREADS)
    return _kept(made.asgi, stack)


def bare(server: Path, vault: Path) -> Starlette:
    """A handler that does one SELECT of the same row and one durable INSERT, and answers as much."""
    installation, stack = _opened(server, vault)
    own, threads = threading.local(), ThreadPoolExecutor(THREADS)

    def work(asked: Use) -> bytes:
        connection = getattr(own, "connection", None)
        if connection is None:
            connection = own.connection = installation.connect(Store.LIVE, OWNER, autocommit=True)
        with connection.transaction():
            row = connection.execute(_BARE, (asked.subject, ITEM)).fetchone()
            connection.execute(_INSERT, (asked.subject, ITEM))
        return msgspec.json.encode({"values": {ITEM: [row[1].hex()]}})

    async def answer(request: Request) -> Response:
        asked = msgspec.json.decode(await request.body(), type=Use)
        raw = await asyncio.get_running_loop().run_in_executor(threads, work, asked)
        return Response(raw, media_type="application/json")

    return _kept(Starlette(routes=[Route("/v1/use", answer, methods=["POST"])]), stack)


def _opened(server: Path, vault: Path) -> tuple[Installation, ExitStack]:
    stack = ExitStack()
    base = stack.enter_context(Installation.open(server))
    return stack.enter_context(Installation.open(vault, server=base.server)), stack


def _kept(made: Starlette, stack: ExitStack) -> Starlette:
    """What the application stands on lives as long as it does."""
    made.state.stack = stack
    return made


def main(kind: str, server: Path, vault: Path, certificate: Path, key: Path) -> None:
    """Serve."""
    made: dict[str, Callable[[Path, Path], Starlette]] = {"guarded": guarded, "bare": bare}
    served = Served("127.0.0.1", 0, certificate, key, PROCESSES)
    serve(partial(made[kind], server, vault), served, partial(print, flush=True))


if __name__ == "__main__":
    main(sys.argv[1], *map(Path, sys.argv[2:]))
