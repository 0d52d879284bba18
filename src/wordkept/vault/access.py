"""Access: connections to the two stores under their roles.

Identifiers of people and records are 32 hex digits in Python and ``uuid`` in the database. Over the embedded server a
role is authenticated by the operating system; over a DSN the DSN's user takes the role on. What is *not* here:
pooling, and what is asked over a connection.
"""

from __future__ import annotations

from collections.abc import Mapping

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.rows import TupleRow

from wordkept.terms import UnavailableError
from wordkept.vault.arrays import adapt
from wordkept.vault.formats import Store
from wordkept.vault.server import OWNER, Server

GATE = "wordkept_gate"
MOVER = "wordkept_mover"
KEEPER = "wordkept_keeper"
EPOCH = "wordkept_epoch"
SEALER = "wordkept_sealer"
AUDITOR = "wordkept_auditor"
ROLES = (GATE, MOVER, KEEPER, EPOCH, SEALER, AUDITOR)

# Acts look rows up by key: planning that again for each set of parameters costs three times what running it does, and
# finds the same plan; and a plan made while tables are small must not read all of them once they have grown.
_BY_KEY = "-c plan_cache_mode=force_generic_plan -c jit=off " + " ".join(
    f"-c enable_{kind}=off" for kind in ("seqscan", "hashjoin", "mergejoin")
)
_SESSIONS = {GATE: _BY_KEY, KEEPER: _BY_KEY}

Connection = psycopg.Connection[TupleRow]
Cursor = psycopg.Cursor[TupleRow]


class Access:
    """Where the stores are.

    Args:
        server: the embedded server, none if every store has a DSN.
        dsn: by store, where it is not on the embedded server.
        names: by store, the database's name.
    """

    def __init__(self, server: Server | None, dsn: Mapping[Store, str], names: Mapping[Store, str]) -> None:
        self._server, self._dsn, self._names = server, dict(dsn), dict(names)

    def embedded(self, store: Store) -> bool:
        """Whether a store is on the embedded server."""
        return store not in self._dsn

    def name(self, store: Store) -> str:
        """Name of a store's database."""
        return self._names[store]

    def connect(self, store: Store, role: str, *, autocommit: bool = False) -> Connection:
        """A new connection to a store.

        Args:
            store: which.
            role: one of ``ROLES``, or the owner.
            autocommit: whether each statement is a transaction of its own.

        Raises:
            UnavailableError: it is refused, or the server is down.
        """
        return self._open(store, self._names[store], role, autocommit=autocommit)

    def maintain(self, store: Store) -> Connection:
        """The owner's connection to the maintenance database of a store's server, to create databases and roles.

        Raises:
            UnavailableError: as ``connect``.
        """
        return self._open(store, None, OWNER, autocommit=True)

    def _open(self, store: Store, database: str | None, role: str, *, autocommit: bool) -> Connection:
        if store in self._dsn:
            connection = self._by_dsn(self._dsn[store], database, role, autocommit=autocommit)
        elif self._server is not None:
            connection = self._server.connect(
                database or "postgres", role, autocommit=autocommit, options=_SESSIONS.get(role, "")
            )
        else:
            raise UnavailableError(f"the {store.name.lower()} store has neither a server nor a DSN")
        adapt(connection)
        connection.prepare_threshold = 2
        return connection

    @staticmethod
    def _by_dsn(dsn: str, database: str | None, role: str, *, autocommit: bool) -> Connection:
        database = database or str(conninfo_to_dict(dsn).get("dbname") or "postgres")
        options = None if role == OWNER else f"-c role={role} {_SESSIONS.get(role, '')}"
        wanted = {"dbname": database, "options": options}
        try:
            return psycopg.connect(make_conninfo(dsn, **wanted), autocommit=autocommit)
        except psycopg.OperationalError as error:
            raise UnavailableError(f"the server behind the DSN does not let {role} in") from error


def durable(connection: Connection) -> None:
    """Refuse to work where an acknowledged commit may be lost.

    Raises:
        UnavailableError: fsync, full_page_writes or synchronous_commit is off for this connection.
    """
    for setting, allowed in (
        ("fsync", ("on",)),
        ("full_page_writes", ("on",)),
        ("synchronous_commit", ("on", "remote_apply")),
    ):
        row = connection.execute("SELECT current_setting(%s)", (setting,)).fetchone()
        if row is None or row[0] not in allowed:
            raise UnavailableError(f"{setting} is {row and row[0]}: what is acknowledged could be lost")
