"""Grounds: whether the policy asks for consent to a purpose, and what it says that the purpose rests on instead.

Nothing here guesses a legal basis that neither a declaration nor a rule states.
"""

from __future__ import annotations

from typing import Literal

from wordkept.policy.declared import Basis, Purpose
from wordkept.policy.model import Edition
from wordkept.rules.consent import GroupAgreed

Ground = Literal["own", "law", "group", "other"] | Basis


def ground(purpose: Purpose, edition: Edition) -> Ground:
    """A consent of its own, a law, the basis it names, one consent for its group where a rule asks so, or none."""
    if purpose.consent:
        return "own"
    if purpose.by_law:
        return "law"
    if purpose.basis:
        return purpose.basis
    agreed = {
        binding.params.group
        for clause in edition.clauses.values()
        for binding in clause.bindings
        if isinstance(binding.params, GroupAgreed)
    }
    return "group" if edition.group(purpose.name) in agreed else "other"
