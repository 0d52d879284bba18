"""Catalogues: every sentence that the software says to people, gathered from the code, in gettext's form.

``python -m wordkept.trace.catalogue`` writes each catalogue anew: a new sentence comes in empty, one that is gone goes,
what was translated stays. A test fails while one is missing, fuzzy or stale. What is *not* here: how a sentence is said
(``language``), and what a page says (``notice``).
"""

from __future__ import annotations

import ast
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final, get_args

import wordkept
from wordkept import law
from wordkept.evidence.predicate import Predicate
from wordkept.gate.standing import Wrong
from wordkept.language import SOURCE, languages, po, read_po
from wordkept.policy import names
from wordkept.policy.checks.codes import Severity
from wordkept.policy.checks.needs import NEEDS
from wordkept.policy.declarations import DECLARATIONS, NOTES
from wordkept.policy.declared import Owed
from wordkept.policy.difference import Altered, effects, lawful
from wordkept.policy.difference.directions import Way
from wordkept.record import GROUNDS, Right, Turn
from wordkept.rules import RULES
from wordkept.terms import SENTENCES, Act, Channel, Choice, Kind, OrderKind, State
from wordkept.trace.statutes import on_file
from wordkept.written.typed import fields

_SAYING: Final = frozenset({"say", "speak"})
"""Functions whose first argument is a sentence, where it stands in the call itself."""
_HEADER: Final = """# Drawn by `python -m wordkept.trace.catalogue`; only what stands after msgstr is written by hand.
msgid ""
msgstr ""
"Project-Id-Version: wordkept\\n"
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"""


def sentences() -> tuple[str, ...]:
    """Every sentence and word to translate, once, in a steady order: those in calls, then those in tables."""
    root = Path(wordkept.__file__).parent
    said = [one for file in sorted(root.rglob("*.py")) for one in said_in(file.read_text("utf-8"))]
    return tuple(dict.fromkeys([*said, *_tables()]))


def said_in(code: str) -> Iterator[str]:
    """The sentences that stand in calls of a module, in its order."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _SAYING:
            first = node.args[0] if node.args else None
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield first.value


def _tables() -> Iterator[str]:
    """Words of closed vocabularies, and sentences that are data."""
    yield from get_args(Severity)
    yield from _of(Owed, "missing")
    for words in (Kind, State, Choice, Act, OrderKind, Predicate, Wrong, Right, Channel, Turn):
        yield from (str(word) for word in words)
    yield from SENTENCES.values()
    yield from GROUNDS.values()
    yield from (name for needs in NEEDS.values() for name, _ in needs)
    yield from (rule.sentence for rule in RULES.values())
    yield from (*DECLARATIONS, *NOTES, *sorted(names.KINDS), *(field.encode_name for field in fields(law.Operator)))
    yield from (*get_args(Way), *_of(Altered, "way"), *effects.KINDS, *lawful.CHANGES)
    for statute in on_file().statutes.values():
        for one in (version for versions in statute.requires.values() for version in versions):
            yield from (one.says, *one.needs, *law.words_of(one.reference))
        for value in (version for versions in statute.parameters.values() for version in versions):
            yield from law.words_of(value.reference)


def _of(shape: type, name: str) -> tuple[str, ...]:
    """The words that a field may be."""
    return get_args(next(field.type for field in fields(shape) if field.name == name))


def catalogue_page(language: str) -> str:
    """A catalogue as it should be: all sentences, with the translations that there are."""
    known = read_po(po(language))
    entries = (f"msgid {_quoted(one)}\nmsgstr {_quoted(known.get(one, ''))}\n" for one in sentences())
    return "\n".join([_HEADER.format(language=language), *entries])


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


if __name__ == "__main__":
    for tag in languages():
        if tag != SOURCE:
            text = catalogue_page(tag)
            (Path(wordkept.__file__).parent / "locale" / tag / "LC_MESSAGES" / "wordkept.po").write_text(text, "utf-8")
            sys.stdout.write(f"{tag}: {len(sentences()) - len(read_po(text))} are missing\n")
