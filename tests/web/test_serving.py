"""``wordkept serve`` as an operator starts it: its processes, TLS, an end by a signal, nothing said of people."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.web.conftest import MEMBER, ROOT, STAFF, certificate, text

from wordkept.cli import main
from wordkept.cli.named import read_policy
from wordkept.gate import opened
from wordkept.terms import Choice, UnavailableError
from wordkept.web.api.client import Client
from wordkept.web.api.messages import Collect, Consent, Event, Use
from wordkept.web.api.serving import Served, listening, serve

ADDRESS = "minji@example.kr"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("serving") / "store"
    with opened(folder, read_policy(ROOT / "policies" / "bizmeka-ez")):
        return folder


def run(store: Path, *words: str, code: int = 0) -> Result:
    found = CliRunner().invoke(main, [*words, "--folder", str(store)], catch_exceptions=False)
    assert found.exit_code == code, found.output
    return found


def test_programs_are_let_in_listed_and_revoked(store: Path) -> None:
    secret = run(store, "credential", "desk", "--may", "view", "--may", "use:bill-sending", "--role", "staff").stdout
    assert re.fullmatch(r"[\w-]{43}\n", secret)
    listed = run(store, "credential")
    assert listed.stdout == "desk as staff, vouching for session, may view, use:bill-sending\n"
    found = json.loads(run(store, "credential", "--json").stdout)
    assert found == [{"name": "desk", "may": ["view", "use:bill-sending"], "roles": ["staff"], "vouches": "session"}]
    assert "is let in already" in run(store, "credential", "desk", "--may", "view", "--role", "staff", code=2).stderr
    assert "needs --may and --role" in run(store, "credential", "shop", code=2).stderr
    assert "needs --may and --role" in run(store, "credential", "shop", "--may", "view", code=2).stderr
    run(store, "credential", "desk", "--revoke")
    assert run(store, "credential").stdout == ""


def test_two_processes_serve_until_they_are_told_to_end(store: Path, tmp_path: Path) -> None:
    may = ("collect:identification", "use:bill-sending", "consent:table", "event:service.subscribed")
    words = [word for one in may for word in ("--may", one)]
    secret = run(store, "credential", "shop", *words, "--role", "staff", "--role", "member").stdout.strip()
    paper = certificate(tmp_path)
    command = [
        str(Path(sys.executable).with_name("wordkept")), "serve", "--folder", str(store), "--port", "0",
        "--processes", "2", "--certificate", str(paper.certificate), "--key", str(paper.key), "--json",
    ]  # fmt: skip
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as server:
        assert server.stdout
        assert server.stderr
        try:
            said = server.stderr.readline()
            address = re.search(r"https://\S+", said)
            assert address, said + server.stderr.read()
            with Client(address[0], secret, authority=paper.certificate) as client:

                def live(_: int) -> tuple[str, ...]:
                    subject = client.new_subject()
                    client.ask(
                        Consent(subject=subject, by=MEMBER, to="table", choice=Choice.GIVEN, shown=text("table"))
                    )
                    client.ask(Event(subject=subject, by=MEMBER, kind="service.subscribed"))
                    purpose, values = "identification", {"email": ADDRESS}
                    collect = Collect(subject=subject, by=MEMBER, purpose=purpose, method="website", values=values)
                    client.ask(collect)
                    used = Use(subject=subject, by=STAFF, items=("email",), purpose="bill-sending")
                    return client.ask(used).values["email"]

                with ThreadPoolExecutor(6) as threads:
                    assert set(threads.map(live, range(12))) == {(ADDRESS,)}
        finally:
            server.send_signal(signal.SIGTERM)
            rest = server.stderr.read()
        assert server.wait(60) == 0, rest
        assert json.loads(server.stdout.read()) == {"serving": str(store), "address": address[0]}
    assert ADDRESS not in said + rest
    assert secret not in said + rest
    assert "error" not in rest
    assert "0 not sealed yet" in run(store, "verify").stdout


def test_there_is_no_way_to_serve_without_tls(store: Path, tmp_path: Path) -> None:
    assert "missing option" in run(store, "serve", code=2).stderr
    paper = certificate(tmp_path)
    paper.key.chmod(0o644)
    words = ("--certificate", str(paper.certificate), "--key", str(paper.key))
    assert "others may read the private key" in run(store, "serve", *words, code=2).stderr
    (tmp_path / "other").mkdir()
    other = certificate(tmp_path / "other")
    with pytest.raises(UnavailableError, match="belong together"):
        serve(lambda: pytest.fail("made"), Served("127.0.0.1", 0, paper.certificate, other.key, 1), print)


def test_an_answer_does_not_wait_for_an_acknowledgement(tmp_path: Path) -> None:
    with listening(certificate(tmp_path)) as place:
        address = place.getsockname()
        with socket.create_connection(address), place.accept()[0] as accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
    with listening(certificate(tmp_path)) as place, pytest.raises(UnavailableError, match="cannot be listened on"):
        listening(Served("127.0.0.1", place.getsockname()[1], tmp_path, tmp_path, 1))


@pytest.mark.parametrize("address", ["http://localhost", "localhost", "https://", "ftp://localhost"])
def test_a_client_speaks_to_https_only(address: str) -> None:
    with pytest.raises(UnavailableError, match="https"):
        Client(address, "secret")


def test_a_client_of_nobody_says_so() -> None:
    with Client("https://127.0.0.1:1", "secret") as client, pytest.raises(UnavailableError, match="ask again"):
        client.new_subject()
    assert "secret" not in repr(client)
