"""One changed word of any promise, in any policy and any language, makes ``check`` red until an office affirms it.

What is *not* here: which other changes turn a clause red, and which do not (``test_policy_affirmed``).
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner

from wordkept import law
from wordkept.cli import main
from wordkept.policy import affirmed, load
from wordkept.policy.model import Edition
from wordkept.rules import RULES
from wordkept.terms import Kind

ROOT = Path(__file__).resolve().parents[2]
NAMES = sorted(path.name for path in (ROOT / "policies").iterdir() if path.is_dir())
DAY = date(2026, 1, 1)


@cache
def edition_of(folder: Path) -> Edition:
    return load(folder, RULES, law.load(ROOT / "law")).editions[-1]


def promises(edition: Edition) -> list[str]:
    """Numbers of the clauses that bind, the exceptions that they allow among them."""
    return [number for number, clause in edition.clauses.items() if clause.kind in {Kind.PROMISE, Kind.PERMIT}]


def reworded(edition: Edition, number: str, words: list[str]) -> Edition:
    clause = msgspec.structs.replace(edition.clauses[number], text=" ".join(words))
    return msgspec.structs.replace(edition, clauses={**edition.clauses, number: clause})


def each_word_changed(edition: Edition, number: str) -> Iterator[Edition]:
    words = edition.clauses[number].text.split()
    for at, word in enumerate(words):
        yield reworded(edition, number, [*words[:at], f"un{word}", *words[at + 1 :]])


def red(edition: Edition, known: Mapping[str, affirmed.Affirmed] | None = None) -> list[tuple[str, str | None]]:
    return [(one.code, one.clause) for one in affirmed.check(edition, known)]


@pytest.mark.parametrize("name", NAMES)
def test_every_word_of_every_promise_counts(name: str) -> None:
    edition = edition_of(ROOT / "policies" / name)
    known = affirmed.read(affirmed.place(edition))
    assert promises(edition)
    for number in promises(edition):
        changed = [affirmed.digest(one, number) for one in each_word_changed(edition, number)]
        for language, other in edition.translations.items():
            spoken = ({**edition.translations, language: one} for one in each_word_changed(other, number))
            versions = (msgspec.structs.replace(edition, translations=one) for one in spoken)
            changed += [affirmed.digest(one, number) for one in versions]
        assert known[number].digest not in changed, number
        assert len(set(changed)) == len(changed), number


@pytest.mark.parametrize("name", NAMES)
def test_a_changed_promise_alone_is_red_and_only_until_it_is_affirmed(name: str, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "policies" / name, tmp_path / name, ignore=shutil.ignore_patterns("stories"))
    edition = edition_of(tmp_path / name)
    assert red(edition) == []
    for number in promises(edition):
        changed = next(each_word_changed(edition, number))
        assert red(changed) == [("WK302", number)]
        assert affirmed.affirm(changed, [number], "reading room", DAY) == (number,)
        assert red(changed) == []
        edition = changed


@pytest.mark.parametrize("name", NAMES)
def test_the_command_is_red_for_every_changed_promise_until_it_is_affirmed(name: str, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "policies" / name, tmp_path / name, ignore=shutil.ignore_patterns("stories"))
    edition, run = edition_of(tmp_path / name), CliRunner()
    check = ["check", str(tmp_path / name)]
    assert run.invoke(main, check).exit_code == 0
    file = Path(edition.file)
    lines = file.read_text("utf-8").split("\n")
    for number in promises(edition):
        at = edition.clauses[number].line - 1
        lines[at] = lines[at].replace(f"[{number}] ", f"[{number}] Hardly ", 1)
    file.write_text("\n".join(lines), "utf-8")
    said = run.invoke(main, check)
    assert said.exit_code == 1
    assert said.stdout.count(" WK302: ") == len(promises(edition))
    assert f"{len(promises(edition))} error," in said.stdout
    assert run.invoke(main, ["affirm", str(tmp_path / name), "--office", "reading room"]).exit_code == 0
    assert run.invoke(main, check).exit_code == 0
