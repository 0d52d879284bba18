"""Temporary: vaults that live for one story or one test, on one server for all of them.

What is *not* here: lasting installations (``gate.opened``).
"""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Self

from psycopg import sql

from wordkept.gate.gate import Gate
from wordkept.policy.model import Policy
from wordkept.vault.account import passing_folder
from wordkept.vault.formats import Store
from wordkept.vault.installation import Installation


class Temporary:
    """A server for passing vaults; a context manager.

    Args:
        dsn: a PostgreSQL to use instead of an embedded one; its user may create and drop databases.
    """

    def __init__(self, dsn: str | None = None) -> None:
        self._dsn = dsn
        self._folder = passing_folder()
        self._base: Installation | None = None

    def __enter__(self) -> Self:
        if self._dsn is None:
            self._base = Installation.open(self._folder / "server")
        return self

    def __exit__(self, *_: object) -> None:
        if self._base is not None:
            self._base.discard()
        shutil.rmtree(self._folder, ignore_errors=True)

    @contextmanager
    def gate(self, policy: Policy) -> Iterator[Gate]:
        """A gate on two fresh databases, which are dropped at the end."""
        tag = uuid.uuid4().hex[:12]
        names = {Store.LIVE: f"wordkept_live_{tag}", Store.SEPARATE: f"wordkept_separate_{tag}"}
        server = self._base.server if self._base else None
        found = Installation.open(self._folder / tag, dsn_live=self._dsn, names=names, server=server)
        try:
            with found, Gate(found, policy) as gate:
                yield gate
        finally:
            for store, name in names.items():
                with found.access.maintain(store) as connection:
                    connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
