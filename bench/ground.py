"""The ground: a passing vault for each measurement, one core for client and server, and people to measure with.

Everything goes through the gate as it would in service. The one liberty: where a measurement is about the work of the
processor, the session's ``synchronous_commit`` is turned off and its name says so. What is *not* here: measurements.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from wordkept import law
from wordkept.gate import Asked, Gate, Happening, Temporary
from wordkept.policy import load
from wordkept.policy.model import Policy
from wordkept.record import CONSENT, Actor, Request
from wordkept.rules import RULES
from wordkept.terms import Act, Choice, Effect, Role
from wordkept.texts import shown_on
from wordkept.vault.access import GATE, Connection
from wordkept.vault.formats import Store
from wordkept.vault.server import OWNER

ROOT: Final = Path(__file__).resolve().parents[1]
REFERENCE: Final = ROOT / "policies" / "bizmeka-ez"
NOW: Final = datetime(2017, 3, 1, 12, tzinfo=ZoneInfo("Asia/Seoul"))
SYSTEM: Final = Actor(Role.SYSTEM, name="bench")
MEMBER: Final = Actor(Role.MEMBER, name="bench-member")
ITEMS: Final = (
    "applicant_name", "business_reg_no", "birthdate", "gender", "mobile_phone", "ci", "di", "address", "contact_no",
    "email",
)  # fmt: skip
"""Ten items of the sign-up; three of them are searched for."""


def policy_of(path: Path) -> Policy:
    """A policy, read and compiled with the law on file."""
    return load(path, RULES, law.load(ROOT / "law"))


def reference_policy() -> Policy:
    """The reference policy."""
    return policy_of(REFERENCE)


class Ground:
    """What every measurement stands on.

    Args:
        temporary: an open server of passing vaults.
        quick: small numbers, to see that everything runs.
    """

    def __init__(self, temporary: Temporary, *, quick: bool) -> None:
        self.temporary, self.quick, self.policy = temporary, quick, reference_policy()
        self.server = ""

    @property
    def server_folder(self) -> Path:
        """Where the server belongs that all vaults share."""
        base = self.temporary._base  # noqa: SLF001  (only a second process needs it)
        assert base
        return base.folder

    @contextmanager
    def core(self) -> Iterator[None]:
        """One core for this process."""
        with one_core(os.getpid()):
            yield

    def size(self, full: int, quick: int) -> int:
        """A number for a full run, or a quick one."""
        return quick if self.quick else full

    @contextmanager
    def gate(self, *, pinned: bool = True) -> Iterator[Gate]:
        """A gate on a fresh vault; where ``pinned``, we and every session that it opens share one core."""
        with self.temporary.gate(self.policy) as gate:
            with owner(gate) as connection:
                self.server = str(connection.info.parameter_status("server_version"))
                postmaster = _parent(connection.info.backend_pid)
            with one_core(os.getpid(), postmaster) if pinned else nullcontext():
                yield gate


@contextmanager
def one_core(*processes: int | None) -> Iterator[None]:
    """Processes, and what they start from now on, on the last core; where the system lets us."""
    before: dict[int, set[int]] = {}
    for process in processes:
        if process is not None and hasattr(os, "sched_setaffinity"):
            with suppress(PermissionError):
                before[process] = os.sched_getaffinity(process)
                os.sched_setaffinity(process, {max(before[process])})
    try:
        yield
    finally:
        for process, cores in before.items():
            with suppress(ProcessLookupError):
                os.sched_setaffinity(process, cores)


def _parent(process: int) -> int | None:
    """The process that started another, none where it is not on this machine."""
    try:
        return int(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return None


@contextmanager
def owner(gate: Gate, store: Store = Store.LIVE) -> Iterator[Connection]:
    """The owner's connection, for tables beside the vault's own and for vacuuming."""
    with gate.installation.connect(store, OWNER, autocommit=True) as connection:
        yield connection


def rested(gate: Gate) -> None:
    """What a server in service did long ago: statistics and a checkpoint."""
    for store in Store:
        with owner(gate, store) as connection:
            connection.execute("VACUUM ANALYZE")
            connection.execute("CHECKPOINT")


def values(number: int) -> Mapping[str, str]:
    """Plausible values of a person's ten items."""
    return {
        "applicant_name": f"Person {number}",
        "business_reg_no": f"000-00-{number % 100_000:05}",
        "birthdate": f"19{50 + number % 49}-0{1 + number % 9}-1{number % 10}",
        "gender": "f" if number % 2 else "m",
        "mobile_phone": f"010-{number // 10_000 % 10_000:04}-{number % 10_000:04}",
        "ci": f"ci-{number:040}",
        "di": f"di-{number:040}",
        "address": f"{number % 400} Long Street, Town {number % 99}",
        "contact_no": f"02-000-{number % 10_000:04}",
        "email": f"person{number}@example.org",
    }


def sign_ups(gate: Gate, count: int, now: datetime, first: int = 0) -> list[Asked]:
    """Requests that collect the ten items of new people, who agreed to it already."""
    ask = Request(act=Act.COLLECT, items=ITEMS, by=MEMBER, on=gate.day(now), purpose="identification", method="website")
    subjects = [gate.new_subject(now) for _ in range(count)]
    happen(gate, subjects, CONSENT, now, to="table", choice=Choice.GIVEN)
    return [Asked(subject, ask, values(number)) for number, subject in enumerate(subjects, first)]


def strangers(gate: Gate, count: int, now: datetime) -> list[str]:
    """People who began to sign up and no more: they agreed, and ten records of each were collected."""
    asks = sign_ups(gate, count, now)
    collect(gate, asks, now)
    return [one.subject for one in asks]


def collect(gate: Gate, asks: Sequence[Asked], now: datetime) -> None:
    """Collect, every request of it."""
    done = gate.perform_many(asks, now)
    assert all(one.decision.effect is Effect.ALLOW for one in done), done[0].decision.reason


def members(gate: Gate, count: int, now: datetime) -> list[str]:
    """People whose service has begun."""
    subjects = strangers(gate, count, now)
    happen(gate, subjects, "service.subscribed", now)
    return subjects


def former(gate: Gate, count: int, now: datetime) -> list[str]:
    """People whose service ended on the day of ``now``; their records must be kept apart from the next day on."""
    subjects = members(gate, count, now)
    happen(gate, subjects, "service.terminated", now)
    return subjects


def happen(
    gate: Gate,
    subjects: Sequence[str],
    kind: str,
    now: datetime,
    *,
    to: str | None = None,
    choice: Choice | None = None,
) -> None:
    """The same event for many people."""
    shown = shown_on(gate.policy, gate.day(now), to) if to else None
    by = MEMBER if to else None
    said = [Happening(one, kind, to=to, choice=choice, by=by, shown=shown) for one in subjects]
    done = gate.happen(said, now)
    assert all(isinstance(one, int) for one in done), done[0]


def later(days: int) -> datetime:
    """An instant some days after ``NOW``."""
    return NOW + timedelta(days=days)


def session(gate: Gate) -> Connection:
    """A session of the gate's role beside the gate, for bare work."""
    return gate.installation.connect(Store.LIVE, GATE, autocommit=True)
