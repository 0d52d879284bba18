"""Commands about consents: the texts that people are shown, word for word."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from wordkept.cli.named import REFERENCE, asked_about, edition_from
from wordkept.cli.printing import emit, json_option, lang_option
from wordkept.language import Catalogue
from wordkept.texts import languages, text_of, texts_of


@click.group()
def consent() -> None:
    """Consents: the texts people are shown, and what they chose."""


@consent.command(short_help="The texts that people are shown, with their digests.")
@click.argument("name", required=False)
@click.option("--policy", "path", type=click.Path(path_type=Path), default=REFERENCE, show_default=True)
@click.option(
    "--edition", type=click.DateTime(["%Y-%m-%d"]), help="The edition in force from this day; else the newest."
)
@click.option("--in", "tongue", type=click.Choice(languages()), help="The language of the text; else the original's.")
@lang_option
@json_option
def texts(
    name: str | None,
    path: Path,
    edition: datetime | None,
    tongue: str | None,
    *,
    speak: Catalogue,
    as_json_: bool,
) -> None:
    """The texts that people are shown before they choose, with the digests that events keep of them.

    NAME is what a choice is about (marketing, provision:kmc); its text alone is printed, byte for byte.
    """
    policy = asked_about(path)
    asked = edition_from(policy, edition.date()) if edition else policy.editions[-1]
    if name is not None:
        text = text_of(asked, name, tongue or asked.language)
        if as_json_:
            emit(text)
        else:
            click.echo(text.body, nl=False)
        return
    found = [one for one in texts_of(asked).values() if tongue in {None, one.language}]
    if as_json_:
        emit(found)
    for one in () if as_json_ else found:
        click.echo(f"{one.digest} {one.language} {one.to}: {speak('needed') if one.required else speak('free')}")
