"""Finding: what the compiler says of a policy that compiles. What is *not* here: which ones there are (``checks``)."""

from __future__ import annotations

from typing import Literal

import msgspec


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """What the compiler says of a policy. ``code`` is stable and has a page in ``docs/findings``."""

    code: str
    severity: Literal["error", "high", "warning", "note"]
    clause: str | None
    message: str
    file: str
    line: int
    column: int = 1
    accepted: bool = False
