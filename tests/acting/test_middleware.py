"""Who acts is carried through each request of Starlette, FastAPI, Flask and Django, and ends with it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any, ClassVar

import django
import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import Client as DjangoClient
from django.urls import path
from fastapi import FastAPI
from flask import Flask, Response, request
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection, Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from tests.acting.conftest import ADDRESS, STAFF

from wordkept.acting import Acting, Kept
from wordkept.acting.asgi import ActingMiddleware
from wordkept.acting.django import middleware
from wordkept.acting.flask import carry
from wordkept.terms import ValueRejectedError

DESK = Acting(STAFF, purpose="bill-sending")


def used(kept: Kept, subject: str) -> str:
    """The address, or that nobody acts."""
    try:
        return kept.use(subject, "email").text("email")
    except ValueRejectedError as error:
        return str(error)


def who(scope: Any) -> Acting | None:
    return DESK if HTTPConnection(scope).headers.get("x-desk") else None


def ask(app: Any, *, desk: bool) -> str:
    """What an ASGI application answers to GET /."""
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "path": "/",
        "raw_path": b"/", "scheme": "https", "query_string": b"", "root_path": "",
        "headers": [(b"x-desk", b"yes")] * desk,
        "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 2),
    }  # fmt: skip
    sent: list[bytes] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message.get("body", b""))

    asyncio.run(app(scope, receive, send))
    return b"".join(sent).decode()


def test_starlette_carries_who_acts(kept: Kept, minji: str) -> None:
    async def home(_: Request) -> PlainTextResponse:
        return PlainTextResponse(await run_in_threadpool(used, kept, minji))

    app = Starlette(routes=[Route("/", home)])
    app.add_middleware(ActingMiddleware, who=who)
    assert ask(app, desk=True) == ADDRESS
    assert ask(app, desk=False) == "nobody acts here"


def test_fastapi_carries_who_acts_into_its_threads(kept: Kept, minji: str) -> None:
    app = FastAPI()

    @app.get("/")
    def home() -> str:
        return used(kept, minji)

    app.add_middleware(ActingMiddleware, who=who)
    assert ask(app, desk=True) == f'"{ADDRESS}"'
    assert ask(app, desk=False) == '"nobody acts here"'


def test_flask_carries_who_acts_and_no_longer_than_the_request(kept: Kept, minji: str) -> None:
    app = Flask("shop")
    carry(app, lambda: DESK if request.headers.get("x-desk") else None)

    @app.get("/")
    def home() -> str:
        return used(kept, minji)

    @app.get("/broken")
    def broken() -> str:
        raise ZeroDivisionError

    @app.get("/later")
    def later() -> Response:
        def stream() -> Iterator[str]:
            yield used(kept, minji)

        return Response(stream())

    desk = {"x-desk": "yes"}
    with app.test_client() as client:
        assert client.get("/", headers=desk).text == ADDRESS
        assert client.get("/").text == "nobody acts here"
        assert client.get("/broken", headers=desk).status_code == 500
        assert client.get("/").text == "nobody acts here"
    assert used(kept, minji) == "nobody acts here"
    assert app.test_client().get("/later", headers=desk, buffered=True).text == "nobody acts here"


class Shop:
    """What Django finds by name."""

    kept: ClassVar[Kept]
    subject: ClassVar[str]


def home(_: HttpRequest) -> HttpResponse:
    return HttpResponse(used(Shop.kept, Shop.subject))


carrying = middleware(lambda asked: DESK if asked.headers.get("x-desk") else None)


@pytest.fixture
def shop(kept: Kept, minji: str) -> DjangoClient:
    Shop.kept, Shop.subject = kept, minji
    if not settings.configured:
        settings.configure(
            ROOT_URLCONF=(path("", home),), MIDDLEWARE=[f"{__name__}.carrying"], ALLOWED_HOSTS=["*"],
            SECRET_KEY="only for this test",
        )  # fmt: skip
        django.setup()
    return DjangoClient()


def test_django_carries_who_acts(shop: DjangoClient) -> None:
    assert shop.get("/", headers={"x-desk": "yes"}).content.decode() == ADDRESS
    assert shop.get("/").content.decode() == "nobody acts here"
