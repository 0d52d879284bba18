"""Application: the gate as places of HTTP; every answer is JSON and is not kept by anything on its way.

Whoever is not known is answered before the body is read. Nothing of a person stands in an address or a log. What is
*not* here: TLS and processes (``serving``).
"""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from pathlib import Path
from traceback import extract_tb
from typing import Final, TypeVar

import msgspec
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from wordkept.acting import Gates
from wordkept.gate.deciding import new_id
from wordkept.identity.mail import Letter
from wordkept.language import SOURCE, Catalogue, catalogue, languages
from wordkept.terms import WordkeptError
from wordkept.texts import Text, texts_of
from wordkept.web.api.answering import Desk, Result
from wordkept.web.api.answers import Problem, Subject
from wordkept.web.api.bodies import TurnedAwayError, body, decoded
from wordkept.web.api.credentials import Credential, Credentials
from wordkept.web.api.description import description
from wordkept.web.api.messages import KINDS, Asking, Batch
from wordkept.web.api.problems import MEDIA_TYPE, of_error, problem
from wordkept.web.api.strangers import Strangers

Done = TypeVar("Done")
_HEADERS: Final = {"cache-control": "no-store", "x-content-type-options": "nosniff"}
_LOG: Final = logging.getLogger("wordkept.web")
_OF_STATUS: Final = {404: "no-such-place", 405: "no-such-method"}
_BATCHES: Final[msgspec.json.Decoder[list[Asking]]] = msgspec.json.Decoder(Batch)
Endpoint = Callable[[Request, Credential], Awaitable[Response]]


class Application:
    """What answers requests.

    Args:
        gates: to the installation.
        credentials: of the programs that may ask.
        clock: says what time it is.
        threads: how many requests are at the gate at once.
        more: other places of the same door.
        send: hands a letter over; without it nobody is mailed a code.
    """

    def __init__(
        self,
        gates: Gates,
        credentials: Credentials,
        clock: Callable[[], datetime],
        threads: int = 8,
        more: Sequence[Route] = (),
        send: Callable[[Letter], None] | None = None,
    ) -> None:
        self._send = send
        self._gates, self._credentials, self._clock = gates, credentials, clock
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="wordkept-gate")
        self._strangers = Strangers()
        self._description = msgspec.json.encode(description())
        places = [
            *(self._place(f"/v1/{kind.__struct_config__.tag}", partial(self._one, _decoder(kind))) for kind in KINDS),
            self._place("/v1/batch", self._many),
            self._place("/v1/subject", self._subject),
            self._place("/v1/texts", self._texts),
            Route("/openapi.json", self._openapi, methods=["GET"]),
            *more,
        ]
        self.asgi = Starlette(routes=places, exception_handlers={HTTPException: _lost})

    def close(self) -> None:
        """Wait for what is at the gate, and state the last strangers."""
        self._threads.shutdown()
        if count := self._strangers.left():
            self._state("unknown-client", None, count)

    def _place(self, path: str, endpoint: Endpoint) -> Route:
        return Route(path, partial(self._answered, endpoint), methods=["POST"])

    async def _answered(self, endpoint: Endpoint, request: Request) -> Response:
        """Whatever happens, one clear answer; what is our own fault is logged by place, without what it said."""
        try:
            return await self._reached(endpoint, request)
        except ClientDisconnect:
            return _problem(problem("too-slow"))
        except WordkeptError as error:
            return _problem(_of_error(error))
        except Exception as error:  # noqa: BLE001  (a door: the program outside gets one answer)
            at = extract_tb(error.__traceback__)[-1]
            _LOG.error("a defect: %s at %s:%s", type(error).__name__, Path(at.filename).name, at.lineno)
            return _problem(problem("failed"))

    async def _reached(self, endpoint: Endpoint, request: Request) -> Response:
        by: Credential | None = None
        try:
            by = self._known(request)
            return await endpoint(request, by)
        except TurnedAwayError as error:
            await self._stated(error.problem, by)
            return _problem(error.problem)

    def _known(self, request: Request) -> Credential:
        scheme, _, secret = request.headers.get("authorization", "").partition(" ")
        found = self._credentials.of(secret.strip()) if scheme.lower() == "bearer" else None
        if found is None:
            raise TurnedAwayError(problem("unknown-client", "authorization: Bearer and the program's secret"))
        return found

    async def _stated(self, found: Problem, by: Credential | None) -> None:
        """Leave evidence of what goes no further; of strangers together, once a minute."""
        count = 1 if by else self._strangers.came(self._clock())
        if count:
            try:
                await self._at_the_gate(partial(self._state, found.type.rpartition(":")[2], by, count))
            except WordkeptError as error:
                _of_error(error)

    def _state(self, why: str, by: Credential | None, requests: int) -> None:
        with self._gates.lent() as gate:
            gate.turned_away(why, self._clock(), by.name if by else "", requests=requests)

    async def _one(self, decoder: msgspec.json.Decoder[Asking], request: Request, by: Credential) -> Response:
        asked = _numbered(decoded(await body(request), decoder))
        (found,) = await self._asked(request, by, [asked])
        if isinstance(found, Problem):
            return _problem(found, asked.request_id)
        return _json(found, request_id=asked.request_id)

    async def _many(self, request: Request, by: Credential) -> Response:
        asked = [_numbered(one) for one in decoded(await body(request), _BATCHES)]
        found = await self._asked(request, by, asked)
        return _json([_instance(one, each.request_id) for one, each in zip(found, asked, strict=True)])

    async def _subject(self, request: Request, by: Credential) -> Response:
        del request, by
        return _json(Subject(new_id(self._clock())))

    async def _texts(self, request: Request, by: Credential) -> Response:
        del request, by
        return _json(await self._at_the_gate(self._shown))

    def _shown(self) -> list[Text]:
        with self._gates.lent() as gate:
            return list(texts_of(gate.edition(gate.day(self._clock()))).values())

    async def _openapi(self, request: Request) -> Response:
        del request
        return Response(self._description, headers=_HEADERS, media_type="application/json")

    async def _asked(self, request: Request, by: Credential, asked: Sequence[Asking]) -> list[Result]:
        return await self._at_the_gate(partial(self._ask, by, asked, _language(request)))

    async def _at_the_gate(self, work: Callable[[], Done]) -> Done:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    def _ask(self, by: Credential, asked: Sequence[Asking], speak: Catalogue) -> list[Result]:
        with self._gates.lent() as gate:
            return Desk(gate, by, self._clock(), speak, self._send).answers(asked)


def _of_error(error: WordkeptError) -> Problem:
    """The problem; what is ours or the operator's, not the program's, is logged."""
    found = of_error(error)
    if found.status >= 500:  # noqa: PLR2004
        _LOG.error("%s", error)
    return found


def _numbered(asked: Asking) -> Asking:
    """The message with a request id; what it is answered, and what evidence says of a refusal, has the same."""
    return asked if asked.request_id else msgspec.structs.replace(asked, request_id=uuid.uuid4().hex)


def _instance(found: Result, request_id: str | None) -> Result:
    """A problem with its id as a URN; anything else as it is."""
    if not isinstance(found, Problem):
        return found
    return msgspec.structs.replace(found, instance=f"urn:uuid:{uuid.UUID(request_id or uuid.uuid4().hex)}")


def _decoder(kind: type[Asking]) -> msgspec.json.Decoder[Asking]:
    return msgspec.json.Decoder(kind)


def _language(request: Request) -> Catalogue:
    """The first language that the reader wants and the software speaks."""
    wanted = [one.partition(";")[0].strip().lower() for one in request.headers.get("accept-language", "").split(",")]
    return catalogue(next((one[:2] for one in wanted if one[:2] in languages()), SOURCE))


def _json(value: object, status: int = 200, request_id: str | None = None) -> Response:
    headers = {**_HEADERS, "request-id": request_id or uuid.uuid4().hex}
    return Response(msgspec.json.encode(value), status, headers, "application/json")


def _problem(found: Problem, request_id: str | None = None) -> Response:
    known = request_id or uuid.uuid4().hex
    made = _json(_instance(found, known), found.status, known)
    made.headers["content-type"] = MEDIA_TYPE
    if found.status == 401:  # noqa: PLR2004
        made.headers["www-authenticate"] = "Bearer"
    return made


async def _lost(request: Request, error: Exception) -> Response:
    del request
    status = error.status_code if isinstance(error, HTTPException) else 500
    made = _problem(problem(_OF_STATUS.get(status, "malformed")))
    made.headers.update(error.headers or {} if isinstance(error, HTTPException) else {})
    return made
