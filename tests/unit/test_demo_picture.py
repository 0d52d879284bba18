"""The picture of the years: well-formed, to scale, and readable by those who do not see it."""

from __future__ import annotations

import itertools
import re
from datetime import date
from xml.etree import ElementTree as ET

import pytest

from wordkept.cli.demo.picture import Count, draw

SVG = "{http://www.w3.org/2000/svg}"


def years(*rows: tuple[int, int, int]) -> list[Count]:
    return [Count(date(2016 + at, 9, 11), *row) for at, row in enumerate(rows)]


def test_it_says_in_words_what_it_shows() -> None:
    root = ET.fromstring(draw(years((10, 0, 0), (1234, 567, 89)), "Six years"))  # noqa: S314  (our own text)
    assert root.get("role") == "img"
    assert root.findtext(f"{SVG}title") == "Six years"
    said = root.findtext(f"{SVG}desc") or ""
    assert "1,234 are live" in said
    assert "567 are kept apart" in said
    assert "89 were destroyed" in said


def test_each_area_rests_on_the_one_below_it() -> None:
    text = draw(years((50, 0, 0), (20, 30, 50)), "Years")
    areas = [re.findall(r"[\d.]+ ([\d.]+)", one) for one in re.findall(r'd="M([\d. L]+)Z"', text)]
    assert len(areas) == 3
    for low, high in ((areas[0], areas[1]), (areas[1], areas[2])):
        assert high[2:][::-1] == low[:2]
    bottom, top = float(areas[0][-1]), float(areas[2][1])
    live, kept = float(areas[0][1]), float(areas[1][1])
    assert (bottom - live) / (bottom - top) == pytest.approx(0.2, abs=0.01)
    assert (bottom - kept) / (bottom - top) == pytest.approx(0.5, abs=0.01)


def test_names_do_not_lie_on_each_other_where_areas_are_thin() -> None:
    text = draw(years((5, 0, 0), (1000, 0, 0)), "Years")
    heights = [float(y) for y in re.findall(r'y="([\d.]+)" fill="#1c2430">(?:live|separated|destroyed)', text)]
    assert len(heights) == 3
    assert all(upper - lower >= 18 for upper, lower in itertools.pairwise(heights))


def test_nothing_yet_is_a_picture_too() -> None:
    ET.fromstring(draw(years((0, 0, 0), (0, 0, 0)), "Nothing"))  # noqa: S314  (our own text)
