"""Wordkept: a privacy policy that keeps its word.

One document is the policy that people read and the program that the software runs. Packages import one way, from the
doors (``cli``) down to the closed vocabulary (``terms``); ``docs/architecture.md`` draws it.
"""

__version__ = "0.1.0"
