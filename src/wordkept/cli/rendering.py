"""The command that draws a policy's pages."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click
import msgspec

from wordkept.cli.named import REFERENCE, asked_about, edition_from
from wordkept.cli.printing import emit, json_option
from wordkept.notice import FORMATS, languages
from wordkept.notice import render as render_pages


@click.command(short_help="Draw the pages that people read.")
@click.argument("path", type=click.Path(path_type=Path), default=REFERENCE)
@click.option("--to", type=click.Path(path_type=Path), required=True, help="The folder of the site.")
@click.option("--edition", type=click.DateTime(["%Y-%m-%d"]), help="Only the edition in force from this day.")
@click.option("--lang", "tongues", multiple=True, type=click.Choice(languages()), help="Only this language.")
@click.option("--format", "formats", multiple=True, type=click.Choice(FORMATS), help="Only this format.")
@json_option
def render(
    path: Path,
    to: Path,
    edition: datetime | None,
    tongues: tuple[str, ...],
    formats: tuple[str, ...],
    *,
    as_json_: bool,
) -> None:
    """Draw a policy as static pages: every edition in every language and format, unless fewer are asked for."""
    policy = asked_about(path)
    if edition is not None:
        policy = msgspec.structs.replace(policy, editions=(edition_from(policy, edition.date()),))
    written = render_pages(policy, to, languages=tongues, formats=formats)
    if as_json_:
        emit({"written": [str(file) for file in written]})
    else:
        for file in written:
            click.echo(str(file))
