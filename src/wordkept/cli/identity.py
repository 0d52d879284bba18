"""Commands about who somebody is: a stand-in for a provider of mobile identity."""

from __future__ import annotations

import os
import tomllib
from datetime import UTC, datetime
from pathlib import Path

import click
import msgspec

from wordkept.cli.printing import emit, json_option
from wordkept.identity.standin import StandIn
from wordkept.terms import MalformedPolicyError, UnavailableError


@click.group()
def identity() -> None:
    """Who somebody is: trying out how it is established."""


@identity.command("stand-in", short_help="Stand in for a provider of mobile identity, for trying out.")
@click.argument("people", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="To listen on; a free one if left out.")
@json_option
def stand_in(people: Path, port: int, *, as_json_: bool) -> None:
    """Answer on this machine as a provider of mobile identity would, until told to end. It recognises nobody.

    PEOPLE is TOML, the CI of made-up people by name. Every answer says that it is a stand-in's; the key is new each
    time.
    """
    try:
        known = msgspec.convert(tomllib.loads(people.read_text("utf-8")), dict[str, str])
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, UnicodeDecodeError):
        raise MalformedPolicyError("not a list of names, each with a CI", file=str(people)) from None
    try:
        server = StandIn(known, os.urandom(32), lambda: datetime.now(UTC), port)
    except OSError as error:
        raise UnavailableError(f"port {port} is taken") from error
    with server:
        said = {"stand_in": True, "url": server.url, "key": server.key}
        if as_json_:
            emit(said)
        else:
            click.echo(f"a stand-in, which recognises nobody, at {server.url}\nkey: {server.key}")
        server.serve_forever()
