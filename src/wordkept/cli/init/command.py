"""The command that writes a first policy: init."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
import tempfile
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import click

from wordkept.cli.init import drafting
from wordkept.cli.init.answers import LONGEST, Answers, answered
from wordkept.cli.named import read_policy
from wordkept.cli.printing import emit, json_option
from wordkept.policy import affirm
from wordkept.terms import LAST_DAY, MalformedPolicyError, UnavailableError
from wordkept.written import yaml
from wordkept.written.yaml import Positions

_AHEAD: Final = timedelta(days=7)
"""Between the announcement of a first policy and its effect, if nobody says otherwise."""
_LARGEST: Final = 64 * 1024
"""Largest file of answers, in bytes."""
_QUESTIONS: Final = (
    ("service", "What is the service called?", ""),
    ("email", "Which e-mail address does its privacy office read?", ""),
    ("telephone", "Which telephone does it answer?", "-"),
    ("country", "Whose law, kr or eu?", ""),
    ("collects", "What is collected besides e-mail address and password? name, phone, address, birthdate, usage", "-"),
    ("newsletter", "Is there a newsletter, yes or no?", "no"),
    ("processors", "Who works for the service? Each as 'Acme: runs our servers', semicolons between", "-"),
    ("keeps", "For how many months is data kept after an account was closed?", "6"),
)
"""By key of an answer: what is asked, and what is taken when nothing is said; ``-`` is nothing."""
_LISTS: Final = {"collects": ",", "processors": ";"}


@click.command(short_help="Write a first policy with its stories.")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--answers", "file", type=click.File("rb"), help="A YAML file of answers, instead of questions.")
@click.option("--service", help="What the service is called.")
@click.option("--email", help="The address that its privacy office reads.")
@click.option("--telephone", help="The office's telephone, if it has one.")
@click.option("--country", help="Whose law: kr or eu.")
@click.option("--office", help="Who answers for the policy and affirms it; 'privacy office' if left out.")
@click.option("--collects", help="Besides e-mail address and password, commas between: name, phone, address, …")
@click.option("--newsletter", help="Whether there is one: yes or no.")
@click.option("--processors", help="Who works for the service: 'Acme: runs our servers', semicolons between.")
@click.option("--keeps", help="Months for which data is kept after an account was closed.")
@click.option("--timezone", help="IANA name; by the country if left out.")
@click.option("--effective", type=click.DateTime(["%Y-%m-%d"]), help="First day in force; in a week if left out.")
@json_option
def init(folder: Path, file: Any, effective: datetime | None, *, as_json_: bool, **given: str | None) -> None:
    """Write a first policy for a new service, with stories that prove it, into FOLDER.

    Without options a few questions are asked. FOLDER must not exist yet.
    """
    if not str(folder).isprintable():
        raise MalformedPolicyError("a folder's name has printable characters only", hint="stories will name it")
    if os.path.lexists(folder):
        hint = "name a folder that does not exist yet; nothing was written"
        raise MalformedPolicyError("there is something here already", file=str(folder), hint=hint)
    told = {key: text for key, text in given.items() if text is not None}
    if file is None and not told:
        told = dict(_asked())
    answers = _answers(file, told)
    if effective and effective.date() > LAST_DAY:
        raise MalformedPolicyError(
            f"effective: {effective.date()} is too far ahead", hint=f"{LAST_DAY} is the last day"
        )
    today = datetime.now(ZoneInfo(answers.timezone or "UTC")).date()
    first = effective.date() if effective else today + _AHEAD
    try:
        edition, stories = _write(folder, answers, min(today, first), first)
    except OSError as error:
        said = (error.strerror or str(error)).lower()
        raise UnavailableError(f"{folder} cannot be written: {said}") from error
    if as_json_:
        emit({"policy": str(folder / edition), "stories": stories, "office": answers.office})
    else:
        click.echo(f"{folder / edition}: a policy with {len(stories)} stories, affirmed by {answers.office}")
        named = shlex.quote(str(folder))
        click.echo(f"it takes effect on {first}; a gate refuses whatever is asked of it before that day")
        click.echo(f"next: wordkept check {named} && wordkept test {named} && wordkept prove {named}")
    if first < today:
        click.echo(f"wordkept: note: {first} is past; the policy says that it was announced on that day", err=True)


def _asked() -> Iterator[tuple[str, str]]:
    """Every question, again until its answer is one."""
    click.echo(
        "The policy is written in English; docs/languages.md says how another language comes beside it.", err=True
    )
    for key, question, default in _QUESTIONS:
        while (wrong := _wrong(key, text := _line(key, question, default))) is not None:
            click.echo(f"wordkept: error: {wrong.message}", err=True)
            if wrong.hint:
                click.echo(f"wordkept: hint: {wrong.hint}", err=True)
        yield key, text


def _line(key: str, question: str, default: str) -> str:
    usual = f" [{default}]" if default else ""
    click.echo(f"{question}{usual} ", nl=False, err=True)
    line = sys.stdin.buffer.readline(_LARGEST).decode(errors="surrogateescape")
    if not line:
        click.echo(err=True)
        raise click.UsageError(f"no answer for {key}; give --{key}, or --answers with a file")
    return line.strip() or default.removeprefix("-")


def _wrong(key: str, text: str) -> MalformedPolicyError | None:
    """What is wrong with one answer, beside good ones to the questions that need one."""
    try:
        _answers(None, {"service": "Desk", "email": "a@mail.example", "country": "eu", key: text})
    except MalformedPolicyError as error:
        return error
    return None


def _answers(file: Any, told: dict[str, str]) -> Answers:
    """The answers of a file, with those of options in their place."""
    data: Any = {}
    positions, name = Positions({}, {}), ""
    if file is not None:
        name = file.name
        text = file.read(_LARGEST + 1)
        if len(text) > _LARGEST:
            raise MalformedPolicyError(f"more than {_LARGEST} bytes are no answers", file=name)
        data, positions = yaml.load(text, name)
        if not isinstance(data, dict):
            raise MalformedPolicyError("answers are a mapping", file=name, line=1, hint="such as service: Lending desk")
    for key, text in told.items():
        data[key] = _listed(key, text) if key in _LISTS else text
    return answered(data, positions, name)


def _listed(key: str, text: str) -> list[str]:
    parts = [part.strip() for part in text[: LONGEST * LONGEST].split(_LISTS[key])]
    return [part for part in parts if part]


def _write(folder: Path, answers: Answers, announced: date, effective: date) -> tuple[str, list[str]]:
    """The files, all of them or none; the name of the edition's folder, and those of its stories."""
    text = drafting.policy(answers, announced, effective)
    stories = dict(drafting.stories(answers, effective, str(folder)))
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".wordkept-init-"))
    try:
        edition = draft / str(effective)
        (edition / "stories").mkdir(parents=True)
        (edition / "policy.md").write_text(text, "utf-8")
        for name, story in stories.items():
            (edition / "stories" / name).write_text(story, "utf-8")
        affirm(read_policy(draft).editions[0], None, answers.office, announced)
        draft.chmod(0o755)
        draft.rename(folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return str(effective), list(stories)
