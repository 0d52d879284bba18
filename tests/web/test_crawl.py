"""What a website really keeps and loads is held against its policy; a site that lies is found out, in a browser."""

from __future__ import annotations

import importlib.util
import json
import shutil
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from click.testing import CliRunner
from tests.gate.conftest import at, fresh, gate, temporary, told
from tests.web.test_cookies import policy_of

from wordkept.cli.main import main
from wordkept.gate import Temporary
from wordkept.gate.probing import probed
from wordkept.web.cookies import Guard, wsgi
from wordkept.web.crawl import browser
from wordkept.web.crawl.judged import judged, report
from wordkept.web.crawl.seen import Left, Seen, Way

__all__ = ["fresh", "gate", "temporary"]
DAY = date(2026, 3, 2)
SHOP, REFERENCE, CLINIC = policy_of("papierboot"), policy_of("bizmeka-ez"), policy_of("haneul-clinic")
BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
looks = pytest.mark.skipif(
    BROWSER is None or importlib.util.find_spec("playwright") is None,
    reason="there is no Chromium or no Playwright here (apt-get install chromium; make .venv/.page)",
)


def wrong(seen: Seen, policy: Any = SHOP) -> list[tuple[str, str, bool]]:
    return sorted((one.what, one.name, one.declared) for one in judged(policy, policy.on(DAY), DAY, seen))


def kept(way: Way, *names: str, where: str = "cookie", **more: Any) -> Seen:
    return Seen(way=way, pages=("/",), left=tuple(Left(name, where) for name in names), **more)


@pytest.mark.parametrize("where", ["cookie", "asked", "local", "session", "database", "cache", "worker"])
def test_whatever_a_browser_keeps_must_be_declared(where: str) -> None:
    assert wrong(kept(Way.ACCEPTED, "tracker", where=where)) == [("keeps", "tracker", False)]
    assert wrong(kept(Way.ACCEPTED, "basket", "visitor", "choice", where=where)) == []


@pytest.mark.parametrize("way", [Way.BEFORE, Way.REFUSED, Way.SIGNALLED])
def test_what_needs_a_yes_is_kept_after_it_alone(way: Way) -> None:
    assert wrong(kept(way, "basket", "visitor")) == [("keeps", "visitor", True)]


def test_a_choice_is_remembered_once_there_is_one() -> None:
    assert wrong(kept(Way.BEFORE, "choice")) == [("keeps", "choice", True)]
    assert wrong(kept(Way.REFUSED, "choice")) == []


def test_a_browser_that_is_set_to_keep_nothing_keeps_nothing() -> None:
    assert wrong(kept(Way.BLOCKED, "visitor"), REFERENCE) == [("keeps", "visitor", True)]
    assert wrong(kept(Way.BLOCKED, "visitor", where="asked"), REFERENCE) == []
    assert wrong(kept(Way.BLOCKED, "tracker", where="asked"), REFERENCE) == [("keeps", "tracker", False)]


def test_a_site_without_cookies_keeps_and_loads_nothing_at_all() -> None:
    assert wrong(kept(Way.BEFORE, "session", hosts=("fonts.example",)), CLINIC) == [
        ("keeps", "session", False),
        ("loads", "fonts.example", False),
    ]


def test_a_page_that_asks_nothing_or_does_not_answer_is_told() -> None:
    seen = kept(Way.REFUSED, chose=False, unanswered=("/order",))
    assert wrong(seen) == [("does-not-answer", "/order", False), ("offers-no-choice", "", False)]


def test_a_report_names_the_clauses_that_it_probes_and_holds_no_value() -> None:
    edition = REFERENCE.on(DAY)
    assert edition is not None
    found = report(REFERENCE, edition, DAY, "https://site.example", "1", [kept(Way.BEFORE, "tracker")])
    assert found.clauses == ("11.0.a", "11.0.c", "11.2.a", "11.2.B.1")
    assert json.loads(found.written())["wrong"][0]["name"] == "tracker"
    assert len(found.digest) == 64


def test_the_outcome_is_evidence(temporary: Temporary) -> None:
    with temporary.gate(REFERENCE) as opened:
        probed(opened, "cookies.crawl", ("11.0.c",), "ab" * 32, 2, at(DAY))
        (body,) = [body for one, body in told(opened) if one == "probe"]
        assert (body.rule, body.held, body.counts, body.digest) == ("cookies.crawl", False, {"wrong": 2}, "ab" * 32)
        assert body.clauses == ("11.0.c",)


def honest(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """A small shop that sets what it was allowed to, and counts only who said yes."""
    visit = environ["wordkept.cookies"]
    headers = [("Content-Type", "text/html"), ("Set-Cookie", "basket=b; Path=/")]
    if visit.may("statistics", "visitor_number"):
        headers.append(("Set-Cookie", "visitor=v; Path=/"))
    start_response("200 OK", headers)
    return [f"<!doctype html><title>shop</title><a href=/paper>paper</a>{visit.banner}".encode()]


LIES = """<script>
document.cookie = "tracker=1; path=/"; localStorage.setItem("seen", "1");
</script><script>new Image().src = "http://count.example/1.gif";
</script>"""


def lying(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """The same shop with a script on its second page, which no guard in front of it can see."""
    (page,) = honest(environ, start_response)
    return [page + (LIES.encode() if environ["PATH_INFO"] == "/paper" else b"")]


class _Threaded(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def site(program: Callable[..., Any]) -> Iterator[str]:
    app: Any = wsgi.CookieMiddleware(program, Guard(SHOP))
    with make_server("127.0.0.1", 0, app, _Threaded, _Quiet) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browser, "SETTLE", 200)


def crawled(url: str, *more: str) -> tuple[int, dict[str, Any]]:
    done = CliRunner().invoke(main, ["crawl", url, "--policy", "policies/papierboot", "--json", *more])
    assert done.exit_code in {0, 1}, done.output
    return done.exit_code, json.loads(done.output)


@looks
def test_a_site_that_keeps_its_word_is_found_to_do_so(tmp_path: Path) -> None:
    with site(honest) as url:
        code, said = crawled(url, "--report", str(tmp_path / "report.json"))
    assert (code, said["wrong"]) == (0, [])
    assert [(one["way"], one["chose"]) for one in said["seen"]] == [(str(way), True) for way in Way]
    left = {one["way"]: {each["name"] for each in one["left"] if each["where"] == "cookie"} for one in said["seen"]}
    assert left == {
        "before": {"basket"},
        "refused": {"basket", "choice"},
        "accepted": {"basket", "visitor", "choice"},
        "signalled": {"basket"},
        "blocked": set(),
    }
    assert all(one["pages"] == ["/", "/paper", "/cookies"] for one in said["seen"] if one["way"] == "before")
    asked = [each["name"] for one in said["seen"] if one["way"] == "blocked" for each in one["left"]]
    assert asked == ["basket"]
    assert json.loads((tmp_path / "report.json").read_text())["wrong"] == []


@looks
def test_a_site_that_lies_is_found_out() -> None:
    with site(lying) as url:
        code, said = crawled(url)
    assert code == 1
    found = {(one["way"], one["what"], one.get("name")) for one in said["wrong"]}
    ways = [str(way) for way in Way if way is not Way.BLOCKED]
    assert {(way, "keeps", "tracker") for way in ways} <= found
    assert {(way, "keeps", "seen") for way in ways} <= found
    assert {(str(way), "loads", "count.example") for way in Way} <= found
    assert ("blocked", "keeps", "tracker") in found, "it is told what the browser was asked to keep"


@pytest.mark.parametrize("url", ["ftp://site.example/", "site.example", "https://me:pass@site.example/"])
def test_what_is_no_address_of_a_page_is_refused(url: str) -> None:
    done = CliRunner().invoke(main, ["crawl", url])
    assert (done.exit_code, "pass" in done.output.replace("password", "")) == (2, False)
