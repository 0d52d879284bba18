"""What another edition says otherwise, and what that does to whom."""

from wordkept.policy.difference.compare import Difference, Notice, compare
from wordkept.policy.difference.effects import Effect
from wordkept.policy.difference.lawful import Asked, Wanted
from wordkept.policy.difference.words import Altered, Piece

__all__ = ["Altered", "Asked", "Difference", "Effect", "Notice", "Piece", "Wanted", "compare"]
