"""A forger: somebody with the owner's rights changes one byte of sealed evidence, and puts it back.

No role of daily work may do this; the owner of the database can. What is *not* here: noticing it (``evidence``).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from typing import Final

from psycopg.rows import dict_row

from wordkept.gate import Gate
from wordkept.terms import UnavailableError

_OWNER: Final = "wordkept_owner"


@contextmanager
def flipped(gate: Gate) -> Iterator[int]:
    """One byte in the middle of the live store's log is another one meanwhile.

    Yields:
        The position of its entry.

    Raises:
        UnavailableError: there is no server of our own, or nothing was sealed.
    """
    server, sql = gate.installation.server, _statements()
    if server is None:
        raise UnavailableError("the stores of this installation are on somebody else's server")
    with server.connect(gate.installation.config.live, _OWNER, autocommit=True) as connection:
        chosen = connection.cursor(row_factory=dict_row).execute(sql["chosen"]).fetchone()
        if chosen is None:
            raise UnavailableError("nothing was sealed yet")
        connection.execute(sql["flip"], chosen)
        try:
            yield int(chosen["position"])
        finally:
            connection.execute(sql["flip"], chosen)


def _statements() -> dict[str, bytes]:
    text = files("wordkept.cli.demo").joinpath("forge.sql").read_text(encoding="utf-8")
    named = [part.partition("\n") for part in text.split("-- name: ")[1:]]
    return {name.strip(): body.strip().encode() for name, _, body in named}
