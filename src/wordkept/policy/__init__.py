"""Policies: read, compiled, checked and affirmed."""

from wordkept.policy.compile import compile_text
from wordkept.policy.editions import load

__all__ = ["compile_text", "load"]
