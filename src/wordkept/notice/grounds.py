"""Grounds: whether the policy asks for consent to a purpose, which is all that it declares of a legal basis.

A purpose that asks for none may rest on a contract or an interest; its sentence says so, nothing here guesses it.
"""

from __future__ import annotations

from typing import Literal

from wordkept.policy.declared import Purpose
from wordkept.policy.model import Edition
from wordkept.rules.consent import GroupAgreed

Ground = Literal["own", "law", "group", "other"]


def ground(purpose: Purpose, edition: Edition) -> Ground:
    """A consent of its own, a law, one consent for its whole group (where a rule asks for that), or none of these."""
    if purpose.consent:
        return "own"
    if purpose.by_law:
        return "law"
    agreed = {
        binding.params.group
        for clause in edition.clauses.values()
        for binding in clause.bindings
        if isinstance(binding.params, GroupAgreed)
    }
    return "group" if edition.group(purpose.name) in agreed else "other"
