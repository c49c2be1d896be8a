"""Both back ends, headless: real SDL drawing into memory, the same pixels from a surface and from textures.

The GPU's way runs on SDL's own software renderer here: the same calls, no hardware needed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Literal

import pytest

from cache import SystemClock
from config import Rect, ScreenConfig, Size
from renderer.window import Display, Frame, Movement, Output, open_display
from renderer.window._canvas import Texture

RED, BLUE = b"\x00\x00\xff\xff", b"\xff\x00\x00\xff"
BackEnd = Literal["software", "gpu"]
Opener = Callable[..., Display]


@pytest.fixture(params=["software", "gpu"])
def back_end(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> BackEnd:
    monkeypatch.setenv("SDL_RENDER_DRIVER", "software")
    chosen: BackEnd = request.param
    return chosen


@pytest.fixture
def opened(back_end: BackEnd) -> Iterator[Opener]:
    displays: list[Display] = []

    def open_one(size: str = "64x32", **screen: object) -> Display:
        config = ScreenConfig(size=size, output=back_end, **screen)  # type: ignore[arg-type]
        displays.append(open_display(config, headless=True, environ={}, clock=SystemClock()))
        return displays[-1]

    yield open_one
    for display in displays:
        display.close()


@contextmanager
def headless(**screen: object) -> Iterator[Display]:
    config = ScreenConfig(**screen)  # type: ignore[arg-type]
    display = open_display(config, headless=True, environ={}, clock=SystemClock())
    try:
        yield display
    finally:
        display.close()


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


def test_without_a_size_it_is_full_hd_on_a_surface() -> None:
    with headless() as shown:
        assert shown.size == Size(1920, 1080)
        assert shown.output == Output("offscreen", "software", "surface", vsync=False, refresh_hz=60.0)
        assert shown.evidence == "offscreen 1920x1080"
        assert shown.state == "unknown"
        assert shown.pump_s is None
        assert shown.ears == ()
        assert not shown.takes_yuv


def test_the_back_end_is_named(opened: Opener, back_end: BackEnd) -> None:
    shown = opened()
    assert shown.output.driver == "offscreen"
    assert shown.output.back_end == back_end
    assert shown.output.renderer == ("surface" if back_end == "software" else "software")
    assert shown.takes_yuv == (back_end == "gpu")


def test_it_is_never_black_between_opening_and_the_first_frame(back_end: BackEnd) -> None:
    config = ScreenConfig(size="64x32", output=back_end)
    shown = open_display(config, headless=True, environ={}, clock=SystemClock(), ground="#204060")
    try:
        assert pixel(shown, 5, 5) == b"\x60\x40\x20"
    finally:
        shown.close()


def test_what_is_shown_is_captured(opened: Opener) -> None:
    shown = opened()
    before = SystemClock().monotonic_ns()
    at = shown.show(corners(Size(64, 32)))
    assert before < at <= SystemClock().monotonic_ns()
    assert pixel(shown, 0, 0) == RED[:3]
    assert pixel(shown, 63, 31) == BLUE[:3]


def test_only_dirty_parts_are_presented(opened: Opener) -> None:
    shown = opened()
    frame = Frame.filled(Size(64, 32), "#000000")
    shown.show(frame)
    frame.paste(Rect(0, 0, 64, 32), RED * 64 * 32)
    shown.show(frame, [Rect(0, 0, 8, 8), Rect(60, 30, 8, 8), Rect(70, 0, 5, 5)])
    assert pixel(shown, 7, 7) == RED[:3]
    assert pixel(shown, 62, 31) == RED[:3]
    assert pixel(shown, 8, 8) == b"\0\0\0"
    shown.show(frame, [])
    assert pixel(shown, 8, 8) == b"\0\0\0"
    shown.show(frame)
    assert pixel(shown, 8, 8) == RED[:3]


def test_only_what_changed_is_uploaded(monkeypatch: pytest.MonkeyPatch) -> None:
    uploads: list[Rect] = []

    class Watched(Texture):
        def upload(self, surface: Any, rect: Rect) -> None:
            uploads.append(rect)
            super().upload(surface, rect)

    monkeypatch.setattr("renderer.window._canvas.Texture", Watched)
    monkeypatch.setenv("SDL_RENDER_DRIVER", "software")
    with headless(size="64x32", output="gpu") as shown:
        first, second = (Frame.filled(Size(64, 32), colour) for colour in ("#102030", "#405060"))
        shown.show(first)
        uploads.clear()
        shown.show(first, [Rect(3, 4, 5, 6)])
        assert uploads == [Rect(3, 4, 5, 6)]
        shown.make_ready(second)
        uploads.clear()
        crossing = shown.cross(first, second, "fade")
        crossing.step(0.3)
        shown.show(second)
        shown.show(second, [])
        assert uploads == []


def test_a_frame_that_was_never_shown_is_shown_whole(opened: Opener) -> None:
    shown = opened()
    shown.show(Frame.filled(Size(64, 32), "#ff0000"))
    shown.show(Frame.filled(Size(64, 32), "#0000ff"), [Rect(0, 0, 2, 2)])
    assert pixel(shown, 40, 20) == BLUE[:3]


def test_made_ready_is_what_is_shown(opened: Opener) -> None:
    for screen in ({}, {"rotation": 90, "brightness": 50}):
        shown = opened(**screen)
        plain, ready = (Frame.filled(shown.size, "#c86432") for _ in range(2))
        shown.show(plain)
        expected = shown.capture()
        shown.show(Frame.filled(shown.size, "#00ff00"))
        shown.make_ready(ready)
        shown.show(ready)
        assert shown.capture() == expected


@pytest.mark.parametrize("size", ["64x32", "63x37", "101x50"])
@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_a_turned_screen_is_drawn_and_captured_upright(opened: Opener, rotation: int, size: str) -> None:
    shown = opened(size, rotation=rotation)
    logical = Size.parse(size).turned(rotation)
    assert shown.size == logical
    shown.show(Frame.filled(logical, "#000000"))
    frame = corners(logical)
    shown.show(frame)
    whole = shown.capture()
    assert pixel(shown, 0, 0) == RED[:3]
    assert pixel(shown, 1, 0) == pixel(shown, 0, 1) == b"\0\0\0"
    assert pixel(shown, logical.w - 1, logical.h - 1) == BLUE[:3]
    frame.paste(Rect(2, 1, 1, 1), BLUE)
    shown.show(frame, [Rect(2, 1, 1, 1)])
    assert pixel(shown, 2, 1) == BLUE[:3]
    assert shown.capture() != whole


def test_clockwise_means_that_the_top_left_goes_to_the_top_right() -> None:
    with headless(size="64x32", rotation=90) as shown:
        shown.show(corners(Size(32, 64)))
        window = shown._window  # type: ignore[attr-defined]
        assert tuple(window.get_at((63, 0)))[:3] == (255, 0, 0)


def test_brightness_dims_what_goes_out_but_not_the_frame(opened: Opener) -> None:
    shown = opened(brightness=50)
    frame = Frame.filled(Size(64, 32), "#c8c8c8")
    shown.show(frame)
    shown.show(frame, [Rect(0, 0, 4, 4)])
    assert pixel(shown, 0, 0) == pixel(shown, 40, 20)
    assert abs(pixel(shown, 0, 0)[0] - 100) <= 1
    assert frame.read(Rect(0, 0, 1, 1))[0] == 200


def test_brightness_can_be_set_while_a_frame_is_on(opened: Opener) -> None:
    shown = opened(rotation=90)
    shown.show(Frame.filled(shown.size, "#c8c8c8"))
    for percent, expected in ((25, 50), (100, 200), (-5, 0), (140, 200)):
        shown.set_brightness(percent)
        assert abs(pixel(shown, 3, 3)[0] - expected) <= 1


def test_a_fade_mixes_and_leaves_the_frames_as_they_were(opened: Opener) -> None:
    shown = opened()
    old, new = Frame.filled(Size(64, 32), "#000000"), Frame.filled(Size(64, 32), "#c86432")
    shown.show(old)
    fade = shown.cross(old, new, "fade")
    seen = []
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        fade.step(share)
        shown.pump()
        seen.append(mixed(shown, old, new, share))
    assert seen == pytest.approx([0, 50, 100, 150, 200], abs=2)
    fade.step(0.5)  # an unfinished one
    assert old.read(Rect(0, 0, 1, 1))[:3] == b"\0\0\0"
    shown.show(new)
    assert pixel(shown, 5, 5) == bytes((50, 100, 200))


def mixed(shown: Display, old: Frame, new: Frame, share: float) -> int:
    """The red of what is on in a fade. A texture's mix is not kept: it is drawn again to be read."""
    if shown.output.back_end == "software":
        return pixel(shown, 5, 5)[2]
    return panel_pixel(shown, lambda: shown.cross(old, new, "fade").step(share))[2]


def panel_pixel(shown: Display, draw: Callable[[], object], x: int = 5, y: int = 5) -> bytes:
    """What SDL's software renderer has drawn into its window."""
    drawn: list[bytes] = []
    canvas = shown._canvas  # type: ignore[attr-defined]
    present = canvas.present

    def look() -> None:
        drawn.append(canvas.read_back(Rect(x, y, 1, 1))[:3])
        present()

    canvas.present = look
    try:
        draw()
    finally:
        del canvas.present
    return drawn[-1]


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_a_slide_pushes_the_old_out_to_the_left(opened: Opener, rotation: int) -> None:
    shown = opened(rotation=rotation)
    old, new = Frame.filled(shown.size, "#ff0000"), Frame.filled(shown.size, "#0000ff")
    shown.show(old)
    slide = shown.cross(old, new, "slide")
    slide.step(0.25)
    if shown.output.back_end == "software":
        edge = shown.size.w * 3 // 4
        assert pixel(shown, edge - 1, 5) == RED[:3]
        assert pixel(shown, edge, 5) == BLUE[:3]
    slide.step(1.0)
    shown.show(new)
    assert pixel(shown, 0, 0) == BLUE[:3]


@pytest.mark.parametrize("movement", ["fade", "slide"])
def test_a_crossing_on_a_turned_dimmed_screen_ends_where_show_begins(opened: Opener, movement: Movement) -> None:
    shown = opened(rotation=270, brightness=60)
    new = corners(shown.size)
    old = Frame.filled(shown.size, "#ffffff")
    shown.show(old)
    shown.cross(old, new, movement).step(1.0)
    faded = shown.capture()
    shown.show(new)
    if shown.output.back_end == "software":
        assert shown.capture() == faded


def test_a_small_capture_is_the_whole_picture(opened: Opener) -> None:
    shown = opened("640x360", rotation=90)
    frame = Frame.filled(shown.size, "#c86432")
    frame.paste(Rect(0, 0, 360, 320), BLUE * 360 * 320)
    shown.show(frame)
    small = shown.capture(45)
    assert small.size == Size(45, 80)
    assert len(small.bgrx) == 45 * 80 * 4
    assert small.bgrx[:3] == BLUE[:3]
    assert small.bgrx[-4:-1] == bytes((50, 100, 200))
    assert shown.capture(5000).size == shown.size


def test_both_back_ends_present_the_same_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SDL_RENDER_DRIVER", "software")
    captures = []
    for output in ("software", "gpu"):
        with headless(size="97x55", rotation=270, brightness=70, output=output) as shown:
            frame = Frame(shown.size)
            gradient = b"".join(
                bytes((x * 4 % 256, y * 2 % 256, (x + y) % 256, 0))
                for y in range(shown.size.h)
                for x in range(shown.size.w)
            )
            frame.paste(Rect(0, 0, shown.size.w, shown.size.h), gradient)
            shown.show(frame)
            captures.append(shown.capture().bgrx)
    colours = [[value for index, value in enumerate(bgrx) if index % 4 != 3] for bgrx in captures]
    assert max(abs(a - b) for a, b in zip(*colours, strict=True)) <= 1


def test_four_k_works(opened: Opener) -> None:
    shown = opened("3840x2160")
    shown.show(corners(shown.size))
    small = shown.capture(480)
    assert small.size == Size(480, 270)
    assert pixel(shown, 3839, 2159) == BLUE[:3]
