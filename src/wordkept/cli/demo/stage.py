"""The stage: what a demonstration stands on and speaks through, the same for all its parts.

What is *not* here: the installation and its people (``town``).
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec

from wordkept.cli.demo.steps import Steps
from wordkept.policy.model import Policy


class Stage(msgspec.Struct, frozen=True):
    """What all parts of one demonstration share.

    Attributes:
        folder: of the demonstration; hunted through as a whole.
        steps: where each step is told.
        read: compiles a policy.
        progress: told the day that is being lived.
    """

    folder: Path
    steps: Steps
    read: Callable[[Path], Policy]
    progress: Callable[[str], object]
