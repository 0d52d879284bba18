"""Privileges: what each role may do, declared once in ``privileges.toml``, granted from it, and compared with it.

At each start the grants that are really in force are read back from both databases; one too many, or one too few, and
nothing is served. Embedded, one operating-system user owns everything: privileges then guard against bugs, not
against the operator. What is *not* here: the functions for opening separate values (``migrations``).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from importlib.resources import files
from typing import NamedTuple

from psycopg import sql

from wordkept.terms import UnavailableError
from wordkept.vault.access import ROLES, Connection
from wordkept.vault.formats import Store
from wordkept.vault.statements import statements

_PRIVILEGE = re.compile(r"^([a-z]+)(?:\((.*)\))?$")


class Grant(NamedTuple):
    """One privilege: who, on what (``record``, ``record.rev``, ``known_of()``), which."""

    role: str
    on: str
    privilege: str

    def __str__(self) -> str:
        """As an operator would say it."""
        return f"{self.privilege} on {self.on} to {'PUBLIC' if self.role == '-' else self.role}"


def declared(store: Store) -> frozenset[Grant]:
    """Every grant that a store's declaration asks for."""
    text = files("wordkept.vault").joinpath("privileges.toml").read_text(encoding="utf-8")
    roles = tomllib.loads(text)[store.name.lower()]
    found = {Grant(role, "schema", "USAGE") for role in roles} | {Grant(role, "database", "CONNECT") for role in roles}
    for role, objects in roles.items():
        for name, privileges in objects.items():
            found.update(_expand(role, name, privileges))
    return frozenset(found)


def in_force(connection: Connection) -> frozenset[Grant]:
    """Every grant of a database that is in force, the owner's own left out; one that may be passed on says so."""
    rows = connection.execute(statements("installation.sql")["grants"]).fetchall()
    return frozenset(
        Grant(role, on, privilege + (" WITH GRANT OPTION" if passes else "")) for role, on, privilege, passes in rows
    )


def grant(connection: Connection, store: Store) -> None:
    """Make the grants in force those that are declared: revoke everything, then grant.

    Args:
        connection: the owner's, in the store's database.
        store: which.
    """
    with connection.transaction():
        connection.execute(statements("installation.sql")["lock"], {"lock": 0x776B70})
        if in_force(connection) == declared(store):
            return
        functions: dict[str, str] = dict(connection.execute(statements("installation.sql")["functions"]).fetchall())
        for one in in_force(connection):
            connection.execute(_command("REVOKE", one, connection.info.dbname, functions))
        for one in declared(store):
            connection.execute(_command("GRANT", one, connection.info.dbname, functions))


def check(connection: Connection, store: Store) -> None:
    """Compare what is in force with what is declared.

    Raises:
        UnavailableError: they differ; names the first difference.
    """
    own = statements("installation.sql")
    strong = connection.execute(own["strong_roles"], {"roles": list(ROLES)}).fetchone()
    if strong:
        raise UnavailableError(f"role {strong[0]} has attributes or memberships that no role of ours may have")
    found, wanted = in_force(connection), declared(store)
    name = store.name.lower()
    for one in sorted(found - wanted):
        raise UnavailableError(f"the {name} store grants what is not declared: {one}")
    for one in sorted(wanted - found):
        raise UnavailableError(f"the {name} store lacks a declared grant: {one}")


def _expand(role: str, name: str, privileges: list[str]) -> Iterator[Grant]:
    for privilege in privileges:
        match = _PRIVILEGE.match(privilege)
        if not match:
            raise ValueError(f"privileges.toml: {privilege!r} on {name}")
        if match[2] is None:
            yield Grant(role, name, match[1].upper())
        else:
            for column in match[2].split(","):
                yield Grant(role, f"{name}.{column.strip()}", match[1].upper())


def _command(verb: str, one: Grant, database: str, functions: dict[str, str]) -> sql.Composed:
    who = sql.SQL("PUBLIC") if one.role == "-" else sql.Identifier(one.role)
    what = one.privilege.removesuffix(" WITH GRANT OPTION")
    return sql.SQL("{} {} ON {} {} {}").format(
        sql.SQL(verb),
        _privilege(what, one.on),
        _object(one.on, database, functions),
        sql.SQL("TO" if verb == "GRANT" else "FROM"),
        who,
    )


def _privilege(what: str, on: str) -> sql.Composable:
    words = sql.SQL(what)
    if "." in on:
        return sql.SQL("{} ({})").format(words, sql.Identifier(on.split(".")[1]))
    return words


def _object(on: str, database: str, functions: dict[str, str]) -> sql.Composable:
    if on == "database":
        return sql.SQL("DATABASE {}").format(sql.Identifier(database))
    if on == "schema":
        return sql.SQL("SCHEMA public")
    if on.endswith("()"):
        return sql.SQL("FUNCTION {}").format(sql.SQL(functions[on[:-2]]))
    return sql.SQL("TABLE {}").format(sql.Identifier(on.split(".", maxsplit=1)[0]))
