"""Client: a program's side of the gate over HTTP, typed by the same messages, with nothing beside the core to install.

A change gets a request id if it has none, so that asking again after a lost answer does it once. A client may be shared
by threads; each has a connection of its own. What is *not* here: the messages themselves.
"""

from __future__ import annotations

import http.client
import ssl
import threading
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, Self, TypeVar
from urllib.parse import urlsplit

import msgspec

from wordkept.terms import UnavailableError, WordkeptError
from wordkept.web.api.answers import Answer, Answers, Problem, Subject, Texts
from wordkept.web.api.messages import Asking, Use, View

Kind = TypeVar("Kind")
_LARGEST: Final = 256 * 1024 * 1024
"""Bytes of an answer: more than a batch of files has."""
_OK: Final = 200
_UNAVAILABLE: Final = frozenset({500, 502, 503, 504})


class ProblemError(WordkeptError):
    """What was asked is not done.

    Attributes:
        problem: why, by which clauses.
    """

    def __init__(self, problem: Problem) -> None:
        super().__init__(f"{problem.title}: {problem.detail}" if problem.detail else problem.title)
        self.problem = problem


class Client:
    """The gate behind an address; a context manager.

    Args:
        address: ``https://…``.
        secret: as ``wordkept credential`` printed it.
        authority: certificates to trust instead of the machine's, in PEM.
        language: in which refusals say why.
        patience: seconds to wait for an answer.
    """

    def __init__(
        self, address: str, secret: str, *, authority: Path | None = None, language: str = "en", patience: float = 30.0
    ) -> None:
        parts = urlsplit(address)
        if parts.scheme != "https" or not parts.hostname:
            raise UnavailableError("the address of a gate begins with https://")
        self._host, self._port, self._patience = parts.hostname, parts.port or 443, patience
        self._headers = {
            "authorization": f"Bearer {secret}", "content-type": "application/json", "accept-language": language,
        }  # fmt: skip
        self._trusted = ssl.create_default_context(cafile=str(authority) if authority else None)
        self._own, self._lock, self._all = threading.local(), threading.Lock(), list[http.client.HTTPSConnection]()

    def __repr__(self) -> str:
        return f"<Client of {self._host}:{self._port}>"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close every thread's connection."""
        with self._lock:
            for connection in self._all:
                connection.close()

    def new_subject(self) -> str:
        """A fresh pseudonym.

        Raises:
            ProblemError: the gate does not know the secret.
            UnavailableError: it does not answer.
        """
        return self._asked("/v1/subject", None, Subject).subject

    def texts(self) -> Texts:
        """The texts to show for every choice under the edition in force; errors as ``new_subject``."""
        return self._asked("/v1/texts", None, Texts)

    def ask(self, asked: Asking) -> Answer:
        """Ask one thing.

        Raises:
            ProblemError: it is not done, and why.
            UnavailableError: the gate does not answer, or it is unknown whether it is done; ask again with the same
                request id.
        """
        return self._asked(f"/v1/{asked.__struct_config__.tag}", _once(asked), Answer)

    def ask_many(self, asked: Sequence[Asking]) -> Answers:
        """Ask up to 500 things; each is answered by itself.

        Raises:
            ProblemError: the messages do not have their form.
            UnavailableError: as ``ask``.
        """
        return self._asked("/v1/batch", [_once(one) for one in asked], Answers)

    def _asked(self, path: str, asked: Any, answer: type[Kind]) -> Kind:
        body = b"" if asked is None else msgspec.json.encode(asked)
        status, raw = self._sent(path, body)
        try:
            if status == _OK:
                return msgspec.json.decode(raw, type=answer)
            found = msgspec.json.decode(raw, type=Problem)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise UnavailableError(f"{self._host} answers with something else than the gate does") from error
        if status in _UNAVAILABLE:
            raise UnavailableError(f"{found.title}: ask again")
        raise ProblemError(found)

    def _sent(self, path: str, body: bytes) -> tuple[int, bytes]:
        """Send, and once more where the connection had been idle and was closed at its other end."""
        for again in (True, False):
            connection, fresh = self._connection()
            try:
                connection.request("POST", path, body, self._headers)
                response = connection.getresponse()
                return response.status, response.read(_LARGEST)
            except (OSError, http.client.HTTPException) as error:
                connection.close()
                if fresh or not again or isinstance(error, TimeoutError):
                    said = "the gate does not answer; whether it was done is unknown: ask again"
                    raise UnavailableError(said) from error
        raise AssertionError

    def _connection(self) -> tuple[http.client.HTTPSConnection, bool]:
        """This thread's connection, and whether it is new."""
        found: http.client.HTTPSConnection | None = getattr(self._own, "connection", None)
        if found is None:
            found = http.client.HTTPSConnection(self._host, self._port, timeout=self._patience, context=self._trusted)
            self._own.connection = found
            with self._lock:
                self._all.append(found)
        return found, found.sock is None


def _once(asked: Asking) -> Asking:
    """The message with a request id, where asking twice would do something twice."""
    if asked.request_id or isinstance(asked, Use | View):
        return asked
    return msgspec.structs.replace(asked, request_id=uuid.uuid4().hex)
