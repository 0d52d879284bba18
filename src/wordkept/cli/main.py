"""``wordkept``: the group of commands, and what becomes of errors.

Data goes to standard output; what is said about it to standard error, in lower case, with a hint. Exit 0: done or
kept, 1: not kept, 2: asked wrongly or not possible now.
"""

from __future__ import annotations

import sys
from typing import Any

import click

from wordkept import __version__
from wordkept.cli import asking, policies, storing
from wordkept.cli.demo import demo
from wordkept.terms import BrokenError, MalformedPolicyError, UnavailableError, ValueRejectedError


class Door(click.Group):
    """The group; errors that somebody can act on become one line and an exit code, our own bugs stay tracebacks."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command.

        Raises:
            SystemExit: 1 for what does not hold, 2 for what is malformed or not available.
        """
        try:
            return super().invoke(ctx)
        except MalformedPolicyError as error:
            _say(str(error), error.hint)
            sys.exit(2)
        except BrokenError as error:
            _say(str(error), "the evidence does not hold; keep this installation as it is and call your auditor")
            sys.exit(1)
        except ValueRejectedError as error:
            _say(str(error), "nothing was stored")
            sys.exit(2)
        except UnavailableError as error:
            _say(str(error), getattr(error, "hint", ""))
            sys.exit(2)


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


for _command in (demo, *policies.COMMANDS, *storing.COMMANDS, *asking.COMMANDS):
    main.add_command(_command)
