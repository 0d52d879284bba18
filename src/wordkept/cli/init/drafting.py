"""A first policy and its stories, from answers and templates: every sentence but one has a rule, every rule a story.

The templates stand in ``templates``: Markdown for what the policy says, stories by the part that they prove. What is
*not* here: writing files.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from string import Template
from typing import Final

import msgspec

from wordkept.cli.init.answers import Answers
from wordkept.policy.checks.codes import listed
from wordkept.policy.layout import laid_out
from wordkept.record.holds import plus
from wordkept.rules import RULES

_TEMPLATES: Final = Path(__file__).parent / "templates"
_CLOSED: Final = 30
"""Days after the first one on which the accounts of the stories are closed."""
_COUNTRIES: Final = {"kr": ("kr/pipa", "Asia/Seoul"), "eu": ("eu/gdpr", "Europe/Brussels")}
"""By country: its statute on file, and a time zone."""
_ITEMS: Final = {
    "email": (
        "your e-mail address",
        "{name: email, title: E-mail address, type: email, search: yes, personal: pd:EmailAddress}",
    ),
    "password": ("a password", "{name: password, title: Password, type: secret, personal: pd:Password, at-most: 200}"),
    "name": ("your name", "{name: name, title: Name, personal: pd:Name, at-most: 200}"),
    "phone": (
        "your telephone number",
        "{name: phone, title: Telephone number, type: phone, personal: pd:TelephoneNumber}",
    ),
    "address": ("your postal address", "{name: address, title: Postal address, personal: pd:PhysicalAddress}"),
    "birthdate": ("your date of birth", "{name: birthdate, title: Date of birth, type: date, personal: pd:BirthDate}"),
    "usage": ("what you open in the service", "{name: usage, title: What is opened, personal: pd:BrowserHistory}"),
}
"""By answer: how a sentence says it, and its declaration."""


def policy(answers: Answers, announced: date, effective: date) -> str:
    """The text of a first policy."""
    law, zone = _COUNTRIES[answers.country]
    names = ["email", "password", *answers.collects]
    text = _filled(
        "policy.md",
        service=answers.service,
        service_yaml=_quoted(answers.service),
        office=answers.office,
        office_yaml=_quoted(answers.office),
        email=answers.email,
        email_yaml=_quoted(answers.email),
        telephone=f", or by telephone {answers.telephone}" if answers.telephone else "",
        telephone_yaml=_quoted(answers.telephone),
        announced=str(announced),
        effective=str(effective),
        timezone=answers.timezone or zone,
        law=law,
        operator=", ".join(_facts(answers)),
        items=listed([_ITEMS[one][0] for one in names]),
        item_list="\n".join(f"- {_ITEMS[one][1]}" for one in names),
        item_names=", ".join(names),
        newsletter=_filled("newsletter.md") if answers.newsletter else "",
        kept=_filled("kept.md", months=_months(answers.keeps), lasts=f"P{answers.keeps}M") if answers.keeps else "",
        workers=_filled("workers.md", each="\n".join(_each_worker(answers))) if answers.processors else "",
        redress=_filled(f"redress.{answers.country}.md"),
    )
    return laid_out(text.encode(), "policy.md", RULES)


def stories(answers: Answers, effective: date, place: str) -> Iterator[tuple[str, str]]:
    """Names of files and stories that prove each part of the policy.

    Args:
        answers: as for the policy.
        effective: its first day; the stories begin after it.
        place: where the policy will be found, from the current folder.
    """
    closed = effective + timedelta(days=_CLOSED)
    last = plus(closed, f"P{answers.keeps}M")
    days = {f"day_{number}": str(effective + timedelta(days=number)) for number in range(1, _CLOSED + 2)}
    values = {"policy": _quoted(place), "last": str(last), "over": str(max(last, closed) + timedelta(days=1)), **days}
    counts = {
        "always": 1,
        "newsletter": answers.newsletter,
        "kept": answers.keeps > 0,
        "workers": len(answers.processors),
    }
    for part, count in counts.items():
        for file in sorted((_TEMPLATES / "stories" / part).glob("*.yaml")):
            for number in range(1, count + 1):
                name = file.name if number == 1 else file.name.replace(".story", f"-{number}.story")
                yield name, Template(file.read_text("utf-8")).substitute(values, number=number)


def _facts(answers: Answers) -> Iterator[str]:
    if answers.country == "kr":
        yield "country: kr"
    yield "online: yes"
    yield f"advertises: {'yes' if answers.newsletter else 'no'}"


def _each_worker(answers: Answers) -> Iterator[str]:
    for number, (name, task) in enumerate(answers.workers(), start=1):
        yield _filled(
            "worker.md",
            number=str(number),
            worker=name,
            worker_yaml=_quoted(name),
            task=task.rstrip("."),
            task_yaml=_quoted(task),
        )


def _months(count: int) -> str:
    return "1 month" if count == 1 else f"{count} months"


def _filled(name: str, **values: str) -> str:
    return Template((_TEMPLATES / name).read_text("utf-8")).substitute(values)


def _quoted(text: str) -> str:
    """A text that YAML reads as it is; the layout takes the quotes off where it can."""
    return msgspec.json.encode(text).decode()
