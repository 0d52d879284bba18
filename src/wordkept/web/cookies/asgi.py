"""ASGI: the guard as middleware for Starlette, FastAPI and whatever else speaks it; it stands outermost.

Bodies stream through untouched, as do the messages of websockets; only headers are read. What is *not* here: what
passes (``guard``).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any, Final
from urllib.parse import quote

from wordkept.web.cookies import places
from wordkept.web.cookies.guard import Asked, Guard, Visit, answered

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]
KEY: Final = "wordkept.cookies"
"""Under it, a scope has its visit."""


class CookieMiddleware:
    """The guard in front of an application.

    Args:
        app: the application; it finds its ``Visit`` in the scope under ``wordkept.cookies``.
        guard: of the site.
    """

    def __init__(self, app: Application, guard: Guard) -> None:
        self._app, self._guard = app, guard

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        visit = self._guard.visit(_asked(scope))
        with answered(visit):
            if scope["type"] == "http" and places.is_own(self._guard, scope["path"]):
                await self._own(visit, scope, receive, send)
            else:
                await self._app(_inward(scope, visit), receive, self._outward(visit, send))

    async def _own(self, visit: Visit, scope: Scope, receive: Receive, send: Send) -> None:
        body = await _body(receive) if scope["method"] == "POST" else b""
        told = places.answer(
            self._guard,
            visit,
            scope["method"],
            scope["path"],
            lambda name: next(iter(_values(scope, name.encode("latin-1"))), ""),
            body,
        )
        headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in told.headers]
        headers.append((b"content-length", str(len(told.body)).encode()))
        await send({"type": "http.response.start", "status": told.status, "headers": headers})
        shown = b"" if scope["method"] == "HEAD" else told.body
        await send({"type": "http.response.body", "body": shown, "more_body": False})

    def _outward(self, visit: Visit, send: Send) -> Send:
        async def sent(message: Message) -> None:
            if message.get("headers"):
                message = {**message, "headers": self._filtered(visit, message["headers"])}
            elif message["type"] == "http.response.start":
                message = {**message, "headers": self._filtered(visit, ())}
            await send(message)

        return sent

    def _filtered(self, visit: Visit, headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
        listed = list(headers)
        wanted = [value.decode("latin-1") for name, value in listed if name.lower() == b"set-cookie"]
        kept = [(b"set-cookie", one.encode("latin-1")) for one in self._guard.set_cookies(visit, wanted)]
        return [one for one in listed if one[0].lower() != b"set-cookie"] + kept


def _asked(scope: Scope) -> Asked:
    query = scope.get("query_string", b"").decode("latin-1")
    path = quote(scope["path"])
    return Asked(
        cookies=_values(scope, b"cookie"),
        signals=_values(scope, b"sec-gpc"),
        languages=next(iter(_values(scope, b"accept-language")), ""),
        path=f"{path}?{query}" if query else path,
        secure=scope.get("scheme") in {"https", "wss"},
    )


def _values(scope: Scope, name: bytes) -> list[str]:
    return [value.decode("latin-1") for key, value in scope["headers"] if key.lower() == name]


def _inward(scope: Scope, visit: Visit) -> Scope:
    headers = [one for one in scope["headers"] if one[0].lower() != b"cookie"]
    if visit.cookie:
        headers.append((b"cookie", visit.cookie.encode("latin-1")))
    return {**scope, "headers": headers, KEY: visit}


async def _body(receive: Receive) -> bytes:
    """A body up to the limit and a byte above it; what comes after is not read."""
    found = b""
    while len(found) <= places.LONGEST:
        message = await receive()
        found += message.get("body", b"")
        if message["type"] != "http.request" or not message.get("more_body"):
            break
    return found
