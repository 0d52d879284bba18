"""Commands about what authorities ask of people, and about a use without a consent that is too hard to obtain."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final

import click
import msgspec

from wordkept.cli.asking import subject_of
from wordkept.cli.place import Place, at_place
from wordkept.cli.printing import emit, json_option, lang_option
from wordkept.cli.sealing import seal
from wordkept.gate import Authorities, AuthorityRequest, Gate
from wordkept.gate.papers import seen
from wordkept.language import Catalogue
from wordkept.record import ImpossibleEventError
from wordkept.terms import HARDSHIPS

_DAY: Final = click.DateTime(["%Y-%m-%d"])
_PAPER: Final = click.Path(path_type=Path)
_BY: Final = click.option("--by", required=True, help="Pseudonym of the staff who says so.")


@click.group(short_help="What authorities ask of people, and what is granted.")
def authority() -> None:
    """What authorities ask of people by law: entered, reviewed by a second person, told, closed."""


@contextmanager
def _register(place: Place) -> Iterator[tuple[Gate, Authorities]]:
    with place.gate() as gate, Authorities(gate.installation, gate.policy) as register:
        yield gate, register


@authority.command(short_help="Enter a request.")
@click.argument("subject")
@click.argument("items", nargs=-1, required=True)
@click.option("--authority", "office", required=True, help="Which authority asks.")
@click.option("--ground", required=True, help="The law by which it may, as the law on file calls it.")
@click.option("--document", required=True, type=_PAPER, help="Its document; kept beside the installation.")
@_BY
@at_place
@json_option
def enter(
    place: Place, subject: str, items: tuple[str, ...], *, office: str, ground: str, document: Path, by: str,
    as_json_: bool,
) -> None:  # fmt: skip
    """Enter that an authority asks for ITEMS of SUBJECT, and print the id of the request.

    It opens nothing before a second person has reviewed it.
    """
    now, paper, who = place.now(), seen(document), subject_of(subject)
    with _register(place) as (gate, register):
        made = register.enter(who, office, ground, items, paper, by, now)
        seal(gate, now)
    if as_json_:
        emit({"request": made})
    else:
        click.echo(made)


@authority.command(short_help="Grant or refuse what was asked.")
@click.argument("request")
@click.option("--grant", "granted", multiple=True, help="An item that is granted, once for each; none refuses all.")
@click.option("--tell-by", type=_DAY, help="Last day to tell the person, where the law wants a notice.")
@_BY
@at_place
def review(place: Place, request: str, granted: tuple[str, ...], tell_by: datetime | None, by: str) -> None:
    """Review REQUEST: grant of it no more than is needed, or refuse it. Whoever entered it cannot."""
    now = place.now()
    with _register(place) as (gate, register):
        register.review(request, granted, tell_by.date() if tell_by else None, by, now)
        seal(gate, now)


@authority.command(short_help="Take down that the person was told.")
@click.argument("request")
@_BY
@at_place
def told(place: Place, request: str, by: str) -> None:
    """Take down that the person whom REQUEST is about was told of it today."""
    now = place.now()
    with _register(place) as (gate, register):
        register.told(request, by, now)
        seal(gate, now)


@authority.command(short_help="Put the notice to the person off.")
@click.argument("request")
@click.option("--until", required=True, type=_DAY, help="Last day to tell the person now.")
@_BY
@at_place
def delay(place: Place, request: str, until: datetime, by: str) -> None:
    """Put the notice of REQUEST to its person off, where the law lets it."""
    now = place.now()
    with _register(place) as (gate, register):
        register.delay(request, until.date(), by, now)
        seal(gate, now)


@authority.command(short_help="Say that a request is done.")
@click.argument("request")
@_BY
@at_place
def close(place: Place, request: str, by: str) -> None:
    """Close REQUEST: nothing more is provided by it."""
    now = place.now()
    with _register(place) as (gate, register):
        register.close(request, by, now)
        seal(gate, now)


@authority.command("list", short_help="Every request, asked and granted.")
@at_place
@lang_option
@json_option
def list_(place: Place, *, speak: Catalogue, as_json_: bool) -> None:
    """Every request, what was asked and what was granted. Exit 1 if a person should have been told and was not."""
    with _register(place) as (gate, register):
        found, day = register.listed(), gate.day(place.now())
    late = [one for one in found if one.late(day)]
    if as_json_:
        emit([{**msgspec.structs.asdict(one), "overdue": one in late} for one in found])
    for one in () if as_json_ else found:
        click.echo(f"{one.id} {one.authority}, {one.ground}: {_told(one, speak, overdue=one in late)}")
    sys.exit(1 if late else 0)


def _told(one: AuthorityRequest, speak: Catalogue, *, overdue: bool) -> str:
    said = speak("asked {items}", items=one.asked)
    if one.granted is None:
        return f"{said}; {speak('not reviewed')}"
    said += "; " + (speak("granted {items}", items=one.granted) if one.granted else speak("refused"))
    if one.told_on:
        said += "; " + speak("the person was told {day}", day=one.told_on)
    elif one.tell_by:
        due = speak("overdue since {day}", day=one.tell_by) if overdue else speak("due {day}", day=one.tell_by)
        said += f"; {speak('the person is to be told')}: {due}"
    return said + (f"; {speak('closed')}" if one.closed_on else "")


@click.command(short_help="Write down why a consent is too hard to obtain.")
@click.argument("subject")
@click.argument("purpose")
@click.option("--because", required=True, type=click.Choice(sorted(HARDSHIPS)), help="Which kind of reason.")
@click.option("--document", required=True, type=_PAPER, help="The written reason; kept beside the installation.")
@click.option("--second", required=True, help="Pseudonym of the second person who agrees.")
@_BY
@at_place
@json_option
def hardship(
    place: Place, subject: str, purpose: str, *, because: str, document: Path, second: str, by: str, as_json_: bool
) -> None:
    """Write down why SUBJECT's consent to PURPOSE, which the contract needs, is extremely hard to obtain.

    It lets two people use data for that purpose; it provides nobody with anything.
    """
    now, paper, who = place.now(), seen(document), subject_of(subject)
    with _register(place) as (gate, register):
        try:
            register.write_down(who, purpose, because, paper, by, second, now)
        except ImpossibleEventError as error:
            raise click.UsageError(str(error)) from error
        seal(gate, now)
    if as_json_:
        emit({"subject": who, "purpose": purpose, "because": because})
