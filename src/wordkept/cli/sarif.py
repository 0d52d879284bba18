"""``check --format sarif``: findings in the Static Analysis Results Interchange Format, version 2.1.0 (OASIS).

What other tools read: one run, the rules that were found, a result for each finding. An accepted finding is a result
with a suppression. What is *not* here: how anything is found (``policy.checks``, ``policy.review``).
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Final, TypeVar
from urllib.parse import quote

import click

import wordkept
from wordkept.policy.checks import CODES
from wordkept.policy.declared import Accept
from wordkept.policy.finding import Finding
from wordkept.policy.model import Edition

Command = TypeVar("Command", bound=Callable[..., Any])
FORMS: Final = ("text", "json", "sarif")
_LEVELS: Final = {"error": "error", "high": "warning", "warning": "warning", "note": "note"}
"""SARIF has no *high*; an error is what turns ``check`` red. The severity itself stands among the properties."""

_LINK: Final = re.compile(r"\[([^\]]*)\]\([^)\s]*\)")
"""A link of a page: from a log it leads nowhere, so its words stay alone."""


def format_option(command: Command) -> Command:
    """``--format text|json|sarif``; ``--json`` is the short form of one of them."""
    told = "How to print what was found; --json is short for --format json."
    return click.option("--format", "form", type=click.Choice(FORMS), help=told)(command)


def chosen(form: str | None, laws: tuple[str, ...], *, as_json_: bool) -> str:
    """One of ``FORMS``.

    Raises:
        UsageError: two were asked for, or one that an answer about the law does not have.
    """
    if as_json_ and form not in (None, "json"):
        raise click.UsageError(f"--json and --format {form} are two ways to print; choose one")
    if laws and form == "sarif":
        raise click.UsageError("--law is answered as text or json: what nothing says has no line in a file")
    return "json" if as_json_ else form or "text"


def log(heard: Iterable[tuple[Edition, list[Finding]]]) -> dict[str, object]:
    """A whole log of one run.

    Args:
        heard: editions with what was found in each.
    """
    pairs = [(edition, one) for edition, found in heard for one in found]
    codes = sorted({one.code for _, one in pairs})
    driver = {"name": "wordkept", "version": wordkept.__version__, "rules": [_rule(code) for code in codes]}
    results = [_result(edition, one, codes.index(one.code)) for edition, one in pairs]
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    schema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
    return {"$schema": schema, "version": "2.1.0", "runs": [run]}


def _rule(code: str) -> dict[str, object]:
    """A code with its page, whole: wherever the log is read, nothing else has to be there."""
    known, page = CODES[code], _LINK.sub(r"\1", (_pages() / f"{code}.md").read_text("utf-8")).partition("\n\n")[2]
    meaning, resolve = page.partition("\n## ")[0].strip(), page.partition("## How to resolve it\n")[2].strip()
    return {
        "id": code,
        "shortDescription": {"text": known.title},
        "fullDescription": {"text": meaning},
        "help": {"text": f"{meaning}\n\n{resolve}", "markdown": page},
        "defaultConfiguration": {"level": _LEVELS[known.severity]},
        "properties": {"severity": known.severity},
    }


def _pages() -> Path:
    """Where the pages of codes are: ``docs/findings`` of a checkout, or the copy that an installed package carries."""
    package = Path(wordkept.__file__).resolve().parent
    return next(filter(Path.is_dir, (package.parent.parent / "docs" / "findings", package / "_findings")))


def _result(edition: Edition, found: Finding, index: int) -> dict[str, object]:
    where: dict[str, object] = {
        "physicalLocation": {
            "artifactLocation": {"uri": _relative(found.file)},
            "region": {"startLine": found.line, "startColumn": found.column},
        }
    }
    if found.clause:
        where["logicalLocations"] = [{"name": found.clause, "kind": "clause"}]
    return {
        "ruleId": found.code,
        "ruleIndex": index,
        "level": _LEVELS[found.severity],
        "message": {"text": found.message},
        "locations": [where],
        "suppressions": [_suppression(edition, found)] if found.accepted else [],
    }


def _relative(file: str) -> str:
    """A file as seen from the current folder, in the form of a URI."""
    return quote(Path(os.path.relpath(file)).as_posix())


def _suppression(edition: Edition, found: Finding) -> dict[str, str]:
    """Where and why an office accepted a finding."""
    clause = edition.clauses[found.clause or ""]
    note = next(one for one in clause.notes if isinstance(one, Accept) and one.finding == found.code)
    return {"kind": "inSource", "status": "accepted", "justification": f"{note.by}: {note.why}"}
