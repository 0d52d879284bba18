"""The record of processing activities that Article 30(1) of the GDPR asks for, as far as a policy can tell.

One activity for each purpose. What a policy does not declare (categories of people, transfers to third countries) is
said to be not stated, never guessed. What is *not* here: the record of a processor, Article 30(2).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from wordkept.notice.content import Page, Table
from wordkept.notice.markdown import plain, table_markdown
from wordkept.policy.declared import Purpose, Recipient
from wordkept.policy.model import Edition
from wordkept.texts import periods
from wordkept.texts.grounds import ground
from wordkept.texts.periods import Cell
from wordkept.texts.tongue import Tongue

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would take for a formula at the start of a cell."""


def record_markdown(page: Page, tongue: Tongue) -> bytes:
    """The record as Markdown: what holds for all activities, then a table of them."""
    heads, rows = _heads(tongue), list(_activities(tongue))
    table = Table(
        kind="record",
        title=tongue.say("record", "title"),
        chapter="",
        heads=heads,
        rows=tuple(tuple(Cell(text) for text in row) for row in rows),
    )
    lines = [
        f"# {plain(page.title)}: {plain(table.title)}\n",
        *(f"- {plain(head)}: {plain(said)}" for head, said in _shared(page, tongue)),
        "",
        *table_markdown(table, ""),
        "",
    ]
    return "\n".join(lines).encode()


def record_csv(page: Page, tongue: Tongue) -> bytes:
    """The record as CSV (RFC 4180, UTF-8 with a mark for spreadsheets): all columns in each row.

    A cell that a spreadsheet would run as a formula starts with an apostrophe.
    """
    shared = list(_shared(page, tongue))
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow([*(head for head, _ in shared), *_heads(tongue)])
    for row in _activities(tongue):
        writer.writerow([_safe(text) for text in (*(said for _, said in shared), *row)])
    return stream.getvalue().encode("utf-8-sig")


def _safe(text: str) -> str:
    said = " ".join(text.split())
    return f"'{said}" if said.startswith(_FORMULA) else said


def _shared(page: Page, tongue: Tongue) -> Iterator[tuple[str, str]]:
    """What holds for every activity: who answers, since when, for whom, whither, under which measures."""
    edition, blank = tongue.edition, tongue.say("not-stated")
    officers = "; ".join(
        tongue.joined(filter(None, (one.title, one.office, one.telephone, one.email)))
        for one in edition.officers.values()
    )
    measures = [
        clause.number
        for clause in edition.clauses.values()
        if any(one.rule.name.startswith("protection.") for one in clause.bindings)
    ]
    yield tongue.say("record", "service"), edition.service
    yield tongue.say("effective"), str(page.effective)
    yield tongue.say("record", "contact"), officers or blank
    yield tongue.say("record", "people"), blank
    yield tongue.say("record", "transfers"), blank
    yield tongue.say("record", "measures"), tongue.joined(measures) or blank


def _heads(tongue: Tongue) -> tuple[str, ...]:
    keys = ("purpose", "items", "consent", "recipient", "processor", "period", "clause")
    return tuple(tongue.say("heads", key) for key in keys)


def _activities(tongue: Tongue) -> Iterator[tuple[str, ...]]:
    edition = tongue.edition
    for purpose in edition.purposes.values():
        recipients = [one.title for one in edition.recipients.values() if _given(one, purpose, edition)]
        processors = [one.title for one in edition.processors.values() if purpose.name in one.purposes]
        yield (
            purpose.title,
            tongue.titles(edition.items, purpose.items),
            tongue.say("consents", ground(purpose, edition)),
            "; ".join(recipients) or tongue.say("none"),
            "; ".join(processors) or tongue.say("none"),
            _period(purpose, tongue),
            edition.clause_of("purpose", purpose.name),
        )


def _given(recipient: Recipient, purpose: Purpose, edition: Edition) -> bool:
    """Whether a recipient may be given something of what is collected for a purpose."""
    return edition.group(purpose.name) in recipient.groups and not set(recipient.items).isdisjoint(purpose.items)


def _period(purpose: Purpose, tongue: Tongue) -> str:
    cell = periods.of_purpose(purpose, tongue)
    return f"{cell.text} ({tongue.joined(cell.clauses)})" if cell.clauses else cell.text
