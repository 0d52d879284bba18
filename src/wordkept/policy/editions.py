"""Editions on disk: ``policies/<service>/<effective day>/policy.md``.

The folder's name is the day from which its edition is in force, and must say the same as the document. Beside it
``policy.ko.md`` says the same in another language. What is *not* here: which edition is in force on a day
(``model.Policy.on``).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from glob import escape
from itertools import pairwise
from pathlib import Path

import msgspec

from wordkept.language import say
from wordkept.law import Law
from wordkept.policy.compile import compile_text
from wordkept.policy.model import Edition, Policy, Rule
from wordkept.policy.source import LIMIT
from wordkept.policy.translated import translate
from wordkept.terms import MalformedPolicyError
from wordkept.written import files

NAME = "policy.md"


def load(path: Path, rules: Mapping[str, Rule], law: Law) -> Policy:
    """Read and compile a policy.

    Args:
        path: the folder of a service, the folder of one edition, or a policy.md.
        rules: the table of rules, by name.
        law: the statutes on file.

    Raises:
        MalformedPolicyError: there is none, one is wrong, or two contradict each other.
    """
    files = [path] if path.is_file() else _files(path)
    editions = sorted((_edition(file, rules, law) for file in files), key=lambda one: one.effective)
    for earlier, later in pairwise(editions):
        if earlier.effective == later.effective:
            msg = say("two editions take effect on {day}, the other is {file}", day=later.effective, file=earlier.file)
            raise MalformedPolicyError(msg, file=later.file, hint=say("remove one of them, or change its day"))
        if earlier.service != later.service:
            raise another_service(earlier, later, say("give each service a folder of its own"))
    return Policy(path=str(path), editions=tuple(editions))


def another_service(earlier: Edition, later: Edition, hint: str) -> MalformedPolicyError:
    """Two editions that belong to two policies."""
    said = say(
        "this edition is about {service!r}, the one before about {other!r}",
        service=later.service,
        other=earlier.service,
    )
    return MalformedPolicyError(said, file=later.file, hint=hint)


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        hint = say("name a folder of editions, or a policy.md")
        raise MalformedPolicyError(say("there is no such policy"), file=str(path), hint=hint)
    if (path / NAME).is_file():
        return [path / NAME]
    files = sorted(path.glob(f"*/{NAME}"))
    if not files:
        hint = say("an edition is a folder 2016-08-31 with a {name} in it", name=NAME)
        raise MalformedPolicyError(say("no editions are here"), file=str(path), hint=hint)
    for file in files:
        _day(file)
    return files


def _edition(file: Path, rules: Mapping[str, Rule], law: Law) -> Edition:
    edition = compile_text(_bytes(file), str(file), rules, law)
    day = _day(file) if file.parent.name[:1].isdigit() else edition.effective
    if day != edition.effective:
        effective = edition.effective
        msg = say("the folder says {day}, the document takes effect on {effective}", day=day, effective=effective)
        hint = say("rename the folder, or correct the document")
        raise MalformedPolicyError(msg, file=str(file), line=1, column=1, hint=hint)
    others = sorted(file.parent.glob(f"{escape(file.stem)}.*{escape(file.suffix)}"))
    languages = {other.stem.removeprefix(f"{file.stem}."): other for other in others}
    _misnamed(file, others)
    translations = {
        language: translate(edition, language, _bytes(other), str(other)) for language, other in languages.items()
    }
    return msgspec.structs.replace(edition, translations=translations)


def _misnamed(file: Path, translations: list[Path]) -> None:
    """What is named almost like a translation would be passed over."""
    for other in sorted(file.parent.glob("*.md")):
        if other.stem.lower().startswith(file.stem) and other not in (file, *translations):
            said = say("this stands beside {name} and is not read", name=file.name)
            hint = say("name a translation by its language, such as {name}", name=f"{file.stem}.ko{file.suffix}")
            raise MalformedPolicyError(said, file=str(other), line=1, column=1, hint=hint)


def _bytes(file: Path) -> bytes:
    try:
        return files.read(file, LIMIT)
    except OSError as error:
        said = say("cannot be read: {why}", why=(error.strerror or str(error)).lower())
        raise MalformedPolicyError(
            said, file=str(file), hint=say("it must be a text file that you may read")
        ) from error


def _day(file: Path) -> date:
    try:
        return date.fromisoformat(file.parent.name)
    except ValueError as error:
        msg = say("{name!r} is not a day such as 2016-08-31", name=file.parent.name)
        hint = say("an edition's folder is named by its effective day")
        raise MalformedPolicyError(msg, file=str(file), line=1, column=1, hint=hint) from error
