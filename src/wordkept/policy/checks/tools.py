"""Findings about tools that collect by themselves, other than cookies."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from wordkept.language import say
from wordkept.policy.checks.codes import found
from wordkept.policy.finding import Finding
from wordkept.policy.model import Edition

_TOOL: Final = re.compile(r"\b(?:tools?|tags?|pixels?|beacons?|plug-?ins?|sdks?)\b", re.IGNORECASE)


def declared(edition: Edition) -> Iterator[Finding]:
    """WK214: data that arises by tools, and no tool is declared: cookies are, at most."""
    for name, method in edition.methods.items():
        clause = edition.clause_of("method", name)
        match = _TOOL.search(edition.clauses[clause].text) if method.arises and not edition.tools else None
        if match:
            said = say(
                "what comes by {method} comes by “{words}”, and the policy declares none beside cookies",
                method=name,
                words=match[0].lower(),
            )
            yield found("WK214", edition, clause, said)
