"""``wordkept demo``: the command.

What is *not* here: what it shows (``tour``, ``remains``).
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import click

from wordkept.cli.demo.ground import STORE, cleared, near
from wordkept.cli.demo.show import show
from wordkept.cli.demo.stage import Stage
from wordkept.cli.demo.steps import Steps
from wordkept.cli.named import REFERENCE, asked_about, read_policy
from wordkept.cli.printing import emit, json_option


@click.command()
@click.option(
    "--members", type=click.IntRange(1, 10_000_000), default=1_000, show_default=True, help="How many people."
)
@click.option("--years", type=click.IntRange(1, 40), default=6, show_default=True, help="How long they live here.")
@click.option("--seed", type=int, default=1, show_default=True, help="Everything about them is drawn from it.")
@click.option(
    "--folder",
    type=click.Path(path_type=Path),
    default=Path(".wordkept-demo"),
    show_default=True,
    help="Where it all stands; made anew each time.",
)
@click.option("--picture", type=click.Path(path_type=Path, dir_okay=False), help="Write the picture here as well.")
@json_option
def demo(*, members: int, years: int, seed: int, folder: Path, picture: Path | None, as_json_: bool) -> None:
    """Watch a real privacy policy being obeyed.

    Made-up members live for years under the reference policy, in a real vault of their own: nothing is faked, and
    every line that is printed comes from what was done. Each quotes the sentence of the policy it is about, and the
    command that repeats it.
    """
    began = time.monotonic()
    say = None if as_json_ else click.echo
    policy = asked_about(REFERENCE)
    with cleared(folder) as ground:
        steps = Steps(policy.editions[0], say)
        if say:
            say(f"{members:,} made-up people live {years} years in {near(ground)}; each line below was just done")
        stage = Stage(ground, steps, read_policy, _progress)
        shown = show(policy, stage, members=members, years=years, seed=seed)
        if picture:
            picture.write_text(shown.picture.read_text(encoding="utf-8"), encoding="utf-8")
        seconds = time.monotonic() - began
        if as_json_:
            figures = {"members": members, "years": years, "seed": seed, "seconds": round(seconds, 1)}
            emit({**figures, "folder": str(ground), "picture": str(shown.picture), "steps": steps.done})
            return
        click.echo(f"Done in {seconds:.0f} seconds. The {years} years as a picture: {near(shown.picture)}")
        click.echo(f"Look further: wordkept explain {shown.subject} --folder {near(ground / STORE)}")


def _progress(day: str) -> None:
    """Say which day is being lived, on a terminal only; an empty day clears the line."""
    if sys.stderr.isatty():
        click.echo(f"\r\033[K{day}", nl=False, err=True)
