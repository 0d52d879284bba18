"""``check --format sarif``: what the schema of SARIF 2.1.0 requires, and what each field says of a finding."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import wordkept
from wordkept.cli import main
from wordkept.cli.named import REFERENCE
from wordkept.cli.sarif import _rule
from wordkept.policy.checks import CODES

ROOT = Path(__file__).resolve().parents[2]
POLICY = Path("2016-08-31") / "policy.md"


def run(*words: object) -> Result:
    return CliRunner().invoke(main, ["check", *(str(word) for word in words)], catch_exceptions=False)


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The reference policy below the current folder, with one finding that an office accepted."""
    shutil.copytree(ROOT / REFERENCE, tmp_path / "our policy")
    file = tmp_path / "our policy" / POLICY
    text = file.read_text("utf-8")
    note = "```accept\nfinding: WK209\nby: privacy office\nwhy: only where a statute is cited\n```\n\n"
    file.write_text(text.replace("# 3 How we collect it\n", f"{note}# 3 How we collect it\n", 1), "utf-8")
    monkeypatch.chdir(tmp_path)
    return Path("our policy")


@pytest.fixture
def logged(copy: Path) -> dict[str, Any]:
    found = run(copy, "--format", "sarif")
    assert (found.exit_code, found.stderr) == (0, "")
    log: dict[str, Any] = json.loads(found.stdout)
    return log


def test_a_log_has_what_the_schema_requires(logged: dict[str, Any]) -> None:
    assert logged["version"] == "2.1.0"
    assert logged["$schema"].endswith("/sarif-schema-2.1.0.json")
    (only,) = logged["runs"]
    driver = only["tool"]["driver"]
    assert (driver["name"], driver["version"]) == ("wordkept", wordkept.__version__)
    ids = [rule["id"] for rule in driver["rules"]]
    assert len(set(ids)) == len(ids)
    for rule in driver["rules"]:
        assert rule["shortDescription"]["text"]
        assert rule["defaultConfiguration"]["level"] in {"error", "warning", "note"}
    for result in only["results"]:
        assert result["message"]["text"]
        assert ids[result["ruleIndex"]] == result["ruleId"]
        (where,) = result["locations"]
        physical = where["physicalLocation"]
        assert physical["artifactLocation"]["uri"] == "our%20policy/2016-08-31/policy.md"
        assert physical["region"]["startLine"] >= 1
        assert physical["region"]["startColumn"] >= 1
        assert isinstance(result["suppressions"], list)


@pytest.mark.parametrize("code", CODES)
def test_a_rule_carries_its_page_and_leads_nowhere(code: str) -> None:
    rule = _rule(code)
    page = (ROOT / "docs" / "findings" / f"{code}.md").read_text("utf-8")
    assert "helpUri" not in rule
    said: Any = rule["help"]
    meaning, resolve = said["text"].split("\n\n", 1)
    for part in (meaning, resolve, rule["fullDescription"]["text"]):  # type: ignore[index]
        assert len(part) > len("Fill it")
    assert not re.search(r"\]\(|^#", said["text"], re.MULTILINE)
    assert "](" not in said["markdown"]
    assert said["markdown"].count("## ") == page.count("## ") == 2
    assert resolve.split()[0] in page.partition("## How to resolve it")[2]


def test_a_result_for_each_finding_and_no_other(copy: Path, logged: dict[str, Any]) -> None:
    (edition,) = json.loads(run(copy, "--format", "json").stdout)["editions"]
    levels = {"error": "error", "high": "warning", "warning": "warning", "note": "note"}
    told = [
        (one["code"], one["message"], one["line"], one["column"], levels[one["severity"]], one["clause"])
        for one in edition["findings"]
    ]
    said = []
    for one in logged["runs"][0]["results"]:
        (where,) = one["locations"]
        region = where["physicalLocation"]["region"]
        (clause,) = where.get("logicalLocations", [{"name": None}])
        place = (region["startLine"], region["startColumn"])
        said.append((one["ruleId"], one["message"]["text"], *place, one["level"], clause["name"]))
    assert said == told


def test_what_an_office_accepted_is_suppressed_and_says_why(logged: dict[str, Any]) -> None:
    suppressed = {one["ruleId"]: one["suppressions"] for one in logged["runs"][0]["results"] if one["suppressions"]}
    why = "privacy office: only where a statute is cited"
    assert suppressed == {"WK209": [{"kind": "inSource", "status": "accepted", "justification": why}]}


def test_an_error_is_red_here_too(copy: Path) -> None:
    file = copy / POLICY
    file.write_text(file.read_text("utf-8").replace("for five years after your service", "for four years after"))
    found = run(copy, "--format", "sarif")
    assert found.exit_code == 1
    levels = {one["ruleId"]: one["level"] for one in json.loads(found.stdout)["runs"][0]["results"]}
    assert (levels["WK302"], levels["WK201"], levels["WK601"]) == ("error", "warning", "note")


def test_json_is_short_for_its_format(copy: Path) -> None:
    words = (copy, "--clause", "5.2.B")
    assert run(*words, "--json").stdout == run(*words, "--format", "json").stdout
    assert run(*words, "--format", "text").stdout == run(*words).stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--json", "--format", "sarif"), "--json and --format sarif are two ways to print"),
        (("--format", "sarif", "--law", "kr/pipa@2026-09-11"), "--law is answered as text or json"),
        (("--format", "xml"), "'xml' is not one of"),
    ],
)
def test_what_cannot_be_printed_is_refused(copy: Path, words: tuple[str, ...], said: str) -> None:
    found = run(copy, *words)
    assert (found.exit_code, found.stdout) == (2, "")
    assert said in found.stderr
