"""The show: an installation is opened, the tour goes through it, the picture is drawn.

What is *not* here: the steps (``tour``, ``remains``) and the command (``command``).
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from wordkept.cli.demo.ground import STORE
from wordkept.cli.demo.lives import HEROINE, run_of
from wordkept.cli.demo.picture import draw
from wordkept.cli.demo.remains import Remains
from wordkept.cli.demo.stage import Stage
from wordkept.cli.demo.tour import Tour
from wordkept.cli.demo.town import Town
from wordkept.cli.place import CLOCK
from wordkept.gate import opened
from wordkept.policy.model import Policy


class Shown(msgspec.Struct, frozen=True):
    """What is left when the show is over: the picture, and the pseudonym of the member it followed."""

    picture: Path
    subject: str


def show(policy: Policy, stage: Stage, *, members: int, years: int, seed: int) -> Shown:
    """Everything, in order.

    Args:
        policy: the reference policy.
        stage: its folder is empty.
        members: how many people.
        years: how long they live.
        seed: everything is drawn from it.
    """
    ground = stage.folder
    with opened(ground / STORE, policy) as gate:
        town = Town(gate, seed, members, years * 12, ground)
        tour, remains = Tour(town, stage), Remains(town, stage)
        tour.compiled()
        tour.lived()
        tour.asked()
        remains.alive()
        tour.left()
        tour.apart()
        tour.forgotten()
        remains.destroyed()
        remains.dead()
        remains.planted()
        remains.verified()
        remains.flipped()
        tour.amended()
        gate.seal(town.at(run_of(town.months - 1), 3))
        (ground / STORE / CLOCK).write_text(f"{town.at(run_of(town.months - 1), 3).isoformat()}\n", encoding="utf-8")
        stage.progress("")
        picture = ground / "six-years.svg"
        title = f"{years} years of {members:,} members under the policy of bizmeka EZ"
        picture.write_text(draw(town.counts, title), encoding="utf-8")
        return Shown(picture, town.subject(HEROINE))
