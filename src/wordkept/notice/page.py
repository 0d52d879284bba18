"""The page of one edition in one language: labels first, then chapters with their tables and every clause.

What is *not* here: drawing (``html``, ``markdown``, ``pdf``) and files (``site``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from wordkept.notice.content import Chapter, Kept, Label, Page, Said, Table
from wordkept.notice.tables import home, tables
from wordkept.policy.declared import Owed, StandsFor, Statement
from wordkept.policy.model import Clause
from wordkept.texts.tongue import Tongue

_LABELS = ("items", "purposes", "periods", "recipients", "processors", "rights", "officers")


def page_of(tongue: Tongue) -> Page:
    """Everything that the page says."""
    edition, made = tongue.edition, tables(tongue)
    chapters = tuple(_chapter(number, tongue, made) for number in _numbers(tongue))
    return Page(
        language=tongue.language,
        service=edition.service,
        title=tongue.say("title", service=edition.service, title=edition.title),
        announced=edition.announced,
        effective=edition.effective,
        digest=edition.digest,
        words={key: said for key, said in tongue.words.items() if isinstance(said, str)},
        labels=tuple(_labels(tongue, made)),
        chapters=chapters,
    )


def anchor_of(chapter: str) -> str:
    """The anchor of a chapter; it cannot be that of a clause, which starts with a digit."""
    return f"chapter-{chapter or 'none'}"


def _numbers(tongue: Tongue) -> Iterator[str]:
    """Chapters in order; first the one without a number, if clauses stand before any heading."""
    if any(not clause.chapter for clause in tongue.edition.clauses.values()):
        yield ""
    yield from tongue.edition.chapters


def _chapter(number: str, tongue: Tongue, made: Iterable[Table]) -> Chapter:
    clauses = [one for one in tongue.edition.clauses.values() if one.chapter == number]
    return Chapter(
        number=number,
        anchor=anchor_of(number),
        title=tongue.edition.chapters[number] if number else tongue.say("unnumbered"),
        tables=tuple(table for table in made if table.chapter == number),
        clauses=tuple(Said(one.number, " ".join(one.text.split()), _kept(one, tongue)) for one in clauses),
    )


def _labels(tongue: Tongue, made: Iterable[Table]) -> Iterator[Label]:
    by_kind = {table.kind: table for table in made}
    for kind in _LABELS:
        title = tongue.say("labels", kind)
        if kind == "rights":
            clauses = [one.number for one in tongue.edition.clauses.values() if _is_about_rights(one)]
            yield Label(title, len(clauses), anchor_of(home(tongue, clauses)) if clauses else "")
        else:
            table = by_kind.get(kind)
            yield Label(title, len(table.rows) if table else 0, kind if table else "")


def _is_about_rights(clause: Clause) -> bool:
    return any(binding.rule.name.startswith("rights.") for binding in clause.bindings)


def _kept(clause: Clause, tongue: Tongue) -> Kept:
    owed = [note for note in clause.notes if isinstance(note, Owed)]
    notes = [(tongue.say("missing", note.missing), note.what) for note in owed]
    notes += [(tongue.say("because"), note.because) for note in clause.notes if isinstance(note, Statement)]
    state = [clause.kind.value, *(["owed"] if owed else [])]
    named = [name for note in clause.notes if isinstance(note, StandsFor) for name in note.clauses]
    return Kept(
        kind=clause.kind.value,
        state=tuple(tongue.say("kinds", one) for one in state),
        rules=tuple((one.rule.name, tongue.sentence(one.rule.sentence), one.unless) for one in clause.bindings),
        notes=tuple(notes),
        stands_for=tuple((_anchor(name, tongue), name) for name in named),
    )


def _anchor(name: str, tongue: Tongue) -> str:
    """Where an umbrella points: a clause, a chapter, or the first clause of a section."""
    edition = tongue.edition
    if name in edition.clauses:
        return name
    if name in edition.chapters:
        return anchor_of(name)
    return next((number for number in edition.clauses if number.startswith(f"{name}.")), name)
