"""``wordkept orders`` on a real vault: what it says, in both languages, and with which exit code."""

from __future__ import annotations

import asyncio
import json
import shutil
import threading
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner, Result
from tests.gate.conftest import POLICY, Someone, at
from tests.orders.conftest import DAY, House, Town

from wordkept.cli import main
from wordkept.cli.place import CLOCK, Place
from wordkept.cli.serving import application
from wordkept.gate import Gate
from wordkept.orders.addresses import FILE
from wordkept.orders.message import public_key
from wordkept.orders.partner import Done, Partner
from wordkept.orders.receiver import Receiver
from wordkept.orders.sandbox import KEY
from wordkept.terms import Act, Answer, Role
from wordkept.vault.installation import Installation

ROOT = Path(__file__).parents[2]


class Desk(msgspec.Struct):
    """An installation with somebody whose birthday KMC and KTIS hold, and was corrected."""

    folder: Path
    subject: str
    kmc: House

    def asks(self, *args: str, day: date = DAY) -> Result:
        (self.folder / CLOCK).write_text(at(day).isoformat())
        return CliRunner().invoke(main, ["orders", *args, "--folder", str(self.folder)], catch_exceptions=False)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    home = tmp_path_factory.mktemp("orders")
    folder = home / "store"
    with Installation.open(folder) as opened:
        opened.remember(ROOT / "policies" / "bizmeka-ez")
        with Gate(opened, POLICY) as gate:
            town = Town(gate, home)
            someone = town.member("provision:kmc", "entrustment")
            shared(someone)
            kmc = town.house("kmc")
        yield Desk(folder, someone.subject, kmc)
    shutil.rmtree(folder)


def shared(someone: Someone) -> None:
    someone.collects("identification", "birthdate")
    someone.does(Act.PROVIDE, "birthdate", to="kmc")
    someone.does(Act.ENTRUST, "birthdate", to="ktis")
    someone.does(Act.CORRECT, "birthdate", values={"birthdate": "1985-02-03"}, by=Role.STAFF)


def test_partners_are_told_and_their_answers_taken_down(desk: Desk) -> None:
    found = desk.asks("list")
    assert (found.exit_code, len(found.stdout.splitlines())) == (0, 2)
    assert "kmc: correct birthdate; not told, tried 0 times; due 2019-03-05" in found.stdout
    assert "kmc: 정정 birthdate" in desk.asks("list", "--lang", "ko").stdout
    late = desk.asks("list", day=date(2019, 3, 10))
    assert (late.exit_code, "overdue since 2019-03-05" in late.stdout) == (1, True)
    with desk.kmc.open() as address:
        (desk.folder / FILE).write_text(f'[kmc]\nurl = "{address.url}"\n')
        assert desk.asks("deliver").stdout == "1 settled, 0 told, 0 refused, 0 failed\n"
    assert [one.values for one in desk.kmc.did] == [{"birthdate": ("1985-02-03",)}]
    said = desk.asks("explain", desk.subject)
    assert said.exit_code == 0
    assert "kmc birthdate: given 2019-03-04 because of 7.0.c, 7.2.e, 7.1.R2; kept with no end yet" in said.stdout
    assert "1985" not in said.stdout
    (order,) = [one["order"]["id"] for one in json.loads(desk.asks("list", "--json").stdout)]
    assert desk.asks("answer", order, "done", "--by", "kim-2").exit_code == 0
    assert desk.asks("list").stdout == ""
    with pytest.raises(SystemExit):
        main(["orders", "answer", order, "done", "--by", "kim-2", "--folder", str(desk.folder)])


def test_a_link_opens_the_page_of_a_partner_that_has_an_open_order_and_of_nobody_else(desk: Desk) -> None:
    with Installation.open(desk.folder) as opened, Gate(opened, POLICY) as gate:
        someone = Someone(gate, DAY)
        someone.consents("provision:kmc")
        someone.collects("identification", "birthdate")
        someone.does(Act.PROVIDE, "birthdate", to="kmc")
        someone.does(Act.CORRECT, "birthdate", values={"birthdate": "1985-02-03"}, by=Role.STAFF)
    path = desk.asks("page", "kmc").stdout.strip()
    assert path.startswith("/orders/")
    said = json.loads(desk.asks("page", "kmc", "--json").stdout)
    assert (said["partner"], said["until"], said["path"] == path) == ("kmc", "2019-03-09", False)
    with pytest.raises(SystemExit):
        main(["orders", "page", "lg-cns", "--folder", str(desk.folder)])
    asyncio.run(opens(desk.folder, said["path"], 200))
    asyncio.run(opens(desk.folder, path, 404))
    (order,) = [one["order"]["id"] for one in json.loads(desk.asks("list", "--json").stdout)]
    assert desk.asks("answer", order, "done", "--by", "kim-2").exit_code == 0


async def opens(folder: Path, path: str, status: int) -> None:
    """What serve answers at a path."""
    app, sent = application(Place(folder, None, None, None)), list[Any]()

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "scheme": "https", "query_string": b"",
        "method": "GET", "path": path, "raw_path": path.encode(), "root_path": "", "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 2), "headers": [(b"host", b"gate.example")],
    }  # fmt: skip
    async with app.router.lifespan_context(app):
        await app(scope, receive, send)
    assert sent[0]["status"] == status


def test_the_key_is_printed_and_stays(desk: Desk) -> None:
    assert desk.asks("key").stdout == desk.asks("key").stdout
    assert desk.asks("key").stdout.strip() == public_key((desk.folder / "orders.key").read_bytes())


def test_an_erasure_says_who_is_missing(desk: Desk) -> None:
    with Installation.open(desk.folder) as opened, Gate(opened, POLICY) as gate:
        someone = Someone(gate, DAY, member=False)
        someone.subject = desk.subject
        someone.does(Act.DESTROY, "birthdate")
    assert "erased in part: kmc and ktis did not answer yet" in desk.asks("explain", desk.subject).stdout
    assert "아직" in desk.asks("explain", desk.subject, "--lang", "ko").stdout
    for one in json.loads(desk.asks("explain", desk.subject, "--json").stdout)["open"]:
        assert desk.asks("answer", one["order"]["id"], "nothing-held", "--by", "kim-2").exit_code == 0
    assert "gone since 2019-03-04" in desk.asks("explain", desk.subject).stdout


def test_the_sandbox_tries_a_partners_software(tmp_path: Path) -> None:
    partner = Partner("kmc", KEY, Done(tmp_path / "done"))
    with Receiver(partner, lambda _: Answer.DONE, lambda: datetime.now().astimezone()) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            found = CliRunner().invoke(main, ["orders", "sandbox", server.url, "--name", "kmc"])
            other = CliRunner().invoke(main, ["orders", "sandbox", server.url, "--name", "else"])
        finally:
            server.shutdown()
            thread.join()
    assert (found.exit_code, found.stdout.count("   ok  "), other.exit_code) == (0, 13, 1)
    assert "WRONG  an order to erase: status 400, no answer" in other.stdout
