"""Acting: gates for many threads, and who acts, carried from a program's door to the gate."""

from wordkept.acting.gates import Gates

__all__ = ["Gates"]
