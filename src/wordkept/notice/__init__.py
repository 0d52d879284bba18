"""Notices: what a policy says to people, as pages. Only texts and declarations of a policy, nothing about a person."""

from wordkept.notice.site import FORMATS, render
from wordkept.texts.tongue import languages

__all__ = ["FORMATS", "languages", "render"]
