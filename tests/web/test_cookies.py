"""The guard lets a browser keep what policy and person permit, in both gateway interfaces, and asks without script."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from wordkept import law
from wordkept.policy import compile_text, load
from wordkept.policy.model import Policy
from wordkept.rules import RULES
from wordkept.web.cookies import Guard, asgi, wsgi
from wordkept.web.cookies.guard import Asked, answering
from wordkept.web.cookies.headers import shortened
from wordkept.web.cookies.log import OnlyWherePermitted

ROOT = Path(__file__).resolve().parents[2]
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
ASKED = ("interest-information", "frequency-analysis")
YES = "2016-08-31/yes.interest-information/yes.frequency-analysis"
NO = "2016-08-31/no.interest-information/no.frequency-analysis"
SHOP_YES = "2025-03-01/yes.statistics"


@cache
def policy_of(name: str) -> Policy:
    return load(ROOT / "policies" / name, RULES, law.load(ROOT / "law"))


def guard_of(name: str) -> Guard:
    return Guard(policy_of(name), clock=lambda: NOON)


PAIRS = [("frequency-analysis", "access_log"), ("site-operation", "access_log"), ("statistics", "page_log")]


async def everything(request: Request) -> Response:
    """A Starlette program that sets what it is told to, and says what it saw."""
    visit = request.scope["wordkept.cookies"]
    told = {"banner": visit.banner, "may": [pair for pair in PAIRS if visit.may(*pair)]}
    response = Response(repr(told), headers={"x-seen": ",".join(request.cookies)}, media_type="text/plain")
    for name in request.query_params.getlist("set"):
        response.set_cookie(name, "made-up-value")
    for name in request.query_params.getlist("delete"):
        response.delete_cookie(name)
    return response


def bare(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """The same, as a bare WSGI callable."""
    query, visit = parse_qs(environ["QUERY_STRING"]), environ["wordkept.cookies"]
    names = [part.partition("=")[0] for part in environ.get("HTTP_COOKIE", "").split("; ") if part]
    headers = [("Content-Type", "text/plain"), ("X-Seen", ",".join(names))]
    headers += [("Set-Cookie", f"{name}=made-up-value; Path=/") for name in query.get("set", ())]
    headers += [("Set-Cookie", f"{name}=; Max-Age=0; Path=/") for name in query.get("delete", ())]
    start_response("200 OK", headers)
    told = {"banner": visit.banner, "may": [pair for pair in PAIRS if visit.may(*pair)]}
    return [repr(told).encode()]


class Told:
    """An answer."""

    def __init__(self, status: int, headers: Iterable[tuple[str, str]], body: bytes) -> None:
        self.status, self.listed, self.text = status, [(name.lower(), value) for name, value in headers], body.decode()

    def __getitem__(self, name: str) -> str:
        return dict(self.listed)[name]

    @property
    def cookies(self) -> list[str]:
        return [value for name, value in self.listed if name == "set-cookie"]

    @property
    def kept(self) -> list[str]:
        return [one.partition("=")[0] for one in self.cookies]


class Ask:
    """Asks a site behind the guard through one of the two interfaces; nothing is kept between requests."""

    def __init__(self, kind: str, guard: Guard) -> None:
        self.kind, self.guard = kind, guard
        self.asgi = asgi.CookieMiddleware(Starlette(routes=[Route("/{rest:path}", everything)]), guard)
        self.wsgi = wsgi.CookieMiddleware(bare, guard)

    def __call__(
        self, path: str, method: str = "GET", *, cookies: str = "", headers: Mapping[str, str] = {},
        data: Mapping[str, str] | None = None, body: bytes = b"",
    ) -> Told:  # fmt: skip
        sent = {"host": "site.example", **headers, **({"cookie": cookies} if cookies else {})}
        if data is not None:
            sent["content-type"], body = "application/x-www-form-urlencoded", urlencode(data).encode()
        where, _, query = path.partition("?")
        asked = self._asgi if self.kind == "asgi" else self._wsgi
        return asked(method, where, query, sent, body)

    def _asgi(self, method: str, path: str, query: str, headers: Mapping[str, str], body: bytes) -> Told:
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "path": path,
            "raw_path": path.encode(), "scheme": "https", "query_string": query.encode(), "root_path": "",
            "headers": [(name.encode(), value.encode("latin-1")) for name, value in headers.items()],
            "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 2),
        }  # fmt: skip
        return run(self.asgi, scope, body)

    def _wsgi(self, method: str, path: str, query: str, headers: Mapping[str, str], body: bytes) -> Told:
        environ: dict[str, Any] = {
            "REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query, "wsgi.url_scheme": "https",
            "wsgi.input": BytesIO(body), "CONTENT_LENGTH": str(len(body)),
        }  # fmt: skip
        for name, value in headers.items():
            key = name.upper().replace("-", "_")
            environ[key if key == "CONTENT_TYPE" else f"HTTP_{key}"] = value
        begun: list[Any] = []
        shown = b"".join(self.wsgi(environ, lambda *said: begun.append(said)))
        return Told(int(begun[0][0].split()[0]), begun[0][1], shown)


def run(app: Any, scope: dict[str, Any], body: bytes = b"") -> Told:
    """What an ASGI application answers."""
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(app(scope, receive, send))
    headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in sent[0]["headers"]]
    return Told(sent[0]["status"], headers, b"".join(one.get("body", b"") for one in sent[1:]))


@pytest.fixture(params=["asgi", "wsgi"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def shop(kind: str) -> Ask:
    return Ask(kind, guard_of("papierboot"))


@pytest.fixture
def site(kind: str) -> Ask:
    return Ask(kind, guard_of("bizmeka-ez"))


def test_nothing_but_what_is_needed_is_kept_before_a_choice(shop: Ask) -> None:
    assert shop("/?set=basket&set=visitor&set=tracker").kept == ["basket"]


def test_a_refusal_keeps_what_is_optional_away_and_an_acceptance_lets_it_in(shop: Ask) -> None:
    assert shop("/?set=basket&set=visitor", cookies="choice=2025-03-01/no.statistics").kept == ["basket"]
    assert shop("/?set=basket&set=visitor", cookies=f"choice={SHOP_YES}").kept == ["basket", "visitor"]


def test_what_the_policy_does_not_name_is_never_kept(shop: Ask) -> None:
    assert shop("/?set=tracker", cookies=f"choice={SHOP_YES}").kept == []


def test_a_signal_refuses_whatever_was_chosen_and_another_value_is_none(shop: Ask) -> None:
    chosen = f"choice={SHOP_YES}"
    assert shop("/?set=visitor", cookies=chosen, headers={"sec-gpc": "1"}).kept == []
    assert shop("/?set=visitor", cookies=chosen, headers={"sec-gpc": "0"}).kept == ["visitor"]
    assert shop("/?set=visitor", cookies=chosen, headers={"sec-gpc": "true"}).kept == ["visitor"]


def test_a_site_without_cookies_keeps_none(kind: str) -> None:
    ask = Ask(kind, guard_of("haneul-clinic"))
    assert ask("/?set=session&set=basket").kept == []
    assert "banner': ''" in ask("/").text
    assert ask("/cookies", "POST", data={"all": "yes"}).status == 404


def test_nothing_is_kept_before_an_edition_is_in_force(kind: str) -> None:
    guard = Guard(policy_of("papierboot"), clock=lambda: datetime(2024, 1, 1, tzinfo=UTC))
    ask = Ask(kind, guard)
    assert ask("/?set=basket&set=visitor", cookies=f"choice={SHOP_YES}").kept == []
    assert ask("/cookies").status == ask("/.well-known/gpc.json").status == 404


def test_a_program_sees_only_what_may_be_kept(shop: Ask) -> None:
    sent = "basket=b-1; visitor=v-1; tracker=t-1"
    assert shop("/", cookies=sent)["x-seen"] == "basket"
    assert shop("/", cookies=f"{sent}; choice={SHOP_YES}")["x-seen"] == "basket,visitor"


def test_what_may_not_be_kept_any_more_is_taken_back(shop: Ask) -> None:
    response = shop("/", cookies="basket=b-1; visitor=v-1; tracker=t-1; choice=2025-03-01/no.statistics")
    assert response.cookies == ["visitor=; Path=/; Max-Age=0; Secure"]


def test_a_program_may_always_have_a_browser_forget(shop: Ask) -> None:
    assert shop("/?delete=visitor&delete=tracker").kept == ["visitor", "tracker"]


def test_the_program_cannot_write_the_choice(shop: Ask) -> None:
    assert shop("/?set=choice").kept == []


def test_what_was_not_let_through_is_counted_by_declared_name_and_never_by_value(
    kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING, logger="wordkept")  # a server that another test made asks for less
    guard = guard_of("papierboot")
    ask = Ask(kind, guard)
    for _ in range(3):
        ask("/?set=visitor&set=tracker-of-minji")
    assert guard.dropped == {"visitor": 3, "undeclared": 3}
    ours = [one for one in caplog.records if one.name == "wordkept"]
    assert len(ours) == 2
    assert "minji" not in caplog.text
    assert "made-up-value" not in caplog.text


def test_the_banner_asks_about_each_purpose_with_two_buttons_of_one_form(site: Ask) -> None:
    text = site("/prices?page=2", headers={"accept-language": "en"}).text
    buttons = re.findall(r"<button ([^>]*)>(\w+)</button>", text)
    assert buttons == [
        ('type="submit" name="all" value="yes"', "Accept"),
        ('type="submit" name="all" value="no"', "Reject"),
    ]
    assert "to show what fits one&#39;s interests" in text
    assert "to learn how often and how long people use the service" in text
    assert 'value="/prices?page=2"' in text
    assert "<script" not in text


def test_the_banner_speaks_korean_to_who_reads_korean(site: Ask) -> None:
    text = site("/", headers={"accept-language": "ko-KR,ko;q=0.9,en;q=0.8"}).text
    for word in ("동의", "거부", 'lang="ko"'):
        assert word in text
    assert "Accept" not in text


def test_the_banner_is_gone_once_chosen_and_never_asks_against_a_signal(site: Ask) -> None:
    assert "<section" in site("/").text
    for chosen in (YES, NO):
        assert "<section" not in site("/", cookies=f"cookie-choice={chosen}").text
    half = "2016-08-31/yes.interest-information"
    assert "<section" in site("/", cookies=f"cookie-choice={half}").text
    assert "<section" not in site("/", headers={"sec-gpc": "1"}).text


@pytest.mark.parametrize(("button", "value"), [("yes", YES), ("no", NO)])
def test_a_button_is_remembered_in_the_declared_cookie_and_leads_back(site: Ask, button: str, value: str) -> None:
    response = site("/cookies", "POST", data={"all": button, "back": "/prices?page=2"})
    assert (response.status, response["location"]) == (303, "/prices?page=2")
    (cookie,) = response.cookies
    assert cookie.startswith(f"cookie-choice={value}; Path=/; Max-Age=15897600;")
    assert cookie.endswith("; HttpOnly; SameSite=Lax; Secure")


def test_each_purpose_is_chosen_by_itself_and_a_choice_is_changed_as_easily(site: Ask) -> None:
    response = site("/cookies", "POST", data={"frequency-analysis": "yes", "interest-information": "no"})
    (first,) = response.cookies
    chosen = first.partition(";")[0]
    assert chosen == "cookie-choice=2016-08-31/no.interest-information/yes.frequency-analysis"
    assert "('frequency-analysis', 'access_log')" in site("/", cookies=chosen).text
    changed = site("/cookies", "POST", cookies=chosen, data={"frequency-analysis": "no"})
    assert changed["set-cookie"].startswith(f"cookie-choice={NO};")


def test_refusing_takes_back_at_once_what_the_browser_kept(shop: Ask) -> None:
    sent = f"visitor=v-1; basket=b-1; choice={SHOP_YES}"
    response = shop("/cookies", "POST", cookies=sent, data={"all": "no"})
    choice, taken = response.cookies
    assert choice.startswith("choice=2025-03-01/no.statistics;")
    assert taken == "visitor=; Path=/; Max-Age=0; Secure"


def test_the_page_of_choices_shows_each_purpose_and_what_was_chosen(site: Ask) -> None:
    page = site("/cookies", cookies=f"cookie-choice={YES}")
    assert page["content-type"] == "text/html; charset=utf-8"
    assert "script" not in page.text
    assert page.text.count(' value="yes" checked>') == 2
    assert "Not asked: the site cannot run without it" in page.text
    assert site("/cookies", "HEAD").text == ""
    assert "Global Privacy Control" in site("/cookies", headers={"sec-gpc": "1"}).text


def test_the_site_says_that_it_obeys_the_signal(site: Ask) -> None:
    response = site("/.well-known/gpc.json")
    assert response["content-type"] == "application/json"
    assert response.text == '{"gpc":true,"lastUpdate":"2016-08-31"}'
    assert site("/.well-known/gpc.json", "POST").status == 405


def test_refusal_reaches_analyses_and_the_log(site: Ask) -> None:
    analysed, run = "('frequency-analysis', 'access_log')", "('site-operation', 'access_log')"
    for cookies, headers, expected in (
        (f"cookie-choice={YES}", {}, True),
        (f"cookie-choice={NO}", {}, False),
        ("", {}, False),
        (f"cookie-choice={YES}", {"sec-gpc": "1"}, False),
    ):
        text = site("/", cookies=cookies, headers=headers).text
        assert (analysed in text, run in text) == (expected, True)


@pytest.mark.parametrize(
    "headers",
    [{"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}, {"origin": "https://evil.example"},
     {"origin": "null"}],
)  # fmt: skip
def test_no_other_site_chooses_for_a_person(site: Ask, headers: dict[str, str]) -> None:
    response = site("/cookies", "POST", data={"all": "yes"}, headers=headers)
    assert (response.status, response.kept) == (403, [])


def test_a_form_of_this_site_is_taken(site: Ask) -> None:
    for headers in ({"sec-fetch-site": "same-origin"}, {"origin": "https://site.example"}):
        assert site("/cookies", "POST", data={"all": "yes"}, headers=headers).status == 303


@pytest.mark.parametrize(
    "back", ["//evil.example", "/\\evil.example", "https://evil.example", "/a\r\nx: y", "", "/a" * 1500]
)
def test_nobody_is_led_elsewhere(site: Ask, back: str) -> None:
    assert site("/cookies", "POST", data={"all": "yes", "back": back})["location"] == "/"


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"", 400), (b"all=maybe", 400), (b"all=yes&all=no", 400), (b"\xff\xfe", 400), (b"a=1&" * 300, 400),
     (b"unknown=yes", 400), (b"all=yes&" + b"x" * 9000, 413)],
)  # fmt: skip
def test_a_form_that_is_none_chooses_nothing(site: Ask, body: bytes, status: int) -> None:
    headers = {"content-type": "application/x-www-form-urlencoded"}
    response = site("/cookies", "POST", body=body, headers=headers)
    assert (response.status, response.kept) == (status, [])
    assert site("/cookies", "POST", body=body, headers={"content-type": "text/plain"}).status in {413, 415}
    assert site("/cookies", "PUT").status == 405


@pytest.mark.parametrize(
    "chosen",
    [
        "", "yes", f"{SHOP_YES}/yes.statistics", "2025-03-01/yes.statistics/no.statistics", "9999-99-99/yes.statistics",
        "2025-03-02/yes.statistics", "2999-01-01/yes.statistics", f'"{SHOP_YES}"', "x" * 20_000,
        f"{SHOP_YES}; choice=2025-03-01/no.statistics", "٢٠٢٥-03-01/yes.statistics".encode().decode("latin-1"),
    ],
)  # fmt: skip
def test_a_choice_that_cannot_be_read_or_contradicts_itself_is_none(chosen: str, shop: Ask) -> None:
    response = shop("/?set=visitor&set=basket", cookies=f"choice={chosen}")
    assert (response.kept, "<section" in response.text) == (["basket"], True)


def test_a_wider_edition_asks_again_before_it_uses(kind: str) -> None:
    (old,) = policy_of("papierboot").editions
    text = Path(old.file).read_text("utf-8")
    for was, now in (
        ("effective: 2025-03-01", "effective: 2026-01-01"),
        ("items: [visitor_number, page_log]", "items: [visitor_number, page_log, basket_number]"),
        ("purposes: [basket]\n```\n\n[1.12]", "purposes: [statistics]\n```\n\n[1.12]"),
    ):
        assert was in text
        text = text.replace(was, now)
    new = compile_text(text.encode(), "policy.md", RULES, law.load(ROOT / "law"))
    both = msgspec.structs.replace(policy_of("papierboot"), editions=(old, new))
    ask = Ask(kind, Guard(both, clock=lambda: NOON))
    assert ask("/?set=visitor&set=basket", cookies=f"choice={SHOP_YES}").kept == ["visitor"]
    assert ask("/?set=visitor&set=basket", cookies="choice=2026-01-01/yes.statistics").kept == ["visitor", "basket"]


@given(cookie=st.text(max_size=200), names=st.lists(st.text(max_size=20), max_size=4), signal=st.text(max_size=3))
def test_no_header_brings_the_guard_down_or_lets_more_through(cookie: str, names: list[str], signal: str) -> None:
    guard = guard_of("papierboot")
    visit = guard.visit(Asked(cookies=[cookie], signals=[signal]))
    gone = guard.set_cookies(visit, [f"{name}=made-up-value" for name in names])
    before = {"basket"} if "choice" not in cookie else {"basket", "visitor"}
    assert {one.partition("=")[0] for one in gone if not one.endswith("Max-Age=0")} <= before
    assert visit.cookie == "" or {part.partition("=")[0] for part in visit.cookie.split("; ")} <= before


@pytest.mark.parametrize(
    "header",
    ["basket=1\r\nset-cookie: visitor=1", "basket=1\n", "basket=1\x00", "basket", "=basket", "bas ket=1",
     "basket=\xe9", "visitor=1; Max-Age=0; Max-Age=9", "visitor=1; Max-Age=x", ";basket=1", "", "basket;=1"],
)  # fmt: skip
def test_a_header_that_could_be_read_otherwise_is_not_let_through(header: str) -> None:
    guard = guard_of("papierboot")
    assert guard.set_cookies(guard.visit(Asked()), [header]) == []


def test_a_thousand_cookies_are_each_looked_at(shop: Ask) -> None:
    asked = "&".join(f"set=tracker{number}" for number in range(1000))
    assert shop(f"/?{asked}&set=basket").kept == ["basket"]


def test_of_a_huge_cookie_header_nothing_is_read(shop: Ask) -> None:
    assert shop("/", cookies=f"basket={'x' * 20_000}")["x-seen"] == ""


def scope_of(path: str, **more: Any) -> dict[str, Any]:
    return {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "path": path,
        "raw_path": path.encode(), "scheme": "http", "query_string": b"", "root_path": "", "headers": [],
        "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 2), **more,
    }  # fmt: skip


def test_a_stream_goes_through_piece_by_piece() -> None:
    async def pieces(scope: Any, receive: Any, send: Any) -> None:
        response = StreamingResponse(iter([b"one", b"two", b"three"]), headers={"set-cookie": "tracker=1"})
        await response(scope, receive, send)

    bodies: list[bytes] = []

    async def send(message: Any) -> None:
        bodies.append(message.get("body", b""))
        assert not any(name == b"set-cookie" for name, _ in message.get("headers", ()))

    async def receive() -> dict[str, Any]:
        await asyncio.sleep(60)
        return {"type": "http.disconnect"}

    asyncio.run(asgi.CookieMiddleware(pieces, guard_of("papierboot"))(scope_of("/"), receive, send))
    assert bodies == [b"", b"one", b"two", b"three", b""]


def test_a_stream_of_wsgi_is_handed_on_as_it_is() -> None:
    def pieces(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        del environ
        start_response("200 OK", [("Set-Cookie", "tracker=1")])
        yield b"one"
        yield b"two"

    begun: list[Any] = []
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/"}
    made = wsgi.CookieMiddleware(pieces, guard_of("papierboot"))(environ, lambda *said: begun.append(said))
    assert list(made) == [b"one", b"two"]
    assert begun == [("200 OK", [])]


def test_messages_of_a_websocket_pass_and_its_handshake_keeps_nothing_undeclared() -> None:
    sent: list[Any] = []

    async def talk(scope: Any, receive: Any, send: Any) -> None:
        assert scope["wordkept.cookies"].may("basket", "basket_number")
        await receive()
        await send({"type": "websocket.accept", "headers": [(b"Set-Cookie", b"tracker=1"), (b"x-a", b"b")]})
        await send({"type": "websocket.send", "text": "hello"})

    async def receive() -> dict[str, Any]:
        return {"type": "websocket.connect"}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = scope_of("/cookies", type="websocket", scheme="ws")
    asyncio.run(asgi.CookieMiddleware(talk, guard_of("papierboot"))(scope, receive, send))
    assert sent[0]["headers"] == [(b"x-a", b"b")]
    assert sent[1] == {"type": "websocket.send", "text": "hello"}


def test_the_life_of_a_server_passes_untouched() -> None:
    seen: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.extend((scope, receive, send))

    scope, receive, send = {"type": "lifespan"}, object(), object()
    asyncio.run(asgi.CookieMiddleware(app, guard_of("papierboot"))(scope, receive, send))  # type: ignore[arg-type]
    assert seen == [scope, receive, send]


def test_an_exception_of_the_program_goes_on_as_it_is() -> None:
    async def broken(*_: Any) -> None:
        raise LookupError

    def also(*_: Any) -> Iterable[bytes]:
        raise LookupError

    guard = guard_of("papierboot")
    with pytest.raises(LookupError):
        run(asgi.CookieMiddleware(broken, guard), scope_of("/"))
    with pytest.raises(LookupError):
        wsgi.CookieMiddleware(also, guard)({"PATH_INFO": "/"}, lambda *_: None)
    assert answering() is None


def test_the_access_log_has_only_lines_that_may_be_written() -> None:
    record = logging.makeLogRecord({"msg": "a line"})
    through: list[bool] = []
    only = OnlyWherePermitted("statistics", "page_log")

    async def app(scope: Any, receive: Any, send: Any) -> None:
        through.append(only.filter(record))
        await PlainTextResponse("hello")(scope, receive, send)

    site = asgi.CookieMiddleware(app, guard_of("papierboot"))
    for chosen in ("", SHOP_YES, "2025-03-01/no.statistics"):
        run(site, scope_of("/", headers=[(b"cookie", f"choice={chosen}".encode())]))
    assert through == [False, True, False]
    assert not only.filter(record)


TOOL = """
```tool
name: counter
title: counts visits
items: [page_log]
purposes: [statistics]
hosts: [count.example]
```

# 2 How it"""


def test_a_tool_stands_in_a_page_only_where_all_that_it_does_is_permitted() -> None:
    (edition,) = policy_of("papierboot").editions
    text = Path(edition.file).read_text("utf-8").replace("# 2 How it", TOOL, 1)
    made = compile_text(text.encode(), "policy.md", RULES, law.load(ROOT / "law"))
    guard = Guard(msgspec.structs.replace(policy_of("papierboot"), editions=(made,)), clock=lambda: NOON)
    assert not guard.visit(Asked()).may_load("counter")
    assert guard.visit(Asked(cookies=[f"choice={SHOP_YES}"])).may_load("counter")
    assert not guard.visit(Asked(cookies=[f"choice={SHOP_YES}"], signals=["1"])).may_load("counter")
    assert not guard.visit(Asked(cookies=[f"choice={SHOP_YES}"])).may_load("pixel")
    assert "counts visits" in Ask("wsgi", guard)("/cookies").text


def lasting(period: str) -> Guard:
    """The shop's guard, as if its policy had said how long the basket may be kept."""
    policy = policy_of("papierboot")
    (edition,) = policy.editions
    basket = msgspec.structs.replace(edition.cookies["basket"], lasts=period)
    changed = msgspec.structs.replace(edition, cookies={**edition.cookies, "basket": basket})
    return Guard(msgspec.structs.replace(policy, editions=(changed,)), clock=lambda: NOON)


WEEK = "basket=b; Max-Age=604800"


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("basket=b; Path=/; HttpOnly", "basket=b; Path=/; HttpOnly"),
        ("basket=b; Max-Age=604800", WEEK),
        ("basket=b; max-age=0604800", "basket=b; max-age=0604800"),
        ("basket=b; Max-Age=604801", WEEK),
        ("basket=b; Max-Age=" + "9" * 5000, WEEK),
        ("basket=b; Max-Age=1; Max-Age=99999999", WEEK),
        ("basket=b; Max-Age=never", "basket=b; Max-Age=never"),
        ("basket=b; Max-Age=-1", "basket=b; Max-Age=-1"),
        ("basket=b; Expires=Mon, 09 Mar 2026 12:00:00 GMT", "basket=b; Expires=Mon, 09 Mar 2026 12:00:00 GMT"),
        ("basket=b; Expires=Mon, 09 Mar 2026 12:00:01 GMT", WEEK),
        ("basket=b; Expires=Fri, 31 Dec 9999 23:59:59 GMT; Secure", "basket=b; Secure; Max-Age=604800"),
        ("basket=b; Expires=when it likes", WEEK),
        ("basket=b; Expires=Mon, 09 Mar 2026 12:00:00 +" + "9" * 30, WEEK),
        ("basket=b; EXPIRES = Fri, 31 Dec 2027 23:59:59 GMT; Max-Age=60", None),
    ],
)
def test_a_browser_keeps_nothing_longer_than_was_declared(sent: str, kept: str | None) -> None:
    guard = lasting("P7D")
    assert guard.set_cookies(guard.visit(Asked()), [sent]) == [kept or sent]
    assert guard.shortened == ({} if (kept or sent) == sent else {"basket": 1})


def test_what_is_declared_without_a_time_is_not_shortened() -> None:
    guard, long = guard_of("papierboot"), "basket=b; Max-Age=99999999"
    assert guard.set_cookies(guard.visit(Asked()), [long]) == [long]


@given(st.text(st.characters(codec="ascii"), max_size=60))
def test_whatever_a_time_says_it_has_a_bound_or_ends_with_the_browser(text: str) -> None:
    header = f"basket=b; Expires={text}"
    sent = shortened(header, 60, NOON)
    assert sent in {header, "basket=b; Max-Age=60"} or (";" in text and sent.endswith("; Max-Age=60"))
