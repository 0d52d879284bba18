"""Flask: who acts is carried through each request. Needs Flask.

What is *not* here: who that is; the program says so, from its own session.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from typing import Final

from flask import Flask, g

from wordkept.acting.kept import Acting, carried

_HELD: Final = "_wordkept_acting"


def carry(app: Flask, who: Callable[[], Acting | None]) -> None:
    """Whoever ``who`` finds acts while a request of ``app`` is answered; a stream that goes on later is nobody's.

    Args:
        app: the application.
        who: finds who acts, none if nobody; it may read Flask's ``session`` and ``request``.
    """

    def enter() -> None:
        stack = ExitStack()
        stack.enter_context(carried(who()))
        setattr(g, _HELD, stack)

    def leave(_: BaseException | None) -> None:
        stack: ExitStack | None = g.pop(_HELD, None)
        if stack is not None:
            stack.close()

    app.before_request(enter)
    app.teardown_request(leave)
