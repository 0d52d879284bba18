"""Whatever is sent: one clear error that repeats nothing of it, nothing stored, and no failure of ours."""

from __future__ import annotations

import base64
import http.client
import json
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import urlsplit

import pytest
from tests.identity.pictures import png
from tests.identity.test_files import BAD
from tests.web.conftest import NOON, Door, agrees

SUBJECT, PERSON = "a" * 32, "Kim Minji 010-1234-5678"
USE: dict[str, Any] = {
    "subject": SUBJECT, "by": {"role": "staff"}, "items": ["email"], "purpose": "bill-sending",
}  # fmt: skip
COLLECT: dict[str, Any] = {
    "subject": SUBJECT, "by": {"role": "member"}, "purpose": "identification", "method": "website", "values": {},
}  # fmt: skip


@pytest.fixture(scope="module")
def secret(door: Door) -> str:
    return door.program("hostile")


@contextmanager
def connected(door: Door) -> Iterator[http.client.HTTPSConnection]:
    parts = urlsplit(door.address)
    trusted = ssl.create_default_context(cafile=str(door.authority))
    connection = http.client.HTTPSConnection(parts.hostname or "", parts.port, timeout=30, context=trusted)
    try:
        yield connection
    finally:
        connection.close()


def send(door: Door, secret: str, body: Any, path: str = "/v1/use", method: str = "POST", **headers: str) -> Any:
    """The status and the problem; what every answer has, is looked at here."""
    known = {"authorization": f"Bearer {secret}", "content-type": "application/json"}
    known |= {name.replace("_", "-"): value for name, value in headers.items()}
    with connected(door) as connection:
        connection.request(method, path, body, known)
        response = connection.getresponse()
        raw = response.read()
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["cache-control"] == "no-store"
    said = json.loads(raw)
    assert said["status"] == response.status
    assert said["instance"].startswith("urn:uuid:")
    assert "Kim" not in raw.decode()
    assert "Traceback" not in raw.decode()
    return response.status, said


def with_(whole: dict[str, Any], **changed: Any) -> bytes:
    return json.dumps({**whole, **changed}).encode()


MALFORMED: dict[str, bytes] = {
    "nothing": b"",
    "no JSON": b"hello Kim",
    "half of it": with_(USE)[:-5],
    "two of it": with_(USE) * 2,
    "a number": b"7",
    "a list": b"[]",
    "NaN": b'{"subject": NaN}',
    "an endless number": b"9" * 100_000,
    "deep": b"[" * 200_000,
    "deep objects": b'{"by":' * 100_000,
    "UTF-16": with_(USE).decode().encode("utf-16"),
    "Latin-1": b'{"subject":"\xe9"}',
    "half a surrogate pair": b'{"subject":"\\ud800"}',
    "an unknown name": with_(USE, **{PERSON: 1}),
    "an unknown role": with_(USE, by={"role": PERSON}),
    "a day of one's own": with_(USE, on="2016-09-01"),
    "a second person": with_(USE, by={"role": "staff", "second": "somebody"}),
    "no person": with_(USE, subject=PERSON),
    "a long person": with_(USE, subject="a" * 33),
    "a person and a line": with_(USE, subject="a" * 32 + "\n"),
    "another message": with_(USE, ask="view"),
    "no item": with_(USE, items=[]),
    "many items": with_(USE, items=["email"] * 101),
    "an object for an item": with_(USE, items=[{}]),
    "a long purpose": with_(USE, purpose="x" * 201),
    "nothing of many": with_(USE, purpose=None),
}


@pytest.mark.parametrize("what", MALFORMED)
def test_what_is_no_message_is_said_to_be_none(door: Door, secret: str, what: str) -> None:
    before = door.gate.counts()
    status, said = send(door, secret, MALFORMED[what])
    assert (status, said["type"]) == (400, "urn:wordkept:malformed")
    assert said["detail"]
    assert door.gate.counts() == before


@pytest.mark.parametrize(
    ("values", "files"),
    [
        ({"email": "no address"}, {}),
        ({"email": "kim\x00@example.kr"}, {}),
        ({"email": "k@" + "x" * 100_000}, {}),
        ({"applicant_name": "Kim Minji\u0301"}, {}),
        ({}, {"email": "S2lt"}),
        ({"email": "a@b.kr"}, {"email": "S2lt"}),
        ({}, {}),
        ({"email\n": "a@b.kr"}, {}),
    ],
)
def test_a_value_that_does_not_fit_is_rejected_and_not_stored(
    door: Door, secret: str, values: dict[str, str], files: dict[str, str]
) -> None:
    subject = door.gate.new_subject(NOON)
    agrees(door.gate, subject)
    status, said = send(door, secret, with_(COLLECT, subject=subject, values=values, files=files), "/v1/collect")
    assert (status, said["type"]) == (422, "urn:wordkept:rejected")
    assert not door.gate.records(subject)


def test_a_name_that_nobody_declared_is_refused_and_not_stored(door: Door, secret: str) -> None:
    subject = door.gate.new_subject(NOON)
    agrees(door.gate, subject)
    status, said = send(door, secret, with_(COLLECT, subject=subject, values={PERSON: "x"}), "/v1/collect")
    assert (status, said["reason"]) == (403, "undeclared")
    assert not door.gate.records(subject)


def test_nobody_is_the_operator(door: Door, secret: str) -> None:
    body = with_({"subject": "0" * 32, "by": {"role": "member"}, "kind": "service.subscribed"})
    assert send(door, secret, body, "/v1/event")[0] == 422


@pytest.mark.parametrize(
    ("headers", "kind"),
    [
        ({"content_type": "text/plain"}, "not-json"),
        ({"content_type": "multipart/form-data; boundary=x"}, "not-json"),
        ({"content_encoding": "gzip"}, "not-json"),
        ({"authorization": "Basic a2ltOmtpbQ=="}, "unknown-client"),
        ({"authorization": "Bearer"}, "unknown-client"),
        ({"authorization": "Bearer \xe9"}, "unknown-client"),
        ({"authorization": ""}, "unknown-client"),
    ],
)
def test_what_is_no_plain_json_or_from_nobody_is_turned_away(
    door: Door, secret: str, headers: dict[str, str], kind: str
) -> None:
    assert send(door, secret, with_(USE), **headers)[1]["type"] == f"urn:wordkept:{kind}"


@pytest.mark.parametrize(
    ("method", "path", "kind"),
    [
        ("GET", "/v1/use", "no-such-method"),
        ("DELETE", "/v1/use", "no-such-method"),
        ("POST", "/openapi.json", "no-such-method"),
        ("POST", "/", "no-such-place"),
        ("POST", "/v1/use/../../etc/passwd", "no-such-place"),
        ("POST", f"/v1/{SUBJECT}", "no-such-place"),
        ("GET", "/v1/batch?subject=x", "no-such-method"),
    ],
)
def test_there_are_no_other_places(door: Door, secret: str, method: str, path: str, kind: str) -> None:
    assert send(door, secret, b"", path, method)[1]["type"] == f"urn:wordkept:{kind}"


def test_a_body_that_is_announced_too_large_is_not_read(door: Door, secret: str) -> None:
    with connected(door) as connection:
        connection.putrequest("POST", "/v1/collect")
        connection.putheader("authorization", f"Bearer {secret}")
        connection.putheader("content-type", "application/json")
        connection.putheader("content-length", str(1 << 30))
        connection.endheaders()
        response = connection.getresponse()
        assert response.status == 413
        assert json.loads(response.read())["type"] == "urn:wordkept:too-large"


def test_a_body_of_a_gigabyte_in_pieces_is_read_no_further_than_its_bound(door: Door, secret: str) -> None:
    def endless() -> Iterator[bytes]:
        yield b'{"subject":"'
        for _ in range(1024):
            yield b"a" * (1 << 20)

    with connected(door) as connection:
        headers = {"authorization": f"Bearer {secret}", "content-type": "application/json"}
        with suppress(BrokenPipeError, ConnectionResetError, ssl.SSLError):  # closed while we still send: well done
            connection.request("POST", "/v1/collect", endless(), headers, encode_chunked=True)
        with suppress(http.client.HTTPException, OSError):  # or the answer is lost behind what we sent
            assert connection.getresponse().status == 413


def test_a_batch_of_too_many_is_no_batch(door: Door, secret: str) -> None:
    body = json.dumps([{"ask": "use", **USE}] * 501).encode()
    assert send(door, secret, body, "/v1/batch")[1]["type"] == "urn:wordkept:malformed"
    assert send(door, secret, b"[]", "/v1/batch")[1]["type"] == "urn:wordkept:malformed"


def test_nothing_is_said_without_tls(door: Door) -> None:
    parts = urlsplit(door.address)
    with socket.create_connection((parts.hostname or "", parts.port or 0), timeout=10) as plain:
        plain.sendall(b"GET /openapi.json HTTP/1.1\r\nhost: x\r\n\r\n")
        with suppress(ConnectionResetError):
            assert b"HTTP" not in plain.recv(1000)


def test_a_header_of_a_megabyte_is_turned_away(door: Door) -> None:
    with connected(door) as connection, suppress(OSError, http.client.HTTPException):  # or the line is closed on us
        connection.request("POST", "/v1/use", b"{}", {"authorization": "Bearer " + "x" * (1 << 20)})
        assert connection.getresponse().status in {400, 401, 431}


@pytest.fixture(scope="module")
def taker(door: Door) -> str:
    return door.program("taker", "collect:id-verification")


@pytest.mark.parametrize("name", [*BAD, "unmasked"])
def test_what_is_no_document_is_rejected_and_not_stored(door: Door, taker: str, name: str) -> None:
    subject = door.gate.new_subject(NOON)
    data = png() if name == "unmasked" else BAD[name]
    more: dict[str, Any] = {"purpose": "id-verification", "matter": "request:id-1", "masked": name != "unmasked"}
    files = {"id_card_copy": base64.b64encode(data).decode()}
    status, said = send(door, taker, with_(COLLECT, subject=subject, files=files, **more), "/v1/collect")
    assert (status, said["type"]) == (422, "urn:wordkept:rejected")
    assert said["detail"].startswith("document: ")
    assert not door.gate.records(subject)
    assert not door.gate.history(subject).spans


def test_a_document_as_text_is_looked_at_too(door: Door, taker: str) -> None:
    more: dict[str, Any] = {"purpose": "id-verification", "matter": "request:id-1", "masked": True}
    body = with_(COLLECT, subject=SUBJECT, values={"id_card_copy": "<script>"}, **more)
    assert send(door, taker, body, "/v1/collect")[1]["detail"].startswith("document: ")
