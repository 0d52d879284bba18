"""Rules: how clauses are kept. One module per chapter, functions in the clauses' order, one table.

A rule is pure and knows no company, clock or store. Its stable name stands under a clause of a policy, with
parameters; names are ``chapter.assertion``, and five declarations (``purpose``, ``category``, ``method``,
``recipient``, ``processor``) are rules by themselves.
"""

from wordkept.rules.table import RULES

__all__ = ["RULES"]
