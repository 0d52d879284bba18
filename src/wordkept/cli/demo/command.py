"""``wordkept demo``: the command.

What is *not* here: what it shows (``tour``, ``remains``).
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Final

import click

import wordkept
from wordkept import law
from wordkept.cli.demo.ground import STORE, cleared
from wordkept.cli.demo.steps import Steps
from wordkept.cli.printing import emit, json_option
from wordkept.policy import load
from wordkept.policy.model import Policy
from wordkept.rules import RULES

NAME: Final = Path("bizmeka-ez")


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
    from wordkept.cli.demo.show import show  # noqa: PLC0415  (opens a vault; the pure commands need none)

    began = time.monotonic()
    say = None if as_json_ else click.echo
    policy = read(_policy())
    with cleared(folder) as ground:
        steps = Steps(policy.editions[0], say)
        if say:
            say(
                f"{members:,} made-up people, {years} years, seed {seed}, in {_near(ground)}: each line was done just now"
            )
        shown = show(policy, ground, steps, members=members, years=years, seed=seed, read=read, progress=_progress)
        if picture:
            picture.write_text(shown.picture.read_text(encoding="utf-8"), encoding="utf-8")
        seconds = time.monotonic() - began
        if as_json_:
            figures = {"members": members, "years": years, "seed": seed, "seconds": round(seconds, 1)}
            emit({**figures, "folder": str(ground), "picture": str(shown.picture), "steps": steps.done})
            return
        click.echo(f"The {years} years as a picture: {_near(shown.picture)}")
        click.echo(f"Look further: wordkept explain {shown.subject} --folder {_near(ground / STORE)}")
        click.echo(f"Done in {seconds:.0f} seconds.")


def read(path: Path) -> Policy:
    """Compile a policy with the rules and the law on file."""
    return load(path, RULES, law.load(law.folder()))


def _policy() -> Path:
    """The reference policy: below the current folder, of the checkout, or the copy that the package carries."""
    package = Path(wordkept.__file__).resolve().parent
    for place in (Path("policies"), package.parent.parent / "policies", package / "_policies"):
        if (place / NAME).is_dir():
            return place / NAME
    return Path("policies") / NAME


def _near(path: Path) -> str:
    """A path as one would type it here."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


def _progress(day: str) -> None:
    """Say which day is being lived, on a terminal only; an empty day clears the line."""
    if sys.stderr.isatty():
        click.echo(f"\r\033[K{day}", nl=False, err=True)
