"""``wordkept``: the group of commands, and what becomes of errors.

Data goes to standard output; what is said about it to standard error, in lower case, with a hint. Exit 0: done or
kept, 1: not kept, 2: asked wrongly or not possible now.
"""

from __future__ import annotations

import sys
from collections import UserDict
from collections.abc import Iterator
from importlib import import_module
from typing import Any, Final

import click

from wordkept import __version__
from wordkept.cli.printing import spoken
from wordkept.language import Catalogue, Said, say
from wordkept.terms import BrokenError, MalformedPolicyError, UnavailableError, ValueRejectedError

_INTERRUPTED: Final = 130
"""What a shell says of a program that was interrupted from its terminal."""
_CALL: Final = say("the evidence does not hold; keep this installation as it is and call your auditor")


_HOMES: Final = {
    "demo": "demo:demo",
    "init": "init:init",
    "check": "policies:check",
    "affirm": "policies:affirm",
    "test": "playing:test",
    "decide": "playing:decide",
    "diff": "editing:diff",
    "fmt": "editing:fmt",
    "prove": "proving:prove",
    "render": "rendering:render",
    "consent": "consents:consent",
    "plan": "storing:plan_",
    "approve": "storing:approve",
    "apply": "storing:apply_",
    "seal": "storing:seal",
    "epoch": "storing:epoch",
    "orders": "orders:orders",
    "agreement": "agreements:agreement",
    "request": "requesting:request",
    "authority": "authority:authority",
    "hardship": "authority:hardship",
    "explain": "asking:explain",
    "trace": "asking:trace",
    "verify": "asking:verify",
    "hunt": "asking:hunt",
    "doctor": "asking:doctor",
    "serve": "serving:serve",
    "credential": "serving:credential",
    "identity": "identity:identity",
    "import": "importing:import_",
    "crawl": "crawling:crawl",
}
"""Every command, in the order in which one meets them, and the module and the name in it where it is."""


class Commands(UserDict[str, click.Command]):
    """The commands by name. A module is imported when a command of it is asked for: `check` needs no database."""

    def __getitem__(self, name: str) -> click.Command:
        """The command of a name.

        Raises:
            KeyError: there is none.
        """
        if name not in self.data:
            module, attribute = _HOMES[name].split(":")
            self.data[name] = getattr(import_module(f"wordkept.cli.{module}"), attribute)
        return self.data[name]

    def __contains__(self, name: object) -> bool:
        return name in _HOMES

    def __iter__(self) -> Iterator[str]:
        return iter(_HOMES)

    def __len__(self) -> int:
        return len(_HOMES)


class Door(click.Group):
    """The group; errors that somebody can act on become one line and an exit code, our own bugs stay tracebacks."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Commands in the order in which one meets them, not that of the alphabet."""
        del ctx
        return list(self.commands)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read what stands before the command's name.

        Raises:
            SystemExit: 2 for what was asked wrongly.
        """
        try:
            return super().parse_args(ctx, args)
        except click.ClickException as error:
            _explain(error, spoken(ctx))
            sys.exit(2)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command.

        Raises:
            SystemExit: 1 for what does not hold, 2 for what is malformed or not available.
        """
        try:
            return super().invoke(ctx)
        except click.ClickException as error:
            _explain(error, spoken(ctx))
            sys.exit(2)
        except (click.Abort, KeyboardInterrupt):
            _tell(say("interrupted"), say("what was committed stays done; asking again does the rest"), spoken(ctx))
            sys.exit(_INTERRUPTED)
        except BrokenError as error:
            _tell(error.message, error.hint or _CALL, spoken(ctx))
            sys.exit(1)
        except (MalformedPolicyError, ValueRejectedError, UnavailableError) as error:
            _tell(error.message, error.hint, spoken(ctx), error.where)
            sys.exit(2)
        except BrokenPipeError:
            raise  # whoever read us has had enough; click ends quietly
        except OSError as error:
            if error.strerror is None:
                raise
            _tell(_lower(error.strerror), "", spoken(ctx), str(error.filename or ""))
            sys.exit(2)


def _explain(error: click.ClickException, speak: Catalogue) -> None:
    if error.message.startswith("Usage: "):  # nothing was asked: the help is the answer
        click.echo(error.message, err=True)
        return
    context = getattr(error, "ctx", None)
    hint = say("see {command} --help", command=context.command_path) if context else ""
    _tell(_lower(error.format_message()), hint, speak)


def _lower(message: str) -> str:
    """A sentence of somebody else's in our own manner: lower case at its start, no full stop, one line."""
    short = " ".join(message.split()).removesuffix(".")
    return short[:1].lower() + short[1:]


def _tell(message: str, hint: str, speak: Catalogue, where: str = "") -> None:
    """What is wrong and what to do; what is no sentence of ours (``Said``) is repeated as it is."""
    place = f"{where}: " if where else ""
    click.echo(f"wordkept: {speak('error')}: {place}{_in(message, speak)}", err=True)
    if hint:
        click.echo(f"wordkept: {speak('hint')}: {_in(hint, speak)}", err=True)


def _in(sentence: str, speak: Catalogue) -> str:
    return speak(sentence) if isinstance(sentence, Said) else sentence


@click.group(
    cls=Door, commands=Commands(), context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(__version__, prog_name="wordkept")
def main() -> None:
    """A privacy policy that keeps its word.

    One document is the policy that people read and the program that this software runs. Start with `wordkept demo`.
    """
