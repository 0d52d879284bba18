"""What a policy that compiles still leaves open, theme by theme."""

from wordkept.policy.checks.codes import CODES
from wordkept.policy.checks.examine import examine

__all__ = ["CODES", "examine"]
