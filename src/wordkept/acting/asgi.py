"""ASGI: middleware for Starlette and FastAPI that carries who acts through each request.

What is *not* here: who that is; the program says so, from its own session.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from wordkept.acting.kept import Acting, carried

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]


class ActingMiddleware:
    """Whoever ``who`` finds in a connection's scope acts while it is answered; inside what knows the session.

    Args:
        app: the application.
        who: finds who acts, none if nobody; it is called for requests and websockets.
    """

    def __init__(self, app: Application, who: Callable[[Scope], Acting | None]) -> None:
        self._app, self._who = app, who

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer."""
        with carried(self._who(scope) if scope["type"] in {"http", "websocket"} else None):
            await self._app(scope, receive, send)
