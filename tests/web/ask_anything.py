"""Schemathesis asks the API what its description allows and what it does not, and nothing may fail but politely.

``make anything`` runs it. It asks as a program to whom everything is granted, with names that the policy declares and
people who are there, so that requests reach the gate. Afterwards the evidence must hold and the log of our own faults
must be empty. What is *not* here: what each answer should be (``test_api``, ``test_hostile``).
"""

from __future__ import annotations

import argparse
import logging
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.web.conftest import MEMBER, NOON, POLICY, Door, served, text

from wordkept.gate import Gate, Temporary
from wordkept.terms import Choice, Role
from wordkept.web.api.credentials import declared
from wordkept.web.api.description import description
from wordkept.web.api.messages import Collect, Consent, Event

CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,"
    "unsupported_method,ignored_auth"
)


def main() -> int:
    asked = argparse.ArgumentParser()
    asked.add_argument("schemathesis", type=Path)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--examples", type=int, default=60)
    given = asked.parse_args()
    faults = Faults()
    logging.getLogger("wordkept.web").addHandler(faults)
    with tempfile.TemporaryDirectory() as folder, Temporary() as temporary, temporary.gate(POLICY) as gate:
        with served(gate, Path(folder), lambda: NOON, send=lambda _: None) as door:
            secret = door.program("anything", *grants(), roles=tuple(Role))
            ask = partial(run, given, door, secret, Path(folder))
            code = ask(description(), "coverage", f"{CHECKS},negative_data_rejection")
            code = code or ask(narrowed(people(door, secret, 3)), "fuzzing,stateful", CHECKS)
        return code or judged(gate, faults)


def run(
    given: argparse.Namespace, door: Door, secret: str, folder: Path, about: dict[str, Any], phases: str, checks: str
) -> int:
    """Ask what a description allows, and what it does not."""
    file = folder / "openapi.json"
    file.write_bytes(msgspec.json.encode(about))
    command = [
        str(given.schemathesis.absolute()), "run", str(file), "--url", door.address, "--tls-verify",
        str(door.authority), "--header", f"Authorization: Bearer {secret}", "--checks", checks, "--phases", phases,
        "--seed", str(given.seed), "--max-examples", str(given.examples), "--suppress-health-check", "all",
        "--continue-on-failure", "--generation-database", "none", "--warnings", "off",
    ]  # fmt: skip
    return subprocess.run(command, check=False, cwd=folder).returncode


class Faults(logging.Handler):
    """Our own faults, as they were logged."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


def grants() -> list[str]:
    """Everything that can be granted."""
    named = [
        f"{verb}:{about}"
        for verb in ("collect", "use", "consent", "event", "provide", "entrust")
        for about in sorted(declared(verb, POLICY))
    ]
    return [*named, "view", "correct", "freeze", "lift", "destroy", "identify"]


def people(door: Door, secret: str, count: int) -> list[str]:
    """Members with an address."""
    with door.client(secret) as client:
        found = [client.new_subject() for _ in range(count)]
        for one in found:
            client.ask(Consent(subject=one, by=MEMBER, to="table", choice=Choice.GIVEN, shown=text("table")))
            client.ask(Event(subject=one, by=MEMBER, kind="service.subscribed"))
            values = {"email": "minji@example.kr", "mobile_phone": "010-1234-5678"}
            given = Collect(subject=one, by=MEMBER, purpose="identification", method="website", values=values)
            client.ask(given)
    return found


def narrowed(subjects: Iterable[str]) -> dict[str, Any]:
    """The description, in which names are often ones that mean something here."""
    (edition,) = POLICY.editions
    words = {
        "subject": list(subjects), "purpose": list(edition.purposes), "kind": sorted(declared("event", POLICY)),
        "method": ["website"], "to": sorted({*edition.consents, *edition.recipients, *edition.processors}),
    }  # fmt: skip
    found = description()
    for schema in (one for name, one in found["components"]["schemas"].items() if name != "Subject"):
        for name, values in words.items():
            known = schema.get("properties", {}).get(name)
            if known and known.get("type") == "string":
                known["enum"] = values
        items = schema.get("properties", {}).get("items")
        if items and items.get("type") == "array":
            items["items"]["enum"] = ["email", "mobile_phone", "applicant_name", "id_card_copy", "rrn"]
    return found


def judged(gate: Gate, faults: Faults) -> int:
    """Whether evidence holds after all that, and nothing of ours failed."""
    gate.seal(NOON)
    for store, one in gate.verify().items():
        print(f"{store}: {one.report.entries:,} statements {'hold' if one.holds else 'DO NOT HOLD'}")
        if not one.holds:
            return 1
    for line in faults.lines:
        print(line)
    return 1 if faults.lines else 0


if __name__ == "__main__":
    sys.exit(main())
