"""Printing: JSON the same way everywhere, and the option that asks for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click
import msgspec

Command = TypeVar("Command", bound=Callable[..., Any])


def json_option(command: Command) -> Command:
    """``--json``: print one JSON value instead of text."""
    return click.option("--json", "as_json_", is_flag=True, help="Print one JSON value.")(command)


def as_json(value: object) -> str:
    """One line of JSON, keys as given."""
    return msgspec.json.encode(value).decode()


def emit(value: object) -> None:
    """Print one indented JSON value."""
    click.echo(msgspec.json.format(msgspec.json.encode(value), indent=2).decode())
