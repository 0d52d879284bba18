"""Commands about what people ask of right: taken down, kept on a clock, answered."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Final

import click
import msgspec

from wordkept.claims import Wanted
from wordkept.cli.asking import subject_of
from wordkept.cli.counter import at_desk, refusal
from wordkept.cli.place import Place, at_place
from wordkept.cli.printing import emit, json_option, lang_option
from wordkept.cli.reporting import report
from wordkept.cli.sealing import seal
from wordkept.gate import Gate, Register
from wordkept.language import Catalogue
from wordkept.record import GROUNDS, Actor, Asking, Claim, Ground, Right, Turn
from wordkept.rights.answering import Desk, Done
from wordkept.rights.letters import Letter, withdrawal_form
from wordkept.rights.letters import notice as notice_of
from wordkept.terms import Channel, Role

_TURNS: Final = (Turn.POSTPONED, Turn.REFUSED, Turn.OTHERWISE, Turn.TAKEN_BACK)


@click.group()
def request() -> None:
    """What people ask of right: taken down, due, answered."""


@contextmanager
def _desk(place: Place) -> Iterator[tuple[Gate, Desk]]:
    with place.gate() as gate, Register(gate.installation, gate.policy) as register:
        yield gate, Desk(gate, register)


@request.command(short_help="Take down what a person asks.")
@click.argument("subject")
@click.argument("kind", type=click.Choice([str(one) for one in Right]))
@click.option("--channel", required=True, type=click.Choice([str(one) for one in Channel]), help="How it came in.")
@click.option("--about", multiple=True, help="An item, or of a withdrawal a consent; may be given more than once.")
@click.option("--id", "request_id", help="32 hex digits: asked again under the same, it is taken down once.")
@at_desk
@at_place
@lang_option
@json_option
def take(  # noqa: PLR0913  (each an option of its own)
    place: Place,
    subject: str,
    kind: str,
    channel: str,
    about: tuple[str, ...],
    request_id: str | None,
    asks: Actor,
    *,
    speak: Catalogue,
    as_json_: bool,
) -> None:
    """Take down what a person asks; the clock runs from now, and what they say is wrong rests.

    SUBJECT is the pseudonym. Exit 1 if no clause of the policy takes it by this channel.
    """
    asking = Asking(right=Right(kind), channel=Channel(channel))
    named = {"consents" if asking.right is Right.WITHDRAWAL else "items": about}
    wanted, now = Wanted(asking=asking, **named), place.now()
    with _desk(place) as (gate, desk), refusal(speak):
        done = desk.take(subject_of(subject), wanted, now, asks, request_id)
        seal(gate, now)
    _say(done, gate.day(now), speak, as_json=as_json_)


@request.command("list", short_help="What nobody answered yet, and by when.")
@click.option("--soon", type=click.IntRange(0, 365), default=3, show_default=True, help="Days ahead to remind of.")
@at_place
@lang_option
@json_option
def list_(place: Place, soon: int, *, speak: Catalogue, as_json_: bool) -> None:
    """What nobody answered yet, oldest first, and by when. Exit 1 if something is overdue.

    What is due within some days is marked, so that a scheduler that calls this can remind somebody.
    """
    with _desk(place) as (gate, desk):
        found, day = desk.register.open(), gate.day(place.now())
    late = [claim for _, claim in found if claim.late(day)]
    if as_json_:
        emit([{"subject": subject, **_told(claim, day, soon)} for subject, claim in found])
    for subject, claim in () if as_json_ else found:
        click.echo(f"{claim.id} {subject} {_line(claim, day, speak, soon)}")
    sys.exit(1 if late else 0)


@request.command(short_help="What a person ever asked, and what became of it.")
@click.argument("subject")
@at_place
@lang_option
@json_option
def show(place: Place, subject: str, *, speak: Catalogue, as_json_: bool) -> None:
    """What a person ever asked, oldest first, and what became of it. SUBJECT is the pseudonym."""
    with _desk(place) as (gate, desk):
        found, day = desk.register.of(subject_of(subject)), gate.day(place.now())
    if as_json_:
        emit([_told(claim, day) for claim in found])
    for claim in () if as_json_ else found:
        click.echo(f"{claim.id} {_line(claim, day, speak)}")


@request.command(short_help="Do what was asked.")
@click.argument("subject")
@click.argument("claim")
@click.option("--item", "items", multiple=True, help="Of a correction: an item whose value is read, one line for each.")
@at_desk
@at_place
@lang_option
@json_option
def do(
    place: Place,
    subject: str,
    claim: str,
    items: tuple[str, ...],
    asks: Actor,
    *,
    speak: Catalogue,
    as_json_: bool,
) -> None:
    """Do what was asked, and write down that it was done.

    The new values of a correction are lines of standard input, so that they stand in no list of commands.
    """
    now, values = place.now(), {item: _line_of_input(item) for item in items}
    with _desk(place) as (gate, desk), refusal(speak):
        done = desk.do(subject_of(subject), claim, now, asks, values)
        seal(gate, now)
    _say(done, gate.day(now), speak, as_json=as_json_)


@request.command(short_help="Put off, refuse, do something else, or let it be taken back.")
@click.argument("subject")
@click.argument("claim")
@click.argument("what", type=click.Choice([str(one) for one in _TURNS]))
@click.option("--ground", type=click.Choice([str(one) for one in Ground]), help="Why; or what was done instead.")
@at_desk
@at_place
@lang_option
@json_option
def turn(
    place: Place,
    subject: str,
    claim: str,
    what: str,
    ground: str | None,
    asks: Actor,
    *,
    speak: Catalogue,
    as_json_: bool,
) -> None:
    """Put a request off, refuse it, do something else, or let its person take it back.

    A ground must be one that the policy, or a law that it names, lists for what was asked. Exit 1 if none does.
    """
    now = place.now()
    staff = Turn(what) is not Turn.TAKEN_BACK
    actor = Actor(Role.STAFF, name=asks.name) if staff else asks
    with _desk(place) as (gate, desk), refusal(speak):
        done = desk.turn(subject_of(subject), claim, Turn(what), now, actor, Ground(ground) if ground else None)
        seal(gate, now)
    _say(done, gate.day(now), speak, as_json=as_json_)


@request.command(short_help="What the person is told of it.")
@click.argument("subject")
@click.argument("claim")
@click.option("--html", is_flag=True, help="One file of HTML instead of text.")
@at_place
@lang_option
@json_option
def notice(place: Place, subject: str, claim: str, *, html: bool, speak: Catalogue, as_json_: bool) -> None:
    """What the person is told of what became of their request: the ground, the clauses, and where to turn."""
    with _desk(place) as (gate, desk):
        letter = notice_of(gate.policy, desk.register.find(subject_of(subject), claim), speak.language)
    _write(letter, html=html, as_json=as_json_)


@request.command(short_help="The form on which consents are taken back.")
@click.option("--html", is_flag=True, help="One file of HTML instead of text.")
@at_place
@lang_option
@json_option
def form(place: Place, *, html: bool, speak: Catalogue, as_json_: bool) -> None:
    """The form on which people take a consent back or end their membership, to print, fill in and hand in."""
    with place.gate(looking=True) as gate:
        letter = withdrawal_form(gate.policy, gate.day(place.now()), speak.language)
    _write(letter, html=html, as_json=as_json_)


def _write(letter: Letter, *, html: bool, as_json: bool) -> None:
    if as_json:
        emit(letter)
    else:
        click.echo(letter.html() if html else letter.text())


def _line_of_input(item: str) -> str:
    if sys.stdin.isatty():
        return str(click.prompt(item, hide_input=True, err=True))
    return sys.stdin.readline().rstrip("\n")


def _say(done: Done, day: date, speak: Catalogue, *, as_json: bool) -> None:
    if as_json:
        told = _told(done.answered.claim, day)
        emit({**told, "rests": done.rests, "kept": done.kept, "ordered": done.ordered})
        return
    click.echo(f"{done.answered.claim.id} {_line(done.answered.claim, day, speak)}")
    if done.rests:
        click.echo(speak("neither used nor handed on until then: {items}", items=done.rests))
    for item, clauses in done.kept.items():
        click.echo(speak("{item} stays, because of {clauses}", item=item, clauses=", ".join(clauses)))
    if done.ordered:
        click.echo(speak("told to do the same: {names}", names=done.ordered))


def _told(claim: Claim, day: date, soon: int = 0) -> dict[str, object]:
    more = {"answer_by": claim.answer_by, "overdue": claim.late(day), "soon": _soon(claim, day, soon)}
    return {**msgspec.structs.asdict(claim), **more}


def _soon(claim: Claim, day: date, soon: int) -> bool:
    by = claim.answer_by
    return claim.turn is Turn.OPENED and by is not None and day <= by <= day + timedelta(days=soon)


def _line(claim: Claim, day: date, speak: Catalogue, soon: int = 0) -> str:
    said = f"{claim.on} {speak(claim.right)} ({speak(claim.channel)}): {speak(claim.turn)}"
    if claim.ground:
        said += f", {speak(GROUNDS[claim.ground])}"
    by = claim.answer_by
    if claim.turn is not Turn.OPENED or by is None:
        return said
    if claim.late(day):
        return f"{said}; {speak('overdue since {day}', day=by)}"
    return f"{said}; {speak('due {day}', day=by)}" + (f" – {speak('soon')}" if _soon(claim, day, soon) else "")


request.add_command(report)
COMMANDS: Final = (request,)
