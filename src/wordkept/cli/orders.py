"""Commands about partners: what they were ordered, sending it, their answers, and trying a partner's software."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click
import msgspec

from wordkept.cli.asking import subject_of
from wordkept.cli.place import Place, at_place
from wordkept.cli.printing import emit, json_option, lang_option
from wordkept.cli.sealing import seal
from wordkept.gate import Gate, Open, Outbox
from wordkept.language import Catalogue
from wordkept.orders.addresses import addresses, signing_key
from wordkept.orders.delivery import Courier
from wordkept.orders.message import public_key
from wordkept.orders.sandbox import KEY, Checked, tried
from wordkept.orders.sending import Address, post
from wordkept.orders.tokens import Tokens
from wordkept.record import Actor, Given
from wordkept.terms import Answer, OrderKind, Role, UnavailableError


@click.group()
def orders() -> None:
    """Orders to recipients and processors: told, answered, overdue."""


@contextmanager
def _outbox(place: Place) -> Iterator[tuple[Gate, Outbox]]:
    with place.gate() as gate, Outbox(gate.installation, gate.policy) as outbox:
        yield gate, outbox


@orders.command("list", short_help="Every order that is not settled.")
@at_place
@lang_option
@json_option
def list_(place: Place, *, speak: Catalogue, as_json_: bool) -> None:
    """Every order that is not settled, oldest first. Exit 1 if one is overdue."""
    now = place.now()
    with _outbox(place) as (gate, outbox):
        found = outbox.open()
        day = gate.day(now)
    late = [one for one in found if one.late(day)]
    if as_json_:
        emit([{**msgspec.structs.asdict(one), "overdue": one in late} for one in found])
    for one in () if as_json_ else found:
        click.echo(f"{one.order.id} {one.order.to}: {_told(one, speak, overdue=one in late)}")
    sys.exit(1 if late else 0)


def _told(one: Open, speak: Catalogue, *, overdue: bool) -> str:
    order = one.order
    said = f"{speak(order.kind)} {', '.join(order.items)}"
    if one.answer:
        said += f"; {speak('the partner cannot')}"
    elif one.told_at:
        said += f"; {speak('told, not answered')}"
    else:
        said += f"; {speak('not told, tried {tries} times', tries=one.tries)}"
    if one.told_at and order.answer_by is None:
        return said
    by = (order.answer_by if one.told_at else None) or order.tell_by
    return said + "; " + (speak("overdue since {day}", day=by) if overdue else speak("due {day}", day=by))


@orders.command(short_help="Send what waits.")
@at_place
@json_option
def deliver(place: Place, *, as_json_: bool) -> None:
    """Send what waits to the partners in partners.toml, and write their answers down; what a scheduler calls.

    What fails is tried again by a later call: after a minute, then twice as long each time, up to six hours.
    """
    now = place.now()
    with _outbox(place) as (gate, outbox):
        folder = gate.installation.folder
        known = {name for one in gate.policy.editions for name in one.outside}
        courier = Courier(gate, outbox, addresses(folder, known), signing_key(folder), post)
        done = courier.deliver(now)
        seal(gate, now)
    if as_json_:
        emit(done)
    else:
        click.echo(f"{done.settled} settled, {done.told} told, {done.cannot} refused, {done.failed} failed")


@orders.command(short_help="What partners hold of a person, and until when.")
@click.argument("subject")
@at_place
@lang_option
@json_option
def explain(place: Place, subject: str, *, speak: Catalogue, as_json_: bool) -> None:
    """What partners hold, or held, of a person: what, since when, by which clauses, until when; and what is open.

    SUBJECT is the pseudonym. Exit 1 if something is overdue.
    """
    with _outbox(place) as (gate, outbox):
        who, day = subject_of(subject), gate.day(place.now())
        held, found = outbox.held(who), outbox.open(who)
    late = [one for one in found if one.late(day)]
    if as_json_:
        emit({"held": held, "open": [{**msgspec.structs.asdict(one), "overdue": one in late} for one in found]})
    else:
        for copy in held:
            click.echo(f"{copy.to} {copy.item}: {_held(copy, speak)}")
        for one in found:
            click.echo(f"{one.order.to}: {_told(one, speak, overdue=one in late)}")
        waits = tuple(dict.fromkeys(one.order.to for one in found if one.order.kind is OrderKind.ERASE))
        if waits:
            click.echo(speak("erased in part: {names} did not answer yet", names=waits))
    sys.exit(1 if late else 0)


def _held(copy: Given, speak: Catalogue) -> str:
    given = speak("given {day} because of {clauses}", day=copy.since, clauses=", ".join(copy.clauses))
    if copy.ended_on:
        return f"{given}; {speak('gone since {day}', day=copy.ended_on)}"
    if copy.keep_until is None:
        return f"{given}; {speak('kept with no end yet')}"
    return f"{given}; {speak('kept until {day}', day=copy.keep_until)}"


@orders.command(short_help="Take down what a partner without software answered.")
@click.argument("order")
@click.argument("answer", type=click.Choice([str(one) for one in Answer]))
@click.option("--by", required=True, help="Pseudonym of the staff who took it down.")
@click.option("--law", help="The statute by which a partner that cannot has to keep it, as the law on file calls it.")
@at_place
def answer(place: Place, order: str, answer: str, by: str, law: str | None) -> None:
    """Take down what a partner answered to ORDER by letter or telephone."""
    now = place.now()
    with _outbox(place) as (gate, outbox):
        outbox.answered(outbox.find(order), Answer(answer), now, Actor(Role.STAFF, name=by), law)
        seal(gate, now)


@orders.command(short_help="A link to its open orders for a partner without software.")
@click.argument("partner")
@at_place
@json_option
def page(place: Place, partner: str, *, as_json_: bool) -> None:
    """Print the path of a page on which PARTNER sees its open orders and answers them, where wordkept serve answers.

    The path is the whole right to it and is kept nowhere; a new one takes the place of the last. It ends with the
    partner's last open order, or after the last day that one of them has.
    """
    with _outbox(place) as (gate, outbox):
        waiting = [one.order for one in outbox.open() if one.order.to == partner]
        if not waiting:
            raise UnavailableError("no open order is that partner's")
        until = max(*(one.answer_by or one.tell_by for one in waiting), gate.day(place.now()))
        path = f"/orders/{Tokens(gate.installation.folder).make(partner, until)}"
    if as_json_:
        emit({"partner": partner, "path": path, "until": until})
    else:
        click.echo(path)


@orders.command(short_help="The public key that partners check orders with.")
@at_place
def key(place: Place) -> None:
    """Print the public key that partners check orders with; it is made on first use."""
    with place.gate() as gate:
        click.echo(public_key(signing_key(gate.installation.folder)))


@orders.command(short_help="Try a partner's software with made-up orders.")
@click.argument("url")
@click.option("--name", default="partner", show_default=True, help="What the partner is called.")
@click.option("--ca", type=click.Path(path_type=Path, exists=True), help="Certificates to trust instead.")
@json_option
def sandbox(url: str, name: str, ca: Path | None, *, as_json_: bool) -> None:
    """Try a partner's software at URL with made-up orders, good ones and bad.

    One is sent twice; others are forged, late or misdirected. No installation is needed. The software must trust the
    sandbox's key, which is printed and everybody's: never use it for anything else. Exit 1 if something is not right.
    """
    address = Address(url, str(ca) if ca else None)
    address.check(name, url)
    click.echo(f"key: {KEY}", err=True)
    found: list[Checked] = list(tried(address, name, datetime.now(UTC), post))
    if as_json_:
        emit(found)
    for one in () if as_json_ else found:
        click.echo(f"{'ok' if one.holds else 'WRONG':>5}  {one.what}" + ("" if one.holds else f": {one.seen}"))
    sys.exit(0 if all(one.holds for one in found) else 1)
