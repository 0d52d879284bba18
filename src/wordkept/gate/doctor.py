"""Doctor: whether an installation can keep its word as it stands, check by check, each with what to do.

A database that was put back from an older copy shows in two places outside of it: its root is not here any more, and
the newest checkpoint of a log is further than that log. What is *not* here: mending anything, and checking evidence
entry by entry (``evidence.verify``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Final, Literal

import msgspec

from wordkept.evidence import Checkpoint, Verifier, checkpoint, read_verifier
from wordkept.evidence.tiles import Tiles, logs
from wordkept.gate.obeying import strange
from wordkept.gate.stores import Stores
from wordkept.gate.upkeep import VERIFIER
from wordkept.policy.model import Policy
from wordkept.terms import BrokenError, UnavailableError
from wordkept.vault import given, owed, privileges, values
from wordkept.vault.access import AUDITOR, GATE, MOVER, durable
from wordkept.vault.formats import Store
from wordkept.vault.server import OWNER
from wordkept.vault.statements import statements

_SQL: Final = statements("doctor.sql", "wordkept.gate")
_LAG: Final = 2.0
"""Seconds after which unsealed evidence is late."""
_PUT_BACK: Final = "was the database put back from an older copy? put back a newer one, or see wordkept verify"


class Check(msgspec.Struct, frozen=True):
    """One check: ``ok``, ``at risk`` or ``broken``, what was seen, and what to do about it."""

    name: str
    state: Literal["ok", "at risk", "broken"]
    seen: str
    hint: str = ""


def examine(stores: Stores, policy: Policy, day: date) -> list[Check]:
    """Every check on a day, in a fixed order; one that cannot be made is broken."""
    found = [_policy(stores, policy)]
    for store in Store:
        for name, look in (
            ("durable", _durable),
            ("privileges", _privileges),
            ("root", _root),
            ("pairs", _pairs),
            ("sealing", _sealing),
            ("log", _log),
        ):
            found += _tried(f"{store.name.lower()}: {name}", look, stores, store)
    found += _people(stores)
    found += _partners(stores, day)
    return found


def _tried(
    name: str, look: Callable[[Stores, Store, str], Iterator[Check]], stores: Stores, store: Store
) -> list[Check]:
    try:
        return list(look(stores, store, name))
    except (UnavailableError, BrokenError) as error:
        return [Check(name, "broken", str(error))]


def _policy(stores: Stores, policy: Policy) -> Check:
    if odd := strange(stores.installation, policy):
        hint = "put that policy back; if it was corrected on purpose: wordkept doctor --obey"
        return Check("policy", "broken", odd, hint)
    editions = ", ".join(f"{one.effective} ({one.digest[:8]})" for one in policy.editions)
    return Check("policy", "ok", f"that of {policy.editions[-1].service}, in force from {editions}")


def _durable(stores: Stores, store: Store, name: str) -> Iterator[Check]:
    with stores.installation.connect(store, OWNER, autocommit=True) as connection:
        durable(connection)
    yield Check(name, "ok", "fsync, full_page_writes and synchronous_commit are on")


def _privileges(stores: Stores, store: Store, name: str) -> Iterator[Check]:
    with stores.installation.connect(store, OWNER, autocommit=True) as connection:
        privileges.check(connection, store)
    if stores.installation.access.embedded(store):
        hint = "use a database server of another account (--dsn-live, --dsn-separate)"
        yield Check(name, "at risk", "as declared, but one account of this machine owns both stores", hint)
    else:
        yield Check(name, "ok", "as declared")


def _root(stores: Stores, store: Store, name: str) -> Iterator[Check]:
    try:
        stores.installation.keyring(store, MOVER).close()
    except (UnavailableError, BrokenError) as error:
        yield Check(name, "broken", f"the keys do not open: {error}", _PUT_BACK)
        return
    holder = stores.installation.roots(store)
    with stores.installation.connect(store, AUDITOR, autocommit=True) as connection:
        epoch, phase = connection.execute(_SQL["epoch"]).fetchone() or (0, "rest")
    grade, epochs = holder.grade(), holder.epochs()
    seen = f"epoch {epoch}, {len(epochs)} root(s) in one file holder"
    strange = [one for one in epochs if one not in (epoch, epoch + 1)]
    if strange:
        odd = f"{seen}; the root of epoch {strange[0]} should not be here"
        hint = "what was destroyed before its end could be opened: find out who put that root back, and destroy it"
        yield Check(name, "broken", odd, hint if strange[0] < epoch else _PUT_BACK)
    elif phase != "rest" or epochs != (epoch,):
        yield Check(name, "at risk", f"{seen}; a turn of the epoch has not ended", "run wordkept epoch")
    elif grade.reasons:
        yield Check(name, "at risk", f"{seen}; {'; '.join(grade.reasons)}", "see docs/limits.md")
    else:
        yield Check(name, "ok", seen)


def _pairs(stores: Stores, store: Store, name: str) -> Iterator[Check]:
    with stores.installation.connect(store, OWNER, autocommit=True) as connection, connection.cursor() as cursor:
        alone = values.unpaired(cursor)
    if alone:
        yield Check(name, "broken", f"{len(alone)} or more records and keys are without the other")
    else:
        yield Check(name, "ok", "every record has its key, every key its record")


def _sealing(stores: Stores, store: Store, name: str) -> Iterator[Check]:
    with stores.installation.connect(store, AUDITOR, autocommit=True) as connection:
        count, lag = connection.execute(_SQL["oldest_pending"]).fetchone() or (0, None)
    if count and lag is not None and lag > _LAG:
        yield Check(name, "at risk", f"evidence waits for {lag:.0f} s to be sealed", "run wordkept seal")
    else:
        yield Check(name, "ok", "no evidence waits to be sealed")


def _log(stores: Stores, store: Store, name: str) -> Iterator[Check]:
    """Every log's head against its newest checkpoint outside; the checkpoints first, since a log only grows."""
    outside = _outside(stores, store)
    with stores.installation.connect(store, AUDITOR, autocommit=True) as connection:
        heads = {log: (size, bytes(root)) for log, size, root in connection.execute(_SQL["log_heads"])}
    odd = [_compared(name, log, heads.get(log), outside.get(log)) for log in sorted({*outside, *heads})]
    if found := [one for one in odd if one]:
        yield from found
    elif not outside:
        yield Check(name, "ok", "nothing was sealed yet")
    else:
        last = max(outside)
        before = ", as those before it do" if last > 1 else ""
        yield Check(name, "ok", f"log {last} with {heads[last][0]} entries reaches the checkpoint outside{before}")


def _compared(name: str, log: int, head: tuple[int, bytes] | None, outside: Checkpoint | None) -> Check | None:
    """What is odd about one log, if anything; a later log that was opened in its place mends nothing."""
    size, root = head or (0, b"")
    if outside is None:
        hint = "run wordkept seal, and compare with a checkpoint kept elsewhere: wordkept verify --since"
        return Check(name, "at risk", f"no checkpoint of log {log} is outside the database", hint) if size else None
    if head is None or size < outside.size:
        seen = f"the checkpoint outside has {outside.size} entries of log {log}, the database {size}"
        return Check(name, "broken", seen, _PUT_BACK)
    if size == outside.size and root != outside.root:
        seen = f"the {size} entries of log {log} are not those of the checkpoint outside"
        return Check(name, "broken", seen, "run wordkept verify")
    return None


def _outside(stores: Stores, store: Store) -> dict[int, Checkpoint]:
    """The newest checkpoint outside the database of every log that has one."""
    folder = stores.installation.log_folder(store)
    known = logs(folder)
    if not known:
        return {}
    try:
        key = read_verifier((folder / VERIFIER).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise BrokenError(f"{VERIFIER} of the log cannot be read") from error
    return {log: _read(folder, log, key.named(checkpoint.numbered(key.name, log))) for log in known}


def _read(folder: Path, log: int, key: Verifier) -> Checkpoint:
    try:
        return checkpoint.read(Tiles(folder, log).checkpoint() or b"", key)
    except BrokenError as error:
        raise BrokenError(f"the checkpoint of log {log} outside cannot be relied on ({error})") from error


def _people(stores: Stores) -> Iterator[Check]:
    with stores.installation.connect(Store.LIVE, GATE, autocommit=True) as connection, connection.cursor() as cursor:
        under_way = [find(cursor, most=1) for find in (values.stale_people, values.leaving, owed.wishers)]
    if any(under_way):
        yield Check("between the stores", "at risk", "something is under way or was interrupted", "run wordkept plan")
    else:
        yield Check("between the stores", "ok", "nothing is under way")


def _partners(stores: Stores, day: date) -> Iterator[Check]:
    with stores.installation.connect(Store.LIVE, GATE, autocommit=True) as connection, connection.cursor() as cursor:
        found = given.open_orders(cursor)
    late = sorted({one.order.to for one in found if one.late(day)})
    if late:
        hint = "see wordkept orders list"
        yield Check("partners", "broken", f"what {', '.join(late)} should have heard or answered is overdue", hint)
    else:
        yield Check("partners", "ok", f"{len(found)} orders are open, none is overdue")
