"""Which drivers are tried, and with which settings."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from renderer.window._open import drivers, hints, set_hints


@pytest.mark.parametrize(
    ("environ", "card", "expected"),
    [
        ({}, False, ("kmsdrm",)),
        ({"DISPLAY": ":0"}, False, ("x11",)),
        ({"DISPLAY": ":0"}, True, ("x11", "kmsdrm")),
        ({"DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0"}, False, ("wayland", "x11")),
        ({"DISPLAY": ":0", "SDL_VIDEODRIVER": "kmsdrm"}, True, ("kmsdrm",)),
    ],
)
def test_the_order_of_drivers(environ: dict[str, str], card: bool, expected: tuple[str, ...], tmp_path: Path) -> None:
    if card:
        (tmp_path / "card0").touch()
    assert drivers(environ, headless=False, dri=tmp_path) == expected


def test_headless_needs_no_display() -> None:
    assert drivers({"DISPLAY": ":0"}, headless=True) == ("offscreen", "dummy")


@pytest.mark.parametrize("driver", ["x11", "offscreen", "dummy", "kmsdrm", "wayland"])
def test_sdl_leaves_signals_to_the_show(driver: str) -> None:
    assert hints(driver)["SDL_NO_SIGNAL_HANDLERS"] == "1"


@pytest.mark.parametrize(("outside", "expected"), [(None, "opengles2"), ("software", "software")])
def test_without_a_desktop_the_renderer_needs_no_library_of_one(
    monkeypatch: pytest.MonkeyPatch, outside: str | None, expected: str
) -> None:
    # SDL's own choice, OpenGL, opens without libGL and leaves the panel black (tests/field/vm.py).
    for name in (*hints("kmsdrm"), "SDL_RENDER_DRIVER"):
        monkeypatch.setenv(name, outside or "")
    if outside is None:
        monkeypatch.delenv("SDL_RENDER_DRIVER")
    set_hints("kmsdrm")
    assert os.environ["SDL_RENDER_DRIVER"] == expected


def test_a_driver_tried_before_leaves_no_settings_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SDL_RENDER_DRIVER", "software")
    for name in ("VIDEODRIVER", "FRAMEBUFFER_ACCELERATION", "RENDER_VSYNC", "VIDEO_DOUBLE_BUFFER"):
        monkeypatch.setenv(f"SDL_{name}", "left over")
    set_hints("x11")
    assert os.environ["SDL_FRAMEBUFFER_ACCELERATION"] == "0"
    assert "SDL_RENDER_VSYNC" not in os.environ
    set_hints("kmsdrm")
    assert "SDL_FRAMEBUFFER_ACCELERATION" not in os.environ
    assert (os.environ["SDL_VIDEODRIVER"], os.environ["SDL_RENDER_VSYNC"]) == ("kmsdrm", "1")
