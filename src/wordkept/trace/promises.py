"""Promises: the page of every promise, the rule that keeps it, the story that would miss it, and what is still owed.

``python -m wordkept.trace.promises > docs/promises.md`` writes it anew; a test fails while it is out of date. What is
*not* here: how a proof is found (``prove``).
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from wordkept.policy import load
from wordkept.policy.declared import Owed
from wordkept.policy.model import Clause, Edition, Policy
from wordkept.rules import RULES
from wordkept.terms import Kind
from wordkept.trace.prove import Promise, Silenced, prove
from wordkept.trace.statutes import on_file

_LONGEST = 72
_KINDS = frozenset({Kind.PROMISE, Kind.PERMIT})


def promises_page(root: Path) -> str:
    """The page, in Markdown, of every policy below ``policies`` in a folder."""
    folders = sorted(path for path in (root / "policies").iterdir() if path.is_dir())
    law = on_file()
    policies = [load(folder, RULES, law) for folder in folders]
    return "\n".join((*_head(), *(line for policy in policies for line in _policy(policy, root)), ""))


def _head() -> Iterator[str]:
    yield "<!-- Drawn by `python -m wordkept.trace.promises` from the policies; do not edit. -->"
    yield "# Every promise, and its proof"
    yield ""
    yield "For each clause that promises or permits something: the rule that keeps it, a story that fails when that"
    yield "rule falls silent ([how that is found](commands/prove.md)), and what is still owed. *By name* means that the"
    yield "story misses the clause among the reasons, while something else would have decided alike; *with* names the"
    yield "clauses that say the very same and were silenced together."


def _policy(policy: Policy, root: Path) -> Iterator[str]:
    proofs = {(one.edition, one.clause): one for one in prove(policy)}
    for edition in policy.editions:
        yield f"\n## {edition.service}, {edition.effective}\n"
        yield from _counts(edition, proofs)
        yield "| Clause | Says | Kept by | Missed by | Owed |"
        yield "|---|---|---|---|---|"
        for clause in edition.clauses.values():
            if clause.bindings or clause.kind in _KINDS:
                yield _row(clause, proofs.get((str(edition.effective), clause.number)), root)


def _counts(edition: Edition, proofs: Mapping[tuple[str, str], Promise]) -> Iterator[str]:
    bound = [one for (day, _), one in proofs.items() if day == str(edition.effective)]
    owed = sum(any(isinstance(note, Owed) for note in one.notes) for one in edition.clauses.values())
    empty = sum(one.empty for one in bound)
    yield f"{len(bound)} clauses are bound to rules, {empty} of them empty; {owed} owe something.\n"


def _row(clause: Clause, promise: Promise | None, root: Path) -> str:
    rules = promise.rules if promise else ()
    kept = "<br>".join(f"`{one.rule}`" for one in rules)
    missed = "<br>".join(_missed(one, root) for one in rules)
    owed = "<br>".join(f"{note.missing}: {_plain(note.what)}" for note in clause.notes if isinstance(note, Owed))
    return f"| {clause.number} | {_short(clause.text)} | {kept} | {missed} | {owed} |"


def _missed(one: Silenced, root: Path) -> str:
    if one.proof is None:
        return "**no story**"
    file = Path(one.proof.story)
    link = f"[{file.name.removesuffix('.story.yaml')}](../{file.relative_to(root).as_posix()})"
    together = f", with {', '.join(dict.fromkeys(one.together))}" if one.together else ""
    return link + (", by name" if one.proof.by == "name" else "") + together


def _short(text: str) -> str:
    words = _plain(text)
    return words if len(words) <= _LONGEST else words[:_LONGEST].rsplit(" ", 1)[0].rstrip(",;:") + " …"


def _plain(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|").replace("[", "\\[").replace("<", "&lt;")


if __name__ == "__main__":
    sys.stdout.write(promises_page(Path.cwd()))
