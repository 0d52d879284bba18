"""Flights: statements that travel to the server together, and whose answers come back together.

An act on one person is a handful of short statements, and the way there and back costs more than what the server does.
So they go in libpq's pipeline mode: BEGIN with the first question, evidence with COMMIT. Statements are prepared once
for each connection, and the server says of which types their parameters are. Everything is in binary. What is *not*
here: SQL, and what a transaction is for (``gate.stores``).
"""

from __future__ import annotations

import re
import select
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

import msgspec
import psycopg
from psycopg import pq
from psycopg.abc import Buffer, Dumper
from psycopg.adapt import Transformer
from psycopg.rows import TupleRow

_PARAMETER: Final = re.compile(rb"%\((\w+)\)[sbt]")
_FINE: Final = frozenset({pq.ExecStatus.COMMAND_OK, pq.ExecStatus.TUPLES_OK})
_BINARY: Final = pq.Format.BINARY

Rows = list[tuple[Any, ...]]


class Command(NamedTuple):
    """A statement and its parameters by name."""

    sql: bytes
    values: Mapping[str, Any] = {}


class _Prepared(msgspec.Struct, frozen=True):
    """A statement as the server knows it: its name there, and how each parameter is written."""

    name: bytes
    parameters: tuple[tuple[str, Dumper], ...]
    formats: tuple[int, ...]

    def written(self, values: Mapping[str, Any]) -> list[Buffer | None]:
        return [None if (one := values[name]) is None else dumper.dump(one) for name, dumper in self.parameters]


class Session(psycopg.Cursor[TupleRow]):
    """A cursor that can also send statements together; one for each connection, which nobody else rolls back.

    Args:
        connection: adapted (``arrays.adapt``).
    """

    __slots__ = ("_known", "_read", "_waiting")

    def __init__(self, connection: psycopg.Connection[TupleRow]) -> None:
        super().__init__(connection)
        self._known: dict[bytes, _Prepared] = {}
        self._read = Transformer(connection)
        self._waiting = select.poll()
        self._waiting.register(connection.pgconn.socket, select.POLLIN)

    def ask(self, *commands: Command) -> list[Rows]:
        """The rows of each statement, in one trip; begins a transaction where there is none.

        Raises:
            psycopg.Error: what the server says against one of them; those after it were not done.
        """
        first = self._first()
        return [self._rows(result) for result in self._fly([*first, *commands])[len(first) :]]

    def commit(self, *commands: Command) -> None:
        """Statements whose answers nobody needs and the end of the transaction, in one trip.

        Raises:
            psycopg.OperationalError: the server went away; whether anything was committed is unknown.
            psycopg.Error: as ``ask``; nothing was committed.
        """
        first = self._first()
        if first and not commands:
            return
        *_, last = self._fly([*first, *commands, _COMMIT])
        if last.command_status != b"COMMIT":
            raise psycopg.errors.InFailedSqlTransaction("the transaction had failed before its end")

    def rollback(self) -> None:
        """End the transaction and undo it, if there is one.

        The driver's own would also deallocate every prepared statement, those of flights too; so nobody calls that.

        Raises:
            psycopg.OperationalError: the server went away, and the transaction with it.
        """
        if self.connection.pgconn.transaction_status != pq.TransactionStatus.IDLE:
            self._fly([_ROLLBACK])

    def _first(self) -> list[Command]:
        idle = self.connection.pgconn.transaction_status == pq.TransactionStatus.IDLE
        return [_BEGIN] if idle and not self.connection.autocommit else []

    def _fly(self, commands: Sequence[Command]) -> list[pq.abc.PGresult]:
        flight = [(known := self._prepared(one.sql), known.written(one.values)) for one in commands]
        server, landed = self.connection.pgconn, False
        try:
            server.enter_pipeline_mode()
            for known, values in flight:
                server.send_query_prepared(known.name, values, known.formats, _BINARY)
            server.pipeline_sync()
            results = self._land(server)
            server.exit_pipeline_mode()
            landed = True
        finally:
            if not landed:  # interrupted, or the server is gone: nobody knows what is still under way
                self.connection.close()
        for result in results:
            self._fine(result)
        return results

    def _fine(self, result: pq.abc.PGresult) -> None:
        """Raise what an answer says. Of a server that went away libpq makes an answer, one without a code."""
        if self.connection.pgconn.status != pq.ConnStatus.OK:
            raise psycopg.OperationalError("the connection was lost")
        if result.status not in _FINE:
            raise psycopg.errors.error_from_result(result)

    def _land(self, server: pq.abc.PGconn) -> list[pq.abc.PGresult]:
        """All answers, up to the end of the flight."""
        found: list[pq.abc.PGresult] = []
        while True:
            while server.is_busy():
                # A long flight does not go out at once: the server may wait for its rest while we wait for answers.
                unsent = server.flush()
                self._waiting.modify(server.socket, select.POLLIN | select.POLLOUT if unsent else select.POLLIN)
                self._waiting.poll()
                server.consume_input()
            result = server.get_result()
            if result is None:
                if server.status != pq.ConnStatus.OK:
                    raise psycopg.OperationalError("the connection was lost")
            elif result.status == pq.ExecStatus.PIPELINE_SYNC:
                return found
            else:
                found.append(result)

    def _rows(self, result: pq.abc.PGresult) -> Rows:
        if not result.ntuples:
            return []
        self._read.set_pgresult(result, format=_BINARY)
        return self._read.load_rows(0, result.ntuples, tuple)

    def _prepared(self, sql: bytes) -> _Prepared:
        return self._known.get(sql) or self._prepare(sql)

    def _prepare(self, sql: bytes) -> _Prepared:
        server, name = self.connection.pgconn, b"flight_%d" % len(self._known)
        names = list(dict.fromkeys(_PARAMETER.findall(sql)))
        query = _PARAMETER.sub(lambda found: b"$%d" % (1 + names.index(found[1])), sql)
        self._fine(server.prepare(name, query))
        self._fine(said := server.describe_prepared(name))
        dumpers = [self._dumper(said.param_type(at)) for at in range(said.nparams)]
        parameters = tuple((one.decode(), dumper) for one, dumper in zip(names, dumpers, strict=True))
        known = self._known[sql] = _Prepared(name, parameters, (_BINARY,) * len(parameters))
        return known

    def _dumper(self, oid: int) -> Dumper:
        return self.connection.adapters.get_dumper_by_oid(oid, _BINARY)(object, self.connection)


_BEGIN: Final = Command(b"BEGIN")
_COMMIT: Final = Command(b"COMMIT")
_ROLLBACK: Final = Command(b"ROLLBACK")
