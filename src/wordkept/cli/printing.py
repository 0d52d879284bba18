"""Printing: JSON the same way everywhere, text in the reader's language, and the options that ask for them."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeVar

import click
import msgspec

from wordkept.language import SOURCE, Catalogue, Said, catalogue, languages

Command = TypeVar("Command", bound=Callable[..., Any])
_VARIABLE: Final = "WORDKEPT_LANG"
_SPEAK: Final = "wordkept.speak"
"""Under which a run of the command line remembers its language."""


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
        envvar=_VARIABLE,
        help="Language of text for people; by default that of the environment, else English.",
        is_eager=True,  # what is wrong with the other options is said in it
        callback=_chosen,
    )(command)


def _chosen(context: click.Context, _option: click.Parameter, language: str) -> Catalogue:
    speak = catalogue(language)
    context.meta[_SPEAK] = speak
    return speak


def spoken(context: click.Context) -> Catalogue:
    """What ``--lang`` asked for, or else the language of the environment, for what goes wrong before or without it."""
    chosen = context.meta.get(_SPEAK)
    return chosen if isinstance(chosen, Catalogue) else catalogue(_of_the_environment(os.environ))


def _of_the_environment(variables: Mapping[str, str]) -> str:
    """The language of the terminal, as gettext finds it, if the software speaks it."""
    named = (variables.get(name) for name in (_VARIABLE, "LC_ALL", "LC_MESSAGES", "LANG"))
    language = next(filter(None, named), SOURCE).partition(".")[0].partition("_")[0]
    return language if language in languages() else SOURCE


def as_json(value: object) -> str:
    """One line of JSON, keys as given; a sentence is English there."""
    return msgspec.json.encode(value, enc_hook=_english).decode()


def counted(words: Sequence[str], speak: Catalogue) -> str:
    """How often each word is there, in the order in which they come: ``68 promise, 43 data``."""
    each = (speak("{count} {what}", count=words.count(word), what=Said(word)) for word in dict.fromkeys(words))
    return ", ".join(each)


def emit(value: object) -> None:
    """Print one indented JSON value."""
    click.echo(msgspec.json.format(as_json(value), indent=2))


def _english(value: object) -> str:
    if isinstance(value, Said):
        return str(value)
    raise NotImplementedError(type(value))
