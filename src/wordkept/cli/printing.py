"""Printing: JSON the same way everywhere, text in the reader's language, and the options that ask for them."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import click
import msgspec

from wordkept.language import SOURCE, catalogue, languages

Command = TypeVar("Command", bound=Callable[..., Any])


def json_option(command: Command) -> Command:
    """``--json``: print one JSON value instead of text."""
    return click.option("--json", "as_json_", is_flag=True, help="Print one JSON value.")(command)


def lang_option(command: Command) -> Command:
    """``--lang``: the language of what is printed for people; the command gets its catalogue as ``speak``."""
    return click.option(
        "--lang",
        "speak",
        type=click.Choice(languages()),
        default=lambda: _of_the_environment(os.environ),
        envvar="WORDKEPT_LANG",
        help="Language of text for people; by default that of the environment, else English.",
        callback=lambda _context, _option, language: catalogue(language),
    )(command)


def _of_the_environment(variables: Mapping[str, str]) -> str:
    """The language of the terminal, as gettext finds it, if the software speaks it."""
    named = (variables.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    language = next(filter(None, named), SOURCE).partition(".")[0].partition("_")[0]
    return language if language in languages() else SOURCE


def as_json(value: object) -> str:
    """One line of JSON, keys as given."""
    return msgspec.json.encode(value).decode()


def emit(value: object) -> None:
    """Print one indented JSON value."""
    click.echo(msgspec.json.format(msgspec.json.encode(value), indent=2).decode())
