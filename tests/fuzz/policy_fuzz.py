"""Noise into the policy compiler for a while: ``policy_fuzz.py --seed 1 --seconds 60 [--keep FOLDER]``.

Starts from every data file of the policy tests, mutates, and wants an edition or one MalformedPolicyError, quickly.
What gives anything else is written to the folder (by default tests/fuzz/found) under its SHA-256, and exit is 1. What
is *not* here: the search by Hypothesis, which ``make fuzz`` runs besides.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import sys
import time
import traceback
from pathlib import Path

from wordkept.law import Law, folder, load
from wordkept.policy import compile_text
from wordkept.policy.checks import examine
from wordkept.rules import RULES
from wordkept.terms import MalformedPolicyError

ROOT = Path(__file__).resolve().parents[2]
SLOW = 10.0
"""Seconds after which an answer counts as none."""
TOKENS = [
    b"[",
    b"]",
    b"{",
    b"}",
    b"```",
    b"---",
    b"\n\n",
    b"\n[9.9] ",
    b"&a ",
    b"*a",
    b"!!int ",
    b"<<: ",
    b"\xff",
    b"\x00",
]
TOKENS += [
    b"unless: [1.1]",
    b"as: data",
    b"clauses: [1]",
    b"- ",
    b"> ",
    b"# ",
    b"    ",
    b"\t",
    b"\xe2\x80\xae",
    b"e\xcc\x81",
]


def mutated(data: bytes, seeds: list[bytes], chance: random.Random) -> bytes:
    for _ in range(chance.randint(1, 6)):
        at, until = sorted((chance.randint(0, len(data)), chance.randint(0, len(data))))
        until = min(until, at + chance.choice([0, 1, 8, 200]))
        other = chance.choice(seeds)
        start = chance.randint(0, len(other))
        new = chance.choice(
            [b"", chance.choice(TOKENS), chance.choice(TOKENS) * chance.randint(1, 3000), other[start : start + 120]]
        )
        data = data[:at] + new + data[until:]
    return data


def answered(data: bytes, law: Law) -> str:
    """Empty if the compiler answered as it must, else what it did."""
    started = time.perf_counter()
    try:
        examine(compile_text(data, "policy.md", RULES, law))
    except MalformedPolicyError:
        pass
    except Exception:  # noqa: BLE001  (anything else is exactly what is looked for)
        return traceback.format_exc()
    taken = time.perf_counter() - started
    return f"took {taken:.1f} s" if taken > SLOW else ""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--keep", type=Path, default=Path(__file__).parent / "found")
    asked = parser.parse_args()
    chance, law = random.Random(asked.seed), load(folder())
    files = [*(ROOT / "tests" / "vectors" / "policy").rglob("*.md"), *asked.keep.glob("*.md")]
    seeds = [file.read_bytes() for file in sorted(files)]
    until, tried, wrong = time.monotonic() + asked.seconds, 0, 0
    while time.monotonic() < until:
        data = mutated(chance.choice(seeds), seeds, chance)
        tried += 1
        if said := answered(data, law):
            wrong += 1
            asked.keep.mkdir(parents=True, exist_ok=True)
            file = asked.keep / f"{hashlib.sha256(data).hexdigest()[:16]}.md"
            file.write_bytes(data)
            sys.stderr.write(f"{file}: {said}\n")
    sys.stdout.write(f"policy: {tried} documents, {wrong} answered wrongly (seed {asked.seed})\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
