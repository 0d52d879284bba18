"""Commands about consents: the texts that people are shown, and the receipts of what they chose."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import BinaryIO

import click

from wordkept.cli.asking import ASKER, subject_of
from wordkept.cli.named import REFERENCE, asked_about, edition_from
from wordkept.cli.place import Place, at_place
from wordkept.cli.printing import emit, json_option, lang_option
from wordkept.cli.sealing import seal
from wordkept.gate import Receipts
from wordkept.language import Catalogue, say
from wordkept.terms import UnavailableError
from wordkept.texts import languages, text_of, texts_of
from wordkept.texts.receipt import LARGEST, verified


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


@consent.command(short_help="The receipts of a person's choices.")
@click.argument("subject")
@click.option("--number", type=int, help="Only of the event with this number.")
@at_place
def receipt(place: Place, subject: str, number: int | None) -> None:
    """Print the signed receipts of a person's choices, as JSON: what was shown, what was chosen, when. No value.

    SUBJECT is the pseudonym. With --number one receipt, to be handed out as a file; else a list.
    """
    now = place.now()
    with place.gate() as gate, Receipts(gate.installation, gate.policy) as receipts:
        found = receipts.of(subject_of(subject), now, ASKER)
        seal(gate, now)
    if number is None:
        emit(found)
        return
    one = next((each for each in found if each.choosing.number == number), None)
    if one is None:
        raise UnavailableError(say("that event is no choice under a text"), hint=say("see wordkept explain SUBJECT"))
    emit(one)


@consent.command(short_help="The public key that receipts are verified with.")
@at_place
def key(place: Place) -> None:
    """Print the public key that receipts are verified with; it is made on first use."""
    with place.gate() as gate, Receipts(gate.installation, gate.policy) as receipts:
        click.echo(receipts.key())


@consent.command(short_help="Verify a receipt, without any installation.")
@click.argument("file", type=click.File("rb"))
@click.option("--key", required=True, help="The operator's public key, as it is published.")
@lang_option
@json_option
def verify(file: BinaryIO, key: str, *, speak: Catalogue, as_json_: bool) -> None:
    """Verify the receipt in FILE: unchanged, signed under the key, and with the text that was shown. Exit 1 if not."""
    found = verified(file.read(LARGEST + 1), key).choosing
    if as_json_:
        emit(found)
    else:
        click.echo(f"{found.at} {found.to}: {speak(found.choice)}")
