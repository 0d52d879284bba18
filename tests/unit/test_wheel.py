"""The wheel stands on its own: what is data in a checkout is in it, and commands find it from any folder.

It is built and unpacked, and goes before the checkout; its dependencies are those of the environment of the tests.
"""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
START = "from wordkept.cli import main; main(prog_name='wordkept')"
DATA = {
    "_law": "law/*/*.yaml",
    "_policies": "policies/**/*.*",
    "_findings": "docs/findings/WK*.md",
    "locale": "src/wordkept/locale/*/*/*.po",
    "vault": "src/wordkept/vault/**/*.sql",
    "gate": "src/wordkept/gate/*.sql",
    "evidence": "src/wordkept/evidence/*.sql",
    "cli": "src/wordkept/cli/init/templates/**/*.*",
    "texts": "src/wordkept/texts/*.toml",
    "notice": "src/wordkept/notice/templates/*.*",
}
"""By folder of the wheel: what of a checkout must be below it."""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, unpacked."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (file,) = folder.glob("*.whl")
    with zipfile.ZipFile(file) as packed:
        packed.extractall(folder / "unpacked")
    return folder / "unpacked"


@pytest.mark.parametrize("below", DATA)
def test_all_data_is_in_it(wheel: Path, below: str) -> None:
    wanted = [file for file in ROOT.glob(DATA[below]) if file.is_file()]
    there = {file.read_bytes() for file in (wheel / "wordkept" / below).rglob("*") if file.is_file()}
    assert wanted
    assert not [file for file in wanted if file.read_bytes() not in there]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("check", "--lang", "ko"), "bizmeka EZ, 2016-08-31 시행: 조항 205개"),
        (("check", "--lang", "ko", "--law", "kr/pipa@2026-09-11"), "빠진 것: "),
        (("check", "--format", "sarif"), '"markdown": "'),
        (("diff", "--from", "2016-08-31", "--to", "2020-01-01"), "Effects: none"),
        (("trace", "5.2.B", "--lang", "ko"), "[5.2.B] 약속: "),
        (("render", "--to", "site"), "site/bizmeka-ez/2016-08-31/ko/policy.pdf"),
        (
            ("init", "desk", "--service", "Desk", "--email", "a@b.example", "--country", "kr", "--keeps", "6"),
            "a policy",
        ),
    ],
    ids=lambda one: one[0] if isinstance(one, tuple) else "",
)
def test_commands_work_from_any_folder(wheel: Path, tmp_path: Path, words: tuple[str, ...], said: str) -> None:
    environment = {**os.environ, "PYTHONPATH": str(wheel)}
    command = [sys.executable, "-c", START, *words]
    found = subprocess.run(
        command, cwd=tmp_path, env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=False
    )
    assert (found.returncode, found.stderr.decode()) == (0, "")
    assert said in found.stdout.decode()
