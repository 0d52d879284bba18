"""The place: which installation a command is about, under which policy, and what time it is there.

Only here are the clock and the environment read. A demonstration's installation has a clock of its own, since its
people lived in other years; everywhere else it is the machine's, and nothing can change that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, TypeVar

import click
import msgspec
import psycopg
from psycopg.conninfo import conninfo_to_dict

from wordkept.cli.named import read_policy
from wordkept.gate import Gate, obey, opened
from wordkept.terms import UnavailableError

Command = TypeVar("Command", bound=Callable[..., Any])
CLOCK: Final = "demonstration-clock"
"""Name of the file, in a demonstration's installation, that says what time it is there (ISO 8601)."""


class Place(msgspec.Struct, frozen=True):
    """Where a command looks: the installation's folder, its policy if one was named, DSNs, and whether to obey anew."""

    folder: Path
    policy: Path | None
    dsn_live: str | None
    dsn_separate: str | None
    obey: bool = False

    def __post_init__(self) -> None:
        """Refuse what is no connection string, without repeating it: it may hold a password.

        Raises:
            UnavailableError: says which.
        """
        for option, dsn in (("--dsn-live", self.dsn_live), ("--dsn-separate", self.dsn_separate)):
            check_dsn(option, dsn)

    @contextmanager
    def gate(self, *, looking: bool = False) -> Iterator[Gate]:
        """The gate of the installation that is there; only ``looking`` is allowed under a policy that it did not obey.

        Raises:
            UnavailableError: there is none, it remembers no policy, or it obeyed another one.
        """
        if not (self.folder / "installation.json").is_file():
            raise UnavailableError(f"there is no installation in {self.folder}; name one with --folder")
        remembered, real = self._remembered(), not (self.folder / CLOCK).exists()
        named = self.policy or remembered
        if named is None:
            raise UnavailableError("this installation remembers no policy", hint="name it: wordkept doctor --policy")
        if self.policy and remembered and self.policy.resolve() != remembered.resolve() and not self.obey and real:
            raise UnavailableError("this installation obeys another policy; only a demonstration can be asked what if")
        policy, free = read_policy(named), self.obey or looking or not real
        with opened(self.folder, policy, dsn_live=self.dsn_live, dsn_separate=self.dsn_separate, what_if=free) as gate:
            if self.obey:
                obey(gate.installation, policy, gate.day(self.now()))
            yield gate

    def now(self) -> datetime:
        """What time it is there.

        Raises:
            UnavailableError: a demonstration's clock is damaged, or does not say in which zone.
        """
        try:
            found = datetime.fromisoformat((self.folder / CLOCK).read_text().strip())
        except FileNotFoundError:
            return datetime.now(UTC)
        except ValueError as error:
            raise UnavailableError(f"{self.folder / CLOCK} does not say a time") from error
        if found.utcoffset() is None:
            raise UnavailableError(f"{self.folder / CLOCK} says no time zone; write it as 2019-12-05T12:00:00+09:00")
        return found

    def _remembered(self) -> Path | None:
        """Where its policy is, seen from beside the installation: what the caller's folder holds is another's."""
        try:
            raw = msgspec.json.decode((self.folder / "installation.json").read_bytes(), type=_Remembered)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise UnavailableError(f"{self.folder / 'installation.json'} is damaged") from error
        found, here = self.folder.resolve().parent / (raw.policy or ""), Path.cwd()
        return (found.relative_to(here) if found.is_relative_to(here) else found) if raw.policy else None


class _Remembered(msgspec.Struct, frozen=True):
    """Of what an installation remembers, what a door needs to know before it opens it."""

    policy: str | None = None


def check_dsn(option: str, dsn: str | None) -> None:
    """Refuse what is no connection string.

    Raises:
        UnavailableError: names the option; the string itself may hold a password.
    """
    try:
        conninfo_to_dict(dsn or "")
    except psycopg.ProgrammingError as error:
        raise UnavailableError(f"{option} is not a PostgreSQL connection string") from error


def at_place(command: Command) -> Command:
    """The options that name an installation; the command gets them as ``place``."""

    def wrapped(
        folder: Path, policy: Path | None, dsn_live: str | None, dsn_separate: str | None, *, obey: bool, **rest: object
    ) -> object:
        return command(place=Place(folder, policy, dsn_live, dsn_separate, obey), **rest)

    wrapped.__name__, wrapped.__doc__ = command.__name__, command.__doc__
    wrapped.__click_params__ = list(getattr(command, "__click_params__", []))  # type: ignore[attr-defined]
    for option in (
        click.option("--dsn-separate", envvar="WORDKEPT_DSN_SEPARATE", help="PostgreSQL of the separate store."),
        click.option("--dsn-live", envvar="WORDKEPT_DSN_LIVE", help="PostgreSQL of the live store."),
        click.option("--obey", is_flag=True, help="Obey the policy as it is now, editions altered or not."),
        click.option(
            "--policy", type=click.Path(path_type=Path), help="Another policy than the remembered one, this once."
        ),
        click.option(
            "--folder",
            type=click.Path(path_type=Path),
            default=Path(".wordkept"),
            envvar="WORDKEPT_FOLDER",
            show_default=True,
            help="The installation.",
        ),
    ):
        wrapped = option(wrapped)
    return wrapped  # type: ignore[return-value]
