"""Places: the one address of the page, which whoever has the token may open, and send an answer to.

The token is the whole right: no cookie is set and none is read, so no other site can act for whoever has it; a form
that says it comes from elsewhere is refused all the same. Whatever opens nothing gets the same answer. What is *not*
here: what stands on the page (``page``), and TLS.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from threading import Lock
from traceback import extract_tb
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from wordkept.acting import Gates
from wordkept.gate import Open, Outbox
from wordkept.orders.tokens import Opened, Tokens
from wordkept.orders.values import values
from wordkept.record import Actor
from wordkept.terms import Answer, OrderKind, Role, WordkeptError
from wordkept.web.cookies.places import form_of, same_site
from wordkept.web.orderpage import page

LARGEST: Final = 8192
"""Bytes of a form; of more, nothing is read."""
MOST: Final = 60
"""Requests of one address in a minute."""
_ADDRESSES: Final = 10_000
_SLOWEST: Final = 20.0
_FORM: Final = "application/x-www-form-urlencoded"
_LONGEST_TOKEN: Final = 64
_LONGEST_LAW: Final = 200
_LOG: Final = logging.getLogger("wordkept.web")


class Limit:
    """How often each address came within this minute; threads share it."""

    def __init__(self) -> None:
        self._lock, self._counts, self._minute = Lock(), Counter[str](), -1

    def over(self, address: str, now: datetime) -> bool:
        """Count a request; whether it is one too many."""
        minute = int(now.timestamp() // 60)
        with self._lock:
            if minute != self._minute or len(self._counts) > _ADDRESSES:
                self._counts.clear()
                self._minute = minute
            self._counts[address] += 1
            return self._counts[address] > MOST


class OrderPage:
    """Answers partners.

    Args:
        gates: to the installation.
        tokens: that open the page.
        clock: says what time it is.
    """

    def __init__(self, gates: Gates, tokens: Tokens, clock: Callable[[], datetime]) -> None:
        self._gates, self._tokens, self._clock = gates, tokens, clock
        self._limit = Limit()
        self.route = Route("/orders/{token}", self._answered, methods=["GET", "POST"])

    async def _answered(self, request: Request) -> Response:
        """Whatever happens, one clear page; what is our own fault is logged by place, without what it said."""
        accepted = request.headers.get("accept-language", "")
        try:
            if self._limit.over(request.client.host if request.client else "", self._clock()):
                return Response(status_code=429, headers={"retry-after": "60"})
            form = await _form(request) if request.method == "POST" else {}
            if isinstance(form, Response):
                return form
            token = request.path_params["token"]
            return await run_in_threadpool(self._shown, token, accepted, form)
        except ClientDisconnect:
            return Response(status_code=408)
        except WordkeptError as error:
            _LOG.error("%s", error)
            return _html(page.down(accepted), 503)
        except Exception as error:  # noqa: BLE001  (a door: who is outside gets one answer)
            at = extract_tb(error.__traceback__)[-1]
            _LOG.error("a defect: %s at %s:%s", type(error).__name__, Path(at.filename).name, at.lineno)
            return _html(page.down(accepted), 500)

    def _shown(self, token: str, accepted: str, form: Mapping[str, str]) -> Response:
        now = self._clock()
        with self._gates.lent() as gate, Outbox(gate.installation, gate.policy) as outbox:
            known = self._tokens.of(token, gate.day(now)) if len(token) <= _LONGEST_TOKEN else None
            edition = gate.policy.on(gate.day(now))
            if known is None or edition is None:
                return _html(page.ended(accepted), 404)
            found = {}
            if form:
                one = next((one for one in _waiting(outbox, known) if one.order.id == form.get("order")), None)
                if form.get("do") == "show" and one is not None and one.order.kind is OrderKind.CORRECT:
                    found = {one.order.id: values(gate, outbox, one, now)}
                elif one is not None and not _took(outbox, one, form, now):
                    return Response(status_code=400)
            waiting = _waiting(outbox, known)
            if not waiting:
                self._tokens.end(known.partner)
                return _html(page.ended(accepted), 200 if form else 404)
            return _html(page.orders(edition, accepted, known.partner, waiting, found))


def _waiting(outbox: Outbox, known: Opened) -> list[Open]:
    return [one for one in outbox.open() if one.order.to == known.partner]


def _took(outbox: Outbox, one: Open, form: Mapping[str, str], now: datetime) -> bool:
    """Write an answer down; whether it was one."""
    said, law = form.get("answer", ""), form.get("law", "").strip()
    if form.get("do") != "answer" or said not in {str(answer) for answer in Answer} or len(law) > _LONGEST_LAW:
        return False
    by = Actor(Role.PROCESSOR if one.order.entrusted else Role.RECIPIENT, name=one.order.to)
    outbox.answered(one, Answer(said), now, by, law or None)
    return True


async def _form(request: Request) -> Mapping[str, str] | Response:
    """The fields of a form that was sent from the page itself; or why it is none."""
    headers = request.headers
    if not same_site(lambda name: headers.get(name, "")):
        return Response(status_code=403)
    if headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM:
        return Response(status_code=415)
    read = bytearray()
    try:
        async with asyncio.timeout(_SLOWEST):
            async for chunk in request.stream():
                read += chunk
                if len(read) > LARGEST:
                    return Response(status_code=413)
    except TimeoutError:
        return Response(status_code=408)
    return form_of(bytes(read)) or Response(status_code=400)


def _html(text: str, status: int = 200) -> Response:
    policy = f"default-src 'none'; style-src '{page.style_hash()}'; form-action 'self'; frame-ancestors 'none'"
    headers = {
        "cache-control": "no-store",
        "content-security-policy": policy,
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
        "x-robots-tag": "noindex",
    }
    return Response(text.encode(), status, headers, "text/html; charset=utf-8")
