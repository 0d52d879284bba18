"""Look at the page in Chromium: ``make page`` runs this; exit 1 if anything is wrong.

Every policy here is drawn in every language that it has and opened at three widths, the widest by dark too, with
everything unfolded. axe must find nothing (WCAG 2.2 A and AA, and its best practices); the page must not be wider than
the screen, nor a table wider than a narrow screen or paper; nothing may be asked of any server, nothing may be said on
the console; and the keyboard must get past the navigation. With ``--pictures FOLDER`` the top of each page of the
reference policy is kept as a picture.

What can be told without a browser is in ``tests/notice``.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pylopdf_fonts_ko
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from wordkept.cli.named import REFERENCE, read_policy
from wordkept.gate import Open
from wordkept.notice import render
from wordkept.record import Order
from wordkept.terms import OrderKind
from wordkept.web.cookies import banner
from wordkept.web.orderpage import page as orderpage

SCREENS = ((320, 640, "light"), (768, 1024, "light"), (1280, 800, "light"), (1280, 800, "dark"))
"""Width and height in CSS pixels, and the colours that the reader prefers."""
NARROW = 576
"""Up to this width a row of a table is shown as a card, and nothing has to be scrolled sideways."""
PAPER = 718
"""Width of A4 between margins of a centimetre, in CSS pixels."""
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
POLICIES = sorted(path for path in REFERENCE.parent.iterdir() if path.is_dir())
FEWEST = 10
"""Of axe's rules, those that apply to the smallest page; fewer means that axe did not look."""
ORDERS = [
    Open(
        Order(
            id=str(number) * 32, to="kmc", entrusted=False, alias="5f" * 16, kind=kind, items=("email", "gender"),
            records=(), clauses=(), on=date(2019, 3, 4), tell_by=date(2019, 3, 9),
        ),
        "0" * 32, 0, datetime(2019, 3, 4, tzinfo=UTC), None, None,
    )
    for number, kind in enumerate(OrderKind)
]  # fmt: skip
FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{folder}</dir><cachedir>{cache}</cachedir></fontconfig>
"""


def main() -> int:
    """Look, print what was looked at and all that is wrong."""
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--pictures", type=Path, help="keep pictures in this folder")
    pictures = options.parse_args().pictures
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if chromium is None:
        print("there is no Chromium on this machine; on Debian: apt-get install chromium", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        drawn = {path: render(read_policy(path), Path(folder) / "site", formats=["html"]) for path in POLICIES}
        browser = playwright.chromium.launch(
            executable_path=chromium,
            args=["--no-sandbox"] if os.geteuid() == 0 else [],  # Chromium's own sandbox refuses to run as root
            env={**os.environ, "FONTCONFIG_FILE": fonts(Path(folder))},
        )
        wrong = []
        for path, files in drawn.items():
            wrong += [
                said for one in files for said in looked_at(browser, one, pictures if path == REFERENCE else None)
            ]
            print(f"{path.name}: {', '.join(f'{one.parent.name}/{one.name}' for one in files)}")
        pages = sum(map(len, drawn.values()))
        print(f"Chromium {browser.version}, {len(drawn)} policies, {pages} pages on {len(SCREENS)} screens")
        for file in forms(Path(folder) / "forms"):
            wrong += looked_at(browser, file, None)
            print(f"forms: {file.parent.name}/{file.name}")
        browser.close()
    for said in wrong:
        print(said)
    print("0 violations" if not wrong else f"{len(wrong)} wrong")
    return 1 if wrong else 0


def fonts(folder: Path) -> str:
    """Only the fonts of the package, so that pictures are the same on every machine."""
    file = folder / "fonts.conf"
    file.write_text(FONTS.format(folder=pylopdf_fonts_ko.sans_path().parent, cache=folder / "fonts"))
    return str(file)


def forms(folder: Path) -> Iterator[Path]:
    """What people fill in, in both languages: the page for partners, and the two that ask about cookies."""
    (edition,) = read_policy(REFERENCE).editions
    for language in ("en", "ko"):
        here = folder / language
        here.mkdir(parents=True)
        asks = banner.banner(edition, language, "/cookies", "/")
        drawn = {
            "orders.html": orderpage.orders(
                edition, language, "kmc", ORDERS, {"1" * 32: {"email": ("new@mail.example",)}}
            ),
            "ended.html": orderpage.ended(language),
            "cookies.html": banner.page(edition, language, None, "/cookies", "/", signal=True),
            "banner.html": f'<!doctype html><html lang="{language}"><title>shop</title><meta name="viewport" '
            f'content="width=device-width"><body><main><h1>shop</h1>{asks}</main></body></html>',
        }
        for name, html in drawn.items():
            file = here / name
            file.write_text(html, "utf-8")
            yield file


def looked_at(browser: Any, file: Path, pictures: Path | None) -> Iterator[str]:
    """All that is wrong with one page on every screen, and on paper."""
    for width, height, scheme in SCREENS:
        context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
        for said in on_a_screen(context, file, pictures if scheme == "light" else None):
            yield f"{file.parent.name} {file.name} {width} {scheme}: {said}"
        context.close()


def on_a_screen(context: Any, file: Path, pictures: Path | None) -> Iterator[str]:
    """What is wrong with one page at one width in one scheme."""
    page, asked, heard = context.new_page(), [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: heard.append(message.text))
    page.goto(file.as_uri())
    width = page.viewport_size["width"]
    if pictures is not None and file.parent.name in ("en", "ko"):
        page.screenshot(path=pictures / f"page-{file.parent.name}-{width}.png")
    yield from by_keyboard(page)
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    if (wide := page.evaluate("document.scrollingElement.scrollWidth")) > width:
        yield f"the page is {wide} wide"
    if width <= NARROW and page.evaluate(
        "[...document.querySelectorAll('.scroll')].some(one => one.scrollWidth > one.clientWidth)"
    ):
        yield "a table has to be scrolled"
    said = Axe().run(page, options={"runOnly": RULES}).response
    if len(said["passes"]) < FEWEST:
        yield f"axe applied {len(said['passes'])} rules only"
    for found in said["violations"]:
        yield f"axe {found['id']}: {found['help']}: {found['nodes'][0]['html'][:200]}"
    page.emulate_media(media="print")
    page.set_viewport_size({"width": PAPER, "height": 1000})
    tables = page.evaluate("[...document.querySelectorAll('table')].map(one => one.getBoundingClientRect().right)")
    if wider := [round(one) for one in tables if one > PAPER]:
        yield f"tables end at {wider} on paper of {PAPER}"
    yield from (f"asked for {url}" for url in asked if url != file.as_uri())
    yield from (f"the console says {text}" for text in heard)


def by_keyboard(page: Any) -> Iterator[str]:
    """The first key press shows the way past the navigation, the second takes it."""
    if page.query_selector(".skip") is None:  # the index has no navigation to get past
        return
    page.keyboard.press("Tab")
    seen = "document.activeElement.matches('.skip') && document.activeElement.getBoundingClientRect().left >= 0"
    if not page.evaluate(seen):
        yield "the first stop of the keyboard is not the visible link past the navigation"
        return
    page.keyboard.press("Enter")
    if page.evaluate("document.activeElement.id") != "policy":
        yield "the link past the navigation does not lead to the policy"


if __name__ == "__main__":
    sys.exit(main())
