"""Browser: a website is visited in Chromium, in a profile of its own for each visit, and what is left is read.

Scripts run as they do for everybody. Pages of the same host that are linked are opened too, up to a number. A visit
that is about a choice makes it in the page's own banner first. In the visit of a browser that keeps nothing, cookies
are blocked by Chromium's own setting; what the site asked it to keep is read off its answers and scripts. What is *not*
here: what is wrong with it (``judged``), and Playwright, which whoever crawls installs.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from wordkept.terms import UnavailableError
from wordkept.web.cookies.headers import name_of
from wordkept.web.crawl.seen import Left, Seen, Way

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page, Playwright

_NAMES: Final = ("chromium", "chromium-browser", "google-chrome")
SETTLE = 1000
"""Milliseconds that a page is left to its scripts."""
_TIMEOUT: Final = 15_000
"""Milliseconds for a page."""
_BLOCKED: Final = {"profile": {"default_content_setting_values": {"cookies": 2}, "block_third_party_cookies": True}}
"""Chromium's own setting: no site may keep anything."""
_WATCH: Final = """(() => {
  window.__asked = [];
  const own = Object.getOwnPropertyDescriptor(Document.prototype, "cookie");
  Object.defineProperty(Document.prototype, "cookie", {configurable: true, get: own.get, set(text) {
    window.__asked.push(String(text).split("=", 1)[0].trim()); own.set.call(this, text); }});
})();"""
_SIGNAL: Final = 'Object.defineProperty(Navigator.prototype, "globalPrivacyControl", {get: () => true});'
_READ: Final = """async () => {
  const names = (store) => { try { return Object.keys(window[store]); } catch { return []; } };
  const later = async (what) => { try { return await what(); } catch { return []; } };
  return {
    local: names("localStorage"), session: names("sessionStorage"), asked: window.__asked || [],
    database: await later(async () => (await indexedDB.databases()).map((one) => one.name)),
    cache: await later(() => caches.keys()),
    worker: await later(async () => (await navigator.serviceWorker.getRegistrations()).map((one) => one.scope)),
  };
}"""
_LINKS: Final = "() => [...document.querySelectorAll('a[href]')].map((one) => one.href)"


BUTTONS: Final = (".wordkept-cookies button[value=yes]", ".wordkept-cookies button[value=no]")
"""The two answers in the guard's own banner, as CSS has them."""


class Crawler:
    """Visits one website.

    Args:
        url: of the page to begin with.
        accept, refuse: the two answers in the page, as CSS has them.
        most: pages of one visit.
    """

    def __init__(self, url: str, accept: str, refuse: str, *, most: int = 10) -> None:
        self.url, self.most = url, most
        self.buttons = {Way.ACCEPTED: accept, Way.REFUSED: refuse}
        self.version = ""

    def visits(self, playwright: Playwright) -> Iterator[Seen]:
        """All five visits.

        Raises:
            UnavailableError: there is no Chromium, or the site does not answer at all.
        """
        for way in Way:
            with _profile(playwright, way) as context:
                self.version = context.browser.version if context.browser else self.version
                yield self._visit(context, way)

    def _visit(self, context: BrowserContext, way: Way) -> Seen:
        hosts, left, own = set[str](), set[Left](), urlsplit(self.url).hostname
        context.on("request", lambda request: hosts.add(urlsplit(request.url).hostname or ""))
        context.on("response", lambda response: left.update(_asked(response)))
        page = context.new_page()
        chose = self._choose(page, way)
        wanted, opened, unanswered = [self.url], dict[str, None](), list[str]()
        while wanted and len(opened) < self.most:
            url = wanted.pop(0)
            path = urlsplit(url).path or "/"
            if path in opened:
                continue
            opened[path] = None
            if not self._open(page, url):
                unanswered.append(path)
                continue
            left |= _read(page)
            wanted += [link for link in page.evaluate(_LINKS) if _leads_on(link, self.url)]
        left |= {Left(cookie["name"], "cookie") for cookie in context.cookies()}
        kept = {one.name for one in left if one.where == "cookie"}
        return Seen(
            way=way,
            pages=tuple(opened),
            unanswered=tuple(unanswered),
            chose=chose,
            left=tuple(sorted(one for one in left if one.where != "asked" or one.name not in kept)),
            hosts=tuple(sorted(host for host in hosts - {own, ""})),
        )

    def _choose(self, page: Page, way: Way) -> bool:
        """Make the choice that a visit is about, if it is about one."""
        button = self.buttons.get(way)
        if not self._open(page, self.url) and way is Way.BEFORE:
            raise UnavailableError(f"{urlsplit(self.url).netloc} does not answer")
        if button is None:
            return True
        if page.query_selector(button) is None:
            return False
        page.click(button)
        page.wait_for_load_state()
        return True

    def _open(self, page: Page, url: str) -> bool:
        from playwright.sync_api import Error  # noqa: PLC0415  (whoever crawls has it)

        try:
            answer = page.goto(url, wait_until="load", timeout=_TIMEOUT)
        except Error:
            return False
        page.wait_for_timeout(SETTLE)
        return answer is not None and answer.ok


def _asked(response: Any) -> Iterator[Left]:
    """What an answer asked the browser to keep, whether it does or not."""
    from playwright.sync_api import Error  # noqa: PLC0415

    try:
        headers = response.headers_array()
    except Error:  # the page was gone before it could be read
        return
    for header in headers:
        if header["name"].lower() == "set-cookie":
            for line in header["value"].splitlines():
                yield Left(name_of(line) or line.partition("=")[0].strip(), "asked")


def _read(page: Page) -> set[Left]:
    found: dict[str, list[str]] = page.evaluate(_READ)
    return {Left(name, where) for where, names in found.items() for name in names}


def _leads_on(link: str, start: str) -> bool:
    return link.startswith(("http://", "https://")) and urlsplit(link).netloc == urlsplit(start).netloc


@contextmanager
def _profile(playwright: Playwright, way: Way) -> Iterator[BrowserContext]:
    """A browser with a new profile, set as the visit has it."""
    chromium = next(filter(None, map(shutil.which, _NAMES)), None)
    if chromium is None:
        raise UnavailableError("there is no Chromium on this machine", hint="on Debian: apt-get install chromium")
    with TemporaryDirectory() as folder:
        if way is Way.BLOCKED:
            (Path(folder) / "Default").mkdir()
            (Path(folder) / "Default" / "Preferences").write_text(json.dumps(_BLOCKED), "utf-8")
        context = playwright.chromium.launch_persistent_context(
            folder,
            executable_path=chromium,
            args=["--no-sandbox"] if os.geteuid() == 0 else [],  # Chromium's own sandbox refuses to run as root
            extra_http_headers={"Sec-GPC": "1"} if way is Way.SIGNALLED else None,
        )
        try:
            context.add_init_script(_WATCH)
            if way is Way.SIGNALLED:
                context.add_init_script(_SIGNAL)
            yield context
        finally:
            context.close()
