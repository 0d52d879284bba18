"""Commands about agreements with partners: signed, ticked clause by clause, inspected, ended, certified."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import click

from wordkept.cli.place import Place, at_place
from wordkept.cli.printing import emit, json_option, lang_option
from wordkept.cli.sealing import seal
from wordkept.gate import Agreements, Gate, Signed, Standing
from wordkept.gate.papers import seen
from wordkept.language import Catalogue
from wordkept.policy.model import Edition

_DAY: Final = click.DateTime(["%Y-%m-%d"])
_PAPER: Final = click.Path(path_type=Path)
_BY: Final = click.option("--by", required=True, help="Pseudonym of the office that says so.")


@click.group(short_help="Agreements with partners, and their ends.")
def agreement() -> None:
    """Agreements with recipients and processors: signed, ticked, ended."""


@contextmanager
def _register(place: Place) -> Iterator[tuple[Gate, Agreements]]:
    with place.gate() as gate, Agreements(gate.installation, gate.policy) as register:
        yield gate, register


@agreement.command(short_help="Enter a signed agreement.")
@click.argument("party")
@click.option("--document", required=True, type=_PAPER, help="The signed paper; kept beside the installation.")
@click.option("--from", "begins", required=True, type=_DAY, help="First day of its term.")
@click.option("--to", "ends", type=_DAY, help="Last day of its term; open if left out.")
@click.option("--country", required=True, help="Where the work is done, two capital letters.")
@click.option("--tick", "clauses", multiple=True, help="A clause that the office has seen in it; once for each.")
@click.option("--sub", "subprocessors", multiple=True, help="A processor to whom it may hand work on; once for each.")
@click.option("--inspect-by", type=_DAY, help="Last day of the first inspection.")
@_BY
@at_place
def sign(place: Place, party: str, document: Path, by: str, **entered: Any) -> None:
    """Enter the agreement that was signed with PARTY; it replaces one that stands.

    Each clause that the policy or a law wants in it is ticked apart. What the policy wants and nobody ticked keeps
    everything from being entrusted.
    """
    now, paper = place.now(), seen(document)
    for name in ("begins", "ends", "inspect_by"):
        entered[name] = _day(entered[name])
    signed = Signed(party=party, **entered)
    with _register(place) as (gate, register):
        register.sign(signed, paper, by, now)
        seal(gate, now)


@agreement.command(short_help="Tick clauses of an agreement.")
@click.argument("party")
@click.argument("clauses", nargs=-1, required=True)
@click.option("--back", is_flag=True, help="They are not in it after all.")
@_BY
@at_place
def tick(place: Place, party: str, clauses: tuple[str, ...], by: str, *, back: bool) -> None:
    """Say that CLAUSES are in the agreement that stands with PARTY."""
    now = place.now()
    with _register(place) as (gate, register):
        register.tick(party, clauses, by, now, back=back)
        seal(gate, now)


@agreement.command("list", short_help="How it stands with every partner.")
@at_place
@lang_option
@json_option
def list_(place: Place, *, speak: Catalogue, as_json_: bool) -> None:
    """How it stands with every partner on this day. Exit 1 if something is not as it should be."""
    now = place.now()
    with _register(place) as (_, register):
        found = register.listed(now)
    if as_json_:
        emit(found)
    for one in () if as_json_ else found:
        click.echo(f"{one.party}: {_told(one, speak)}")
    sys.exit(1 if any(one.wrong for one in found) else 0)


@agreement.command(short_help="One agreement, whole.")
@click.argument("party")
@at_place
@lang_option
@json_option
def show(place: Place, party: str, *, speak: Catalogue, as_json_: bool) -> None:
    """All that is known of the agreement with PARTY: its paper, term, clauses, tasks and items, inspections, end.

    Tasks and items are not typed: they follow from the policy. Exit 1 if something is not as it should be.
    """
    now = place.now()
    with _register(place) as (gate, register):
        found = [one for one in register.listed(now) if one.party == party]
        words = gate.edition(gate.day(now))
    if not found:
        raise click.BadParameter("the policy names no such recipient or processor", param_hint="PARTY")
    (one,) = found
    tasks, items = _work(words, party)
    if as_json_:
        emit({"standing": one, "tasks": tasks, "items": items})
    else:
        click.echo(f"{party}: {_told(one, speak)}")
        for line in _lines(one, tasks, items, speak):
            click.echo(f"  {line}")
    sys.exit(1 if one.wrong else 0)


def _told(one: Standing, speak: Catalogue) -> str:
    said = speak("in force") if one.in_force else speak("not in force")
    return "; ".join([said, *(speak(wrong) for wrong in one.wrong)])


def _work(words: Edition, party: str) -> tuple[list[str], list[str]]:
    """The tasks of a processor, and the items that follow from its purposes; of a recipient, its own list."""
    processor, recipient = words.processors.get(party), words.recipients.get(party)
    purposes = [words.purposes[name] for name in processor.purposes] if processor else []
    items = [item for one in purposes for item in one.items] + list(recipient.items if recipient else ())
    tasks = [*(processor.tasks if processor else ()), *([recipient.purpose] if recipient else ())]
    return tasks, sorted(set(items))


def _lines(one: Standing, tasks: list[str], items: list[str], speak: Catalogue) -> Iterator[str]:
    yield f"{speak('tasks')}: {', '.join(tasks)}"
    yield f"{speak('items')}: {', '.join(items)}"
    if (it := one.agreement) is not None:
        yield speak(
            "signed {day} by {office}, paper {digest}", day=it.signed_on, office=it.signed_by, digest=it.document
        )
        yield speak("term {first} to {last}", first=it.begins, last=it.ends or "…") + f", {it.country}"
        if it.subprocessors:
            yield speak("may hand work on to {names}", names=it.subprocessors)
        yield from (f"[x] {tick.clause} ({tick.on}, {tick.by})" for tick in it.ticks)
        yield from (speak("inspected {day} by {office}", day=seen.on, office=seen.by) for seen in it.inspections)
        if it.inspect_by:
            yield speak("to be inspected by {day}", day=it.inspect_by)
        if it.ended_on:
            yield speak("ended {day} by {office}", day=it.ended_on, office=it.ended_by or "")
        if it.certified_on:
            yield speak("certified {day}, paper {digest}", day=it.certified_on, digest=it.certificate or "")
        elif it.certify_by:
            yield speak("to be certified by {day}", day=it.certify_by)
    yield from (f"[ ] {clause}" for clause in (*one.lacks, *one.lacks_law))
    if one.unsettled:
        yield speak("{count} orders to give back or destroy are open", count=one.unsettled)


@agreement.command(short_help="Enter an inspection of a processor.")
@click.argument("party")
@click.option("--report", required=True, type=_PAPER, help="The report; kept beside the installation.")
@click.option("--next", "following", type=_DAY, help="Last day of the next inspection.")
@_BY
@at_place
def inspect(place: Place, party: str, report: Path, following: datetime | None, by: str) -> None:
    """Enter that PARTY was inspected today."""
    now, paper = place.now(), seen(report)
    with _register(place) as (gate, register):
        register.inspect(party, paper, _day(following), by, now)
        seal(gate, now)


@agreement.command(short_help="End an agreement.")
@click.argument("party")
@_BY
@at_place
def end(place: Place, party: str, by: str) -> None:
    """End the agreement with PARTY today; a processor is ordered to give back or destroy all that it holds."""
    now = place.now()
    with _register(place) as (gate, register):
        register.end(party, by, now)
        seal(gate, now)


@agreement.command(short_help="Enter the certificate that all was given back or destroyed.")
@click.argument("party")
@click.option("--certificate", required=True, type=_PAPER, help="The certificate; kept beside the installation.")
@_BY
@at_place
def certify(place: Place, party: str, certificate: Path, by: str) -> None:
    """Enter the certificate of PARTY, whose agreement has ended; it settles the orders to give back or destroy."""
    now, paper = place.now(), seen(certificate)
    with _register(place) as (gate, register):
        settled = register.certify(party, paper, by, now)
        seal(gate, now)
    click.echo(f"{settled} settled")


def _day(given: datetime | None) -> date | None:
    return given.date() if given else None
