"""Which back end draws is found out, and a GPU that is none, or fails, costs no picture."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pytest

from cache import SystemClock
from config import ScreenConfig, Size
from renderer.window import open_display
from renderer.window._canvas import Canvas
from renderer.window._windows import Wanted, gpu_is_worth_a_try

Choice = Literal["auto", "gpu", "software"]


@pytest.mark.parametrize(
    ("output", "driver", "card", "expected"),
    [
        ("auto", "x11", False, False),  # opening a renderer there costs 0.2 s and 60 MB
        ("auto", "x11", True, True),
        ("auto", "kmsdrm", True, True),
        ("auto", "offscreen", True, False),
        ("gpu", "offscreen", False, True),
        ("software", "kmsdrm", True, False),
    ],
)
def test_when_a_gpu_is_looked_for(output: Choice, driver: str, card: bool, expected: bool, tmp_path: Path) -> None:
    if card:
        (tmp_path / "card0").touch()
    wanted = Wanted(ScreenConfig(output=output), headless=False, ground="#000000")
    assert gpu_is_worth_a_try(driver, wanted, tmp_path) == expected


@pytest.fixture
def software_renderer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SDL_RENDER_DRIVER", "software")


@pytest.mark.usefixtures("software_renderer")
def test_a_gpu_that_does_not_open_leaves_the_surface(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Canvas, "__init__", _fail)
    display = open_display(
        ScreenConfig(size="64x32", output="gpu"), headless=True, environ={}, clock=SystemClock(), ground="#204060"
    )
    try:
        assert display.output.back_end == "software"
        assert display.capture().bgrx[:3] == b"\x60\x40\x20"
    finally:
        display.close()


def _fail(*_: object) -> None:
    from renderer.window._pygame import pygame

    message = "no such renderer"
    raise pygame.error(message)


@pytest.mark.usefixtures("software_renderer")
def test_a_picture_that_is_too_large_for_its_textures_leaves_the_surface(monkeypatch: pytest.MonkeyPatch) -> None:
    init = Canvas.__init__

    def small(self: Canvas, window_id: int) -> None:
        init(self, window_id)
        self.most = Size(2048, 2048)  # a Pi 3

    monkeypatch.setattr(Canvas, "__init__", small)
    for size, expected in (("1920x1080", "gpu"), ("2560x1440", "software")):
        display = open_display(ScreenConfig(size=size, output="gpu"), headless=True, environ={}, clock=SystemClock())
        assert display.output.back_end == expected
        display.close()


@pytest.mark.usefixtures("software_renderer")
def test_it_can_be_opened_again_and_again() -> None:
    for output in ("gpu", "software", "gpu", "software"):
        config = ScreenConfig(size="64x32", output=output)
        display = open_display(config, headless=True, environ={}, clock=SystemClock())
        assert display.output.back_end == output
        display.close()
