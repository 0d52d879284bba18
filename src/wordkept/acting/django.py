"""Django: middleware that carries who acts through each request.

What is *not* here: who that is; the program says so, from its own session.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from wordkept.acting.kept import Acting, carried

View = Callable[[Any], Any]


def middleware(who: Callable[[Any], Acting | None]) -> Callable[[View], View]:
    """Middleware to name in ``MIDDLEWARE``, after the one that finds the user.

    Args:
        who: finds who acts in a request, none if nobody.
    """

    def made(get_response: View) -> View:
        def answered(request: Any) -> Any:
            with carried(who(request)):
                return get_response(request)

        return answered

    return made
