"""The command by which a person is told what is held about them."""

from __future__ import annotations

import click

from wordkept.cli.asking import subject_of
from wordkept.cli.counter import at_desk, refusal
from wordkept.cli.place import Place, at_place
from wordkept.cli.printing import emit, json_option, lang_option
from wordkept.cli.sealing import seal
from wordkept.gate import Reports
from wordkept.language import Catalogue
from wordkept.record import Actor
from wordkept.rights.access import Access, Kept, access


@click.command(short_help="Tell a person what is held about them.")
@click.argument("subject")
@click.option("--reveal", is_flag=True, help="With the values.")
@at_desk
@at_place
@lang_option
@json_option
def report(place: Place, subject: str, asks: Actor, *, reveal: bool, speak: Catalogue, as_json_: bool) -> None:
    """Tell a person what is held about them: what, what for, how long and by which clause and law, and who has it.

    It is a viewing by the person, decided and stated as such. No value is printed without --reveal. Exit 1 if the
    policy says no: they are not known well enough.
    """
    now, who = place.now(), subject_of(subject)
    with place.gate() as gate, Reports(gate.installation, gate.policy) as reports, refusal(speak):
        day = gate.day(now)
        found = gate.edition(day)
        worded = found.translations.get(speak.language, found)
        told = access(worded, reports.of(who, now, asks), day, reveal=reveal)
        seal(gate, now)
    if as_json_:
        emit(told)
    else:
        _print(told, speak)


def _print(told: Access, speak: Catalogue) -> None:
    for one in told.held:
        value = f" = {one.value}" if one.value is not None else ""
        source = f", {one.source}" if one.source else ""
        click.echo(f"{one.item}{value}: {one.purpose}; {one.since} {one.method or ''}{source}; {speak(one.state)}")
        for kept in one.kept:
            click.echo(f"    {_kept(kept, speak)}")
    for other in told.elsewhere:
        given = speak("given {day} because of {clauses}", day=other.since, clauses=", ".join(other.clauses))
        click.echo(f"{other.to}: {other.item}; {given}")
    for consent in told.consents:
        click.echo(f"{consent.to}: {speak(consent.choice)} {consent.on}")


def _kept(kept: Kept, speak: Catalogue) -> str:
    by = f"{kept.clause} ({kept.law})" if kept.law else kept.clause
    if kept.until is None:
        no_end = speak("used with no end yet by {clause}", clause=by)
        return no_end if kept.use else speak("kept with no end yet by {clause}", clause=by)
    used = speak("used until {day} by {clause}", day=kept.until, clause=by)
    return used if kept.use else speak("kept until {day} by {clause}", day=kept.until, clause=by)
