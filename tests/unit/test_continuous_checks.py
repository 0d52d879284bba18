"""The action and the hooks: both can be read, and what they run is there and does what the page says.

What is *not* here: setting up the action's packages, which needs the network.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from wordkept.cli import main

ROOT = Path(__file__).resolve().parents[2]
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
HOOKS: list[dict[str, Any]] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
STEPS = {step["name"]: step for step in ACTION["runs"]["steps"]}
POLICY = "policies/papierboot"


def is_there(words: list[str]) -> None:
    """A command line of ``wordkept``: its command and each of its options exist."""
    name, command, *more = words
    assert name == "wordkept"
    known = {option for param in main.commands[command].params for option in param.opts}
    assert {word for word in more if word.startswith("--") and word != "--"} <= known


def test_the_action_is_composed_of_its_own_steps_only() -> None:
    assert ACTION["runs"]["using"] == "composite"
    for step in STEPS.values():
        assert step["shell"] == "bash"
        assert "uses" not in step
        assert "${{" not in step["run"], "an input reaches a script by its environment only"


def test_the_action_runs_a_command_that_is_there() -> None:
    (line,) = re.findall(r"^wordkept (?!\().*$", STEPS["Check"]["run"], re.MULTILINE)
    is_there(shlex.split(line.partition(">")[0]))
    assert "check --format sarif" in line
    assert "--require-hashes" in STEPS["Set up"]["run"]
    (named,) = re.findall(r"\$GITHUB_ACTION_PATH/(requirements/\S+)\"", STEPS["Set up"]["run"])
    assert (ROOT / named).is_file()


def check_step(tmp_path: Path, policy: str) -> subprocess.CompletedProcess[str]:
    """The action's own script, with this interpreter in place of the one that it would set up."""
    python = tmp_path / "wordkept" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} "$@"\n')
    python.chmod(0o755)
    given = {"POLICY": policy, "SARIF": str(tmp_path / "found.sarif")}
    env = {**os.environ, **given, "RUNNER_TEMP": str(tmp_path), "GITHUB_ACTION_PATH": str(ROOT)}
    script = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", STEPS["Check"]["run"]]
    return subprocess.run(script, cwd=ROOT, env=env, capture_output=True, text=True, check=False)


def test_the_actions_script_writes_a_log(tmp_path: Path) -> None:
    ended = check_step(tmp_path, POLICY)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert json.loads((tmp_path / "found.sarif").read_text("utf-8"))["version"] == "2.1.0"


def test_the_actions_script_is_red_and_writes_nothing_of_what_does_not_compile(tmp_path: Path) -> None:
    ended = check_step(tmp_path, "pyproject.toml")
    assert ended.returncode == 2
    assert ended.stderr.startswith("wordkept: error: pyproject.toml:1:1: ")
    assert not (tmp_path / "found.sarif").exists()


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: str(hook["id"]))
def test_a_hook_runs_a_command_that_is_there(hook: dict[str, Any]) -> None:
    assert {"id", "name", "entry", "language", "files"} <= set(hook)
    assert (hook["language"], hook["pass_filenames"]) == ("python", False)
    is_there(shlex.split(hook["entry"]))
    files = re.compile(hook["files"])
    assert files.search(f"{POLICY}/2025-03-01/policy.md")
    assert files.search("policies/bizmeka-ez/2016-08-31/policy.ko.md")
    assert not files.search("docs/policy-language.md")


def test_the_page_names_the_inputs_and_the_hooks_that_are_there() -> None:
    page = (ROOT / "docs" / "continuous-checks.md").read_text("utf-8")
    assert set(re.findall(r"^\| `([a-z]+)` \|", page, re.MULTILINE)) == set(ACTION["inputs"])
    assert set(re.findall(r"- id: (wordkept-[a-z]+)", page)) == {hook["id"] for hook in HOOKS}
    blocks = [yaml.safe_load(one) for one in re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)]
    used = blocks[0]["jobs"]["policy"]["steps"]
    assert {one["uses"].rpartition("@")[2] for one in used} == {"COMMIT"}
