"""Migrations: the tables of each store, made in order, each once, each known by its digest.

Files are ``migrations/NNNN_<what>.sql``; ``live`` and ``separate`` at a name's end belong to that store alone, the
others to both. The evidence's own schema follows them. What is *not* here: roles and grants (``privileges``).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from importlib.resources import files

import psycopg

from wordkept.terms import UnavailableError
from wordkept.vault.access import Connection
from wordkept.vault.formats import Store
from wordkept.vault.statements import statements

_LOCK = 0x776B6D


def migrate(connection: Connection, store: Store) -> list[str]:
    """Bring a store's tables up to date.

    Args:
        connection: the owner's, outside a transaction.
        store: which.

    Returns:
        The names of what was applied now.

    Raises:
        UnavailableError: a migration was changed after it had been applied, or does not apply.
    """
    own = statements("installation.sql")
    applied = []
    with connection.transaction():
        connection.execute(own["lock"], {"lock": _LOCK})
        connection.execute(own["create_migration"])
        done = {name: bytes(digest) for name, digest in connection.execute(own["migrations"])}
        for name, text in _files(store):
            digest = hashlib.sha256(text).digest()
            if name in done:
                if done[name] != digest:
                    raise UnavailableError(
                        f"migration {name} is not the one that was applied to the {store.name} store"
                    )
                continue
            try:
                connection.execute(text)
            except psycopg.Error as error:
                raise UnavailableError(f"migration {name} does not apply: {error.diag.message_primary}") from error
            connection.execute(own["record_migration"], {"name": name, "digest": digest})
            applied.append(name)
    return applied


def _files(store: Store) -> Iterator[tuple[str, bytes]]:
    other = "separate" if store is Store.LIVE else "live"
    folder = files("wordkept.vault").joinpath("migrations")
    for entry in sorted(folder.iterdir(), key=lambda one: one.name):
        if entry.name.endswith(".sql") and not entry.name.endswith(f"_{other}.sql"):
            yield entry.name.removesuffix(".sql"), entry.read_bytes()
    evidence = files("wordkept.evidence").joinpath("schema.sql")
    if evidence.is_file():
        yield "evidence", evidence.read_bytes()
