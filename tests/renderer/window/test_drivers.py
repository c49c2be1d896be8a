"""Which drivers are tried, and with which settings."""

from __future__ import annotations

from pathlib import Path

import pytest

from renderer.window._open import drivers, hints


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


def test_the_plain_frame_buffer_everywhere_but_on_kms() -> None:
    assert hints("x11")["SDL_FRAMEBUFFER_ACCELERATION"] == "0"
    assert "SDL_FRAMEBUFFER_ACCELERATION" not in hints("kmsdrm")
    assert hints("kmsdrm")["SDL_RENDER_VSYNC"] == "1"
    assert hints("kmsdrm")["SDL_NO_SIGNAL_HANDLERS"] == hints("x11")["SDL_NO_SIGNAL_HANDLERS"] == "1"
