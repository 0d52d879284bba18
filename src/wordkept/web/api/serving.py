"""Serving: the application behind TLS in some processes, with limits on what strangers can hold open.

There is no way to serve without TLS. No request is logged. What is *not* here: what is answered (``application``).
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import msgspec
from starlette.applications import Starlette
from uvicorn import Config
from uvicorn.supervisors import Multiprocess

from wordkept.terms import UnavailableError

_LOGGING: Final[dict[str, Any]] = {
    "version": 1,
    "disable_existing_loggers": False,  # ours is one of them
    "formatters": {"line": {"format": "wordkept: error: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "ERROR"},
}
"""Our own faults and the operator's, to standard error; never a request."""
_BACKLOG: Final = 128


class Served(msgspec.Struct, frozen=True):
    """Where and how to serve.

    Attributes:
        host: an address of this machine.
        port: 0 takes a free one.
        certificate: chain in PEM.
        key: its private key in PEM, its owner's alone.
        processes: that answer.
    """

    host: str
    port: int
    certificate: Path
    key: Path
    processes: int


def serve(made: Callable[[], Starlette], served: Served, ready: Callable[[str], None]) -> None:
    """Serve until told to end by a signal.

    Args:
        made: makes the application, once in each process; can be pickled.
        served: where and how.
        ready: is told the address.

    Raises:
        UnavailableError: the certificate, its key or the address cannot be had.
    """
    _check(served)
    config = configuration(made, served)
    with listening(served) as door:
        host, port = door.getsockname()[:2]
        ready(f"https://{f'[{host}]' if ':' in host else host}:{port}")
        Multiprocess(config, sockets=[door]).run()


def configuration(made: Callable[[], Starlette], served: Served) -> Config:
    """How uvicorn serves us: no log of requests, no trust in forwarding headers, bounds on all that waits."""
    return Config(
        made,
        factory=True,
        workers=served.processes,
        ssl_certfile=served.certificate,
        ssl_keyfile=served.key,
        http="h11",
        loop="asyncio",
        ws="none",
        lifespan="on",
        access_log=False,
        log_config=_LOGGING,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=256,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=10,
    )


def _check(served: Served) -> None:
    """Whether certificate and key belong together, and nobody else can read the key."""
    try:
        if served.key.stat().st_mode & 0o077:
            raise UnavailableError("others may read the private key", hint=f"chmod 600 {served.key}")
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(served.certificate, served.key)
    except OSError as error:  # ssl's own errors are among them
        raise UnavailableError("the certificate and its key cannot be read, or do not belong together") from error


def listening(served: Served) -> socket.socket:
    """A socket that programs can connect to.

    Raises:
        UnavailableError: the address cannot be had.
    """
    try:
        family, *_, address = socket.getaddrinfo(served.host, served.port, type=socket.SOCK_STREAM)[0]
        found = socket.create_server(address[:2], family=family, backlog=_BACKLOG)
        found.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # or an answer waits 40 ms for an acknowledgement
    except OSError as error:
        raise UnavailableError(f"{served.host}:{served.port} cannot be listened on") from error
    return found
