"""The tutorial's shop, before and after: what the page says it prints, it prints; and it has the lines it says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from tests.acting.conftest import ROOT

PAGE = (ROOT / "docs" / "tutorial.md").read_text("utf-8")
BEFORE, AFTER = re.findall(r"^```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
SAYS_BEFORE, SAYS_AFTER = re.findall(r"^\{.*\}$", PAGE, re.MULTILINE)


@contextmanager
def shop(program: str) -> Iterator[dict[str, Any]]:
    names: dict[str, Any] = {"__name__": "shop"}
    exec(compile(program, "shop.py", "exec"), names)  # noqa: S102
    try:
        yield names
    finally:
        if "kept" in names:
            names["kept"].close()


def lived(app: Any) -> Any:
    """Three people join, look, and one leaves; then the newsletter is sent. Returns what that says."""
    for name, wishes, leaves in (("Lena", True, False), ("Omar", False, False), ("Mia", True, True)):
        with app.test_client() as browser:
            form = {"name": name, "email": f"{name.lower()}@example.org"} | ({"newsletter": "yes"} if wishes else {})
            assert browser.post("/join", data=form).text == "welcome"
            seen = browser.get("/me").json
            assert {name, form["email"]} <= set(seen.values())
            if leaves:
                assert browser.post("/leave").text == "goodbye"
    return app.test_client().post("/newsletter").json


def test_the_shop_did_what_its_policy_never_allowed() -> None:
    with shop(BEFORE) as names:
        assert lived(names["app"]) == eval(SAYS_BEFORE)  # noqa: S307


def test_the_shop_behind_the_gate_keeps_its_word(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    with shop(AFTER.replace('Path(".shop")', f"Path({str(tmp_path / 'shop')!r})")) as names:
        assert lived(names["app"]) == eval(SAYS_AFTER)  # noqa: S307
        assert all(re.fullmatch("[0-9a-f]{32}", one) for one in names["people"])


def test_the_shop_has_sixty_lines() -> None:
    assert len(AFTER.splitlines()) == 60
