"""The first policy of a new service, with its stories: questions, templates, files."""

from wordkept.cli.init.command import init

__all__ = ["init"]
