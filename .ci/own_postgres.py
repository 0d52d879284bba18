"""Print a DSN of this machine's own PostgreSQL (15 or newer, with the right to create databases), or say why not."""

from __future__ import annotations

import sys

import psycopg

FLOOR = 150000
PLACES = (
    "host=/var/run/postgresql dbname=postgres",
    "host=/tmp dbname=postgres",
    "host=127.0.0.1 port=5432 dbname=postgres",
    "host=127.0.0.1 port=5432 dbname=postgres user=postgres",
)


def serves(dsn: str) -> str:
    """Say why this server does not serve; nothing when it does."""
    try:
        with psycopg.connect(dsn, connect_timeout=3) as connection:
            version = connection.info.server_version
            if version < FLOOR:
                return f"is version {version // 10000}"
            row = connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
            return "" if row and row[0] else "does not let this user create databases and roles"
    except psycopg.OperationalError:
        return "does not answer"


def main() -> int:
    """Look at each place in turn; exit 0 with a DSN on stdout, or 1 with a sentence on stderr."""
    reasons = []
    for dsn in PLACES:
        reason = serves(dsn)
        if not reason:
            print(dsn)
            return 0
        reasons.append(f"{dsn.removesuffix(' dbname=postgres')} {reason}")
    print(f"skipped: no PostgreSQL of 15 or newer to use here: {'; '.join(reasons)}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
