"""WSGI: the guard as middleware for Flask, Django and whatever else speaks it; it stands outermost.

What is *not* here: what passes (``guard``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import quote

from wordkept.web.cookies import places
from wordkept.web.cookies.guard import Asked, Guard, Visit

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]
KEY: Final = "wordkept.cookies"
"""Under it, an environment has its visit."""
_DIGITS: Final = 20
_PLAIN: Final = {"content-type": "CONTENT_TYPE", "content-length": "CONTENT_LENGTH"}


class CookieMiddleware:
    """The guard in front of an application.

    Args:
        app: the application; it finds its ``Visit`` in the environment under ``wordkept.cookies``.
        guard: of the site.
    """

    def __init__(self, app: Application, guard: Guard) -> None:
        self._app, self._guard = app, guard

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer."""
        visit = self._guard.visit(_asked(environ))
        if places.is_own(self._guard, environ.get("PATH_INFO", "")):
            return self._own(visit, environ, start_response)
        environ[KEY] = visit
        environ.pop("HTTP_COOKIE", None)
        if visit.cookie:
            environ["HTTP_COOKIE"] = visit.cookie
        return self._app(environ, self._outward(visit, start_response))

    def _own(self, visit: Visit, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        body = _body(environ) if method == "POST" else b""
        told = places.answer(self._guard, visit, method, path, lambda name: _header(environ, name), body)
        status = HTTPStatus(told.status)
        start_response(f"{status} {status.phrase}", [*told.headers, ("content-length", str(len(told.body)))])
        return [] if method == "HEAD" else [told.body]

    def _outward(self, visit: Visit, start_response: StartResponse) -> StartResponse:
        def started(status: str, headers: Iterable[tuple[str, str]], *failed: Any) -> Any:
            listed = list(headers)
            wanted = [value for name, value in listed if name.lower() == "set-cookie"]
            others = [one for one in listed if one[0].lower() != "set-cookie"]
            kept = [("Set-Cookie", one) for one in self._guard.set_cookies(visit, wanted)]
            return start_response(status, others + kept, *failed)

        return started


def _asked(environ: Environ) -> Asked:
    query, path = environ.get("QUERY_STRING", ""), environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", "")
    path = quote(path.encode("latin-1", "replace"))
    cookies, signals = environ.get("HTTP_COOKIE"), environ.get("HTTP_SEC_GPC")
    return Asked(
        cookies=[cookies] if cookies else [],
        signals=[signals] if signals else [],
        languages=environ.get("HTTP_ACCEPT_LANGUAGE", ""),
        path=f"{path}?{query}" if query else path,
        secure=environ.get("wsgi.url_scheme") == "https",
    )


def _header(environ: Environ, name: str) -> str:
    return str(environ.get(_PLAIN.get(name, f"HTTP_{name.upper().replace('-', '_')}"), ""))


def _body(environ: Environ) -> bytes:
    """A body up to the limit and a byte above it; what comes after is not read."""
    told = environ.get("CONTENT_LENGTH") or "0"
    length = int(told) if told.isascii() and told.isdigit() and len(told) < _DIGITS else 0
    return bytes(environ["wsgi.input"].read(min(length, places.LONGEST + 1)))
