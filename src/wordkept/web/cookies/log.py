"""Logging: a filter that keeps out of an access log what the policy or its person refuses.

It looks at the request that the ASGI middleware is answering in this task. A WSGI server that logs with the request's
``environ`` asks ``environ["wordkept.cookies"]`` itself.
"""

from __future__ import annotations

import logging

from wordkept.web.cookies.guard import answering


class OnlyWherePermitted(logging.Filter):
    """Lets a line through where an item may be collected for a purpose through the browser that asks.

    A line outside any request of a browser is none about a person that could be judged, and is kept out too.

    Args:
        purpose: what the log is for.
        item: what it takes down.
    """

    def __init__(self, purpose: str, item: str) -> None:
        super().__init__()
        self._purpose, self._item = purpose, item

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the line may be written."""
        del record
        visit = answering()
        return visit is not None and visit.may(self._purpose, self._item)
