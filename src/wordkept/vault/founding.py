"""Founding: the first root and the first keys of a store.

The root is durable before any row names it; a kill in between leaves a root that the next try finds and keeps. What is
*not* here: every later root (``epoch``).
"""

from __future__ import annotations

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from wordkept.vault.access import Connection
from wordkept.vault.formats import Binding
from wordkept.vault.keys import new_key, wrap
from wordkept.vault.roots import RootHolder
from wordkept.vault.statements import statements

FIRST = 1
"""Number of the first epoch."""


def found_keys(connection: Connection, roots: RootHolder, binding: Binding) -> bool:
    """Give a store its first epoch, if it has none.

    Args:
        connection: the owner's.
        roots: where its roots are.
        binding: what its keys are bound to.

    Returns:
        Whether it had none.

    Raises:
        UnavailableError: the root cannot be made durable.
    """
    own = statements("keyring.sql")
    with connection.transaction():
        connection.execute(statements("installation.sql")["lock"], {"lock": 0x776B66})
        if connection.execute(own["epoch"]).fetchone():
            return False
        roots.create(FIRST)
        key = new_key()
        cipher = AESGCM(key)
        connection.execute(own["insert_epoch"], {"root": FIRST})
        connection.execute(
            own["insert_epoch_key"], {"epoch": FIRST, "wrapped": roots.wrap(FIRST, key, binding.epoch_key(FIRST))}
        )
        connection.execute(
            own["insert_index_key"],
            {
                "epoch": FIRST,
                "wrapped": wrap(cipher, new_key(), binding.index_key(FIRST)),
                "search": wrap(cipher, new_key(), binding.search_key(FIRST)),
            },
        )
    return True
