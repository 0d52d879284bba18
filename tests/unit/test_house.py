"""House rules that no linter knows, each as a test over the tracked files.

What is *not* here: what ruff, mypy and import-linter hold already (see ``pyproject.toml``).
"""

from __future__ import annotations

import ast
import importlib
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import click
import pytest

ROOT = Path(__file__).resolve().parents[2]
SRC = ROOT / "src" / "wordkept"
DOORS = {"cli", "web"}
LONGEST = 300
TOO_LONG: dict[str, int] = {}
"""Modules allowed to be longer, with the length they may not pass. Entries may only shrink or go."""
LONGEST_RULE = 15
TOO_LONG_RULES: dict[str, int] = {}
"""Functions of rules allowed to be longer, likewise."""
BANNED_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "managers", "base", "service", "misc"}
TABLES = {"rules": {"RULES"}}
"""The only constants an ``__init__`` may build: the explicit table of rules, by design."""

# Spelt in pieces, so that this file does not hold what it looks for.
REGISTRIES = [".".join(words) for words in (("pypi", "org"), ("npmjs", "org"), ("deb", "debian"), ("crates", "io"))]
REGISTRIES += ["".join(words) for words in (("python", "hosted"), ("proxy.", "golang"))]
MACHINE = re.compile("(^|[^A-Za-z0-9_.])/(work|root|home/[a-z]+)/")
STATEMENT_NAME = re.compile(r"^-- name: ([a-z][a-z0-9_]*)\s*$")
SQL = re.compile(
    r"^\s*(SELECT\b.*\bFROM|INSERT\s+INTO|DELETE\s+FROM|UPDATE\s+\S+\s+SET|MERGE\s+INTO|WITH\s+\w+\s+AS)\b", re.DOTALL
)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
FENCED = re.compile(r"^(```|~~~)(.*?)^\1", re.DOTALL | re.MULTILINE)


@cache
def tracked() -> tuple[Path, ...]:
    """Files under version control, or all but hidden ones where there is no repository (an unpacked release)."""
    try:
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True)  # noqa: S607
    except (OSError, subprocess.CalledProcessError):
        found = [
            path for path in ROOT.rglob("*") if not any(part.startswith(".") for part in path.relative_to(ROOT).parts)
        ]
    else:
        found = [ROOT / name for name in listed.stdout.decode().split("\0") if name]
    return tuple(path for path in found if path.is_file())


def modules() -> list[Path]:
    return sorted(SRC.rglob("*.py"))


def inside(path: Path) -> str:
    return path.relative_to(SRC).as_posix()


def texts() -> Iterator[tuple[str, str]]:
    for path in tracked():
        try:
            yield path.relative_to(ROOT).as_posix(), path.read_text("utf-8")
        except UnicodeDecodeError:
            continue


def test_a_module_is_at_most_three_hundred_lines_long() -> None:
    lengths = {inside(path): len(path.read_text("utf-8").splitlines()) for path in modules()}
    too_long = {name: length for name, length in lengths.items() if length > TOO_LONG.get(name, LONGEST)}
    assert not too_long, "split these"
    settled = {name for name in TOO_LONG if lengths.get(name, 0) <= LONGEST}
    assert not settled, "these are short enough now: take them off the list"


def body_length(function: ast.FunctionDef) -> int:
    """Lines below the docstring."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def test_a_rule_is_at_most_fifteen_lines_long() -> None:
    trees = [ast.parse(path.read_text("utf-8")) for path in (SRC / "rules").glob("*.py")]
    functions = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    lengths = {function.name: body_length(function) for function in functions}
    too_long = {name: length for name, length in lengths.items() if length > TOO_LONG_RULES.get(name, LONGEST_RULE)}
    assert not too_long, "say these more simply"
    settled = {name for name in TOO_LONG_RULES if lengths.get(name, 0) <= LONGEST_RULE}
    assert not settled, "these are short enough now: take them off the list"


def test_an_init_only_re_exports() -> None:
    wrong = []
    for path in SRC.rglob("__init__.py"):
        allowed = {"__all__", "__version__"} | TABLES.get(path.parent.name, set())
        for node in ast.parse(path.read_text("utf-8")).body:
            targets: list[ast.expr] = node.targets if isinstance(node, ast.Assign) else []
            targets = [node.target] if isinstance(node, ast.AnnAssign) else targets
            names = {target.id for target in targets if isinstance(target, ast.Name)}
            says = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
            if not (says or isinstance(node, ast.Import | ast.ImportFrom) or (names and names <= allowed)):
                wrong.append(f"{inside(path)}:{node.lineno}")
    assert not wrong


def test_no_module_has_a_name_that_says_nothing() -> None:
    parts = {part for path in modules() for part in path.relative_to(SRC).with_suffix("").parts}
    assert not parts & BANNED_NAMES


def test_every_module_says_its_rule() -> None:
    silent = [
        inside(path)
        for path in modules()
        if path.stat().st_size and not ast.get_docstring(ast.parse(path.read_text("utf-8")))
    ]
    assert not silent


def catches_everything(handler: ast.ExceptHandler) -> bool:
    named = {n.id for n in ast.walk(handler.type) if isinstance(n, ast.Name)} if handler.type else {"Exception"}
    return bool(named & {"Exception", "BaseException"})


def test_only_the_doors_catch_everything() -> None:
    inner = [path for path in modules() if path.relative_to(SRC).parts[0] not in DOORS]
    nodes = [(inside(path), n) for path in inner for n in ast.walk(ast.parse(path.read_text("utf-8")))]
    broad = [f"{name}:{n.lineno}" for name, n in nodes if isinstance(n, ast.ExceptHandler) and catches_everything(n)]
    assert not broad


def test_sql_stands_in_sql_files() -> None:
    strings = []
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str | bytes):
                value = node.value.decode("latin-1") if isinstance(node.value, bytes) else node.value
                if SQL.match(value):
                    strings.append(f"{inside(path)}:{node.lineno}")
    assert not strings


def test_every_sql_statement_has_a_name() -> None:
    nameless = []
    for path in SRC.rglob("*.sql"):
        if path.parent.name == "migrations" or path.name == "schema.sql":
            continue  # a definition is applied whole, from its first line to its last
        names: list[str] = []
        statements = 0
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            if named := STATEMENT_NAME.match(line):
                names.append(named[1])
                statements = 0
            elif line.strip() and not line.lstrip().startswith("--"):
                if not names or statements:
                    nameless.append(f"{inside(path)}:{number}")
                statements += line.rstrip().endswith(";")
        nameless += [f"{inside(path)}: {name} twice" for name in sorted({n for n in names if names.count(n) > 1})]
    assert not nameless


def test_no_file_names_a_package_registry() -> None:
    assert not [name for name, text in texts() if any(host in text for host in REGISTRIES)]


def test_no_file_names_a_folder_of_the_machine_it_was_written_on() -> None:
    assert not [f"{name}: {found[0]}" for name, text in texts() if (found := MACHINE.search(text))]


def test_every_link_in_the_documentation_leads_somewhere() -> None:
    dead = []
    for path in tracked():
        if path.suffix != ".md" or "vectors" in path.parts:
            continue
        for target in LINK.findall(FENCED.sub("", path.read_text("utf-8"))):
            file = target.split("#")[0]
            if file and "://" not in target and not target.startswith("mailto:") and not (path.parent / file).exists():
                dead.append(f"{path.relative_to(ROOT)} → {target}")
    assert not dead


def commands(group: click.Group, before: str = "") -> Iterator[str]:
    for name, command in group.commands.items():
        if command.hidden:
            continue
        yield before + name
        if isinstance(command, click.Group):
            yield from commands(command, f"{before}{name}-")


def test_every_command_has_a_page() -> None:
    main = getattr(importlib.import_module("wordkept.cli"), "main", None)
    if not isinstance(main, click.Group):
        pytest.skip("there is no command line yet")
    pages = {path.stem for path in (ROOT / "docs" / "commands").glob("*.md")} - {"index"}
    known = set(commands(main))
    assert pages == known, f"without a page: {sorted(known - pages)}; without a command: {sorted(pages - known)}"


def test_decisions_say_which_promises_they_touch() -> None:
    records = sorted((ROOT / "docs" / "adr").glob("[0-9]*.md"))
    assert [path.name[:4] for path in records] == [f"{n:04}" for n in range(1, len(records) + 1)]
    assert not [path.name for path in records if "\n- Promises affected: " not in path.read_text("utf-8")]


def test_what_is_locked_is_hashed_and_names_no_host() -> None:
    for path in (ROOT / "requirements").glob("*.txt"):
        text = path.read_text("utf-8")
        assert "://" not in text
        blocks = re.split(r"\n(?=\S)", text.strip())
        assert not [block.split()[0] for block in blocks if "--hash=sha256:" not in block]
