"""An amendment: *five years* becomes *four* in a copy of the policy, which is then red until somebody re-reads it.

The copy has the same editions and affirmations; the original is never touched. What is *not* here: what the amended
policy makes of the records (``tour``).
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Final

import msgspec

from wordkept.policy import affirm, findings
from wordkept.policy.finding import Finding
from wordkept.policy.model import Edition, Policy

CLAUSE: Final = "5.2.B"
OFFICE: Final = "demo privacy office"
_WORDS: Final = {"en": (("five years", "four years"), ("P5Y", "P4Y")), "ko": (("5년", "4년"),)}
"""By language: what the clause says, and what it says then."""


class Amended(msgspec.Struct, frozen=True):
    """A policy with another period.

    Attributes:
        policy: compiled from the copy.
        red: the errors that its check found before it was affirmed.
        affirmed: the clauses that the office then affirmed.
        left: errors that are still there.
        stays: codes of what else the change brought, such as a period shorter than the law's.
    """

    policy: Policy
    red: tuple[Finding, ...]
    affirmed: tuple[str, ...]
    left: tuple[Finding, ...]
    stays: tuple[str, ...] = ()


def amend(original: Edition, into: Path, read: Callable[[Path], Policy], on: date) -> Amended:
    """Copy an edition, change its five years to four, check and affirm it.

    Args:
        original: an edition that was read from a file.
        into: a folder for the copy; replaced.
        read: compiles a policy.
        on: the day of affirming.
    """
    source = Path(original.file)
    copy = into / source.parent.name
    shutil.rmtree(into, ignore_errors=True)
    copy.mkdir(parents=True)
    if (source.parent / "affirmed.toml").is_file():
        shutil.copyfile(source.parent / "affirmed.toml", copy / "affirmed.toml")
    for language, spoken in {original.language: original, **original.translations}.items():
        text = Path(spoken.file).read_text(encoding="utf-8")
        (copy / Path(spoken.file).name).write_text(_changed(text, _WORDS.get(language, ())), encoding="utf-8")
    policy = read(into)
    (edition,) = policy.editions
    red = _errors(edition)
    affirmed = affirm(edition, [CLAUSE], OFFICE, on)
    before = {(one.clause, one.code) for one in findings(original)}
    stays = [one.code for one in findings(edition) if (one.clause, one.code) not in before]
    return Amended(policy, red, affirmed, _errors(edition), tuple(dict.fromkeys(stays)))


def _errors(edition: Edition) -> tuple[Finding, ...]:
    return tuple(one for one in findings(edition) if one.severity == "error" and not one.accepted)


def _changed(text: str, words: Sequence[tuple[str, str]]) -> str:
    """The document with another period in one clause, in its wording and in the rule under it."""
    start = text.index(f"[{CLAUSE}]")
    following = re.compile(r"^(\[[^\]\s]+\] |# )", re.MULTILINE).search(text, start + 1)
    end = following.start() if following else len(text)
    section = text[start:end]
    for old, new in words:
        if old not in section:
            msg = f"clause {CLAUSE} does not say {old}"
            raise ValueError(msg)
        section = section.replace(old, new)
    return text[:start] + section + text[end:]
