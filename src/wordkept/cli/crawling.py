"""The command that looks at a website in a browser, and holds what it sees against the policy."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import click

from wordkept.cli.named import REFERENCE, asked_about, edition_on
from wordkept.cli.place import Place
from wordkept.cli.printing import emit, json_option, lang_option
from wordkept.cli.sealing import seal
from wordkept.gate.probing import probed
from wordkept.language import Catalogue, Said, say
from wordkept.terms import UnavailableError, ValueRejectedError
from wordkept.web.crawl import browser, judged
from wordkept.web.crawl.judged import Report, Wrong
from wordkept.written.files import whole

RULE: Final = "cookies.crawl"
_SAID: Final[dict[str, Callable[[Said, str], Said]]] = {
    "keeps": lambda way, name: say(
        "{way}: the browser keeps {name}, which the policy does not name", way=way, name=name
    ),
    "keeps-asked": lambda way, name: say(
        "{way}: the browser was asked to keep {name}, which the policy does not name", way=way, name=name
    ),
    "keeps-declared": lambda way, name: say(
        "{way}: the browser keeps {name}, which the policy does not allow then", way=way, name=name
    ),
    "keeps-asked-declared": lambda way, name: say(
        "{way}: the browser was asked to keep {name}, which the policy does not allow then", way=way, name=name
    ),
    "loads": lambda way, name: say(
        "{way}: something is loaded from {name}, which belongs to no declared tool", way=way, name=name
    ),
    "loads-declared": lambda way, name: say(
        "{way}: something is loaded from {name}, whose tool may not be loaded then", way=way, name=name
    ),
    "offers-no-choice": lambda way, _: say("{way}: the page offers no such choice", way=way),
    "does-not-answer": lambda way, name: say("{way}: {name} answers with an error, or not at all", way=way, name=name),
}
_WAYS: Final = {
    "before": say("before a choice"),
    "refused": say("after a no"),
    "accepted": say("after a yes"),
    "signalled": say("with the signal that refuses"),
    "blocked": say("with cookies blocked in the browser"),
}


@click.command(short_help="Look at a website in a browser: does it do as the policy says?")
@click.argument("url")
@click.option("--policy", "path", type=click.Path(path_type=Path), default=REFERENCE, show_default=True)
@click.option("--buttons", nargs=2, help="The two that say yes and no, as CSS has them; the guard's own if left out.")
@click.option("--pages", type=click.IntRange(1, 1000), default=10, show_default=True, help="Of each visit, at most.")
@click.option("--report", type=click.Path(path_type=Path, dir_okay=False), help="Write what was seen to this file.")
@click.option("--folder", type=click.Path(path_type=Path), help="Write the outcome into this installation's evidence.")
@lang_option
@json_option
def crawl(
    url: str, path: Path, buttons: tuple[str, str] | None, pages: int, report: Path | None, folder: Path | None, *,
    speak: Catalogue, as_json_: bool,
) -> None:  # fmt: skip
    """Look at the website at URL in Chromium, five times, and say what its policy does not allow.

    Before a choice, after a no, after a yes, with the signal that refuses (Sec-GPC) and with cookies blocked: what the
    browser keeps or is asked to keep, and which other hosts something is loaded from. Needs Chromium and Playwright. No
    value is read. Exit 1 if something is not allowed.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username is not None:
        raise ValueRejectedError("an address of a page begins with https:// and holds no password")
    found = _looked(browser.Crawler(url, *(buttons or browser.BUTTONS), most=pages), path)
    if report:
        with whole(report) as out:
            out.write(found.written())
    if folder:
        _state(folder, path, found)
    _tell(found, speak, as_json_=as_json_)
    sys.exit(1 if found.wrong else 0)


def _looked(crawler: browser.Crawler, path: Path) -> Report:
    try:
        from playwright.sync_api import sync_playwright  # noqa: PLC0415  (a tool of its own; all else is without)
    except ImportError as error:
        raise UnavailableError("what looks is not installed", hint="pip install playwright") from error
    policy = asked_about(path)
    day = datetime.now(UTC).astimezone(ZoneInfo(policy.editions[-1].timezone)).date()
    edition, parts = edition_on(policy, day), urlsplit(crawler.url)
    with sync_playwright() as playwright:
        seen = list(crawler.visits(playwright))
    return judged.report(policy, edition, day, f"{parts.scheme}://{parts.netloc}", crawler.version, seen)


def _state(folder: Path, path: Path, found: Report) -> None:
    place = Place(folder, path, None, None)
    with place.gate() as gate:
        probed(gate, RULE, found.clauses, found.digest, len(found.wrong), place.now())
        seal(gate, place.now())


def _tell(found: Report, speak: Catalogue, *, as_json_: bool) -> None:
    if as_json_:
        emit(found)
        return
    for visit in found.seen:
        kept = ", ".join(judged.shown(one) for one in visit.left) or speak("nothing")
        hosts = ", ".join(visit.hosts) or speak("nothing")
        click.echo(speak("{way}: kept or asked to be kept {kept}; loaded from elsewhere {hosts}",
                         way=speak(_WAYS[visit.way]), kept=kept, hosts=hosts))  # fmt: skip
    for one in found.wrong:
        click.echo(speak("WRONG") + " " + speak(_sentence(one)))
    click.echo(speak("{wrong} wrong; sha256 {digest}", wrong=len(found.wrong), digest=found.digest))


def _sentence(one: Wrong) -> Said:
    asked, declared = one.where == judged.ASKED, one.declared
    said = _SAID[one.what + ("-asked" if asked else "") + ("-declared" if declared else "")]
    return said(_WAYS[one.way], one.name)
