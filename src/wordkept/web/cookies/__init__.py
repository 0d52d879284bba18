"""Cookies: a guard in front of a website, that lets a browser keep what the policy and its person permit.

It needs nothing beside the core, and asks no store.
"""

from wordkept.web.cookies.guard import Guard, Visit

__all__ = ["Guard", "Visit"]
