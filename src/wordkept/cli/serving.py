"""Commands for programs that ask over HTTP: serve, credential."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, ExitStack, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from wordkept.acting import Gates
from wordkept.acting.sealing import sealing
from wordkept.cli.place import Place, at_place
from wordkept.cli.printing import emit, json_option
from wordkept.cli.sealing import warn
from wordkept.gate import Gate
from wordkept.identity.mail import server_in
from wordkept.orders.tokens import Tokens
from wordkept.terms import Level, Role, UnavailableError, WordkeptError
from wordkept.web.api.credentials import Credential, Credentials

if TYPE_CHECKING:
    from starlette.applications import Starlette

_FILE: Final = click.Path(path_type=Path, dir_okay=False, exists=True)
_ROLE: Final = click.Choice([str(one) for one in Role])
_THREADS: Final = 8


@click.command(short_help="Answer programs over HTTP with TLS.")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address of this machine to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=8443, show_default=True, help="0 takes a free one.")
@click.option("--certificate", type=_FILE, required=True, help="Certificate chain in PEM.")
@click.option("--key", type=_FILE, required=True, help="Its private key in PEM, mode 0600.")
@click.option("--processes", type=click.IntRange(1, 64), default=1, show_default=True, help="That answer.")
@at_place
@json_option
def serve(
    place: Place, host: str, port: int, certificate: Path, key: Path, processes: int, *, as_json_: bool
) -> None:  # fmt: skip
    """Answer programs that ask the gate over HTTP with TLS, until told to end.

    Who may ask what is listed by wordkept credential. Evidence is sealed every two seconds. No request is logged.
    """
    try:
        from wordkept.web.api import serving  # noqa: PLC0415  (an extra; every other command does without)
    except ImportError as error:
        raise UnavailableError("what serves is not installed", hint="install wordkept[web]") from error
    with place.gate() as gate, sealing(gate, place.now, warn, _not_sealed):
        server_in(gate.installation.folder)  # says now what is wrong with it, not in the processes
        serving.serve(
            partial(application, place),
            serving.Served(host, port, certificate, key, processes),
            partial(_say, gate, as_json_=as_json_),
        )


def application(place: Place) -> Starlette:
    """The application of one process, with an installation opened for it; closed when the process ends."""
    from wordkept.web.api.application import Application  # noqa: PLC0415  (as in serve)
    from wordkept.web.orderpage.places import OrderPage  # noqa: PLC0415

    with ExitStack() as stack:
        gate = stack.enter_context(place.gate())
        gates = stack.enter_context(Gates(gate, _THREADS))
        folder = gate.installation.folder
        orders = OrderPage(gates, Tokens(folder), place.now)
        mail = server_in(folder)
        send = mail.send if mail else None
        made = Application(gates, Credentials(folder), place.now, _THREADS, [orders.route], send)
        stack.callback(made.close)
        made.asgi.router.lifespan_context = _until_the_end(stack.pop_all())
    return made.asgi


def _until_the_end(stack: ExitStack) -> Callable[[Starlette], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        with stack:
            yield

    return lifespan


def _not_sealed(error: WordkeptError) -> None:
    click.echo(f"wordkept: warning: not sealed: {error}", err=True)


def _say(gate: Gate, address: str, *, as_json_: bool) -> None:
    if as_json_:
        emit({"serving": str(gate.installation.folder), "address": address})
    click.echo(f"wordkept: serving {gate.installation.folder} at {address}", err=True)


@click.command(short_help="Say which programs may ask what over HTTP.")
@click.argument("name", required=False)
@click.option("--may", multiple=True, help="A verb and what for: use:bill-sending, consent:table, view.")
@click.option(
    "--role", "roles", multiple=True, type=click.Choice([str(one) for one in Role]), help="As whom it may speak."
)
@click.option(
    "--vouches",
    type=click.Choice([str(one) for one in Level]),
    default="session",
    show_default=True,
    help="How well its own word says who somebody is.",
)
@click.option("--revoke", is_flag=True, help="Let NAME in no more.")
@at_place
@json_option
def credential(
    place: Place,
    name: str | None,
    may: tuple[str, ...],
    roles: tuple[str, ...],
    vouches: str,
    *,
    revoke: bool,
    as_json_: bool,
) -> None:
    """Let a program in and print its secret, this once; without NAME, list the programs that are let in.

    What is not granted is denied. The installation keeps a digest of the secret only.
    """
    with place.gate() as gate:
        known, policy = Credentials(gate.installation.folder), gate.policy
    if name is None:
        _list(known.all(), as_json_=as_json_)
    elif revoke:
        known.revoke(name)
        _tell({"revoked": name}, f"{name} is let in no more", as_json_=as_json_)
    elif not may or not roles:
        raise UnavailableError("a program needs --may and --role; what is not granted is denied")
    else:
        secret = known.add(name, may, [Role(one) for one in roles], policy, Level(vouches))
        _tell({"name": name, "secret": secret}, secret, as_json_=as_json_)


def _tell(value: object, text: str, *, as_json_: bool) -> None:
    emit(value) if as_json_ else click.echo(text)


def _list(programs: Sequence[Credential], *, as_json_: bool) -> None:
    if as_json_:
        emit([{"name": one.name, "may": one.may, "roles": one.roles, "vouches": one.vouches} for one in programs])
        return
    for one in programs:
        click.echo(f"{one.name} as {', '.join(one.roles)}, vouching for {one.vouches}, may {', '.join(one.may)}")
