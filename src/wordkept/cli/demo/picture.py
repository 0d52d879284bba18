"""A picture of the years: what is live, what is kept apart and what was destroyed, as one plain SVG.

Three stacked areas with their names written on them, so that it reads without colour, with a title and a description
for those who do not see it. What is *not* here: counting (``town``).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

import msgspec


class Count(msgspec.Struct, frozen=True):
    """How many records were where at the end of a day's run; ``destroyed`` counts all that ever were."""

    day: date
    live: int
    separated: int
    destroyed: int

    @property
    def all(self) -> int:
        """Everything that was ever collected."""
        return self.live + self.separated + self.destroyed


_WIDTH: Final = 860
_HEIGHT: Final = 420
_LEFT, _RIGHT, _TOP, _BOTTOM = 76, 150, 62, 44
_LAYERS: Final = (("live", "#1b6e53"), ("separated", "#e0a030"), ("destroyed", "#b9bec6"))
_LINES: Final = 4


def draw(counts: Sequence[Count], title: str) -> str:
    """The picture.

    Args:
        counts: by day, oldest first, at least two.
        title: one line; written on the picture.

    Returns:
        The text of an SVG file.
    """
    top = _round_up(max(1, *(one.all for one in counts)))
    parts = [_head(counts, title), *_grid(counts, top)]
    below = [0] * len(counts)
    for name, colour in _LAYERS:
        above = [low + getattr(one, name) for low, one in zip(below, counts, strict=True)]
        upper = [_at(counts, at, value, top) for at, value in enumerate(above)]
        lower = [_at(counts, at, value, top) for at, value in enumerate(below)]
        parts.append(f'<path fill="{colour}" d="M{" L".join(upper + lower[::-1])}Z"/>')
        below = above
    parts += _labels(counts[-1], top)
    return "\n".join([*parts, "</svg>", ""])


def _head(counts: Sequence[Count], title: str) -> str:
    last = counts[-1]
    said = (
        f"Records of all members from {counts[0].day} to {last.day}, stacked. At the end {last.live:,} are live, "
        f"{last.separated:,} are kept apart for a law or against a dispute, {last.destroyed:,} were destroyed."
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" '
        f'aria-labelledby="title said" font-family="system-ui, sans-serif" font-size="13">\n'
        f'<title id="title">{title}</title>\n<desc id="said">{said}</desc>\n'
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#ffffff"/>\n'
        f'<text x="{_LEFT}" y="28" font-size="17" fill="#1c2430">{title}</text>\n'
        f'<text x="{_LEFT}" y="48" fill="#4a5566">records, at the end of each month’s run</text>'
    )


def _grid(counts: Sequence[Count], top: int) -> list[str]:
    parts = []
    for line in range(_LINES + 1):
        value = top * line // _LINES
        y = _y(value, top)
        parts.append(f'<path stroke="#d9dde3" d="M{_LEFT} {y:.1f}H{_WIDTH - _RIGHT}"/>')
        parts.append(f'<text x="{_LEFT - 8}" y="{y + 4:.1f}" text-anchor="end" fill="#4a5566">{value:,}</text>')
    for at, one in enumerate(counts):
        if one.day.month == 1 or at == 0:
            x = _x(counts, at)
            parts.append(f'<path stroke="#8a93a0" d="M{x:.1f} {_HEIGHT - _BOTTOM}v5"/>')
            if one.day.month == 1 or counts[min(at + 4, len(counts) - 1)].day.year == one.day.year:
                y = _HEIGHT - _BOTTOM + 21
                parts.append(f'<text x="{x:.1f}" y="{y}" text-anchor="middle" fill="#4a5566">{one.day.year}</text>')
    return parts


def _labels(last: Count, top: int) -> list[str]:
    """Names with figures beside the last day, moved apart where the areas are too thin for them."""
    parts, low, floor = [], 0, float(_HEIGHT)
    for name, _ in _LAYERS:
        value = getattr(last, name)
        y = min(_y(low + value / 2, top) + 4, floor - 18)
        parts.append(f'<text x="{_WIDTH - _RIGHT + 10}" y="{y:.1f}" fill="#1c2430">{name} {value:,}</text>')
        low, floor = low + value, y
    return parts


def _at(counts: Sequence[Count], at: int, value: float, top: int) -> str:
    return f"{_x(counts, at):.1f} {_y(value, top):.1f}"


def _x(counts: Sequence[Count], at: int) -> float:
    return _LEFT + (_WIDTH - _LEFT - _RIGHT) * at / max(1, len(counts) - 1)


def _y(value: float, top: int) -> float:
    return _HEIGHT - _BOTTOM - (_HEIGHT - _TOP - _BOTTOM) * value / top


def _round_up(value: int) -> int:
    """The next number of one or two digits and zeros that parts into the grid's lines."""
    size = int(10 ** max(0, len(str(value)) - 2))
    step = size * _LINES
    return -(-value // step) * step
