"""The Data Privacy Vocabulary: the names that DPV 2.3 and its personal data extension published, and no more of them.

What is *not* here: what a term means; ``checks.needs`` knows that of some, and a page shows all.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Final

_PREFIXES: Final = ("dpv", "pd")


@cache
def published() -> frozenset[str]:
    """The terms that were published, with their prefix: ``dpv:Purpose``, ``pd:Name``."""
    return frozenset(files("wordkept.policy").joinpath("dpv-2.3.txt").read_text("utf-8").split())


def is_of_dpv(term: str) -> bool:
    """Whether a term claims to be one of DPV's; one with another prefix is a policy's own."""
    return term.partition(":")[0] in _PREFIXES
