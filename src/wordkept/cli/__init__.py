"""The command line: a door. Only doors read the clock and the environment, print, and turn errors into words."""

from wordkept.cli.main import main

__all__ = ["main"]
