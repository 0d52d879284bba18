"""Policies: read, compiled, checked and affirmed."""

from wordkept.policy.affirmed import affirm
from wordkept.policy.compile import compile_text
from wordkept.policy.editions import load
from wordkept.policy.review import findings

__all__ = ["affirm", "compile_text", "findings", "load"]
