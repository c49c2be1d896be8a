"""A glance sees what is really out: by the surface, by the texture, and by what an X server shows."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cache import SystemClock
from config import Rect, ScreenConfig, Size
from renderer.watchdog import Glance, judge
from renderer.window import Display, Frame, open_display
from renderer.window._gpu import GpuDisplay
from renderer.window._places import Places
from renderer.window._software import SoftwareDisplay
from renderer.window._turn import turned_rect, upright
from tests.renderer.window.xpainter import painter
from tests.renderer.window.xserver import XServer

Opener = Callable[..., Display]
PANEL = Size(64, 40)


@pytest.fixture(params=["software", "gpu"])
def opened(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Opener]:
    monkeypatch.setenv("SDL_RENDER_DRIVER", "software")
    displays: list[Display] = []

    def open_one(**screen: object) -> Display:
        config = ScreenConfig(size=str(PANEL), output=request.param, **screen)  # type: ignore[arg-type]
        displays.append(open_display(config, headless=True, environ={}, clock=SystemClock()))
        return displays[-1]

    yield open_one
    for display in displays:
        display.close()


def confetti(size: Size) -> Frame:
    """Every pixel another colour: a glance at a wrong place, or turned the wrong way, sees it."""
    return Frame.from_bgrx(size, random.Random(7).randbytes(size.pixels * 4))


def verdicts(display: Display, turns: int = 5) -> set[tuple[str, str]]:
    return {(glance.eye, judge(glance)) for turn in range(turns) for glance in display.glance(turn)}


def one_eye(display: Display) -> str:
    return "texture" if isinstance(display, GpuDisplay) else "surface"


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
@pytest.mark.parametrize("brightness", [100, 40, 5])
def test_what_was_presented_is_seen(opened: Opener, rotation: int, brightness: int) -> None:
    display = opened(rotation=rotation, brightness=brightness)
    display.show(confetti(display.size))
    assert verdicts(display) == {(one_eye(display), "good")}
    display.set_brightness(70)
    assert verdicts(display) == {(one_eye(display), "good")}


@pytest.mark.parametrize("rotation", [0, 90])
def test_dirty_parts_are_seen(opened: Opener, rotation: int) -> None:
    display = opened(rotation=rotation)
    frame = confetti(display.size)
    display.show(frame)
    part = Rect(3, 5, 20, 12)
    frame.paste(part, random.Random(8).randbytes(part.size.pixels * 4))
    display.show(frame, (part,))
    assert verdicts(display) == {(one_eye(display), "good")}


def test_a_frame_that_was_painted_and_not_presented_is_missed(opened: Opener) -> None:
    display = opened()
    frame = confetti(display.size)
    display.show(frame)
    frame.paste(Rect(0, 0, PANEL.w, PANEL.h), random.Random(9).randbytes(PANEL.pixels * 4))
    assert verdicts(display) == {(one_eye(display), "wrong")}
    display.show_again()
    assert verdicts(display) == {(one_eye(display), "good")}


def test_a_surface_that_was_emptied_is_seen_and_mended(opened: Opener) -> None:
    display = opened()
    display.show(confetti(display.size))
    empty(display)
    assert verdicts(display) == {(one_eye(display), "empty")}
    display.show_again()
    assert verdicts(display) == {(one_eye(display), "good")}


def empty(display: Display) -> None:
    """As a driver does that has lost what it held."""
    if isinstance(display, SoftwareDisplay):
        display._window.fill("#000000")
    else:
        assert isinstance(display, GpuDisplay)
        display._shown.texture.upload(Frame.filled(display.size, "#000000").surface, Rect(0, 0, PANEL.w, PANEL.h))


def test_a_glance_changes_nothing_on_the_screen(opened: Opener) -> None:
    display = opened(rotation=90, brightness=50)
    display.show(confetti(display.size))
    before = display.capture()
    shown_ns = display.shown_ns
    display.glance(3)
    assert display.capture() == before
    assert display.shown_ns == shown_ns


def test_when_it_was_presented_is_known(opened: Opener) -> None:
    display = opened()
    before = display.shown_ns
    assert display.show(Frame(display.size)) == display.shown_ns > before
    step = display.cross(Frame(display.size), Frame(display.size), "fade").step(0.5)
    assert display.shown_ns == step


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_the_way_back_from_the_panel(rotation: int) -> None:
    logical = Size(7, 5)
    for y in range(logical.h):
        for x in range(logical.w):
            place = turned_rect(Rect(x, y, 1, 1), logical, rotation)
            assert upright(place.x, place.y, logical, rotation) == (x, y)


def test_the_places_lie_on_the_panel_and_come_everywhere() -> None:
    rows: set[int] = set()
    for turn in range(400):
        places = Places.of(Size(200, 100), turn)
        assert len(set(places.rows)) == 8
        assert all(0 <= row < 100 for row in places.rows)
        assert all(0 <= column < 200 for column in places.columns)
        rows |= set(places.rows)
    assert rows == set(range(100))
    assert Places.of(Size(1, 1), 3) == Places((0,) * 8, (0,) * 12)


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[XServer]:
    running = XServer(tmp_path, Size(320, 200))
    monkeypatch.setenv("DISPLAY", running.name)
    monkeypatch.setenv("SDL_RENDER_DRIVER", "software")
    yield running
    running.stop()


@pytest.fixture(params=["software", "gpu"])
def under_x(request: pytest.FixtureRequest, server: XServer) -> Iterator[Display]:
    display = open_display(
        ScreenConfig(rotation=90, brightness=60, output=request.param),
        headless=False,
        environ={"DISPLAY": server.name},
        clock=SystemClock(),
    )
    yield display
    display.close()


def server_sees(display: Display) -> str:
    """Once what was presented is out."""
    while True:
        found = {glance.eye: judge(glance) for glance in display.glance(1)}
        if "server" in found:
            return found["server"]


def test_what_the_x_server_shows(under_x: Display) -> None:
    under_x.show(confetti(under_x.size))
    assert server_sees(under_x) == "good"


def test_another_program_draws_over_it_and_it_is_mended(under_x: Display, server: XServer) -> None:
    under_x.show(confetti(under_x.size))
    with painter(server.name, "paint"):
        pass
    assert server_sees(under_x) == "empty"
    under_x.show_again()
    assert server_sees(under_x) == "good"


def test_another_programs_window_covers_it(under_x: Display, server: XServer) -> None:
    under_x.show(confetti(under_x.size))
    with painter(server.name, "cover") as other:
        assert server_sees(under_x) == "empty"
        under_x.show_again()
        assert server_sees(under_x) == "empty"
        other.kill()


def test_a_window_on_a_larger_desktop_has_no_eye_on_the_server(server: XServer) -> None:
    display = open_display(
        ScreenConfig(size="160x100", output="software"),
        headless=False,
        environ={"DISPLAY": server.name},
        clock=SystemClock(),
    )
    display.show(confetti(display.size))
    assert verdicts(display) == {("surface", "good")}
    display.close()


def test_without_x_there_is_no_such_eye(monkeypatch: pytest.MonkeyPatch) -> None:
    from renderer.window._x11_eye import ServerEye

    monkeypatch.setitem(os.environ, "DISPLAY", ":99999")
    assert ServerEye.open() is None
    assert ServerEye.open("libnone.so") is None


def test_nothing_to_compare_before_the_first_frame(opened: Opener) -> None:
    display = opened()
    glances: tuple[Glance, ...] = display.glance(0)
    assert {judge(glance) for glance in glances} == {"good"}  # the ground
