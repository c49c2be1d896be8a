"""Sizes and rectangles."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config import Rect, Size

SIDES = st.integers(1, 99_999)
RECTS = st.builds(Rect, st.integers(-99, 99), st.integers(-99, 99), st.integers(0, 99), st.integers(0, 99))


@given(SIDES, SIDES)
def test_a_size_reads_what_it_writes(w: int, h: int) -> None:
    assert Size.parse(str(Size(w, h))) == Size(w, h)


@pytest.mark.parametrize("text", ["", "10", "0x5", "5x0", "axb", "1x2x3", "-1x5", "123456x1"])
def test_what_is_no_size(text: str) -> None:
    with pytest.raises(ValueError, match="is not a size such as 1920x1080"):
        Size.parse(text)


def test_turned() -> None:
    assert [Size(3, 2).turned(degrees) for degrees in (0, 90, 180, 270)] == [Size(3, 2), Size(2, 3)] * 2


@given(RECTS, st.integers(0, 60))
def test_an_inset_stays_inside(rect: Rect, by: int) -> None:
    assert rect.inset(by).inside(rect)


@given(RECTS, RECTS)
def test_overlap_is_mutual_and_means_a_shared_pixel(one: Rect, other: Rect) -> None:
    shared_w = min(one.right, other.right) - max(one.x, other.x)
    shared_h = min(one.bottom, other.bottom) - max(one.y, other.y)
    shared = shared_w > 0 and shared_h > 0
    assert one.overlaps(other) == other.overlaps(one)
    if one.w and one.h and other.w and other.h:
        assert one.overlaps(other) == shared
