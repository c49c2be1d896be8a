"""The headless display: real SDL, drawing into memory."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from cache import SystemClock
from config import Rect, ScreenConfig, Size
from renderer.window import Display, Frame, open_display

RED, BLUE = b"\x00\x00\xff\xff", b"\xff\x00\x00\xff"


@contextmanager
def display(**screen: object) -> Iterator[Display]:
    opened = open_display(ScreenConfig(**screen), headless=True, environ={}, clock=SystemClock())  # type: ignore[arg-type]
    try:
        yield opened
    finally:
        opened.close()


def pixel(shown: Display, x: int, y: int) -> bytes:
    capture = shown.capture()
    at = (y * capture.size.w + x) * 4
    return capture.bgrx[at : at + 3]


def corners(size: Size) -> Frame:
    """Black with a red top left pixel and a blue bottom right one."""
    frame = Frame.filled(size, "#000000")
    frame.paste(Rect(0, 0, 1, 1), RED)
    frame.paste(Rect(size.w - 1, size.h - 1, 1, 1), BLUE)
    return frame


def test_without_a_size_it_is_full_hd() -> None:
    with display() as shown:
        assert shown.size == Size(1920, 1080)
        assert shown.driver == "offscreen"
        assert shown.evidence == "offscreen 1920x1080"
        assert shown.state == "unknown"
        assert shown.pump_s is None


def test_what_is_shown_is_captured() -> None:
    with display(size="64x32") as shown:
        before = SystemClock().monotonic_ns()
        at = shown.show(corners(Size(64, 32)))
        assert before < at <= SystemClock().monotonic_ns()
        assert pixel(shown, 0, 0) == RED[:3]
        assert pixel(shown, 63, 31) == BLUE[:3]


def test_only_dirty_parts_are_presented() -> None:
    with display(size="64x32") as shown:
        shown.show(Frame.filled(Size(64, 32), "#000000"))
        shown.show(Frame.filled(Size(64, 32), "#ff0000"), [Rect(0, 0, 8, 8), Rect(60, 30, 8, 8), Rect(70, 0, 5, 5)])
        assert pixel(shown, 7, 7) == RED[:3]
        assert pixel(shown, 62, 31) == RED[:3]
        assert pixel(shown, 8, 8) == b"\0\0\0"


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_a_turned_screen_is_drawn_and_captured_upright(rotation: int) -> None:
    with display(size="64x32", rotation=rotation) as shown:
        logical = Size(64, 32).turned(rotation)
        assert shown.size == logical
        shown.show(Frame.filled(logical, "#000000"))
        shown.show(corners(logical), [Rect(0, 0, 2, 2)])
        assert pixel(shown, 0, 0) == RED[:3]
        shown.show(corners(logical))
        assert pixel(shown, logical.w - 1, logical.h - 1) == BLUE[:3]


def test_clockwise_means_that_the_top_left_goes_to_the_top_right() -> None:
    with display(size="64x32", rotation=90) as shown:
        shown.show(corners(Size(32, 64)))
        window = shown._window  # type: ignore[attr-defined]
        assert tuple(window.get_at((63, 0)))[:3] == (255, 0, 0)


def test_brightness_dims_what_goes_out_but_not_the_frame() -> None:
    with display(size="64x32", brightness=50) as shown:
        frame = Frame.filled(Size(64, 32), "#c8c8c8")
        shown.show(frame)
        shown.show(frame, [Rect(0, 0, 4, 4)])
        assert pixel(shown, 0, 0) == pixel(shown, 40, 20)
        assert abs(pixel(shown, 0, 0)[0] - 100) <= 1
        assert frame.read(Rect(0, 0, 1, 1))[0] == 200


def test_a_fade_mixes_and_leaves_the_frames_as_they_were() -> None:
    with display(size="64x32") as shown:
        old, new = Frame.filled(Size(64, 32), "#000000"), Frame.filled(Size(64, 32), "#c86432")
        fade = shown.fade(old, new)
        seen = []
        for share in (0.0, 0.25, 0.5, 0.75, 1.0):
            fade.step(share)
            seen.append(pixel(shown, 5, 5)[2])
        assert seen == pytest.approx([0, 50, 100, 150, 200], abs=2)
        fade.step(0.5)  # an unfinished one
        assert old.read(Rect(0, 0, 1, 1))[:3] == b"\0\0\0"
        shown.show(new)
        assert pixel(shown, 5, 5) == bytes((50, 100, 200))


def test_a_fade_on_a_turned_dimmed_screen_ends_where_show_begins() -> None:
    with display(size="64x32", rotation=270, brightness=60) as shown:
        new = corners(shown.size)
        shown.fade(Frame.filled(shown.size, "#ffffff"), new).step(1.0)
        faded = shown.capture()
        shown.show(new)
        assert shown.capture() == faded
