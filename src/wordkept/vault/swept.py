"""Swept: evidence that the database writes itself, in the statement that changes many records.

What is *not* here: the function that writes it (the evidence's own schema), and what is said (the caller's template).
"""

from __future__ import annotations

import os

from wordkept.evidence.batch import Template
from wordkept.evidence.journal import Journal


def swept(journal: Journal, what: Template, most: int) -> dict[str, object]:
    """The arguments of ``evidence_swept`` for at most ``most`` statements; tell the journal how many it took."""
    return {
        "connection": journal.connection, "first": journal.next, "class": what.header.retained.value,
        "hour": what.header.hour, "header": what.header.raw, "pieces": list(what.pieces),
        "salts": os.urandom(16 * most),
    }  # fmt: skip
