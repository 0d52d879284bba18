"""A partner without software sees its open orders by a link and answers them; the link opens nothing else, and ends."""

from __future__ import annotations

import re
import stat
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from click.testing import CliRunner
from starlette.applications import Starlette
from tests.gate.conftest import POLICY, Someone, at, told
from tests.orders.conftest import DAY, Town, with_email
from tests.web.test_cookies import Told, run

from wordkept.acting import Gates
from wordkept.cli.main import main
from wordkept.gate import Temporary
from wordkept.orders.tokens import FILE, Tokens
from wordkept.terms import Act, Role
from wordkept.web.orderpage.places import MOST, OrderPage

NEW, LAST = "minji.new@example.kr", DAY + timedelta(days=30)
FORM = {"content-type": "application/x-www-form-urlencoded"}


class Desk:
    """A vault in which three partners hold an address that was corrected, and the page to one of them."""

    def __init__(self, town: Town) -> None:
        self.town, self.someone = town, town.member("provision:kmc", "provision:kibnet", "entrustment")
        self.someone.collects("identification", "email")
        for to, act in (("kmc", Act.PROVIDE), ("kibnet", Act.PROVIDE), ("ktis", Act.ENTRUST)):
            self.someone.does(act, "email", to=to)
        self.someone.does(Act.CORRECT, "email", values={"email": NEW}, by=Role.STAFF)
        self.tokens = Tokens(town.gate.installation.folder)
        self.token = self.tokens.make("kmc", LAST)
        self.gates = Gates(town.gate)
        self.app = Starlette(routes=[OrderPage(self.gates, self.tokens, town.clock).route])

    def asks(
        self, token: str | None = None, form: dict[str, str] | None = None, *, body: bytes | None = None, **headers: str
    ) -> Told:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        data = body if body is not None else urlencode(form or {}).encode()
        if form is not None or body is not None:
            sent = {**FORM, **sent}
        scope: dict[str, Any] = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "scheme": "https", "query_string": b"",
            "method": "GET" if form is None and body is None else "POST", "path": f"/orders/{token or self.token}",
            "raw_path": b"", "root_path": "", "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 2),
            "headers": [(name.encode(), text.encode("latin-1")) for name, text in {"host": "a.test", **sent}.items()],
        }  # fmt: skip
        return run(self.app, scope, data)

    def orders(self, to: str) -> list[str]:
        return [one.order.id for one in self.town.outbox.open(self.someone.subject) if one.order.to == to]


@pytest.fixture
def desk(temporary: Temporary, tmp_path: Path) -> Iterator[Desk]:
    with temporary.gate(with_email(POLICY)) as opened:
        town = Town(opened, tmp_path)
        with town.outbox:
            made = Desk(town)
            with made.gates:
                yield made


def test_the_page_shows_this_partners_orders_alone_and_no_value(desk: Desk) -> None:
    told_ = desk.asks()
    (mine,) = desk.orders("kmc")
    assert told_.status == 200
    assert mine in told_.text
    assert not [one for to in ("kibnet", "ktis") for one in desk.orders(to) if one in told_.text]
    alias = next(one.alias for one in desk.town.outbox.held(desk.someone.subject) if one.to == "kmc")
    assert alias in told_.text
    assert desk.someone.subject not in told_.text
    assert NEW not in told_.text
    assert "<script" not in told_.text
    assert re.match(
        r"default-src 'none'; style-src 'sha256-[^']+'; form-action 'self'", told_["content-security-policy"]
    )
    assert (told_["referrer-policy"], told_["cache-control"]) == ("no-referrer", "no-store")
    assert not re.findall(r"https?://", told_.text), "nothing is asked of anybody else"


def test_the_page_speaks_korean_where_that_is_wanted(desk: Desk) -> None:
    said = desk.asks(accept_language="ko-KR,ko;q=0.9").text
    assert '<html lang="ko">' in said
    assert "이메일" in said or "전자우편" in said


def test_a_value_is_shown_when_it_is_asked_for_and_as_the_gate_decides(desk: Desk) -> None:
    (mine,) = desk.orders("kmc")
    assert NEW in desk.asks(form={"order": mine, "do": "show"}).text
    before = [one for one, _ in told(desk.town.gate, subject=desk.someone.subject)]
    assert before.count("provided") == 3, "two were given it, and this is told too"
    desk.someone.does(Act.FREEZE, "email")
    assert NEW not in desk.asks(form={"order": mine, "do": "show"}).text


def test_an_answer_names_the_partner_in_evidence_and_the_last_one_ends_the_link(desk: Desk) -> None:
    (mine,) = desk.orders("kmc")
    assert desk.asks(form={"order": mine, "do": "answer", "answer": "done", "law": ""}).status == 200
    assert desk.orders("kmc") == []
    (body,) = [body for one, body in told(desk.town.gate, subject=desk.someone.subject) if one == "acknowledged"]
    assert (body.to, body.actor, body.role, body.event) == ("kmc", "kmc", Role.RECIPIENT, "answer.done")
    desk.someone.does(Act.FREEZE, "email")
    assert desk.orders("kmc"), "there is an order again"
    assert desk.asks().status == 404, "and a new link is needed for it"


def test_who_cannot_stays_asked_and_may_name_a_law(desk: Desk) -> None:
    desk.someone.does(Act.DESTROY, "email")
    mine = desk.orders("kmc")[-1]
    sent = {"order": mine, "do": "answer", "answer": "cannot", "law": "kr/e-commerce-act"}
    assert desk.asks(form=sent).status == 200
    (one,) = [one for one in desk.town.outbox.open() if one.order.id == mine]
    assert (one.answer, one.order.answer_by) == ("cannot", None)


def test_a_partner_answers_no_order_of_anybody_else(desk: Desk) -> None:
    (other,) = desk.orders("kibnet")
    desk.asks(form={"order": other, "do": "answer", "answer": "done"})
    assert desk.asks(form={"order": other, "do": "show"}).text.count(NEW) == 0
    assert desk.orders("kibnet") == [other]


@pytest.mark.parametrize("token", ["x", "x" * 43, "x" * 2000, "../kmc", "%00", "é"])
def test_whatever_opens_nothing_gets_the_same_answer(desk: Desk, token: str) -> None:
    wrong = desk.asks(token)
    assert wrong.status == 404
    if "/" not in token:
        desk.town.clock.now = at(LAST + timedelta(days=1))
        assert (desk.asks().status, desk.asks().text) == (404, wrong.text)


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"body": b"order=1&order=2"}, 400),
        ({"body": b"\xff\xfe"}, 400),
        ({"body": b"x" * 9000}, 413),
        ({"body": b"{}", "content_type": "application/json"}, 415),
        ({"form": {"order": "0", "do": "answer", "answer": "done"}, "sec_fetch_site": "cross-site"}, 403),
        ({"form": {"order": "0", "do": "answer", "answer": "done"}, "origin": "https://evil.example"}, 403),
    ],
)
def test_what_is_no_form_of_the_page_is_refused_and_changes_nothing(
    desk: Desk, sent: dict[str, Any], status: int
) -> None:
    before = desk.town.outbox.open()
    assert desk.asks(**sent).status == status
    assert desk.town.outbox.open() == before


@pytest.mark.parametrize("answer", ["", "yes", "DONE", "done ", "<script>"])
def test_a_word_that_is_no_answer_is_none(desk: Desk, answer: str) -> None:
    (mine,) = desk.orders("kmc")
    assert desk.asks(form={"order": mine, "do": "answer", "answer": answer}).status == 400
    assert desk.asks(form={"order": mine, "do": "answer", "answer": "cannot", "law": "x" * 300}).status == 400
    assert desk.orders("kmc") == [mine]


def test_an_address_that_comes_too_often_waits_a_minute(desk: Desk) -> None:
    for _ in range(MOST):
        desk.asks("x")
    assert desk.asks().status == 429
    desk.town.clock.wait(timedelta(minutes=1))
    assert desk.asks().status == 200


def test_only_a_digest_of_a_token_is_kept_and_a_new_one_takes_its_place(desk: Desk) -> None:
    file = desk.town.gate.installation.folder / FILE
    assert desk.token not in file.read_text()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    old, desk.token = desk.token, desk.tokens.make("kmc", LAST)
    assert (desk.asks(old).status, desk.asks().status) == (404, 200)
    file.chmod(0o644)
    assert desk.asks().status == 503


def test_a_value_that_is_markup_is_shown_as_what_it_is(desk: Desk) -> None:
    hostile = '"><script>alert(1)</script>"@example.kr'
    someone: Someone = desk.town.member("provision:kmc")
    someone.collects("identification", "applicant_name")
    someone.does(Act.PROVIDE, "applicant_name", to="kmc")
    someone.does(Act.CORRECT, "applicant_name", values={"applicant_name": hostile}, by=Role.STAFF)
    (order,) = [one.order.id for one in desk.town.outbox.open(someone.subject)]
    said = desk.asks(form={"order": order, "do": "show"}).text
    assert "<script" not in said
    assert "&lt;script&gt;" in said


def test_a_link_is_made_for_a_partner_with_open_orders_only(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["orders", "page", "kmc", "--folder", str(tmp_path)])
    assert (done.exit_code, "there is no installation" in done.output) == (2, True)
