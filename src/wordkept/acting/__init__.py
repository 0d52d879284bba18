"""Acting: gates for many threads, and who acts, carried from a program's door to the gate."""

from wordkept.acting.gates import Gates
from wordkept.acting.kept import Acting, Kept

__all__ = ["Acting", "Gates", "Kept"]
