"""The bench: measures what the project says about its speed, prints a table, and writes ``bench/results/``.

Every figure is a median over slices that take turns with the bare work they are compared with, in this one run. A
missed bar is said, not hidden, and is no failure: a busy machine misses. What is *not* here: the measurements.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from checking import due_scan, verifying
from compiling import checking_a_large_one, compiling
from deciding import deciding
from figures import Figure, as_json, as_text, beside, load, machine, revision, table
from ground import ROOT, Ground
from moving import epoch, separation
from reading import guarded_read, read_many
from reporting import access_report
from serving import over_http
from sharing import erasing_shared
from storing import bulk_collect, erasing, sweeping

from wordkept.gate import Temporary

MEASURES: Final[Mapping[str, Callable[[Ground], list[Figure]]]] = {
    "guarded-read": guarded_read,
    "read-many": read_many,
    "over-http": over_http,
    "access-report": access_report,
    "decide": deciding,
    "compile": compiling,
    "check": checking_a_large_one,
    "collect": bulk_collect,
    "erase": erasing,
    "erase-shared": erasing_shared,
    "sweep": sweeping,
    "separation": separation,
    "epoch": epoch,
    "due-scan": due_scan,
    "verify": verifying,
}


def main() -> int:
    """Run what was asked for."""
    asked = _arguments()
    figures: list[Figure] = []
    with Temporary() as temporary:
        ground = Ground(temporary, quick=asked.quick)
        about = {"made": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}", "commit": revision(ROOT), **machine("")}
        for name in asked.only or MEASURES:
            start = time.perf_counter()
            print(f"{name} …", end=" ", flush=True, file=sys.stderr)
            found = MEASURES[name](ground)
            print(f"{time.perf_counter() - start:.0f} s", file=sys.stderr)
            for one in found:
                print(f"  {one.name}: {beside(one)}", file=sys.stderr)
            figures += found
        about["postgresql"] = ground.server
        about["load after"] = load()
    print(table(figures))
    if not (asked.only or asked.quick):
        _write(asked.folder, about, figures)
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure; results of a full run are written to bench/results/.")
    parser.add_argument("--only", action="append", choices=MEASURES, metavar="NAME", help=", ".join(MEASURES))
    parser.add_argument("--quick", action="store_true", help="small numbers, to see that everything runs")
    parser.add_argument("--folder", type=Path, default=ROOT / "bench" / "results", help="where results are written")
    return parser.parse_args()


def _write(folder: Path, about: Mapping[str, str], figures: list[Figure]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "latest.json").write_bytes(as_json(about, figures))
    (folder / "latest.md").write_text(as_text(about, figures), encoding="utf-8")
    print(f"written to {folder}")


if __name__ == "__main__":
    sys.exit(main())
