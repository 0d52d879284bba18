"""Commands for whoever writes a policy: diff, fmt."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Final

import click

from wordkept.cli.named import REFERENCE, asked_about, edition_on, only_edition, written_to
from wordkept.cli.printing import counted, emit, json_option, lang_option
from wordkept.language import Catalogue, Said, say
from wordkept.law import referred
from wordkept.policy.difference import Altered, Asked, Difference, Piece, Wanted, compare
from wordkept.policy.layout import laid_out
from wordkept.policy.replaced import replace
from wordkept.rules import RULES

_MARKS: Final = {"same": ("", ""), "gone": ("[-", "-]"), "new": ("{+", "+}")}
_DAY: Final = click.DateTime(["%Y-%m-%d"])


@click.command(short_help="Lay a policy's text out in the one way.")
@click.argument("path", type=click.Path(path_type=Path), default=REFERENCE)
@click.option("--check", is_flag=True, help="Change nothing; exit 1 if something would be laid out otherwise.")
@json_option
def fmt(path: Path, *, check: bool, as_json_: bool) -> None:
    """Lay the text of each edition of a policy out in the one way; what it says and means stays.

    PATH is the folder of a service, the folder of one edition, or a policy.md.
    """
    changed: dict[str, bool] = {}
    for edition in (asked_about(path) if check else written_to(path)).editions:
        file = Path(edition.file)
        data = file.read_bytes()
        text = laid_out(data, edition.file, RULES)
        changed[edition.file] = text.encode() != data
        if changed[edition.file] and not check:
            replace(file, text)
    if as_json_:
        emit({"editions": [{"file": name, "changed": one} for name, one in changed.items()]})
    else:
        said = {True: "would be laid out otherwise" if check else "laid out", False: "is laid out already"}
        for name, one in changed.items():
            click.echo(f"{name}: {said[one]}")
    sys.exit(1 if check and any(changed.values()) else 0)


@click.command(short_help="Say what another edition says otherwise, and what that does.")
@click.argument("before", type=click.Path(path_type=Path), default=REFERENCE)
@click.argument("after", type=click.Path(path_type=Path), required=False)
@click.option("--from", "first", type=_DAY, help="Of a policy's editions, the one in force on this day.")
@click.option("--to", "last", type=_DAY, help="And the one in force on this day.")
@lang_option
@json_option
def diff(
    before: Path, after: Path | None, first: datetime | None, last: datetime | None, *, speak: Catalogue, as_json_: bool
) -> None:
    """Compare two editions: the words of each clause, and what the change does to whom.

    BEFORE and AFTER are folders of one edition, or files; or BEFORE alone is the folder of a service, with --from and
    --to.
    """
    if after is not None and not (first or last):
        old, new = only_edition(before), only_edition(after)
    elif after is None and first and last:
        policy = asked_about(before)
        old, new = edition_on(policy, first.date()), edition_on(policy, last.date())
    else:
        raise click.UsageError("name two editions, or one policy with --from and --to")
    found = compare(old, new)
    if as_json_:
        emit(found)
    else:
        for line in _told(found, speak):
            click.echo(line)


def _told(found: Difference, speak: Catalogue) -> Iterator[str]:
    yield f"{found.service}: {found.before} → {found.after}"
    yield ""
    yield speak("Words: {counts}", counts=counted([one.way for one in found.words], speak) or say("none"))
    yield from (f"  {_clause(one, speak)}" for one in found.words)
    yield speak("Effects: {counts}", counts=counted([one.way for one in found.effects], speak) or say("none"))
    for one in found.effects:
        where = f" [{one.clause}]" if one.clause else ""
        yield f"  {speak(one.way)} {speak(one.kind)} {one.name}{where}: {speak(one.said)}"
        yield f"    {speak('concerns {whom}', whom=one.affected)}"
    yield _consent(found, speak)
    for ask in found.asks:
        how = say("again") if ask.again else say("new")
        what = say("{how} for {items}", how=how, items=", ".join(ask.items)) if ask.items else how
        yield f"  {ask.consent}: {speak('{what}, by {rule}', what=what, rule=ask.rule)} [{ask.clause}]"
    told = found.notice
    days = say(
        "announced on {day}, {days} days before {effective}",
        day=told.announced,
        days=told.days,
        effective=told.effective,
    )
    yield speak("Notice: {what}", what=days)
    yield from _by_law(found.law, speak)


def _consent(found: Difference, speak: Catalogue) -> str:
    if found.asks:
        return speak("Consent:")
    if found.law.again:
        return speak("Consent: the policy's own rules ask for none, but the law does (below)")
    return speak("Consent: none must be asked for")


def _by_law(law: Wanted, speak: Catalogue) -> Iterator[str]:
    yield speak(
        "Law in force on {day}: {statutes}", day=law.day, statutes=", ".join(law.statutes) or say("none on file")
    )
    for again in law.again:
        what = tuple(Said(one) for one in again.changed)
        yield _wanting(again, say("wants {consent} asked for again: {what}", consent=again.consent, what=what), speak)
    if law.statutes and not law.again:
        yield f"  {speak('no statute on file wants a consent again for this')}"
    for days in law.notice:
        kept = say("wants {period} of notice, which was given", period=days.period)
        late = say("wants {period} of notice, which was not given", period=days.period)
        yield _wanting(days, kept if days.given else late, speak)
    if law.statutes and not law.notice:
        yield f"  {speak('no statute on file says how many days of notice')}"


def _wanting(asked: Asked, what: Said, speak: Catalogue) -> str:
    said = say("{what}, if {condition}", what=what, condition=asked.condition) if asked.condition else what
    said = say("{what} (from memory)", what=said) if asked.source == "memory" else said
    return f"  {asked.ref.partition('.')[0]} {speak(referred(asked.reference))}: {speak(said)}"


def _clause(one: Altered, speak: Catalogue) -> str:
    said = " ".join(_piece(piece, whole=len(one.pieces) == 1) for piece in one.pieces)
    was = f" ({speak('was {clause}', clause=one.before or '')})" if one.way == "renumbered" else ""
    return f"[{one.number}] {speak(one.way)}{was}: {said}"


def _piece(piece: Piece, *, whole: bool) -> str:
    first, last = ("", "") if whole else _MARKS[piece.way]
    return f"{first}{piece.text}{last}"
