"""Only a process that has certainly ended is called gone."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from wordkept.vault.processes import identity, is_gone

_TELL = "from wordkept.vault.processes import identity; print(identity(), flush=True); input()"


def test_a_process_is_gone_when_it_ended_and_not_before() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _TELL], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env={"PYTHONPATH": str(Path(__file__).parents[2] / "src")},
    ) as other:  # fmt: skip
        assert other.stdout is not None
        who = other.stdout.readline().strip()
        assert not is_gone(who)
        other.kill()
        other.wait()
    assert is_gone(who)


def test_this_process_is_not_gone() -> None:
    assert not is_gone(identity())


def test_another_process_under_an_old_number_is_another() -> None:
    boot, namespace, user, pid, start = identity().rsplit(" ", 4)
    assert is_gone(f"{boot} {namespace} {user} {pid} {int(start) + 1}")


def test_what_cannot_be_known_is_not_called_gone() -> None:
    boot, namespace, user, _, start = identity().rsplit(" ", 4)
    assert not is_gone(f"another-boot {namespace} {user} 999999 {start}")
    assert not is_gone(f"{boot} pid:[1] {user} 999999 {start}")
    assert not is_gone(f"{boot} {namespace} {int(user) + 1} 999999 {start}")
    assert not is_gone("")
    assert not is_gone("nonsense")
