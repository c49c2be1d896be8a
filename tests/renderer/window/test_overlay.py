"""Planar video above a frame: its colours, its place, how long it stays, and planes that are too short."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from cache import SystemClock
from config import Rect, ScreenConfig, Size
from renderer.window import Display, Frame, Overlay, open_display
from renderer.window._display import Plane

PLACE = Rect(10, 4, 32, 20)
SOURCE = Size(16, 10)
GREY = b"\x40\x40\x40"
# BT.709, limited range, full saturation (ITU-R BT.709-6 item 3, quantised as in item 5): Y, Cb, Cr
RED_709, WHITE_LIMITED = (63, 102, 240), (235, 128, 128)


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> Iterator[Display]:
    monkeypatch.setenv("SDL_RENDER_DRIVER", "software")
    config = ScreenConfig(size="64x32", output="gpu")
    display = open_display(config, headless=True, environ={}, clock=SystemClock())
    yield display
    display.close()


def overlay(
    yuv: tuple[int, int, int], size: Size = SOURCE, pad: int = 0, *, full_range: bool = False, bt709: bool = True
) -> Overlay:
    half = Size((size.w + 1) // 2, (size.h + 1) // 2)
    planes = tuple(
        bytes([value] * plane.w + [0] * pad) * plane.h for value, plane in zip(yuv, (size, half, half), strict=True)
    )
    pitches = (size.w + pad, half.w + pad, half.w + pad)
    return Overlay(PLACE, size, planes, pitches, full_range, bt709)  # type: ignore[arg-type]


def pixel(display: Display, x: int, y: int) -> bytes:
    at = (y * 64 + x) * 4
    return display.capture().bgrx[at : at + 3]


def frame() -> Frame:
    return Frame.filled(Size(64, 32), "#404040")


@pytest.mark.parametrize(("size", "pad"), [(Size(16, 10), 0), (Size(16, 10), 16), (Size(15, 9), 3), (Size(64, 40), 0)])
def test_it_is_scaled_into_its_rectangle(shown: Display, size: Size, pad: int) -> None:
    shown.show(frame(), None, overlay(WHITE_LIMITED, size, pad))
    for x, y in ((10, 4), (41, 23), (25, 12)):
        assert min(pixel(shown, x, y)) >= 250
    for x, y in ((9, 4), (10, 3), (42, 23), (41, 24)):
        assert pixel(shown, x, y) == GREY


def test_colours_are_those_of_the_standard(shown: Display) -> None:
    shown.show(frame(), None, overlay(RED_709))
    blue, green, red = pixel(shown, 20, 10)
    assert red >= 250
    assert max(blue, green) <= 8


def test_full_range_is_not_stretched(shown: Display) -> None:
    shown.show(frame(), None, overlay((128, 128, 128), full_range=True, bt709=False))
    assert all(abs(value - 128) <= 2 for value in pixel(shown, 20, 10))


def test_it_stays_until_another_frame_comes(shown: Display) -> None:
    ground = frame()
    shown.show(ground, None, overlay(WHITE_LIMITED))
    ground.paste(Rect(0, 0, 2, 2), b"\xff\0\0\0" * 4)
    shown.show(ground, [Rect(0, 0, 2, 2)])  # a panel changed
    assert min(pixel(shown, 20, 10)) >= 250
    assert pixel(shown, 0, 0) == b"\xff\0\0"
    shown.show(ground)  # the window was covered
    assert min(pixel(shown, 20, 10)) >= 250
    shown.show(ground, (), overlay((16, 128, 128)))
    assert max(pixel(shown, 20, 10)) <= 4
    shown.show(frame())
    assert pixel(shown, 20, 10) == GREY


def test_planes_that_are_too_short_are_refused_before_sdl_reads_them(shown: Display) -> None:
    good = overlay(WHITE_LIMITED)
    for planes, pitches in (
        ((good.planes[0][:-1], *good.planes[1:]), good.pitches),
        ((*good.planes[:2], b""), good.pitches),
        (good.planes, (15, 8, 8)),
        (good.planes, (16, 8, 9)),
    ):
        bad = Overlay(PLACE, good.size, planes, pitches, full_range=False, bt709=True)
        with pytest.raises(ValueError, match="a plane of"):
            shown.show(frame(), None, bad)


@pytest.mark.parametrize(
    "kind",
    [bytearray, memoryview, lambda plane: memoryview(bytearray(plane))],
    ids=["bytearray", "read-only", "writable"],
)
def test_planes_may_be_any_kind_of_buffer(shown: Display, kind: Callable[[Plane], Plane]) -> None:
    good = overlay(WHITE_LIMITED)
    luma, cb, cr = good.planes
    shown.show(frame(), None, replace(good, planes=(kind(luma), kind(cb), kind(cr))))
    assert min(pixel(shown, 20, 10)) >= 250


def test_a_surface_takes_none() -> None:
    display = open_display(ScreenConfig(size="64x32"), headless=True, environ={}, clock=SystemClock())
    try:
        with pytest.raises(ValueError, match="overlay"):
            display.show(frame(), None, overlay(WHITE_LIMITED))
    finally:
        display.close()
