"""Rotation: where rectangles go, and that nothing leaves the panel."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config import Rect, Size
from renderer.window._turn import clipped, turned_rect

SIDES = st.integers(1, 4000)


@pytest.mark.parametrize(
    ("rotation", "expected"),
    [
        (0, Rect(10, 20, 30, 40)),
        (90, Rect(140, 10, 40, 30)),  # 200 high: its bottom (60) becomes the left edge 200 - 60
        (180, Rect(60, 140, 30, 40)),
        (270, Rect(20, 60, 40, 30)),
    ],
)
def test_a_rectangle_on_a_turned_screen(rotation: int, expected: Rect) -> None:
    assert turned_rect(Rect(10, 20, 30, 40), Size(100, 200), rotation) == expected


@given(st.builds(Size, SIDES, SIDES), st.sampled_from([0, 90, 180, 270]), st.data())
def test_turned_rectangles_stay_on_the_panel_and_keep_their_area(
    size: Size, rotation: int, data: st.DataObject
) -> None:
    x, y = data.draw(st.integers(0, size.w - 1)), data.draw(st.integers(0, size.h - 1))
    rect = Rect(x, y, data.draw(st.integers(1, size.w - x)), data.draw(st.integers(1, size.h - y)))
    panel = size.turned(rotation)
    turned = turned_rect(rect, size, rotation)
    assert turned.inside(Rect(0, 0, panel.w, panel.h))
    assert turned.size.pixels == rect.size.pixels


def test_what_is_off_the_screen_is_clipped() -> None:
    assert clipped(Rect(-5, -5, 10, 10), Size(8, 8)) == Rect(0, 0, 5, 5)
    assert clipped(Rect(8, 0, 4, 4), Size(8, 8)) is None
