"""``wordkept``: the group of commands, and what becomes of errors.

Data goes to standard output; what is said about it to standard error, in lower case, with a hint. Exit 0: done or
kept, 1: not kept, 2: asked wrongly or not possible now.
"""

from __future__ import annotations

import sys
from typing import Any, Final

import click

from wordkept import __version__
from wordkept.cli import asking, editing, policies, proving, rendering, storing
from wordkept.cli.demo import demo
from wordkept.cli.init import init
from wordkept.terms import BrokenError, MalformedPolicyError, UnavailableError, ValueRejectedError

_INTERRUPTED: Final = 130
"""What a shell says of a program that was interrupted from its terminal."""
_CALL: Final = "the evidence does not hold; keep this installation as it is and call your auditor"


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
            _explain(error)
            sys.exit(2)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command.

        Raises:
            SystemExit: 1 for what does not hold, 2 for what is malformed or not available.
        """
        try:
            return super().invoke(ctx)
        except click.ClickException as error:
            _explain(error)
            sys.exit(2)
        except (click.Abort, KeyboardInterrupt):
            _say("interrupted", "what was committed stays done; asking again does the rest")
            sys.exit(_INTERRUPTED)
        except BrokenError as error:
            _say(str(error), error.hint or _CALL)
            sys.exit(1)
        except (MalformedPolicyError, ValueRejectedError, UnavailableError) as error:
            _say(str(error), error.hint)
            sys.exit(2)
        except BrokenPipeError:
            raise  # whoever read us has had enough; click ends quietly
        except OSError as error:
            if error.strerror is None:
                raise
            _say(f"{error.filename}: {_lower(error.strerror)}" if error.filename else _lower(error.strerror), "")
            sys.exit(2)


def _explain(error: click.ClickException) -> None:
    if error.message.startswith("Usage: "):  # nothing was asked: the help is the answer
        click.echo(error.message, err=True)
        return
    context = getattr(error, "ctx", None)
    _say(_lower(error.format_message()), f"see {context.command_path} --help" if context else "")


def _lower(message: str) -> str:
    """A sentence of somebody else's in our own manner: lower case at its start, no full stop, one line."""
    short = " ".join(message.split()).removesuffix(".")
    return short[:1].lower() + short[1:]


def _say(message: str, hint: str) -> None:
    click.echo(f"wordkept: error: {message}", err=True)
    if hint:
        click.echo(f"wordkept: hint: {hint}", err=True)


@click.group(cls=Door, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="wordkept")
def main() -> None:
    """A privacy policy that keeps its word.

    One document is the policy that people read and the program that this software runs. Start with `wordkept demo`.
    """


_DOORS: Final = (policies, editing, proving, rendering, storing, asking)
for _command in (demo, init, *(command for door in _DOORS for command in door.COMMANDS)):
    main.add_command(_command)
