"""Obeying: which editions were in force in an installation, and whether a policy still has them as they were.

Written down where days are computed: with the first change, and by every day's run. What is *not* here: refusing
(``opening``) and telling (``doctor``).
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from wordkept.policy.model import Edition, Policy
from wordkept.vault import owed
from wordkept.vault.access import GATE
from wordkept.vault.flight import Session
from wordkept.vault.formats import Store
from wordkept.vault.installation import Installation


def up_to(policy: Policy, day: date) -> dict[date, str]:
    """The editions in force up to a day: their digests by first day."""
    return {one.effective: one.digest for one in policy.until(day)}


def begin(session: Session, policy: Policy, edition: Edition, day: date) -> None:
    """The first records, as far as a gate knows, are about to be computed under an edition."""
    owed.begin_projected(session, edition.digest)
    owed.obey(session, up_to(policy, day))


def strange(installation: Installation, policy: Policy) -> str:
    """How a policy differs from what was obeyed there; empty if it has all of that."""
    has = {one.effective: one.digest for one in policy.editions}
    with installation.connect(Store.LIVE, GATE, autocommit=True) as connection, connection.cursor() as cursor:
        known = owed.obeyed(cursor)
    for day, digest in known.items():
        if day not in has:
            return f"this installation obeyed an edition in force from {day}, which {policy.path} does not have"
        if has[day] != digest:
            return f"the edition in force from {day} is not as this installation obeyed it; it was altered since"
    return ""


def obey(installation: Installation, policy: Policy, day: date) -> None:
    """An operator says that a policy is the one to obey from a day on, though an edition is altered or gone."""
    with installation.connect(Store.LIVE, GATE) as connection, connection.cursor() as cursor:
        owed.obey(cursor, up_to(policy, day), anew=True)
    installation.remember(Path(policy.path))
