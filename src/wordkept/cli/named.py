"""Named: the policy, the edition and the clauses that a command line names; what is not there is one clear error.

What is *not* here: the policy that an installation remembers, which nobody names (``place``).
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Final

import wordkept
from wordkept.language import say
from wordkept.policy import load
from wordkept.policy.model import Edition, Policy
from wordkept.rules import RULES
from wordkept.terms import MalformedPolicyError
from wordkept.trace.statutes import on_file
from wordkept.written.typed import nearest

REFERENCE: Final = Path("policies/bizmeka-ez")
"""How the reference policy is named; ``located`` finds it."""


def read_policy(path: Path) -> Policy:
    """Compile the policy at a path with the rules and the law on file."""
    return load(path, RULES, on_file())


def located(path: Path) -> Path:
    """Where a policy is that is only asked about: as named, but the reference policy is found from any folder.

    Where the current folder has none, it is that of the checkout, or the copy that the package carries. An installation
    does not come here: it obeys the policy that it remembers, and no other in its place.
    """
    if path != REFERENCE or path.exists():
        return path
    package = Path(wordkept.__file__).resolve().parent
    places = (package.parent.parent / REFERENCE, package / "_policies" / REFERENCE.name)
    return next((place for place in places if place.is_dir()), path)


def asked_about(path: Path) -> Policy:
    """The policy that a command only reads."""
    return read_policy(located(path))


def written_to(path: Path) -> Policy:
    """The policy in whose folder a command writes: one that is named and there, not the copy of the package.

    Raises:
        MalformedPolicyError: only that copy would be found.
    """
    found = located(path)
    if found != path:
        hint = say("take a copy of your own: {command}", command=f"cp -r {shlex.quote(str(found))} mine")
        raise MalformedPolicyError(say("there is no such policy here to write to"), file=str(path), hint=hint)
    return read_policy(path)


def only_edition(path: Path) -> Edition:
    """The edition at a path that has one.

    Raises:
        MalformedPolicyError: there are several.
    """
    editions = asked_about(path).editions
    if len(editions) > 1:
        hint = say("name one of them, such as {file}, or use --from and --to", file=editions[-1].file)
        raise MalformedPolicyError(say("{count} editions are here", count=len(editions)), file=str(path), hint=hint)
    return editions[0]


def edition_on(policy: Policy, day: date) -> Edition:
    """The edition in force on a day.

    Raises:
        MalformedPolicyError: the first takes effect later.
    """
    found = policy.on(day)
    if found is None:
        hint = say("the first takes effect on {day}", day=policy.editions[0].effective)
        raise MalformedPolicyError(say("no edition is in force on {day}", day=day), file=policy.path, hint=hint)
    return found


def edition_from(policy: Policy, day: date) -> Edition:
    """The edition whose first day in force is a day.

    Raises:
        MalformedPolicyError: none begins on it.
    """
    for edition in policy.editions:
        if edition.effective == day:
            return edition
    known = ", ".join(str(one.effective) for one in policy.editions)
    said, hint = say("no edition is in force from {day}", day=day), say("there is {days}", days=known)
    raise MalformedPolicyError(said, file=policy.path, hint=hint)


def check_clauses(policy: Policy, numbers: Iterable[str]) -> None:
    """Whether some edition has each of some clauses.

    Raises:
        MalformedPolicyError: none has one of them.
    """
    known = {number for edition in policy.editions for number in edition.clauses}
    for number in numbers:
        if number not in known:
            said, hint = say("no clause is called {clause}", clause=number[:32]), nearest(number, sorted(known))
            raise MalformedPolicyError(said, file=policy.path, hint=hint)
