"""Upkeep: turning epochs, sealing and checking evidence, counting records against statements, reading the past.

What is *not* here: when any of it is done (``worker``) and acts on people.
"""

from __future__ import annotations

import contextlib
import os
import time
import uuid
from datetime import datetime
from pathlib import Path
from typing import Final, Literal

import msgspec

from wordkept.evidence import Body, Predicate, Signer, Statement, load_signer, new_signer, origin, read_verifier, state
from wordkept.evidence.census import Census, census
from wordkept.evidence.journal import Journal
from wordkept.evidence.log import Sealed, seal
from wordkept.evidence.report import Report
from wordkept.evidence.told import open_months
from wordkept.evidence.verify import verify
from wordkept.gate.asking import Swept
from wordkept.gate.stores import Stores
from wordkept.gate.telling import pseudonym
from wordkept.terms import BrokenError, Role, UnavailableError
from wordkept.vault.access import AUDITOR, EPOCH, SEALER
from wordkept.vault.epoch import Turn, Turned
from wordkept.vault.formats import Store
from wordkept.vault.installation import Installation
from wordkept.vault.server import OWNER
from wordkept.written import files

_NAMES: Final[dict[Store, Literal["live", "separate"]]] = {Store.LIVE: "live", Store.SEPARATE: "separate"}
VERIFIER: Final = "verifier.txt"


def signer(installation: Installation, store: Store) -> Signer:
    """The key that signs a store's log: made on first use, 0600, with its public half beside it."""
    folder = installation.log_folder(store)
    file = folder / "signing.key"
    if not file.exists():
        _make_signer(installation, store, file)
    found = load_signer(file)
    public, shown = f"{found.verifier()}\n", folder / VERIFIER
    if not shown.exists() or shown.read_text() != public:
        with files.whole(shown, 0o644) as stream:
            stream.write(public.encode())
    return found


def _make_signer(installation: Installation, store: Store, file: Path) -> None:
    """Whole or not at all, and by one process only: whoever comes second takes the first one's."""
    part = file.with_name(f".{file.name}.{uuid.uuid4().hex}")
    new_signer(origin(installation.config.installation, _NAMES[store])).save(part)
    with contextlib.suppress(FileExistsError):
        os.link(part, file)
    part.unlink()


def seal_all(installation: Installation, now: datetime) -> dict[str, Sealed]:
    """Seal what is pending in both logs, and sign."""
    found: dict[str, Sealed] = {}
    for store in Store:
        with installation.connect(store, OWNER, autocommit=True) as owner:
            open_months(owner, now)
        with installation.connect(store, SEALER, autocommit=True) as connection:
            key = signer(installation, store)
            found[_NAMES[store]] = seal(connection, key, installation.log_folder(store), now)
    return found


class Checked(msgspec.Struct, frozen=True):
    """What checking one store's evidence came to."""

    report: Report
    census: Census | None

    @property
    def holds(self) -> bool:
        """Whether everything fits."""
        return self.report.holds and not (self.census and self.census.mismatches)


def verify_all(installation: Installation, since: bytes | None = None, *, count: bool = True) -> dict[str, Checked]:
    """Check the evidence of both stores.

    Args:
        installation: open.
        since: a signed checkpoint kept elsewhere, of either log.
        count: whether records are counted against statements as well.

    Raises:
        BrokenError: ``since`` is not a checkpoint of this installation.
        UnavailableError: nothing was ever sealed here.
    """
    found: dict[str, Checked] = {}
    theirs = False
    for store in Store:
        folder = installation.log_folder(store)
        try:
            key = read_verifier((folder / VERIFIER).read_text())
        except OSError as error:
            raise UnavailableError("nothing was sealed yet; run wordkept apply or wordkept epoch first") from error
        mine = since if since is not None and since.startswith(key.name.encode()) else None
        with installation.connect(store, AUDITOR, autocommit=True) as connection:
            report = verify(connection, folder, key, mine)
            found[_NAMES[store]] = Checked(report, census(connection) if count else None)
        theirs = theirs or mine is not None
    if since is not None and not theirs:
        raise BrokenError("that checkpoint is of another installation, or no checkpoint at all")
    return found


def turn_epoch(stores: Stores, now: datetime) -> dict[str, Turned]:
    """Turn the epochs of both stores, or finish turns that were interrupted.

    Raises:
        UnavailableError: somebody else is turning one, or does not let go of the old; try again.
    """
    installation = stores.installation
    found: dict[str, Turned] = {}
    for store in Store:
        with installation.connect(store, EPOCH, autocommit=True) as connection:

            def wait() -> None:
                stores.renew()
                time.sleep(0.01)

            turn = Turn(connection, installation.roots(store), installation.binding(store), Journal(), now, wait=wait)
            found[_NAMES[store]] = turn.run()
    stores.renew()
    return found


def planned(stores: Stores, digest: str, records: int, now: datetime) -> None:
    """State that a plan was made."""
    _note(stores, Predicate.PLAN_MADE, now, Body(digest=digest, counts={"records": records}))


def applied(stores: Stores, digest: str, swept: Swept, by: str | None, now: datetime) -> None:
    """State that a plan was applied, and who approved it."""
    counts = {
        "destroyed": swept.destroyed, "gone": swept.gone, "not-due": swept.not_due, "separated": swept.separated,
    }  # fmt: skip
    _note(stores, Predicate.PLAN_APPLIED, now, Body(digest=digest, counts=counts, second=by))


def turned_away(stores: Stores, why: str, now: datetime, by: str, subject: str | None, requests: int) -> None:
    """State that a door turned requests away, ``why`` being one of its own words."""
    body = Body(actor=pseudonym(by), counts={"requests": requests}, rule=f"door.{why}", subject=subject)
    _note(stores, Predicate.REFUSED, now, body)


def _note(stores: Stores, predicate: Predicate, now: datetime, body: Body) -> None:
    """State something that the system did."""
    statement: Statement = state(predicate, now, msgspec.structs.replace(body, role=Role.SYSTEM))
    with stores.transaction():
        stores.tell([statement])
