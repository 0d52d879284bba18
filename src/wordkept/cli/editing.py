"""Commands for whoever writes a policy: diff, fmt."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Final

import click

from wordkept.cli.place import REFERENCE, read_policy
from wordkept.cli.printing import emit, json_option
from wordkept.policy.difference import Altered, Difference, Piece, compare
from wordkept.policy.layout import laid_out
from wordkept.policy.model import Edition
from wordkept.policy.replaced import replace
from wordkept.rules import RULES
from wordkept.terms import MalformedPolicyError

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
    for edition in read_policy(path).editions:
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
@json_option
def diff(before: Path, after: Path | None, first: datetime | None, last: datetime | None, *, as_json_: bool) -> None:
    """Compare two editions: the words of each clause, and what the change does to whom.

    BEFORE and AFTER are folders of one edition, or files; or BEFORE alone is the folder of a service, with --from and
    --to.
    """
    if after is not None and not (first or last):
        old, new = _only(before), _only(after)
    elif after is None and first and last:
        old, new = _on(before, first), _on(before, last)
    else:
        raise click.UsageError("name two editions, or one policy with --from and --to")
    found = compare(old, new)
    if as_json_:
        emit(found)
    else:
        for line in _told(found):
            click.echo(line)


def _only(path: Path) -> Edition:
    editions = read_policy(path).editions
    if len(editions) > 1:
        hint = f"name one of them, such as {editions[-1].file}, or use --from and --to"
        raise MalformedPolicyError(f"{len(editions)} editions are here", file=str(path), hint=hint)
    return editions[0]


def _on(path: Path, day: datetime) -> Edition:
    policy = read_policy(path)
    found = policy.on(day.date())
    if found is None:
        hint = f"the first takes effect on {policy.editions[0].effective}"
        raise MalformedPolicyError(f"no edition is in force on {day.date()}", file=str(path), hint=hint)
    return found


def _told(found: Difference) -> Iterator[str]:
    yield f"{found.service}: {found.before} → {found.after}"
    yield ""
    yield f"Words: {_counted([one.way for one in found.words])}"
    yield from (f"  {_clause(one)}" for one in found.words)
    yield f"Effects: {_counted([one.way for one in found.effects])}"
    for effect in found.effects:
        where = f" [{effect.clause}]" if effect.clause else ""
        yield f"  {effect.way} {effect.kind} {effect.name}{where}: {effect.said}"
        yield f"    concerns {effect.affected}"
    yield "Consent:" if found.asks else "Consent: none must be asked for"
    for ask in found.asks:
        what = f" for {', '.join(ask.items)}" if ask.items else ""
        yield f"  {ask.consent}: {'again' if ask.again else 'new'}{what}, by {ask.rule} [{ask.clause}]"
    yield from _notice(found)


def _notice(found: Difference) -> Iterator[str]:
    notice = found.notice
    yield f"Notice: announced on {notice.announced}, {notice.days} days before {notice.effective}"
    for one in notice.law:
        yield f"  {one.ref} wants {one.period}: {'given' if one.given else 'not given'}"
    if not notice.law:
        yield "  by law: no parameter on file"


def _counted(ways: list[str]) -> str:
    return ", ".join(f"{ways.count(way)} {way}" for way in dict.fromkeys(ways)) or "none"


def _clause(one: Altered) -> str:
    said = " ".join(_piece(piece, whole=len(one.pieces) == 1) for piece in one.pieces)
    was = f" (was {one.before})" if one.way == "renumbered" else ""
    return f"[{one.number}] {one.way}{was}: {said}"


def _piece(piece: Piece, *, whole: bool) -> str:
    first, last = ("", "") if whole else _MARKS[piece.way]
    return f"{first}{piece.text}{last}"


COMMANDS: Final = (diff, fmt)
