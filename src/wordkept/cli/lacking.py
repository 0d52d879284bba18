"""``check --law``: what an edition lacks against the law of a day, as text and as JSON.

What is *not* here: how it is found (``policy.lacking``).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from typing import Any, TypeVar

import click

from wordkept import law
from wordkept.cli.printing import emit
from wordkept.language import Catalogue, Said, say
from wordkept.policy.lacking import Lack, giving_way, lacking
from wordkept.policy.model import Edition, Policy
from wordkept.trace.statutes import on_file
from wordkept.written.typed import nearest

Command = TypeVar("Command", bound=Callable[..., Any])


def law_option(command: Command) -> Command:
    """``--law``: hold the policy against the law of a day instead; may be given more than once."""
    return click.option(
        "--law",
        "laws",
        multiple=True,
        metavar="LAW@DAY",
        help="Say what it lacks against kr/pipa@2026-09-11, or all of kr@2026-09-11; may be given more than once.",
    )(command)


def tell_lacking(policy: Policy, laws: tuple[str, ...], speak: Catalogue, *, as_json_: bool) -> None:
    """Print what the edition in force on the day of each law, or else the first, lacks against it.

    Raises:
        BadParameter: no such law is on file, or it is not in force on that day.
    """
    every = policy.editions[0].statutes or on_file()
    laid = [_laid(every, asked) for asked in laws]
    told = [(one, (edition := _edition(policy, one)), lacking(edition, one, every)) for one in laid]
    if as_json_:
        emit({"laws": [_as_json(*one) for one in told]})
        return
    for one in told:
        _print(*one, speak)
    click.echo(speak("this is not legal advice; what is from memory must be checked before it is relied on"))


def _laid(every: law.Law, asked: str) -> law.Laid:
    try:
        return every.laid(asked)
    except LookupError as error:
        name = asked.partition("@")[0]
        known = {*every.statutes, *(one.partition("/")[0] for one in every.statutes)}
        hint = nearest(name, known) if name not in known else ""
        raise click.BadParameter("; ".join(filter(None, (str(error.args[0]), hint))), param_hint="--law") from error


def _edition(policy: Policy, laid: law.Laid) -> Edition:
    return policy.on(laid.day) or policy.editions[0]


def _as_json(laid: law.Laid, edition: Edition, lacks: tuple[Lack, ...]) -> dict[str, object]:
    return {
        "asked": laid.asked,
        "day": laid.day,
        "last-checked-on": laid.known_until,
        "effective": edition.effective,
        "statutes": [one.statute for one in laid.statutes],
        "giving-way": [
            {"statute": one.statute, "to": one.gives_way.before, "source": one.gives_way.source}
            for one in giving_way(edition, laid)
            if one.gives_way
        ],
        "lacks": lacks,
    }


def _print(laid: law.Laid, edition: Edition, lacks: tuple[Lack, ...], speak: Catalogue) -> None:
    memory = sum(one.source == "memory" for one in lacks)
    counted = say("{count} lacking, {memory} of them from memory", count=len(lacks), memory=memory)
    head = say("{service}, effective {day}", service=edition.service, day=edition.effective)
    click.echo(speak("{edition}, against {law}: {counted}", edition=head, law=laid.asked, counted=counted))
    if laid.day > laid.known_until:
        click.echo(speak("it was last checked on {day}: a later change is not on file", day=laid.known_until))
    for statute in giving_way(edition, laid):
        if way := statute.gives_way:
            said = say("{statute} asks nothing here: {other} goes before it", statute=statute.statute, other=way.before)
            click.echo(speak(_sourced(said, way.source)))
    for one in lacks:
        place = one.clause or speak("nothing says it")
        cited = f"{one.statute} {speak(law.referred(one.reference))}"
        click.echo(f"[{place}] {cited}: {speak(_sourced(_lacking(one), one.source))}")


def _lacking(one: Lack) -> Said:
    said = say("{says}; lacks {lacks}", says=one.says, lacks=reduce(_then, one.lacks))
    return say("{what}, if {condition}", what=said, condition=one.condition) if one.condition else said


def _then(one: str, other: str) -> Said:
    return say("{one}; {other}", one=one, other=other)


def _sourced(said: Said, source: str) -> Said:
    return say("{what} (from memory)", what=said) if source == "memory" else said
