"""``wordkept demo``: a real privacy policy being obeyed, by made-up people in a real vault."""

from wordkept.cli.demo.command import demo

__all__ = ["demo"]
