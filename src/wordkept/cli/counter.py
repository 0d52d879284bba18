"""Counter: who asks at the desk, and how the policy's no is told there."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import click

from wordkept.gate import Refused
from wordkept.language import Catalogue, Said
from wordkept.record import Actor
from wordkept.terms import Level, Role

Command = TypeVar("Command", bound=Callable[..., Any])


def at_desk(command: Command) -> Command:
    """Who asks and who stands at the desk; the command gets the person as ``asks``, its evidence names the desk."""

    def wrapped(by: str, level: str, **rest: object) -> object:
        return command(asks=Actor(Role.MEMBER, name=by, level=Level(level)), **rest)

    wrapped.__name__, wrapped.__doc__ = command.__name__, command.__doc__
    wrapped.__click_params__ = list(getattr(command, "__click_params__", []))  # type: ignore[attr-defined]
    levels = [str(one) for one in Level]
    for option in (
        click.option("--level", type=click.Choice(levels), default="none", help="How it was verified who asks."),
        click.option("--by", default="desk", show_default=True, help="Pseudonym of who stands at the desk."),
    ):
        wrapped = option(wrapped)
    return wrapped  # type: ignore[return-value]


@contextmanager
def refusal(speak: Catalogue) -> Iterator[None]:
    """A refusal is the policy's answer: what it says, and exit 1."""
    try:
        yield
    except Refused as refused:
        because = ", ".join(refused.decision.because) or speak("no clause")
        said = speak("the policy says no: {reason} ({because})", reason=Said(refused.decision.reason), because=because)
        click.echo(f"wordkept: {said}", err=True)
        sys.exit(1)
